"""Findings about one (provider, model) pair: deprecated, code to fix, failing, degraded, not attempted."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.categories import Category
from healthcheck.diagnosis.causes import (
    DOES_NOT_HEAL,
    NOT_ATTEMPTED,
    STORED_AS_PERMANENT,
    kinds_of_cause,
)
from healthcheck.diagnosis.findings import Finding, Severity, quoting
from healthcheck.diagnosis.rates import chance_as_usual, is_back_to_usual
from healthcheck.diagnosis.record import Record
from healthcheck.diagnosis.timeline import Failure, FailureRun, Timeline, kinds_of
from healthcheck.diagnosis.wording import (
    how_long,
    rate,
    rejected,
    several,
    when,
)
from healthcheck.taxonomy import ErrorKind


def model_findings(
    records: Collection[Record], failing: Collection[ModelKey] = ()
) -> list[Finding]:
    """At most one per pair, before any wider cause is considered.

    `failing`: those of the window before. Their usual rate has their failures in it already, and says
    nothing of what is worse.
    """
    found = (
        (record.run and (_deprecated(record, record.run) or _code_fix(record, record.run)))
        or _worst(_failing(record, known=known), _degraded(record, len(records), known=known))
        or _not_attempted(record)
        for record in records
        for known in [record.pair in failing]
    )
    return [finding for finding in found if finding]


def _worst(*findings: Finding | None) -> Finding | None:
    """Failing at last says more, unless that is new and too short to be more than watched."""
    return min(filter(None, findings), key=lambda finding: finding.severity.rank, default=None)


def is_unfit(failure: Failure) -> bool:
    """Whether the model is there and our request, or our check of its answer, does not fit it."""
    own = failure.internal_cause
    return own.unfit if own else failure.kind is ErrorKind.HARD_CAPABILITY


def _one_is_enough(record: Record, failure: Failure) -> bool:
    """A clear message, where more will not come or nothing speaks against it."""
    is_clear = failure.verdict.clear or failure.internal_cause is not None
    return is_clear and (record.retries_exhausted or record.last_answer is None)


def _deprecated(record: Record, run: FailureRun) -> Finding | None:
    """By what a message says, or as so many say it that it is no deploy."""
    not_found = run.of({ErrorKind.HARD_MODEL})
    if not_found is None or is_unfit(run.newest):
        return None
    is_retired = any(failure.verdict.retired for failure in run.failures)
    is_clear = run.newest.kind is ErrorKind.HARD_MODEL and _one_is_enough(record, run.newest)
    are_many = not_found.count >= limits.DEPRECATED_MIN_RUN and 2 * not_found.count >= run.count
    if not (is_retired or is_clear or are_many):
        return None
    finding = _of_run(Category.DEPRECATED_MODEL, record, run, ErrorKind.HARD_MODEL, run.failures)
    told = " The provider reports the model as retired." if is_retired else ""
    return replace(finding, since=not_found.since, evidence=f"{finding.evidence}{told}")


def _code_fix(record: Record, run: FailureRun) -> Finding | None:
    wrong = [failure for failure in run.failures if is_unfit(failure)]
    count = sum(failure.count for failure in wrong)
    enough = count >= limits.CODE_FIX_MIN_ERRORS or (wrong and _one_is_enough(record, wrong[-1]))
    if not enough or (wrong[-1] is not run.newest and 2 * count < run.count):
        return None
    finding = _of_run(Category.CODE_FIX, record, run, wrong[-1].kind, wrong)
    rejects = finding.rejected_parameter
    told = f" Rejected: {rejected(rejects)}." if rejects else ""
    return replace(finding, evidence=f"{finding.evidence}{told}")


def _failing(record: Record, *, known: bool) -> Finding | None:
    run = record.run
    is_left = record.missed(limits.GIVEN_UP_INTERVALS)
    if run is None or (run.count < limits.FAILING_MIN_RUN and not is_left):
        return None
    kind = run.kind
    finding = _of_run(Category.FAILING_MODEL, record, run, kind, run.failures)
    may_pass = kind not in DOES_NOT_HEAL and kind is not ErrorKind.HARD_MODEL
    is_short = (
        not known
        and not is_left
        and run.count < limits.FAILING_SURE_RUN
        and record.succeeded > 0
        and record.window.until - run.begin < limits.FAILING_SURE_TIME
    )
    return replace(finding, severity=Severity.INFO) if may_pass and is_short else finding


def _degraded(record: Record, among: int, *, known: bool) -> Finding | None:
    """`among` so many models, each is tested: one of them fails more often by chance."""
    errors, attempts, usual = record.errors, record.attempts, record.baseline
    is_worse = chance_as_usual([record], errors) * among <= limits.DEGRADED_CHANCE
    is_worse = is_worse or (known and errors * usual.attempts > usual.errors * attempts)
    if errors < limits.DEGRADED_MIN_ERRORS or not record.succeeded:
        return None
    runs = [run for run in record.runs if run.end is None or run.end >= record.window.since]
    ended = _recovered(record, runs) if runs else None
    if known and ended:  # what was told of has recovered, but may have begun again
        runs = [run for run in runs if run.begin >= record.window.since]
        runs = runs if sum(run.count for run in runs) >= limits.DEGRADED_MIN_ERRORS else []
    if not runs:
        return None
    kind = kinds_of(record.failures).most_common(1)[0][0]
    since = next((run for run in runs if run.of(kinds_of_cause(kind))), runs[0]).begin
    recent = record.within(since, record.window.until)
    half = _is_half(record, limits.HALF_MIN_ATTEMPTS) or (
        is_worse and _is_half(recent, limits.HALF_MIN_SINCE)
    )
    if not half and not is_worse:
        return None
    before = f", usually {rate(usual.errors, usual.attempts)}" if usual.attempts else ""
    over = f" (ended {when(ended)})" if ended else ""
    finding = replace(
        about_model(Category.DEGRADED_MODEL, record),
        kind=kind,
        severity=Severity.WARNING if half and not ended else Severity.INFO,
        count=errors,
        alternating=record.alternates({kind}),
        since=since,
        until=ended,
        evidence=f"Failed {rate(errors, attempts)}{before}: {_kinds(record.failures)}{over}.",
    )
    return quoting(finding, record.failures)


def _is_half(line: Timeline, least: int) -> bool:
    return line.errors >= limits.HALF * line.attempts and line.attempts >= least


def _recovered(record: Record, runs: Sequence[FailureRun]) -> datetime | None:
    """When it was well again, with enough successes since to say so."""
    end = runs[-1].end
    since = sum(bucket.count for bucket in record.successes if end and bucket.first >= end)
    if end is None or since < limits.RECOVERED_MIN_SUCCESSES:
        return None
    return end if is_back_to_usual([record], set(ErrorKind), runs[0].begin, end) else None


def _not_attempted(record: Record) -> Finding | None:
    """Only where no failure says why: then the scheduler is to blame."""
    if not record.not_attempted or record.run is not None:
        return None
    text = f"Not attempted in the {how_long(record.history_length)} that were read"
    if record.idle_since:
        usual = f" (usually every {how_long(record.interval)})" if record.interval else ""
        text = f"Not attempted since {when(record.idle_since)}{usual}"
        if record.idle_since != record.last_attempt:
            text = f"Not attempted since it was enabled, {when(record.idle_since)}"
    return replace(
        about_model(Category.SILENT_MODEL, record),
        since=record.idle_since or (record.entry.enabled_at if record.entry else None),
        evidence=f"{text}, and no stored failure explains it.",
        specific_cause=NOT_ATTEMPTED,
        aspect="not_attempted",
    )


def about_model(category: Category, record: Record) -> Finding:
    """What any finding about one model says; its evidence is still missing."""
    return Finding(
        category=category,
        severity=Severity.WARNING,
        evidence="",
        provider=record.pair.provider,
        model=record.pair.model,
        models=(record.pair,),
        successor=record.successor,
        given_up=(record.pair,) if record.retries_exhausted else (),
        needs_requeue=record.needs_requeue,
        added_at=record.added_at,
    )


def _of_run(
    category: Category,
    record: Record,
    run: FailureRun,
    kind: ErrorKind,
    failures: Iterable[Failure],
) -> Finding:
    """About the run at the end, of which one of these `failures` is quoted."""
    # What never worked is not retired: somebody added what is not there.
    is_missing = kind is ErrorKind.HARD_MODEL and category is not Category.CODE_FIX
    never_worked = is_missing and record.added_at is not None
    finding = replace(
        about_model(Category.FAILING_MODEL if never_worked else category, record),
        kind=kind,
        aspect="never_worked" if never_worked else None,
        count=kinds_of(record.failures)[kind],
        since=run.since,
        evidence=f"{_failed_how_often(record, run)}.{_history(record, run)}",
    )
    is_final = category is Category.FAILING_MODEL and record.retries_exhausted
    if is_final and run.stored_as_permanent:
        told = f"{finding.evidence} Stored as {run.newest.stored_kind}."
        return quoting(replace(finding, evidence=told), failures, STORED_AS_PERMANENT)
    return quoting(finding, failures)


def _history(record: Record, run: FailureRun) -> str:
    text = ""
    if record.retries_exhausted:
        after = f", not tried since {when(run.newest.last)}" if run.count > 1 else ""
        text = f" Given up after {several(run.count, 'attempt')}{after}."
    if record.last_success is not None:
        if run.since - record.last_success < limits.MIN_QUIET:  # its beginning tells it
            return text
        ago = how_long(record.window.until - record.last_success)
        return f"{text} Last success {when(record.last_success)}, {ago} ago."
    if record.added_at:
        return f"{text} No success since it was added, {when(record.added_at)}."
    if record.knows_all_successes:
        return f"{text} No success on record."
    return f"{text} No success in the {how_long(record.history_length)} that were read."


def _failed_how_often(record: Record, run: FailureRun) -> str:
    """The run at the end; where others failed for the same cause among successes, all of them."""
    since = f"since {when(run.begin)}"
    if run.count == 1:
        return f"Failed at {when(run.begin)}: {run.newest.words}"
    others = record.errors - run.count if record.succeeded else 0
    if others >= limits.DEGRADED_MIN_ERRORS and record.fails_mostly_by(kinds_of_cause(run.kind)):
        text = f"Failed {rate(record.errors, record.attempts)}: {_kinds(record.failures)}"
        return f"{text}; no success in the last {run.count:,} {since}"
    return f"No success in {run.count:,} attempts {since}: {_kinds(run.failures)}"


def _kinds(failures: Iterable[Failure]) -> str:
    counts: Counter[str] = Counter()
    for failure in failures:
        counts[failure.words] += failure.count
    return ", ".join(f"{words} ({count})" for words, count in counts.most_common())
