"""Shortening: redact first, since half a key is still a secret."""

from healthcheck.redaction.engine import MARKER, redact

ELLIPSIS = "…"
_DELIMITERS = " \t\r\n\f\v,;\"'<>{}()[]|"


def excerpt(text: str, limit: int, *, was_cut: bool = False) -> str:
    """Return the text redacted and at most `limit` characters long.

    With `was_cut` the text had lost its end before it came here: what was cut in two is dropped.
    """
    if not was_cut:
        return shortened(redact(text), limit)
    kept = redact(without_last_token(text)).rstrip()
    return shortened(f"{kept} {ELLIPSIS}".lstrip(), limit)


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of a redacted text, markers whole or not at all."""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    end = limit - len(ELLIPSIS)
    for match in MARKER.finditer(text, max(0, end - 80)):
        if match.start() < end < match.end():
            end = match.start()
    return text[:end] + ELLIPSIS


def without_last_token(text: str) -> str:
    """Return the text without what stands behind its last delimiter.

    An address goes as a whole: its password may hold anything, and half of it looks like a port.
    """
    word = max(text.rfind(space) for space in " \t\r\n") + 1
    address = text.find("://", word)
    end = address if address >= 0 else len(text)
    return text[: max(word, *(text.rfind(mark, word, end) + 1 for mark in _DELIMITERS))]
