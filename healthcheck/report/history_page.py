"""The last days on one page: status, failure rate and coverage per day, problems with their age."""

from collections.abc import Mapping, Sequence
from datetime import date

from healthcheck.diagnosis import Severity
from healthcheck.diagnosis.wording import several
from healthcheck.report.past import PastProblem, PastReport
from healthcheck.report.render import environment
from healthcheck.report.text_filters import day_month
from healthcheck.report.view_model import cut_rows

MOST_PROBLEMS = 60


def render_history(days: Sequence[date], reports: Mapping[date, PastReport]) -> str:
    """The page of these days, oldest first, with an entry in `reports` for those that have one.

    It begins with the first day that has a report.
    """
    days = [day for day in days if day >= min(reports, default=day)]
    rates = {day: its.failure_rate for day in days if (its := reports.get(day))}
    shares = {day: its.coverage for day in days if (its := reports.get(day))}
    return (
        environment(html=True)
        .get_template("history.html.j2")
        .render(
            days=[(day, reports[day].status if day in reports else None) for day in days],
            charts=(
                ("Failure rate", rates, max([*filter(None, rates.values()), 0.05])),
                ("Enabled models with data", shares, 1.0),
            ),
            problems=cut_rows(_ages(days, reports), MOST_PROBLEMS),
        )
    )


def _ages(
    days: Sequence[date], reports: Mapping[date, PastReport]
) -> list[tuple[PastProblem, str]]:
    """Those of the newest report first, then the ones seen last; the most severe of each first."""
    seen: dict[str, list[date]] = {}
    newest = {}
    for day in days:
        for problem in reports[day].problems if day in reports else ():
            if problem.severity is not Severity.INFO:
                seen.setdefault(problem.id, []).append(day)
                newest[problem.id] = problem
    last = max((day for day in days if day in reports), default=None)
    ordered = sorted(
        seen.items(),
        key=lambda item: (item[1][-1], -newest[item[0]].severity.rank, len(item[1])),
        reverse=True,
    )
    return [(newest[name], _seen(its, last)) for name, its in ordered]


def _seen(days: Sequence[date], last: date | None) -> str:
    if days[-1] == last:
        return f"open since {day_month(days[0])}, {several(len(days), 'day')}"
    end = f" to {day_month(days[-1])}" if len(days) > 1 else ""
    return f"{day_month(days[0])}{end}, {several(len(days), 'day')}"
