"""The one place where text from the store becomes text of the report: redacted and safe to print."""

import re

from healthcheck.redaction import excerpt, redact

MESSAGE_CHARACTERS = 500
"""Enough for the sentence that matters; a provider's HTML page is not."""

_SPACES = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_HIDDEN = re.compile(
    "["
    "\u00ad\u061c\u180e"
    "\u200b\u200e\u200f"  # zero width space and direction marks; joiners stay, scripts need them
    "\u202a-\u202e\u2060-\u206f"  # direction embeddings, overrides and isolates
    "\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"  # tags: invisible text
    "\ud800-\udfff"  # lone surrogates: no encoding takes them
    "]"
)


def sanitized(text: str) -> str:
    """Names and sentences: redacted and printable, in full."""
    return printable(redact(text))


def sanitized_message(text: str, *, cut: bool, limit: int = MESSAGE_CHARACTERS) -> str:
    """An error message: redacted first, then shortened, then made printable."""
    return printable(excerpt(text, limit, was_cut=cut))


def printable(text: str) -> str:
    """The text on one line; what would hide, reorder or break it becomes U+FFFD."""
    return _HIDDEN.sub("\ufffd", _SPACES.sub(" ", text)).strip()
