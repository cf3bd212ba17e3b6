"""The one counter: what documents count as, whether they come one by one or grouped by a server."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from operator import itemgetter
from statistics import median
from typing import Any

from healthcheck.activity import (
    Activity,
    AttemptCounts,
    ErrorBucket,
    ModelActivity,
    ModelKey,
    ResultChecks,
    Sample,
    Stage,
    SuccessBucket,
    WindowActivity,
    most,
)
from healthcheck.sources import cleaning, times
from healthcheck.sources.catalog import Catalog
from healthcheck.sources.cleaning import ERROR_TIMES, SPEED, SUCCESS_TIMES, Document, Fields
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import JUDGED_WINDOWS, WINDOWS, Span, from_ms, to_ms

_OFF_LENGTH = 0.25
"""A result whose output is further off what was requested measured something else."""
_KEPT = ("_id", "message", "http_status", "error_kind", "stage")


@dataclass(order=True, slots=True)
class KeptDocument:
    """What is kept of a document that may be shown; sorts by age, ties by `_id`."""

    at: int
    order: str
    document: Document = field(compare=False)

    @classmethod
    def of(cls, document: Document, at: int, longest: int) -> "KeptDocument":
        """What a document says that was at this time.

        Of the message, a character more than is shown where it goes on.
        """
        kept = {name: document.get(name) for name in _KEPT}
        kept["message"] = cleaning.words(kept["message"], longest + 1)
        return cls(at, repr(kept["_id"]), kept)

    def sample(self, longest: int) -> Sample:
        """What is shown of it."""
        message, status = self.document["message"], self.document["http_status"]
        is_cut = len(message) > longest
        return Sample(from_ms(self.at), message[:longest], is_cut, cleaning.http_status(status))


@dataclass(slots=True)
class Bucket:
    """How many, from when to when, and the failures of it that are shown."""

    count: int
    first: int
    last: int
    newest: list[KeptDocument] = field(default_factory=list)

    @property
    def totals(self) -> tuple[int, datetime, datetime]:
        """The count and both times."""
        return self.count, from_ms(self.first), from_ms(self.last)

    def failures(self, key: tuple[int, str, Stage], longest: int) -> ErrorBucket:
        """As a report reads failures of this hour, stored kind and stage."""
        hour, kind, stage = key
        samples = tuple(one.sample(longest) for one in sorted(self.newest, reverse=True))
        return ErrorBucket(hour, kind or None, stage, *self.totals, samples)


@dataclass(slots=True)
class ModelCounts:
    """What a model did in a window, by the hour; the failures of an hour by stored kind and stage."""

    errors: dict[tuple[int, str, Stage], Bucket] = field(default_factory=dict)
    successes: dict[int, Bucket] = field(default_factory=dict)
    odd: ResultChecks = field(default_factory=ResultChecks)
    fastest: float | None = None
    """In the newest window."""
    speeds: float = 0.0
    measured: int = 0
    """Tokens per second of so many successes, added up; in the baseline."""

    @property
    def totals(self) -> AttemptCounts:
        """All of it."""
        failed, done = self.errors.values(), self.successes.values()
        errors, successes = (sum(one.count for one in its) for its in (failed, done))
        last_error, last_success = (
            max((from_ms(one.last) for one in its), default=None) for its in (failed, done)
        )
        return AttemptCounts(errors, successes, last_error, last_success)

    def activity(self, longest: int) -> ModelActivity:
        """The same as a report reads it."""
        failed = (one.failures(key, longest) for key, one in sorted(self.errors.items()))
        done = (SuccessBucket(hour, *one.totals) for hour, one in sorted(self.successes.items()))
        return ModelActivity(tuple(failed), tuple(done))


Group = Mapping[str, Any]
"""What a server says of alike documents: `n`, `first`, `last`, the `newest`, sum of the `speeds`."""


@dataclass(slots=True)
class AttemptCounter:
    """Takes the documents of both collections in any order, single ones and groups of alike ones."""

    span: Span
    limits: Limits
    windows: list[dict[ModelKey, ModelCounts]] = field(
        default_factory=lambda: [defaultdict(ModelCounts) for _ in range(WINDOWS)]
    )
    shifted: dict[tuple[str, int], Bucket] = field(default_factory=dict)
    """Documents of the newest window by provider and hours."""
    malformed: int = 0
    """Documents of the newest window, or without any time."""
    failures: int = 0
    """In both judged windows."""

    def error(self, document: Document, group: Group | None = None) -> None:
        """Count a failure, or a group; then the document has the `_id` of the newest."""
        kind, is_junk = cleaning.kind(document.get("error_kind"))
        is_repaired = is_junk or (not group and type(document.get("message")) is not str)
        placed = self._placed(document, ERROR_TIMES, group, is_repaired)
        if placed is None:
            return
        window, hour, done, counts = placed
        key = (hour, kind, cleaning.stage(document.get("stage")))
        newest = _add(done.errors, key, counts).newest
        if window < JUDGED_WINDOWS:
            self.failures += counts.count
            newest.append(KeptDocument.of(document, counts.last, self.longest))
            if self.is_sampled:
                newest[:] = [max(newest)]

    def success(self, document: Document, group: Group | None = None) -> None:
        """Count a success, or a group; then the document has the highest speed of it."""
        placed = self._placed(document, SUCCESS_TIMES, group)
        if placed is None:
            return
        window, hour, done, counts = placed
        _add(done.successes, hour, counts)
        speed = cleaning.number(document.get(SPEED))
        if window == 0:
            done.fastest = most(done.fastest, speed)
            if odd := _odd(document, counts.count):
                done.odd += odd
        elif window >= JUDGED_WINDOWS:
            # a decimal is no number in Python
            done.speeds += float(str(group["speeds"])) if group else speed or 0
            done.measured += group["measured"] if group else speed is not None

    @property
    def is_sampled(self) -> bool:
        """Whether there are too many failures to show each."""
        return self.failures > self.limits.failures_read

    @property
    def longest(self) -> int:
        """How much of each message is shown."""
        longest = self.limits.message_characters
        return min(longest, self.limits.fewest_characters) if self.is_sampled else longest

    def close(self) -> list[KeptDocument]:
        """Choose the failures that are shown, where not all are: of each bucket at most the newest.

        In each window the newest, those first that have no newer one of their model, kind and stage.
        """
        shown = list[KeptDocument]()
        for window in self.windows[:JUDGED_WINDOWS] if self.is_sampled else ():
            ranked = list[tuple[int, int, str, KeptDocument, Bucket]]()
            for done in window.values():
                newer = Counter[Any]()
                for (_, *alike), bucket in sorted(done.errors.items(), key=itemgetter(0)):
                    kept, bucket.newest = max(bucket.newest), []
                    newer[*alike] += 1
                    ranked.append((newer[*alike], -kept.at, kept.order, kept, bucket))
            ranked.sort(key=itemgetter(0, 1, 2))
            for *_, kept, bucket in ranked[: self.limits.samples_per_window]:
                bucket.newest = [kept]
                shown.append(kept)
        return shown

    def _placed(
        self, document: Document, fields: Fields, group: Group | None, is_repaired: bool = False
    ) -> tuple[int, int, ModelCounts, Bucket] | None:
        """In which window and hour it counts, of which model, and as what; None outside of all."""
        hours = 0
        if group:
            counts = Bucket(group["n"], int(group["first"]), int(group["last"]))
        else:
            when = cleaning.when(document, fields)
            if not takes_part(when, self.span):
                return None
            ms, _, is_moved, hours = when
            if ms is None:
                self.malformed += 1
                return None
            counts, is_repaired = Bucket(1, ms, ms), is_repaired or is_moved
        window, hour = self.span.place(counts.first)
        model, is_renamed = cleaning.model(document, self.limits.name_characters)
        if window == 0:
            if is_repaired or is_renamed:
                self.malformed += counts.count
            if hours:
                _add(self.shifted, (model.provider, hours), Bucket(1, counts.first, counts.last))
        return window, hour, self.windows[window][model], counts


def takes_part(when: cleaning.When, span: Span) -> bool:
    """Whether it belongs to one of the windows, or to none for want of any time."""
    ms, stored, *_ = when
    is_recent = stored is None or stored >= span.earliest  # as the server's range on `_id`
    return is_recent and (ms is None or span.begin <= ms < span.until)


def _odd(document: Document, number: int) -> ResultChecks | None:
    """What so many alike results say about themselves that cannot be."""
    visible, *lengths = map(cleaning.number, map(document.get, cleaning.RESULT_FIELDS))
    output, requested = (length or 0 for length in lengths)
    unseen = number if visible == 0 else 0
    if min(output, requested) > 0 and abs(output - requested) > _OFF_LENGTH * requested:
        return ResultChecks(unseen, number, int(output), int(requested))
    return ResultChecks(unseen) if unseen else None


def _add(buckets: dict[Any, Bucket], key: Any, counts: Bucket) -> Bucket:
    """Add to what is counted under the key."""
    bucket = buckets.setdefault(key, counts)
    if bucket is not counts:
        bucket.count += counts.count
        bucket.first = min(bucket.first, counts.first)
        bucket.last = max(bucket.last, counts.last)
    return bucket


Latest = dict[ModelKey, list[KeptDocument]]
"""Of each model the newest few, the oldest of them first."""


@dataclass(slots=True)
class LatestPerModel:
    """The newest few documents of each model before a time.

    Only dates count here, under the model's very names: production's indexes serve exactly that,
    and a text or an `_id` as time would need the whole history to be read.
    """

    times: Fields
    before: int
    number: int
    longest: int
    """So much is kept of each message."""
    found: Latest = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Keep it while it is one of the newest of its model."""
        dates = map(cleaning.date, map(document.get, self.times))
        at = next((date for date in dates if date is not None), None)
        provider, model = document.get("provider"), document.get("model_name")
        if at is not None and at < self.before and type(provider) is str and type(model) is str:
            newest = self.found.setdefault(ModelKey(provider, model), [])
            heapq.heappush(newest, KeptDocument.of(document, at, self.longest))
            if len(newest) > self.number:
                heapq.heappop(newest)

    def after(self, times: Mapping[ModelKey, int]) -> Latest:
        """Those of each of these models that are newer than this, the oldest first."""
        return {
            model: kept
            for model, at in sorted(times.items())
            if (kept := sorted(one for one in self.found.get(model, ()) if one.at > at))
        }


Lookup = Callable[[Mapping[ModelKey, int]], Latest | None]
"""What is newer than these times."""


def assemble(
    counter: AttemptCounter, catalog: Catalog | None, last_successes: Lookup, last_failures: Lookup
) -> Activity:
    """Everything that a report is made from, in the order that `activity` promises.

    `last_successes` finds the newest of each model before all windows, or None where that would cost
    the whole history; `last_failures` the newest few before the judged windows.
    """
    baseline = _baseline(counter)
    no_success, no_attempt = _idle(counter, catalog)
    recent = {
        model: to_ms(newest)
        for model, windows in baseline.items()
        if (newest := sum(windows, AttemptCounts()).last_success)
    }
    asked = dict.fromkeys({*no_success, *(no_attempt - recent.keys())}, times.EARLIEST_MS)
    before = last_successes(asked)
    old = {model: kept[-1].at for model, kept in (before or {}).items()}
    after = {m: recent.get(m, old.get(m, times.EARLIEST_MS)) for m in no_attempt}
    failures = last_failures(after) or {}
    last_success = {m: from_ms(old[m]) for m in no_success if m in old}
    longest, span = counter.longest, counter.span
    current, previous = (_pairs(one, longest) for one in counter.windows[:JUDGED_WINDOWS])
    shifted = {key: one.totals[:2] for key, one in sorted(counter.shifted.items())}
    return Activity(
        current=WindowActivity(span.lookback.current, current, counter.malformed, shifted),
        previous=WindowActivity(span.lookback.previous, previous),
        baseline=baseline,
        last_success=None if before is None else last_success,
        last_failures={
            model: _past(found, span.until, longest) for model, found in failures.items()
        },
        results=_results(counter),
        catalog=catalog,
    )


def _idle(counter: AttemptCounter, catalog: Catalog | None) -> tuple[set[ModelKey], set[ModelKey]]:
    """The models, judged or enabled, without a success, and those that run without an attempt yesterday."""
    enabled = {model for model, entry in (catalog or {}).items() if entry.enabled}
    running = {model for model, entry in (catalog or {}).items() if entry.runs}
    windows, judged = counter.windows, counter.windows[:JUDGED_WINDOWS]
    failed = {model for window in judged for model, done in window.items() if done.errors}
    succeeded = {model for window in windows for model, done in window.items() if done.successes}
    return (failed | enabled) - succeeded, running - counter.windows[1].keys()


def _past(failures: Sequence[KeptDocument], until: int, longest: int) -> ErrorBucket:
    """Failures before the judged windows, as the newest of them was."""
    last = failures[-1]
    kind, _ = cleaning.kind(last.document["error_kind"])
    key = (until - 1 - last.at) // times.HOUR_MS, kind, cleaning.stage(last.document["stage"])
    return Bucket(len(failures), failures[0].at, last.at, [last]).failures(key, longest)


def _pairs(window: Mapping[ModelKey, ModelCounts], longest: int) -> dict[ModelKey, ModelActivity]:
    return {model: done.activity(longest) for model, done in sorted(window.items())}


def _results(counter: AttemptCounter) -> dict[ModelKey, ResultChecks]:
    """With the usual speed of each model."""
    found: dict[ModelKey, ResultChecks] = {}
    for model, done in sorted(counter.windows[0].items()):
        if done.successes:
            past = [window[model] for window in counter.windows if model in window]
            averages = [one.speeds / one.measured for one in past if one.measured]
            # sums of floats depend on their order in their last digits
            usual = float(f"{median(averages):.6g}") if averages else None
            found[model] = done.odd + ResultChecks(fastest=done.fastest, usual_speed=usual)
    return found


def _baseline(counter: AttemptCounter) -> dict[ModelKey, tuple[AttemptCounts, ...]]:
    windows, nothing = counter.windows[JUDGED_WINDOWS:], ModelCounts()
    return {
        model: tuple(window.get(model, nothing).totals for window in windows)
        for model in sorted(set(chain(*windows)))
    }
