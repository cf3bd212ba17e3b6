"""The rules, in the order in which they are believed: here conflicts between them are settled."""

from healthcheck.taxonomy.rules import (
    answer,
    auth,
    billing,
    fallback,
    model,
    provider,
    rate,
    request,
    transport,
)
from healthcheck.taxonomy.rules.localized import LOCALIZED
from healthcheck.taxonomy.rules.rule import Rule

# What is stated. The first group that matches decides, each before the next for a reason.
PRIMARY: tuple[Rule, ...] = (
    *answer.OUR_SIDE,  # no provider said it
    answer.FILTERED,  # an answer, whatever code comes with it
    answer.BROKEN,  # names fields and parameters
    *request.LENGTH,  # "too many tokens" is no rate where it speaks of one prompt
    *billing.MONEY_SPENT,  # comes with 429 and the words of a rate limit
    transport.WIRE,  # a host's name that is not known is no model that is not known
    auth.PLACE,  # comes with the words of a missing model or of a denial
    model.UNKNOWN_TO_API,  # names the API's methods, too
    *request.ENDPOINT,  # the model is there, elsewhere: comes with 404 and `model_not_found`
    request.PARAMETER_FIRST,  # a parameter is deprecated, not the model
    model.RETIRED,  # says more than "does not exist" and than "access denied"
    model.MISSING,  # "... or you do not have access to it" is a hedge
    provider.NO_ROOM,  # calls itself a rate limit
    rate.RATE,  # sells credits and plans that would raise the limit
    *auth.CREDENTIALS,
    billing.PLAN,
    *LOCALIZED,  # stands inside an English "Forbidden" or "Internal Server Error"
    auth.DENIED,
    model.OFFER,
    *auth.PERMISSION,
    *request.PARAMETER,
    request.MODALITY,
    *transport.NETWORK,  # the root of a deadline that ended its retries
    transport.TIMEOUT,  # the cause of a failed fetch
    provider.FAILED,
    transport.WRAPPED,
)
CLASSES: tuple[Rule, ...] = (*answer.UNREADABLE, *fallback.CLASSES)
FALLBACK: tuple[Rule, ...] = fallback.FALLBACK
RULES: tuple[Rule, ...] = (*PRIMARY, *CLASSES, *FALLBACK)

__all__ = ["CLASSES", "FALLBACK", "PRIMARY", "RULES", "Rule"]
