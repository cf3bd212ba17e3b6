"""What to do about each problem that needs a human, and the command that does it."""

from collections.abc import Iterable, Mapping

from healthcheck.activity import Pair
from healthcheck.diagnosis import Category, Problem, Severity
from healthcheck.report.contract import ActionPart
from healthcheck.report.door import shown
from healthcheck.report.mongosh import Catalogue, disable, list_enabled


def actions(
    problems: Iterable[Problem], catalogue: Catalogue, spellings: Mapping[Pair, tuple[Pair, ...]]
) -> list[ActionPart]:
    """One action per problem that needs a human, in the order of the problems."""
    return [
        ActionPart(
            problem=problem.id,
            severity=problem.severity,
            action=shown(problem.action),
            reason=shown(problem.title),
            command=_command(problem, catalogue, spellings),
        )
        for problem in problems
        if problem.severity is not Severity.INFO and problem.action
    ]


def _command(
    problem: Problem, catalogue: Catalogue, spellings: Mapping[Pair, tuple[Pair, ...]]
) -> str | None:
    if problem.category is Category.DEPRECATED_MODEL:
        pairs = [raw for pair in problem.models for raw in spellings.get(pair, (pair,))]
        return disable(catalogue, pairs, "not served any more", "hard_model")
    is_silent = problem.category is Category.PROVIDER_ISSUE and problem.cause == "not_attempted"
    if (problem.category is Category.SILENT_MODEL or is_silent) and len(problem.providers) == 1:
        return list_enabled(catalogue, problem.providers[0])
    return None
