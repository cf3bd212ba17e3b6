"""What a redaction rule is, and the one shape of what it leaves behind."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import is_no_secret

Accepts = Callable[[re.Match[str]], bool]


@dataclass(eq=False)
class RedactionRule:
    """One kind of secret, and how to find it.

    The secret is every group of the pattern whose name starts with "secret" and that is not plainly none, or
    the whole match where there is no such group. `anchors` are lower-case literals, divided by bars: a match begins at one of them, or
    anywhere with `anywhere`, where an anchor only has to be there. `accepts` has the last word.
    A rule that `yields` stands back from what another one has found.
    """

    id: str
    anchors: str
    source: str
    accepts: Accepts | None = None
    anywhere: bool = False
    yields: bool = False

    def __post_init__(self) -> None:
        self._literals = tuple(filter(None, self.anchors.split("|")))
        self.pattern = lazy_pattern(self.source)

    def occurs(self, lowered: str) -> bool:
        """Tell whether one of the anchors is there."""
        return not self._literals or any(map(lowered.__contains__, self._literals))

    def spans(self, text: str, lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text`, in which an anchor occurs, holds secrets; `lowered` is as long."""
        if self.anywhere:
            for match in self.pattern.finditer(text):
                yield from self._secrets(match)
            return
        done = 0
        for place in sorted(chain.from_iterable(places(each, lowered) for each in self._literals)):
            if place >= done and (found := self.pattern.match(text, place)):
                for start, end in self._secrets(found):
                    yield start, end
                    done = end

    def _secrets(self, match: re.Match[str]) -> Iterator[tuple[int, int]]:
        if self.accepts is None or self.accepts(match):
            names = [name for name in match.re.groupindex if name.startswith("secret")]
            for name in names:
                if match[name] and not is_no_secret(match[name]):
                    yield match.span(name)
            if not names:
                yield match.span()


def marker(rule_id: str) -> str:
    """Return the text that stands in the place of a secret of this kind."""
    return f"[redacted:{rule_id}]"


def places(literal: str, text: str) -> Iterator[int]:
    """Yield where a literal stands in a text."""
    place = text.find(literal)
    while place >= 0:
        yield place
        place = text.find(literal, place + 1)
