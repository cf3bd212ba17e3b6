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
from healthcheck.diagnosis import Category, Severity, State, Status
from healthcheck.diagnosis.causes import AVAILABILITY
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
TREND = frozenset({"up", "down", "low"})
_SERVICE = "the benchmark service"
_TOKENS = 70
_BRIEF_TOKENS = 30
_IN_FULL = 10
"""So many problems are told in full, the rest in short."""
_MOST_LETTERS = 40
_PARTS_OF_A_PROBLEM = 3
_WIDE = frozenset({Category.SILENT_SERVICE, Category.SERVICE_ISSUE})
_SILENT = frozenset({Category.SILENT_SERVICE, Category.SILENT_MODEL, Category.LOW_VOLUME})
_DEAD = _SILENT | {
    Category.PROVIDER_ISSUE, Category.FAILING_MODEL, Category.DEPRECATED_MODEL, Category.CODE_FIX,
} - {Category.LOW_VOLUME}  # fmt: skip
"""Nothing succeeds there."""
_PASSING = {kind.value for kind in AVAILABILITY} | {ErrorKind.RATE_LIMIT.value}
_SAME = 0.001
_LOW = 0.02
_OF_MODELS = TREND | {"wide", "pressing", "sole", "one_model"}
"""What holds of a problem does not hold of each of its models or providers."""
_NAME = re.compile(r"(?!.*://)[(\w][\w.:/@+()-]{0,100}( [\w.:/@+()-]{1,60}){0,2}", re.ASCII)
"""A name as names look; what reads like a sentence is quoted by the report alone."""
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z_]{1,40}")
_ENDPOINT = re.compile(r"/?v\d/[a-z/_-]{2,40}")
_WANTED = re.compile(r"(?P<rejected>.+?) \((?P<wanted>\S+) is wanted\)")
_CODE = re.compile(r"['\"](?:code|type)['\"]: ?['\"]([a-z]+(?:_[a-z]+){1,4})['\"]")
_STATUS = re.compile(r"(?:Error code: |Client error '|Server error ')([45]\d\d)\b")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """`words` fill placeholders; `row` is what else the prompt tells; the rest is for grounding.

    `facts` license words (`words.toml`), as do `said`, what the report says of it, and `action`. `ties`
    are its causes: only what has one in common may be tied together. Outages of two providers are two.
    """

    id: str
    words: Mapping[Word, str]
    row: Mapping[str, Any] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    said: str = ""
    message: str = ""
    action: str = ""
    ties: frozenset[str] = frozenset()
    key: str = ""
    """The id of the report's own problem."""
    part_of: str = ""
    problems: tuple["Subject", ...] = ()
    """Of the day: what may be told of it where nothing is named."""


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
        facts=_direction(facts.day)
        | {"total"}
        | ({"healthy"} if report.status is Status.HEALTHY else set())
        | ({"problem"} if totals.errors else set()),
        said=report.summary,
    )


def problems(report: Report, facts: Facts) -> Iterator[list[Subject]]:
    """Each with its first models, where it has several."""
    findings = {part.id: part for part in report.findings}
    number = 0
    said: dict[str, str] = {}
    for index, part in enumerate(report.problems, start=1):
        its = [findings[each] for each in part.findings]
        group = [_problem(f"p{index}", part, its, report, facts, said)]
        for finding in its[:_PARTS_OF_A_PROBLEM] if len(its) > 1 else ():
            number += 1
            group.append(_finding(f"f{number}", group[0], finding, report.window.until))
        yield group


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
        facts = frozenset({"problem", "unknown"})
        yield Subject(f"m{index}", words, row, facts=facts, message=part.sample), part


def providers(report: Report, facts: Facts, told: Sequence[Subject]) -> Iterator[Subject]:
    """Those with errors first, as the report has them; each has the facts of its problems."""
    trends = {sanitized(name): trend for name, trend in facts.providers.items()}
    covered = {part.provider: part for part in report.coverage.providers}
    by_key = {each.key: each for each in told}
    for index, part in enumerate(report.providers, start=1):
        share, trend = covered.get(part.provider), trends.get(part.provider, Trend())
        words = _words(
            trend,
            name=_named(part.provider),
            provider=_named(part.provider),
            count=several(part.errors, "error") if part.errors else "",
            coverage=_data_from(share.with_data, share.enabled) if share else "",
        )
        its = [by_key[each.id] for each in report.problems if part.provider in each.providers]
        known = frozenset[str]().union(*(each.facts for each in its)) - _OF_MODELS
        yield Subject(
            f"v{index}",
            words,
            facts=(known - {"ended"} if "lasting" in known else known)
            | _direction(trend)
            | ({"problem"} if part.errors else set()),
            said=" ".join(each.said for each in its),
            action=" ".join(each.action for each in its),
            ties=frozenset[str]().union(*(each.ties for each in its)),
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
        kinds = {part.kind.value} if part.kind else set()
        yield Subject(
            f"r{index}",
            words,
            facts=frozenset({"problem", "ended", *kinds}),
            said=part.evidence,
        )


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
        last_success=_succeeded(max(last, default=None)) if len(last) == len(its) else "",
        successor=_listed(known.successors),
        **_span(part, report.window.until),
        http_status=_status(message),
        error_code=_code(message),
        **_parameter_words(sanitized(known.rejected_parameter or "")),
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
        facts=_facts_of(part, its, known, words, report),
        said=" ".join(each.evidence for each in its),
        message=message,
        action=part.action or "",
        ties=frozenset({part.id} if first.kind in AVAILABILITY else {part.id, known.cause}),
        key=part.id,
    )


def _kinds(its: Sequence[FindingPart]) -> set[str]:
    """With those that the same cause may show as."""
    return {each.kind.value for each in its if each.kind}


def _facts_of(
    part: ProblemPart,
    its: Sequence[FindingPart],
    known: ProblemFacts,
    words: Mapping[Word, str],
    report: Report,
) -> frozenset[str]:
    """The rows of `words.toml` that license words about a problem."""
    kinds, first = _kinds(its), its[0]
    is_ours = first.kind is not None and known.cause != in_words(first.kind)
    causes = {"ours"} if is_ours or part.category is Category.SERVICE_ISSUE else kinds
    told = {
        "problem": True,
        "ended" if part.until else "lasting": True,
        "new" if part.state is State.NEW else "known": True,
        "most": 2 * sum(each.count for each in its) >= report.totals.errors > 0
        or 2 * len(part.models) >= report.coverage.enabled > 0,
        "minor": bool(part.until) or part.severity is Severity.INFO,
        "pressing": not part.until and part.severity is report.problems[0].severity,
        "service": not part.providers or 1 < len(part.providers) == len(report.providers),
        "several_providers": len(part.providers) > 1,
        "one_model": len(part.models) == 1,
        "sole": not part.until
        and [each.id for each in report.problems if not each.until] == [part.id]
        and len(part.models) < report.coverage.enabled,
        "other_models": len(part.models) < known.enabled,
        "for_days": " day" in words.get(Word.AGE, ""),
        "answered_before": any(each.last_success for each in its),
        "wide": part.category in _WIDE or words.get(Word.SHARE, "").startswith("all "),
        "dead": not part.until and part.category in _DEAD,
        "storing": part.category is Category.SERVICE_ISSUE,
        "passes": bool(kinds & _PASSING),
        "silence": part.category in _SILENT or known.cause == "not attempted",
    }
    holds = {fact for fact, is_so in told.items() if is_so}
    return frozenset(holds | causes | {part.category.value}) | _direction(known.trend)


def _direction(trend: Trend) -> frozenset[str]:
    now, before = trend.now, trend.yesterday
    if now is None or before is None:
        return frozenset()
    told = {"up": now >= before + _SAME, "down": now <= before - _SAME, "low": now < _LOW}
    return frozenset(fact for fact, is_so in told.items() if is_so)


def _finding(name: str, problem: Subject, part: FindingPart, end: datetime) -> Subject:
    state = {"ended" if part.until else "lasting"}
    return Subject(
        name,
        _words(
            count=several(part.count, "error") if part.count else "",
            last_success=_succeeded(part.last_success),
            **_who_and_when(part, end),
        ),
        {"part_of": problem.id},
        facts=problem.facts - _OF_MODELS - {"lasting", "ended"} | state,
        said=part.evidence,
        message=problem.message,
        action=problem.action,
        ties=problem.ties,
        part_of=problem.id,
    )


def _words(trend: Trend = Trend(), /, **words: str) -> dict[Word, str]:  # noqa: B008 - it is frozen
    told = {
        "rate": f"{_percent(trend.now)} of attempts" if trend.now is not None else "",
        "yesterday": _against(trend.now, trend.yesterday, "yesterday"),
        "week_average": _against(trend.now, trend.week, "in the week before"),
    }
    return {Word(key): value for key, value in (words | told).items() if value}


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}".removesuffix(".0") + "%"


def _against(now: float | None, before: float | None, when_: str) -> str:
    """With its direction: nobody can turn it round."""
    if before is None:
        return ""
    if now is None or _percent(now) == _percent(before):
        return f"{'after' if now is None else 'as'} {_percent(before)} {when_}"
    return f"{'up' if now > before else 'down'} from {_percent(before)} {when_}"


def _data_from(count: int, enabled: int) -> str:
    return f"data from {count:,} of {several(enabled, 'model')}" if enabled else ""


def _succeeded(moment: datetime | None) -> str:
    return f"the last success at {when(moment)}" if moment else ""


def _span(part: ProblemPart | FindingPart, end: datetime) -> dict[str, str]:
    age = how_long((part.until or end) - part.since) if part.since else ""
    return {
        "since": f"since {when(part.since)}" if part.since and not part.until else "",
        "until": f"until {when(part.until)}" if part.until else "",
        "age": f"for {age}" if age else "",
    }


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


def _parameter_words(rejected_parameter: str) -> dict[str, str]:
    """What the provider rejects, and wants instead; in a shape that can be nothing else."""
    found = _WANTED.fullmatch(rejected_parameter)
    rejected, wanted = (found["rejected"], found["wanted"]) if found else (rejected_parameter, "")
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
