"""How the records of all models are made from an activity and its timelines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median_low

from healthcheck.activity import (
    BASELINE_WINDOWS,
    OTHER,
    UNKNOWN_NAME,
    Activity,
    AttemptCounts,
    ModelKey,
    SuccessBucket,
    Window,
)
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.causes import OF_THE_PROVIDER
from healthcheck.diagnosis.failure_run import FailureRun, distinct, failure_runs
from healthcheck.diagnosis.published import publication
from healthcheck.diagnosis.record import Record, newest, summed
from healthcheck.diagnosis.timeline import Failure, Timeline, Timelines

DAY = timedelta(days=1)


def records(
    activity: Activity, lines: Timelines, *, before: bool = False
) -> dict[ModelKey, Record]:
    """Every published model that was attempted in the two windows or is expected to be.

    `before`: as it stood at the end of the window before.
    """
    windows = [lines.previous] if before else [lines.previous, lines.current]
    window = activity.previous.window if before else activity.current.window
    pairs = {pair for each in windows for pair in each} - {OTHER}
    pairs |= {pair for pair, entry in (activity.catalog or {}).items() if entry.runs}
    is_published = publication(activity)
    by_provider: dict[str, list[Record]] = defaultdict(list)
    for pair in filter(is_published, sorted(pairs)):
        own_lines = [each.get(pair, Timeline()) for each in windows]
        record = _record(pair, window, activity, own_lines, lines.last_failures.get(pair))
        by_provider[pair.provider].append(record)
    made: dict[ModelKey, Record] = {}
    everywhere = _known_intervals(record for its in by_provider.values() for record in its)
    for its in by_provider.values():
        # For models without a history: the interval of most at the provider, else of most at all.
        usual = median_low(_known_intervals(its) or everywhere or [timedelta()])
        with_interval = [replace(record, interval=record.interval or usual) for record in its]
        for record in with_interval:
            needs_requeue = _needs_requeue(record, with_interval)
            made[record.pair] = replace(record, needs_requeue=needs_requeue)
    return made


def _known_intervals(records: Iterable[Record]) -> list[timedelta]:
    return [record.interval for record in records if record.interval]


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


def _record(
    pair: ModelKey,
    window: Window,
    activity: Activity,
    lines: Sequence[Timeline],
    last_failure: Failure | None,
) -> Record:
    baseline = activity.baseline.get(pair, ())
    successes = [bucket for line in lines for bucket in line.successes]
    older_success = (activity.last_success or {}).get(pair)
    last_success = newest(
        [bucket.last for bucket in successes]
        + [counts.last_success for counts in baseline]
        + [older_success if older_success and older_success < window.until else None]
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
        older_failures=tuple(counts.last_error for counts in baseline if counts.last_error),
        baseline=summed(baseline),
        before_run=_before_run(runs, failures, successes, baseline),
        half_failed_since=_half_failed_since(lines, baseline),
        last_success=last_success,
        last_answer=newest([last_success, *answered]),
        last_attempt=last_attempt,
        knows_all_successes=activity.last_success is not None,
        expected=_is_expected(pair, activity, sum(attempted) + lines[-1].attempts),
        interval=window.length / usual if usual >= limits.EXPECTED_MIN_ATTEMPTS else timedelta(),
        usual_pause=_usual_pause(pair, activity, window, last_attempt),
        history_length=_history_length(activity, window),
    )


def _history_length(activity: Activity, window: Window) -> timedelta:
    begin = activity.previous.window.since - BASELINE_WINDOWS * activity.current.window.length
    return window.until - max(begin, activity.reaches_back_to or begin)


def _usual_pause(
    pair: ModelKey, activity: Activity, window: Window, last_attempt: datetime | None
) -> timedelta:
    """How long it had not been attempted at this time a week ago, by the two days before that.

    Only a rest of a day or more is a habit: an outage of hours a week ago must not hide one of today.
    For the window before, only one of the days is known: a rest that has ended may have been longer.
    """
    week = week_ago(activity, window)
    after, *baseline = activity.baseline.get(pair, ())[week - 1 :] or [AttemptCounts()]
    then = window.until - BASELINE_WINDOWS * window.length
    if not baseline or window.length % DAY or not last_attempt or last_attempt <= then:
        return timedelta()
    attempted = newest(at for t in baseline for at in (t.last_error, t.last_success))
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


def _failing_since(
    baseline: Sequence[AttemptCounts], last_failure: Failure | None
) -> datetime | None:
    """When a run of failures began that goes back into the baseline, as near as its counts tell.

    A window of the baseline knows its last failure only, which may end a whole day of them. Where the
    newest success is in the same window, or in the one before it, the run began right after that.
    """
    if last_failure:
        return last_failure.first
    since, follows = None, False
    for counts in baseline:
        succeeded = counts.last_success
        if counts.last_error and (succeeded is None or counts.last_error > succeeded):
            since, follows = counts.last_error, True
        elif not counts.attempts:
            follows = False
        if succeeded:
            return succeeded if since and follows else since
    return since


def _half_failed_since(
    lines: Sequence[Timeline], baseline: Sequence[AttemptCounts]
) -> datetime | None:
    since = None
    recent = (line.at_the_provider for line in reversed(lines))
    newest_first: list[Timeline | AttemptCounts] = [*recent, *baseline]
    for each in newest_first:
        if each.errors < max(limits.DEGRADED_MIN_ERRORS, limits.HALF * each.attempts):
            break
        since = each.failures[0].first if isinstance(each, Timeline) else each.last_error
    return since


def _before_run(
    runs: Sequence[FailureRun],
    failures: Sequence[Failure],
    successes: Sequence[SuccessBucket],
    baseline: Sequence[AttemptCounts],
) -> AttemptCounts:
    """The attempts up to the last success before the run at the end.

    A window of the baseline without any success may be part of the run, and is left out.
    """
    in_run = runs[-1].count if runs and runs[-1].end is None else 0
    failed = sum(failure.count for failure in failures if not failure.stage.is_saving) - in_run
    succeeded = sum(bucket.count for bucket in successes)
    older = summed([counts for counts in baseline if counts.successes])
    return AttemptCounts(failed + older.errors, succeeded + older.successes)
