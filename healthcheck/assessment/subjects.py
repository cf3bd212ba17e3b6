"""What a sentence may be about, each with an id, and the words that its fields stand for.

The same words stand in the prompt: the AI sees what a placeholder will become.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from healthcheck.assessment.answer import Word
from healthcheck.assessment.facts import Facts, ProblemFacts, Trend
from healthcheck.assessment.tokens import clipped
from healthcheck.diagnosis import Category, Severity, Status
from healthcheck.diagnosis.wording import how_long, in_words, listed, several, when
from healthcheck.report.contract import (
    FindingPart,
    PatternPart,
    ProblemPart,
    Report,
)
from healthcheck.report.sanitize import sanitized
from healthcheck.taxonomy import ErrorKind

DAY = "day"
_SERVICE = "the benchmark service"
_TOKENS = 70
_BRIEF_TOKENS = 30
_IN_FULL = 10
"""So many problems are told in full, the rest in short."""
_MOST_LETTERS = 40
_PARTS_OF_A_PROBLEM = 3
_WIDE = frozenset({Category.SILENT_SERVICE, Category.SERVICE_ISSUE})
_NAME = re.compile(r"(?!.*://)[(\w][\w.:/@+()-]{0,100}( [\w.:/@+()-]{1,60}){0,2}", re.ASCII)
"""A name as names look; what reads like a sentence is quoted by the report alone."""
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z_]{1,40}")
_ENDPOINT = re.compile(r"/?v\d/[a-z/_-]{2,40}")
_WANTED = re.compile(r"(?P<rejected>.+?) \((?P<wanted>\S+) is wanted\)")
_CODE = re.compile(r"['\"](?:code|type)['\"]: ?['\"]([a-z]+(?:_[a-z]+){1,4})['\"]")
_STATUS = re.compile(r"(?:Error code: |Client error '|Server error ')([45]\d\d)\b")


@dataclass(frozen=True, slots=True)
class Subject:
    """`words` fill placeholders; `row` is what else the prompt tells; the rest is for grounding.

    `kinds`: its causes. `lasting`: None where it neither lasts nor is over. `said`: what the report
    says of it. `related`: what it may be named by. `reach`: the whole service, most providers, one, or less.
    """

    id: str
    words: Mapping[Word, str]
    row: Mapping[str, Any] = field(default_factory=dict)
    kinds: frozenset[ErrorKind] = frozenset()
    lasting: bool | None = None
    said: str = ""
    action: str = ""
    related: frozenset[str] = frozenset()
    reach: str = ""
    key: str = ""
    """The id of the report's own problem."""


def day(report: Report, facts: Facts) -> Subject:
    """The whole window."""
    totals, covered = report.totals, report.coverage
    shown_errors = totals.errors - totals.unpublished.errors
    attempts = shown_errors + totals.successes - totals.unpublished.successes
    return Subject(
        DAY,
        _words(
            facts.day,
            name=_SERVICE,
            count=several(shown_errors, "error"),
            share=f"{shown_errors:,} of {several(attempts, 'attempt')}",
            coverage=_data_from(covered.with_data, covered.enabled),
        ),
        {
            "status_by_rules": report.status.value,
            "window": f"{when(report.window.since)} to {when(report.window.until)}",
            "summary_by_rules": clipped(report.summary, _TOKENS),
            "with_data_yesterday": covered.with_data_before,
            "without_data": covered.without_data,
            "errors_by_kind": {kind.value: n for kind, n in report.errors_by_kind.items() if n},
            "muted": len(report.muted),
        },
        lasting=None if report.status is Status.HEALTHY else True,
        said=report.summary,
    )


def problems(report: Report, facts: Facts) -> Iterator[list[Subject]]:
    """Each with its first models, where it has several."""
    findings = {part.id: part for part in report.findings}
    number = 0
    said: dict[str, str] = {}
    for index, part in enumerate(report.problems, start=1):
        its = [findings[each] for each in part.findings]
        name = f"p{index}"
        parts = []
        if len(its) > 1:
            for finding in its[:_PARTS_OF_A_PROBLEM]:
                number += 1
                parts.append(_finding(f"f{number}", name, finding, part, report.window.until))
        yield [_problem(name, part, its, report, facts, said), *parts]


def messages(report: Report) -> Iterator[tuple[Subject, PatternPart]]:
    """What no rule knows."""
    unknown = (part for part in report.patterns if part.kind is ErrorKind.UNKNOWN)
    for index, part in enumerate(unknown, start=1):
        model = part.models[0] if len(part.models) == 1 else ""
        status = f"HTTP {part.http_status}" if part.http_status else _status(part.sample)
        words = _words(
            name=_named(part.provider, model) if model else _named(part.provider),
            provider=_named(part.provider),
            models=several(len(part.models), "model"),
            count=several(part.count, "error"),
            http_status=status,
            error_code=_code(part.sample),
        )
        row = {"sample": clipped(part.sample, _TOKENS)}
        yield Subject(f"m{index}", words, row, said=part.sample), part


def providers(report: Report, facts: Facts) -> Iterator[Subject]:
    """Those with errors first, as the report has them."""
    trends = {sanitized(name): trend for name, trend in facts.providers.items()}
    covered = {part.provider: part for part in report.coverage.providers}
    evidence = {part.id: part.evidence for part in report.findings}
    for index, part in enumerate(report.providers, start=1):
        share = covered.get(part.provider)
        words = _words(
            trends.get(part.provider, Trend()),
            name=_named(part.provider),
            provider=_named(part.provider),
            count=several(part.errors, "error") if part.errors else "",
            coverage=_data_from(share.with_data, share.enabled) if share else "",
        )
        its = [each for each in report.problems if part.provider in each.providers]
        yield Subject(
            f"v{index}",
            words,
            kinds=frozenset(kind for kind, n in part.errors_by_kind.items() if n),
            lasting=True if any(map(_presses, its)) else None,
            said=" ".join(f"{each.title} {evidence[each.findings[0]]}" for each in its),
            action=" ".join(each.action or "" for each in its),
            reach="provider",
        )


def resolved(report: Report) -> Iterator[Subject]:
    """What was found in the window before and is over."""
    for index, part in enumerate(report.resolved, start=1):
        words = _words(
            provider=_named(part.provider or ""),
            models=several(len(part.models), "model"),
            cause=in_words(part.kind) if part.kind else "",
            **_who_and_when(part, report.window.until),
        )
        kinds = frozenset({part.kind} if part.kind else ())
        yield Subject(f"r{index}", words, kinds=kinds, lasting=False, said=part.evidence)


def _problem(  # noqa: PLR0913, PLR0917 - a problem is told from the report, the facts, and what was told
    name: str,
    part: ProblemPart,
    its: list[FindingPart],
    report: Report,
    facts: Facts,
    told: dict[str, str],
) -> Subject:
    brief = int(name[1:]) > _IN_FULL
    known = facts.problems.get(part.id, ProblemFacts("", "", None, (), 0, Trend()))
    first = its[0]
    message = next((each.message for each in its if each.message), None) or ""
    last = [each.last_success for each in its if each.last_success]
    models = len(part.models)
    share = f"{models} of {several(known.enabled, 'model')}" if 1 < models < known.enabled else ""
    words = _words(
        Trend(known.trend.now, known.trend.yesterday) if models else Trend(),
        name=_titled(sanitized(known.name), part),
        provider=_listed(part.providers),
        models=several(models, "model") if models > 1 else "",
        cause=sanitized(known.cause),
        count=several(sum(each.count for each in its), "error") if first.count else "",
        share=share or (f"all {several(models, 'model')}" if models > 1 and part.providers else ""),
        last_success=_moment(max(last, default=None)) if len(last) == len(its) else "",
        successor=_listed(known.successors),
        **_span(part, report.window.until),
        http_status=_status(message),
        error_code=_code(message),
        **_complaint(sanitized(known.complaint or "")),
    )
    # Text around an odd name may hide from redaction that a secret was cut off in it.
    is_plain = Word.NAME in words
    first_told = told.setdefault(message, name)
    quoted = clipped(message, _BRIEF_TOKENS if brief else _TOKENS)
    row = {
        "severity": part.severity.value,
        "state": part.state.value if not part.until else "over",
        "category": part.category.value,
        "evidence": clipped(first.evidence, _TOKENS) if is_plain and not brief else "",
        "message": quoted if first_told == name or not message else f"as in {first_told}",
        "action": ""
        if part.severity is Severity.INFO or not part.action
        else clipped(part.action, _TOKENS)
        if is_plain
        else "as the report says",
    }
    return Subject(
        name,
        words,
        {key: value for key, value in row.items() if value},
        kinds=frozenset(each.kind for each in its if each.kind),
        lasting=part.until is None,
        said=" ".join((part.title, part.cause, *(f"{f.evidence} {f.message or ''}" for f in its))),
        action=part.action or "",
        related=_providers_of(part.providers, report),
        reach=_reach(part, report),
        key=part.id,
    )


def _reach(part: ProblemPart, report: Report) -> str:
    if part.category in _WIDE or 1 < len(part.providers) == len(report.providers):
        return "service"
    if 2 * len(part.providers) > len(report.providers):
        return "most"
    return "provider" if len(part.models) > 1 else ""


def _finding(
    name: str, problem: str, part: FindingPart, whole: ProblemPart, end: datetime
) -> Subject:
    return Subject(
        name,
        _words(
            count=several(part.count, "error") if part.count else "",
            last_success=_moment(part.last_success),
            **_who_and_when(part, end),
        ),
        {"part_of": problem},
        kinds=frozenset({part.kind} if part.kind else ()),
        lasting=part.until is None,
        said=f"{whole.title} {part.evidence} {part.message or ''}",
        action=whole.action or "",
        related=frozenset({problem}),
    )


def _presses(part: ProblemPart) -> bool:
    return part.until is None and part.severity is not Severity.INFO


def _words(trend: Trend = Trend(), /, **words: str) -> dict[Word, str]:  # noqa: B008 - it is frozen
    told = {
        "rate": _percent(trend.now, "of attempts"),
        "yesterday": _percent(trend.yesterday, "of attempts yesterday"),
        "week_average": _percent(trend.week, "of attempts in the week before"),
    }
    return {Word(key): value for key, value in (words | told).items() if value}


def _percent(rate: float | None, of: str) -> str:
    return "" if rate is None else f"{100 * rate:.1f}".removesuffix(".0") + f"% {of}"


def _data_from(count: int, enabled: int) -> str:
    return f"data from {count:,} of {several(enabled, 'model')}" if enabled else ""


def _moment(moment: datetime | None) -> str:
    return when(moment) if moment else ""


def _span(part: ProblemPart | FindingPart, end: datetime) -> dict[str, str]:
    age = how_long((part.until or end) - part.since) if part.since else ""
    return {"since": _moment(part.since), "until": _moment(part.until), "age": age}


def _who_and_when(part: FindingPart, end: datetime) -> dict[str, str]:
    names = [name for name in (part.provider, part.model) if name]
    return {"name": _named(*names) if names else _SERVICE} | _span(part, end)


def _named(*names: str) -> str:
    """The names in a row; nothing where one of them is no name to print in a sentence."""
    every = [name for name in names if name]
    return " ".join(every) if all(map(_NAME.fullmatch, every)) else ""


def _listed(names: Sequence[str]) -> str:
    every = [sanitized(name) for name in names]
    return listed(every) if all(map(_NAME.fullmatch, every)) else ""


def _titled(name: str, part: ProblemPart) -> str:
    names = [each.model for each in part.models[:1]] if len(part.models) == 1 else []
    if not all(map(_named, (*part.providers, *names))):
        return ""
    return name.strip() or _SERVICE


def _providers_of(names: list[str], report: Report) -> frozenset[str]:
    every = [part.provider for part in report.providers]
    return frozenset(f"v{every.index(name) + 1}" for name in names if name in every)


def _complaint(complaint: str) -> dict[str, str]:
    """What the provider rejects, and wants instead; in a shape that can be nothing else."""
    found = _WANTED.fullmatch(complaint)
    rejected, wanted = (found["rejected"], found["wanted"]) if found else (complaint, "")
    return {
        "parameter": rejected if _IDENTIFIER.fullmatch(rejected) else "",
        "wanted_parameter": wanted if _IDENTIFIER.fullmatch(wanted) else "",
        "endpoint": wanted if _ENDPOINT.fullmatch(wanted) else "",
    }


def _code(message: str) -> str:
    """The last that it names: a code stands behind its type."""
    found = [each for each in _CODE.findall(message) if len(each) <= _MOST_LETTERS]
    return found[-1] if found else ""


def _status(message: str) -> str:
    found = _STATUS.search(message)
    return f"HTTP {found[1]}" if found else ""
