"""Secrets in base64: key files, credentials in JSON and keys, coded to fit into one variable."""

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from healthcheck.redaction.plausibility import looks_random
from healthcheck.redaction.rule import RedactionRule

# Whatever gives a secret away stands before that.
_LONGEST = 4000
_HEAD = 16
_PAIR = re.compile(r":?[\w.@-]{1,64}:(?P<password>[^\s:]{6,80})")
_SEAM = "\n\n"
_STANDARD = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class EncodedSecretRule(RedactionRule):
    """The rule for what is readable once it is decoded, and holds what other rules find."""

    id: str = "encoded-secret"
    anchors: tuple[str, ...] = ()
    pattern: str = r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}+={0,2}"
    rules: Sequence[RedactionRule] = ()

    def spans(self, text: str, _lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text` holds encoded secrets; all that it encodes is searched at once."""
        coded: list[tuple[int, int]] = []
        starts: list[int] = []
        pieces: list[str] = []
        length = 0
        for match in re.finditer(self.pattern, text):
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
    return base64.b64decode(coded).replace(b"\0", b":")


def _is_text(plain: bytes) -> bool:
    return plain.isascii() and plain.translate(None, b"\t\r\n").decode().isprintable()
