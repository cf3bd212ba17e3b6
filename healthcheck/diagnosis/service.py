"""What only our own service explains: no data, times without attempts, attempts lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeGuard

from healthcheck.activity import HOUR, ErrorBucket, ModelKey, SuccessBucket, Window, WindowActivity
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.findings import Finding, Severity, quoting
from healthcheck.diagnosis.incident import Scope
from healthcheck.diagnosis.record import Record, longest_wait, newest
from healthcheck.diagnosis.statistics import highest
from healthcheck.diagnosis.timeline import Failure, Timeline, kinds_of
from healthcheck.diagnosis.wording import from_to, how_long, named, several, when

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
    gaps = [
        (begin, end) for begin, end in zip(ends, starts[1:], strict=False) if begin < end >= since
    ]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=(since, since))


def _buckets(windows: Iterable[WindowActivity]) -> Iterator[ErrorBucket | SuccessBucket]:
    for window in windows:
        for done in window.pairs.values():
            yield from done.errors
            yield from done.successes


# --- lost on our own side -------------------------------------------------------------------------


_Attempts = Failure | SuccessBucket


def _is_unsaved(attempts: _Attempts) -> TypeGuard[Failure]:
    return isinstance(attempts, Failure) and attempts.is_saving


def _is_lost_job(attempts: _Attempts) -> TypeGuard[Failure]:
    return isinstance(attempts, Failure) and attempts.lease_expired


def lost_on_our_side(windows: Sequence[Lines], window: Window) -> list[Finding]:
    """Of results and of jobs, the last time in which they were lost; it may have begun before."""
    results = _lost("saving", _is_unsaved, windows, window)
    jobs = _lost("lost_jobs", _is_lost_job, windows, window)
    return [finding for finding in (results, jobs) if finding]


def _lost(
    aspect: Aspect,
    is_lost: Callable[[_Attempts], TypeGuard[Failure]],
    windows: Sequence[Lines],
    window: Window,
) -> Finding | None:
    time = _last_time(is_lost, windows)
    lost = [(pair, each) for pair, each in time if is_lost(each)]
    failures = [failure for _, failure in lost]
    if not lost or failures[-1].last < window.since:
        return None
    pairs = sorted({pair for pair, _ in lost})
    begin, end = min(failure.first for failure in failures), failures[-1].last
    lines = [line for each in windows for pair, line in each.items() if pair in pairs]
    buckets = [bucket for line in lines for bucket in line.successes]
    last = newest(bucket.last for bucket in buckets)
    after = sum(bucket.count for bucket in buckets if bucket.first > end)
    is_over = after >= limits.RECOVERED_MIN_SUCCESSES and window.until - end >= limits.LOSS_MIN_TIME
    now = [(pair, failure.last) for pair, failure in lost if not last or failure.last > last]
    of_many = len({pair for pair, _ in now}) >= limits.LOSS_MIN_MODELS
    is_all = is_lost is _is_unsaved and of_many and window.until - now[0][1] >= limits.LOSS_MIN_TIME
    severity = Severity.CRITICAL if is_all else Severity.WARNING
    finding = Finding(
        category=Category.SERVICE_ISSUE,
        kind=kinds_of(failures).most_common(1)[0][0],
        severity=Severity.INFO if is_over else severity,
        count=sum(failure.count for failure in failures if failure.last >= window.since),
        since=begin,
        until=end if is_over else None,
        evidence="",
        models=tuple(pairs),
        aspect=aspect,
    )
    finding = quoting(finding, failures, failures[-1].internal_cause)
    count, tried = sum(f.count for f in failures), sum(each.count for _, each in time)
    span = from_to(begin, end) if is_over else f"since {when(begin)}"
    return replace(
        finding,
        evidence=f"{count:,} of {several(tried, 'attempt')} lost {span}, of {named(pairs)}: "
        f"{finding.words} (our side, not a provider).",
    )


def _last_time(
    is_lost: Callable[[_Attempts], TypeGuard[Failure]], windows: Sequence[Lines]
) -> Sequence[tuple[ModelKey, _Attempts]]:
    """The last in which a share is lost, of the models that lost any.

    Of jobs, of all models, and for an hour or longer: a deploy loses those of a moment.
    """
    of_all = is_lost is _is_lost_job
    share = limits.LOST_JOBS_SHARE if of_all else limits.HALF
    every = [item for lines in windows for item in lines.items()]
    hit = {pair for pair, line in every if any(map(is_lost, line.failures))}
    attempts: list[tuple[ModelKey, _Attempts]] = []
    for pair, line in every if hit else ():
        if of_all or pair in hit:
            attempts += [(pair, failure) for failure in line.failures]
            attempts += [(pair, bucket) for bucket in line.successes]
    attempts.sort(key=lambda item: (item[1].last, item[0]))
    last: Sequence[tuple[ModelKey, _Attempts]] = ()
    gains = [each.count * (is_lost(each) - share) for _, each in attempts]
    while span := highest(gains):
        time, attempts = attempts[span[0] : span[1] + 1], attempts[span[1] + 1 :]
        gains = gains[span[1] + 1 :]
        lost = [(pair, each) for pair, each in time if is_lost(each)]
        is_enough = sum(each.count for _, each in lost) >= limits.LOST_MIN_ATTEMPTS
        of_many = len({pair for pair, _ in lost}) >= limits.LOSS_MIN_MODELS
        lasted = lost[-1][1].last - lost[0][1].last >= limits.LOSS_MIN_TIME
        if is_enough and (not of_all or (of_many and lasted)):
            last = time
    return last
