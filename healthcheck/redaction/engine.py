"""Applying the rules: find in every view of the text, join what overlaps, mark it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from healthcheck.redaction.rule import RedactionRule, marker
from healthcheck.redaction.rules import RULES
from healthcheck.redaction.views import View, views

UNREADABLE = "unreadable-text"
"""Stands for a whole text that does not come to rest: such a text was built to confuse."""

MARKER = re.compile(
    r"\[redacted:(?:"
    + "|".join(re.escape(i) for i in (UNREADABLE, *(r.id for r in RULES)))
    + r")\]"
)

_PASSES = 12
_DISTINCT = 12
"""Shorter values may be words, which stand elsewhere for themselves."""
_REPEATED = 50
_START = 3
"""So many characters of an anchor tell most rules apart."""

Span = tuple[int, int, int]
"""Start, end, and the rank of the rule that found it."""


def redact(text: str) -> str:
    """Return the text with a marker in the place of every secret."""
    return redact_with(RULES, text)


def redact_with(rules: Sequence[RedactionRule], text: str) -> str:
    """Return the text with a marker in the place of everything that these rules find."""
    starts = _STARTS if rules is RULES else _starts_of(rules)
    for _ in range(_PASSES):
        spans = _outside_markers(text, _joined(_spans(rules, starts, text)))
        if not spans:
            return text
        text = _marked(rules, text, spans)
    return marker(UNREADABLE)


class _Starts(NamedTuple):
    """Which rules have an anchor that begins so."""

    long: dict[tuple[str, ...], set[int]]
    short: dict[str, set[int]]


def _starts_of(rules: Sequence[RedactionRule]) -> _Starts:
    starts = _Starts({}, {})
    for rank, rule in enumerate(rules):
        for anchor in rule.anchors:
            if len(anchor) < _START:
                starts.short.setdefault(anchor, set()).add(rank)
            else:
                starts.long.setdefault(tuple(anchor[:_START]), set()).add(rank)
    return starts


_STARTS = _starts_of(RULES)


def _possible(starts: _Starts, lowered: str) -> list[int]:
    # One walk over the text for all anchors together: there are hundreds, and few are there.
    threes = set(zip(lowered, lowered[1:], lowered[2:], strict=False))
    ranks = {rank for three in starts.long.keys() & threes for rank in starts.long[three]}
    return sorted(ranks.union(*(r for anchor, r in starts.short.items() if anchor in lowered)))


def _spans(rules: Sequence[RedactionRule], starts: _Starts, text: str) -> list[Span]:
    found: list[Span] = []
    later: list[tuple[int, View, str]] = []
    for view in views(text):
        lowered = _lowered(view.text)
        for rank in _possible(starts, lowered):
            rule = rules[rank]
            if not rule.may_match(lowered):
                continue
            if rule.yields:
                later.append((rank, view, lowered))
                continue
            for start, end in rule.spans(view.text, lowered):
                found.append((*view.locate(start, end), rank))
    for rank, view, lowered in later:
        taken = _joined(found)
        for start, end in rules[rank].spans(view.text, lowered):
            outer = view.locate(start, end)
            if not _touches(taken, *outer):
                found.append((*outer, rank))
    return found + _again(text, found)


def _lowered(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # A few letters become longer: they stay as they are, so that places remain the same.
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _again(text: str, found: list[Span]) -> list[Span]:
    # What was told to be a secret once is one everywhere, also where nothing around it says so.
    values = {text[start:end]: rank for start, end, rank in found if end - start >= _DISTINCT}
    again: list[Span] = []
    for value, rank in list(values.items())[:_REPEATED]:
        start = text.find(value)
        while start >= 0:
            again.append((start, start + len(value), rank))
            start = text.find(value, start + len(value))
    return again


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end, rank in sorted(spans):
        if joined and start < joined[-1][1]:
            last = joined[-1]
            joined[-1] = (last[0], max(last[1], end), min(last[2], rank))
        else:
            joined.append((start, end, rank))
    return joined


def _touches(taken: list[Span], start: int, end: int) -> bool:
    index = bisect_left(taken, (end,)) - 1
    return index >= 0 and taken[index][1] > start


def _outside_markers(text: str, spans: list[Span]) -> list[Span]:
    if not spans or "[redacted:" not in text:
        return spans
    markers = [match.span() for match in MARKER.finditer(text)]
    outside: list[Span] = []
    index = 0
    for start, end, rank in spans:
        while index < len(markers) and markers[index][1] <= start:
            index += 1
        here = index
        position = start
        while here < len(markers) and markers[here][0] < end:
            outside.append((position, markers[here][0], rank))
            position = markers[here][1]
            here += 1
        outside.append((position, end, rank))
    return [s for s in outside if s[0] < s[1] and any(c.isalnum() for c in text[s[0] : s[1]])]


def _marked(rules: Sequence[RedactionRule], text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, rank in spans:
        pieces += (text[done:start], rules[rank].marker)
        done = end
    pieces.append(text[done:])
    return "".join(pieces)
