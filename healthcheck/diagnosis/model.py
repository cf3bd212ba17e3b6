"""Findings about one (provider, model) pair: deprecated, code to fix, failing, degraded."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from healthcheck.activity import Pair
from healthcheck.diagnosis import thresholds as limits
from healthcheck.diagnosis.cause import DOES_NOT_HEAL
from healthcheck.diagnosis.findings import Category, Finding, Severity
from healthcheck.diagnosis.record import Record, Stretch, kinds_of, newest_with_message
from healthcheck.diagnosis.statistics import chance_of_run, fisher_greater, significant
from healthcheck.diagnosis.wording import how_long, in_words, odds, rate, several, when
from healthcheck.taxonomy import ErrorKind, complaint


def model_findings(records: Iterable[Record]) -> dict[Pair, Finding]:
    """At most one finding a pair, before any wider cause is considered."""
    judged = [record for record in records if record.attempts and not record.disabled]
    worse = significant(
        [_chance_of_being_as_usual(record) for record in judged], limits.DEGRADED_FALSE_DISCOVERIES
    )
    findings = {}
    for record, is_worse in zip(judged, worse, strict=True):
        finding = (
            _deprecated(record)
            or _code_fix(record)
            or _failing(record)
            or _degraded(record, is_worse=is_worse)
        )
        if finding:
            findings[record.pair] = finding
    return findings


def _deprecated(record: Record) -> Finding | None:
    run = record.run
    if run is None or not run.of(ErrorKind.HARD_MODEL):
        return None
    if run.newest.kind is ErrorKind.HARD_CAPABILITY:
        return None
    evidence = _retired(run) or _listed_as_deprecated(record, run) or _gone(record, run)
    if evidence is None:
        return None
    return _of_run(
        Category.DEPRECATED_MODEL,
        record,
        run,
        ErrorKind.HARD_MODEL,
        _with_history(record, evidence),
    )


def _retired(run: Stretch) -> str | None:
    says = sum(failure.count for failure in run.failures if failure.verdict.retired)
    if not says:
        return None
    return (
        f"The provider itself says that the model is retired, in {_answers(says, run)} "
        f"since {when(run.begin)}"
    )


def _listed_as_deprecated(record: Record, run: Stretch) -> str | None:
    entry = record.entry
    if entry is None or not _past_its_date(record) or not run.is_mostly(ErrorKind.HARD_MODEL):
        return None
    date = entry.deprecation_date
    past = f" since {date:%Y-%m-%d}" if date and date <= record.window.until else ""
    enabled = ", it is still enabled" if entry.enabled else ""
    return (
        f"The catalogue lists it as deprecated{past}{enabled}, and "
        f"{_answers(run.of(ErrorKind.HARD_MODEL), run)} since {when(run.begin)} "
        f"{_say(run)} that the model does not exist"
    )


def _past_its_date(record: Record) -> bool:
    entry = record.entry
    if entry is None:
        return False
    date = entry.deprecation_date
    return entry.deprecated or (date is not None and date <= record.window.until)


def _gone(record: Record, run: Stretch) -> str | None:
    gone = run.of(ErrorKind.HARD_MODEL)
    told = (
        f"{_answers(gone, run)} since {when(run.begin)} {_say(run)} that the model does not exist"
    )
    history = record.before_run
    if history.tried == 0:
        enough = gone >= limits.DEPRECATED_WITHOUT_HISTORY and gone == run.count
        return told if enough else None
    if gone < limits.DEPRECATED_MIN_RUN or not run.is_mostly(ErrorKind.HARD_MODEL):
        return None
    chance = chance_of_run(gone, history.failed, history.tried)
    if chance >= limits.DEPRECATED_CHANCE:
        return None
    return (
        f"{told}; before, {history.failed} of {history.tried} had failed, so that chance explains "
        f"the run {odds(chance)}"
    )


def _code_fix(record: Record) -> Finding | None:
    run = record.run
    if run is None:
        return None
    kind = ErrorKind.HARD_CAPABILITY
    wrong = run.of(kind)
    only = not record.succeeded and record.of(kind) == record.errors
    if not record.of(kind) or (wrong < limits.CODE_FIX_MIN_ERRORS and not only):
        return None
    if run.newest.kind is not kind and not run.is_mostly(kind):
        return None
    newest = run.newest_of(kind)
    about = complaint(newest.sample.message) if newest and newest.sample else None
    named = f"; it complains about {about}" if about else ""
    return _of_run(
        Category.CODE_FIX,
        record,
        run,
        kind,
        _with_history(
            record,
            f"The model is there, our request does not fit it: {_answers(wrong, run)} since "
            f"{when(run.begin)} {_say(run)} so{named}",
        ),
        complaint_about=about,
    )


def _failing(record: Record) -> Finding | None:
    run = record.run
    if run is None or run.count < limits.FAILING_MIN_RUN:
        return None
    history = record.before_run
    chance = chance_of_run(run.count, history.failed, history.tried)
    if record.succeeded and history.tried and chance >= limits.FAILING_CHANCE:
        return None
    kind = run.kind
    too_few = (
        "; too few attempts to tell whether it is gone for good"
        if kind is ErrorKind.HARD_MODEL and run.count < limits.DEPRECATED_WITHOUT_HISTORY
        else ""
    )
    finding = _of_run(
        Category.FAILING_MODEL,
        record,
        run,
        kind,
        _with_history(
            record,
            f"No success in {several(run.count, 'attempt')} since {when(run.begin)}: "
            f"{_kinds(run.kinds().most_common())}{too_few}",
        ),
    )
    may_pass = kind not in DOES_NOT_HEAL and kind is not ErrorKind.HARD_MODEL
    is_short = (
        run.count < limits.FAILING_SURE_RUN
        and record.succeeded > 0
        and record.window.until - run.begin < limits.FAILING_SURE_TIME
    )
    return replace(finding, severity=Severity.INFO) if may_pass and is_short else finding


def _degraded(record: Record, *, is_worse: bool) -> Finding | None:
    errors, attempts, usual = record.errors, record.attempts, record.baseline
    if errors < limits.DEGRADED_MIN_ERRORS or not record.succeeded:
        return None
    share = errors / attempts
    half = share >= limits.HALF and attempts >= limits.HALF_MIN_ATTEMPTS
    if not half and not is_worse:
        return None
    in_window = [
        stretch
        for stretch in record.stretches
        if stretch.end is None or stretch.end >= record.window.since
    ]
    ended = _recovered(record, in_window)
    kinds = kinds_of(record.failures)
    kind = kinds.most_common(1)[0][0]
    newest = newest_with_message(record.failures, kind)
    before = (
        f", {rate(usual.failed, usual.tried)} in the baseline" if usual.tried else ", no baseline"
    )
    over = f"; over since {when(ended)}" if ended else ""
    return Finding(
        category=Category.DEGRADED_MODEL,
        provider=record.pair.provider,
        model=record.pair.model,
        kind=kind,
        severity=Severity.WARNING if half and not ended else Severity.INFO,
        count=errors,
        attempts=attempts,
        since=in_window[0].begin,
        until=ended,
        last_success=record.last_success,
        message=newest.sample.message if newest and newest.sample else None,
        message_cut=bool(newest and newest.sample and newest.sample.cut),
        evidence=(
            f"Failed {rate(errors, attempts)} in the window{before}: "
            f"{_kinds(kinds.most_common())}{over}."
        ),
        models=(record.pair,),
    )


def _clearly_more(record: Record) -> bool:
    usual = record.baseline
    return (
        usual.tried > 0
        and record.errors >= limits.DEGRADED_MIN_ERRORS
        and record.errors / record.attempts - usual.failed / usual.tried
        >= limits.DEGRADED_MIN_INCREASE
    )


def _chance_of_being_as_usual(record: Record) -> float:
    usual = record.baseline
    if not _clearly_more(record):
        return 1.0  # too little to act on, whatever the test says; it counts as a test all the same
    return fisher_greater(record.errors, record.attempts, usual.failed, usual.tried)


def _recovered(record: Record, stretches: list[Stretch]) -> datetime | None:
    """When it was well again: since then more successes than its failing rate would let expect."""
    last = stretches[-1]
    if last.end is None:
        return None
    begin = stretches[0].begin
    since = sum(cell.count for cell in record.successes if cell.first >= last.end)
    between = sum(cell.count for cell in record.successes if begin <= cell.last < last.end)
    failed = sum(stretch.count for stretch in stretches)
    still_as_bad = (between / (failed + between)) ** since if between else 0.0
    well = since >= limits.RECOVERED_MIN_SUCCESSES and still_as_bad < limits.RECOVERED_CHANCE
    return last.end if well else None


def _of_run(  # noqa: PLR0913 - the parts of one finding
    category: Category,
    record: Record,
    run: Stretch,
    kind: ErrorKind,
    evidence: str,
    *,
    complaint_about: str | None = None,
) -> Finding:
    newest = run.newest_of(kind) or run.newest_of(None)
    sample = newest.sample if newest else None
    return Finding(
        category=category,
        provider=record.pair.provider,
        model=record.pair.model,
        kind=kind,
        severity=Severity.WARNING,
        count=record.of(kind),
        attempts=record.attempts,
        since=record.failing_since or run.begin,
        until=None,
        last_success=record.last_success,
        message=sample.message if sample else None,
        message_cut=bool(sample and sample.cut),
        evidence=evidence,
        models=(record.pair,),
        complaint=complaint_about,
        successor=record.entry.successor if record.entry else None,
    )


def _with_history(record: Record, evidence: str) -> str:
    told = f"{evidence[0].upper()}{evidence[1:]}."
    if record.failing_since:
        told += f" Nothing succeeded since at least {when(record.failing_since)}."
    if record.last_success is not None:
        ago = how_long(record.window.until - record.last_success)
        return f"{told} Last success {when(record.last_success)}, {ago} ago."
    if record.knows_all_successes:
        return f"{told} It never worked here."
    return f"{told} No success in all that was read."


def _answers(count: int, run: Stretch) -> str:
    if count == run.count:
        return "the only attempt" if count == 1 else f"all {count} attempts"
    return f"{count} of {run.count} attempts"


def _say(run: Stretch) -> str:
    return "says" if run.count == 1 else "say"


def _kinds(kinds: list[tuple[ErrorKind, int]]) -> str:
    return ", ".join(f"{in_words(kind)} ({count})" for kind, count in kinds)
