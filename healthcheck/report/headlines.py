"""The head of the mail: how bad it is, and how new."""

from collections.abc import Sequence

from healthcheck.diagnosis.wording import several
from healthcheck.report.contract import Report
from healthcheck.report.problem_view import DAY, ProblemView
from healthcheck.report.text_filters import Length, capitalized, cut, day_month, hours, percent

_MANY = 0.1
"""Yesterday's attempts are shown where they differ by that share."""


class Headlines:
    """Subject, status, rates, coverage and counts; `problems` are those that need somebody."""

    def __init__(self, report: Report, problems: Sequence[ProblemView]) -> None:
        self.report, self.problems = report, problems
        self.until = report.window.until
        self.length = self.until - report.window.since
        self.is_day = self.length == DAY
        totals, without = report.totals, report.totals.unpublished
        self.errors = totals.errors - without.errors
        self.attempts = totals.attempts - without.errors - without.successes
        self.nothing_succeeds = 0 < self.attempts == self.errors

    def subject(self) -> str:
        """What is wrong first: a phone shows 40 characters."""
        rate = self.report.totals.failure_rate
        what = "No attempts" if rate is None else f"{percent(rate)} failed"
        if self.nothing_succeeds:
            what = f"no requests succeed, 0 of {self.attempts:,}"
        elif self.problems:
            what = cut(self.problems[0].part.title, 80)
        more = f", +{len(self.problems) - 1}" if len(self.problems) > 1 else ""
        day = f"{day_month(self.until)} {self.until:%Y}"
        return f"{self.report.status.upper()} {what}{more} | LLM health {day}"

    def preheader(self) -> str:
        """What a list of mails shows after the subject."""
        return f"{self.rates(brief=True)} - {self.counts()}"

    def window(self) -> str:
        """Its last day, its length and its end."""
        day = f"{self.until:%a} {day_month(self.until)} {self.until:%Y}"
        return f"{day}, {hours(self.length)} to {self.until:%H:%M} UTC"

    def lines(self) -> list[str]:
        """The first lines: how bad it is, and how new."""
        lines = [self.rates(), self.coverage(), f"{capitalized(self.counts())}."]
        return [line for line in lines if line]

    def total_loss(self) -> str:
        """Where nothing succeeds, that and why."""
        if not self.nothing_succeeds:
            return ""
        cause = cut(self.problems[0].part.title, Length.TITLE) if self.problems else ""
        likely = f" Most likely cause: {cause}." if cause else ""
        return f"No requests succeed: 0 of {self.attempts:,} attempts.{likely}"

    def rates(self, *, brief: bool = False) -> str:
        """The first percentage of the mail is the failure rate of what is published."""
        totals = self.report.totals
        if totals.failure_rate is None:
            return "No attempts" if brief else "No attempts in this window."
        before = []
        if totals.failure_rate_before is not None:
            was = totals.attempts_before
            differs = was and abs(self.attempts - was) >= _MANY * was
            of = f" of {was:,}" if differs and not brief else ""
            before.append(f"{self._yesterday()} {percent(totals.failure_rate_before)}{of}")
        if totals.failure_rate_usual is not None:
            usual = "7-day avg" if self.is_day else "7 windows before that"
            before.append(f"{usual} {percent(totals.failure_rate_usual)}")
        of = "" if brief else f" of {self.attempts:,} attempts"
        compared = f" ({', '.join(before)})" if before else ""
        sentence = f"{percent(totals.failure_rate)}{of} failed{compared}"
        return sentence if brief else f"{sentence}."

    def _yesterday(self) -> str:
        return "yesterday" if self.is_day else "window before"

    def coverage(self) -> str:
        """How many models gave data."""
        its = self.report.coverage
        if not its.enabled:
            return ""
        before = f"{self._yesterday()} {its.with_data_before:,}"
        return f"{its.with_data:,} of {its.enabled:,} enabled models have data ({before})."

    def counts(self) -> str:
        """How many problems, how many of them new, and what recovered."""
        count = len(self.problems)
        new = sum(problem.is_new for problem in self.problems)
        states = _without_zeros(f"{new} new", f"{count - new} ongoing")
        return _without_zeros(
            f"{several(count, 'problem')} ({states})" if count else "no problems",
            f"{len(self.report.problems) - count} for your information",
            f"{len(self.report.resolved)} recovered",
        )


def _without_zeros(*counts: str) -> str:
    return ", ".join(part for part in counts if not part.startswith("0 "))
