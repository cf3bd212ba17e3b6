"""The one counter: what documents count as, whether they come one by one or grouped by a server."""

import heapq
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bson import DatetimeMS

from healthcheck.activity import BASELINE_WINDOWS, OTHER, ModelKey, ResultChecks, Stage
from healthcheck.sources import cleaning
from healthcheck.sources.cleaning import ERROR_TIMES, SPEED, SUCCESS_TIMES, Document, When
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import JUDGED_WINDOWS, Span, from_ms, in_range

BASELINE = range(JUDGED_WINDOWS, JUDGED_WINDOWS + BASELINE_WINDOWS)
_OFF_LENGTH = 0.25
"""A result whose output is further off what was requested measured something else."""


@dataclass(frozen=True, order=True, slots=True)
class Ref:
    """A stored failure that may become a sample; sorts by age, ties by `_id`."""

    at: int
    identity: str
    kept: Any = field(compare=False)
    """What its source keeps of it: what it said, or the `_id` that finds that again."""
    kind: str = field(default="", compare=False)
    stage: Stage = field(default=Stage.OTHER, compare=False)
    """Both only before the windows that are judged: there no cell says them."""


class Key(NamedTuple):
    """What the attempts of one cell share; in the baseline that is the pair alone."""

    window: int
    pair: ModelKey
    hour: int = 0
    kind: str = ""
    stage: Stage = Stage.OTHER


@dataclass(slots=True)
class Count:
    """How many, from when to when, and the newest few failures: a heap, the oldest first."""

    count: int
    first: int
    last: int
    newest: list[Ref] = field(default_factory=list)

    @property
    def totals(self) -> tuple[int, datetime, datetime]:
        """The count and both times."""
        first = from_ms(self.first)
        return self.count, first, first if self.first == self.last else from_ms(self.last)


Counts = dict[Key, Count]
Keep = Callable[[Document], Any]
"""What is kept of a failure that may become a sample."""
BY_ID: Keep = operator.methodcaller("get", "_id")


class _Place(NamedTuple):
    ms: int
    window: int
    hour: int
    when: When


@dataclass(slots=True)
class Counter:
    """Takes the documents of both collections in any order.

    A server may have grouped them by what is counted. Then a document is what a group has in common,
    and the group says the rest: how many (`n`), the `first` and the `last` time, which are right,
    time and `_id` of the `newest` failures, the sum of the `speeds`.
    """

    span: Span
    limits: Limits
    keep: Keep = BY_ID
    errors: Counts = field(default_factory=dict)
    successes: Counts = field(default_factory=dict)
    results: dict[ModelKey, ResultChecks] = field(default_factory=dict)
    speeds: dict[Key, tuple[float, int]] = field(default_factory=dict)
    """Sum and number of the tokens per second, in the windows of the baseline."""
    shifted: list[dict[tuple[str, int], int]] = field(
        default_factory=lambda: [{} for _ in range(JUDGED_WINDOWS)]
    )
    malformed: list[int] = field(default_factory=lambda: [0] * JUDGED_WINDOWS)
    failures: int = 0
    """In both judged windows."""
    undated: int = 0
    folded: int = 0
    _keep: int = field(init=False)
    """So many of the newest failures of a cell are kept."""

    def __post_init__(self) -> None:
        self._keep = max(self.limits.failures_read, self.limits.samples_per_cell)

    def error(self, document: Document, group: Mapping[str, Any] | None = None) -> None:
        """Count a failure, or a group of them."""
        place = self._place(document, ERROR_TIMES, group)
        if place is None:
            return
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        added = _count(place.ms, group)
        if place.window >= JUDGED_WINDOWS:
            _add(self.errors, Key(place.window, pair), added)
            return
        kind, is_junk = cleaning.kind(document.get("error_kind"))
        has_text = type(document.get("message")) is str
        self._note(place, pair, added.count, repaired=renamed or is_junk or not has_text)
        self.failures += added.count
        if self.failures > self.limits.failures_read and self._keep > self.limits.samples_per_cell:
            self._keep = self.limits.samples_per_cell
            for each in self.errors.values():
                each.newest = sorted(heapq.nlargest(self._keep, each.newest))
        stage = cleaning.stage(document.get("stage"))
        held = _add(self.errors, Key(place.window, pair, place.hour, kind, stage), added)
        if group:
            refs = [Ref(int(at), cleaning.order(one), one) for at, one in group["newest"]]
        else:
            identity = cleaning.order(document.get("_id"))
            refs = [Ref(added.last, identity, self.keep(document))]
        for ref in refs:
            _keep(held.newest, ref, self._keep)

    def success(self, document: Document, group: Mapping[str, Any] | None = None) -> None:
        """Count a success, or a group of them."""
        place = self._place(document, SUCCESS_TIMES, group)
        if place is None:
            return
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        added = _count(place.ms, group)
        if place.window < JUDGED_WINDOWS:
            self._note(place, pair, added.count, repaired=renamed)
            _add(self.successes, Key(place.window, pair, place.hour), added)
            if place.window == 0:
                known = self.results.get(pair, ResultChecks())
                self.results[pair] = known + _checks(document, added.count)
            return
        key = Key(place.window, pair)
        _add(self.successes, key, added)
        speed = cleaning.number(document.get(SPEED))
        if speed is not None:
            total, number = self.speeds.get(key, (0.0, 0))
            speeds = group["speeds"] if group else speed
            self.speeds[key] = total + speeds, number + added.count

    def fold(self) -> None:
        """Sum all but the largest pairs up as (other)."""
        attempts: dict[ModelKey, int] = {}
        for key, count in (*self.errors.items(), *self.successes.items()):
            attempts[key.pair] = attempts.get(key.pair, 0) + count.count
        largest = sorted(attempts, key=lambda pair: (-attempts[pair], pair))
        small = set(largest[self.limits.pairs :])
        self.folded = len(small)
        self.results = {pair: found for pair, found in self.results.items() if pair not in small}
        for counts in (self.errors, self.successes):
            for key in [key for key in counts if key.pair in small]:
                count = counts.pop(key)
                into = _add(counts, key._replace(pair=OTHER), count)
                for ref in count.newest if into is not count else ():
                    _keep(into.newest, ref, self._keep)

    def _note(self, place: _Place, pair: ModelKey, number: int, *, repaired: bool) -> None:
        """What was wrong with so many documents of a judged window."""
        if repaired or place.when.repaired:
            self.malformed[place.window] += number
        if place.when.hours:
            shifted, key = self.shifted[place.window], (pair.provider, place.when.hours)
            shifted[key] = shifted.get(key, 0) + number

    def _place(
        self, document: Document, fields: tuple[str, ...], group: Mapping[str, Any] | None
    ) -> _Place | None:
        if group:
            when = When(int(group["first"]), None, repaired=False)
        else:
            when = cleaning.when(document, fields)
            if not takes_part(when, self.span):
                return None
        if when.ms is None:
            self.undated += 1
            return None
        return _Place(when.ms, *self.span.place(when.ms), when)


def takes_part(when: When, span: Span) -> bool:
    """Whether it belongs to one of the windows, or to none for want of any time."""
    if when.stored is not None and when.stored < span.earliest:
        return False  # what the server's range on `_id` leaves out
    return when.ms is None or span.begin <= when.ms < span.until


def _count(ms: int, group: Mapping[str, Any] | None) -> Count:
    return Count(group["n"], ms, int(group["last"])) if group else Count(1, ms, ms)


def _checks(document: Document, number: int) -> ResultChecks:
    """What so many alike results say about themselves."""
    visible, output, requested, speed = (
        cleaning.number(document.get(field)) for field in cleaning.RESULT_FIELDS
    )
    unseen = number if visible == 0 else 0
    if output is None or requested is None or min(output, requested) <= 0:
        return ResultChecks(number, unseen, fastest=speed)
    if abs(output - requested) <= _OFF_LENGTH * requested:
        return ResultChecks(number, unseen, fastest=speed)
    return ResultChecks(number, unseen, number, int(output), int(requested), speed)


def _add(counts: Counts, key: Key, count: Count) -> Count:
    """Add to what is counted under the key."""
    held = counts.get(key)
    if held is None:
        counts[key] = count
        return count
    held.count += count.count
    held.last = max(held.last, count.last)
    held.first = min(held.first, count.first)
    return held


def _keep(newest: list[Ref], one: Ref, number: int) -> None:
    """Add to a bounded heap of the newest; the oldest is its first item."""
    if len(newest) < number:
        heapq.heappush(newest, one)
    elif number:
        heapq.heappushpop(newest, one)


class Newest:
    """The newest few documents of each pair before a time.

    Only dates count here, under the pair's very names: production's indexes serve exactly that, and
    a text or an `_id` as time would need the whole history to be read.
    """

    def __init__(self, before: int, number: int, keep: Keep = BY_ID) -> None:
        self.before = before
        self.number = number
        self.keep = keep
        self._found: dict[ModelKey, list[Ref]] = {}

    def add(self, document: Document, fields: tuple[str, ...]) -> None:
        """Keep it while it is one of the newest of its pair."""
        dates = (document.get(field) for field in fields)
        valid = (at for at in dates if type(at) is DatetimeMS and in_range(int(at)) is not None)
        at = int(next(valid, self.before))
        provider, model = document.get("provider"), document.get("model_name")
        if at >= self.before or type(provider) is not str or type(model) is not str:
            return
        old = Ref(
            at,
            cleaning.order(document.get("_id")),
            self.keep(document),
            cleaning.kind(document.get("error_kind"))[0],
            cleaning.stage(document.get("stage")),
        )
        newest = self._found.setdefault(ModelKey(provider, model), [])
        _keep(newest, old, self.number)

    def after(self, times: Mapping[ModelKey, int]) -> dict[ModelKey, list[Ref]]:
        """Those of each of these pairs that are newer than this, the oldest first."""
        return {
            pair: kept
            for pair, at in sorted(times.items())
            if (kept := sorted(old for old in self._found.get(pair, ()) if old.at > at))
        }

    def last(self, pair: ModelKey) -> int | None:
        """When the newest of a pair was."""
        found = self._found.get(pair)
        return max(found).at if found else None
