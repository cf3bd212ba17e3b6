"""How often models fail, against what is usual of them, and since when."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from healthcheck.activity import AttemptCounts
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.statistics import fisher_greater, highest
from healthcheck.diagnosis.timeline import Timeline, success_moments
from healthcheck.taxonomy import ErrorKind


def is_back_to_usual(
    records: Sequence[Record], kinds: Collection[ErrorKind], since: datetime, until: datetime
) -> bool:
    """Whether, after trouble from `since` to `until`, these fail no more often than they usually do.

    Without failures since, so many successes must be rare had it gone on as before.
    """
    ours = [f for r in records for f in r.failures if f.kind in kinds]
    buckets = [bucket for record in records for bucket in record.successes]
    again = sum(failure.count for failure in ours if failure.last > until)
    well = sum(bucket.count for bucket in buckets if bucket.first >= until)
    if again >= limits.DEGRADED_MIN_ERRORS:
        before = _usual_of(records)
        usual = before.errors / before.attempts if before.attempts else 0.0
        return again / (again + well) < usual + limits.DEGRADED_MIN_INCREASE
    failed = sum(f.count for f in ours if since <= f.last <= until)
    between = sum(bucket.count for bucket in buckets if since <= bucket.last < until)
    still_as_bad = (between / (failed + between)) ** well if between else 0.0
    return still_as_bad < limits.RECOVERED_CHANCE


def stretch(
    records: Sequence[Record], kinds: Collection[ErrorKind], since: datetime
) -> tuple[datetime, datetime] | None:
    """The time from `since` on in which these failed most clearly more often than usual."""
    lines = [line for record in records for line in record.recent]
    outcomes = [(f.last, f.count) for line in lines for f in line.failures if f.kind in kinds]
    outcomes += [(at, -1) for line in lines for at in success_moments(line.successes)]
    outcomes = sorted((at, count) for at, count in outcomes if at >= since)
    before = _usual_of(records)
    usual = before.errors / max(before.attempts, 1)
    begin, end = 0, len(outcomes) - 1
    for _ in range(2):  # by the rate of all, then by that of the time found
        its = [count for _, count in outcomes[begin : end + 1]]
        tried = sum(map(abs, its))
        rate = (tried + sum(its)) / max(2 * tried, 1)
        if rate <= usual:
            return None
        level = (usual + rate) / 2
        scores = (max(count, 0) - level * abs(count) for _, count in outcomes)
        begin, end = highest(scores) or (begin, end)
    return outcomes[begin][0], outcomes[end][0]


def chance_as_usual(
    records: Sequence[Record], errors: int, increase: float = limits.DEGRADED_MIN_INCREASE
) -> float:
    """The p-value of Fisher's test; 1 if there is too little to act on, which still counts as a test."""
    if errors < limits.DEGRADED_MIN_ERRORS:
        return 1.0
    usual = _usual_of(records)
    attempts = sum(record.attempts for record in records)
    if not usual.attempts or errors / attempts - usual.errors / usual.attempts < increase:
        return 1.0
    return fisher_greater(errors, attempts, usual.errors, usual.attempts)


def failing_since(records: Sequence[Record], share: float) -> datetime | None:
    """The first known failure of all windows in a row before this one in which such a share failed.

    A window of the baseline knows its last failure only.
    """
    since = None
    for windows in zip(*((*r.recent[1:], *r.older) for r in records), strict=True):
        errors = sum(window.errors for window in windows)
        least = max(limits.DEGRADED_MIN_ERRORS, share * sum(window.attempts for window in windows))
        if errors < least:
            break
        known = [_first_known_failure(window) for window in windows]
        since = min(at for at in known if at)
    return since


def _first_known_failure(window: Timeline | AttemptCounts) -> datetime | None:
    if isinstance(window, AttemptCounts):
        return window.last_error
    return window.failures[0].first if window.failures else None


def is_bound(records: Sequence[Record], since: datetime) -> bool:
    """Whether what failed at `since` may have begun before: there, single failures are not known."""
    known = {record.run.begin for record in records if record.run}
    return since < records[0].runs_from and since not in known


def _usual_of(records: Iterable[Record]) -> AttemptCounts:
    """Their attempts in the windows that they are compared with."""
    return sum((record.baseline for record in records), AttemptCounts())
