"""Findings that one cause explains and one remedy ends are one problem."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from healthcheck.activity import Pair
from healthcheck.diagnosis.categories import CATEGORIES, order
from healthcheck.diagnosis.findings import Category, Finding, Severity, State
from healthcheck.diagnosis.thresholds import ONSET_REACH

_WIDE = frozenset({Category.SILENT_SERVICE, Category.SERVICE_ISSUE, Category.PROVIDER_ISSUE})
_AT_ONCE = frozenset({Category.PROVIDER_ISSUE, Category.FAILING_MODEL})
"""What may have one cause at several providers, where it begins at the same time."""
_OF_A_PROVIDER = frozenset(
    {Category.DEPRECATED_MODEL, Category.SILENT_MODEL, Category.FAILING_MODEL}
    | {Category.DEGRADED_MODEL, Category.CODE_FIX}
)


@dataclass(frozen=True, slots=True)
class Service:
    """What the titles say of the whole: each provider's enabled models, and how often they run."""

    enabled: Mapping[str, int] = field(default_factory=dict)
    not_attempted: Mapping[str, int] = field(default_factory=dict)
    intervals: Mapping[str, timedelta] = field(default_factory=dict)

    @property
    def providers(self) -> list[str]:
        """All with enabled models."""
        return sorted(self.enabled)


@dataclass(frozen=True)
class Problem:
    """Findings with one cause, most urgent first; new only where all of them are."""

    findings: tuple[Finding, ...]
    service: Service

    @property
    def id(self) -> str:
        """Made of category, providers and cause, so that it stays while models come and go."""
        parts = (self.category.value, *self.providers, "", self.cause)
        return f"{self.category.value}-{sha256(chr(0).join(parts).encode(errors='replace')).hexdigest()[:8]}"

    @property
    def category(self) -> Category:
        """That of its most urgent finding."""
        return self.findings[0].category

    @property
    def cause(self) -> str:
        """What one remedy ends."""
        return self.findings[0].cause

    @property
    def is_wide(self) -> bool:
        """Whether it is about providers or the service rather than single models."""
        return self.category in _WIDE

    @property
    def severity(self) -> Severity:
        """The worst of its findings."""
        return min((f.severity for f in self.findings), key=lambda severity: severity.rank)

    @property
    def state(self) -> State:
        """New only where all of it is."""
        return State.ONGOING if self.new < len(self.findings) else State.NEW

    @property
    def new(self) -> int:
        """How many of its findings are new."""
        return sum(finding.state is State.NEW for finding in self.findings)

    @property
    def worse(self) -> bool:
        """Whether any of it was a lesser matter in the window before."""
        return any(finding.worse for finding in self.findings)

    @property
    def since(self) -> datetime | None:
        """When the first of it began, as far as that is known."""
        return min((f.since for f in self.findings if f.since), default=None)

    @property
    def until(self) -> datetime | None:
        """When the last of it ended; None while any lasts."""
        if any(finding.until is None for finding in self.findings):
            return None
        return max(finding.until for finding in self.findings if finding.until)

    @property
    def models(self) -> tuple[Pair, ...]:
        """All that it touches."""
        return tuple(sorted({pair for finding in self.findings for pair in finding.models}))

    @property
    def providers(self) -> tuple[str, ...]:
        """Of its findings, or of its models where they name none."""
        named = {finding.provider for finding in self.findings if finding.provider}
        return tuple(sorted(named or {pair.provider for pair in self.models}))

    @property
    def title(self) -> str:
        """Who, what and how many, in a line."""
        return CATEGORIES[self.category].title(self)

    @property
    def action(self) -> str | None:
        """What to do; None where there is nothing to do."""
        if self.until is not None and self.severity is Severity.INFO:
            return None
        return CATEGORIES[self.category].action(self)


def problems(findings: Iterable[Finding], service: Service) -> tuple[Problem, ...]:
    """All findings, each in one problem; most urgent first."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    together: dict[Category, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.category in _AT_ONCE and not _is_own(finding):
            together[finding.category].append(finding)
        else:
            groups[_group(finding)].append(finding)
    for category, those in together.items():
        for finding, number in _at_once(those):
            groups[category, finding.cause, number].append(finding)
    made = (Problem(tuple(sorted(group, key=_urgency)), service) for group in groups.values())
    return tuple(sorted(made, key=_problem_urgency))


def _group(finding: Finding) -> tuple[object, ...]:
    if _is_own(finding):
        return "own side", finding.cause
    if finding.category is Category.CODE_FIX and finding.complaint:
        return finding.category, finding.cause
    if finding.category in _OF_A_PROVIDER:
        return finding.category, finding.provider, finding.cause
    if finding.category is Category.RETIRING_MODEL:
        return finding.category, finding.aspect, finding.severity
    return (finding.id,)


def _is_own(finding: Finding) -> bool:
    """Ours, whichever provider it shows at: one remedy ends it everywhere."""
    return finding.own_side is not None and finding.category is not Category.SERVICE_ISSUE


def _at_once(findings: Sequence[Finding]) -> Iterable[tuple[Finding, int]]:
    """Each with the number of its cluster: the same cause at several providers at the same time."""
    newest: dict[tuple[str, bool], tuple[datetime | None, int]] = {}
    ordered = sorted(findings, key=lambda f: (f.since is not None, f.since, f.id))
    for number, finding in enumerate(ordered):
        key = finding.cause, finding.over
        since, cluster = newest.get(key, (None, number))
        is_apart = since is None or finding.since is None or finding.since - since > ONSET_REACH
        if key in newest and is_apart and since is not finding.since:
            cluster = number
        newest[key] = finding.since, cluster
        yield finding, cluster


def _urgency(finding: Finding) -> tuple[object, ...]:
    return (
        finding.severity.rank,
        order(finding.category),
        finding.state is State.ONGOING,
        -finding.count,
        finding.key,
    )


def _problem_urgency(problem: Problem) -> tuple[object, ...]:
    return (
        problem.severity.rank,
        not problem.new and not problem.worse,
        order(problem.category),
        -sum(finding.count for finding in problem.findings),
        -len(problem.models),
        problem.id,
    )
