"""What only our own service explains: no data, times without attempts, results and jobs lost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from healthcheck.activity import HOUR, ErrorBucket, ModelKey, SuccessBucket, Window, WindowActivity
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import UNSAVED
from healthcheck.diagnosis.findings import Finding, Severity, quoting
from healthcheck.diagnosis.incident import Scope
from healthcheck.diagnosis.record import Record, longest_wait, newest
from healthcheck.diagnosis.statistics import densest
from healthcheck.diagnosis.timeline import Failure, Timeline, kinds_of, success_moments
from healthcheck.diagnosis.wording import from_to, how_long, named, several, when
from healthcheck.taxonomy import ErrorKind

Lines = Mapping[ModelKey, Timeline]

# --- no data -------------------------------------------------------------------------------------


def silent_service(windows: Sequence[WindowActivity], records: Sequence[Record]) -> Finding | None:
    """No document of any model, published or not, at the end of the newest of the windows.

    Not where most models were given up, or wait, after failures: those say why.
    """
    until = windows[-1].window.until
    expected = [record for record in records if record.expected]
    if 2 * sum(record.run is not None for record in expected) > len(expected):
        return None
    known = [bucket.last for bucket in _buckets(windows)]
    last = newest([*known, *(record.last_attempt for record in records)])
    if last and until - last < longest_wait(records, limits.GIVEN_UP_INTERVALS):
        return None
    span = f"since {when(last)}, for {how_long(until - last)}" if last else "in the period read"
    return Finding(
        category=Category.SILENT_SERVICE,
        severity=Severity.CRITICAL,
        since=last,
        evidence=f"No data received {span}: the scheduler, the host or its database connection is down.",
    )


def gap(windows: Sequence[WindowActivity], whole: Scope) -> Finding | None:
    """The longest time without any attempt that has ended.

    Not where most models had failed before: after failures the queue itself waits.
    """
    least = longest_wait(whole.records, limits.GIVEN_UP_INTERVALS)
    usual = sum(HOUR / record.interval for record in whole.expected if record.interval)
    if usual:  # of hundreds of models, one should have its turn every few seconds
        least = min(least, limits.LOW_VOLUME_MIN_EXPECTED * HOUR / usual)
    begin, end = _longest_gap(_buckets(windows), windows[-1].window.since)
    failing = sum(
        any(run.begin <= begin and (run.end is None or run.end > begin) for run in record.runs)
        for record in whole.expected
    )
    if end - begin < least or 2 * failing > len(whole.expected):
        return None
    return Finding(
        category=Category.SILENT_SERVICE,
        severity=Severity.INFO,
        since=begin,
        until=end,
        evidence=f"No data from any provider {from_to(begin, end)}, for {how_long(end - begin)}.",
    )


def _longest_gap(
    buckets: Iterable[ErrorBucket | SuccessBucket], since: datetime
) -> tuple[datetime, datetime]:
    """Of those that ended after `since`.

    Where so many stretches of attempts have ended as have begun, none goes on.
    """
    starts, ends = list[datetime](), list[datetime]()
    for bucket in buckets:
        starts.append(bucket.first)
        ends.append(bucket.last)
        if bucket.count == 2:  # noqa: PLR2004 - what lies between two is known: nothing
            starts.append(bucket.last)
            ends.append(bucket.first)
    starts.sort()
    ends.sort()
    gaps = [(begin, end) for begin, end in zip(ends, starts[1:], strict=False) if end >= since]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=(since, since))


def _buckets(windows: Iterable[WindowActivity]) -> Iterator[ErrorBucket | SuccessBucket]:
    for window in windows:
        for done in window.pairs.values():
            yield from done.errors
            yield from done.successes


# --- results that could not be saved -------------------------------------------------------------

_Unsaved = list[tuple[ModelKey, Failure]]


def unsaved_results(windows: Sequence[Lines], window: Window) -> Finding | None:
    """The last time in which results were lost, if any; one that began before counts as a whole."""
    saved: dict[ModelKey, list[datetime]] = defaultdict(list)
    unsaved: _Unsaved = []
    for pair, line in (item for lines in windows for item in lines.items()):
        saved[pair] += success_moments(line.successes)
        unsaved += [(pair, failure) for failure in line.failures if failure.stage.is_saving]
    times = [time for time in _times(unsaved) if _is_substantial(time, saved)]
    if not times or times[-1][-1][1].last < window.since:
        return None
    failures, pairs = [f for _, f in times[-1]], sorted({pair for pair, _ in times[-1]})
    begin, end = min(failure.first for failure in failures), failures[-1].last
    since = sorted(moment for pair in pairs for moment in saved[pair] if moment >= begin)
    after = [moment for moment in since if moment > end]
    until = after[0] if len(after) >= limits.RECOVERED_MIN_SUCCESSES else None
    of_many = len(pairs) >= limits.LOSS_MIN_MODELS and window.until - begin >= limits.LOSS_MIN_TIME
    severity = Severity.CRITICAL if of_many and not since else Severity.WARNING
    results = several(sum(failure.count for failure in failures), "result")
    span = from_to(begin, until) if until else f"since {when(begin)}"
    finding = Finding(
        category=Category.SERVICE_ISSUE,
        kind=kinds_of(failures).most_common(1)[0][0],
        severity=Severity.INFO if until else severity,
        count=sum(f.count for _, f in unsaved if f.last >= window.since),
        since=begin,
        until=until,
        evidence=f"{results} of {named(pairs)} could not be saved {span} "
        "(our side, not a provider).",
        models=tuple(pairs),
        aspect="saving",
    )
    stated = any(f.internal_cause for f in [f for f in failures if f.sample][-1:])
    return quoting(finding, failures, None if stated else UNSAVED)


def _times(unsaved: _Unsaved) -> list[_Unsaved]:
    """With no more than the longest interval of a model between them they are one time."""
    times: list[_Unsaved] = []
    for item in sorted(unsaved, key=lambda item: (item[1].last, item[0])):
        if not times or item[1].first - times[-1][-1][1].last > limits.ONSET_REACH:
            times.append([])
        times[-1].append(item)
    return times


def _is_substantial(time: _Unsaved, saved: Mapping[ModelKey, Sequence[datetime]]) -> bool:
    """Not a few among many: at least half of what its models had to save at the time."""
    count = sum(f.count for _, f in time)
    begin, end = min(f.first for _, f in time), time[-1][1].last
    pairs = {pair for pair, _ in time}
    beside = sum(begin <= at <= end for pair in pairs for at in saved.get(pair, ()))
    return count >= limits.STORING_MIN_ERRORS and count >= beside


# --- jobs that the queue loses -------------------------------------------------------------------


class _Attempts(NamedTuple):
    """Attempts of a model that ended at a moment; `lost`: the queue lost them."""

    at: datetime
    pair: ModelKey
    number: int
    lost: Failure | None = None


def lost_jobs(windows: Sequence[Lines], window: Window) -> Finding | None:
    """The time in which leases of many jobs expired again and again, if any; a deploy's is a moment."""
    lines = windows[-1]
    found = _losing([lines])
    if found and found[0].at < window.since + limits.ONSET_REACH:
        found = _losing(windows)
    if not found or found[-1].at < window.since:
        return None
    begin, end, lost = found[0].at, found[-1].at, [each for each in found if each.lost]
    count, tried = sum(each.number for each in lost), sum(each.number for each in found)
    pairs = sorted({each.pair for each in lost})
    is_of_many = len(pairs) >= limits.LOSS_MIN_MODELS and count >= limits.LOST_JOBS_SHARE * tried
    if end - begin < limits.LOSS_MIN_TIME or not is_of_many:
        return None
    is_over = window.until - end >= limits.LOSS_MIN_TIME
    span = from_to(begin, end) if is_over else f"since {when(begin)}"
    finding = Finding(
        category=Category.SERVICE_ISSUE,
        kind=ErrorKind.TIMEOUT,
        severity=Severity.INFO if is_over else Severity.WARNING,
        count=sum(f.count for line in lines.values() for f in line.failures if f.lease_expired),
        since=begin,
        until=end if is_over else None,
        evidence=f"The lease of {count:,} of {several(tried, 'job')} expired {span}, of {named(pairs)} "
        "(our side, not a provider).",
        models=tuple(pairs),
        aspect="lost_jobs",
    )
    return quoting(finding, [each.lost for each in lost if each.lost])


def _losing(windows: Iterable[Lines]) -> list[_Attempts]:
    """The attempts among which most clearly more than a few are lost."""
    attempts: list[_Attempts] = []
    for pair, line in (item for lines in windows for item in lines.items()):
        for failure in line.failures:
            lost = failure if failure.lease_expired else None
            attempts.append(_Attempts(failure.last, pair, failure.count, lost))
        attempts += [_Attempts(bucket.last, pair, bucket.count) for bucket in line.successes]
    attempts.sort(key=lambda each: each[:3])
    scores = [each.number if each.lost else -each.number for each in attempts]
    span = densest(scores, limits.LOST_JOBS_USUAL)
    return attempts[span[0] : span[1] + 1] if span else []
