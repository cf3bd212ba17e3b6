"""What the mail says: plain values for its templates, cut to size, most urgent first."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from healthcheck.diagnosis import CATEGORIES, Category, Severity, State
from healthcheck.diagnosis.wording import in_words, listed, several
from healthcheck.report.contract import FindingPart, ProblemPart, ProviderPart, Report
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.report.text_filters import Length, cut, day_month, moment, percent
from healthcheck.taxonomy import ErrorKind

DAY = timedelta(days=1)
_SUMMARY, _SAMPLE, _MODELS, _KINDS, _WEEK = 700, 46, 3, 5, 7
_NOTICEABLE, _NOTICEABLE_COVERAGE = 0.01, 0.03
"""A failure rate or coverage that moves by less is called unchanged."""
_MANY = 0.1
"""Yesterday's attempts are shown where they differ by that share."""
_NOISE = 0.02
"""Background failures run at about 1% (docs/thresholds.md): below this a provider gets no row."""

Row = TypeVar("Row")


class Limits(NamedTuple):
    """How many rows each list may have."""

    problems: int = 16
    details: int = 10
    information: int = 8
    providers: int = 6
    unrecognized: int = 3
    notes: int = 6

    def shrunk(self, share: float) -> "Limits":
        """The same share of each."""
        return Limits(*(int(rows * share) for rows in self))


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """A list, and how many more there would be."""

    shown: Sequence[Row]
    more: int

    def __bool__(self) -> bool:
        return bool(self.shown or self.more)


def cut_rows(rows: Sequence[Row], most: int) -> Rows[Row]:
    """The first of them."""
    return Rows(rows[:most], max(0, len(rows) - most))


class MailView:
    """What the templates show beside the report's own fields: sentences and rows, cut to size.

    Problems stand in groups under the names that the operator knows, and are numbered through.
    """

    def __init__(self, report: Report, limits: Limits) -> None:
        self.report, self.limits = report, limits
        self.until = report.window.until
        self.length = self.until - report.window.since
        self.is_day = self.length == DAY
        totals, without = report.totals, report.totals.unpublished
        self.errors = totals.errors - without.errors
        self.attempts = totals.attempts - without.errors - without.successes
        self.nothing_succeeds = 0 < self.attempts == self.errors
        self.findings = {finding.id: finding for finding in report.findings}
        self.actions = {action.problem: action for action in report.recommended_actions}
        # What the AI alone says is no headline where there is another.
        self.actionable = sorted(
            (part for part in report.problems if part.severity is not Severity.INFO),
            key=lambda part: "rules" not in self.first(part).sources,
        )
        self.groups: dict[str, list[ProblemPart]] = {}
        for part in self.actionable:
            self.groups.setdefault(CATEGORIES[part.category].section, []).append(part)
        grouped = chain(*self.groups.values())
        self.numbers = {part.id: number for number, part in enumerate(grouped, 1)}

    # The head: subject, status, rates, coverage, counts.

    def subject(self) -> str:
        """What is wrong first: a phone shows 40 characters."""
        what = self.rates(brief=True).partition(" (")[0]
        if self.nothing_succeeds:
            what = f"no requests succeed, 0 of {self.attempts:,}"
        elif self.actionable:
            what = cut(_SPAN.sub("", self.actionable[0].title), 80)
        more = f", +{len(self.actionable) - 1}" if len(self.actionable) > 1 else ""
        day = f"{day_month(self.until)} {self.until:%Y}"
        return f"{self.report.status.upper()} {what}{more} | LLM health {day}"

    def preheader(self) -> str:
        """What a list of mails shows after the subject."""
        return f"{self.rates(brief=True)} - {self.counts()}"

    def window(self) -> str:
        """Its last day, its length and its end."""
        day = f"{self.until:%a} {day_month(self.until)} {self.until:%Y}"
        return f"{day}, {_in_hours(self.length)} to {self.until:%H:%M} UTC"

    def headlines(self) -> list[str]:
        """The first lines: how bad it is, and how new."""
        lines = [self.rates(), self.coverage(), f"{_capitalized(self.counts())}."]
        return [line for line in lines if line]

    def total_loss(self) -> str:
        """Where nothing succeeds, that and why."""
        if not self.nothing_succeeds:
            return ""
        cause = cut(self.actionable[0].title, Length.TITLE) if self.actionable else ""
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
        return sentence if brief else f"{sentence}{self._trend()}."

    def _yesterday(self) -> str:
        return "yesterday" if self.is_day else "window before"

    def _trend(self) -> str:
        """Better or worse than the window before: failure rate, coverage, new critical problems."""
        totals, covered = self.report.totals, self.report.coverage
        if totals.failure_rate is None or totals.failure_rate_before is None:
            return ""
        moves = [(totals.failure_rate - totals.failure_rate_before) / _NOTICEABLE]
        if any(p.severity is Severity.CRITICAL and p.state is State.NEW for p in self.actionable):
            moves.append(1)  # whatever the rates say of what is still attempted
        if covered.enabled:
            lost = (covered.with_data_before - covered.with_data) / covered.enabled
            moves.append(lost / _NOTICEABLE_COVERAGE)
        worse, better = max(moves) >= 1, min(moves) <= -1
        if worse and better:
            return ": mixed"
        return ": worse" if worse else ": better" if better else ": unchanged"

    def coverage(self) -> str:
        """How many models gave data."""
        its = self.report.coverage
        if not its.enabled:
            return ""
        before = f"{self._yesterday()} {its.with_data_before:,}"
        return f"{its.with_data:,} of {its.enabled:,} enabled models gave data ({before})."

    def counts(self) -> str:
        """How many problems, how many of them new, and what recovered."""
        count = len(self.actionable)
        new = sum(part.state is State.NEW for part in self.actionable)
        states = _without_zeros(f"{new} new", f"{count - new} ongoing")
        return _without_zeros(
            f"{several(count, 'problem')} ({states})" if count else "no problems",
            f"{len(self.report.problems) - count} for your information",
            f"{len(self.report.resolved)} recovered",
        )

    # The AI.

    def ai_summary(self) -> str:
        """Its own, not that of the rules."""
        its = self.report.analysis
        return cut(its.summary, _SUMMARY) if its.source == "openai" else ""

    def ai_rating(self) -> str:
        """What is said of the AI beside its summary."""
        its = self.report.analysis
        if its.error is not None:
            return cut(f"{its.error} The report is made from the rules alone.", Length.EVIDENCE)
        if its.source == "rules":
            return ""
        notes = [] if its.summary else ["The AI summary was dropped: none of it could be verified."]
        if its.status != self.report.status:
            why = cut(f" ({its.reason.rstrip('.')})" if its.reason else "", Length.EVIDENCE)
            notes.append(f"AI opinion: {its.status.upper()}{why}.")
            notes.append("The report status is set by the rules.")
        return " ".join(notes)

    def ai_usage(self) -> str:
        """What the AI cost."""
        its = self.report.analysis
        usage = [f"AI: {cut(its.model, Length.NAME)}"]
        if its.input_tokens is not None and its.output_tokens is not None:
            usage.append(f"{its.input_tokens:,} tokens in, {its.output_tokens:,} out")
        if its.cost_usd is not None:
            usage.append(f"about {its.cost_usd:.4f} USD")
        if its.request_id:
            usage.append(f"request {its.request_id}")
        if its.dropped_claims:
            usage.append(f"{several(its.dropped_claims, 'unsupported claim')} dropped")
        return ", ".join(usage) + "." if len(usage) > 1 else ""

    # Problems and what to do about them.

    def rows(self, group: Sequence[ProblemPart]) -> Rows[ProblemPart]:
        """The problems of a group that are among the most urgent."""
        urgent = {part.id for part in self.actionable[: self.limits.problems]}
        shown = [part for part in group if part.id in urgent]
        return Rows(shown, len(group) - len(shown))

    def script(self, group: Sequence[ProblemPart]) -> str:
        """The line that disables all models of a group."""
        return (self.report.disable_command or "") if any(map(_is_deprecated, group)) else ""

    def script_does(self, group: Sequence[ProblemPart]) -> str:
        """What that line is for; it stands under the last problem of the group."""
        count = sum(len(part.models) for part in group if _is_deprecated(part))
        return f"Disable {'it' if count == 1 else f'all {count}'} in the catalog"

    def needs_requeuing(self) -> bool:
        """Whether any action asks for it, which then is explained."""
        return any("requeue" in action.action.lower() for action in self.actions.values())

    def tags(self, part: ProblemPart) -> str:
        """Critical or not; new, or how old: in a window of several days, new ones may be old as well."""
        since, is_new = part.since, part.state is State.NEW
        day = (self.until - since) // DAY + 1 if since else 1
        if is_new and (self.is_day or day < 2):  # noqa: PLR2004 - the second day
            age = "NEW"
        else:
            age = f"day {max(2, day)}" if since else "ongoing"
            age += (
                ", worse" if part.worse else f", {part.new} new" if part.new and not is_new else ""
            )
        return f"CRITICAL {age}" if part.severity is Severity.CRITICAL else age

    def title(self, part: ProblemPart) -> str:
        """Without what the name of its group says already."""
        return cut(part.title.removesuffix(": likely deprecated"), Length.TITLE)

    def since(self, part: ProblemPart) -> str:
        """When it began, where that matters and the title does not have it."""
        wide = part.severity is Severity.CRITICAL or not part.models
        shown = part.since if wide and "since" not in part.title else None
        return f"Since {moment(shown, self.until)}." if shown else ""

    def models(self, part: ProblemPart) -> str:
        """In one line, where the title does not name the only one."""
        if len(part.models) < 2:  # noqa: PLR2004 - the title has it
            return ""
        one = len(part.providers) == 1
        names = [each.model if one else f"{each.provider} {each.model}" for each in part.models]
        return listed([cut(name, Length.NAME) for name in names], _MODELS)

    def action(self, part: ProblemPart) -> str:
        """Without the model that its title names, and what the script of its group does."""
        action = part.action or ""
        if _is_deprecated(part) and self.report.disable_command:
            action = _capitalized(action.partition(", and ")[2])
        elif len(part.models) == 1:
            name = f"{part.models[0].provider} {part.models[0].model}"
            action = action.replace(f" for {name}", "", 1).replace(name, "this model", 1)
        return cut(action, Length.ACTION)

    def links(self, part: ProblemPart) -> list[tuple[str, str]]:
        """Labels and pages of its one provider, by the kind of failure."""
        known = PROVIDER_LINKS.get(part.providers[0]) if len(part.providers) == 1 else None
        kind = self.first(part).kind
        if known is None or kind is None or part.cause not in _AT_THE_PROVIDER:
            return []
        page = {
            ErrorKind.BILLING: ("Billing", known.billing),
            ErrorKind.AUTH: ("API keys", known.keys),
            ErrorKind.RATE_LIMIT: ("Console", known.console),
        } | dict.fromkeys(_STATUS_PAGE, ("Status page", known.status))
        return [page[kind]] if kind in page else []

    def first(self, part: ProblemPart) -> FindingPart:
        """The most urgent finding of a problem."""
        return self.findings[part.findings[0]]

    def details(self) -> Rows[ProblemPart]:
        """Of the most urgent ones, in the order of the list above."""
        urgent = self.actionable[: self.limits.details]
        ordered = sorted(urgent, key=lambda part: self.numbers[part.id])
        return Rows(ordered, len(self.actionable) - len(urgent))

    def evidence(self, part: ProblemPart) -> str:
        """What proves a problem, and how many more findings have the same cause."""
        first, others = self.first(part), len(part.findings) - 1
        proof = cut(_HISTORY[first.state].sub("", first.evidence), Length.EVIDENCE)
        noun = "more model" if first.model else "more provider"
        return f"{proof} The same cause: {several(others, noun)}." if others else proof

    def message(self, part: ProblemPart) -> str:
        """The provider's own words."""
        first = self.first(part)
        return (
            "" if first.kind is ErrorKind.TIMEOUT else cut(_quoted(first.message), Length.MESSAGE)
        )

    # For your information, and figures.

    def information(self) -> Rows[str]:
        """What needs nobody: missed reports, what to watch, what recovered, what is muted."""
        report = self.report
        missed = [day_month(part.day) for part in report.history[-_WEEK - 1 :] if part.missed]
        entries = [f"No report on {listed(missed)}."] if missed else []
        entries += [self._watched(p) for p in report.problems if p.severity is Severity.INFO]
        rows = cut_rows(entries, self.limits.information)
        ends = self._unrecognized()
        if report.resolved:
            ends.append(
                f"Recovered: {listed([self._recovered(part) for part in report.resolved])}."
            )
        if report.muted:
            critical = sum(part.finding.severity is Severity.CRITICAL for part in report.muted)
            also = f" ({critical} critical)" if critical else ""
            ends.append(f"{several(len(report.muted), 'known issue')} muted{also}.")
        return Rows((*rows.shown, *ends), rows.more)

    def _watched(self, part: ProblemPart) -> str:
        first = self.first(part)
        about = cut(part.title, Length.TITLE) if len(part.findings) > 1 else name(first)
        evidence = cut(first.evidence, Length.EVIDENCE)
        return f"{about}: {evidence}" if about else evidence

    def _recovered(self, part: FindingPart) -> str:
        at = f" at {moment(part.until, self.until)}" if part.until else ""
        return f"{name(part) or CATEGORIES[part.category].word}{at}"

    def _unrecognized(self) -> list[str]:
        """Messages of no known kind, and what the AI takes them for."""
        found = [part for part in self.report.patterns if part.kind is ErrorKind.UNKNOWN]
        rows = []
        for part in found[: self.limits.unrecognized]:
            row = f"Unrecognized, {part.count:,} x {cut(part.provider, Length.NAME)}: "
            row += cut(part.sample, _SAMPLE)
            if part.reading:
                words = cut(part.reading.words, Length.MESSAGE)
                row += f" AI guess: {in_words(part.reading.kind)}. {words}".rstrip()
            rows.append(row)
        more = len(found) - len(rows)
        return [*rows, f"{several(more, 'more unrecognized message')}."] if more > 0 else rows

    def providers(self) -> Rows[ProviderPart]:
        """Those with a row of their own."""
        failing = [
            p for p in self.report.providers if p.attempts and p.errors / p.attempts >= _NOISE
        ]
        return cut_rows(failing, self.limits.providers)

    def other_providers(self) -> str:
        """The others, in a line."""
        shown = self.providers().shown
        others = [part for part in self.report.providers if part not in shown]
        groups = (
            ("Also failed", [part for part in others if part.errors]),
            ("No failures", [part for part in others if part.attempts and not part.errors]),
            ("No attempts", [part for part in others if not part.attempts]),
        )
        return " ".join(f"{words}: {listed([*map(_rate, its)])}." for words, its in groups if its)

    def bucket_length(self) -> str:
        """How much time each cell of a provider's row stands for."""
        return _in_hours(self.length / 24)

    def kinds(self) -> str:
        """How the failures of published models divide, so that they add up."""
        totals: Counter[str] = Counter()
        for part in self.report.providers:
            for kind, count in part.errors_by_kind.items():
                totals[in_words(kind)] += count
        totals["could not be saved"] += self.report.totals.not_stored
        counts = [(words, count) for words, count in totals.most_common() if count]
        rest = sum(count for _, count in counts[_KINDS:])
        listing = [f"{words} {count:,}" for words, count in counts[:_KINDS]]
        listing += [f"other {rest:,}"] if rest else []
        return f"{self.errors:,} failures: {', '.join(listing)}." if counts else ""

    def notes(self) -> Rows[str]:
        """What was left out, cut or estimated."""
        notes, without = [*self.report.notes], self.report.totals.unpublished
        if without.pairs:
            attempts = several(without.errors + without.successes, "attempt")
            models = several(without.pairs, "model")
            notes = [
                f"Not counted: {models} that the catalog does not publish ({attempts}).",
                *notes,
            ]
        return cut_rows([cut(note, Length.EVIDENCE) for note in notes], self.limits.notes)


def name(finding: FindingPart) -> str:
    """Whom a finding is about."""
    return cut(" ".join(filter(None, (finding.provider, finding.model))), 2 * Length.NAME)


_STATUS_PAGE = (ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT)
_AT_THE_PROVIDER = frozenset({*ErrorKind, "availability"})
"""Other causes are on our own side."""
_SPAN = re.compile(r" \([^()]* to [^()]*\)$")
_HISTORY = {
    State.NEW: re.compile(r" Last success [^.]*\."),  # just before it began
    State.ONGOING: re.compile(r", \d+ (?:min|h|days) ago\b"),
}
_INNER = re.compile(r"""['"]message['"]: *(?:'([^']{10,})|"([^"]{10,}))""")
_CODE = re.compile(r"\b[45]\d\d\b")
_CALLING = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation: ")
_NAMED = re.compile(r"^(\w+(?:Error|Exception)): (?=\1|Client error|Server error|Error code)")
_SAMPLE_URL = re.compile(r" for url '\S+")


def _in_hours(length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    return f"{hours:.3g} h" if hours >= 1 else f"{60 * hours:.3g} min"


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _without_zeros(*counts: str) -> str:
    return ", ".join(part for part in counts if not part.startswith("0 "))


def _is_deprecated(part: ProblemPart) -> bool:
    return part.category is Category.DEPRECATED_MODEL


def _quoted(message: str | None) -> str:
    """The sentence in a provider's answer, with its status code, without what SDKs put around it."""
    message = message or ""
    inner = [found[1] or found[2] for found in _INNER.finditer(message)]
    if inner:
        code = _CODE.search(message.partition("message")[0])
        return f"{code[0] + ' ' if code else ''}{max(inner, key=len)}"
    return _SAMPLE_URL.sub("", _NAMED.sub("", _CALLING.sub(r"\1: ", message)))


def _rate(part: ProviderPart) -> str:
    name = cut(part.provider, Length.NAME)
    return f"{name} {percent(part.errors / part.attempts)}" if part.errors else name
