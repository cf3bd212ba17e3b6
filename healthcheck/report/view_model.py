"""What the mail says: plain values for its templates, cut to size, most urgent first."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from healthcheck.diagnosis import CATEGORIES, Category, Severity
from healthcheck.diagnosis.causes import BY_RULE
from healthcheck.diagnosis.wording import how_long, in_words, listed, several, when
from healthcheck.report.contract import FindingPart, ProviderPart, Report
from healthcheck.report.headlines import Headlines
from healthcheck.report.problem_view import EMPTY_MESSAGE, ProblemView, who
from healthcheck.report.text_filters import Length, cut, day_month, percent
from healthcheck.taxonomy import classify

_PROBLEMS, _DETAILS, _INFORMATION, _PROVIDERS, _UNRECOGNIZED, _NOTES = 16, 10, 8, 10, 3, 6
"""How many rows each list may have, where there is room."""
_SUMMARY, _SAMPLE, _KINDS, _WEEK = 700, 46, 5, 7
_REQUEUING = (
    "To requeue: the scheduler has given up on these jobs and does not retry them (dead letters). "
    "Set them to pending with the benchmark service's own tool."
)
_NOISE = 0.02
"""Background failures run at about 1% (docs/how-it-decides.md): below this a provider gets no row."""


class Rows(NamedTuple):
    """A list, and how many more there would be."""

    shown: Sequence[Any]
    more: int


def cut_rows(rows: Sequence[Any], most: float) -> Rows:
    """The first of them."""
    shown = rows[: int(most)]
    return Rows(shown, len(rows) - len(shown))


class MailView:
    """What the templates show beside the report's own fields: sentences and rows, cut to size.

    Problems stand in groups under the names that the operator knows, and are numbered through.
    Each list has the `share` of its rows for which there is room.
    """

    def __init__(self, report: Report, share: float) -> None:
        self.report, self.share = report, share
        problems = [ProblemView(report, *its) for its in enumerate(report.problems, 1)]
        self.watched = [its for its in problems if its.part.severity is Severity.INFO]
        self.actionable = [its for its in problems if its.part.severity is not Severity.INFO]
        self.urgent = sorted(
            self.actionable, key=lambda its: (its.part.severity.rank, not its.is_new)
        )
        self.groups: dict[str, list[ProblemView]] = {}
        for its in self.actionable:
            self.groups.setdefault(its.part.section, []).append(its)
        self.head = Headlines(report)
        self.command = report.command if len(report.command) <= Length.COMMAND // 4 else ""

    def ai_summary(self) -> str:
        """Its own, not that of the rules."""
        its = self.report.analysis
        return cut(its.summary, _SUMMARY) if its.source == "openai" else ""

    def ai_rating(self) -> str:
        """What is said of the AI beside its summary."""
        its = self.report.analysis
        if its.error is not None:
            return cut(f"{its.error} The report uses the rules only.", Length.EVIDENCE)
        if its.source == "rules" or its.status == self.report.status:
            return ""
        return f"AI opinion: {its.status.upper()}. The report status is set by the rules."

    def ai_usage(self) -> str:
        """What the AI cost."""
        its = self.report.analysis
        has_tokens = its.input_tokens is not None and its.output_tokens is not None
        usage = (
            f"{its.input_tokens:,} tokens in, {its.output_tokens:,} out" if has_tokens else "",
            f"about {its.cost_usd:.4f} USD" if its.cost_usd is not None else "",
            f"request {its.request_id}" if its.request_id else "",
            f"{several(its.dropped_claims, 'invalid answer')} dropped"
            if its.dropped_claims
            else "",
        )
        told = ", ".join(filter(None, usage))
        return f"AI: {cut(its.model, Length.NAME)}, {told}." if told else ""

    def rows(self, group: Sequence[ProblemView]) -> Rows:
        """The problems of a group that are among the most urgent."""
        urgent = cut_rows(self.urgent, _PROBLEMS * self.share).shown
        shown = [its for its in group if its in urgent]
        return Rows(shown, len(group) - len(shown))

    def script(self, group: Sequence[ProblemView]) -> tuple[str, str]:
        """What disables the models of a group that are gone, or were never there: whose, and how."""
        gone = [its for its in group if its.command]
        are_deprecated = gone and gone[0].part.category is Category.DEPRECATED_MODEL
        line = self.report.disable_command if are_deprecated else None
        numbers = ", ".join(str(its.number) for its in gone)
        whose = f"the models of {numbers} " if group[1:] else ""
        return f"To disable {whose}in mongosh", line or "; ".join(its.command for its in gone)

    def requeuing(self) -> str:
        """What it is, where any action asks for it."""
        actions = self.report.recommended_actions
        return _REQUEUING if any("requeue" in each.action.lower() for each in actions) else ""

    def details(self) -> Rows:
        """Of the most urgent ones, in the order of the list above."""
        urgent = cut_rows(self.urgent, _DETAILS * self.share)
        return urgent._replace(shown=sorted(urgent.shown, key=lambda its: its.number))

    def information(self) -> Rows:
        """What needs nobody: missed reports, what to watch, what recovered."""
        report = self.report
        missed = [day_month(part.day) for part in report.history[-_WEEK - 1 :] if part.missed]
        entries = [f"No report on {listed(missed)}."] if missed else []
        entries += [problem.to_watch() for problem in self.watched]
        rows = cut_rows(entries, _INFORMATION * self.share)
        ends = self._unrecognized()
        if report.resolved:
            ends.append(f"Recovered: {listed([*map(self._recovered, report.resolved)])}.")
        return Rows((*rows.shown, *ends), rows.more)

    def _recovered(self, part: FindingPart) -> str:
        name, cause = who(part), part.words or CATEGORIES[part.category].word
        name += f" ({cause})" if cause != name else ""
        if not part.until:
            return name
        at = f"{name} at {when(part.until)}"
        at_least = "at least " if part.since_is_bound else ""
        return f"{at} (after {at_least}{how_long(part.until - part.since)})" if part.since else at

    def _unrecognized(self) -> list[str]:
        """Messages of no known cause, and what the AI takes them for."""
        told = {finding.message for finding in self.report.findings if finding.message}
        found = [
            part
            for part in self.report.patterns
            if part.sample not in told and classify(part.sample).rule not in BY_RULE
        ]
        shown, more = cut_rows(found, _UNRECOGNIZED * self.share)
        more += self.report.patterns_not_listed
        rows = []
        for part in shown:
            row = f"Unrecognized, {part.count:,} x {cut(part.provider, Length.NAME)}: "
            row += cut(part.sample, _SAMPLE).strip() or EMPTY_MESSAGE
            if part.reading:
                words = cut(part.reading.words, Length.MESSAGE)
                row += f" AI guess: {in_words(part.reading.kind)}. {words}".rstrip()
            rows.append(row)
        return [*rows, f"{several(more, 'more unrecognized message')}."] if more else rows

    def providers(self) -> Rows:
        """Those with a row of their own: with an issue of the provider as a whole, then by rate."""
        issues = (i.part for i in self.actionable if i.part.category is Category.PROVIDER_ISSUE)
        named = {name for part in issues for name in part.providers}

        def urgency(part: ProviderPart) -> tuple[bool, float]:
            return part.provider in named, part.errors / part.attempts

        tried = [part for part in self.report.providers if part.attempts]
        failing = [part for part in tried if urgency(part) >= (False, _NOISE)]
        return cut_rows(sorted(failing, key=urgency, reverse=True), _PROVIDERS * self.share)

    def other_providers(self) -> str:
        """The others, in a line; of one that is no longer attempted, earlier successes say little."""
        covered, shown = self.report.coverage.providers, self.providers().shown
        stopped = {its.provider for its in covered if 0 < its.enabled == its.not_attempted}
        others = [part for part in self.report.providers if part not in shown]
        idle = [part for part in others if not part.attempts or part.provider in stopped]
        alive = [part for part in others if part not in idle]
        failed = "Also failed" if shown else "Failed"
        groups = (
            (failed, [part for part in alive if part.errors]),
            ("Not attempted now", idle),
            ("No failures", [part for part in alive if not part.errors]),
        )
        return " ".join(f"{words}: {listed([*map(_rate, its)])}." for words, its in groups if its)

    def kinds(self) -> str:
        """How the failures of published models divide, so that they add up."""
        counts = Counter(self.report.errors_by_cause)
        shown = dict(counts.most_common(_KINDS))
        rest = counts.total() - sum(shown.values())
        listing = [f"{words} {count:,}" for words, count in shown.items()]
        listing += [f"other {rest:,}"] if rest else []
        lost = [
            f"{cut(part.provider, Length.NAME)} {part.lost:,}"
            for part in sorted(self.report.providers, key=lambda part: -part.lost)
            if part.lost > _NOISE * (part.attempts + part.lost)
        ]
        where = f" Lost on our side: {listed(lost)}." if lost else ""
        return f"{self.head.errors:,} failures: {', '.join(listing)}.{where}" if counts else ""

    def notes(self) -> Rows:
        """What was left out, cut or estimated."""
        notes = [cut(note, Length.EVIDENCE) for note in self.report.notes]
        return cut_rows(notes, _NOTES * self.share)


def _rate(part: ProviderPart) -> str:
    name = cut(part.provider, Length.NAME)
    return f"{name} {percent(part.errors / part.attempts)}" if part.errors else name
