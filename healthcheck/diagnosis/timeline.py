"""The attempts of each pair in the order of time, each failure with its true kind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache

from healthcheck.activity import (
    Activity,
    ErrorBucket,
    ModelActivity,
    ModelKey,
    Sample,
    Stage,
    SuccessBucket,
    WindowActivity,
)
from healthcheck.diagnosis.causes import InternalCause, internal_cause_of
from healthcheck.taxonomy import ErrorKind, Verdict, classify

_MOMENTS_PER_BUCKET = 6
"""Successes of one hour beyond this many say nothing more about the order of things."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt, or several of the same hour that one sample stands for.

    `first` and `last` differ only where it stands for several. `sample` is None where the bucket
    has none of its own left.
    """

    first: datetime
    last: datetime
    count: int
    stage: Stage
    verdict: Verdict
    sample: Sample | None

    @property
    def kind(self) -> ErrorKind:
        """Its true kind."""
        return self.verdict.kind

    @property
    def internal_cause(self) -> InternalCause | None:
        """The cause on our own side that it states, if it does."""
        return internal_cause_of(self.sample, self.stage)


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

    @property
    def at_the_provider(self) -> "Timeline":
        """The same without what failed only when it was to be stored."""
        failures = tuple(f for f in self.failures if not f.stage.is_saving)
        return replace(self, failures=failures)


@dataclass(frozen=True, slots=True)
class Timelines:
    """All pairs of an activity, in its two windows."""

    current: Mapping[ModelKey, Timeline]
    previous: Mapping[ModelKey, Timeline]
    last_failures: Mapping[ModelKey, Failure] = field(default_factory=dict)
    """Of pairs not attempted in the window before: what failed since their newest success."""


def timelines(activity: Activity) -> Timelines:
    """Classify every failure of both windows."""
    return Timelines(
        _of_window(activity.current),
        _of_window(activity.previous),
        {
            pair: failure
            for pair, bucket in activity.last_failures.items()
            for failure in _failures(bucket, ModelActivity((bucket,)), mixed=False)
        },
    )


def success_moments(buckets: Iterable[SuccessBucket]) -> Iterator[datetime]:
    """When attempts succeeded; first and last of an hour are exact, those between are spread."""
    for bucket in buckets:
        moments = min(bucket.count, _MOMENTS_PER_BUCKET)
        if moments == 1:
            yield bucket.last
        else:
            step = (bucket.last - bucket.first) / (moments - 1)
            yield from (bucket.first + i * step for i in range(moments))


def _of_window(window: WindowActivity) -> dict[ModelKey, Timeline]:
    return {pair: _timeline(activity) for pair, activity in window.pairs.items()}


def _timeline(activity: ModelActivity) -> Timeline:
    answered = {bucket.hour for bucket in activity.successes}
    failures = [
        failure
        for bucket in activity.errors
        for failure in _failures(bucket, activity, mixed=bucket.hour in answered)
    ]
    failures.sort(key=lambda failure: (failure.last, failure.first, failure.kind))
    return Timeline(
        failures=tuple(failures),
        successes=tuple(sorted(activity.successes, key=lambda bucket: bucket.first)),
        estimated=any(bucket.count > len(bucket.samples) for bucket in activity.errors),
    )


def _failures(bucket: ErrorBucket, activity: ModelActivity, *, mixed: bool) -> Iterator[Failure]:
    """Let the samples of a bucket stand for all of it, so that the counts add up to the exact total.

    `mixed`: there were successes in the same hour. Then nobody knows that what a sample stands for
    came after them: it counts for itself in its place, and for the rest where the bucket begins.
    """
    if not bucket.samples:
        verdict = _verdict_nearby(bucket, activity.errors)
        yield Failure(bucket.first, bucket.last, bucket.count, bucket.stage, verdict, None)
        return
    share, left_over = divmod(bucket.count, len(bucket.samples))
    oldest = len(bucket.samples) - 1
    for index, sample in enumerate(bucket.samples):
        count = share + (left_over if index == oldest else 0)
        verdict = _verdict_of(bucket, sample)
        if mixed and count > 1:
            yield Failure(bucket.first, bucket.first, count - 1, bucket.stage, verdict, sample)
            count = 1
        first = bucket.first if index == oldest and count > 1 else sample.at
        yield Failure(min(first, sample.at), sample.at, count, bucket.stage, verdict, sample)


def _verdict_nearby(bucket: ErrorBucket, buckets: tuple[ErrorBucket, ...]) -> Verdict:
    """What the nearest hour says of the same stored kind and stage, else the stored kind alone."""
    alike = [
        other
        for other in buckets
        if other.samples and (other.stored_kind, other.stage) == (bucket.stored_kind, bucket.stage)
    ]
    if alike:
        nearest = min(alike, key=lambda other: (abs(other.hour - bucket.hour), other.hour))
        return _verdict_of(nearest, nearest.samples[0])
    return _verdict("", None, None if bucket.stage is Stage.VALIDATE else bucket.stored_kind)


def _verdict_of(bucket: ErrorBucket, sample: Sample) -> Verdict:
    """The provider answered in the later stages: there only a clear message says anything."""
    if bucket.stage is Stage.VALIDATE or bucket.stage.is_saving:
        return _verdict(sample.message, None, None)
    return _verdict(sample.message, sample.http_status, bucket.stored_kind)


@lru_cache(maxsize=4096)
def _verdict(message: str, http_status: int | None, stored_kind: str | None) -> Verdict:
    return classify(message, http_status=http_status, stored_kind=stored_kind)
