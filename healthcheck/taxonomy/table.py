"""The first rule of a table that matches, without trying them all."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from healthcheck.taxonomy.anchor import anchors, branches, requirements
from healthcheck.taxonomy.rule import Rule

_PIECE = 4
_STEP = 2  # every other position is enough for anchors of at least _PIECE + _STEP - 1 characters
_ANYWHERE = "(?:)"
_Branch = tuple[int, tuple[tuple[str, ...], ...], str]


class Table:
    """An ordered table of rules, indexed by pieces of the literals that their patterns need."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Index `rules`, whose order says which one wins."""
        self.rules = tuple(rules)
        self._branches: list[_Branch] = []
        self._always: set[int] = set()
        self._foreign: set[int] = set()
        index: defaultdict[str, set[int]] = defaultdict(set)
        for number, rule in enumerate(self.rules):
            for pattern in branches(rule.pattern):
                needs = anchors(pattern)
                at = len(self._branches)
                self._branches.append((number, requirements(pattern), pattern))
                if needs and not any(map(str.isascii, needs)):
                    self._foreign.add(at)
                    continue
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
        found = set(self._always) if text.isascii() else self._always | self._foreign
        for piece in self._index.keys() & pieces:
            found |= self._index[piece]
        for at in sorted(found):
            number, required, pattern = self._branches[at]
            for literals in required:
                for literal in literals:
                    if literal in text:
                        break
                else:
                    break
            else:
                if holds(pattern, text):
                    return self.rules[number]
        return None

    def matching(self, text: str) -> Iterator[Rule]:
        """Yield every rule that matches the cleaned message, in the order of the table."""
        for rule in self.rules:
            if claims(rule, text):
                yield rule


def claims(rule: Rule, text: str) -> bool:
    """Say whether a rule matches a cleaned message, whatever the other rules say."""
    return any(holds(pattern, text) for pattern in branches(rule.pattern))


def holds(pattern: str, text: str) -> bool:
    """Say whether a branch matches, and not from inside of a word: no "forbidden" in "extra_forbidden".

    A branch that begins with an empty group may start anywhere.
    """
    search = _compiled(pattern).search
    found = search(text)
    while found is not None:
        start = found.start()
        if not start or not (_letter(text[start]) and _letter(text[start - 1])):
            return True
        if pattern.startswith(_ANYWHERE):
            return True
        found = search(text, start + 1)
    return False


def _letter(character: str) -> bool:
    # Only what English words and codes are made of: other scripts put no spaces between words.
    return character.isascii() and (character.isalnum() or character == "_")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Most branches never see a message that holds their literals: compiling waits until then.
    return re.compile(pattern)
