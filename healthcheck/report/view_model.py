"""What the mail says, ready for its templates: plain values, cut to size, most urgent first."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from math import ceil
from typing import Generic, TypeVar

from healthcheck.diagnosis import CATEGORIES, Category, Severity, State, Status
from healthcheck.diagnosis.wording import in_words, listed, several, when
from healthcheck.report.contract import (
    FindingPart,
    ProblemPart,
    ProviderPart,
    Report,
)
from healthcheck.report.palette import LEVELS
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.taxonomy import ErrorKind

DAY = timedelta(days=1)
TITLE, ACTION, EVIDENCE, MESSAGE, COMMAND = 130, 220, 260, 130, 2_500
_SUMMARY, _NAME, _SAMPLE, _MODELS, _KINDS, _WEEK = 700, 60, 46, 3, 5, 7
_NOTICEABLE = 0.01
"""A failure rate or coverage that moves by less is called unchanged."""

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


@dataclass(frozen=True, slots=True)
class Link:
    """A page of a known provider."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem and its one action. `chip` says whether it is new or how old.

    `place` is the host of ours to act on, `shell` what to run there, `script` a line for mongosh.
    """

    number: int
    severity: Severity
    chip: str
    title: str
    since: str
    models: str
    action: str
    advice: str
    links: tuple[Link, ...]
    place: str
    shell: str
    script: str | None
    script_too_long: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """Problems under a name that the operator knows. `script` is one line for all of them."""

    title: str
    problems: Rows[ProblemView]
    script: str | None
    script_too_long: bool

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
class ProviderView:
    """A provider's window: `levels` are its 24 parts, None where nothing was attempted."""

    provider: str
    rate: str
    change: str
    counts: str
    levels: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """A day's report: its status, or None where there is none."""

    day: str
    status: Status | None

    @property
    def mark(self) -> str:
        """One character."""
        marks = {Status.CRITICAL: "C", Status.WARNING: "w", Status.HEALTHY: "h"}
        return marks[self.status] if self.status else "-"


@dataclass(frozen=True, slots=True)
class MailView:
    """The whole mail."""

    status: Status
    subject: str
    preheader: str
    window: str
    headline: str
    rates: str
    coverage: str
    counts: str
    history: tuple[DayView, ...]
    summary: str
    rating: str
    groups: tuple[GroupView, ...]
    requeue: str
    ai_action: str
    information: Rows[str]
    providers: Rows[ProviderView]
    other_providers: str
    part: str
    kinds: str
    details: Rows[DetailView]
    notes: Rows[str]
    command: str | None
    usage: str
    version: str


def build_view(report: Report, limits: Limits) -> MailView:
    """The one builder of the mail: all that its templates show."""
    pressing = [part for part in report.problems if part.severity is not Severity.INFO]
    # What the AI alone says is no headline where there is another.
    pressing.sort(key=lambda part: "rules" not in _first(part, report).sources)
    groups = _grouped(pressing)
    numbers = {part.id: n for n, part in enumerate(chain(*groups.values()), 1)}
    its = report.analysis
    failed_providers = [part for part in report.providers if part.errors]
    nothing = _nothing_succeeds(report)
    return MailView(
        status=report.status,
        subject=_subject(report, pressing, nothing=nothing),
        preheader=f"{_rates(report, brief=True)} - {_counts(report, pressing)}",
        window=_window(report),
        headline=_headline(report, pressing) if nothing else "",
        rates=_rates(report),
        coverage=_coverage(report),
        counts=_counts(report, pressing),
        history=tuple(DayView(f"{day_month(p.day)}", p.status) for p in report.history),
        summary=cut(its.summary or "", _SUMMARY) if its.source == "openai" else "",
        rating=_rating(report),
        groups=tuple(
            _group(title, parts, numbers, report, {part.id for part in pressing[: limits.problems]})
            for title, parts in groups.items()
        ),
        requeue=_requeue(report),
        ai_action=cut(its.action or "", ACTION),
        information=_information(report, limits),
        providers=cut_rows(failed_providers, limits.providers, _provider),
        other_providers=_other_providers(report, failed_providers[limits.providers :]),
        part=_span((report.window.until - report.window.since) / 24),
        kinds=_kinds(report),
        details=_details(report, pressing, numbers, limits),
        notes=cut_rows(_notes(report), limits.notes, lambda note: cut(note, EVIDENCE)),
        command=report.command if len(report.command) <= COMMAND // 4 else None,
        usage=_usage(report),
        version=report.version,
    )


def cut(text: str, most: int) -> str:
    """At most so many characters, the last of them telling that there were more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_rows(source: Iterable[Source], most: int, row: Callable[[Source], Row]) -> Rows[Row]:
    """The first of them as rows."""
    every = list(source)
    return Rows(tuple(map(row, every[:most])), max(0, len(every) - most))


def percent(rate: float) -> str:
    """A rate; what is more than nothing is not shown as nothing."""
    return f"{100 * rate:.1f}%" if rate == 0 or rate >= 0.0005 else "<0.1%"  # noqa: PLR2004 - rounds to 0.1


def day_month(day: date) -> str:
    """A day for people."""
    return f"{day.day} {day:%b}"


# The head: status, rates, coverage, counts.


def _subject(report: Report, pressing: Sequence[ProblemPart], *, nothing: bool) -> str:
    """What is wrong first: a phone shows 40 characters."""
    until = report.window.until
    what = _rates(report, brief=True).partition(" (")[0]
    if nothing:
        what = f"no requests succeed, 0 of {_published(report)[1]:,}"
    elif pressing:
        what = cut(pressing[0].title, 80)
    more = f", +{len(pressing) - 1}" if len(pressing) > 1 else ""
    return f"{report.status.upper()} {what}{more} | LLM health {day_month(until)} {until:%Y}"


def _window(report: Report) -> str:
    since, until = report.window.since, report.window.until
    return f"{until:%a} {day_month(until)} {until:%Y}, {_span(until - since)} to {until:%H:%M} UTC"


def _headline(report: Report, pressing: Sequence[ProblemPart]) -> str:
    cause = f" Most likely cause: {cut(pressing[0].title, TITLE)}." if pressing else ""
    return f"No requests succeed: 0 of {_published(report)[1]:,} attempts.{cause}"


def _published(report: Report) -> tuple[int, int]:
    """Errors and attempts of published models."""
    totals, without = report.totals, report.totals.unpublished
    return totals.errors - without.errors, (totals.attempts - without.errors - without.successes)


def _nothing_succeeds(report: Report) -> bool:
    errors, attempts = _published(report)
    return 0 < attempts == errors


def _rates(report: Report, *, brief: bool = False) -> str:
    """The first percentage of the mail is the failure rate of what is published."""
    totals = report.totals
    if totals.failure_rate is None:
        return "No attempts" if brief else "No attempts in this window."
    is_day = report.window.until - report.window.since == DAY
    names = ("yesterday", "7-day avg") if is_day else ("window before", "7 windows before that")
    known = zip(names, (totals.failure_rate_before, totals.failure_rate_usual), strict=True)
    before = ", ".join(f"{name} {percent(rate)}" for name, rate in known if rate is not None)
    of = "" if brief else f" of {_published(report)[1]:,} attempts"
    told = f"{percent(totals.failure_rate)}{of} failed" + (f" ({before})" if before else "")
    return told if brief else f"{told}{_trend(report)}."


def _trend(report: Report) -> str:
    """Better or worse than the window before: failure rate, coverage, new critical problems."""
    totals, covered = report.totals, report.coverage
    if totals.failure_rate is None or totals.failure_rate_before is None:
        return ""
    moves = [totals.failure_rate - totals.failure_rate_before]
    if any(p.severity is Severity.CRITICAL and p.state is State.NEW for p in report.problems):
        moves.append(1.0)  # whatever the rates say of what is still attempted
    if covered.enabled:
        moves.append((covered.with_data_before - covered.with_data) / covered.enabled)
    worse, better = max(moves) >= _NOTICEABLE, min(moves) <= -_NOTICEABLE
    if worse and better:
        return ": mixed"
    return ": worse" if worse else ": better" if better else ": unchanged"


def _coverage(report: Report) -> str:
    its = report.coverage
    if not its.enabled:
        return ""
    is_day = report.window.until - report.window.since == DAY
    before = f"{'yesterday' if is_day else 'window before'} {its.with_data_before:,}"
    return f"{its.with_data:,} of {its.enabled:,} enabled models gave data ({before})."


def _counts(report: Report, pressing: Sequence[ProblemPart]) -> str:
    new = sum(part.state is State.NEW for part in pressing)
    states = (f"{new} new", f"{len(pressing) - new} ongoing")
    counts = [
        f"{several(len(pressing), 'problem')} ({_without_zeros(states)})"
        if pressing
        else "no problems",
        f"{len(report.problems) - len(pressing)} for your information",
        f"{len(report.resolved)} recovered",
    ]
    return _without_zeros(counts)


def _without_zeros(counts: Iterable[str]) -> str:
    return ", ".join(part for part in counts if not part.startswith("0 "))


# Problems and what to do about them.


def _grouped(pressing: Iterable[ProblemPart]) -> dict[str, list[ProblemPart]]:
    """By the sections of the table of categories, the one of the most urgent problem first."""
    groups: dict[str, list[ProblemPart]] = {}
    for part in pressing:
        groups.setdefault(CATEGORIES[part.category].section, []).append(part)
    return groups


def _group(
    title: str,
    parts: Sequence[ProblemPart],
    numbers: Mapping[str, int],
    report: Report,
    shown: Container[str],
) -> GroupView:
    script, too_long = None, False
    if sum(map(_disables, parts)) > 1:
        script, too_long = _fitting(report.disable_command)
    together = bool(script or too_long)
    rows = tuple(
        _problem(numbers[part.id], part, report, together=together)
        for part in parts
        if part.id in shown
    )
    return GroupView(title, Rows(rows, len(parts) - len(rows)), script, too_long)


def _disables(part: ProblemPart) -> bool:
    return part.category is Category.DEPRECATED_MODEL


def _fitting(script: str | None) -> tuple[str | None, bool]:
    """A script that is short enough for a mail, and whether one is too long."""
    too_long = script is not None and len(script) > COMMAND
    return (None if too_long else script), too_long


def _problem(number: int, part: ProblemPart, report: Report, *, together: bool) -> ProblemView:
    """`together`: one command for all of its group does what its own would do."""
    action = next((a for a in report.recommended_actions if a.problem == part.id), None)
    command = action.command if action and _disables(part) and not together else None
    script, too_long = _fitting(command)
    shell = action.shell if action else None
    where = action.host if action else None
    until = report.window.until
    wide = part.severity is Severity.CRITICAL or not part.models
    return ProblemView(
        number=number,
        severity=part.severity,
        chip=_chip(part, until),
        title=cut(part.title.removesuffix(_DEPRECATED), TITLE),
        since=f"Since {moment(part.since, until)}." if part.since and wide else "",
        models=_models(part),
        action=cut(_action(part, together=together), ACTION),
        advice=cut((action.advice if action else None) or "", EVIDENCE),
        links=() if shell else _links(part, report),
        place=cut(where or "the benchmark host", _NAME),
        shell=shell or "",
        script=script,
        script_too_long=too_long,
    )


_DEPRECATED = ": likely deprecated"
"""What the name of the group says already."""


def _action(part: ProblemPart, *, together: bool) -> str:
    """Without the model that its title names, and what the command of its group does."""
    action = part.action or ""
    if together:
        rest = action.partition(", and ")[2]
        return f"{rest[:1].upper()}{rest[1:]}"
    if len(part.models) != 1:
        return action
    return action.replace(f"{part.models[0].provider} {part.models[0].model}", "this model", 1)


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
    return listed([cut(name, _NAME) for name in names], _MODELS)


_CONSOLE = frozenset({ErrorKind.BILLING, ErrorKind.AUTH, ErrorKind.RATE_LIMIT})
_STATUS_PAGE = frozenset(
    {ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT, ErrorKind.RATE_LIMIT}
)


def _links(part: ProblemPart, report: Report) -> tuple[Link, ...]:
    """Of one provider, by the kind of failure."""
    known = PROVIDER_LINKS.get(part.providers[0]) if len(part.providers) == 1 else None
    kind = _first(part, report).kind
    if known is None:
        return ()
    console = (Link("Console", known.console),) if kind in _CONSOLE else ()
    page = (Link("Status page", known.status),) if kind in _STATUS_PAGE else ()
    return console + page


def _requeue(report: Report) -> str:
    """We cannot know the command: the queue is the benchmark service's own."""
    if not any("requeue" in part.action for part in report.recommended_actions):
        return ""
    return (
        "To requeue: the scheduler keeps jobs that it has given up as dead letters, and does not "
        "try them again by itself. Set them back to pending with the benchmark service's own tool."
    )


def _details(
    report: Report,
    pressing: Sequence[ProblemPart],
    numbers: Mapping[str, int],
    limits: Limits,
) -> Rows[DetailView]:
    """Of the most urgent ones, in the order of the list above."""
    most_urgent = sorted(pressing[: limits.details], key=lambda part: numbers[part.id])
    rows = tuple(_detail(numbers[part.id], part, report) for part in most_urgent)
    return Rows(rows, len(pressing) - len(rows))


def _detail(number: int, part: ProblemPart, report: Report) -> DetailView:
    first = _first(part, report)
    others = len(part.findings) - 1
    noun = "more model" if first.model else "more provider"
    return DetailView(
        number=number,
        name=_who(first),
        evidence=cut(_AGO.sub("", first.evidence), EVIDENCE),
        others=f"The same cause: {several(others, noun)}." if others else "",
        message=cut(_quoted(first.message or ""), MESSAGE),
    )


_AGO = re.compile(r", \d+ (?:min|h|days) ago\b")
_INNER = re.compile(r"""['"]message['"]: *(?:'([^']{30,})|"([^"]{30,}))""")
_CODE = re.compile(r"\b[45]\d\d\b")
_CALLING = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation: ")
_NAMED = re.compile(r"^(\w+(?:Error|Exception)): (?=\1|Client error|Server error|Error code)")
_SAMPLE_URL = re.compile(r" for url '\S+")


def _quoted(message: str) -> str:
    """The sentence in a provider's answer, with its status code, without what SDKs put around it."""
    inner = _INNER.search(message)
    if inner:
        code = _CODE.search(message[: inner.start()])
        return f"{code[0] + ' ' if code else ''}{inner[1] or inner[2]}"
    return _SAMPLE_URL.sub("", _NAMED.sub("", _CALLING.sub(r"\1: ", message)))


def _who(finding: FindingPart) -> str:
    named = " ".join(filter(None, (finding.provider, finding.model)))
    return cut(named, 2 * _NAME)


def _first(part: ProblemPart, report: Report) -> FindingPart:
    """Its most urgent finding."""
    return next(finding for finding in report.findings if finding.id == part.findings[0])


# For your information, and figures.


def _information(report: Report, limits: Limits) -> Rows[str]:
    missed = [day_month(part.day) for part in report.history[-_WEEK - 1 :] if part.missed]
    entries = [f"No report on {', '.join(missed)}."] if missed else []
    entries += [
        _watched(part, _first(part, report))
        for part in report.problems
        if part.severity is Severity.INFO
    ]
    rows = cut_rows(entries, limits.information, str)
    ends = _unrecognized(report, limits)
    ends += [_recovered(report)] if report.resolved else []
    if report.muted:
        critical = sum(part.finding.severity is Severity.CRITICAL for part in report.muted)
        also = f" ({critical} critical)" if critical else ""
        ends.append(f"{several(len(report.muted), 'known issue')} muted{also}.")
    return Rows((*rows.shown, *ends), rows.more)


def _watched(part: ProblemPart, first: FindingPart) -> str:
    about = cut(part.title, TITLE) if len(part.findings) > 1 else _who(first)
    evidence = cut(first.evidence, EVIDENCE)
    return f"{about}: {evidence}" if about else evidence


def _recovered(report: Report) -> str:
    until = report.window.until
    told = [
        (_who(part) or CATEGORIES[part.category].word)
        + (f" at {moment(part.until, until)}" if part.until else "")
        for part in report.resolved
    ]
    return f"Recovered: {listed(told)}."


def _provider(part: ProviderPart) -> ProviderView:
    before = part.failure_rate_before
    return ProviderView(
        provider=cut(part.provider, _NAME),
        rate=percent(part.errors / part.attempts),
        change=f"was {percent(before)}" if before is not None else "",
        counts=f"{part.errors:,} of {part.attempts:,}",
        levels=tuple(
            min(LEVELS - 1, ceil((LEVELS - 1) * each.errors / each.attempts))
            if each.attempts
            else None
            for each in part.strip
        ),
    )


def _other_providers(report: Report, failed: Iterable[ProviderPart]) -> str:
    """Those without a row of their own, in a line."""
    less = [f"{cut(p.provider, _NAME)} {percent(p.errors / p.attempts)}" for p in failed]
    well = [cut(p.provider, _NAME) for p in report.providers if p.attempts and not p.errors]
    idle = [cut(p.provider, _NAME) for p in report.providers if not p.attempts]
    told = (("Also failed", less), ("No failures", well), ("No attempts", idle))
    return " ".join(f"{words}: {listed(names, 3)}." for words, names in told if names)


def _kinds(report: Report) -> str:
    """How the failures of published models divide, so that they add up."""
    totals: Counter[ErrorKind] = Counter()
    for part in report.providers:
        totals.update(part.errors_by_kind)
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    told = [(in_words(kind), count) for kind, count in ranked if count]
    if report.totals.not_stored:
        told.append(("could not be saved", report.totals.not_stored))
        told.sort(key=lambda each: -each[1])
    rest = sum(count for _, count in told[_KINDS:])
    listing = [f"{words} {count:,}" for words, count in told[:_KINDS]]
    listing += [f"other {rest:,}"] if rest else []
    return f"{_published(report)[0]:,} failures: {', '.join(listing)}." if told else ""


def _unrecognized(report: Report, limits: Limits) -> list[str]:
    """Messages of no known kind, and what the AI takes them for."""
    found = [part for part in report.patterns if part.kind is ErrorKind.UNKNOWN]
    told = []
    for part in found[: limits.unrecognized]:
        reading = part.reading
        words = cut(reading.words or "", MESSAGE) if reading else ""
        guess = f" AI guess: {in_words(reading.kind)}. {words}" if reading else ""
        sample = f"{part.count:,} x {cut(part.provider, _NAME)}: {cut(part.sample, _SAMPLE)}"
        told.append(f"Unrecognized, {sample}{guess.rstrip()}")
    more = len(found) - len(told)
    return [*told, f"{several(more, 'more unrecognized message')}."] if more > 0 else told


# About the report itself.


def _rating(report: Report) -> str:
    """What is said of the AI beside its summary."""
    its = report.analysis
    if its.error is not None:
        return cut(f"{its.error} The report is made from the rules alone.", EVIDENCE)
    if its.source == "rules":
        return ""
    told = [] if its.summary else ["The AI summary was dropped: none of it could be verified."]
    if its.status != report.status:
        why = f" ({its.reason.rstrip('.')})" if its.reason else ""
        told.append(
            f"AI opinion: {its.status.upper()}{cut(why, EVIDENCE)}. "
            "The report status is set by the rules."
        )
    return " ".join(told)


def _usage(report: Report) -> str:
    its = report.analysis
    told = [f"AI: {cut(its.model or '', _NAME)}"]
    if its.input_tokens is not None and its.output_tokens is not None:
        told.append(f"{its.input_tokens:,} tokens in, {its.output_tokens:,} out")
    if its.cost_usd is not None:
        told.append(f"about {its.cost_usd:.4f} USD")
    if its.request_id:
        told.append(f"request {its.request_id}")
    if its.dropped_claims:
        told.append(f"{several(its.dropped_claims, 'unsupported claim')} dropped")
    return ", ".join(told) + "." if len(told) > 1 else ""


def _notes(report: Report) -> list[str]:
    without = report.totals.unpublished
    if not without.pairs:
        return report.notes
    models = several(without.pairs, "model")
    attempts = several(without.errors + without.successes, "attempt")
    told = f"Not counted: {models} that the catalog does not publish ({attempts})."
    return [told, *report.notes]


def moment(at: datetime, until: datetime) -> str:
    """A moment, without its day where that is the report's own."""
    return f"{at:%H:%M} UTC" if at.date() == until.date() else when(at)


def _span(length: timedelta) -> str:
    """A length of time, in hours from one on."""
    hours = length / timedelta(hours=1)
    return f"{hours:.3g} h" if hours >= 1 else f"{60 * hours:.3g} min"
