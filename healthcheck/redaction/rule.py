"""What a redaction rule is, and the one shape of what it leaves behind."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import is_no_secret

Accepts = Callable[[re.Match[str]], bool]


class RedactionRule:
    """One kind of secret, and how to find it.

    The secret is every group of `pattern` whose name starts with "secret" and that is not plainly none, or
    the whole match where there is no such group. `anchors` are lower-case literals, divided by bars: a match begins at one of them, or
    anywhere with `anywhere`, where an anchor only has to be there. `accepts` has the last word.
    A rule that `yields` stands back from what another one has found.
    """

    def __init__(  # noqa: PLR0913 - the columns of a table
        self,
        rule_id: str,
        anchors: str,
        pattern: str,
        accepts: Accepts | None = None,
        *,
        anywhere: bool = False,
        yields: bool = False,
    ) -> None:
        self.id = rule_id
        self.anchors = tuple(filter(None, anchors.split("|")))
        self.pattern = lazy_pattern(pattern)
        self.accepts = accepts
        self.anywhere = anywhere
        self.yields = yields

    def occurs(self, lowered: str) -> bool:
        """Tell whether one of the anchors is there."""
        return not self.anchors or any(map(lowered.__contains__, self.anchors))

    def spans(self, text: str, lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text`, in which an anchor occurs, holds secrets; `lowered` is as long."""
        if self.anywhere:
            for match in self.pattern.finditer(text):
                yield from self._secrets(match)
            return
        done = 0
        for place in sorted(chain.from_iterable(places(each, lowered) for each in self.anchors)):
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
