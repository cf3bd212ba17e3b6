"""The one place where text from the store becomes text of the report: redacted and safe to print."""

import re
from itertools import pairwise

from healthcheck.redaction import excerpt, redact
from healthcheck.redaction.excerpt import ELLIPSIS, shortened
from healthcheck.taxonomy import ErrorKind, classify

MESSAGE_CHARACTERS = 500
"""Enough for the sentence that matters; a provider's HTML page is not."""

_BREAK = re.compile(r"[.:;!?)}\]>](?: +|(?=['\"{\[(<]))|[\n|] *")
"""Never within the marker of what was redacted."""
_PAGE = re.compile(r"<(?:html|!doctype)\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"<!--.{0,2000}?-->|<(style|script)\b.{0,8000}?</\1>|</?[a-z!][^<>]{0,500}>",
    re.IGNORECASE | re.DOTALL,
)
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


def sanitized_message(
    text: str, *, cut: bool, limit: int = MESSAGE_CHARACTERS, kind: ErrorKind | None = None
) -> str:
    """An error message: redacted first, then shortened to where it states its kind, then printable."""
    whole = excerpt(text, len(text) + limit, was_cut=cut)
    if _PAGE.search(whole):
        whole = _MARKUP.sub(" ", whole)
    return printable(shortened(telling(whole, limit, kind), limit))


def telling(text: str, limit: int, kind: ErrorKind | None) -> str:
    """The text without what stands before the words that state its kind, where these come too late."""
    begins = [found.end() for found in _BREAK.finditer(text)]
    if kind is None or len(text) <= limit or _states(text[:limit], kind):
        return text
    pieces = pairwise([*begins, len(text)])
    begin = next((begin for begin, end in pieces if _states(text[begin:end], kind)), 0)
    return f"{ELLIPSIS}{text[begin:]}" if begin else text


def _states(text: str, kind: ErrorKind) -> bool:
    """Whether the words alone are of that kind, and say more than that a connection failed."""
    verdict = classify(text)
    return verdict.kind is kind and verdict.rule != "connection-failed"


def printable(text: str) -> str:
    """The text on one line; what would hide, reorder or break it becomes U+FFFD."""
    return _HIDDEN.sub("\ufffd", _SPACES.sub(" ", text)).strip()
