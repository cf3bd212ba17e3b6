"""Regular expressions that are compiled at their first use: most runs and texts need few of them."""

import re
from typing import Any, cast


class _LazyPattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._source), name)  # re itself remembers what it compiled
        setattr(self, name, found)  # so that it is found without coming here again
        return found


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like `re.compile(source, flags)`."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
