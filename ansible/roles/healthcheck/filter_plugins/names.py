"""Find names that nobody knows: what a slip of the keyboard sets would pass in silence."""

from collections.abc import Iterable
from difflib import get_close_matches


def unknown_names(names: Iterable[object], known: Iterable[str]) -> list[str]:
    """Return those that are not known, each with the one that may be meant."""
    there = list(known)
    return [_told(name, there) for name in sorted(map(str, names)) if name not in there]


def _told(name: str, known: list[str]) -> str:
    by_letters = {each.lower(): each for each in sorted(known, key=str.isupper)}
    near = get_close_matches(name.lower(), by_letters, n=1)
    return f"{name} (is {by_letters[near[0]]} meant?)" if near else name


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {"unknown_names": unknown_names}
