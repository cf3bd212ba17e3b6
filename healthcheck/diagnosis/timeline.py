"""The attempts of each pair in the order of time, each failure with its true kind; runs of failures."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from healthcheck.taxonomy import ErrorKind, Verdict, classify
from healthcheck.taxonomy.kinds import stored


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt, or several of the same hour that one sample stands for.

    `first` and `last` differ only where it stands for several. The queue went by `stored_kind`.
    `internal_cause` is the one on our own side that it states, if it does. `sample` is None where the
    bucket has none of its own left.
    """

    first: datetime
    last: datetime
    count: int
    stage: Stage
    stored_kind: str | None
    verdict: Verdict
    internal_cause: InternalCause | None
    sample: Sample | None

    @property
    def kind(self) -> ErrorKind:
        """Its true kind."""
        return self.verdict.kind

    @property
    def message(self) -> str:
        """That of its sample; empty where there is none."""
        return self.sample.message if self.sample else ""

    @property
    def words(self) -> str:
        """Its cause, for people; what is an account's is not told of one failure."""
        by_rule = BY_RULE.get(self.verdict.rule)
        known = None if isinstance(by_rule, InternalCause) else by_rule
        return "lease expired" if self.lease_expired else (known or KINDS[self.kind]).words

    @property
    def lease_expired(self) -> bool:
        """Whether only our queue lost the job, as it does with all that run at a deploy."""
        own = self.internal_cause
        return own is not None and own.id == "lease"

    @property
    def at_the_provider(self) -> bool:
        """Whether it says anything of the provider or of our request: not our storage or our queue."""
        return not self.stage.is_saving and not self.lease_expired


@dataclass(frozen=True)  # without slots, for what is asked some twenty times of each
class Timeline:
    """A pair in one window, oldest first. `estimated`: some failures are known by count only."""

    failures: tuple[Failure, ...] = ()
    successes: tuple[SuccessBucket, ...] = ()
    estimated: bool = False

    @cached_property
    def errors(self) -> int:
        """How many attempts failed, whatever the stage."""
        return sum(failure.count for failure in self.failures)

    @cached_property
    def succeeded(self) -> int:
        """How many attempts succeeded."""
        return sum(bucket.count for bucket in self.successes)

    @property
    def attempts(self) -> int:
        """All of them."""
        return self.errors + self.succeeded

    def within(self, begin: datetime, end: datetime) -> "Timeline":
        """The same from `begin` until before `end`; of hours at the edges, what is known to lie between."""
        successes = []
        for bucket in self.successes:
            moments = [at for at in success_moments([bucket]) if begin <= at < end]
            is_whole = begin <= bucket.first and bucket.last < end
            if moments:
                successes.append(bucket if is_whole else replace(bucket, count=len(moments)))
        failures = tuple(failure for failure in self.failures if begin <= failure.last < end)
        return Timeline(failures, tuple(successes))

    @property
    def at_the_provider(self) -> "Timeline":
        """The same without what failed on our own side, in storage or queue."""
        its = tuple(failure for failure in self.failures if failure.at_the_provider)
        return self if len(its) == len(self.failures) else replace(self, failures=its)


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
            for failure in _failures(bucket, mixed=False)
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
    failures = [
        failure
        for bucket in activity.errors
        for failure in _failures(bucket, mixed=bucket.hour in answered)
    ]
    failures.sort(key=lambda failure: (failure.last, failure.first, failure.kind))
    return Timeline(
        failures=tuple(failures),
        successes=tuple(sorted(activity.successes, key=lambda bucket: bucket.first)),
        estimated=any(bucket.count > len(bucket.samples) for bucket in activity.errors),
    )


def _failures(bucket: ErrorBucket, *, mixed: bool) -> Iterator[Failure]:
    """Let the samples of a bucket stand for all of it, so that the counts add up to the exact total.

    `mixed`: there were successes in the same hour. Then nobody knows that what a sample stands for
    came after them: it counts for itself in its place, and for the rest where the bucket begins.
    """
    if not bucket.samples:
        yield _failure(bucket, None, bucket.first, bucket.last, bucket.count)
        return
    share, left_over = divmod(bucket.count, len(bucket.samples))
    oldest = len(bucket.samples) - 1
    for index, sample in enumerate(bucket.samples):
        count = share + (left_over if index == oldest else 0)
        if mixed and count > 1:
            yield _failure(bucket, sample, bucket.first, bucket.first, count - 1)
            count = 1
        first = bucket.first if index == oldest and count > 1 else sample.at
        yield _failure(bucket, sample, min(first, sample.at), sample.at, count)


def _failure(
    bucket: ErrorBucket, sample: Sample | None, first: datetime, last: datetime, count: int
) -> Failure:
    """The provider answered in the later stages: there only a clear message says anything."""
    message, status = (sample.message, sample.http_status) if sample else ("", None)
    kind = bucket.stored_kind
    if bucket.stage is Stage.VALIDATE or (sample and bucket.stage.is_saving):
        status = kind = None
    return Failure(
        first,
        last,
        count,
        bucket.stage,
        bucket.stored_kind,
        _verdict(message, status, kind),
        internal_cause_of(sample, bucket.stage),
        sample,
    )


@lru_cache(maxsize=4096)
def _verdict(message: str, http_status: int | None, stored_kind: str | None) -> Verdict:
    return classify(message, http_status=http_status, stored_kind=stored_kind)


# --- runs of failures -----------------------------------------------------------------------------


@dataclass(frozen=True)  # without slots, as several rules ask for its kind
class FailureRun:
    """Consecutive failures of one model. `end`: the next answer, or None.

    An answer is a success, or a result that the provider gave and we could not store. `since` is
    earlier than the first of the failures where the run began before the windows at hand.
    """

    pair: ModelKey
    failures: tuple[Failure, ...]
    end: datetime | None
    since: datetime

    @property
    def begin(self) -> datetime:
        """When the first of them failed."""
        return min(failure.first for failure in self.failures)

    @property
    def newest(self) -> Failure:
        """The last of them."""
        return self.failures[-1]

    @property
    def count(self) -> int:
        """How many attempts failed."""
        return sum(failure.count for failure in self.failures)

    @cached_property
    def text(self) -> str:
        """Its newest message without the model's name."""
        return self.newest.message.replace(self.pair.model, "")

    @cached_property
    def kinds(self) -> frozenset[ErrorKind]:
        """All reasons."""
        return frozenset(failure.kind for failure in self.failures)

    @cached_property
    def kind(self) -> ErrorKind:
        """The reason of most, of the newer ones where there are equally many."""
        return kinds_of(reversed(self.failures)).most_common(1)[0][0]

    @property
    def is_summed(self) -> bool:
        """Whether one failure stands for all of it: what the older ones were is not known."""
        return len(self.failures) == 1 < self.count

    @property
    def _pauses(self) -> tuple[int, ...]:
        return RETRY_PAUSES.get(stored(self.newest.stored_kind), ())

    @property
    def retry_pause(self) -> timedelta:
        """How long the queue waits until it tries again; 0 where it does not."""
        its = self._pauses
        return timedelta(minutes=its[self.count - 1] if self.count <= len(its) else 0)

    @property
    def stored_as_permanent(self) -> bool:
        """Whether the queue never retries it, as it is stored, although such a failure passes."""
        may_stay = self.newest.verdict.rule == "no-route"  # where the base URL is wrong
        passes = RETRY_PAUSES.get(self.newest.kind) is MAY_PASS and not may_stay
        return passes and not self._pauses and self.newest.internal_cause is None

    def of(self, kinds: Collection[ErrorKind]) -> "FailureRun | None":
        """The same as far as it is of these kinds, if any of it is."""
        if self.kinds.isdisjoint(kinds):
            return None
        if self.kinds.issubset(kinds):
            return self
        ours = tuple(failure for failure in self.failures if failure.kind in kinds)
        return replace(self, failures=ours, since=min(failure.first for failure in ours))


def failure_runs(
    pair: ModelKey,
    failures: Sequence[Failure],
    successes: Iterable[SuccessBucket],
    since: datetime | None,
) -> tuple[FailureRun, ...]:
    """Cut the failures at every answer; one in the same millisecond counts as the later one.

    `since`: when the first of the runs began, if that was before these failures.
    """
    answers = [failure.last for failure in failures if failure.stage.is_saving]
    answers = sorted([*answers, *success_moments(successes)])
    by_answer: dict[int, list[Failure]] = defaultdict(list)
    for failure in sorted(failures, key=lambda failure: failure.last):
        if not failure.stage.is_saving:
            by_answer[bisect_left(answers, failure.last)].append(failure)
    runs = []
    for place, its in by_answer.items():
        end = answers[place] if place < len(answers) else None
        if end is None or not all(failure.lease_expired for failure in its):
            begin = min(failure.first for failure in its)
            runs.append(FailureRun(pair, tuple(its), end, since or begin))
    return tuple(runs)


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
