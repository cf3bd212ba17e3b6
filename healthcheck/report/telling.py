"""From the report to the story that its reader gets: what comes first, and what is cut."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from healthcheck.diagnosis import Category, Severity, State
from healthcheck.report.assessed import assessed
from healthcheck.report.contract import (
    ActionPart,
    FindingPart,
    HistoryDay,
    ProblemPart,
    Report,
)
from healthcheck.report.figures import figures
from healthcheck.report.phrases import (
    count,
    cut,
    headline,
    last_success,
    listed,
    moment,
    name,
    since,
    since_day,
    well_since,
    what,
)
from healthcheck.report.story import DayMark, Entry, Limits, Rows, Section, Step, Story, cut_rows

_SENTENCE = 420
_MESSAGE = 210
_COMMAND = 700
_WEEK = 7

_SERVICE = (Category.SILENT_SERVICE, Category.SERVICE_ISSUE)
_SECTIONS = {
    "Models likely deprecated": Category.DEPRECATED_MODEL,
    "Code fixes needed": Category.CODE_FIX,
    "Provider-wide issues": Category.PROVIDER_ISSUE,
}
_FURTHER = {
    "Failing models": Category.FAILING_MODEL,
    "Degraded models": Category.DEGRADED_MODEL,
    "Silent models": Category.SILENT_MODEL,
}


def tell(report: Report, limits: Limits) -> Story:
    """The one builder of the mail: all that its templates show."""
    pressing = [part for part in report.findings if part.severity is not Severity.INFO]
    full = [part for part in pressing if not _in_short(part)]
    within = _most_severe(full, limits)
    by_id = {part.id: part for part in report.problems}

    def section(*categories: Category) -> Rows[Entry]:
        chosen = [part for part in full if part.category in categories]
        shown = [part for part in within if part.category in categories]
        return Rows(tuple(map(_entry, shown)), len(chosen) - len(shown))

    def sections(titles: dict[str, Category]) -> tuple[Section, ...]:
        made = (
            Section(
                title,
                section(category),
                sum(part.category is category and _in_short(part) for part in pressing),
            )
            for title, category in titles.items()
        )
        return tuple(part for part in made if part.entries.total)

    return Story(
        status=report.status,
        day=f"{report.window.until:%Y-%m-%d}",
        headline=headline(report),
        reason=cut(report.reason, _SENTENCE),
        summary=cut(report.summary, _SENTENCE),
        history=tuple(DayMark(f"{part.day:%Y-%m-%d}", part.status) for part in report.history),
        missed=_missed(report.history[-_WEEK - 1 :]),
        assessed=assessed(report),
        compared=report.compared,
        new=cut_rows((p for p in pressing if p.state is State.NEW), limits.new, _entry),
        service=section(*_SERVICE),
        sections=sections(_SECTIONS),
        actions=_actions(report, by_id, limits),
        further=sections(_FURTHER),
        ongoing=cut_rows(filter(_in_short, pressing), limits.ongoing, _entry),
        watch=cut_rows(
            (p for p in report.findings if p.severity is Severity.INFO), limits.others, _entry
        ),
        resolved=cut_rows(report.resolved, limits.others, _entry),
        muted=_muted([part.finding for part in report.muted]),
        figures=figures(report, limits),
        window=f"{moment(report.window.since)} to {moment(report.window.until)} UTC",
        malformed=report.totals.malformed,
        notes=cut_rows(report.notes, limits.notes, lambda note: cut(note, _SENTENCE)),
        command=report.command if len(report.command) <= _COMMAND else None,
        version=report.version,
    )


def _in_short(part: FindingPart) -> bool:
    """What is known since yesterday needs no proof again, unless data is being lost."""
    return part.state is State.ONGOING and part.severity is not Severity.CRITICAL


def _most_severe(parts: Iterable[FindingPart], limits: Limits) -> list[FindingPart]:
    """Findings come most urgent first: what is cut is the least urgent, and no section starves."""
    chosen: list[FindingPart] = []
    counts: Counter[Category] = Counter()
    for part in parts:
        if len(chosen) == limits.findings:
            break
        if counts[part.category] < limits.of_a_section:
            counts[part.category] += 1
            chosen.append(part)
    return chosen


def _entry(part: FindingPart) -> Entry:
    return Entry(
        severity=part.severity,
        state=part.state,
        name=name(part),
        what=what(part),
        count=count(part),
        when=well_since(part) if part.until else since(part),
        day=since_day(part),
        last_success=last_success(part),
        evidence=cut(part.evidence, _SENTENCE),
        message=None if not part.message else cut(part.message, _MESSAGE),
        opinion=cut(part.opinion, _SENTENCE) if part.opinion else None,
    )


def _actions(report: Report, by_id: Mapping[str, ProblemPart], limits: Limits) -> Rows[Step]:
    """The findings' actions; what the assessment itself needs is never cut."""
    rows = cut_rows(
        report.recommended_actions,
        limits.actions,
        lambda part: _step(part, by_id[part.problem]),
    )
    if report.analysis.action is None:
        return rows
    its = Step(
        severity=Severity.INFO,
        action=report.analysis.action,
        reason="the AI assessment is not available",
        command=None,
        command_too_long=False,
        advice=None,
    )
    return Rows((*rows.shown, its), rows.more)


def _step(part: ActionPart, problem: ProblemPart) -> Step:
    too_long = part.command is not None and len(part.command) > _COMMAND
    return Step(
        severity=part.severity,
        action=cut(part.action, _SENTENCE),
        reason=cut(listed(problem.title, since(problem)), _SENTENCE),
        command=None if too_long else part.command,
        command_too_long=too_long,
        advice=cut(part.advice, _SENTENCE) if part.advice else None,
    )


def _muted(findings: Sequence[FindingPart]) -> str | None:
    if not findings:
        return None
    critical = sum(part.severity is Severity.CRITICAL for part in findings)
    noun = "finding is" if len(findings) == 1 else "findings are"
    also = f", {critical} of them critical" if critical else ""
    return f"{len(findings)} {noun} muted as known issues{also}."


def _missed(days: Sequence[HistoryDay]) -> str | None:
    """The slots of the last week that should have had a report."""
    missed = [f"{part.day:%Y-%m-%d}" for part in days if part.missed]
    return f"No report was made for {', '.join(missed)}." if missed else None
