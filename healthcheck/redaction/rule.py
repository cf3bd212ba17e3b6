"""What a redaction rule is, and the one shape of what it leaves behind."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from healthcheck.redaction.wraps import continued

BREAK = "\u2016"
"""Stands inside every example, so that no secret scanner takes a made-up key for a live one."""

Accept = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class RedactionRule:
    """One kind of secret: how to find it, and why it is one.

    The secret is every group of `pattern` whose name starts with "secret", or the whole match
    where there is none. `anchors` are lower-case literals: without one of them the pattern
    cannot match, so it is not tried there. `accepts` has the last word on a match.
    """

    id: str
    pattern: re.Pattern[str]
    anchors: tuple[str, ...]
    why: str
    example: str
    accepts: Accept | None = None
    reach: int | None = None
    """How far behind the start of a match its anchor may begin; None where that is not known."""
    gate: re.Pattern[str] | None = None
    """What must stand at an anchor, where that is cheaper to see than a whole match is to try."""
    wraps: bool = False
    """True where the secret may go on behind a line break."""
    yields: bool = False
    """True where the rule stands back from what another one has found."""

    @property
    def marker(self) -> str:
        """What stands in the secret's place."""
        return marker(self.id)

    @property
    def sample(self) -> str:
        """The example as a program would leak it."""
        return self.example.replace(BREAK, "")

    def may_match(self, lowered: str) -> bool:
        """Tell whether one of the anchors is there at all."""
        for anchor in self.anchors:  # noqa: SIM110 - any() of a generator takes twice as long
            if anchor in lowered:
                return True
        return False

    def spans(self, text: str, lowered: str) -> Iterator[tuple[int, int]]:
        """Yield where `text` holds this rule's secrets; `lowered` is as long, and may match."""
        starts = None if self.reach is None else self._starts(text, lowered, self.reach)
        position = 0
        while match := self._next(text, starts, position):
            start, end = match.span()
            found = [match.span(name) for name in match.groupdict() if name.startswith("secret")]
            found = [span for span in found if span[0] < span[1]] or [(start, end)]
            if self.accepts is None or self.accepts(match):
                if self.wraps:
                    found = [(first, continued(text, last)) for first, last in found]
                yield from found
                position = max(end, found[-1][1])
            else:
                # What was refused may hold something else: look again from inside of it.
                position = max(found[0][0], start + 1)

    def _starts(self, text: str, lowered: str, reach: int) -> Iterator[int]:
        done = 0
        for place in sorted(_places(self.anchors, lowered)):
            if self.gate is None or self.gate.match(text, place):
                yield from range(max(done, place - reach), place + 1)
                done = max(done, place + 1)

    def _next(self, text: str, starts: Iterator[int] | None, position: int) -> re.Match[str] | None:
        if starts is None:
            return self.pattern.search(text, position)
        for start in starts:
            if start >= position and (match := self.pattern.match(text, start)):
                return match
        return None


def marker(rule_id: str) -> str:
    """Return the text that stands in the place of a secret of this kind."""
    return f"[redacted:{rule_id}]"


def _places(anchors: tuple[str, ...], lowered: str) -> Iterator[int]:
    for anchor in anchors:
        place = lowered.find(anchor)
        while place >= 0:
            yield place
            place = lowered.find(anchor, place + 1)
