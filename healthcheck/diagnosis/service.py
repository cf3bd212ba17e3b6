"""What only our own service explains: no data, times without attempts, attempts lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from healthcheck.activity import HOUR, ErrorBucket, ModelKey, SuccessBucket, Window, WindowActivity
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.causes import UNSAVED
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
    gaps = [(begin, end) for begin, end in zip(ends, starts[1:], strict=False) if end >= since]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=(since, since))


def _buckets(windows: Iterable[WindowActivity]) -> Iterator[ErrorBucket | SuccessBucket]:
    for window in windows:
        for done in window.pairs.values():
            yield from done.errors
            yield from done.successes


# --- lost on our own side -------------------------------------------------------------------------


class _Loss(NamedTuple):
    """A way to lose what was attempted, and the share from which on that is told.

    `of_all`: of the attempts of all models, and for an hour or longer: a deploy loses those of a
    moment. Else of the models that lost any.
    """

    aspect: Aspect
    is_lost: Callable[[Failure], bool]
    share: float
    of_all: bool


_LOSSES = (
    _Loss("saving", lambda f: f.stage.is_saving, limits.HALF, of_all=False),
    _Loss("lost_jobs", lambda f: f.lease_expired, limits.LOST_JOBS_SHARE, of_all=True),
)


class _Attempts(NamedTuple):
    """Attempts of a model that ended at a moment; `lost`: they are lost."""

    at: datetime
    pair: ModelKey
    number: int
    lost: Failure | None = None


def lost_on_our_side(windows: Sequence[Lines], window: Window) -> list[Finding]:
    """Of each way to lose attempts, its last time in the window; it may have begun before."""
    return [finding for loss in _LOSSES if (finding := _lost(loss, windows, window))]


def _lost(loss: _Loss, windows: Sequence[Lines], window: Window) -> Finding | None:
    time = _last_time(loss, windows)
    if not time or time[-1].at < window.since:
        return None
    failures = [each.lost for each in time if each.lost]
    pairs = sorted({each.pair for each in time if each.lost})
    begin, end = min(failure.first for failure in failures), time[-1].at
    lines = [line for each in windows for pair, line in each.items() if pair in pairs]
    buckets = [bucket for line in lines for bucket in line.successes]
    last = newest(bucket.last for bucket in buckets)
    after = sum(bucket.count for bucket in buckets if bucket.first > end)
    is_over = after >= limits.RECOVERED_MIN_SUCCESSES and window.until - end >= limits.LOSS_MIN_TIME
    now = [each for each in time if each.lost and not (last and each.at <= last)]
    of_many = len({each.pair for each in now}) >= limits.LOSS_MIN_MODELS
    is_all = not loss.of_all and of_many and window.until - now[0].at >= limits.LOSS_MIN_TIME
    severity = Severity.CRITICAL if is_all else Severity.WARNING
    every = [failure for line in windows[-1].values() for failure in line.failures]
    finding = Finding(
        category=Category.SERVICE_ISSUE,
        kind=kinds_of(failures).most_common(1)[0][0],
        severity=Severity.INFO if is_over else severity,
        count=sum(failure.count for failure in every if loss.is_lost(failure)),
        since=begin,
        until=end if is_over else None,
        evidence="",
        models=tuple(pairs),
        aspect=loss.aspect,
    )
    stated = any(f.internal_cause for f in [f for f in failures if f.sample][-1:])
    finding = quoting(finding, failures, None if stated else UNSAVED)
    count, tried = sum(f.count for f in failures), sum(each.number for each in time)
    span = from_to(begin, end) if is_over else f"since {when(begin)}"
    return replace(
        finding,
        evidence=f"{count:,} of {several(tried, 'attempt')} lost {span}, of {named(pairs)}: "
        f"{finding.words} (our side, not a provider).",
    )


def _last_time(loss: _Loss, windows: Sequence[Lines]) -> Sequence[_Attempts]:
    """The last in which more than the share is lost, as far as that matters."""
    every = [item for lines in windows for item in lines.items()]
    hit = {pair for pair, line in every if any(map(loss.is_lost, line.failures))}
    attempts: list[_Attempts] = []
    for pair, line in every if hit else ():
        if loss.of_all or pair in hit:
            for failure in line.failures:
                lost = failure if loss.is_lost(failure) else None
                attempts.append(_Attempts(failure.last, pair, failure.count, lost))
            attempts += [_Attempts(bucket.last, pair, bucket.count) for bucket in line.successes]
    attempts.sort(key=lambda each: each[:3])
    last: Sequence[_Attempts] = ()
    while span := highest([n * (bool(lost) - loss.share) for _, _, n, lost in attempts]):
        time = attempts[span[0] : span[1] + 1]
        last = time if _matters(loss, time) else last
        attempts = attempts[span[1] + 1 :]
    return last


def _matters(loss: _Loss, time: Sequence[_Attempts]) -> bool:
    lost = [each for each in time if each.lost]
    is_enough = sum(each.number for each in lost) >= limits.LOST_MIN_ATTEMPTS
    of_many = len({each.pair for each in lost}) >= limits.LOSS_MIN_MODELS
    lasted = time[-1].at - time[0].at >= limits.LOSS_MIN_TIME
    return is_enough and (not loss.of_all or (of_many and lasted))
