"""What is known of one pair at the end of a window: its attempts, its runs, its history."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from healthcheck.activity import (
    OTHER,
    Activity,
    CatalogueEntry,
    Pair,
    Stage,
    SuccessCell,
    Tally,
    Window,
)
from healthcheck.diagnosis.timeline import Failure, Timeline, Timelines, success_moments
from healthcheck.taxonomy import ErrorKind


@dataclass(frozen=True, slots=True)
class Stretch:
    """Failures of a pair with no answer between them. `end`: the answer after, None while none.

    An answer is a success, or a result that the provider gave and we could not store.
    """

    failures: tuple[Failure, ...]
    end: datetime | None

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

    def of(self, kind: ErrorKind) -> int:
        """How many failed for that reason."""
        return sum(failure.count for failure in self.failures if failure.kind is kind)

    def kinds(self) -> Counter[ErrorKind]:
        """How many failed for each reason."""
        return kinds_of(self.failures)

    @property
    def kind(self) -> ErrorKind:
        """The reason of most, of the newer ones where there are equally many."""
        kinds = self.kinds()
        newest_first = [failure.kind for failure in reversed(self.failures)]
        return max(kinds, key=lambda kind: (kinds[kind], -newest_first.index(kind)))

    def is_mostly(self, kind: ErrorKind) -> bool:
        """Whether at least half of them failed for that reason."""
        return 2 * self.of(kind) >= self.count

    def newest_of(self, kind: ErrorKind | None) -> Failure | None:
        """The last one that failed for that reason and has a message of its own."""
        return newest_with_message(self.failures, kind)


@dataclass(frozen=True, slots=True)
class History:
    """Attempts before a run of failures."""

    failed: int
    tried: int


@dataclass(frozen=True, slots=True)
class Record:
    """A pair as it stands at the end of `window`; failures to store a result are left out.

    `failures` and `successes` are those of the window, `stretches` reach into the window before
    where there is one. `last_success` and `last_attempt` are the newest that are known at all,
    `last_answer` counts results that could not be stored as well. `failing_since` is set where the
    run at the end began before the windows at hand: it had begun by then.
    """

    pair: Pair
    window: Window
    entry: CatalogueEntry | None
    failures: tuple[Failure, ...]
    successes: tuple[SuccessCell, ...]
    stretches: tuple[Stretch, ...]
    baseline: History
    before_run: History
    last_success: datetime | None
    last_answer: datetime | None
    last_attempt: datetime | None
    failing_since: datetime | None
    knows_all_successes: bool

    @property
    def errors(self) -> int:
        """Failed attempts in the window."""
        return sum(failure.count for failure in self.failures)

    @property
    def succeeded(self) -> int:
        """Successful attempts in the window."""
        return sum(cell.count for cell in self.successes)

    @property
    def attempts(self) -> int:
        """All attempts in the window."""
        return self.errors + self.succeeded

    @property
    def disabled(self) -> bool:
        """Whether the catalogue has switched it off."""
        return self.entry is not None and self.entry.enabled is False

    @property
    def run(self) -> Stretch | None:
        """The failures since the last success, where the newest attempt failed."""
        if self.stretches and self.stretches[-1].end is None:
            return self.stretches[-1]
        return None

    def of(self, kind: ErrorKind) -> int:
        """Failures of that kind in the window."""
        return sum(failure.count for failure in self.failures if failure.kind is kind)


def records(activity: Activity, lines: Timelines) -> dict[Pair, Record]:
    """Every pair that was attempted in the current window or the one before."""
    pairs = {*lines.current, *lines.previous} - {OTHER}
    return {
        pair: _record(
            pair,
            activity.current.window,
            activity,
            [lines.previous.get(pair, Timeline()), lines.current.get(pair, Timeline())],
        )
        for pair in sorted(pairs)
    }


def records_before(activity: Activity, lines: Timelines) -> dict[Pair, Record]:
    """The same, as it stood at the end of the window before."""
    return {
        pair: _record(pair, activity.previous.window, activity, [line])
        for pair, line in sorted(lines.previous.items())
        if pair != OTHER
    }


def kinds_of(failures: Sequence[Failure]) -> Counter[ErrorKind]:
    """How many attempts failed for each reason."""
    kinds: Counter[ErrorKind] = Counter()
    for failure in failures:
        kinds[failure.kind] += failure.count
    return kinds


def newest_with_message(
    failures: Sequence[Failure], kind: ErrorKind | None = None
) -> Failure | None:
    """The newest failure (of that kind) that has a message of its own."""
    return next(
        (
            failure
            for failure in reversed(failures)
            if failure.sample is not None and (kind is None or failure.kind is kind)
        ),
        None,
    )


def _record(pair: Pair, window: Window, activity: Activity, lines: Sequence[Timeline]) -> Record:
    entry = _entry(activity.catalogue, pair)
    tallies = activity.baseline.get(pair, ())
    everything = [failure for line in lines for failure in line.failures]
    failures = [failure for failure in everything if failure.stage is not Stage.LOG]
    unstored = [failure for failure in everything if failure.stage is Stage.LOG]
    successes = [cell for line in lines for cell in line.successes]
    older = (activity.last_success or {}).get(pair)
    last_success = _newest(
        [cell.last for cell in successes]
        + [tally.last_success for tally in tallies]
        + [older if older and older < window.until else None]
    )
    last_attempt = _newest(
        [failure.last for failure in everything]
        + [tally.last_error for tally in tallies]
        + [last_success]
    )
    last_answer = _newest([last_success] + [failure.last for failure in unstored])
    stretches = _stretches(failures, successes, unstored)
    return Record(
        pair=pair,
        window=window,
        entry=entry,
        failures=tuple(f for f in lines[-1].failures if f.stage is not Stage.LOG),
        successes=lines[-1].successes,
        stretches=stretches,
        baseline=History(
            sum(tally.errors for tally in tallies),
            sum(tally.errors + tally.successes for tally in tallies),
        ),
        before_run=_before_run(stretches, failures, successes, tallies),
        last_success=last_success,
        last_answer=last_answer,
        last_attempt=last_attempt,
        failing_since=None if successes or unstored else _failing_since(tallies),
        knows_all_successes=activity.last_success is not None,
    )


def _entry(catalogue: Mapping[Pair, CatalogueEntry] | None, pair: Pair) -> CatalogueEntry | None:
    return None if catalogue is None else catalogue.get(pair)


def _newest(moments: Sequence[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _failing_since(tallies: Sequence[Tally]) -> datetime | None:
    """The oldest failure that is known of a run that goes back into the baseline."""
    since = None
    for tally in tallies:
        if tally.successes:
            break
        since = tally.last_error or since
    return since


def _stretches(
    failures: Sequence[Failure],
    successes: Sequence[SuccessCell],
    unstored: Sequence[Failure],
) -> tuple[Stretch, ...]:
    """Cut the failures at every answer; one in the same millisecond counts as the later one."""
    moments = [(failure.last, 0, index) for index, failure in enumerate(failures)]
    moments += [(moment, 1, 0) for moment in success_moments(successes)]
    moments += [(failure.last, 1, 0) for failure in unstored]
    stretches, current = [], []
    for moment, answered, index in sorted(moments):
        if not answered:
            current.append(failures[index])
        elif current:
            stretches.append(Stretch(tuple(current), moment))
            current = []
    if current:
        stretches.append(Stretch(tuple(current), None))
    return tuple(stretches)


def _before_run(
    stretches: Sequence[Stretch],
    failures: Sequence[Failure],
    successes: Sequence[SuccessCell],
    tallies: Sequence[Tally],
) -> History:
    """The attempts up to the last success before the run at the end.

    Where the windows at hand have no success, those windows of the baseline that have none are
    part of the run as well, and tell nothing of what was usual before it.
    """
    in_run = stretches[-1].count if stretches and stretches[-1].end is None else 0
    failed = sum(failure.count for failure in failures) - in_run
    succeeded = sum(cell.count for cell in successes)
    usual = list(tallies)
    if not succeeded:
        while usual and not usual[0].successes:
            usual.pop(0)
    return History(
        failed + sum(tally.errors for tally in usual),
        failed + succeeded + sum(tally.errors + tally.successes for tally in usual),
    )
