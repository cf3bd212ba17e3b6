"""One rule of the table, and the literals that let most messages skip its regular expression."""

import re
from dataclasses import dataclass, field

from healthcheck.taxonomy.kinds import ErrorKind

_MIN_ANCHOR = 3
_MAX_ANCHORS = 40


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over the cleaned message (see `evidence`), its kind, and an example that proves it.

    `source` is the public thread or page that the example is from, or "constructed".
    """

    id: str
    kind: ErrorKind
    pattern: str
    why: str
    example: str
    source: str = "constructed"
    retired: bool = False
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)
    anchors: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A frozen dataclass with slots has no other way to fill a derived field.
        object.__setattr__(self, "regex", re.compile(self.pattern))
        object.__setattr__(self, "anchors", anchors(self.pattern))

    def matches(self, text: str) -> bool:
        """Say whether the cleaned message `text` is of this rule."""
        if self.anchors and not any(anchor in text for anchor in self.anchors):
            return False
        return self.regex.search(text) is not None


def anchors(pattern: str) -> tuple[str, ...]:
    """Return literals of which every match holds at least one; empty when there are none such."""
    found: list[str] = []
    for branch in _branches(pattern):
        best = max(_candidates(branch), key=_selective, default=())
        if not best or min(map(len, best)) < _MIN_ANCHOR:
            return ()
        found.extend(best)
    # One literal inside another is found wherever the longer one is.
    short = {one for one in found if not any(two in one and two != one for two in found)}
    return tuple(sorted(short)) if len(short) <= _MAX_ANCHORS else ()


def _selective(candidate: tuple[str, ...]) -> tuple[int, int]:
    return min(map(len, candidate)), -len(candidate)


def _tokens(pattern: str) -> list[str]:
    """Split into escapes, classes, groups (each whole, with its contents) and single characters."""
    tokens: list[str] = []
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
                tokens.append(pattern[start:at])
        elif depth == 0:
            tokens.append(pattern[begin:at])
    return tokens


def _branches(pattern: str) -> list[list[str]]:
    branches: list[list[str]] = [[]]
    for token in _tokens(pattern):
        if token == "|":
            branches.append([])
        else:
            branches[-1].append(token)
    return branches


def _candidates(branch: list[str]) -> list[tuple[str, ...]]:
    """Return sets of literals, of each of which every match of the branch holds one."""
    candidates: list[tuple[str, ...]] = []
    run = ""
    for token, following in zip(branch, [*branch[1:], ""], strict=True):
        literal = token[1:] if token.startswith("\\") and not token[1:].isalnum() else token
        optional = following[:1] in {"?", "*", "{"}
        if optional or len(literal) != 1 or token in {*".^$?*+{}"}:
            candidates.append((run,))
            run = ""
            if token.startswith("(?:") and not optional:
                candidates.append(anchors(token[3:-1]))
        else:
            run += literal
    return [candidate for candidate in [*candidates, (run,)] if candidate and all(candidate)]
