"""What the AI is told beside the report: trends, and what only the diagnosis knows of a problem."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from healthcheck.activity import BASELINE_WINDOWS, Activity, ModelKey
from healthcheck.diagnosis import Problem, Timelines
from healthcheck.diagnosis.published import publication
from healthcheck.known_issues import Muting
from healthcheck.taxonomy import RejectedParameter


@dataclass(frozen=True, slots=True)
class Trend:
    """Failure rates from 0 to 1 of the window, of the one before, and of the seven before that.

    None where nothing was attempted.
    """

    now: float | None = None
    yesterday: float | None = None
    week: float | None = None


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """What a problem is called and caused by, what its messages reject, and how it develops."""

    name: str = ""
    cause: str = ""
    rejected_parameter: RejectedParameter | None = None
    successors: tuple[str, ...] = ()
    enabled: int = 0
    trend: Trend = Trend()


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and causes are the store's own: not redacted. Providers by name, problems by id."""

    day: Trend = Trend()
    providers: Mapping[str, Trend] = field(default_factory=dict)
    problems: Mapping[str, ProblemFacts] = field(default_factory=dict)


def gather(activity: Activity, lines: Timelines, muting: Muting) -> Facts:
    """All of it from values of the pipeline; nothing is read anew."""
    is_published = publication(activity)
    seen = {*lines.current, *lines.previous, *activity.baseline}
    pairs = [pair for pair in seen if is_published(pair)]
    by_provider: dict[str, list[ModelKey]] = {}
    for pair in pairs:
        by_provider.setdefault(pair.provider, []).append(pair)
    return Facts(
        day=_trend(pairs, activity, lines),
        providers={name: _trend(its, activity, lines) for name, its in by_provider.items()},
        problems={each.id: _of(each, activity, lines) for each in muting.diagnosis.problems},
    )


def _of(problem: Problem, activity: Activity, lines: Timelines) -> ProblemFacts:
    first = problem.findings[0]
    return ProblemFacts(
        name=problem.name if problem.models else "the benchmark service",
        cause=problem.cause_in_words,
        rejected_parameter=None if first.internal_cause else first.rejected_parameter,
        successors=tuple(problem.successors),
        enabled=problem.enabled,
        trend=_trend(problem.models, activity, lines),
    )


def _trend(pairs: Collection[ModelKey], activity: Activity, lines: Timelines) -> Trend:
    now = [lines.current[pair] for pair in pairs if pair in lines.current]
    before = [lines.previous[pair] for pair in pairs if pair in lines.previous]
    week = [
        activity.baseline[pair][day]
        for pair in pairs
        if pair in activity.baseline
        for day in range(BASELINE_WINDOWS)
    ]
    return Trend(
        _rate(sum(line.errors for line in now), sum(line.succeeded for line in now)),
        _rate(sum(line.errors for line in before), sum(line.succeeded for line in before)),
        _rate(sum(tally.errors for tally in week), sum(tally.successes for tally in week)),
    )


def _rate(failed: int, succeeded: int) -> float | None:
    return failed / (failed + succeeded) if failed + succeeded else None
