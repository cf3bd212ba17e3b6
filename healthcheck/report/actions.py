"""What to do about a problem that needs a human: where, and the command that does it."""

from datetime import timedelta

from healthcheck.diagnosis import Category, Problem
from healthcheck.diagnosis.causes import BY_RULE, ON_ONE_RUNNER, UNSAVED
from healthcheck.report.context import Context
from healthcheck.report.contract import ActionPart, Link
from healthcheck.report.provider_links import LABELS, PROVIDER_LINKS

_SCHEDULER = frozenset({Category.SILENT_SERVICE, Category.LOW_VOLUME, Category.SILENT_MODEL})
_RUNNER_CAUSES = frozenset({"not_attempted", "lease", "aws_profile", "shifted_clock"})
# Providers whose runner has a host of its own; a second one that fails beside it is here.
_ELSEWHERE = frozenset({"bedrock"})
# What stops a runner may be logged before its last attempt is.
_BEFORE = timedelta(minutes=30)


def action_part(problem: Problem, context: Context, command: str | None) -> ActionPart:
    """The one action of a problem; `command` is the line for mongosh that does it."""
    return ActionPart(
        problem=problem.id,
        severity=problem.severity,
        action=problem.action or "",
        reason=problem.title,
        command=command,
        link=_link(problem),
        **_inspection(problem, context),
    )


def _link(problem: Problem) -> Link | None:
    page = problem.page
    url = PROVIDER_LINKS.get(problem.providers[0], {}).get(page) if page else None
    return Link(label=LABELS[page], url=url) if page and url else None


def _inspection(problem: Problem, context: Context) -> dict[str, str | None]:
    """The host of ours that the remedy is on, and what shows the state there."""
    if problem.cause == UNSAVED.id:
        return {"host": context.host, "shell": "llm-health-check doctor"}
    is_runner = problem.category in _SCHEDULER or problem.cause in _RUNNER_CAUSES
    is_one_of_two = problem.findings[0].alternating and problem.cause in ON_ONE_RUNNER
    is_elsewhere = problem.providers and set(problem.providers) <= _ELSEWHERE
    if problem.findings[0].specific_cause == BY_RULE["dns"]:
        return {} if is_elsewhere else {"host": context.runner, "shell": "cat /etc/resolv.conf"}
    if not is_one_of_two and (is_elsewhere or not is_runner):
        return {}
    found = {"host": context.runner, "shell": "docker ps -a --filter name=llm-bench"}
    if problem.category is Category.SILENT_MODEL or is_one_of_two:  # the others run
        return found
    # A container stays up while the workers in it are dead: its state alone proves nothing.
    before = problem.since and problem.since - _BEFORE
    begin = f"--since {before:%Y-%m-%dT%H:%MZ}" if before else "--tail 200"
    return {**found, "log": f"docker logs {begin} ID"}
