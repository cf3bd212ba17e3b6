"""What is known of one pair at the end of a window: its attempts, its runs, its history."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median_low

from healthcheck.activity import (
    BASELINE_WINDOWS,
    OTHER,
    UNKNOWN_NAME,
    Activity,
    AttemptCounts,
    CatalogEntry,
    ModelKey,
    SuccessBucket,
    Window,
)
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import OF_THE_PROVIDER, RETRIED
from healthcheck.diagnosis.failure_run import FailureRun, distinct, failure_runs
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.timeline import Failure, Timeline, Timelines
from healthcheck.taxonomy import ErrorKind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Timeline):
    """A published pair as it stands at the end of `window`; failures to save a result are left out.

    It is the timeline of the window; `runs` reach back to `runs_from`, into the window before where
    there is one; of `older_failures` only the last of each window is known, and no kind.
    `half_failed_since`: where half of this window's attempts failed, the first known failure of all
    windows in a row that were as bad. `last_success` and `last_attempt` are the newest that are known at all, `last_answer` counts
    results that could not be saved as well. `expected`: the service should be attempting it, every
    `interval` as far as that is known. `spacing` is what lay between two successes of this window:
    a slow scheduler is not a stopped one. `usual_pause`: how long it had not been attempted at this
    time a week ago. `history_length`: how far back attempts are known at all. `needs_requeue`: it was given up
    for what most of its provider met, and others that met it succeed again.
    """

    pair: ModelKey
    window: Window
    entry: CatalogEntry | None
    runs: tuple[FailureRun, ...]
    runs_from: datetime
    older_failures: tuple[datetime, ...]
    baseline: AttemptCounts
    before_run: AttemptCounts
    half_failed_since: datetime | None
    last_success: datetime | None
    last_answer: datetime | None
    last_attempt: datetime | None
    knows_all_successes: bool
    expected: bool
    interval: timedelta
    spacing: timedelta
    usual_pause: timedelta
    history_length: timedelta
    needs_requeue: bool = False

    @property
    def idle_for(self) -> timedelta:
        """How long it has not been attempted, since it was enabled at the most."""
        known = [moment for moment in (self.last_attempt, self.enabled_at) if moment]
        return self.window.until - max(known) if known else self.history_length

    @property
    def enabled_at(self) -> datetime | None:
        """When the catalog enabled it, as far as it says so."""
        return self.entry.enabled_at if self.entry else None

    def missed(self, intervals: int) -> bool:
        """Whether its turn came so many times, and it was not attempted; not where it always rests."""
        longest_wait = max(intervals * max(self.interval, self.spacing), limits.MIN_QUIET)
        rest = self.usual_pause if self.usual_pause >= longest_wait else timedelta()
        return self.expected and self.idle_for >= longest_wait + rest

    @property
    def untried(self) -> bool:
        """Whether nothing was tried since it failed, although its turn came twice."""
        return self.run is not None and self.missed(limits.GIVEN_UP_INTERVALS)

    @property
    def retries_exhausted(self) -> bool:
        """Whether the queue will not try it again: what may pass it tries after a pause."""
        if self.run is None or not self.untried:
            return False
        return self.idle_for >= limits.RETRIED_WITHIN or self.run.kind not in RETRIED

    @property
    def not_attempted(self) -> bool:
        """Whether it should have been attempted several times and was not, failed or not."""
        return self.missed(limits.LOSS_INTERVALS)

    @property
    def tried(self) -> bool:
        """Whether anything is known of how it answers now."""
        return self.attempts > 0 or self.run is not None

    @property
    def run(self) -> FailureRun | None:
        """The failures since the last success, where the newest attempt failed."""
        return self.runs[-1] if self.runs and self.runs[-1].end is None else None

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
        known = [*self.older_failures, *(run.since for run in self.runs)]
        return any(abs(at - moment) <= limits.ONSET_REACH for at in known)

    def fails_mostly_by(self, kinds: Collection[ErrorKind]) -> bool:
        """Whether most of the failures of the window are of these kinds."""
        return 2 * sum(f.count for f in self.failures if f.kind in kinds) >= self.errors

    def fails_in_turn(self, kinds: Collection[ErrorKind]) -> bool:
        """Whether it failed for that, answered and failed again, several times in the window."""
        turns = [run for run in self.runs if run.kind in kinds]
        return sum(run.newest.last >= self.window.since for run in turns) >= limits.TURNS


def records(
    activity: Activity, lines: Timelines, *, before: bool = False
) -> dict[ModelKey, Record]:
    """Every published pair that was attempted in the two windows or is expected to be.

    `before`: as it stood at the end of the window before.
    """
    windows = [lines.previous] if before else [lines.previous, lines.current]
    window = activity.previous.window if before else activity.current.window
    pairs = {pair for each in windows for pair in each} - {OTHER}
    pairs |= {pair for pair, entry in (activity.catalog or {}).items() if entry.runs}
    is_published = publication(activity)
    made = {
        pair: _record(
            pair,
            window,
            activity,
            [each.get(pair, Timeline()) for each in windows],
            lines.last_failures.get(pair),
        )
        for pair in sorted(pairs)
        if is_published(pair)
    }
    usual = _usual_intervals(made.values())
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for pair, record in made.items():
        interval = record.interval or usual[pair.provider]
        by_provider[pair.provider].append(replace(record, interval=interval))
    return {
        record.pair: replace(record, needs_requeue=_needs_requeue(record, its))
        for its in by_provider.values()
        for record in its
    }


def week_ago(activity: Activity, window: Window) -> int:
    """Which window of the baseline is a week, or seven windows, before: it begins two back."""
    return 5 if window == activity.current.window else 6


def _needs_requeue(record: Record, of_provider: Sequence[Record]) -> bool:
    run = record.run
    if run is None or not record.retries_exhausted or run.kind not in OF_THE_PROVIDER:
        return False
    together = [other for other in of_provider if other.failed_near(run.since)]
    well = [r.last_success for r in together if r.run is None and r.last_success]
    return 2 * len(together) >= len(of_provider) and any(at > run.newest.last for at in well)


def _usual_intervals(records: Iterable[Record]) -> dict[str, timedelta]:
    """For models without a history: the interval of most at the provider, else of most at all."""
    by_provider: dict[str, list[timedelta]] = defaultdict(list)
    for record in records:
        by_provider[record.pair.provider] += [record.interval] if record.interval else []
    fallback = [interval for its in by_provider.values() for interval in its] or [timedelta()]
    return {name: median_low(its or fallback) for name, its in by_provider.items()}


def _record(
    pair: ModelKey,
    window: Window,
    activity: Activity,
    lines: Sequence[Timeline],
    last_failure: Failure | None,
) -> Record:
    tallies = activity.baseline.get(pair, ())
    successes = [cell for line in lines for cell in line.successes]
    last_success = _last_success(pair, activity, successes, window)
    failures = [failure for line in lines for failure in distinct(line)]
    if last_failure and (successes or not last_success or last_success < last_failure.last):
        failures.insert(0, last_failure)
    else:
        last_failure = None  # none, or of another spelling of the name
    answered = [failure.last for failure in failures if failure.stage.is_saving]
    since = None if successes or answered else _failing_since(tallies, last_failure)
    runs = failure_runs(pair, failures, successes, since)
    last_attempt = _newest(
        [last_success]
        + [failure.last for failure in failures]
        + [tally.last_error for tally in tallies]
    )
    attempted = [tally.attempts for tally in tallies]
    attempted += [line.attempts for line in lines[:-1]]
    # The most of its days: one of failures, or of an outage, says nothing of what is usual.
    usual = max(attempted, default=0)
    return Record(
        pair=pair,
        window=window,
        entry=(activity.catalog or {}).get(pair),
        failures=tuple(f for f in distinct(lines[-1]) if not f.stage.is_saving),
        successes=lines[-1].successes,
        runs=runs,
        runs_from=window.until - len(lines) * window.length,
        older_failures=tuple(tally.last_error for tally in tallies if tally.last_error),
        baseline=_summed(tallies),
        before_run=_before_run(runs, failures, successes, tallies),
        half_failed_since=_half_failed_since(lines, tallies),
        last_success=last_success,
        last_answer=_newest([last_success, *answered]),
        last_attempt=last_attempt,
        knows_all_successes=activity.last_success is not None,
        expected=_is_expected(pair, activity, sum(attempted) + lines[-1].attempts),
        interval=window.length / usual if usual >= limits.EXPECTED_MIN_ATTEMPTS else timedelta(),
        spacing=_spacing(lines[-1].successes),
        usual_pause=_usual_pause(pair, activity, window, last_attempt),
        history_length=_history_length(activity, window),
    )


def _last_success(
    pair: ModelKey, activity: Activity, successes: Iterable[SuccessBucket], window: Window
) -> datetime | None:
    older = (activity.last_success or {}).get(pair)
    return _newest(
        [cell.last for cell in successes]
        + [tally.last_success for tally in activity.baseline.get(pair, ())]
        + [older if older and older < window.until else None]
    )


def _history_length(activity: Activity, window: Window) -> timedelta:
    begin = activity.previous.window.since - BASELINE_WINDOWS * activity.current.window.length
    return window.until - max(begin, activity.reaches_back_to or begin)


def _spacing(successes: Sequence[SuccessBucket]) -> timedelta:
    count = sum(cell.count for cell in successes)
    if count <= 1:
        return timedelta()
    first, last = min(cell.first for cell in successes), max(cell.last for cell in successes)
    return (last - first) / (count - 1)


def _usual_pause(
    pair: ModelKey, activity: Activity, window: Window, last_attempt: datetime | None
) -> timedelta:
    """How long it had not been attempted at this time a week ago, by the two days before that.

    Only a rest of a day or more is a habit: an outage of hours a week ago must not hide one of today.
    For the window before, only one of the days is known: a rest that has ended may have been longer.
    """
    week = week_ago(activity, window)
    after, *tallies = activity.baseline.get(pair, ())[week - 1 :] or [AttemptCounts()]
    then = window.until - BASELINE_WINDOWS * window.length
    if not tallies or window.length % DAY or not last_attempt or last_attempt <= then:
        return timedelta()
    attempted = _newest(at for t in tallies for at in (t.last_error, t.last_success))
    if attempted:
        pause = then - attempted
        return pause if pause >= DAY or not after.attempts else timedelta()
    has_ended = window != activity.current.window and pair in activity.current.pairs
    return BASELINE_WINDOWS * DAY if has_ended else timedelta()


def _is_expected(pair: ModelKey, activity: Activity, attempts: int) -> bool:
    """By the catalog, where there is one; else what was more than a stray document."""
    if activity.catalog:
        entry = activity.catalog.get(pair)
        return entry is not None and entry.runs
    return UNKNOWN_NAME not in pair and attempts >= limits.EXPECTED_MIN_ATTEMPTS


def _newest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _failing_since(
    tallies: Sequence[AttemptCounts], last_failure: Failure | None
) -> datetime | None:
    """When a run of failures began that goes back into the baseline, as near as its counts tell.

    A window of the baseline knows its last failure only, which may end a whole day of them. Where the
    newest success is in the same window, or in the one before it, the run began right after that.
    """
    if last_failure:
        return last_failure.first
    since, follows = None, False
    for tally in tallies:
        succeeded = tally.last_success
        if tally.last_error and (succeeded is None or tally.last_error > succeeded):
            since, follows = tally.last_error, True
        elif not tally.attempts:
            follows = False
        if succeeded:
            return succeeded if since and follows else since
    return since


def _half_failed_since(
    lines: Sequence[Timeline], tallies: Sequence[AttemptCounts]
) -> datetime | None:
    at_providers = [line.at_the_provider for line in reversed(lines)]
    since = None
    for line in at_providers:
        if not _is_half(line.errors, line.attempts):
            return since
        since = line.failures[0].first
    for tally in tallies:
        if not _is_half(tally.errors, tally.attempts):
            return since
        since = tally.last_error
    return since


def _is_half(failed: int, tried: int) -> bool:
    return failed >= max(limits.DEGRADED_MIN_ERRORS, limits.HALF * tried)


def _before_run(
    runs: Sequence[FailureRun],
    failures: Sequence[Failure],
    successes: Sequence[SuccessBucket],
    tallies: Sequence[AttemptCounts],
) -> AttemptCounts:
    """The attempts up to the last success before the run at the end.

    A window of the baseline without any success may be part of the run, and is left out.
    """
    in_run = runs[-1].count if runs and runs[-1].end is None else 0
    failed = sum(failure.count for failure in failures if not failure.stage.is_saving) - in_run
    succeeded = sum(cell.count for cell in successes)
    older = _summed([tally for tally in tallies if tally.successes])
    return AttemptCounts(failed + older.errors, succeeded + older.successes)


def _summed(tallies: Collection[AttemptCounts]) -> AttemptCounts:
    return AttemptCounts(
        sum(tally.errors for tally in tallies), sum(tally.successes for tally in tallies)
    )


def newest_success(records: Iterable[Record]) -> datetime | None:
    """When any of them succeeded last, as far as that is known."""
    return _newest(record.last_success for record in records)


def is_back_to_usual(
    records: Sequence[Record], kinds: Collection[ErrorKind], since: datetime, until: datetime
) -> bool:
    """Whether, after trouble from `since` to `until`, these fail no more often than they usually do.

    Without failures since, so many successes must be rare had it gone on as before.
    """
    ours = [f for r in records for f in r.failures if f.kind in kinds]
    cells = [cell for record in records for cell in record.successes]
    again = sum(failure.count for failure in ours if failure.last > until)
    well = sum(cell.count for cell in cells if cell.first >= until)
    if again >= limits.DEGRADED_MIN_ERRORS:
        before = _summed([record.baseline for record in records])
        usual = before.errors / before.attempts if before.attempts else 0.0
        return again / (again + well) < usual + limits.DEGRADED_MIN_INCREASE
    failed = sum(f.count for f in ours if since <= f.last <= until)
    between = sum(cell.count for cell in cells if since <= cell.last < until)
    still_as_bad = (between / (failed + between)) ** well if between else 0.0
    return still_as_bad < limits.RECOVERED_CHANCE
