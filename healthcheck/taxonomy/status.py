"""HTTP statuses: where they stand in a message, and what one says by itself."""

import re

from healthcheck.taxonomy.kinds import ErrorKind

_SAYS = {
    401: ErrorKind.AUTH,
    402: ErrorKind.BILLING,
    403: ErrorKind.AUTH,
    404: ErrorKind.HARD_MODEL,
    405: ErrorKind.HARD_CAPABILITY,
    407: ErrorKind.AUTH,
    408: ErrorKind.TIMEOUT,
    410: ErrorKind.HARD_MODEL,
    415: ErrorKind.HARD_CAPABILITY,
    422: ErrorKind.HARD_CAPABILITY,
    429: ErrorKind.RATE_LIMIT,
    501: ErrorKind.HARD_CAPABILITY,
    504: ErrorKind.TIMEOUT,
    522: ErrorKind.TIMEOUT,
    524: ErrorKind.TIMEOUT,
}
_FIRST, _LAST, _SERVER = 100, 599, 500

_REASONS = (
    "bad request|unauthorized|payment required|forbidden|not found|method not allowed|"
    "request time-?out|conflict|gone|unprocessable|too many|internal server|internal error|"
    "not implemented|bad gateway|service|gateway|client error|server error|status code|"
    "resource_exhausted|resource has been|unavailable|permission_denied|unauthenticated|not_found|"
    "invalid_argument|deadline|internal|upstream|the model|you exceeded|model"
)
_IN_MESSAGE = re.compile(
    r"(?:\bcode|status|\bhttp(?:/[\d.]+)?|error|exception|failed|failure|returned|response|"
    r"[a-z]+exhausted|notfound|forbidden|unavailable|exceeded|denied|argument|unauthenticated)"
    r"['>]?\s?(?:is|was|of|code|with)?[\s:=#(\['-]{0,4}([45]\d\d)"
    r"(?![\w.]*\d|\s?(?:tokens|requests|ms\b|seconds|char|bytes|[kmg]?b\b|per\b|/))\b"
    r"|^\W{0,4}([45]\d\d)(?=[\s:,{<\[)'(.-]|$)"
    rf"|\b([45]\d\d)['\s:,.-]{{1,4}}(?:{_REASONS})"
    r"|[(\[]([45]\d\d)[)\]\s:]"
)


def meaning(status: object) -> ErrorKind | None:
    """Return the kind that an HTTP status gives by itself; None where it tells nothing."""
    if not isinstance(status, int) or isinstance(status, bool) or not _FIRST <= status <= _LAST:
        return None
    if status in _SAYS:
        return _SAYS[status]
    return ErrorKind.TRANSIENT_PROVIDER if status >= _SERVER else None


def told(text: str) -> int | None:
    """Return the status that the cleaned message names: the innermost one that tells something."""
    for found in reversed(_IN_MESSAGE.findall(text)):
        status = int("".join(found))
        if meaning(status) is not None:
            return status
    return None
