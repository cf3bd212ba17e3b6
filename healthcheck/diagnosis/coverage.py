"""How many of the enabled models gave data, and whether there were as many attempts as usual."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median, median_low

from healthcheck.activity import BASELINE_WINDOWS, Activity, ModelKey
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, Severity
from healthcheck.diagnosis.record import Record


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many enabled models, how many gave data in the window, and in the window before.

    `not_attempted`: those that the service no longer tried at the window's end, failed or not.
    """

    enabled: int = 0
    with_data: int = 0
    with_data_before: int = 0
    not_attempted: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """The same of the whole service and of each provider; the models without data by category.

    `intervals`: how often models of a provider run, where that is known.
    """

    total: Share = Share()
    providers: Mapping[str, Share] = field(default_factory=dict)
    without_data: Mapping[str, int] = field(default_factory=dict)
    intervals: Mapping[str, timedelta] = field(default_factory=dict)


UNEXPLAINED = "unexplained"


def coverage(
    records: Mapping[ModelKey, Record],
    before: Mapping[ModelKey, Record],
    findings: Collection[Finding],
) -> Coverage:
    """Count the models that gave data; `findings` say why others did not, narrow or wide."""
    expected = [record for record in records.values() if record.expected]
    had_data = {pair for pair, record in before.items() if record.succeeded}
    by_provider: dict[str, list[Record]] = {}
    for record in expected:
        by_provider.setdefault(record.pair.provider, []).append(record)
    reasons = {pair: f.category.value for f in findings for pair in f.models if not f.over}
    reasons |= {f.models[0]: f.category.value for f in findings if f.model is not None}
    without = Counter(
        reasons.get(record.pair, UNEXPLAINED) for record in expected if not record.succeeded
    )
    return Coverage(
        _share(expected, had_data),
        {name: _share(its, had_data) for name, its in sorted(by_provider.items())},
        dict(sorted(without.items())),
        {
            name: median_low(known)
            for name, its in by_provider.items()
            if (known := [r.interval for r in its if r.interval and r.attempts])
        },
    )


def low_volume(
    activity: Activity, records: Mapping[ModelKey, Record], explained: Collection[ModelKey]
) -> Finding | None:
    """Far fewer attempts than usual, though nothing fails: the scheduler, or its queue.

    Counted over the models that were tried on baseline days as well, without those that a finding
    explains; a model that is not attempted at all has a finding of its own.
    """
    its = [
        record
        for pair, record in records.items()
        if record.attempts and pair in activity.baseline and pair not in explained
    ]
    days = [
        sum(
            activity.baseline[record.pair][day].errors
            + activity.baseline[record.pair][day].successes
            for record in its
        )
        for day in range(BASELINE_WINDOWS)
    ]
    known = [count for count in days if count]
    usual = median(known) if known else 0
    attempts = sum(record.attempts for record in its)
    if usual < limits.LOW_VOLUME_MIN_EXPECTED or attempts >= limits.LOW_VOLUME * usual:
        return None
    return Finding(
        category=Category.LOW_VOLUME,
        severity=Severity.WARNING,
        attempts=attempts,
        evidence=(
            f"Only {attempts:,} attempts instead of the usual {usual:,.0f} on {len(its)} models: "
            "far fewer attempts, and no failure explains it."
        ),
        models=tuple(record.pair for record in its),
    )


def _share(records: Collection[Record], had_data: Collection[ModelKey]) -> Share:
    return Share(
        enabled=len(records),
        with_data=sum(record.succeeded > 0 for record in records),
        with_data_before=sum(record.pair in had_data for record in records),
        not_attempted=sum(record.not_attempted for record in records),
    )
