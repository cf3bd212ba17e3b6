"""Whether a message names a model."""

import re
from functools import lru_cache

_VERSION = re.compile(r"(?:[-@]\d{4}-?\d{2}-?\d{2}|[-@]v\d+)?(?::\d+|:free)?$")
_MIN_LOOSE = 5


def names_model(message: object, model: object) -> bool:
    """Say whether the message mentions the model: its id, its last part, or it without a version."""
    if not isinstance(message, str) or not isinstance(model, str) or not model.strip():
        return False
    text = message.lower().replace("%3a", ":").replace("%2f", "/").replace("\\/", "/")
    return any(
        name in text and _whole(name).search(text) is not None for name in _names(model.strip())
    )


def _names(model: str) -> list[str]:
    full = model.lower()
    last = full.rstrip("/").rsplit("/", 1)[-1] or full
    names = [full, last]
    bare = _VERSION.sub("", last)
    if len(bare) >= _MIN_LOOSE:
        names.append(bare)
    return names


@lru_cache(maxsize=512)
def _whole(name: str) -> re.Pattern[str]:
    # A longer id that merely begins like this one is another model, a date or a version is not.
    return re.compile(
        rf"(?<![a-z0-9_.-]){re.escape(name)}"
        r"(?:[-@]\d{4}-?\d\d-?\d\d)?(?![a-z0-9_]|[-.:@][a-z0-9])"
    )
