"""What is known of one model at the end of a window: its attempts, its runs of failures, its history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from healthcheck.activity import AttemptCounts, CatalogEntry, ModelKey, Window
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import RETRIED
from healthcheck.diagnosis.failure_run import FailureRun
from healthcheck.diagnosis.timeline import Timeline
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
    runs: tuple[FailureRun, ...]
    """They reach back to `runs_from`, into the window before where there is one."""
    runs_from: datetime
    older_failures: tuple[datetime, ...]
    """The last one of each window of the baseline; their kind is not known."""
    baseline: AttemptCounts
    before_run: AttemptCounts
    """Its attempts up to the last success before the run at the end."""
    half_failed_since: datetime | None
    """Where half of its attempts failed: the first known failure of all windows in a row as bad."""
    last_success: datetime | None
    last_answer: datetime | None
    """The same with results that could not be saved."""
    last_attempt: datetime | None
    knows_all_successes: bool
    expected: bool
    """Whether the service should be attempting it."""
    interval: timedelta
    """How often it is usually attempted; 0 where nothing tells."""
    usual_pause: timedelta
    """How long it had not been attempted at this time a week ago."""
    history_length: timedelta
    """How far back attempts are known at all."""
    needs_requeue: bool = False
    """Its retries ended by what most of its provider met, and others that met it succeed again."""

    @property
    def idle_for(self) -> timedelta:
        """How long it has not been attempted, since it was enabled at the most."""
        last = newest([self.last_attempt, self.enabled_at])
        return self.window.until - last if last else self.history_length

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
    def _spacing(self) -> timedelta:
        """What lay between two successes of this window: a slow scheduler is not a stopped one."""
        if self.succeeded <= 1:
            return timedelta()
        first = min(bucket.first for bucket in self.successes)
        return (max(bucket.last for bucket in self.successes) - first) / (self.succeeded - 1)

    def missed(self, intervals: int) -> bool:
        """Whether its turn came so many times, and it was not attempted; not where it always rests."""
        wait = max(intervals * max(self.interval, self._spacing), limits.MIN_QUIET)
        rest = self.usual_pause if self.usual_pause >= wait else timedelta()
        return self.expected and self.idle_for >= wait + rest

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


def newest(moments: Iterable[datetime | None]) -> datetime | None:
    """The last of them, where any is known."""
    return max((moment for moment in moments if moment is not None), default=None)


def summed(baseline: Collection[AttemptCounts]) -> AttemptCounts:
    """All attempts of these windows."""
    return AttemptCounts(
        sum(counts.errors for counts in baseline), sum(counts.successes for counts in baseline)
    )


def newest_success(records: Iterable[Record]) -> datetime | None:
    """When any of them succeeded last, as far as that is known."""
    return newest(record.last_success for record in records)


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
