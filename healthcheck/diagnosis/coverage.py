"""How many models gave data, and whether there were as many attempts as usual."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from statistics import median
from typing import NamedTuple

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.findings import Finding, Severity
from healthcheck.diagnosis.incident import Scope
from healthcheck.diagnosis.record import Record, by_provider
from healthcheck.diagnosis.wording import several


class Share(NamedTuple):
    """Of so many enabled models, how many gave data in the window, and in the window before.

    `not_attempted`: those that the service no longer tried at the window's end, failed or not.
    """

    enabled: int = 0
    with_data: int = 0
    with_data_before: int = 0
    not_attempted: int = 0


class Coverage(NamedTuple):
    """The same of the whole service and of each provider."""

    total: Share = Share()
    providers: Mapping[str, Share] = {}


def coverage(records: Mapping[ModelKey, Record], before: Mapping[ModelKey, Record]) -> Coverage:
    """Count the models that gave data, and those of them that had done `before`."""
    expected = [record for record in records.values() if record.expected]
    had_data = {pair for pair, record in before.items() if record.succeeded}
    return Coverage(
        _share(expected, had_data),
        {name: _share(its, had_data) for name, its in by_provider(expected).items()},
    )


def low_volume(scopes: Iterable[Scope], gap: Finding | None) -> list[Finding]:
    """Far fewer attempts than usual, though nothing fails: the scheduler, its queue, or a runner.

    One finding where it is so at nearly all providers, else one for each. Counted over the models
    that were tried on baseline days as well, and over the time outside of `gap` and of failures,
    after which the queue waits; a model that is not attempted at all has a finding of its own.
    """
    silent = gap.until - gap.since if gap and gap.until and gap.since else timedelta()
    low: dict[str | None, list[Record]] = {}
    counted = 0
    for scope in scopes:
        its = [r for r in scope.records if r.attempts and any(day.attempts for day in r.older)]
        if its:
            counted += 1
            lost = silent + sum((record.lost_time for record in its), timedelta()) / len(its)
            expected = _usual_attempts(its) * (1 - lost / its[0].window.length)
            if sum(record.attempts for record in its) < limits.LOW_VOLUME * expected:
                low[scope.provider] = its
    if len(low) > 1 and len(low) >= limits.SERVICE_SHARE_OF_PROVIDERS * counted:
        low = {None: [record for its in low.values() for record in its]}
    return [
        Finding(
            category=Category.LOW_VOLUME,
            severity=Severity.WARNING,
            provider=provider,
            evidence=f"Only {sum(record.attempts for record in its):,} attempts instead of the usual "
            f"{usual:,.0f} on {several(len(its), 'model')}: far fewer attempts, and no stored failure explains it.",
            models=tuple(record.pair for record in its),
        )
        for provider, its in low.items()
        if (usual := _usual_attempts(its)) >= limits.LOW_VOLUME_MIN_EXPECTED
    ]


def _usual_attempts(records: Iterable[Record]) -> float:
    """Those of the median day."""
    days = zip(*(record.older for record in records), strict=True)
    counts: list[int] = [sum(its.attempts for its in day) for day in days]
    return median([count for count in counts if count] or [0])


def _share(records: Collection[Record], had_data: Collection[ModelKey]) -> Share:
    return Share(
        enabled=len(records),
        with_data=sum(record.succeeded > 0 for record in records),
        with_data_before=sum(record.pair in had_data for record in records),
        not_attempted=sum(record.not_attempted for record in records),
    )
