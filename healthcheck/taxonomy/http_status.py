"""HTTP statuses: where they stand in a message, and what one says by itself."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.taxonomy.kinds import ErrorKind

_SERVER = 500
# What a status says by itself; 400 and the others say nothing.
KIND_OF_STATUS = {
    **dict.fromkeys(range(_SERVER, 600), ErrorKind.TRANSIENT_PROVIDER),
    **dict.fromkeys((401, 403, 407, 451), ErrorKind.AUTH),
    402: ErrorKind.BILLING,
    **dict.fromkeys((404, 410), ErrorKind.HARD_MODEL),
    **dict.fromkeys((405, 413, 415, 422, 501), ErrorKind.HARD_CAPABILITY),
    **dict.fromkeys((408, 504, 522, 524), ErrorKind.TIMEOUT),
    429: ErrorKind.RATE_LIMIT,
}

_NUMBER = lazy_pattern(
    r"(?<![\w.,/-])(?<!\d:)[45]\d\d(?![\w]|[.,]\d|-\d|/\d)|(?:(?<=http/1\.1' )|(?<=code-))[45]\d\d\b"
)
_BEFORE = lazy_pattern(
    r"(?:\bcode|status|\bhttp(?:/[\d.]+)?|error|exception|failed|failure|returned|response|got|api)"
    r"['>]?,?[\s_]?(?:is|was|of|code|with)?[\s:=#(\['·-]{0,4}$"
    r"|状态码.{0,3}$|(?<!\w)[(\[]$|<(?:title|h1)>$|^\W{0,4}$"
)
_AFTER = lazy_pattern(
    r"['\s:,.-]{1,4}(?:bad request|unauthorized|payment required|forbidden|not found|not allowed"
    r"|request time|unprocessable|too many|internal|not implemented|bad gateway|service|gateway"
    r"|client error|server error|status code|error\b)"
)
# A number that begins a text or a value, and words after it: "endpoint: 429 Provider error".
_BEGINS = lazy_pattern(
    r"(?<!limit)(?<!used)(?<!requested)(?<!max)(?<!tokens)(?<!line)(?<!port)'?: ?'?$"
)
_WORDS = lazy_pattern(r" \(?[a-z]{3}")
_LOOK = 48


def stated_status(text: str) -> int | None:
    """Return the status that the cleaned message names: the innermost one that tells something.

    A gateway's 5xx is the shell of a 4xx, wherever it stands.
    """
    found = [int(each[0]) for each in _NUMBER.finditer(text) if _is_status(text, each)]
    stated = [one for one in reversed(found) if one in KIND_OF_STATUS]
    return next((one for one in stated if one < _SERVER), next(iter(stated), None))


def _is_status(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _LOOK) : found.start()]
    return bool(
        _BEFORE.search(before)
        or _AFTER.match(text, found.end())
        or (_BEGINS.search(before) and _WORDS.match(text, found.end()))
    )
