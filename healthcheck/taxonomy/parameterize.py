"""Whether a message names a model, and what it says but for names, ids, numbers and times."""

import re
from functools import lru_cache

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.taxonomy.evidence import clip

_VERSION = lazy_pattern(r"(?:[-@]\d{4}-?\d\d-?\d\d)?(?:[-@]v\d+)?(?::\d+|:free)?$")
_MIN_BARE = 5  # "o1" without a version would be found in everything
# A word with a digit in it, and what it goes on with: an id, a time, an address, an amount.
_VARIES = lazy_pattern(r"(?<![\w-])(?:[^\W\d]|-)*+\d[\w-]*+(?:[.,:+]\d[\w-]*+)*+")
_TRACEBACK = "Traceback (most recent call last)"


def parameterize(message: str, *, model: str = "") -> str:
    """Return what the message has in common with others like it; of a traceback, its last line."""
    text = clip(message)
    if _TRACEBACK in text:
        text = next((line for line in reversed(text.splitlines()) if line[:1].strip()), text)
    if names_model(text, model):
        text = written(model).sub("<model>", text)
    return " ".join(_VARIES.sub("#", text).split())


def names_model(message: str, model: str) -> bool:
    """Say whether the message names the model: its id, its last part, or it without a version."""
    _, _, bare = _names(model)
    # Every way to write the model has this in it: compiling waits until a text has it.
    may_name = bare.partition(":")[0] in message.lower()
    return may_name and written(model).search(message) is not None


def _names(model: str) -> tuple[str, str, str]:
    """Return the id, its last part, and that without a version."""
    full = model.strip().lower()
    last = full.rstrip("/").rsplit("/", 1)[-1]
    return full, last, _VERSION.sub("", last)


@lru_cache(maxsize=512)
def written(model: str) -> re.Pattern[str]:
    """Return what finds a model as messages write it, not in a longer name; with a date it is the same model."""
    full, last, bare = _names(model)
    names = {full, last, bare} if len(bare) >= _MIN_BARE else {full, last}
    ways = "|".join(map(re.escape, sorted(names - {""}, key=len, reverse=True)))
    ways = ways.replace(":", "(?::|%3A)").replace("/", r"(?:\\?/|%2F)") or "(?!)"
    dated = r"(?:[-@]\d{4}-?\d\d-?\d\d)?"
    pattern = rf"(?:(?<![\w.-])|(?<=%2F))(?:{ways}){dated}(?!\w|(?:[-.:@]|%3A)\w)"
    return re.compile(pattern, re.IGNORECASE | re.ASCII)  # Chinese writes no space around it
