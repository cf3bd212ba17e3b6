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
    return written(model).search(message) is not None


@lru_cache(maxsize=512)
def written(model: str) -> re.Pattern[str]:
    """Return what finds a model as messages write it, not in a longer name; with a date it is the same model."""
    full = model.strip().lower()
    last = full.rstrip("/").rsplit("/", 1)[-1]
    bare = _VERSION.sub("", last)
    names = {full, last, bare} if len(bare) >= _MIN_BARE else {full, last}
    ways = "|".join(map(re.escape, sorted(names - {""}, key=len, reverse=True)))
    ways = ways.replace(":", "(?::|%3A)").replace("/", r"(?:\\?/|%2F)") or "(?!)"
    dated = r"(?:[-@]\d{4}-?\d\d-?\d\d)?"
    pattern = rf"(?:(?<![\w.-])|(?<=%2F))(?:{ways}){dated}(?!\w|(?:[-.:@]|%3A)\w)"
    return re.compile(pattern, re.IGNORECASE | re.ASCII)  # Chinese writes no space around it
