"""An `Activity` from a source: what is asked of it, in which order, and how the answers are laid out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Protocol

from healthcheck.activity import (
    BASELINE_WINDOWS,
    OTHER,
    Activity,
    AttemptCounts,
    CatalogEntry,
    ErrorBucket,
    Lookback,
    ModelActivity,
    ModelKey,
    ResultChecks,
    Sample,
    SuccessBucket,
    WindowActivity,
)
from healthcheck.sources import cleaning
from healthcheck.sources.counting import AttemptCounter, BucketKey, KeptDocument, LatestPerModel
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import EARLIEST_MS, HOUR_MS, JUDGED_WINDOWS, from_ms

Catalog = Mapping[ModelKey, CatalogEntry]
Progress = Callable[[str], None]


def no_progress(_: str) -> None:
    """Report no progress."""


class Source(Protocol):
    """What MongoDB and a snapshot have in common."""

    @property
    def limits(self) -> Limits:
        """How much is read and kept."""

    def catalog(self) -> Catalog | None:
        """What the catalog says; None where there is none."""

    def counted(self) -> AttemptCounter:
        """What the nine windows hold, with the failures that are shown."""

    def last_successes(self, models: Collection[ModelKey]) -> LatestPerModel | None:
        """The newest of each before all windows; None where it would cost the whole history."""

    def last_failures(self, after: Mapping[ModelKey, int]) -> LatestPerModel:
        """The newest few of each before the judged windows, back to these times."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read, and what an export needs beside the nine windows to give the same."""

    activity: Activity
    old_successes: Mapping[ModelKey, int]
    last_failures: Sequence[Any]
    """The `_id` of each."""


def assemble(
    source: Source,
    lookback: Lookback,
    on_progress: Progress = no_progress,
    reaches_back_to: datetime | None = None,
) -> ReadResult:
    """Everything that a report is made from, in the order that `activity` promises."""
    catalog = source.catalog()
    on_progress("counting attempts")
    counter = source.counted()
    on_progress("looking for last successes")
    no_success, no_attempt = _without_success(counter, catalog), _without_attempt(counter, catalog)
    recent = _last_success(counter)
    asked = sorted({*no_success, *(no_attempt - recent.keys())})
    before = source.last_successes(asked)
    old = {model: at for model in asked if before and (at := before.last(model)) is not None}
    succeeded = {**old, **recent}
    after = {model: succeeded.get(model, EARLIEST_MS) for model in no_attempt}
    failures = source.last_failures(after).after(after)
    longest, until = source.limits.characters(counter.failures), counter.span.until
    current, previous = (
        _window(counter, lookback, window, longest) for window in range(JUDGED_WINDOWS)
    )
    activity = Activity(
        current=current,
        previous=previous,
        baseline=_baseline(counter),
        last_success={m: from_ms(old[m]) for m in no_success if m in old} if before else None,
        last_failures={model: _past(found, until, longest) for model, found in failures.items()},
        results=_results(counter),
        catalog=catalog,
        undated=counter.undated,
        folded=counter.folded,
        reaches_back_to=reaches_back_to,
    )
    identities = [one.identity for found in failures.values() for one in found]
    return ReadResult(activity, old, identities)


def _without_success(counter: AttemptCounter, catalog: Catalog | None) -> list[ModelKey]:
    """The models, judged or enabled, that had no success in any of the nine windows.

    Where models were folded, nobody knows of an enabled one whether it was among them.
    """
    asked = {key.model for key in counter.errors if key.window < JUDGED_WINDOWS}
    if not counter.folded:
        asked |= {model for model, entry in (catalog or {}).items() if entry.enabled}
    return sorted(asked - {key.model for key in counter.successes} - {OTHER})


def _without_attempt(counter: AttemptCounter, catalog: Catalog | None) -> set[ModelKey]:
    """The models that run and were not attempted in the previous window; as above where folded."""
    keys = [*counter.errors, *counter.successes]
    running = {model for model, entry in (catalog or {}).items() if entry.runs}
    asked = running - {key.model for key in keys if key.window == 1}
    return asked & {key.model for key in keys} if counter.folded else asked


def _last_success(counter: AttemptCounter) -> dict[ModelKey, int]:
    """Of each model, in the windows of the baseline."""
    newest: dict[ModelKey, int] = {}
    for key, bucket in counter.successes.items():
        if key.window >= JUDGED_WINDOWS:
            newest[key.model] = max(bucket.last, newest.get(key.model, bucket.last))
    return newest


def _past(failures: Sequence[KeptDocument], until: int, longest: int) -> ErrorBucket:
    """Failures before the judged windows, as the newest of them was."""
    last = failures[-1]
    kind, _ = cleaning.kind(last.kind)
    return ErrorBucket(
        hour=(until - 1 - last.at) // HOUR_MS,
        stored_kind=kind or None,
        stage=cleaning.stage(last.stage),
        count=len(failures),
        first=from_ms(failures[0].at),
        last=from_ms(last.at),
        samples=_samples([last], longest),
    )


def _samples(failures: Sequence[KeptDocument], longest: int) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            at=from_ms(failure.at),
            message=cleaning.words(failure.message, longest),
            cut=len(failure.message or "") > longest,
            http_status=cleaning.http_status(failure.http_status),
        )
        for failure in failures
    )


def _window(
    counter: AttemptCounter, lookback: Lookback, window: int, longest: int
) -> WindowActivity:
    errors: dict[ModelKey, list[ErrorBucket]] = defaultdict(list)
    successes: dict[ModelKey, list[SuccessBucket]] = defaultdict(list)
    for key, bucket in sorted(counter.errors.items()):
        if key.window == window:
            samples = _samples(bucket.newest, longest)
            found = ErrorBucket(key.hour, key.kind or None, key.stage, *bucket.totals, samples)
            errors[key.model].append(found)
    for key, bucket in sorted(counter.successes.items()):
        if key.window == window:
            successes[key.model].append(SuccessBucket(key.hour, *bucket.totals))
    return WindowActivity(
        window=lookback.window(window),
        pairs={
            model: ModelActivity(tuple(errors[model]), tuple(successes[model]))
            for model in sorted({*errors, *successes})
        },
        malformed=counter.malformed[window],
        shifted={
            (provider, hours): number
            for (place, provider, hours), number in sorted(counter.shifted.items())
            if place == window
        },
    )


def _results(counter: AttemptCounter) -> dict[ModelKey, ResultChecks]:
    speeds: dict[ModelKey, list[float]] = defaultdict(list)
    for key, (total, number) in counter.speeds.items():
        speeds[key.model].append(total / number)
    # sums of floats depend on their order in their last digits
    usual = {model: float(f"{median(averages):.6g}") for model, averages in speeds.items()}
    return {
        model: found + ResultChecks(usual_speed=usual.get(model))
        for model, found in sorted(counter.results.items())
    }


def _baseline(counter: AttemptCounter) -> dict[ModelKey, tuple[AttemptCounts, ...]]:
    keys = [*counter.errors, *counter.successes]
    past = sorted({key.model for key in keys if key.window >= JUDGED_WINDOWS})
    windows = range(JUDGED_WINDOWS, JUDGED_WINDOWS + BASELINE_WINDOWS)
    return {
        model: tuple(_counts(counter, BucketKey(window, model)) for window in windows)
        for model in past
    }


def _counts(counter: AttemptCounter, key: BucketKey) -> AttemptCounts:
    errors, successes = counter.errors.get(key), counter.successes.get(key)
    return AttemptCounts(
        errors.count if errors else 0,
        successes.count if successes else 0,
        from_ms(errors.last) if errors else None,
        from_ms(successes.last) if successes else None,
    )
