"""The first rule of a table that matches, without trying them all."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from healthcheck.taxonomy.anchor import anchors, branches
from healthcheck.taxonomy.rule import Rule

_PIECE = 4
_STEP = 2  # every other position is enough for anchors of at least _PIECE + _STEP - 1 characters
_Branch = tuple[int, tuple[str, ...], str]


class Table:
    """An ordered table of rules, indexed by pieces of the literals that their patterns need."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Index `rules`, whose order says which one wins."""
        self.rules = tuple(rules)
        self._branches: list[_Branch] = []
        self._always: set[int] = set()
        index: defaultdict[str, set[int]] = defaultdict(set)
        for number, rule in enumerate(self.rules):
            for pattern in branches(rule.pattern):
                needs = anchors(pattern)
                at = len(self._branches)
                self._branches.append((number, needs, pattern))
                if min(map(len, needs), default=0) < _PIECE + _STEP - 1:
                    self._always.add(at)
                    continue
                for anchor in needs:
                    for offset in range(_STEP):
                        index[anchor[offset : offset + _PIECE]].add(at)
        self._index = dict(index)

    def first(self, text: str) -> Rule | None:
        """Return the first rule that matches the cleaned message."""
        pieces = {text[at : at + _PIECE] for at in range(0, len(text), _STEP)}
        found = set(self._always)
        for piece in self._index.keys() & pieces:
            found |= self._index[piece]
        for at in sorted(found):
            number, needs, pattern = self._branches[at]
            if needs and not any(anchor in text for anchor in needs):
                continue
            if _compiled(pattern).search(text) is not None:
                return self.rules[number]
        return None

    def matching(self, text: str) -> Iterator[Rule]:
        """Yield every rule that matches the cleaned message, in the order of the table."""
        for rule in self.rules:
            if _compiled(rule.pattern).search(text) is not None:
                yield rule


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Most branches never see a message that holds their literals: compiling waits until then.
    return re.compile(pattern)
