"""What the data says of a finding, a pattern or the day: the ground that prose must stand on."""

import re
from collections.abc import Iterator
from dataclasses import replace

from healthcheck.assessment.meaning import LASTING, OVER
from healthcheck.assessment.names import Names
from healthcheck.assessment.prose import Ground, ground
from healthcheck.diagnosis import Severity, Status
from healthcheck.report.contract import FindingPart, PatternPart, Report

_CODE = re.compile(r"['\"](?:param|code|type)['\"]: ?['\"]([a-z]+(?:_[a-z]+){1,4})['\"]")
_INSTEAD = re.compile(r"[Uu]se ['\"`]?([a-z]+(?:_[a-z]+){1,4})['\"`]? instead")
_ENDPOINT = re.compile(r"\bv1/(?:chat/completions|completions|responses|messages|embeddings)\b")
_CLASS = re.compile(r"[A-Z][A-Za-z]{2,30}(?:Error|Exception)(?=: )")
_STATUS = re.compile(r"(?:Error code: |Client error '|Server error ')([45]\d\d)\b")
_MOST_LETTERS = 40


def of_day(report: Report, names: Names) -> Ground:
    """The totals, and the codes that HTTP answered with; no names."""
    totals = report.totals
    statuses = (part.http_status for part in report.patterns)
    window = report.window.until - report.window.since
    hours = round(window.total_seconds() / 3600)
    counts = (totals.attempts, totals.errors, totals.successes, totals.not_stored, hours)
    figures = (*counts, *statuses, *report.errors_by_kind.values(), *names.before)
    shares = ("0%", "100%") if totals.attempts and not totals.errors else ()
    return ground((), (report.summary,), (*figures, *shares))


def of_all(report: Report) -> Ground:
    """What a sentence about no finding in particular must not contradict."""
    parts = [part for part in report.findings if part.severity is not Severity.INFO]
    kinds = frozenset(part.kind for part in parts if part.kind)
    lasting = frozenset({LASTING} if report.status is not Status.HEALTHY else ())
    return Ground(kinds=kinds, states=lasting, said=frozenset(_said(parts)))


def of_finding(part: FindingPart, names: Names | None = None) -> Ground:
    """Its names, its numbers, the words of its evidence, and codes; its message is a stranger's."""
    own = {part.provider, part.model}
    for each in part.models:
        own |= {each.provider, each.model}
    if names:
        own.add(names.successors.get(part.id))
    kind = part.kind.value if part.kind else ""
    shares = ("100%",) if part.attempts and part.count == part.attempts else ()
    counts = (part.count, part.attempts, len(part.models))
    base = ground(own, (part.evidence, kind), (*counts, *shares)) | _codes(part.message or "")
    return replace(
        base,
        kinds=frozenset({part.kind} if part.kind else ()),
        states=frozenset({OVER if part.until else LASTING}),
        said=frozenset(_said([part])),
    )


def of_pattern(part: PatternPart) -> Ground:
    """Its provider, the models that met it, and how often."""
    base = ground({part.provider, *part.models}, (), (part.count, part.http_status))
    return base | _codes(part.sample)


def _codes(message: str) -> Ground:
    """The few words of a message whose shape alone makes them harmless."""
    found = [
        *_CODE.findall(message),
        *_INSTEAD.findall(message),
        *_ENDPOINT.findall(message),
        *_CLASS.findall(message)[:1],
    ]
    words = frozenset(each for each in found if len(each) <= _MOST_LETTERS)
    return Ground(words=words, figures=frozenset(_STATUS.findall(message)))


def _said(parts: list[FindingPart]) -> Iterator[str]:
    for part in parts:
        yield part.evidence
        if part.message:
            yield part.message
