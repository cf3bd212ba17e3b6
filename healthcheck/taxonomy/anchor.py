"""Literals that a pattern cannot match without: they let most messages skip it."""

from functools import cache
from itertools import pairwise

_SPECIAL = frozenset(".^$?*+{}")
_REQUIRED = 3  # more of them cost more than they save


def branches(pattern: str) -> list[str]:
    """Split a pattern at its outermost alternatives."""
    return ["".join(parts) for parts in _branches(pattern)]


@cache
def anchors(pattern: str) -> tuple[str, ...]:
    """Return literals of which every match holds at least one; empty when there are none such."""
    found: list[str] = []
    for branch in _branches(pattern):
        best = max(_candidates(branch), key=_selective, default=())
        if not best:
            return ()
        found.extend(best)
    # One literal inside another is found wherever the longer one is.
    short = {one for one in found if not any(two in one and two != one for two in found)}
    return tuple(sorted(short))


def requirements(branch: str) -> tuple[tuple[str, ...], ...]:
    """Return the sets of literals of each of which every match of a branch holds one, best first."""
    found = {
        candidate
        for candidate in _candidates(next(iter(_branches(branch))))
        if min(map(len, candidate)) > 1
    }
    return tuple(sorted(found, key=_selective, reverse=True)[:_REQUIRED])


def _selective(candidate: tuple[str, ...]) -> tuple[int, int]:
    return min(map(len, candidate)), -len(candidate)


def _parts(pattern: str) -> list[str]:
    """Split into escapes, classes, groups (each whole, with its contents) and single characters."""
    parts: list[str] = []
    depth = start = at = 0
    while at < len(pattern):
        begin = at
        if pattern[at] == "\\":
            at += 2
        elif pattern[at] == "[":
            at = pattern.index("]", at + 2) + 1
        elif pattern[at] == "{":
            at = pattern.index("}", at) + 1
        else:
            at += 1
        if pattern[begin] == "(":
            start = begin if depth == 0 else start
            depth += 1
        elif pattern[begin] == ")":
            depth -= 1
            if depth == 0:
                parts.append(pattern[start:at])
        elif depth == 0:
            parts.append(pattern[begin:at])
    return parts


def _branches(pattern: str) -> list[list[str]]:
    branches: list[list[str]] = [[]]
    for part in _parts(pattern):
        if part == "|":
            branches.append([])
        else:
            branches[-1].append(part)
    return branches


def _candidates(branch: list[str]) -> list[tuple[str, ...]]:
    """Return sets of literals, of each of which every match of the branch holds one."""
    candidates: list[tuple[str, ...]] = []
    run = ""
    for part, following in pairwise([*branch, ""]):
        literal = part[1:] if part.startswith("\\") and not part[1:].isalnum() else part
        optional = following[:1] in {"?", "*", "{"}
        if optional or len(literal) != 1 or part in _SPECIAL:
            candidates.append((run,))
            run = ""
            if part.startswith("(?:") and not optional:
                candidates.append(anchors(part[3:-1]))
        else:
            run += literal
    return [candidate for candidate in [*candidates, (run,)] if candidate and all(candidate)]
