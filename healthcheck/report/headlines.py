"""The head of the mail: how bad it is, and how new."""

from collections.abc import Sequence
from pathlib import PurePath

from healthcheck.diagnosis import Category, Severity, State
from healthcheck.diagnosis.wording import day, listed, several
from healthcheck.report.contract import FindingPart, MutedPart, MutePart, Report
from healthcheck.report.problem_view import DAY, who
from healthcheck.report.text_filters import Length, cut, cut_inside, hours, percent, without_zeros

_SUBJECT, _NAME = 80, 16
"""Characters of a title, where a longer one ends at a comma; of a snapshot's folder and host."""


class Headlines:
    """Subject, status, rates, coverage and counts; `problems` are those that need somebody."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.problems = [p for p in report.problems if p.severity is not Severity.INFO]
        self.until = report.window.until
        self.day = day(self.until)
        self.length = self.until - report.window.since
        self.before, self.usual = "window before", "7 windows before that"
        if self.length == DAY:
            self.before, self.usual = "yesterday", "7-day avg"
        totals, without = report.totals, report.totals.unpublished
        self.errors = totals.errors - without.errors
        self.attempts = totals.attempts - without.errors - without.successes
        self.nothing_succeeds = 0 < self.attempts == self.errors

    def subject(self) -> str:
        """What is wrong first: a phone shows 40 characters."""
        rate = self.report.totals.failure_rate
        mark, its = "", self.report.snapshot
        if its:
            mark = f"[snapshot {cut(PurePath(its.folder).name, _NAME)} on {cut(its.host, _NAME)}] "
        what = "No attempts" if rate is None else f"{percent(rate)} failed"
        if self.nothing_succeeds:
            what = f"no requests succeed, 0 of {self.attempts:,}"
        elif self.problems:
            what = self.problems[0].title
            most = _SUBJECT - len(mark)
            while len(what) > most and ", " in what.partition(": ")[2]:
                what = what.rpartition(", ")[0]
            what = cut(what, most)
        more = f", +{len(self.problems) - 1}" if len(self.problems) > 1 else ""
        what += f"{more}{self._hidden()}"
        return f"{mark}{self.report.status.upper()} {what} | LLM health {self.day}"

    def _hidden(self) -> str:
        """How many muted findings are worse than all that is not muted."""
        worst = min((p.severity.rank for p in self.problems), default=Severity.INFO.rank)
        muted = [part.finding.severity for part in self.report.muted]
        hidden = [severity for severity in muted if severity.rank < worst]
        return f", muted: {hidden.count(hidden[0])} {hidden[0].value}" if hidden else ""

    def _muted(self) -> list[str]:
        """A sentence on what somebody has muted, if anything; each mute is named once."""
        by_mute: dict[tuple[object, ...], list[MutedPart]] = {}
        for part in self.report.muted:
            by_mute.setdefault(tuple(vars(part.mute).values()), []).append(part)
        names = [_mute([part.finding for part in its], its[0].mute) for its in by_mute.values()]
        count = several(len(self.report.muted), "finding")
        return [f"{count} muted: {listed(names)}."] if names else []

    def window(self) -> str:
        """Its last day, its length and its end."""
        return f"{self.until:%a} {self.day}, {hours(self.length)} to {self.until:%H:%M} UTC"

    def lines(self) -> list[str]:
        """The first lines: how bad it is, and how new."""
        its = self.report.coverage
        data = f"{its.with_data:,} of {its.enabled:,} enabled models have data"
        was = f"{self.before} {its.with_data_before:,}"
        idle = f"; {its.not_attempted:,} not attempted now" if its.not_attempted else ""
        return [
            *self._source(),
            f"{self.rates()}.",
            *([f"{data} ({was}){idle}."] if its.enabled else []),
            f"{self.counts().capitalize()}.",
            *self._muted(),
        ]

    def summary(self) -> str:
        """The rates and the counts."""
        return f"{self.rates()}. {self.counts().capitalize()}."

    def _source(self) -> list[str]:
        """Of a report that is not on the live database, what it is on."""
        its = self.report.snapshot
        if its is None:
            return []
        folder, host = cut_inside(its.folder, Length.NAME), cut(its.host, Length.NAME)
        told = f"Read from the snapshot {folder} on {host}, not from the live database."
        silent = (p for p in self.problems if p.category is Category.SILENT_SERVICE)
        is_silent = not all(problem.until for problem in silent)
        remark = " If it was made when its data ends, no data is missing: leave out --until."
        return [told + remark if is_silent and not its.whole else told]

    def total_loss(self) -> str:
        """Where nothing succeeds, that and why."""
        if not self.nothing_succeeds:
            return ""
        told = f"No requests succeed: 0 of {self.attempts:,} attempts."
        if self.problems:
            told += f" Most likely cause: {cut(self.problems[0].title, Length.TITLE)}."
        return told

    def rates(self) -> str:
        """The first percentage of the mail is the failure rate of what is published."""
        totals = self.report.totals
        if totals.failure_rate is None:
            return "No attempts in this window"
        rates = {self.before: totals.failure_rate_before, self.usual: totals.failure_rate_usual}
        earlier = [f"{name} {percent(its)}" for name, its in rates.items() if its is not None]
        compared = f" ({', '.join(earlier)})" if earlier else ""
        return f"{percent(totals.failure_rate)} of {self.attempts:,} attempts failed{compared}"

    def counts(self) -> str:
        """How many problems, how many of them new, and what recovered."""
        count = len(self.problems)
        old = [problem for problem in self.problems if problem.state is not State.NEW]
        new, ended = count - len(old), sum(problem.until is not None for problem in old)
        states = without_zeros(f"{new} new", f"{count - new - ended} ongoing", f"{ended} ended")
        return without_zeros(
            f"{several(count, 'problem')} ({states})" if count else "no problems",
            f"{len(self.report.problems) - count} for your information",
            f"{len(self.report.resolved)} recovered",
        )


def _mute(findings: Sequence[FindingPart], mute: MutePart) -> str:
    """What it hides, until when, and why."""
    count = sum(finding.severity is Severity.CRITICAL for finding in findings)
    until = f"until {day(mute.until)}" if mute.until else "forever"
    reason = f": {cut(mute.reason, Length.NAME)}" if mute.reason else ""
    remarks = without_zeros(f"{count} critical", until)
    return f"{listed([*map(who, findings)])} ({remarks}{reason})"
