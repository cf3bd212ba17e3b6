"""The one counter: what documents count as, whether they come one by one or grouped by a server."""

import heapq
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from healthcheck.activity import BASELINE_WINDOWS, OTHER, ModelKey, Stage
from healthcheck.sources import cleaning
from healthcheck.sources.cleaning import Document, When
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import HOUR_MS, JUDGED_WINDOWS, Span

BASELINE = range(JUDGED_WINDOWS, JUDGED_WINDOWS + BASELINE_WINDOWS)
OFF_LENGTH = 0.25
"""A result whose output is further off what was requested measured something else."""


class Ref(NamedTuple):
    """A stored failure that may become a sample; sorts by age, ties by `_id`."""

    at: int
    identity: str
    handle: Any
    """By which its source finds it again."""


class Key(NamedTuple):
    """What the attempts of one cell share; in the baseline that is the pair alone."""

    window: int
    pair: ModelKey
    hour: int = 0
    kind: str | None = None
    stage: Stage = Stage.OTHER


@dataclass(slots=True)
class Count:
    """How many, from when to when, and the newest few failures: a heap, the oldest first."""

    count: int
    first: int
    last: int
    newest: list[Ref] = field(default_factory=list)

    def keep(self, ref: Ref, limit: int) -> None:
        """One of the newest so many, if it is."""
        if len(self.newest) < limit:
            heapq.heappush(self.newest, ref)
        elif self.newest and ref > self.newest[0]:
            heapq.heapreplace(self.newest, ref)


@dataclass(slots=True)
class ResultCounts:
    """The checks of the results of a pair in the current window; see `ResultChecks`."""

    results: int = 0
    no_visible_tokens: int = 0
    off_length: int = 0
    off_tokens: int | None = None
    requested: int | None = None
    fastest: float | None = None

    def add(self, document: Document, number: int) -> None:
        """What so many alike results say about themselves."""
        visible, output, requested, speed = (
            cleaning.number(document.get(field)) for field in cleaning.RESULT_FIELDS
        )
        self.results += number
        self.no_visible_tokens += number if visible == 0 else 0
        if speed is not None and (self.fastest is None or speed > self.fastest):
            self.fastest = speed
        if output is None or requested is None or min(output, requested) <= 0:
            return
        if abs(output - requested) > OFF_LENGTH * requested:
            tokens, wanted = int(output), int(requested)
            self.off_length += number
            self.off_tokens = tokens if self.off_tokens is None else min(tokens, self.off_tokens)
            self.requested = wanted if self.requested is None else max(wanted, self.requested)


class _Place(NamedTuple):
    window: int
    hour: int
    repaired: bool
    hours: int
    """By how many the clock was wrong."""


Counts = dict[Key, Count]


@dataclass(slots=True)
class Counter:
    """Takes the documents of both collections, or a server's groups of them, in any order."""

    span: Span
    limits: Limits
    errors: Counts = field(default_factory=dict)
    successes: Counts = field(default_factory=dict)
    results: dict[ModelKey, ResultCounts] = field(default_factory=dict)
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
    _earliest: int = field(init=False)

    def __post_init__(self) -> None:
        self._keep = max(self.limits.failures_read, self.limits.samples_per_cell)
        margin = round(self.limits.skew.total_seconds() * 1000)
        self._earliest = (self.span.begin - margin) // 1000 * 1000

    def error(self, document: Document, handle: Any) -> None:
        """Count a failure; `handle` is how it is found again."""
        time, place = self._found(document, cleaning.ERROR_TIMES)
        if place is not None:
            count = self._error(document, place, Count(1, time, time))
            if place.window < JUDGED_WINDOWS:
                ref = Ref(time, cleaning.order(document.get("_id")), handle)
                count.keep(ref, self._keep)

    def errors_of(self, row: Document) -> None:
        """Count failures that a server has grouped."""
        document = row["_id"]
        if "_id" in document:
            self.error(document, document["_id"])
            return
        place, off = self._of_row(document["at"])
        if place is None:
            return
        first, last = int(row["first"]) - off, int(row["last"]) - off
        count = self._error(document, place, Count(row["n"], first, last))
        if place.window < JUDGED_WINDOWS:
            for one in row["newest"]:
                ref = Ref(int(one["t"]) - off, cleaning.order(one["i"]), one["i"])
                count.keep(ref, self._keep)

    def success(self, document: Document) -> None:
        """Count a success."""
        time, place = self._found(document, cleaning.SUCCESS_TIMES)
        if place is not None:
            speed = cleaning.number(document.get("tokens_per_second"))
            speeds = (0.0, 0) if speed is None else (speed, 1)
            self._success(document, place, Count(1, time, time), speeds)

    def successes_of(self, row: Document) -> None:
        """Count successes that a server has grouped."""
        document = row["_id"]
        if "_id" in document:
            self.success(document)
            return
        place, off = self._of_row(document["at"])
        if place is not None:
            count = Count(row["n"], int(row["first"]) - off, int(row["last"]) - off)
            document |= (document["odd"] or {}) | {"tokens_per_second": row["fastest"]}
            self._success(document, place, count, (row["speeds"], row["n"]))

    def counts(self, document: Document, fields: tuple[str, ...]) -> bool:
        """Whether it belongs to one of the windows, or to none for want of any time."""
        when = cleaning.when(document, fields)
        is_due = when.ms is None or self.span.begin <= when.ms < self.span.until
        return is_due and self._takes_part(when)

    def pairs(self) -> dict[ModelKey, int]:
        """Every pair with its attempts."""
        attempts: dict[ModelKey, int] = {}
        for counts in (self.errors, self.successes):
            for key, count in counts.items():
                attempts[key.pair] = attempts.get(key.pair, 0) + count.count
        return attempts

    def fold(self) -> None:
        """Sum all but the largest pairs up as (other)."""
        attempts = self.pairs()
        self.folded = max(0, len(attempts) - self.limits.pairs)
        if self.folded:
            largest = sorted(attempts, key=lambda pair: (-attempts[pair], pair))
            kept = set(largest[: self.limits.pairs])
            self.errors = self._folded(self.errors, kept)
            self.successes = self._folded(self.successes, kept)
            self.results = {pair: found for pair, found in self.results.items() if pair in kept}

    def _folded(self, counts: Counts, kept: set[ModelKey]) -> Counts:
        folded: Counts = {}
        for key, count in counts.items():
            target = key if key.pair in kept else key._replace(pair=OTHER)
            into = _add(folded, target, Count(count.count, count.first, count.last))
            for ref in count.newest:
                into.keep(ref, self._keep)
        return folded

    def _error(self, document: Document, place: _Place, count: Count) -> Count:
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        if place.window >= JUDGED_WINDOWS:
            return _add(self.errors, Key(place.window, pair), count)
        kind, is_junk = cleaning.kind(document.get("error_kind"))
        is_text = type(document.get("message")) is str
        self._note(place, pair, count.count, repaired=renamed or is_junk or not is_text)
        self.failures += count.count
        if self.failures > self.limits.failures_read and self._keep > self.limits.samples_per_cell:
            self._keep = self.limits.samples_per_cell
            for held in self.errors.values():
                held.newest = sorted(heapq.nlargest(self._keep, held.newest))
        stage = cleaning.stage(document.get("stage"))
        return _add(self.errors, Key(place.window, pair, place.hour, kind, stage), count)

    def _success(
        self, document: Document, place: _Place, count: Count, speeds: tuple[float, int]
    ) -> None:
        pair, renamed = cleaning.pair(document, self.limits.name_characters)
        if place.window >= JUDGED_WINDOWS:
            key = Key(place.window, pair)
            total, number = self.speeds.get(key, (0.0, 0))
            self.speeds[key] = total + speeds[0], number + speeds[1]
        else:
            key = Key(place.window, pair, place.hour)
            self._note(place, pair, count.count, repaired=renamed)
        _add(self.successes, key, count)
        if place.window == 0:
            self.results.setdefault(pair, ResultCounts()).add(document, count.count)

    def _note(self, place: _Place, pair: ModelKey, number: int, *, repaired: bool) -> None:
        """What was wrong with so many documents of a judged window."""
        if repaired or place.repaired:
            self.malformed[place.window] += number
        if place.hours:
            shifted, key = self.shifted[place.window], (pair.provider, place.hours)
            shifted[key] = shifted.get(key, 0) + number

    def _found(self, document: Document, fields: tuple[str, ...]) -> tuple[int, _Place | None]:
        when = cleaning.when(document, fields)
        if not self._takes_part(when):
            return 0, None
        if when.ms is None:
            self.undated += 1
            return 0, None
        if not self.span.begin <= when.ms < self.span.until:
            return 0, None
        return when.ms, _Place(*self.span.place(when.ms), when.repaired, when.hours)

    def _takes_part(self, when: When) -> bool:
        """The server's range on `_id`, said of one document."""
        return when.stored is None or when.stored >= self._earliest

    def _of_row(self, at: Any) -> tuple[_Place | None, int]:
        """Where a group lies, and by how many milliseconds its times are off."""
        hours, back = (at["hours"], at["back"]) if type(at) is dict else (0, at)
        if back is None or back >= self.span.until - self.span.begin:
            return None, 0
        window, within = divmod(int(back), self.span.length)
        return _Place(window, within // HOUR_MS, repaired=False, hours=hours), hours * HOUR_MS


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
