"""The last days on one page: status, failure rate and coverage per day, problems with their age."""

from collections.abc import Mapping, Sequence
from datetime import date

from healthcheck.diagnosis import Severity
from healthcheck.diagnosis.wording import several
from healthcheck.report.past import PastProblem, PastReport
from healthcheck.report.render import template
from healthcheck.report.text_filters import day_month
from healthcheck.report.view_model import cut_rows

MOST_PROBLEMS = 60


def render_history(days: Sequence[date], reports: Mapping[date, PastReport]) -> str:
    """The page of these days, oldest first, with an entry in `reports` for those that have one.

    It begins with the first day that has a report.
    """
    kept = [(day, reports.get(day)) for day in days if day >= min(reports, default=day)]
    rates = [(day, report and report.failure_rate) for day, report in kept]
    shares = [(day, report and report.coverage) for day, report in kept]
    top = max([rate for _, rate in rates if rate], default=0)
    charts = (("Failure rate", rates, max(top, 0.05)), ("Enabled models with data", shares, 1.0))
    problems = cut_rows(_ages(kept), MOST_PROBLEMS)
    return template("history.html.j2").render(days=kept, charts=charts, problems=problems)


def _ages(days: Sequence[tuple[date, PastReport | None]]) -> list[tuple[PastProblem, str]]:
    """Those of the newest report first, then the ones seen last; the most severe of each first."""
    seen: dict[str, dict[date, PastProblem]] = {}
    for day, report in days:
        for problem in report.problems if report else ():
            if problem.severity is not Severity.INFO:
                # Of two that share an id, the more urgent one stands first; what ended is the other.
                seen.setdefault(problem.id, {}).setdefault(day, problem)
    last = max((day for day, report in days if report), default=None)
    # The days of each, and what it was on the last of them.
    known = [([*its], [*its.values()][-1]) for its in seen.values()]
    known.sort(key=lambda its: (its[0][-1], -its[1].severity.rank, len(its[0])), reverse=True)
    return [
        (problem, _seen(its, is_open=its[-1] == last and not problem.ended))
        for its, problem in known
    ]


def _seen(days: Sequence[date], *, is_open: bool) -> str:
    first, count = day_month(days[0]), several(len(days), "day")
    if is_open:
        return f"open since {first}, {count}"
    end = f" to {day_month(days[-1])}" if len(days) > 1 else ""
    return f"{first}{end}, {count}"
