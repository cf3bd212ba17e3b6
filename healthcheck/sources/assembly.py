"""An `Activity` from a source: what is asked of it, in which order, and how the answers are laid out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain
from statistics import median
from typing import Protocol

from healthcheck.activity import (
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
from healthcheck.sources.counting import (
    AttemptCounter,
    Bucket,
    KeptDocument,
    LatestPerModel,
    ModelCounts,
)
from healthcheck.sources.times import EARLIEST_MS, HOUR_MS, JUDGED_WINDOWS, from_ms

Catalog = Mapping[ModelKey, CatalogEntry]
Progress = Callable[[str], None]


def no_progress(_: str) -> None:
    """Report no progress."""


class Source(Protocol):
    """What MongoDB and a snapshot have in common."""

    def catalog(self) -> Catalog | None:
        """What the catalog says; None where there is none."""

    def counted(self) -> AttemptCounter:
        """What the nine windows hold, with the failures that are shown."""

    def last_successes(self, models: Collection[ModelKey]) -> LatestPerModel | None:
        """The newest of each before all windows; None where it would cost the whole history."""

    def last_failures(self, after: Mapping[ModelKey, int]) -> LatestPerModel:
        """The newest few of each before the judged windows, back to these times."""


def assemble(source: Source, lookback: Lookback, on_progress: Progress = no_progress) -> Activity:
    """Everything that a report is made from, in the order that `activity` promises."""
    catalog = source.catalog()
    on_progress("counting attempts")
    counter = source.counted()
    on_progress("looking for last successes")
    no_success, no_attempt = _silent(counter, catalog)
    recent = _last_success(counter)
    asked = sorted({*no_success, *(no_attempt - recent.keys())})
    before = source.last_successes(asked)
    old = {model: at for model in asked if before and (at := before.last(model)) is not None}
    succeeded = {**old, **recent}
    after = {model: succeeded.get(model, EARLIEST_MS) for model in no_attempt}
    failures = source.last_failures(after).after(after)
    longest, until = counter.limits.characters(counter.failures), counter.span.until
    current, previous = (_pairs(one, longest) for one in counter.windows[:JUDGED_WINDOWS])
    shifted = dict(sorted(counter.shifted.items()))
    return Activity(
        current=WindowActivity(lookback.current, current, counter.malformed, shifted),
        previous=WindowActivity(lookback.previous, previous),
        baseline=_baseline(counter),
        last_success={m: from_ms(old[m]) for m in no_success if m in old} if before else None,
        last_failures={model: _past(found, until, longest) for model, found in failures.items()},
        results=_results(counter),
        catalog=catalog,
    )


def _silent(
    counter: AttemptCounter, catalog: Catalog | None
) -> tuple[set[ModelKey], set[ModelKey]]:
    """The models, judged or enabled, without a success, and those that run without an attempt yesterday."""
    enabled = {model for model, entry in (catalog or {}).items() if entry.enabled}
    running = {model for model, entry in (catalog or {}).items() if entry.runs}
    judged = chain.from_iterable(one.items() for one in counter.windows[:JUDGED_WINDOWS])
    failed = {model for model, done in judged if done.errors}
    every = chain.from_iterable(one.items() for one in counter.windows)
    succeeded = {model for model, done in every if done.successes}
    return (failed | enabled) - succeeded, running - counter.windows[1].keys()


def _last_success(counter: AttemptCounter) -> dict[ModelKey, int]:
    """Of each model, in the windows of the baseline."""
    newest: dict[ModelKey, int] = {}
    for window in counter.windows[JUDGED_WINDOWS:]:
        for model, done in window.items():
            if done.successes:
                newest.setdefault(model, max(one.last for one in done.successes.values()))
    return newest


def _past(failures: Sequence[KeptDocument], until: int, longest: int) -> ErrorBucket:
    """Failures before the judged windows, as the newest of them was."""
    last = failures[-1]
    kind, _ = cleaning.kind(last.document["error_kind"])
    return ErrorBucket(
        (until - 1 - last.at) // HOUR_MS,
        kind or None,
        cleaning.stage(last.document["stage"]),
        *Bucket(len(failures), failures[0].at, last.at).totals,
        _samples([last], longest),
    )


def _samples(failures: Sequence[KeptDocument], longest: int) -> tuple[Sample, ...]:
    return tuple(
        Sample(
            at=from_ms(failure.at),
            message=cleaning.words(failure.document["message"], longest),
            cut=len(failure.document["message"] or "") > longest,
            http_status=cleaning.http_status(failure.document["http_status"]),
        )
        for failure in failures
    )


def _pairs(window: Mapping[ModelKey, ModelCounts], longest: int) -> dict[ModelKey, ModelActivity]:
    return {
        model: ModelActivity(
            tuple(
                ErrorBucket(
                    hour, kind or None, stage, *bucket.totals, _samples(bucket.newest, longest)
                )
                for (hour, kind, stage), bucket in sorted(done.errors.items())
            ),
            tuple(
                SuccessBucket(hour, *bucket.totals)
                for hour, bucket in sorted(done.successes.items())
            ),
        )
        for model, done in sorted(window.items())
    }


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
