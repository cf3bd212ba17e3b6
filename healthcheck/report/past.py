"""What earlier reports add: the last days at a glance, and since when a problem really lasts.

Without them the report stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from healthcheck.diagnosis import Severity, State, Status
from healthcheck.report.contract import FindingPart, HistoryDay, Report
from healthcheck.run_window import daily_slot, daily_slots

DAYS = 14


@dataclass(frozen=True, slots=True)
class PastFinding:
    """What a report said of a finding."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PastProblem:
    """What a report listed as a problem."""

    id: str
    title: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class PastReport:
    """A report that was made before. `scheduled`: it is the one of its slot. `sent`: it was mailed.

    `failure_rate` and `coverage` are shares, None where it has none.
    """

    until: datetime
    scheduled: bool
    status: Status
    reason: str
    findings: Mapping[str, PastFinding]
    failure_rate: float | None = None
    coverage: float | None = None
    problems: tuple[PastProblem, ...] = ()
    sent: bool = True

    @property
    def day(self) -> date:
        """The slot that it falls into."""
        return daily_slot(self.until)


def with_past(report: Report, past: Sequence[PastReport]) -> Report:
    """The report, with what is known from before its end."""
    today = daily_slot(report.window.until)
    by_day = daily(each for each in past if each.day < today)
    if not by_day:
        return report
    findings = [_sharpened(part, today, by_day) for part in report.findings]
    begun = {part.id: part.since for part in findings}
    problems = [
        part.model_copy(
            update={"since": min(filter(None, map(begun.get, part.findings)), default=None)}
        )
        for part in report.problems
    ]
    history = [_history_day(day, by_day) for day in daily_slots(today, DAYS)[:-1]]
    history.append(HistoryDay(day=today, status=report.status, missed=False))
    added = {"history": history, "findings": findings, "problems": problems}
    return report.model_copy(update=added)


def daily(past: Iterable[PastReport]) -> dict[date, PastReport]:
    """The report of each day: the scheduled one, else the last that was made by hand."""
    ordered = sorted(past, key=lambda each: (each.scheduled, each.until))
    return {each.day: each for each in ordered}


def _history_day(day: date, by_day: Mapping[date, PastReport]) -> HistoryDay:
    found = by_day.get(day)
    # Before the oldest that is kept, nothing is known to have been due.
    missed = found is None and day > min(by_day)
    return HistoryDay(day=day, status=found.status if found else None, missed=missed)


def _sharpened(part: FindingPart, today: date, by_day: Mapping[date, PastReport]) -> FindingPart:
    """Reports of days in a row that all hold the finding tell when it began, if the first knows."""
    if part.state is not State.ONGOING:
        return part
    since, day = part.since, today - timedelta(days=1)
    while (found := by_day.get(day)) and (before := found.findings.get(part.id)):
        if before.until is not None:
            break
        if before.since and (since is None or before.since < since):
            since = before.since
        day -= timedelta(days=1)
    return part if since == part.since else part.model_copy(update={"since": since})
