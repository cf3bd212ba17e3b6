"""What a sentence may be about, each with an id, and the words that its fields stand for.

The same words stand in the prompt: the AI sees what a placeholder will become.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from healthcheck.assessment.answer import Word
from healthcheck.assessment.facts import Facts, ProblemFacts, Trend
from healthcheck.assessment.tokens import clipped
from healthcheck.diagnosis import Severity, State, Status
from healthcheck.diagnosis.causes import AVAILABILITY
from healthcheck.diagnosis.wording import how_long, in_words, listed, several, when
from healthcheck.report.contract import FindingPart, PatternPart, ProblemPart, Report
from healthcheck.report.sanitize import sanitized
from healthcheck.taxonomy import ErrorKind, RejectedParameter

DAY = "day"
_TREND = frozenset({"up", "down"})
_SERVICE = "the benchmark service"
_TOKENS = 70
_BRIEF_TOKENS = 30
_IN_FULL = 10
"""So many problems are told in full, the rest in short."""
_MOST_LETTERS = 40
_PARTS_OF_A_PROBLEM = 3
_SAME = 0.001
_NAME = re.compile(r"(?!.*://)[(\w][\w.:/@+()-]{0,100}( [\w.:/@+()-]{1,60}){0,2}", re.ASCII)
"""A name as names look; what reads like a sentence is quoted by the report alone."""
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z_]{1,40}")
_ENDPOINT = re.compile(r"/?v\d/[a-z/_-]{2,40}")
_CODE = re.compile(r"['\"](?:code|type)['\"]: ?['\"]([a-z]+(?:_[a-z]+){1,4})['\"]")
_STATUS = re.compile(r"(?:Error code: |Client error '|Server error ')([45]\d\d)\b")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """`words` fill placeholders; `row` is what else the prompt tells; `facts` are what may be highlighted.

    `ties` are its causes: only what has one in common may be tied together. Outages of two providers are two.
    """

    id: str
    words: Mapping[Word, str]
    row: Mapping[str, Any] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    ties: frozenset[str] = frozenset()
    key: str = ""
    """The id of the report's own problem."""
    part_of: str = ""


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
        facts=_direction(facts.day) | _those({"healthy": report.status is Status.HEALTHY}),
    )


def problems(report: Report, facts: Facts) -> Iterator[list[Subject]]:
    """Each with its first models, where it has several."""
    findings = {part.id: part for part in report.findings}
    number = 0
    quoted: dict[str, str] = {}
    for index, part in enumerate(report.problems, start=1):
        its = [findings[each] for each in part.findings]
        problem = _problem(f"p{index}", part, its, report.window.until, facts.problems.get(part.id))
        row = _row_of_a_problem(part, its[0], Word.NAME in problem.words, index > _IN_FULL)
        if message := row.get("message"):
            first = quoted.setdefault(message, problem.id)
            row["message"] = message if first == problem.id else f"as in {first}"
        group = [replace(problem, row=row)]
        for finding in its[:_PARTS_OF_A_PROBLEM] if len(its) > 1 else ():
            number += 1
            group.append(_finding(f"f{number}", problem, finding, report.window.until))
        yield group


def messages(report: Report) -> Iterator[tuple[Subject, PatternPart]]:
    """What no rule knows."""
    unknown = (part for part in report.patterns if part.kind is ErrorKind.UNKNOWN)
    for index, part in enumerate(unknown, start=1):
        words = _words(
            name=_named(part.provider, *(part.models if len(part.models) == 1 else ())),
            provider=_named(part.provider),
            models=several(len(part.models), "model"),
            count=several(part.count, "error"),
            http_status=f"HTTP {part.http_status}" if part.http_status else _status(part.sample),
            error_code=_code(part.sample),
        )
        row = {"sample": clipped(part.sample, _TOKENS)}
        yield Subject(f"m{index}", words, row), part


def providers(report: Report, facts: Facts) -> Iterator[Subject]:
    """Those with errors first, as the report has them."""
    trends = {sanitized(name): trend for name, trend in facts.providers.items()}
    covered = {part.provider: part for part in report.coverage.providers}
    for index, part in enumerate(report.providers, start=1):
        share, trend = covered.get(part.provider), trends.get(part.provider, Trend())
        yield Subject(
            f"v{index}",
            _words(
                trend,
                name=_named(part.provider),
                provider=_named(part.provider),
                count=several(part.errors, "error") if part.errors else "",
                coverage=_data_from(share.with_data, share.enabled) if share else "",
            ),
            facts=_direction(trend),
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
        yield Subject(f"r{index}", words, facts=frozenset({"ended"}))


def _problem(
    name: str,
    part: ProblemPart,
    its: list[FindingPart],
    end: datetime,
    known: ProblemFacts | None,
) -> Subject:
    known = known or ProblemFacts()
    first, models = its[0], len(part.models)
    message = next((each.message for each in its if each.message), None) or ""
    last = [each.last_success for each in its if each.last_success]
    share = f"{models} of {several(known.enabled, 'model')}" if 1 < models < known.enabled else ""
    words = _words(
        Trend(known.trend.now, known.trend.yesterday) if models else Trend(),
        name=_if_names(
            sanitized(known.name).strip() or _SERVICE,
            *part.providers,
            *(each.model for each in part.models if models == 1),
        ),
        provider=_listed(part.providers),
        models=several(models, "model") if models > 1 else "",
        cause=sanitized(known.cause),
        count=several(sum(each.count for each in its), "error") if first.count else "",
        share=share or (f"all {several(models, 'model')}" if models > 1 and part.providers else ""),
        last_success=_succeeded(max(last, default=None)) if len(last) == len(its) else "",
        successor=_listed(known.successors),
        **_span(part, end),
        http_status=_status(message),
        error_code=_code(message),
        **_parameter_words(known.rejected_parameter or RejectedParameter("")),
    )
    return Subject(
        name,
        words,
        facts=_direction(known.trend)
        | _those(
            {
                "problem": True,
                "lasting": not part.until,
                "ended": bool(part.until),
                "new": part.state is State.NEW,
                "ongoing": part.state is not State.NEW and not part.until,
            }
        ),
        ties=frozenset({part.id} if first.kind in AVAILABILITY else {part.id, known.cause}),
        key=part.id,
    )


def _row_of_a_problem(
    part: ProblemPart, first: FindingPart, is_plain: bool, is_brief: bool
) -> dict[str, str]:
    """Text around an odd name may hide from redaction that a secret was cut off in it."""
    action = "" if part.severity is Severity.INFO else clipped(part.action or "", _TOKENS)
    row = {
        "severity": part.severity.value,
        "state": "over" if part.until else part.state.value,
        "category": part.category.value,
        "evidence": clipped(first.evidence, _TOKENS) if is_plain and not is_brief else "",
        "message": clipped(first.message or "", _BRIEF_TOKENS if is_brief else _TOKENS),
        "action": action if is_plain or not action else "as the report says",
    }
    return {key: value for key, value in row.items() if value}


def _those(facts: Mapping[str, bool]) -> frozenset[str]:
    return frozenset(fact for fact, holds in facts.items() if holds)


def _direction(trend: Trend) -> frozenset[str]:
    now, before = trend.now, trend.yesterday
    if now is None or before is None:
        return frozenset()
    return _those({"up": now >= before + _SAME, "down": now <= before - _SAME})


def _finding(name: str, problem: Subject, part: FindingPart, end: datetime) -> Subject:
    words = _words(
        count=several(part.count, "error") if part.count else "",
        last_success=_succeeded(part.last_success),
        **_who_and_when(part, end),
    )
    state = {"ended" if part.until else "lasting"}
    return replace(
        problem,
        id=name,
        words=words,
        row={"part_of": problem.id},
        facts=problem.facts - _TREND - {"lasting", "ended", "ongoing"} | state,
        key="",
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
    """Format a change, including its direction."""
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


def _if_names(text: str, *names: str) -> str:
    """The text; nothing where one of these is no name to print in a sentence."""
    return text if all(map(_NAME.fullmatch, names)) else ""


def _named(*names: str) -> str:
    return _if_names(" ".join(names), *names)


def _listed(names: Sequence[str]) -> str:
    every = [sanitized(name) for name in names]
    return _if_names(listed(every), *every)


def _parameter_words(parameter: RejectedParameter) -> dict[str, str]:
    """What the provider rejects, and wants instead; in a shape that can be nothing else."""
    rejected, expected = map(sanitized, parameter)
    return {
        "parameter": rejected if _IDENTIFIER.fullmatch(rejected) else "",
        "wanted_parameter": expected if _IDENTIFIER.fullmatch(expected) else "",
        "endpoint": expected if _ENDPOINT.fullmatch(expected) else "",
    }


def _code(message: str) -> str:
    """The last that it names: a code stands behind its type."""
    found = [each for each in _CODE.findall(message) if len(each) <= _MOST_LETTERS]
    return found[-1] if found else ""


def _status(message: str) -> str:
    found = _STATUS.search(message)
    return f"HTTP {found[1]}" if found else ""
