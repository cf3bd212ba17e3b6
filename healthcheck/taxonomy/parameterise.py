"""One pattern for all messages that differ only in ids, numbers, times and names."""

import re
from functools import lru_cache

from healthcheck.taxonomy.evidence import clip
from healthcheck.taxonomy.mention import spellings

MAX = 400
_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_PREFIXED = (
    r"(?:req|request|org|user|proj|chatcmpl|gen|msg|cmpl|resp|call|run|key|acct|team|err|sess"
    r"|trace)"
)
_STEPS = (
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(rf"\b{_DATE}(?:[T ]{_CLOCK})?(?:Z|[+-]\d\d:?\d\d)?\b"), "<time>"),
    (
        re.compile(rf"\b(?:[A-Z][a-z]{{2}}, )?\d{{1,2}} {_MONTH} \d{{4}}(?: {_CLOCK})?(?: GMT)?\b"),
        "<time>",
    ),
    (re.compile(rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b"), "<time>"),
    (re.compile(r"\b\d{1,2}(?::\d\d)? ?(?:am|pm|AM|PM)\b"), "<time>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "<id>"),
    (re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])"), "<ip>"),
    (re.compile(rf"(?<![A-Za-z0-9<]){_CLOCK}(?![\w:])"), "<time>"),
    (re.compile(rf"\b{_PREFIXED}[_-](?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{{6,}}+"), "<id>"),
    (re.compile(r"(?<![A-Za-z0-9_])[0-9a-fA-F]{12,}+(?![A-Za-z0-9_])"), "<id>"),
    (
        re.compile(
            r"(?<![A-Za-z0-9_<-])(?=[A-Za-z_-]{0,40}\d)(?=\d{0,40}[A-Za-z_-])[A-Za-z0-9_-]{16,}+"
        ),
        "<id>",
    ),
    (re.compile(r"(?<![\w.])(?:\d+(?:\.\d+)?(?:ms|µs|us|ns|h|m|s))+(?!\w)"), "<n>"),
)
# The first alternative finds the places where a number is an HTTP status and has to stay.
_NUMBER = re.compile(
    r"((?:code|status|http|error|exception|failed)['\"]?\s?(?:is|was|of|code|with)?"
    r"[\s:=#(\[\"'-]{0,4}|^\W{0,4}|: |[(\[])([1-5]\d\d)(?!\w|[.,]?\d)"
    r"(?! (?:tokens|requests|characters|bytes|seconds|ms)\b)(?=\W{0,3}[A-Za-z{]|\W{0,4}$|\W{0,2}\s)"
    r"|(?<![A-Za-z_<0-9])\d+(?:[.,]\d+)*(?![A-Za-z_]{0,8}>)",
    re.IGNORECASE,
)


def parameterise(message: object, *, model: object = None) -> str:
    """Return the message's pattern: placeholders for what varies, HTTP statuses in their place."""
    text = " ".join(clip(message).split())
    if isinstance(model, str):
        folded = text.lower().replace("%3a", ":").replace("%2f", "/")
        for name in spellings(model):
            if name in folded:  # most messages name no model: looking is cheaper than compiling
                text = _spelled(name).sub("<model>", text)
    for pattern, placeholder in _STEPS:
        text = pattern.sub(placeholder, text)
    text = _NUMBER.sub(lambda found: found[0] if found[2] else "<n>", text)
    return text if len(text) <= MAX else text[: MAX - 1] + "…"


@lru_cache(maxsize=512)
def _spelled(name: str) -> re.Pattern[str]:
    escaped = re.escape(name).replace(":", "(?::|%3A)").replace("/", "(?:/|%2F)")
    return re.compile(
        rf"(?<![\w.-]){escaped}(?:[-@]\d{{4}}-?\d\d-?\d\d)?(?!\w|[-.:@]\w)", re.IGNORECASE
    )
