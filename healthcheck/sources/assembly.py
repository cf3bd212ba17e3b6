"""An `Activity` from what was counted."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from statistics import median

from healthcheck.activity import (
    OTHER,
    Activity,
    CatalogueEntry,
    ErrorCell,
    Lookback,
    Pair,
    PairActivity,
    ResultChecks,
    Sample,
    SuccessCell,
    Tally,
    WindowActivity,
)
from healthcheck.sources.grouping import (
    BASELINE,
    JUDGED_WINDOWS,
    Count,
    ErrorKey,
    Groups,
    Ref,
    TallyKey,
    chosen,
)
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import EARLIEST_MS, from_ms

Samples = Mapping[ErrorKey, list[Ref]]


def choose(groups: Groups, lookback: Lookback, limits: Limits) -> Samples:
    """Which failures of both judged windows are shown, newest first in each cell: all of a few."""
    per_pair = limits.samples_per_pair_and_day * max(1, lookback.length.days)
    samples: dict[ErrorKey, list[Ref]] = {}
    if groups.failures() <= limits.failures_read:
        return {key: sorted(count.newest, reverse=True) for key, count in groups.errors.items()}
    for window in range(JUDGED_WINDOWS):
        cells = [(key, count) for key, count in groups.errors.items() if key.window == window]
        samples |= chosen(cells, per_pair, limits.samples_per_run)
    return samples


def assemble(  # noqa: PLR0913 - an Activity has that many parts
    groups: Groups,
    lookback: Lookback,
    samples: Samples,
    sample: Callable[[Ref], Sample | None],
    *,
    last_success: Mapping[Pair, datetime] | None,
    last_failures: Mapping[Pair, ErrorCell],
    catalogue: Mapping[Pair, CatalogueEntry] | None,
    reaches_back_to: datetime | None = None,
) -> Activity:
    """Everything in the order that `activity` promises, whatever order it came in."""
    current, previous = (_window(groups, lookback, n, samples, sample) for n in (0, 1))
    return Activity(
        current=current,
        previous=previous,
        baseline=_baseline(groups),
        last_success=last_success,
        last_failures=last_failures,
        results=_results(groups),
        catalogue=catalogue,
        undated=groups.undated,
        folded=groups.folded,
        reaches_back_to=reaches_back_to,
    )


def without_success(groups: Groups, catalogue: Mapping[Pair, CatalogueEntry] | None) -> list[Pair]:
    """The pairs, judged or enabled, that had no success in any of the nine windows.

    Where pairs were folded, nobody knows of an enabled one whether it was among them.
    """
    asked = {key.pair for key in groups.errors}
    if not groups.folded:
        asked |= {pair for pair, entry in (catalogue or {}).items() if entry.enabled}
    asked -= {key.pair for key in groups.successes}
    asked -= {key.pair for key in groups.past_successes}
    return sorted(asked - {OTHER})


def without_attempt(
    groups: Groups, catalogue: Mapping[Pair, CatalogueEntry] | None
) -> frozenset[Pair]:
    """The pairs that run and were not attempted in the previous window; as above where folded."""
    counts = (groups.errors, groups.successes)
    attempted = {key.pair for keys in counts for key in keys if key.window == 1}
    asked = _running(catalogue) - attempted
    return asked & groups.pairs().keys() if groups.folded else asked


def since_success(
    groups: Groups,
    catalogue: Mapping[Pair, CatalogueEntry] | None,
    old: Mapping[Pair, int] | None,
) -> dict[Pair, int]:
    """When each pair that runs last succeeded before the judged windows, as far as is known."""
    succeeded = {pair: (old or {}).get(pair, EARLIEST_MS) for pair in _running(catalogue)}
    for key, count in groups.past_successes.items():
        if key.pair in succeeded:
            succeeded[key.pair] = max(succeeded[key.pair], count.last)
    return succeeded


def _running(catalogue: Mapping[Pair, CatalogueEntry] | None) -> frozenset[Pair]:
    return frozenset(pair for pair, entry in (catalogue or {}).items() if entry.runs)


def _window(
    groups: Groups,
    lookback: Lookback,
    window: int,
    samples: Samples,
    sample: Callable[[Ref], Sample | None],
) -> WindowActivity:
    errors: dict[Pair, list[ErrorCell]] = {}
    for key in sorted(
        (key for key in groups.errors if key.window == window),
        key=lambda key: (key.hour, key.kind or "", key.stage),
    ):
        found = (sample(ref) for ref in samples.get(key, ()))
        errors.setdefault(key.pair, []).append(
            ErrorCell(
                hour=key.hour,
                stored_kind=key.kind,
                stage=key.stage,
                count=groups.errors[key].count,
                first=from_ms(groups.errors[key].first),
                last=from_ms(groups.errors[key].last),
                samples=tuple(one for one in found if one is not None),
            )
        )
    successes: dict[Pair, list[SuccessCell]] = {}
    for hour_key in sorted(key for key in groups.successes if key.window == window):
        count = groups.successes[hour_key]
        successes.setdefault(hour_key.pair, []).append(
            SuccessCell(hour_key.hour, count.count, from_ms(count.first), from_ms(count.last))
        )
    return WindowActivity(
        window=lookback.window(window),
        pairs={
            pair: PairActivity(tuple(errors.get(pair, ())), tuple(successes.get(pair, ())))
            for pair in _sorted(errors, successes)
        },
        malformed=groups.malformed[window],
        shifted=dict(sorted(groups.shifted[window].items())),
    )


def _results(groups: Groups) -> dict[Pair, ResultChecks]:
    speeds: dict[Pair, list[float]] = {}
    for key, (total, number) in groups.speeds.items():
        speeds.setdefault(key.pair, []).append(total / number)
    return {
        pair: ResultChecks(
            results=found.results,
            no_visible_tokens=found.no_visible_tokens,
            off_length=found.off_length,
            off_tokens=found.off_tokens,
            requested=found.requested,
            fastest=found.fastest,
            usual_speed=_rounded(median(speeds[pair])) if pair in speeds else None,
        )
        for pair, found in sorted(groups.results.items())
    }


def _rounded(speed: float) -> float:
    """Sums of floats depend on their order in their last digits."""
    return float(f"{speed:.6g}")


def _baseline(groups: Groups) -> dict[Pair, tuple[Tally, ...]]:
    past = (groups.past_errors, groups.past_successes)
    pairs = sorted({key.pair for counts in past for key in counts})
    return {pair: tuple(_tally(groups, TallyKey(n, pair)) for n in BASELINE) for pair in pairs}


def _tally(groups: Groups, key: TallyKey) -> Tally:
    errors, successes = groups.past_errors.get(key), groups.past_successes.get(key)
    return Tally(_number(errors), _number(successes), _last(errors), _last(successes))


def _number(count: Count | None) -> int:
    return count.count if count else 0


def _last(count: Count | None) -> datetime | None:
    return from_ms(count.last) if count else None


def _sorted(*of: Iterable[Pair]) -> list[Pair]:
    return sorted({pair for pairs in of for pair in pairs})
