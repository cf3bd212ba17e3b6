"""When several pairs are in the same trouble at the same time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from healthcheck.activity import Pair, Window
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.thresholds import EPISODE_GAP, ONSET_REACH
from healthcheck.taxonomy import ErrorKind


@dataclass(frozen=True, slots=True)
class Trouble:
    """A stretch of failures of one pair, mostly of kinds that have one cause; [begin, end)."""

    pair: Pair
    begin: datetime
    end: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which enough pairs were in trouble together.

    `since`: the first failure; `widespread`: when enough were hit; `until`: None while it lasts;
    `peak`: a moment at which most were hit.
    """

    since: datetime
    widespread: datetime
    until: datetime | None
    peak: datetime
    pairs: frozenset[Pair]
    count: int


def troubles(
    records: Iterable[Record], kinds: Collection[ErrorKind], window: Window
) -> list[Trouble]:
    """The stretches of failures, at least half of them of these kinds."""
    found = []
    for record in records:
        for stretch in record.stretches:
            count = sum(stretch.of(kind) for kind in kinds)
            if count and 2 * count >= stretch.count:
                end = stretch.end or window.until
                found.append(Trouble(record.pair, stretch.begin, end, count))
    return found


def episodes(found: Sequence[Trouble], need: int, window: Window) -> list[Episode]:
    """The times that reach into the window in which `need` pairs or more were in trouble together."""
    spans: list[tuple[datetime, datetime]] = []
    moments = sorted({moment for trouble in found for moment in (trouble.begin, trouble.end)})
    for begin, end in pairwise(moments):
        if len(hit_at(found, begin)) < need:
            continue
        if spans and begin - spans[-1][1] < EPISODE_GAP:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return [_episode(found, *span, window) for span in spans if span[1] > window.since]


def hit_at(found: Iterable[Trouble], moment: datetime) -> frozenset[Pair]:
    """The pairs that were in trouble at a moment."""
    return frozenset(t.pair for t in found if t.begin <= moment < t.end)


def _episode(found: Sequence[Trouble], begin: datetime, end: datetime, window: Window) -> Episode:
    part = [t for t in found if t.begin < end and t.end > begin]
    starts = [t.begin for t in part if begin <= t.begin]
    return Episode(
        # A pair that has been failing alone for longer does not date the episode back.
        since=min(t.begin for t in part if t.begin >= begin - ONSET_REACH),
        widespread=begin,
        until=None if end == window.until else end,
        peak=max([begin, *starts], key=lambda moment: (len(hit_at(part, moment)), moment)),
        pairs=frozenset(t.pair for t in part),
        count=sum(t.count for t in part),
    )
