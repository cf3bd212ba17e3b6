"""When several pairs are in the same trouble at the same time."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from healthcheck.activity import Pair, Window
from healthcheck.diagnosis.record import Record, Stretch
from healthcheck.diagnosis.thresholds import EPISODE_GAP, ONSET_REACH
from healthcheck.taxonomy import ErrorKind


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a pair suffered from one cause with no success between; [begin, end)."""

    pair: Pair
    begin: datetime
    end: datetime
    last: datetime
    count: int


@dataclass(frozen=True)
class Troubles:
    """The troubles of some pairs from one cause; a pair is in one of them at a time."""

    found: Sequence[Trouble]

    def hit_at(self, moment: datetime) -> int:
        """How many pairs were in trouble at a moment."""
        return bisect_right(self._begins, moment) - bisect_right(self._ends, moment)

    @cached_property
    def _begins(self) -> list[datetime]:
        return sorted(trouble.begin for trouble in self.found)

    @cached_property
    def _ends(self) -> list[datetime]:
        return sorted(trouble.end for trouble in self.found)

    def together(self, need: int) -> list[tuple[datetime, datetime]]:
        """The spans of time in which at least `need` pairs were in trouble."""
        steps = sorted([(moment, 1) for moment in self._begins] + [(m, -1) for m in self._ends])
        spans: list[tuple[datetime, datetime]] = []
        hit, begun = 0, None
        for moment, step in steps:
            hit += step
            if hit >= need and begun is None:
                begun = moment
            elif hit < need and begun is not None:
                if begun < moment:
                    spans.append((begun, moment))
                begun = None
        return _joined(spans)

    def peak(self, begin: datetime, end: datetime) -> datetime:
        """The latest moment of a span at which most pairs were hit."""
        low, high = bisect_right(self._begins, begin), bisect_right(self._begins, end)
        moments = [begin, *(m for m in self._begins[low:high] if m < end)]
        return max(moments, key=lambda moment: (self.hit_at(moment), moment))


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which enough pairs were in trouble together.

    `since`: the first failure; `widespread`: when enough were hit; `until`: None while it lasts;
    `peak`: a moment at which most were hit. `pairs`: those that it hit; `at_once`: those of them that
    it hit at its beginning; `chronic`: those that had the trouble long before, alone. `open`: those that are still in it.
    """

    since: datetime
    widespread: datetime
    until: datetime | None
    peak: datetime
    pairs: frozenset[Pair]
    at_once: frozenset[Pair]
    open: frozenset[Pair]
    chronic: frozenset[Pair]
    count: int


def troubles(
    records: Iterable[Record],
    kinds: Collection[ErrorKind],
    window: Window,
) -> Troubles:
    """The stretches of failures, at least half of them of these kinds, as far as they are."""
    found = []
    for record in records:
        for stretch in record.stretches:
            trouble = trouble_of(record, stretch, kinds, window)
            if trouble:
                found.append(trouble)
    return Troubles(found)


def trouble_of(
    record: Record, stretch: Stretch, kinds: Collection[ErrorKind], window: Window
) -> Trouble | None:
    """A stretch as trouble of these kinds; None where it is mostly of others."""
    ours = [failure for failure in stretch.failures if failure.kind in kinds]
    count = sum(failure.count for failure in ours)
    if not count or 2 * count < stretch.count:
        return None
    begin = record.failing_since or min(failure.first for failure in ours)
    return Trouble(record.pair, begin, stretch.end or window.until, ours[-1].last, count)


def episodes(found: Troubles, need: int, window: Window) -> list[Episode]:
    """The times in which `need` pairs or more failed together, with failures in the window."""
    all_of_them = (
        _episode(found, begin, end, window)
        for begin, end in found.together(need)
        if end > window.since
    )
    return [episode for episode in all_of_them if episode is not None]


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in spans:
        if joined and begin - joined[-1][1] < EPISODE_GAP:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def _episode(found: Troubles, begin: datetime, end: datetime, window: Window) -> Episode | None:
    part = [t for t in found.found if t.begin < end and t.end > begin]
    fresh = [t for t in part if t.begin >= begin - ONSET_REACH]
    lasts = end == window.until
    # What was given up before the window lasts without leaving a document in it.
    if not fresh or (not lasts and max(t.last for t in fresh) < window.since):
        return None
    pairs = frozenset(t.pair for t in fresh)
    return Episode(
        since=min(t.begin for t in fresh),
        widespread=begin,
        until=None if lasts else end,
        peak=found.peak(begin, end),
        pairs=pairs,
        at_once=frozenset(t.pair for t in fresh if t.begin <= begin + ONSET_REACH),
        open=frozenset(t.pair for t in fresh if lasts and t.end == window.until),
        chronic=frozenset(t.pair for t in part) - pairs,
        count=sum(t.count for t in fresh),
    )
