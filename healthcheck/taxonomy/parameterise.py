"""One pattern for all messages that differ only in ids, numbers, times and names."""

import re

from healthcheck.taxonomy.evidence import clip

MAX = 400
_STEPS = (
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.I), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b"), "<time>"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d(?: GMT)?"), "<time>"),
    (re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}(?:, \d{4})?\b"), "<time>"),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?\b"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.I), "<id>"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b"), "<ip>"),
    (re.compile(r"\b(?:req|org|user|proj|chatcmpl|gen|msg|cmpl|resp|call|run|key|acct|team)[_-][A-Za-z0-9_-]{6,}"), "<id>"),
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9_])(?=[A-Za-z_-]*\d)(?=[0-9]*[A-Za-z_-])[A-Za-z0-9_-]{16,}(?![A-Za-z0-9_])")
_HEX = re.compile(r"(?<![A-Za-z0-9_])[0-9a-fA-F]{12,}(?![A-Za-z0-9_])")
_DURATION = re.compile(r"(?<![\w.])(?:\d+(?:\.\d+)?(?:ms|h|m|s))+(?![\w])")
_STATUS = re.compile(
    r"(?i)((?:\bcode|status|http|error|exception)['\"]?\s?(?:is|was|of|code)?[\s:=#(\['\"-]{0,4}|^\W{0,4})"
    r"([1-5]\d\d)\b(?![.,]?\d)"
)
_NUMBER = re.compile(r"(?<![A-Za-z_<\ue000-\ue005])\d+(?:[.,]\d+)*(?![A-Za-z_]*>)")
_KEEP = str.maketrans("0123456789", "".join(chr(0xE000 + digit) for digit in range(10)))
_BACK = str.maketrans("".join(chr(0xE000 + digit) for digit in range(10)), "0123456789")


def parameterise(message: object, *, model: object = None) -> str:
    """Return the message's pattern: placeholders for what varies, HTTP statuses in their place."""
    text = " ".join(clip(message).split())
    if isinstance(model, str) and model.strip():
        text = _without_model(text, model.strip())
    for pattern, placeholder in _STEPS:
        text = pattern.sub(placeholder, text)
    text = _HEX.sub("<id>", text)
    text = _TOKEN.sub("<id>", text)
    text = _DURATION.sub("<n>", text)
    text = _STATUS.sub(lambda found: found[1] + found[2].translate(_KEEP), text)
    text = _NUMBER.sub("<n>", text).translate(_BACK)
    return text if len(text) <= MAX else text[: MAX - 1] + "…"


def _without_model(text: str, model: str) -> str:
    for name in dict.fromkeys((model, model.rsplit("/", 1)[-1])):
        if name:
            text = re.sub(
                rf"(?<![\w.-]){re.escape(name)}(?![\w]|[-.:][\w])", "<model>", text, flags=re.IGNORECASE
            )
    return text
