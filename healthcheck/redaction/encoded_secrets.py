"""Secrets in base64: key files, credentials in JSON and keys, coded to fit into one variable."""

import binascii
from collections.abc import Iterator, Sequence

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import looks_random
from healthcheck.redaction.rule import RedactionRule

# Whatever gives a secret away stands before that.
_LONGEST = 4000
_PAIR = lazy_pattern(r":?[\w.@-]{1,64}:(?P<password>[^\s:]{6,80})")
_STANDARD = str.maketrans("-_", "+/")
_LAYOUT = str.maketrans("", "", "\t\r\n")


class EncodedSecretRule(RedactionRule):
    """The rule for what is readable once it is decoded, and holds what other rules find."""

    def __init__(self, rules: Sequence[RedactionRule]) -> None:
        super().__init__("encoded-secret", "", r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}")
        self.rules = rules

    def spans(self, text: str, _lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text` holds encoded secrets."""
        for match in self.pattern.finditer(text):
            plain = decoded(match[0][:_LONGEST])
            if plain is not None and self._gives_away(plain):
                yield match.span()

    def _gives_away(self, plain: str) -> bool:
        pair = _PAIR.fullmatch(plain)
        if pair and looks_random(pair["password"], 4):
            return True
        lowered = plain.lower()
        return any(rule.occurs(lowered) and any(rule.spans(plain, lowered)) for rule in self.rules)


def decoded(coded: str) -> str | None:
    """Return the text that base64 stands for; None where it is no text."""
    coded = coded.rstrip("=").translate(_STANDARD)
    try:
        plain = binascii.a2b_base64(coded[: len(coded) // 4 * 4]).decode("ascii")
    except ValueError:
        return None
    # SASL separates user and password by NUL.
    plain = plain.replace("\0", ":")
    return plain if plain.translate(_LAYOUT).isprintable() else None
