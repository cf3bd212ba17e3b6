"""The table: the first rule that matches decides, so the order is part of it."""

from healthcheck.taxonomy.rule import Rule
from healthcheck.taxonomy.rules import (
    abroad,
    auth,
    billing,
    content,
    endpoint,
    model,
    parameter,
    provider,
    rate,
    transport,
    vague,
)

CLEAR: tuple[Rule, ...] = (
    *content.CONTENT,
    *billing.CODES,
    *auth.PLACE,
    *model.UNKNOWN_TO_API,
    *endpoint.ENDPOINT,
    *parameter.DEPRECATED,
    *parameter.UNKNOWN,
    *model.RETIRED,
    *model.MISSING,
    *provider.OVERLOADED,
    *rate.RATE,
    *auth.CREDENTIALS,
    *billing.PHRASES,
    *auth.DENIED,
    *transport.NAMES,
    *model.OFFER,
    *auth.PERMISSION,
    *parameter.PARAMETER,
    *endpoint.MODALITY,
    *transport.NETWORK,
    *transport.TIMEOUT,
    *provider.FAILED,
    *transport.WRAPPED,
    *abroad.ABROAD,
)
VAGUE: tuple[Rule, ...] = (*content.CLIENT, *vague.CLASSES, *vague.REFUSED)
RULES: tuple[Rule, ...] = (*CLEAR, *VAGUE)

__all__ = ["CLEAR", "RULES", "VAGUE", "Rule"]
