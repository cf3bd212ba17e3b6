"""Regular expressions that are compiled at their first use: most runs and texts need few of them."""

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub")


class _LazyPattern:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._source)
        # Set on the object, they are found without coming here again.
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like `re.compile(source, flags)`."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))
