"""Secrets in base64: key files, credentials in JSON and keys, coded to fit into one variable."""

import binascii
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import looks_random
from healthcheck.redaction.rule import RedactionRule

# Whatever gives a secret away stands before that.
_LONGEST = 4000
_HEAD = 16
_PAIR = lazy_pattern(r":?[\w.@-]{1,64}:(?P<password>[^\s:]{6,80})")
_SEAM = "\n\n"
_STANDARD = str.maketrans("-_", "+/")


class EncodedSecretRule(RedactionRule):
    """The rule for what is readable once it is decoded, and holds what other rules find."""

    def __init__(self, rules: Sequence[RedactionRule]) -> None:
        super().__init__("encoded-secret", "", r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}")
        self.rules = rules

    def spans(self, text: str, _lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text` holds encoded secrets; all that it encodes is searched at once."""
        coded: list[tuple[int, int]] = []
        starts: list[int] = []
        pieces: list[str] = []
        length = 0
        for match in self.pattern.finditer(text):
            plain = decoded(match[0][:_LONGEST])
            if plain is None:
                continue
            pair = _PAIR.fullmatch(plain)
            if pair and looks_random(pair["password"], 4):
                yield match.span()
                continue
            coded.append(match.span())
            starts.append(length)
            pieces.append(plain)
            length += len(plain) + len(_SEAM)
        if not coded:
            return
        plain = _SEAM.join(pieces)
        lowered = plain.lower()
        found = {
            bisect_right(starts, start) - 1
            for rule in self.rules
            if rule.occurs(lowered)
            for start, _ in rule.spans(plain, lowered)
        }
        yield from (coded[index] for index in sorted(found))


def decoded(coded: str) -> str | None:
    """Return the text that base64 stands for; None where it is no text."""
    coded = coded.rstrip("=").translate(_STANDARD)
    try:
        if not _is_text(_bytes(coded[:_HEAD])):
            return None
        plain = _bytes(coded[: len(coded) // 4 * 4])
    except (binascii.Error, ValueError):
        return None
    return plain.decode() if _is_text(plain) else None


def _bytes(coded: str) -> bytes:
    # SASL separates user and password by NUL.
    return binascii.a2b_base64(coded).replace(b"\0", b":")


def _is_text(plain: bytes) -> bool:
    return plain.isascii() and plain.translate(None, b"\t\r\n").decode().isprintable()
