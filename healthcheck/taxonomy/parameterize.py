"""One key for all messages that differ only in ids, numbers, times and names."""

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.taxonomy.evidence import clip
from healthcheck.taxonomy.model_names import written

# A word with a digit in it, and what it goes on with: an id, a time, an address, an amount.
_VARIES = lazy_pattern(r"(?<![\w-])(?:[^\W\d]|-)*+\d[\w-]*+(?:[.,:+]\d[\w-]*+)*+")
_TRACEBACK = "Traceback (most recent call last)"


def parameterize(message: object, *, model: object = None) -> str:
    """Return what the message has in common with others like it; of a traceback, its last line."""
    text = clip(message)
    if _TRACEBACK in text:
        text = next((line for line in reversed(text.splitlines()) if line[:1].strip()), text)
    if isinstance(model, str):
        text = written(model).sub("<model>", text)
    return " ".join(_VARIES.sub("#", text).split())
