"""Secrets in base64: key files, credentials in JSON and keys, coded to fit into one variable."""

import binascii
import re
from collections.abc import Sequence

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import looks_random
from healthcheck.redaction.rule import RedactionRule

# Whatever gives a secret away stands before that.
_LONGEST = 4000
_PAIR = lazy_pattern(r":?[\w.@-]{1,64}:(?P<password>[^\s:]{6,80})")
_STANDARD = str.maketrans("-_", "+/")
_LAYOUT = str.maketrans("", "", "\t\r\n")


def encoded_secret_rule(rules: Sequence[RedactionRule]) -> RedactionRule:
    """Return the rule for what is readable once it is decoded, and holds what other rules find."""

    def gives_away(match: re.Match[str]) -> bool:
        plain = decoded(match[0][:_LONGEST])
        if plain is None:
            return False
        pair, lowered = _PAIR.fullmatch(plain), plain.lower()
        return (pair is not None and looks_random(pair["password"], 4)) or any(
            rule.occurs(lowered) and any(rule.spans(plain, lowered)) for rule in rules
        )

    pattern = r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}"
    return RedactionRule("encoded-secret", "", pattern, gives_away, anywhere=True)


def decoded(coded: str) -> str | None:
    """Return the text that base64 stands for; None where it is no text."""
    coded = coded.rstrip("=").translate(_STANDARD)
    try:
        plain = binascii.a2b_base64(coded[: len(coded) // 4 * 4]).decode("latin-1")
    except ValueError:
        return None
    # SASL separates user and password by NUL.
    plain = plain.replace("\0", ":")
    return plain if plain.isascii() and plain.translate(_LAYOUT).isprintable() else None
