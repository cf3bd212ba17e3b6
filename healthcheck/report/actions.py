"""What to do about a problem that needs a human: where, and the command that does it."""

from dataclasses import dataclass

from healthcheck.diagnosis import Category, Problem
from healthcheck.report.contract import ActionPart
from healthcheck.report.mongosh import Catalog

_SCHEDULER = frozenset({Category.SILENT_SERVICE, Category.LOW_VOLUME, Category.SILENT_MODEL})
_RUNNER_CAUSES = frozenset({"not_attempted", "lease", "aws_profile", "shifted_clock"})
_STORE_CAUSES = frozenset({"saving", "database"})
_RUNNER_SHELL = "docker ps -a --filter name=llm-bench"
_STORE_SHELL = "llm-health-check doctor"
_ELSEWHERE = frozenset({"bedrock"})
"""Providers whose runner has a host of its own (benchmark-store: what writes the store)."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a report cannot know from its data. `command` reproduces it.

    `known_issues` are remarks on that list. `host` runs the health check, `runner` the benchmark
    service.
    """

    command: str
    catalog: Catalog
    known_issues: tuple[str, ...] = ()
    host: str | None = None
    runner: str | None = None


def action_part(problem: Problem, context: Context, command: str | None) -> ActionPart:
    """The one action of a problem; `command` is the line for mongosh that does it."""
    host, shell = _place(problem, context)
    return ActionPart(
        problem=problem.id,
        severity=problem.severity,
        action=problem.action or "",
        reason=problem.title,
        command=command,
        host=host,
        shell=shell,
    )


def _place(problem: Problem, context: Context) -> tuple[str | None, str | None]:
    """The host of ours that the remedy is on, and what shows its state."""
    if problem.cause in _STORE_CAUSES:
        return context.host, _STORE_SHELL
    if problem.category in _SCHEDULER or problem.cause in _RUNNER_CAUSES:
        elsewhere = bool(problem.providers) and set(problem.providers) <= _ELSEWHERE
        return (None, None) if elsewhere else (context.runner, _RUNNER_SHELL)
    return None, None
