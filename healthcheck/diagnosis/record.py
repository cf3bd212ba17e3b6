"""What is known of each model at the end of a window: its attempts, its runs of failures, its history."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median_low

from healthcheck.activity import (
    BASELINE_WINDOWS,
    UNKNOWN_NAME,
    Activity,
    AttemptCounts,
    CatalogEntry,
    ModelKey,
    Window,
)
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import OF_THE_PROVIDER
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.statistics import densest, fisher_greater
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Timeline):
    """A published model as it stands at the end of `window`, and its timeline in it.

    Failures to save a result are left out.
    """

    pair: ModelKey
    window: Window
    entry: CatalogEntry | None
    """What the catalog says of it."""
    successor_runs: bool
    runs: tuple[FailureRun, ...]
    """They reach back to `runs_from`, into the window before where there is one."""
    runs_from: datetime
    recent: tuple[Timeline, ...]
    """This window and the one before it, where its failures are known one by one."""
    older: tuple[AttemptCounts, ...]
    """Those before it, newest first."""
    last_success: datetime | None
    last_answer: datetime | None
    """The same with results that could not be saved."""
    last_attempt: datetime | None
    knows_all_successes: bool
    expected: bool
    """Whether the service should be attempting it."""
    interval: timedelta
    """How often it is usually attempted; 0 where nothing tells."""
    history_length: timedelta
    """How far back attempts are known at all."""
    needs_requeue: bool = False
    """Its retries ended by what most of its provider met, and others that met it succeed again."""

    @property
    def baseline(self) -> AttemptCounts:
        """Its attempts before this window and the one before it, which is judged by the same."""
        return summed(self.older[2 - len(self.recent) :])

    @property
    def idle_for(self) -> timedelta:
        """How long it has not been attempted, since it was enabled at the most."""
        last = newest([self.last_attempt, self.enabled_at])
        return self.window.until - last if last else self.history_length

    @property
    def idle_since(self) -> datetime | None:
        """Its last attempt, else when it was enabled, where no earlier one can have been missed."""
        is_new = self.enabled_at is not None and self.idle_for < self.history_length
        return self.last_attempt or (self.enabled_at if is_new else None)

    @property
    def enabled_at(self) -> datetime | None:
        """When the catalog enabled it, as far as it says so."""
        return self.entry.enabled_at if self.entry else None

    @property
    def added_at(self) -> datetime | None:
        """When it was added, if that was lately and it has not succeeded since."""
        at = self.enabled_at
        is_known = at is not None and self.window.until - at < self.history_length
        return at if is_known and self.last_success is None else None

    @property
    def _turn(self) -> timedelta:
        """Its interval, or what lay between two successes: a slow scheduler is not a stopped one."""
        if self.succeeded <= 1:
            return self.interval
        first = min(bucket.first for bucket in self.successes)
        last = max(bucket.last for bucket in self.successes)
        return max(self.interval, (last - first) / (self.succeeded - 1))

    def missed(self, intervals: int) -> bool:
        """Whether its turn came so many times, and it was not attempted."""
        return self.expected and self.idle_for >= max(intervals * self._turn, limits.MIN_QUIET)

    @property
    def not_retried(self) -> bool:
        """Whether nothing was tried since it failed, although its turn came twice."""
        return self.run is not None and self.missed(limits.GIVEN_UP_INTERVALS)

    @property
    def retries_exhausted(self) -> bool:
        """Whether the queue will not try it again: the pause is over, and its turn came twice."""
        if self.run is None or not self.expected:
            return False
        turns = limits.GIVEN_UP_INTERVALS * self._turn or limits.MIN_QUIET
        return self.idle_for >= self.run.retry_pause + turns

    @cached_property
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


def summed(windows: Collection[AttemptCounts]) -> AttemptCounts:
    """All attempts of these windows."""
    return AttemptCounts(sum(w.errors for w in windows), sum(w.successes for w in windows))


def longest_wait(records: Iterable[Record], intervals: int) -> timedelta:
    """So many usual intervals of a model: of hundreds, none had its turn for so long."""
    usual = median_low([record.interval for record in records] or [timedelta()])
    return max(intervals * usual, limits.MIN_QUIET)


def is_back_to_usual(
    records: Sequence[Record], kinds: Collection[ErrorKind], since: datetime, until: datetime
) -> bool:
    """Whether, after trouble from `since` to `until`, these fail no more often than they usually do.

    Without failures since, so many successes must be rare had it gone on as before.
    """
    ours = [f for r in records for f in r.failures if f.kind in kinds]
    buckets = [bucket for record in records for bucket in record.successes]
    again = sum(failure.count for failure in ours if failure.last > until)
    well = sum(bucket.count for bucket in buckets if bucket.first >= until)
    if again >= limits.DEGRADED_MIN_ERRORS:
        before = summed([record.baseline for record in records])
        usual = before.errors / before.attempts if before.attempts else 0.0
        return again / (again + well) < usual + limits.DEGRADED_MIN_INCREASE
    failed = sum(f.count for f in ours if since <= f.last <= until)
    between = sum(bucket.count for bucket in buckets if since <= bucket.last < until)
    still_as_bad = (between / (failed + between)) ** well if between else 0.0
    return still_as_bad < limits.RECOVERED_CHANCE


# --- when trouble began --------------------------------------------------------------------------


def stretch(
    records: Sequence[Record], kinds: Collection[ErrorKind], since: datetime
) -> tuple[datetime, datetime] | None:
    """The time from `since` on in which these failed most clearly more often than usual."""
    lines = [line for record in records for line in record.recent]
    outcomes = [(f.last, f.count) for line in lines for f in line.failures if f.kind in kinds]
    outcomes += [(at, -1) for line in lines for at in success_moments(line.successes)]
    outcomes = sorted((at, count) for at, count in outcomes if at >= since)
    before = summed([record.baseline for record in records])
    usual = (before.errors + limits.HALF) / (before.attempts + 1)
    span = densest([count for _, count in outcomes], usual)
    return (outcomes[span[0]][0], outcomes[span[1]][0]) if span else None


def chance_as_usual(
    records: Sequence[Record], errors: int, increase: float = limits.DEGRADED_MIN_INCREASE
) -> float:
    """The p-value of Fisher's test; 1 if there is too little to act on, which still counts as a test."""
    if errors < limits.DEGRADED_MIN_ERRORS:
        return 1.0
    usual = summed([record.baseline for record in records])
    attempts = sum(record.attempts for record in records)
    if not usual.attempts or errors / attempts - usual.errors / usual.attempts < increase:
        return 1.0
    return fisher_greater(errors, attempts, usual.errors, usual.attempts)


def failing_since(records: Sequence[Record], share: float) -> datetime | None:
    """The first known failure of all windows in a row before this one in which such a share failed.

    A window of the baseline knows its last failure only.
    """
    since = None
    for windows in zip(*((*r.recent[1:], *r.older) for r in records), strict=True):
        errors = sum(window.errors for window in windows)
        least = max(limits.DEGRADED_MIN_ERRORS, share * sum(window.attempts for window in windows))
        if errors < least:
            break
        known = [_first_known_failure(window) for window in windows]
        since = min(at for at in known if at)
    return since


def _first_known_failure(window: Timeline | AttemptCounts) -> datetime | None:
    if isinstance(window, AttemptCounts):
        return window.last_error
    return window.failures[0].first if window.failures else None


def is_bound(records: Sequence[Record], since: datetime) -> bool:
    """Whether what failed at `since` may have begun before: there, single failures are not known."""
    known = {record.run.begin for record in records if record.run}
    return since < records[0].runs_from and since not in known


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
    is_published = publication(activity)
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for pair in filter(is_published, sorted(pairs)):
        own_lines = [each.get(pair, Timeline()) for each in windows]
        record = _record(pair, window, activity, own_lines, lines.last_failures.get(pair))
        by_provider[pair.provider].append(record)
    everywhere = _known_intervals(record for its in by_provider.values() for record in its)
    for provider, its in by_provider.items():
        # For models without a history: the interval of most at the provider, else of most at all.
        usual = median_low(_known_intervals(its) or everywhere or [timedelta()])
        by_provider[provider] = [r if r.interval else replace(r, interval=usual) for r in its]
    made = {record.pair: record for its in by_provider.values() for record in its}
    for pair, record in made.items():
        if _needs_requeue(record, by_provider[pair.provider], made.values()):
            made[pair] = replace(record, needs_requeue=True)
    return made


def _known_intervals(records: Iterable[Record]) -> list[timedelta]:
    return [record.interval for record in records if record.interval]


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


def _record(
    pair: ModelKey,
    window: Window,
    activity: Activity,
    lines: Sequence[Timeline],
    last_failure: Failure | None,
) -> Record:
    catalog = activity.catalog or {}
    entry = catalog.get(pair)
    successor = catalog.get(pair._replace(model=entry.successor or "")) if entry else None
    baseline = activity.baseline.get(pair) or (AttemptCounts(),) * BASELINE_WINDOWS
    successes = [bucket for line in lines for bucket in line.successes]
    last_success = newest(
        [bucket.last for bucket in successes]
        + [counts.last_success for counts in baseline]
        + [(activity.last_success or {}).get(pair)]
    )
    failures = [failure for line in lines for failure in distinct(line)]
    if last_failure and (successes or not last_success or last_success < last_failure.last):
        failures.insert(0, last_failure)
    else:
        last_failure = None  # none, or of another spelling of the name
    answered = [failure.last for failure in failures if failure.stage.is_saving]
    since = None if successes or answered else _failing_since(baseline, last_failure)
    runs = failure_runs(pair, failures, successes, since)
    last_attempt = newest(
        [last_success]
        + [failure.last for failure in failures]
        + [counts.last_error for counts in baseline]
    )
    attempted = [counts.attempts for counts in baseline]
    attempted += [line.attempts for line in lines[:-1]]
    return Record(
        pair=pair,
        window=window,
        entry=entry,
        successor_runs=successor is not None and successor.runs,
        failures=tuple(f for f in distinct(lines[-1]) if not f.stage.is_saving),
        successes=lines[-1].successes,
        runs=runs,
        runs_from=window.until - len(lines) * window.length,
        recent=tuple(line.at_the_provider for line in reversed(lines)),
        older=baseline,
        last_success=last_success,
        last_answer=newest([last_success, *answered]),
        last_attempt=last_attempt,
        knows_all_successes=activity.last_success is not None,
        expected=_is_expected(pair, activity, sum(attempted) + lines[-1].attempts),
        interval=_interval(window, lines[:-1], baseline),
        history_length=_history_length(activity, window),
    )


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


def _history_length(activity: Activity, window: Window) -> timedelta:
    begin = activity.previous.window.since - BASELINE_WINDOWS * activity.current.window.length
    return window.until - max(begin, activity.reaches_back_to or begin)


def _is_expected(pair: ModelKey, activity: Activity, attempts: int) -> bool:
    """By the catalog, where there is one; else what was more than a stray document."""
    if activity.catalog:
        entry = activity.catalog.get(pair)
        return entry is not None and entry.runs
    return UNKNOWN_NAME not in pair and attempts >= limits.EXPECTED_MIN_ATTEMPTS


def _failing_since(
    baseline: Sequence[AttemptCounts], last_failure: Failure | None
) -> datetime | None:
    """The first known failure of a run that goes back into the baseline.

    A window of the baseline knows its last failure only, which may end a whole day of them.
    """
    if last_failure:
        return last_failure.first
    since = None
    for counts in baseline:
        succeeded = counts.last_success
        if counts.last_error and (succeeded is None or counts.last_error > succeeded):
            since = counts.last_error
        if succeeded:
            break
    return since
