"""What earlier reports add: the last days at a glance, and since when a problem really lasts.

Without them the report stays as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from healthcheck.diagnosis import Severity, State, Status
from healthcheck.report.contract import FindingPart, HistoryDay, Report
from healthcheck.run_window import daily_slot, daily_slots

DAYS = 14


class PastProblem(NamedTuple):
    """What a report listed as a problem."""

    id: str
    title: str
    severity: Severity
    ended: bool = False


class PastReport(NamedTuple):
    """A report that was made before. `scheduled`: it is the one of its slot. `sent`: it was mailed.

    `lasting`: since when each finding lasted that had not ended. `failure_rate` and `coverage` are
    shares, None where it has none.
    """

    until: datetime
    scheduled: bool
    status: Status
    reason: str
    lasting: Mapping[str, datetime | None]
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
    earlier = {part.id: _begun(part, today, by_day) for part in report.findings}

    def begun(since: datetime | None, *findings: str) -> datetime | None:
        return min(filter(None, (since, *map(earlier.get, findings))), default=None)

    findings = [replace(part, since=begun(part.since, part.id)) for part in report.findings]
    problems = [replace(p, since=begun(p.since, *p.findings)) for p in report.problems]
    history = [_history_day(day, by_day) for day in daily_slots(today, DAYS)[:-1]]
    history.append(HistoryDay(day=today, status=report.status, missed=False))
    return replace(report, history=history, findings=findings, problems=problems)


def daily(past: Iterable[PastReport]) -> dict[date, PastReport]:
    """The report of each day: the scheduled one, else the last that was made by hand."""
    ordered = sorted(past, key=lambda each: (each.scheduled, each.until))
    return {each.day: each for each in ordered}


def _history_day(day: date, by_day: Mapping[date, PastReport]) -> HistoryDay:
    found = by_day.get(day)
    # Before the oldest that is kept, nothing is known to have been due.
    missed = found is None and day > min(by_day)
    return HistoryDay(day=day, status=found.status if found else None, missed=missed)


def _begun(part: FindingPart, today: date, by_day: Mapping[date, PastReport]) -> datetime | None:
    """When it began by reports of days in a row that all hold it; None if they know no better."""
    since, day = part.since, today - timedelta(days=1)
    while part.state is State.ONGOING and (found := by_day.get(day)):
        if part.id not in found.lasting:
            break
        since = min(filter(None, (since, found.lasting[part.id])), default=None)
        day -= timedelta(days=1)
    return since if since != part.since else None
