"""One pattern for all messages that differ only in ids, numbers, times and names."""

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.taxonomy.evidence import clip
from healthcheck.taxonomy.http_status import statuses
from healthcheck.taxonomy.model_names import written

MAX = 400
_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
_WEEKDAY = r"(?:[A-Z][a-z]{2}, )"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_PREFIXED = "(?:req|org|user|proj|chatcmpl|gen|msg|cmpl|resp|call|run|key|acct|err|sess|trace)"
# Each pattern and its placeholder.
_STEPS = [
    (lazy_pattern(source), placeholder)
    for source, placeholder in (
        (r"/(?<![\w./]/)(?:tmp|var/tmp|var/folders)/[^\s'\":,;)\]]+", "<id>"),
        (r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b", "<id>"),
        (rf"\b{_DATE}(?:[T ]{_CLOCK})?(?:Z|[+-]\d\d:?\d\d)?\b", "<time>"),
        (rf"\b{_WEEKDAY}?\d{{1,2}} {_MONTH} \d{{4}}(?: {_CLOCK})?(?: GMT)?\b", "<time>"),
        (rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b", "<time>"),
        (r"\b\d{1,2}(?::\d\d)? ?(?:am|pm|AM|PM)\b", "<time>"),
        (r"\b0x[0-9a-fA-F]+\b", "<id>"),
        (r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])", "<ip>"),
        (rf"(?<![A-Za-z0-9<]){_CLOCK}(?![\w:])", "<time>"),
        (rf"\b{_PREFIXED}[_-](?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{{6,}}+", "<id>"),
        (r"(?<![A-Za-z0-9_])[0-9a-fA-F]{12,}+(?![A-Za-z0-9_])", "<id>"),
        (r"(?<![A-Za-z0-9_<-])(?=[A-Za-z_-]{0,40}\d)(?a:[\w-]{16,}+)", "<id>"),
        (r"(?<![\w.])(?:\d+(?:\.\d+)?(?:ms|µs|us|ns|h|m|s))+(?!\w)", "<n>"),
    )
]
_NUMBER = lazy_pattern(r"\d(?<![A-Za-z_<0-9]\d)\d*(?:[.,]\d+)*")
_PLAIN = str.maketrans('"\\', "' ")
_TRACEBACK = "Traceback (most recent call last)"
# A line of a traceback or of advice, a bracket, a single word: nothing of what went wrong.
_MEANINGLESS = lazy_pattern(
    r"File ['\"]|During handling of|The above exception|For (?:further|more) information"
    r"|Received Model Group|Available Model Group|</?\w[^>]*>\s*$|\W*(?:\w+\W*)?$"
)


def parameterize(message: object, *, model: object = None) -> str:
    """Return the message's pattern: placeholders for what varies, HTTP statuses in their place.

    A traceback, and whatever is longer than a pattern may be, begins with its last meaningful line.
    """
    text = clip(message)
    if _TRACEBACK in text:
        text = _from_last_line(text)
    pattern = _pattern(text, model)
    if len(pattern) > MAX and not pattern.lstrip("'\" ").startswith("<"):
        pattern = _pattern(_from_last_line(text), model)
    return pattern if len(pattern) <= MAX else f"{pattern[: MAX // 2]}…{pattern[1 - MAX // 2 :]}"


def _pattern(text: str, model: object) -> str:
    text = " ".join(text.split())
    if isinstance(model, str):
        text = written(model).sub("<model>", text)
    for pattern, placeholder in _STEPS:
        text = pattern.sub(placeholder, text)
    stated = statuses(text.replace("\u0130", "i").lower().translate(_PLAIN))
    return _NUMBER.sub(lambda found: found[0] if found.start() in stated else "<n>", text)


def _from_last_line(text: str) -> str:
    """Return the text from the last line on that is not indented and says something."""
    lines = text.strip().splitlines()
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number]
        if not line[:1].isspace() and not _MEANINGLESS.match(line):
            return "\n".join(lines[number:])
    return text
