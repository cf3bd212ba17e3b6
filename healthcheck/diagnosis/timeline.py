"""The attempts of each pair in the order of time, each failure with its true kind; runs of failures."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from healthcheck.activity import (
    Activity,
    ErrorBucket,
    ModelActivity,
    ModelKey,
    Sample,
    Stage,
    SuccessBucket,
)
from healthcheck.diagnosis.causes import (
    BY_RULE,
    KINDS,
    MAY_PASS,
    RETRY_PAUSES,
    InternalCause,
    internal_cause_of,
)
from healthcheck.diagnosis.thresholds import COPIES_WITHIN
from healthcheck.taxonomy import ErrorKind, classify
from healthcheck.taxonomy.kinds import stored


class Failure:
    """One failed attempt, or several of the same hour that one sample stands for.

    `first` and `last` differ only where it stands for several. `kind` is its true one; the queue went
    by `stored_kind`. `internal_cause` is the one on our own side that it states, if it does. `sample`
    is that of a newer hour where the bucket has none of its own, or None where there is none either;
    then `message` is empty. `lease_expired`: only our queue lost the job, as it does with all that run
    at a deploy. `at_the_provider`: it says something of the provider or of our request, not of our
    storage or our queue.
    """

    def __init__(
        self,
        bucket: ErrorBucket,
        sample: Sample | None,
        *,
        first: datetime,
        last: datetime,
        count: int,
    ) -> None:
        self.first, self.last, self.count, self.sample = first, last, count, sample
        self.stage, self.stored_kind = bucket.stage, bucket.stored_kind
        self.message, status = (sample.message, sample.http_status) if sample else ("", None)
        kind = bucket.stored_kind
        self.is_saving = self.stage.is_saving
        # The provider answered in the later stages: there only a clear message says anything.
        if self.stage is Stage.VALIDATE or (sample and self.is_saving):
            status = kind = None
        self.verdict = _verdict(self.message, http_status=status, stored_kind=kind)
        self.kind = self.verdict.kind
        self.internal_cause = internal_cause_of(sample, self.stage)
        self.lease_expired = self.internal_cause is not None and self.internal_cause.id == "lease"
        self.at_the_provider = not self.is_saving and not self.lease_expired

    @property
    def words(self) -> str:
        """Its cause, for people; what is an account's is not told of one failure."""
        by_rule = BY_RULE.get(self.verdict.rule)
        known = None if isinstance(by_rule, InternalCause) else by_rule
        its = self.internal_cause or known or KINDS[self.kind]
        return "lease expired" if self.lease_expired else its.words


class Timeline:
    """A pair in one window, oldest first. `estimated`: some failures are known by count only.

    `errors` are all attempts that failed, whatever the stage; `succeeded` all that succeeded.
    """

    def __init__(
        self,
        failures: Iterable[Failure] = (),
        successes: Iterable[SuccessBucket] = (),
        *,
        estimated: bool = False,
    ) -> None:
        self.failures, self.successes = tuple(failures), tuple(successes)
        self.estimated = estimated
        self.errors = sum(failure.count for failure in self.failures)
        self.succeeded = sum(bucket.count for bucket in self.successes)
        self.attempts = self.errors + self.succeeded

    def within(self, begin: datetime, end: datetime) -> "Timeline":
        """The same from `begin` until before `end`; of hours at the edges, what is known to lie between."""
        successes = []
        for bucket in self.successes:
            if begin <= bucket.first and bucket.last < end:
                successes.append(bucket)
            elif count := sum(begin <= at < end for at in success_moments([bucket])):
                successes.append(replace(bucket, count=count))
        return Timeline((f for f in self.failures if begin <= f.last < end), successes)

    @property
    def at_the_provider(self) -> "Timeline":
        """The same without what failed on our own side, in storage or queue."""
        failures = (failure for failure in self.failures if failure.at_the_provider)
        return Timeline(failures, self.successes, estimated=self.estimated)


class Timelines(NamedTuple):
    """All pairs of an activity, in its two windows."""

    current: Mapping[ModelKey, Timeline]
    previous: Mapping[ModelKey, Timeline]
    last_failures: Mapping[ModelKey, Failure] = {}
    """Of pairs not attempted in the window before: what failed since their newest success."""


def timelines(activity: Activity) -> Timelines:
    """Classify every failure of both windows."""
    current, previous = activity.current.pairs, activity.previous.pairs
    return Timelines(
        {pair: _timeline(done) for pair, done in current.items()},
        {pair: _timeline(done) for pair, done in previous.items()},
        {
            pair: failure
            for pair, bucket in activity.last_failures.items()
            for failure in _failures(bucket, None, mixed=False)
        },
    )


def success_moments(buckets: Iterable[SuccessBucket]) -> Iterator[datetime]:
    """When attempts succeeded: the first and the last of each hour."""
    for bucket in buckets:
        yield bucket.last
        if bucket.count > 1:
            yield bucket.first


def _timeline(activity: ModelActivity) -> Timeline:
    answered = {bucket.hour for bucket in activity.successes}
    nearest: dict[tuple[str | None, Stage], Sample] = {}
    failures: list[Failure] = []
    for bucket in sorted(activity.errors, key=lambda bucket: bucket.hour):  # the newest first
        alike = bucket.stored_kind, bucket.stage
        failures += _failures(bucket, nearest.get(alike), mixed=bucket.hour in answered)
        if bucket.samples:
            nearest[alike] = bucket.samples[-1]
    return Timeline(
        sorted(failures, key=lambda failure: (failure.last, failure.first, failure.kind)),
        sorted(activity.successes, key=lambda bucket: bucket.first),
        estimated=any(bucket.count > len(bucket.samples) for bucket in activity.errors),
    )


def _failures(bucket: ErrorBucket, nearest: Sample | None, *, mixed: bool) -> Iterator[Failure]:
    """Let the samples of a bucket stand for all of it, so that the counts add up to the exact total.

    `mixed`: there were successes in the same hour. Then nobody knows that what a sample stands for
    came after them: it counts for itself in its place, and for the rest where the bucket begins.
    `nearest`: a message of the same kind and stage that a bucket without one of its own is judged by.
    """
    if not bucket.samples:
        yield Failure(bucket, nearest, first=bucket.first, last=bucket.last, count=bucket.count)
        return
    share, left_over = divmod(bucket.count, len(bucket.samples))
    oldest = len(bucket.samples) - 1
    for index, sample in enumerate(bucket.samples):
        count = share + (left_over if index == oldest else 0)
        if mixed and count > 1:
            yield Failure(bucket, sample, first=bucket.first, last=bucket.first, count=count - 1)
            count = 1
        first = min(bucket.first, sample.at) if index == oldest and count > 1 else sample.at
        yield Failure(bucket, sample, first=first, last=sample.at, count=count)


# Many models repeat the same message.
_verdict = lru_cache(maxsize=4096)(classify)


# --- runs of failures -----------------------------------------------------------------------------


class FailureRun:
    """Consecutive failures of one model. `end`: the next answer, or None.

    An answer is a success, or a result that the provider gave and we could not store. `begin` is when
    the first of the failures failed; `since` is earlier where the run began before the windows at hand.
    `count` is how many attempts failed, `kinds` for which reasons, `kind` is that of most, of the newer
    ones where there are equally many.
    """

    def __init__(
        self,
        pair: ModelKey,
        failures: Iterable[Failure],
        end: datetime | None,
        since: datetime | None = None,
    ) -> None:
        self.pair, self.failures, self.end = pair, tuple(failures), end
        self.begin = min(failure.first for failure in self.failures)
        self.since = min(since or self.begin, self.begin)
        self.newest = self.failures[-1]
        self.kinds = kinds_of(reversed(self.failures))
        self.kind = max(self.kinds, key=self.kinds.__getitem__)
        self.count = self.kinds.total()

    @property
    def retry_pause(self) -> timedelta:
        """How long the queue waits until it tries again; 0 where it does not."""
        pauses = RETRY_PAUSES.get(stored(self.newest.stored_kind), ())
        return timedelta(minutes=dict(enumerate(pauses, 1)).get(self.count, 0))

    @cached_property
    def text(self) -> str:
        """Its newest message without the model's name."""
        return self.newest.message.replace(self.pair.model, "")

    @property
    def stored_as_permanent(self) -> bool:
        """Whether the queue never retries it, as it is stored, although such a failure passes."""
        may_stay = self.newest.verdict.rule == "no-route"  # where the base URL is wrong
        passes = RETRY_PAUSES.get(self.newest.kind) is MAY_PASS and not may_stay
        is_retried = stored(self.newest.stored_kind) in RETRY_PAUSES
        return passes and not is_retried and self.newest.internal_cause is None

    def of(self, kinds: Collection[ErrorKind]) -> "FailureRun | None":
        """The same as far as it is of these kinds, if any of it is."""
        if self.kinds.keys().isdisjoint(kinds):
            return None
        if not self.kinds.keys() - kinds:
            return self
        ours = [failure for failure in self.failures if failure.kind in kinds]
        return FailureRun(self.pair, ours, self.end)


def failure_runs(
    pair: ModelKey,
    failures: Iterable[Failure],
    answers: Iterable[datetime | None],
    since: datetime | None,
) -> list[FailureRun]:
    """Cut the failures at every answer; one in the same millisecond counts as the later one.

    `since`: when the last of the runs began, if that was before these failures.
    """
    moments = sorted(filter(None, answers))
    by_answer: dict[int, list[Failure]] = defaultdict(list)
    for failure in sorted(failures, key=lambda failure: failure.last):
        if not failure.is_saving:
            by_answer[bisect_left(moments, failure.last)].append(failure)
    runs = []
    for place, its in by_answer.items():
        end = moments[place] if place < len(moments) else None
        if end is None or not all(failure.lease_expired for failure in its):
            runs.append(FailureRun(pair, its, end, since))
    return runs


def distinct(line: Timeline) -> Iterator[Failure]:
    """The failures of a line, where copies of one within a second are one.

    Only where every failure is at hand: a sample that stands for others has no moment of its own.
    """
    newest: dict[str, datetime] = {}
    for failure in line.failures:
        message = "" if line.estimated else failure.message
        before = newest.get(message) if message else None
        newest[message] = failure.last
        if before is None or failure.last - before > COPIES_WITHIN:
            yield failure


def kinds_of(failures: Iterable[Failure]) -> Counter[ErrorKind]:
    """How many attempts failed for each reason."""
    kinds: Counter[ErrorKind] = Counter()
    for failure in failures:
        kinds[failure.kind] += failure.count
    return kinds
