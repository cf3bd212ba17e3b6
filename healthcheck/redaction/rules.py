"""All rules, the most telling first: where two meet, the first one names what was found."""

from healthcheck.redaction.addresses import ADDRESS_RULES
from healthcheck.redaction.blocks import BLOCK_RULES
from healthcheck.redaction.command_lines import COMMAND_LINE_RULES
from healthcheck.redaction.encoded_secrets import ENCODED_SECRET_RULES
from healthcheck.redaction.foreign_labels import FOREIGN_LABEL_RULES
from healthcheck.redaction.headers import HEADER_RULES
from healthcheck.redaction.key_collections import KEY_COLLECTION_RULES
from healthcheck.redaction.named_values import NAMED_VALUE_RULES
from healthcheck.redaction.placed_values import PLACED_VALUE_RULES
from healthcheck.redaction.prose import PROSE_RULES
from healthcheck.redaction.provider_keys import PROVIDER_KEY_RULES
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.service_keys import SERVICE_KEY_RULES

RULES: tuple[RedactionRule, ...] = (
    *BLOCK_RULES,
    *ENCODED_SECRET_RULES,
    *PROVIDER_KEY_RULES,
    *SERVICE_KEY_RULES,
    *HEADER_RULES,
    *ADDRESS_RULES,
    *NAMED_VALUE_RULES,
    *KEY_COLLECTION_RULES,
    *FOREIGN_LABEL_RULES,
    *COMMAND_LINE_RULES,
    *PLACED_VALUE_RULES,
    *PROSE_RULES,
)
