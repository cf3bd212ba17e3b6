"""Runs of failures: what a pair met from one answer to the next."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from healthcheck.activity import ModelKey, SuccessBucket
from healthcheck.diagnosis.thresholds import COPIES_WITHIN
from healthcheck.diagnosis.timeline import Failure, Timeline, success_moments
from healthcheck.taxonomy import ErrorKind


@dataclass(frozen=True, slots=True)
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

    @property
    def kind(self) -> ErrorKind:
        """The reason of most, of the newer ones where there are equally many."""
        kinds = kinds_of(self.failures)
        newest_first = [failure.kind for failure in reversed(self.failures)]
        return max(kinds, key=lambda kind: (kinds[kind], -newest_first.index(kind)))

    def of(self, kinds: Collection[ErrorKind]) -> "FailureRun | None":
        """The same as far as it is of these kinds, if any of it is."""
        ours = tuple(failure for failure in self.failures if failure.kind in kinds)
        if not ours:
            return None
        begin = min(failure.first for failure in ours)
        is_older = self.since < self.begin
        return replace(self, failures=ours, since=self.since if is_older else begin)


def failure_runs(
    pair: ModelKey,
    failures: Sequence[Failure],
    successes: Iterable[SuccessBucket],
    since: datetime | None,
) -> tuple[FailureRun, ...]:
    """Cut the failures at every answer; one in the same millisecond counts as the later one.

    `since`: when the first of the runs began, if that was before these failures.
    """
    moments = [(failure.last, failure.stage.is_saving, i) for i, failure in enumerate(failures)]
    moments += [(moment, True, 0) for moment in success_moments(successes)]
    runs: list[FailureRun] = []
    current: list[Failure] = []

    def close(end: datetime | None) -> None:
        if current and (end is None or not all(failure.lease_expired for failure in current)):
            begin = min(failure.first for failure in current)
            runs.append(FailureRun(pair, tuple(current), end, since or begin))
        current.clear()

    for moment, is_answer, index in sorted(moments):
        if is_answer:
            close(moment)
        else:
            current.append(failures[index])
    close(None)
    return tuple(runs)


def distinct(line: Timeline) -> Iterator[Failure]:
    """The failures of a line, where copies of one within a second are one.

    Only where every failure is at hand: a sample that stands for others has no moment of its own.
    """
    newest: dict[str, datetime] = {}
    for failure in line.failures:
        message = failure.sample.message if failure.sample and not line.estimated else ""
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


def newest_with_message(
    failures: Sequence[Failure], kind: ErrorKind | None = None
) -> Failure | None:
    """The newest failure (of that kind) that has a message of its own."""
    with_message = [f for f in failures if f.sample is not None and kind in {None, f.kind}]
    return with_message[-1] if with_message else None
