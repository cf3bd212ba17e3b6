"""The last days on one page: status, failure rate and coverage per day, problems with their age."""

from collections.abc import Mapping, Sequence
from datetime import date

from healthcheck.diagnosis import Severity
from healthcheck.diagnosis.wording import several
from healthcheck.report import palette
from healthcheck.report.past import PastProblem, PastReport
from healthcheck.report.render import environment
from healthcheck.report.text_filters import day_month, percent
from healthcheck.report.view_model import cut_rows

WIDTH, HEIGHT = 640, 90
"""Of a chart, in its own units."""
MOST_PROBLEMS = 60


def render_history(days: Sequence[date], reports: Mapping[date, PastReport]) -> str:
    """The page of these days, oldest first, with an entry in `reports` for those that have one.

    It begins with the first day that has a report.
    """
    days = [day for day in days if day >= min(reports, default=day)]
    rates = {day: reports[day].failure_rate for day in days if day in reports}
    shares = {day: reports[day].coverage for day in days if day in reports}
    return (
        environment(html=True)
        .get_template("history.html.j2")
        .render(
            days=[(day, reports[day].status if day in reports else None) for day in days],
            charts=[
                _chart("Failure rate", days, rates, max([*filter(None, rates.values()), 0.05])),
                _chart("Enabled models with data", days, shares, 1.0),
            ],
            problems=cut_rows(_ages(days, reports), MOST_PROBLEMS),
            colors=palette,
            width=WIDTH,
            height=HEIGHT,
        )
    )


def _chart(
    title: str, days: Sequence[date], values: Mapping[date, float | None], top: float
) -> dict[str, object]:
    """Points are (day, share, x, y); lines run between days in a row."""
    step = WIDTH / max(1, len(days) - 1)
    points = []
    runs: list[list[str]] = [[]]
    for number, day in enumerate(days):
        value = values.get(day)
        if value is None:
            runs.append([])
            continue
        x, y = round(number * step, 1), round(HEIGHT * (1 - min(1.0, value / top)), 1)
        points.append((day_month(day), percent(value), x, y))
        runs[-1].append(f"{x},{y}")
    lines = [" ".join(run) for run in runs if run]
    return {"title": title, "top": percent(top), "points": points, "lines": lines}


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
