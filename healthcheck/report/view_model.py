"""What the mail says, ready for its templates: plain values, cut to size, most urgent first."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Generic, TypeVar

from healthcheck.diagnosis import CATEGORIES, Category, Severity, State
from healthcheck.diagnosis.wording import in_words, listed, several, when
from healthcheck.report.contract import (
    FindingPart,
    ProblemPart,
    ProviderPart,
    Report,
)
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.taxonomy import ErrorKind

DAY = timedelta(days=1)
TITLE, ACTION, EVIDENCE, MESSAGE, COMMAND = 130, 220, 260, 100, 2_500
NAME = 60
_SUMMARY, _SAMPLE, _MODELS, _KINDS, _WEEK = 700, 46, 3, 5, 7
_NOTICEABLE, _NOTICEABLE_COVERAGE = 0.01, 0.03
"""A failure rate or coverage that moves by less is called unchanged."""
_MANY = 0.1
"""Yesterday's attempts are shown where they differ by that share."""
_NOISE = 0.02
"""Background failures run at about 1% (docs/thresholds.md): below this a provider gets no row."""

Row = TypeVar("Row")
Source = TypeVar("Source")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows each list may have."""

    problems: int = 16
    details: int = 10
    information: int = 8
    providers: int = 6
    unrecognized: int = 3
    notes: int = 6

    def shrunk(self, share: float) -> "Limits":
        """The same share of each."""
        return Limits(*(int(getattr(self, name) * share) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """A list, and how many more there would be."""

    shown: tuple[Row, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.shown or self.more)


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem and its one action.

    `chip` says whether it is new or how old, `links` are labels with URLs of a known provider's
    pages, `place` is the host of ours to act on and `shell` what to run there.
    """

    number: int
    severity: Severity
    chip: str
    title: str
    since: str
    models: str
    action: str
    advice: str
    links: tuple[tuple[str, str], ...]
    place: str
    shell: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """Problems under a name that the operator knows. `script` disables all of its models."""

    title: str
    problems: Rows[ProblemView]
    script: str

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self.problems.shown) + self.problems.more


@dataclass(frozen=True, slots=True)
class DetailView:
    """What proves a problem. `others` are further findings of the same cause."""

    number: int
    name: str
    evidence: str
    others: str
    message: str


@dataclass(frozen=True, slots=True)
class MailView:
    """What the templates show beside the report's own fields."""

    subject: str
    preheader: str
    window: str
    headline: str
    rates: str
    coverage: str
    counts: str
    summary: str
    rating: str
    groups: tuple[GroupView, ...]
    requeue: bool
    information: Rows[str]
    providers: Rows[ProviderPart]
    other_providers: str
    part: str
    kinds: str
    details: Rows[DetailView]
    notes: Rows[str]
    usage: str


def build_view(report: Report, limits: Limits) -> MailView:
    """The one builder of the mail: all that its templates show."""
    return _Builder(report, limits).view()


def cut(text: str | None, most: int) -> str:
    """At most so many characters, the last of them telling that there were more."""
    text = text or ""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_rows(source: Iterable[Source], most: int, row: Callable[[Source], Row]) -> Rows[Row]:
    """The first of them as rows."""
    every = list(source)
    return Rows(tuple(map(row, every[:most])), max(0, len(every) - most))


def percent(rate: float) -> str:
    """A rate; what is more than nothing is not shown as nothing."""
    if rate in (0, 1):
        return f"{rate:.0%}"
    return f"{100 * rate:.1f}%" if rate >= 0.0005 else "<0.1%"  # noqa: PLR2004 - rounds to 0.1


def day_month(day: date) -> str:
    """A day for people."""
    return f"{day.day} {day:%b}"


class _Builder:
    """The views of one report."""

    def __init__(self, report: Report, limits: Limits) -> None:
        self.report, self.limits = report, limits
        self.until = report.window.until
        length = self.until - report.window.since
        self.is_day = length == DAY
        self.part = _length(length / 24)
        self.window = (
            f"{self.until:%a} {day_month(self.until)} {self.until:%Y}, {_length(length)} to "
            f"{self.until:%H:%M} UTC"
        )
        totals, without = report.totals, report.totals.unpublished
        self.errors = totals.errors - without.errors
        self.attempts = totals.attempts - without.errors - without.successes
        self.nothing_succeeds = 0 < self.attempts == self.errors
        self.findings = {finding.id: finding for finding in report.findings}
        self.actions = {action.problem: action for action in report.recommended_actions}
        # What the AI alone says is no headline where there is another.
        self.pressing = sorted(
            (part for part in report.problems if part.severity is not Severity.INFO),
            key=lambda part: "rules" not in self.first(part).sources,
        )
        groups: dict[str, list[ProblemPart]] = {}
        for part in self.pressing:
            groups.setdefault(CATEGORIES[part.category].section, []).append(part)
        self.groups = groups
        self.numbers = {part.id: n for n, part in enumerate(chain(*groups.values()), 1)}

    def view(self) -> MailView:
        report, limits, analysis = self.report, self.limits, self.report.analysis
        with_rows = [p for p in report.providers if p.attempts and p.errors / p.attempts >= _NOISE]
        without = report.totals.unpublished
        notes = [*report.notes]
        if without.pairs:
            attempts = several(without.errors + without.successes, "attempt")
            models = several(without.pairs, "model")
            notes.insert(
                0, f"Not counted: {models} that the catalog does not publish ({attempts})."
            )
        return MailView(
            subject=self.subject(),
            preheader=f"{self.rates(brief=True)} - {self.counts()}",
            window=self.window,
            headline=self.headline() if self.nothing_succeeds else "",
            rates=self.rates(),
            coverage=self.coverage(),
            counts=self.counts(),
            summary=cut(analysis.summary, _SUMMARY) if analysis.source == "openai" else "",
            rating=self.rating(),
            groups=tuple(self.group(title, parts) for title, parts in self.groups.items()),
            requeue=any("requeue" in action.action for action in report.recommended_actions),
            information=self.information(),
            providers=cut_rows(with_rows, limits.providers, lambda part: part),
            other_providers=self.other_providers(with_rows[: limits.providers]),
            part=self.part,
            kinds=self.kinds(),
            details=self.details(),
            notes=cut_rows(notes, limits.notes, lambda note: cut(note, EVIDENCE)),
            usage=self.usage(),
        )

    # The head: status, rates, coverage, counts.

    def subject(self) -> str:
        """What is wrong first: a phone shows 40 characters."""
        what = self.rates(brief=True).partition(" (")[0]
        if self.nothing_succeeds:
            what = f"no requests succeed, 0 of {self.attempts:,}"
        elif self.pressing:
            what = cut(_SPAN.sub("", self.pressing[0].title), 80)
        more = f", +{len(self.pressing) - 1}" if len(self.pressing) > 1 else ""
        day = f"{day_month(self.until)} {self.until:%Y}"
        return f"{self.report.status.upper()} {what}{more} | LLM health {day}"

    def headline(self) -> str:
        likely = (
            f" Most likely cause: {cut(self.pressing[0].title, TITLE)}." if self.pressing else ""
        )
        return f"No requests succeed: 0 of {self.attempts:,} attempts.{likely}"

    def rates(self, *, brief: bool = False) -> str:
        """The first percentage of the mail is the failure rate of what is published."""
        totals = self.report.totals
        if totals.failure_rate is None:
            return "No attempts" if brief else "No attempts in this window."
        yesterday, usual = (
            ("yesterday", "7-day avg")
            if self.is_day
            else ("window before", "7 windows before that")
        )
        before = []
        if totals.failure_rate_before is not None:
            was = totals.attempts_before
            differs = was and abs(self.attempts - was) >= _MANY * was
            of = f" of {was:,}" if differs and not brief else ""
            before.append(f"{yesterday} {percent(totals.failure_rate_before)}{of}")
        if totals.failure_rate_usual is not None:
            before.append(f"{usual} {percent(totals.failure_rate_usual)}")
        of = "" if brief else f" of {self.attempts:,} attempts"
        compared = f" ({', '.join(before)})" if before else ""
        told = f"{percent(totals.failure_rate)}{of} failed{compared}"
        return told if brief else f"{told}{self.trend()}."

    def trend(self) -> str:
        """Better or worse than the window before: failure rate, coverage, new critical problems."""
        totals, covered = self.report.totals, self.report.coverage
        if totals.failure_rate is None or totals.failure_rate_before is None:
            return ""
        moves = [(totals.failure_rate - totals.failure_rate_before) / _NOTICEABLE]
        if any(p.severity is Severity.CRITICAL and p.state is State.NEW for p in self.pressing):
            moves.append(1)  # whatever the rates say of what is still attempted
        if covered.enabled:
            lost = (covered.with_data_before - covered.with_data) / covered.enabled
            moves.append(lost / _NOTICEABLE_COVERAGE)
        worse, better = max(moves) >= 1, min(moves) <= -1
        if worse and better:
            return ": mixed"
        return ": worse" if worse else ": better" if better else ": unchanged"

    def coverage(self) -> str:
        its = self.report.coverage
        if not its.enabled:
            return ""
        before = f"{'yesterday' if self.is_day else 'window before'} {its.with_data_before:,}"
        return f"{its.with_data:,} of {its.enabled:,} enabled models gave data ({before})."

    def counts(self) -> str:
        pressing = len(self.pressing)
        new = sum(part.state is State.NEW for part in self.pressing)
        states = _without_zeros(f"{new} new", f"{pressing - new} ongoing")
        return _without_zeros(
            f"{several(pressing, 'problem')} ({states})" if pressing else "no problems",
            f"{len(self.report.problems) - pressing} for your information",
            f"{len(self.report.resolved)} recovered",
        )

    # Problems and what to do about them.

    def group(self, title: str, parts: Sequence[ProblemPart]) -> GroupView:
        """Under one name of the table of categories."""
        shown = {part.id for part in self.pressing[: self.limits.problems]}
        rows = tuple(self.problem(part) for part in parts if part.id in shown)
        script = self.report.disable_command if any(map(_is_deprecated, parts)) else None
        return GroupView(title, Rows(rows, len(parts) - len(rows)), script or "")

    def problem(self, part: ProblemPart) -> ProblemView:
        action = self.actions.get(part.id)
        wide = part.severity is Severity.CRITICAL or not part.models
        since = part.since if wide and "since" not in part.title else None
        shell = action.shell if action else None
        return ProblemView(
            number=self.numbers[part.id],
            severity=part.severity,
            chip=_chip(part, self.until),
            title=cut(part.title.removesuffix(_DEPRECATED), TITLE),
            since=f"Since {moment(since, self.until)}." if since else "",
            models=_models(part),
            action=cut(self.action(part), ACTION),
            advice=cut(action.advice if action else None, EVIDENCE),
            links=() if shell else self.links(part),
            place=cut((action.host if action else None) or "the benchmark host", NAME),
            shell=shell or "",
        )

    def action(self, part: ProblemPart) -> str:
        """Without the model that its title names, and what the script of its group does."""
        action = part.action or ""
        if _is_deprecated(part) and self.report.disable_command:
            rest = action.partition(", and ")[2]
            return f"{rest[:1].upper()}{rest[1:]}"
        if len(part.models) != 1:
            return action
        name = f"{part.models[0].provider} {part.models[0].model}"
        return action.replace(f" for {name}", "", 1).replace(name, "this model", 1)

    def links(self, part: ProblemPart) -> tuple[tuple[str, str], ...]:
        """Of one provider, by the kind of failure."""
        known = PROVIDER_LINKS.get(part.providers[0]) if len(part.providers) == 1 else None
        kind = self.first(part).kind
        if known is None or kind is None or part.cause not in _AT_THE_PROVIDER:
            return ()
        if kind is ErrorKind.BILLING:
            return (("Billing", known.billing),)
        if kind is ErrorKind.AUTH:
            return (("API keys", known.keys),)
        if kind is ErrorKind.RATE_LIMIT:
            return (("Console", known.console),)
        return (("Status page", known.status),) if kind in _STATUS_PAGE else ()

    def details(self) -> Rows[DetailView]:
        """Of the most urgent ones, in the order of the list above."""
        most_urgent = sorted(
            self.pressing[: self.limits.details], key=lambda part: self.numbers[part.id]
        )
        return Rows(tuple(map(self.detail, most_urgent)), len(self.pressing) - len(most_urgent))

    def detail(self, part: ProblemPart) -> DetailView:
        first = self.first(part)
        others = len(part.findings) - 1
        noun = "more model" if first.model else "more provider"
        return DetailView(
            number=self.numbers[part.id],
            name=_who(first),
            evidence=cut(_HISTORY[first.state].sub("", first.evidence), EVIDENCE),
            others=f"The same cause: {several(others, noun)}." if others else "",
            message="" if first.kind is ErrorKind.TIMEOUT else cut(_quoted(first.message), MESSAGE),
        )

    def first(self, part: ProblemPart) -> FindingPart:
        """The most urgent finding of a problem."""
        return self.findings[part.findings[0]]

    # For your information, and figures.

    def information(self) -> Rows[str]:
        report = self.report
        missed = [day_month(part.day) for part in report.history[-_WEEK - 1 :] if part.missed]
        entries = [f"No report on {listed(missed)}."] if missed else []
        entries += [
            self.watched(part) for part in report.problems if part.severity is Severity.INFO
        ]
        rows = cut_rows(entries, self.limits.information, str)
        ends = self.unrecognized()
        if report.resolved:
            ends.append(f"Recovered: {listed([self.recovered(part) for part in report.resolved])}.")
        if report.muted:
            critical = sum(part.finding.severity is Severity.CRITICAL for part in report.muted)
            also = f" ({critical} critical)" if critical else ""
            ends.append(f"{several(len(report.muted), 'known issue')} muted{also}.")
        return Rows((*rows.shown, *ends), rows.more)

    def watched(self, part: ProblemPart) -> str:
        first = self.first(part)
        about = cut(part.title, TITLE) if len(part.findings) > 1 else _who(first)
        evidence = cut(first.evidence, EVIDENCE)
        return f"{about}: {evidence}" if about else evidence

    def recovered(self, part: FindingPart) -> str:
        at = f" at {moment(part.until, self.until)}" if part.until else ""
        return f"{_who(part) or CATEGORIES[part.category].word}{at}"

    def unrecognized(self) -> list[str]:
        """Messages of no known kind, and what the AI takes them for."""
        found = [part for part in self.report.patterns if part.kind is ErrorKind.UNKNOWN]
        told = []
        for part in found[: self.limits.unrecognized]:
            reading = part.reading
            words = cut(reading.words, MESSAGE) if reading else ""
            guess = f" AI guess: {in_words(reading.kind)}. {words}" if reading else ""
            sample = f"{part.count:,} x {cut(part.provider, NAME)}: {cut(part.sample, _SAMPLE)}"
            told.append(f"Unrecognized, {sample}{guess.rstrip()}")
        more = len(found) - len(told)
        return [*told, f"{several(more, 'more unrecognized message')}."] if more > 0 else told

    def other_providers(self, with_rows: Sequence[ProviderPart]) -> str:
        """Those without a row of their own, in a line."""
        others = [part for part in self.report.providers if part not in with_rows]
        told = (
            ("Also failed", [part for part in others if part.errors]),
            ("No failures", [part for part in others if part.attempts and not part.errors]),
            ("No attempts", [part for part in others if not part.attempts]),
        )
        return " ".join(f"{words}: {listed([*map(_rate, its)])}." for words, its in told if its)

    def kinds(self) -> str:
        """How the failures of published models divide, so that they add up."""
        totals: Counter[str] = Counter()
        for part in self.report.providers:
            for kind, count in part.errors_by_kind.items():
                totals[in_words(kind)] += count
        totals["could not be saved"] += self.report.totals.not_stored
        told = [(words, count) for words, count in totals.most_common() if count]
        rest = sum(count for _, count in told[_KINDS:])
        listing = [f"{words} {count:,}" for words, count in told[:_KINDS]]
        listing += [f"other {rest:,}"] if rest else []
        return f"{self.errors:,} failures: {', '.join(listing)}." if told else ""

    # The AI.

    def rating(self) -> str:
        """What is said of the AI beside its summary."""
        its = self.report.analysis
        if its.error is not None:
            return cut(f"{its.error} The report is made from the rules alone.", EVIDENCE)
        if its.source == "rules":
            return ""
        told = [] if its.summary else ["The AI summary was dropped: none of it could be verified."]
        if its.status != self.report.status:
            why = f" ({its.reason.rstrip('.')})" if its.reason else ""
            told.append(
                f"AI opinion: {its.status.upper()}{cut(why, EVIDENCE)}. "
                "The report status is set by the rules."
            )
        return " ".join(told)

    def usage(self) -> str:
        its = self.report.analysis
        told = [f"AI: {cut(its.model, NAME)}"]
        if its.input_tokens is not None and its.output_tokens is not None:
            told.append(f"{its.input_tokens:,} tokens in, {its.output_tokens:,} out")
        if its.cost_usd is not None:
            told.append(f"about {its.cost_usd:.4f} USD")
        if its.request_id:
            told.append(f"request {its.request_id}")
        if its.dropped_claims:
            told.append(f"{several(its.dropped_claims, 'unsupported claim')} dropped")
        return ", ".join(told) + "." if len(told) > 1 else ""


_DEPRECATED = ": likely deprecated"
"""What the name of the group says already."""
_STATUS_PAGE = frozenset({ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT})
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


def moment(at: datetime, until: datetime) -> str:
    """A moment, without its day where that is the report's own."""
    return f"{at:%H:%M} UTC" if at.date() == until.date() else when(at)


def _length(length: timedelta) -> str:
    """A length of time, in hours from one on."""
    hours = length / timedelta(hours=1)
    return f"{hours:.3g} h" if hours >= 1 else f"{60 * hours:.3g} min"


def _without_zeros(*counts: str) -> str:
    return ", ".join(part for part in counts if not part.startswith("0 "))


def _is_deprecated(part: ProblemPart) -> bool:
    return part.category is Category.DEPRECATED_MODEL


def _chip(part: ProblemPart, until: datetime) -> str:
    if part.state is State.NEW:
        return "NEW"
    age = f"day {max(2, (until - part.since) // DAY + 1)}" if part.since else "ongoing"
    return f"{age}, worse" if part.worse else f"{age}, {part.new} new" if part.new else age


def _models(part: ProblemPart) -> str:
    """In one line, where the title does not name the only one."""
    if len(part.models) < 2:  # noqa: PLR2004 - the title has it
        return ""
    one = len(part.providers) == 1
    names = [each.model if one else f"{each.provider} {each.model}" for each in part.models]
    return listed([cut(name, NAME) for name in names], _MODELS)


def _quoted(message: str | None) -> str:
    """The sentence in a provider's answer, with its status code, without what SDKs put around it."""
    message = message or ""
    inner = [found[1] or found[2] for found in _INNER.finditer(message)]
    if inner:
        code = _CODE.search(message.partition("message")[0])
        return f"{code[0] + ' ' if code else ''}{max(inner, key=len)}"
    return _SAMPLE_URL.sub("", _NAMED.sub("", _CALLING.sub(r"\1: ", message)))


def _who(finding: FindingPart) -> str:
    return cut(" ".join(filter(None, (finding.provider, finding.model))), 2 * NAME)


def _rate(part: ProviderPart) -> str:
    name = cut(part.provider, NAME)
    return f"{name} {percent(part.errors / part.attempts)}" if part.errors else name
