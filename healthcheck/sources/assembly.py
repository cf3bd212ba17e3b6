"""An `Activity` from a source: what is asked of it, in which order, and how the answers are laid out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from statistics import median
from typing import Any, Protocol

from healthcheck.activity import (
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
from healthcheck.sources.cleaning import Said
from healthcheck.sources.counting import BASELINE, Counter, Key, Newest, Ref
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import EARLIEST_MS, HOUR_MS, JUDGED_WINDOWS, from_ms

Catalog = Mapping[ModelKey, CatalogEntry]
Samples = Mapping[Key, list[Ref]]
Messages = Callable[[Ref], Said | None]
Shown = Callable[[Sequence[Ref]], tuple[Sample, ...]]
Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Report no progress."""


class Source(Protocol):
    """What MongoDB and a snapshot have in common."""

    @property
    def limits(self) -> Limits:
        """How much is read and kept."""

    def catalog(self) -> Catalog | None:
        """What the catalog says; None where there is none."""

    def counted(self) -> Counter:
        """What the nine windows hold."""

    def last_successes(self, pairs: Collection[ModelKey]) -> Newest | None:
        """The newest of each before all windows; None where it would cost the whole history."""

    def last_failures(self, after: Mapping[ModelKey, int]) -> Newest:
        """The newest few of each before the judged windows, back to these times."""

    def messages(self, refs: Sequence[Ref], longest: int) -> Messages:
        """What these failures said; None for one that has been deleted meanwhile."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was read, and what an export needs beside the nine windows to give the same."""

    activity: Activity
    old_successes: Mapping[ModelKey, int]
    last_failures: Sequence[Any]
    """The `_id` of each."""


def assemble(
    source: Source,
    lookback: Lookback,
    on_progress: Progress = silent,
    reaches_back_to: datetime | None = None,
) -> Found:
    """Everything that a report is made from, in the order that `activity` promises."""
    catalog = source.catalog()
    on_progress("counting attempts")
    counter = source.counted()
    counter.fold()
    samples = _chosen(counter)
    on_progress("looking for last successes")
    wanting, waiting = _without_success(counter, catalog), _without_attempt(counter, catalog)
    recent = _last_success(counter)
    asked = sorted({*wanting, *(waiting - recent.keys())})
    before = source.last_successes(asked)
    old = {pair: at for pair in asked if before and (at := before.last(pair)) is not None}
    succeeded = {**old, **recent}
    after = {pair: succeeded.get(pair, EARLIEST_MS) for pair in waiting}
    failures = source.last_failures(after).after(after)
    refs = [ref for chosen in samples.values() for ref in chosen]
    refs += [found[-1] for found in failures.values()]
    for count in counter.errors.values():
        count.newest = []  # what was not chosen makes room for messages
    on_progress(f"fetching {len(refs)} error messages")
    longest = source.limits.characters(counter.failures)
    messages = source.messages(refs, longest)

    def shown(refs: Sequence[Ref]) -> tuple[Sample, ...]:
        found = ((ref, messages(ref)) for ref in refs)
        return tuple(_sample(ref, said, longest) for ref, said in found if said)

    until = counter.span.until
    current, previous = _windows(counter, lookback, samples, shown)
    activity = Activity(
        current=current,
        previous=previous,
        baseline=_baseline(counter),
        last_success={p: from_ms(old[p]) for p in wanting if p in old} if before else None,
        last_failures={pair: _past(found, until, shown) for pair, found in failures.items()},
        results=_results(counter),
        catalog=catalog,
        undated=counter.undated,
        folded=counter.folded,
        reaches_back_to=reaches_back_to,
    )
    identities = [one.kept for found in failures.values() for one in found]
    return Found(activity, old, identities)


def _chosen(counter: Counter) -> Samples:
    """Which failures of the judged windows are shown, newest first in each cell: all of a few.

    Of many, in each window: every cell's newest first, then every cell's second newest, ... Within
    a rank the newest come first.
    """
    samples: dict[Key, list[Ref]] = {}
    for window in range(JUDGED_WINDOWS):
        ranked = sorted(
            (rank, -ref.at, key, ref)
            for key, count in counter.errors.items()
            if key.window == window
            for rank, ref in enumerate(sorted(count.newest, reverse=True))
        )
        for _, _, key, ref in ranked[: counter.limits.samples_per_window]:
            samples.setdefault(key, []).append(ref)
    return samples


def _without_success(counter: Counter, catalog: Catalog | None) -> list[ModelKey]:
    """The pairs, judged or enabled, that had no success in any of the nine windows.

    Where pairs were folded, nobody knows of an enabled one whether it was among them.
    """
    asked = {key.pair for key in counter.errors if key.window < JUDGED_WINDOWS}
    if not counter.folded:
        asked |= {pair for pair, entry in (catalog or {}).items() if entry.enabled}
    return sorted(asked - {key.pair for key in counter.successes} - {OTHER})


def _without_attempt(counter: Counter, catalog: Catalog | None) -> set[ModelKey]:
    """The pairs that run and were not attempted in the previous window; as above where folded."""
    keys = [*counter.errors, *counter.successes]
    running = {pair for pair, entry in (catalog or {}).items() if entry.runs}
    asked = running - {key.pair for key in keys if key.window == 1}
    return asked & {key.pair for key in keys} if counter.folded else asked


def _last_success(counter: Counter) -> dict[ModelKey, int]:
    """Of each pair, in the windows of the baseline."""
    newest: dict[ModelKey, int] = {}
    for key, count in counter.successes.items():
        if key.window >= JUDGED_WINDOWS:
            newest[key.pair] = max(count.last, newest.get(key.pair, count.last))
    return newest


def _past(failures: Sequence[Ref], until: int, shown: Shown) -> ErrorBucket:
    """Failures before the judged windows, as the newest of them was."""
    last = failures[-1]
    times = from_ms(failures[0].at), from_ms(last.at)
    hour = (until - 1 - last.at) // HOUR_MS
    return ErrorBucket(hour, last.kind or None, last.stage, len(failures), *times, shown([last]))


def _sample(ref: Ref, said: Said, longest: int) -> Sample:
    message, is_cut, status = said
    return Sample(from_ms(ref.at), message[:longest], is_cut or len(message) > longest, status)


def _windows(
    counter: Counter, lookback: Lookback, samples: Samples, shown: Shown
) -> list[WindowActivity]:
    """The judged ones, the current one first."""
    errors: dict[tuple[int, ModelKey], list[ErrorBucket]] = {}
    successes: dict[tuple[int, ModelKey], list[SuccessBucket]] = {}
    for key, count in sorted(counter.errors.items()):
        if key.window < JUDGED_WINDOWS:
            told = shown(samples.get(key, ()))
            cell = ErrorBucket(key.hour, key.kind or None, key.stage, *count.totals, told)
            errors.setdefault((key.window, key.pair), []).append(cell)
    for key, count in counter.successes.items():
        if key.window < JUDGED_WINDOWS:
            done = SuccessBucket(key.hour, *count.totals)
            successes.setdefault((key.window, key.pair), []).append(done)
    pairs: list[dict[ModelKey, ModelActivity]] = [{} for _ in range(JUDGED_WINDOWS)]
    for place in sorted({*errors, *successes}):
        window, pair = place
        by_hour = sorted(successes.get(place, ()), key=attrgetter("hour"))
        pairs[window][pair] = ModelActivity(tuple(errors.get(place, ())), tuple(by_hour))
    return [
        WindowActivity(
            window=lookback.window(window),
            pairs=pairs[window],
            malformed=counter.malformed[window],
            shifted=dict(sorted(counter.shifted[window].items())),
        )
        for window in range(JUDGED_WINDOWS)
    ]


def _results(counter: Counter) -> dict[ModelKey, ResultChecks]:
    speeds: dict[ModelKey, list[float]] = {}
    for key, (total, number) in counter.speeds.items():
        speeds.setdefault(key.pair, []).append(total / number)
    # sums of floats depend on their order in their last digits
    usual = {pair: float(f"{median(averages):.6g}") for pair, averages in speeds.items()}
    return {
        pair: found + ResultChecks(usual_speed=usual.get(pair))
        for pair, found in sorted(counter.results.items())
    }


def _baseline(counter: Counter) -> dict[ModelKey, tuple[AttemptCounts, ...]]:
    keys = [*counter.errors, *counter.successes]
    past = sorted({key.pair for key in keys if key.window >= JUDGED_WINDOWS})
    return {
        pair: tuple(_counts(counter, Key(window, pair)) for window in BASELINE) for pair in past
    }


def _counts(counter: Counter, key: Key) -> AttemptCounts:
    errors, successes = counter.errors.get(key), counter.successes.get(key)
    return AttemptCounts(
        errors.count if errors else 0,
        successes.count if successes else 0,
        from_ms(errors.last) if errors else None,
        from_ms(successes.last) if successes else None,
    )
