"""From the AI's answer to the report: the rules' findings and numbers stay, all of them."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from healthcheck.assessment.claims import weigh
from healthcheck.assessment.grounds import of_all, of_day
from healthcheck.assessment.names import Names
from healthcheck.assessment.schema import Answer
from healthcheck.assessment.telling import advise, read, tell
from healthcheck.diagnosis import CATEGORIES, Category, Severity, State, Status
from healthcheck.report.contract import ActionPart, Analysis, FindingPart, ProblemPart, Report

Part = TypeVar("Part", FindingPart, ProblemPart)

_ACTIONS = {
    Category.DEPRECATED_MODEL: "Look {who} up in the provider's list of models; disable it if it "
    "is gone.",
    Category.CODE_FIX: "Read the newest message of {who}, and change the request if it says so.",
    Category.PROVIDER_ISSUE: "Look at the status page and the account of {who}.",
}


def grounded(report: Report, names: Names, answer: Answer, analysis: Analysis) -> Report:
    """Add what the data bears out; count what it does not."""
    day = of_day(report, names)
    whole = day | of_all(report)
    weighed = weigh(names, answer, day)
    readings, unread = read(answer.patterns, names)
    order, advice, ill_advised = advise(answer.actions, names, day)
    # Who calls a day healthy on which the rules found something has not read them.
    withheld = answer.status is Status.HEALTHY and report.status is not Status.HEALTHY
    summary, untold = tell(answer.summary, names, day, whole, withheld=withheld)
    reason, unreasoned = tell([answer.status_reason], names, day, whole, withheld=withheld)
    findings = [
        _with_opinion(p, weighed.agreed, weighed.opinions.get(p.id)) for p in report.findings
    ]
    by_problem = {
        problem.id: next((advice[f] for f in problem.findings if f in advice), None)
        for problem in report.problems
    }
    ranks = {
        problem.id: min(
            (order.index(f) for f in problem.findings if f in order), default=len(order)
        )
        for problem in report.problems
    } | {finding: rank for rank, finding in enumerate(order)}
    added = [_problem(part) for part in weighed.additions]
    raising = next((p for p in weighed.additions if p.severity is Severity.WARNING), None)
    raised = raising if report.status is Status.HEALTHY else None
    return report.model_copy(
        update={
            "status": Status.WARNING if raised else report.status,
            "reason": f"{_who(raised)}: {raised.evidence}" if raised else report.reason,
            "findings": _placed(findings, weighed.additions),
            "problems": _placed(report.problems, added),
            "patterns": [
                part.model_copy(update={"reading": readings[id(part)]})
                if id(part) in readings
                else part
                for part in report.patterns
            ],
            "recommended_actions": _ordered(
                [
                    *(
                        part.model_copy(update={"advice": by_problem.get(part.problem)})
                        for part in report.recommended_actions
                    ),
                    *(_action(p) for p in weighed.additions if p.severity is not Severity.INFO),
                ],
                ranks,
            ),
            "analysis": analysis.model_copy(
                update={
                    "source": "openai",
                    "status": answer.status,
                    "summary": summary,
                    "reason": reason,
                    "dropped_claims": weighed.dropped + unread + ill_advised + untold + unreasoned,
                }
            ),
        }
    )


def _with_opinion(part: FindingPart, agreed: frozenset[str], opinion: str | None) -> FindingPart:
    if part.id not in agreed:
        return part
    return part.model_copy(update={"sources": ("rules", "ai"), "opinion": opinion})


def _placed(parts: Sequence[Part], additions: Sequence[Part]) -> list[Part]:
    """Most severe first; among equals those of the rules."""
    every = list(parts)
    every.extend(additions)
    return sorted(every, key=lambda part: part.severity.rank)


def _ordered(actions: list[ActionPart], ranks: Mapping[str, int]) -> list[ActionPart]:
    """The AI's order, within what is equally severe."""
    return sorted(
        actions, key=lambda part: (part.severity.rank, ranks.get(part.problem, len(ranks)))
    )


def _problem(part: FindingPart) -> ProblemPart:
    """What the AI alone says, as a problem of its own."""
    return ProblemPart(
        id=part.id,
        title=f"{_who(part)}: {CATEGORIES[part.category].word}",
        category=part.category,
        cause=part.kind.value if part.kind else part.category.value,
        severity=part.severity,
        state=part.state,
        new=int(part.state is State.NEW),
        worse=False,
        since=part.since,
        until=None,
        findings=[part.id],
        providers=[part.provider] if part.provider else [],
        models=part.models,
        action=_ACTIONS[part.category].format(who=_who(part)),
    )


def _action(part: FindingPart) -> ActionPart:
    """In the code's words, and without a command: the AI's word alone changes no catalogue."""
    return ActionPart(
        problem=part.id,
        severity=part.severity,
        action=_ACTIONS[part.category].format(who=_who(part)),
        reason=part.evidence,
        command=None,
    )


def _who(part: FindingPart) -> str:
    return " ".join(name for name in (part.provider, part.model) if name)
