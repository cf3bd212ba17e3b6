"""All rules, the most telling first: where two meet, the first one names what was found."""

from healthcheck.redaction.addresses import ADDRESS_RULES
from healthcheck.redaction.drawn_strings import DRAWN_STRING_RULES
from healthcheck.redaction.encoded_secrets import EncodedSecretRule
from healthcheck.redaction.headers import HEADER_RULES
from healthcheck.redaction.key_formats import BLOCK_RULES, KEY_FORMAT_RULES
from healthcheck.redaction.named_values import NAMED_VALUE_RULES
from healthcheck.redaction.positional_secrets import POSITIONAL_SECRET_RULES
from healthcheck.redaction.prose import PROSE_RULES
from healthcheck.redaction.tables import TABLE_RULES

_PLAIN = (
    *KEY_FORMAT_RULES,
    *HEADER_RULES,
    *ADDRESS_RULES,
    *NAMED_VALUE_RULES,
    *POSITIONAL_SECRET_RULES,
    *PROSE_RULES,
    *TABLE_RULES,
    *DRAWN_STRING_RULES,
)

RULES = (*BLOCK_RULES, EncodedSecretRule((*BLOCK_RULES, *_PLAIN[:-1])), *_PLAIN)
