"""Whether a message names a model."""

import re
from functools import lru_cache

from healthcheck.lazy_pattern import lazy_pattern

_VERSION = lazy_pattern(r"(?:[-@]\d{4}-?\d\d-?\d\d)?(?:[-@]v\d+)?(?::\d+|:free)?$")
_MIN_BARE = 5  # "o1" without a version would be found in everything


def names_model(message: object, model: object) -> bool:
    """Say whether the message names the model: its id, its last part, or it without a version."""
    if not isinstance(message, str) or not isinstance(model, str):
        return False
    text = message.lower().replace("%3a", ":").replace("%2f", "/").replace("\\/", "/")
    return any(name in text and whole(name).search(text) for name in spellings(model))


def spellings(model: str) -> tuple[str, ...]:
    """Return the ways in which messages write a model id, in lower case, the longest first."""
    full = model.strip().lower()
    last = full.rstrip("/").rsplit("/", 1)[-1]
    bare = _VERSION.sub("", last)
    names = {full, last, bare} if len(bare) >= _MIN_BARE else {full, last}
    return tuple(sorted(names - {""}, key=len, reverse=True))


@lru_cache(maxsize=512)
def whole(name: str) -> re.Pattern[str]:
    """Return what finds a name where it is not part of a longer one; with a date it is the same model."""
    escaped = re.escape(name).replace(":", "(?::|%3A)").replace("/", "(?:/|%2F)")
    pattern = rf"(?<![\w.-]){escaped}(?:[-@]\d{{4}}-?\d\d-?\d\d)?(?!\w|[-.:@]\w)"
    return re.compile(pattern, re.IGNORECASE | re.ASCII)  # Chinese writes no space around it
