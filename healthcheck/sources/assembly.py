"""An `Activity` from what was counted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from statistics import median

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
from healthcheck.sources.counting import BASELINE, Counter, Counts, Key, Ref
from healthcheck.sources.times import EARLIEST_MS, JUDGED_WINDOWS, from_ms

Catalog = Mapping[ModelKey, CatalogEntry]
Samples = Mapping[Key, list[Ref]]


def choose(counter: Counter, days: int) -> Samples:
    """Which failures of the judged windows are shown, newest first in each cell: all of a few.

    Of many, in each window: every cell's newest first, then every cell's second newest, ... Within
    a rank the newest come first, so that both caps leave the newest of every cell.
    """
    limits = counter.limits
    if counter.failures <= limits.failures_read:
        return {key: sorted(count.newest, reverse=True) for key, count in counter.errors.items()}
    per_pair = limits.samples_per_pair_and_day * max(1, days)
    samples: dict[Key, list[Ref]] = {}
    for window in range(JUDGED_WINDOWS):
        ranked = sorted(
            (rank, -ref.at, key.pair, key.kind or "", key.stage, key.hour, key, ref)
            for key, count in counter.errors.items()
            if key.window == window
            for rank, ref in enumerate(sorted(count.newest, reverse=True))
        )
        of_pair: dict[ModelKey, int] = {}
        taken = 0
        for *_, key, ref in ranked:
            number = of_pair.get(key.pair, 0)
            if number < per_pair and taken < limits.samples_per_run:
                of_pair[key.pair] = number + 1
                taken += 1
                samples.setdefault(key, []).append(ref)
    return samples


def assemble(  # noqa: PLR0913 - an Activity has that many parts
    counter: Counter,
    lookback: Lookback,
    samples: Samples,
    sample: Callable[[Ref], Sample | None],
    *,
    last_success: Mapping[ModelKey, datetime] | None,
    last_failures: Mapping[ModelKey, ErrorBucket],
    catalog: Catalog | None,
    reaches_back_to: datetime | None = None,
) -> Activity:
    """Everything in the order that `activity` promises, whatever order it came in."""
    current, previous = (_window(counter, lookback, n, samples, sample) for n in (0, 1))
    return Activity(
        current=current,
        previous=previous,
        baseline=_baseline(counter),
        last_success=last_success,
        last_failures=last_failures,
        results=_results(counter),
        catalog=catalog,
        undated=counter.undated,
        folded=counter.folded,
        reaches_back_to=reaches_back_to,
    )


def without_success(counter: Counter, catalog: Catalog | None) -> list[ModelKey]:
    """The pairs, judged or enabled, that had no success in any of the nine windows.

    Where pairs were folded, nobody knows of an enabled one whether it was among them.
    """
    asked = {key.pair for key in counter.errors if key.window < JUDGED_WINDOWS}
    if not counter.folded:
        asked |= {pair for pair, entry in (catalog or {}).items() if entry.enabled}
    return sorted(asked - {key.pair for key in counter.successes} - {OTHER})


def without_attempt(counter: Counter, catalog: Catalog | None) -> set[ModelKey]:
    """The pairs that run and were not attempted in the previous window; as above where folded."""
    attempted = {
        key.pair for keys in (counter.errors, counter.successes) for key in keys if key.window == 1
    }
    asked = _running(catalog) - attempted
    return asked & counter.pairs().keys() if counter.folded else asked


def since_success(
    counter: Counter, catalog: Catalog | None, old: Mapping[ModelKey, int] | None
) -> dict[ModelKey, int]:
    """When each pair that runs last succeeded before the judged windows, as far as is known."""
    succeeded = {pair: (old or {}).get(pair, EARLIEST_MS) for pair in _running(catalog)}
    for key, count in counter.successes.items():
        if key.window >= JUDGED_WINDOWS and key.pair in succeeded:
            succeeded[key.pair] = max(succeeded[key.pair], count.last)
    return succeeded


def _running(catalog: Catalog | None) -> set[ModelKey]:
    return {pair for pair, entry in (catalog or {}).items() if entry.runs}


def _window(
    counter: Counter,
    lookback: Lookback,
    window: int,
    samples: Samples,
    sample: Callable[[Ref], Sample | None],
) -> WindowActivity:
    errors: dict[ModelKey, list[ErrorBucket]] = {}
    for key in sorted(
        _keys(counter.errors, window), key=lambda key: (key[2], key[3] or "", key[4])
    ):
        count = counter.errors[key]
        shown = tuple(found for ref in samples.get(key, ()) if (found := sample(ref)))
        cell = ErrorBucket(
            hour=key.hour,
            stored_kind=key.kind,
            stage=key.stage,
            count=count.count,
            first=from_ms(count.first),
            last=from_ms(count.last),
            samples=shown,
        )
        errors.setdefault(key.pair, []).append(cell)
    successes: dict[ModelKey, list[SuccessBucket]] = {}
    for key in sorted(_keys(counter.successes, window), key=lambda key: key.hour):
        count = counter.successes[key]
        successes.setdefault(key.pair, []).append(
            SuccessBucket(key.hour, count.count, from_ms(count.first), from_ms(count.last))
        )
    return WindowActivity(
        window=lookback.window(window),
        pairs={
            pair: ModelActivity(tuple(errors.get(pair, ())), tuple(successes.get(pair, ())))
            for pair in sorted({*errors, *successes})
        },
        malformed=counter.malformed[window],
        shifted=dict(sorted(counter.shifted[window].items())),
    )


def _keys(counts: Counts, window: int) -> list[Key]:
    return [key for key in counts if key.window == window]


def _results(counter: Counter) -> dict[ModelKey, ResultChecks]:
    speeds: dict[ModelKey, list[float]] = {}
    for key, (total, number) in counter.speeds.items():
        if number:
            speeds.setdefault(key.pair, []).append(total / number)
    return {
        pair: ResultChecks(
            results=found.results,
            no_visible_tokens=found.no_visible_tokens,
            off_length=found.off_length,
            off_tokens=found.off_tokens,
            requested=found.requested,
            fastest=found.fastest,
            # sums of floats depend on their order in their last digits
            usual_speed=float(f"{median(speeds[pair]):.6g}") if pair in speeds else None,
        )
        for pair, found in sorted(counter.results.items())
    }


def _baseline(counter: Counter) -> dict[ModelKey, tuple[AttemptCounts, ...]]:
    past = sorted(
        {
            key.pair
            for counts in (counter.errors, counter.successes)
            for key in counts
            if key.window >= JUDGED_WINDOWS
        }
    )
    return {pair: tuple(_tally(counter, Key(window, pair)) for window in BASELINE) for pair in past}


def _tally(counter: Counter, key: Key) -> AttemptCounts:
    errors, successes = counter.errors.get(key), counter.successes.get(key)
    return AttemptCounts(
        errors.count if errors else 0,
        successes.count if successes else 0,
        from_ms(errors.last) if errors else None,
        from_ms(successes.last) if successes else None,
    )
