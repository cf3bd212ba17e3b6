"""What to do about each problem that needs a human, where, and the command that does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import Category, Problem, Severity
from healthcheck.report.contract import ActionPart
from healthcheck.report.mongosh import Catalog, disable
from healthcheck.report.sanitize import sanitized

_SCHEDULER = frozenset(
    {Category.SILENT_SERVICE, Category.LOW_VOLUME, Category.DISABLED_ATTEMPTED}
    | {Category.SILENT_MODEL}
)
_RUNNER_CAUSES = frozenset({"not_attempted", "lease", "aws_profile", "shifted_clock"})
_STORE_CAUSES = frozenset({"saving", "database"})
_RUNNER_SHELL = "docker ps -a --filter name=llm-bench"
_STORE_SHELL = "llm-health-check doctor"
_ELSEWHERE = frozenset({"bedrock"})
"""Providers whose runner has a host of its own (benchmark-store: what writes the store)."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """What commands are made of. `host` runs the health check, `runner` the benchmark service."""

    catalog: Catalog
    spellings: Mapping[ModelKey, tuple[ModelKey, ...]]
    host: str | None = None
    runner: str | None = None

    def actions(self, problems: Iterable[Problem], *, disable: bool) -> list[ActionPart]:
        """One action per problem that needs a human, in the order of the problems.

        `disable`: whether commands may switch models off.
        """
        return [
            self._action(problem, disable=disable)
            for problem in problems
            if problem.severity is not Severity.INFO and problem.action
        ]

    def disable_all(self, problems: Iterable[Problem]) -> str | None:
        """One line that disables all models likely deprecated."""
        found = [p for p in problems if p.category is Category.DEPRECATED_MODEL]
        return self._disable([pair for problem in found for pair in problem.models])

    def _action(self, problem: Problem, *, disable: bool) -> ActionPart:
        host, shell = self._place(problem)
        return ActionPart(
            problem=problem.id,
            severity=problem.severity,
            action=sanitized(problem.action or ""),
            reason=sanitized(problem.title),
            command=self._command(problem, disable=disable),
            host=None if host is None else sanitized(host),
            shell=shell,
        )

    def _place(self, problem: Problem) -> tuple[str | None, str | None]:
        """The host of ours that the remedy is on, and what shows its state."""
        if problem.cause in _STORE_CAUSES:
            return self.host, _STORE_SHELL
        if problem.category in _SCHEDULER or problem.cause in _RUNNER_CAUSES:
            elsewhere = bool(problem.providers) and set(problem.providers) <= _ELSEWHERE
            return (None, None) if elsewhere else (self.runner, _RUNNER_SHELL)
        return None, None

    def _command(self, problem: Problem, *, disable: bool) -> str | None:
        if problem.category is Category.DEPRECATED_MODEL:
            return self._disable(problem.models) if disable else None
        return None

    def _disable(self, models: Iterable[ModelKey]) -> str | None:
        pairs = [raw for pair in models for raw in self.spellings.get(pair, (pair,))]
        return disable(self.catalog, pairs, "not served any more", "hard_model")
