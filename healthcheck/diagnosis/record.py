"""What is known of each model at the end of a window: its attempts, its runs of failures, its history."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median_low

from healthcheck.activity import (
    BASELINE_WINDOWS,
    UNKNOWN_NAME,
    Activity,
    AttemptCounts,
    ModelKey,
    Window,
)
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import OF_THE_PROVIDER
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.timeline import (
    Failure,
    FailureRun,
    Timeline,
    Timelines,
    distinct,
    failure_runs,
    success_moments,
)
from healthcheck.taxonomy import ErrorKind


class Record(Timeline):
    """A published model as it stands at the end of `window`, and its timeline in it.

    Failures to save a result are left out.

    Its windows are `recent`, this one and the one before, where its failures are known one by one, from
    `runs_from` on; `older`, those before, newest first; and `baseline`, the attempts that this one is
    compared with: without the window before, which is judged by the same. `history_length`: how far
    back attempts are known at all.

    `run`: its failures since the last answer, where the newest attempt failed. `last_answer` is its last
    success, or a result that could not be saved.

    `entry` is what the catalog says of it; `added_at` is when it was enabled, if that was lately and it
    has not succeeded since; `successor`, where that does not run yet. `expected`: the service should be attempting it. `idle_since` is its last
    attempt, or when it was enabled since then, as far as that is known; `idle_for` goes back to it, or
    as far as attempts are known. `interval`: how often it is usually
    attempted; 0 where nothing tells. `needs_requeue`: its retries ended by what most of its provider
    met, and others that met it succeed again.
    """

    def __init__(
        self,
        pair: ModelKey,
        window: Window,
        activity: Activity,
        lines: Sequence[Timeline],
        last_failure: Failure | None,
    ) -> None:
        """`lines`: of the windows at hand, this one last."""
        by_window = [list(distinct(line)) for line in lines]
        now = [failure for failure in by_window[-1] if not failure.is_saving]
        super().__init__(now, lines[-1].successes)
        self.pair, self.window = pair, window
        self.recent = [line.at_the_provider for line in reversed(lines)]
        self.runs_from = window.until - len(lines) * window.length
        self.older = activity.baseline.get(pair) or (AttemptCounts(),) * BASELINE_WINDOWS
        self.baseline = sum(self.older[2 - len(lines) :], AttemptCounts())
        begin = activity.previous.window.since - BASELINE_WINDOWS * window.length
        known_from = max(begin, activity.reaches_back_to or begin)
        self.history_length = window.until - known_from

        successes = [bucket for line in lines for bucket in line.successes]
        self.last_success = newest(
            [bucket.last for bucket in successes]
            + [counts.last_success for counts in self.older]
            + [(activity.last_success or {}).get(pair)]
        )
        self.knows_all_successes = activity.last_success is not None
        failures = [last_failure] if last_failure else []
        failures += [failure for its in by_window for failure in its]
        saving = [failure.last for failure in failures if failure.is_saving]
        self.last_answer = newest([self.last_success, *saving])
        failed_before = [counts.last_error for counts in self.older if counts.last_error]
        self.last_attempt = newest(
            [self.last_success, *failed_before, *(failure.last for failure in failures)]
        )
        # Of a window of the baseline, only the last failure is known.
        last = self.last_answer
        since = min((at for at in failed_before if last is None or at > last), default=None)
        answers = [*saving, *success_moments(successes), self.last_success]
        self.runs = failure_runs(pair, failures, answers, since)
        self.run = self.runs[-1] if self.runs and self.runs[-1].end is None else None
        self.tried = self.attempts > 0 or self.run is not None

        catalog = activity.catalog or {}
        self.entry = entry = catalog.get(pair)
        follower = catalog.get(pair._replace(model=entry.successor or "")) if entry else None
        self.successor = entry.successor if entry and not (follower and follower.runs) else None
        attempts = sum(its.attempts for its in self.older) + sum(line.attempts for line in lines)
        is_known = UNKNOWN_NAME not in pair and attempts >= limits.EXPECTED_MIN_ATTEMPTS
        self.expected = (entry is not None and entry.runs) if catalog else is_known
        at = entry.enabled_at if entry else None
        enabled_lately = at if at and at > known_from else None
        self.added_at = None if self.last_success else enabled_lately
        self.idle_since = newest([self.last_attempt, enabled_lately])
        self.idle_for = window.until - (self.idle_since or known_from)
        self.interval = _interval(window, lines[:-1], self.older)
        self.needs_requeue = False

    @property
    def _turn(self) -> timedelta:
        """Its interval, or what lay between two successes: a slow scheduler is not a stopped one."""
        if self.succeeded <= 1:
            return self.interval
        span = self.successes[-1].last - self.successes[0].first
        return max(self.interval, span / (self.succeeded - 1))

    def missed(self, intervals: int) -> bool:
        """Whether its turn came so many times, and it was not attempted."""
        return self.expected and self.idle_for >= max(intervals * self._turn, limits.MIN_QUIET)

    @property
    def retries_exhausted(self) -> bool:
        """Whether the queue will not try it again: the pause is over, and its turn came twice."""
        if self.run is None or not self.expected:
            return False
        turns = limits.GIVEN_UP_INTERVALS * self._turn or limits.MIN_QUIET
        return self.idle_for >= self.run.retry_pause + turns

    @property
    def not_attempted(self) -> bool:
        """Whether it should have been attempted several times and was not, failed or not."""
        return self.missed(limits.LOSS_INTERVALS)

    def fails_after(self, moment: datetime) -> bool:
        """Whether it failed since then, and has not succeeded since."""
        return self.run is not None and self.run.newest.last > moment

    @property
    def lost_time(self) -> timedelta:
        """How long in the window it failed, until the next answer, or is not attempted by now."""
        since, until = self.window.since, self.window.until
        spans = [(max(run.begin, since), min(run.end or until, until)) for run in self.runs]
        if self.not_attempted and self.run is None:
            spans.append((max(self.last_attempt or since, since), until))
        return sum((end - begin for begin, end in spans if end > begin), timedelta())

    def failed_near(self, moment: datetime) -> bool:
        """Whether it failed about then, as far as that is known."""
        known = [counts.last_error for counts in self.older if counts.last_error]
        known += [run.since for run in self.runs]
        return any(abs(at - moment) <= limits.ONSET_REACH for at in known)

    def met(self, other: FailureRun) -> bool:
        """Whether it failed about then with the message of that run, as far as it names no model."""
        near = [run for run in self.runs if abs(run.since - other.since) <= limits.ONSET_REACH]
        return bool(other.newest.message) and other.text in [run.text for run in near]

    def fails_mostly_by(self, kinds: Collection[ErrorKind]) -> bool:
        """Whether most of the failures of the window are of these kinds."""
        return 2 * sum(f.count for f in self.failures if f.kind in kinds) >= self.errors

    def alternates(self, kinds: Collection[ErrorKind]) -> bool:
        """Whether it failed for that, answered and failed again, several times in the window."""
        turns = [run for run in self.runs if run.kind in kinds]
        return sum(run.newest.last >= self.window.since for run in turns) >= limits.TURNS


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    """The last of them, where any is known."""
    return max(filter(None, moments), default=None)


def longest_wait(records: Iterable[Record], intervals: int) -> timedelta:
    """So many usual intervals of a model: of hundreds, none had its turn for so long."""
    usual = median_low([record.interval for record in records] or [timedelta()])
    return max(intervals * usual, limits.MIN_QUIET)


# --- how records are made ------------------------------------------------------------------------


def records(
    activity: Activity, lines: Timelines, *, before: bool = False
) -> dict[ModelKey, Record]:
    """Every published model that was attempted in the two windows or is expected to be.

    `before`: as it stood at the end of the window before.
    """
    windows = [lines.previous] if before else [lines.previous, lines.current]
    window = activity.previous.window if before else activity.current.window
    pairs = {pair for each in windows for pair in each}
    pairs |= {pair for pair, entry in (activity.catalog or {}).items() if entry.runs}
    made = {}
    for pair in filter(publication(activity, lines), sorted(pairs)):
        its_lines = [each.get(pair, Timeline()) for each in windows]
        last_failure = lines.last_failures.get(pair)
        made[pair] = Record(pair, window, activity, its_lines, last_failure)
    for its in by_provider(made.values()).values():
        # For models without a history: the interval of most at the provider.
        usual = median_low([r.interval for r in its if r.interval] or [timedelta()])
        for record in its:
            record.interval = record.interval or usual
            record.needs_requeue = _needs_requeue(record, its, made.values())
    return made


def by_provider(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Those of each provider; `records` are in the order of their names."""
    return {name: list(its) for name, its in groupby(records, lambda record: record.pair.provider)}


def _needs_requeue(
    record: Record, of_provider: Sequence[Record], everywhere: Collection[Record]
) -> bool:
    """Whether most of its provider failed with it, and others that met the same are well again.

    What is not of a provider is the same where the message is, at whatever provider and for however few.
    """
    run = record.run
    if run is None or not record.retries_exhausted:
        return False
    if run.kind not in OF_THE_PROVIDER:
        return _well_again(run, (r for r in everywhere if r.met(run))) >= limits.SAME_AGAIN
    together = [other for other in of_provider if other.failed_near(run.since)]
    return 2 * len(together) >= len(of_provider) and _well_again(run, together) > 0


def _well_again(run: FailureRun, others: Iterable[Record]) -> int:
    """How many of these have succeeded since the run's newest failure, and do not fail."""
    well = [record.last_success for record in others if record.run is None]
    return sum(at is not None and at > run.newest.last for at in well)


def _interval(
    window: Window, earlier: Sequence[Timeline], baseline: Sequence[AttemptCounts]
) -> timedelta:
    """Usual is that with most attempts: one of failures, or of an outage, says nothing.

    The window before counts from its first attempt: its data may begin there.
    """
    known = [(window.length, counts.attempts) for counts in baseline]
    for line in earlier:
        firsts = [failure.first for failure in line.failures]
        firsts += [bucket.first for bucket in line.successes]
        known.append((window.since - min(firsts, default=window.since), line.attempts))
    enough = [span / count for span, count in known if count >= limits.EXPECTED_MIN_ATTEMPTS]
    return min(enough, default=timedelta())
