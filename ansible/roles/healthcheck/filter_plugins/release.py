"""How the folder of a release is named."""

import itertools
from collections.abc import Iterable


def release_name(content: str, whole: Iterable[str], in_use: Iterable[str]) -> str:
    """The whole release of that content, the first one; else a name for a new one.

    One that runs and is damaged, or was changed by hand, is not touched before another can take its
    place: the new one gets a number behind its name.
    """
    there = next((name for name in whole if name.partition("-")[0] == content), None)
    numbered = (f"{content}-{number}" for number in itertools.count(2))
    taken = set(in_use)
    return there or next(name for name in itertools.chain([content], numbered) if name not in taken)


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {"release_name": release_name}
