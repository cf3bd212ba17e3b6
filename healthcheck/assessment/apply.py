"""From the AI's answer to the report: the rules' problems and numbers stay, all of them."""

from healthcheck.assessment.answer import AIResponse
from healthcheck.assessment.grounding import Grounding
from healthcheck.assessment.highlights import highlighted
from healthcheck.assessment.prompt import Prompt
from healthcheck.diagnosis import Status
from healthcheck.report.contract import Analysis, Reading, Report
from healthcheck.taxonomy import ErrorKind

_MOST_HIGHLIGHTS = 3
_MOST_CONNECTIONS = 1
_MOST_READ = 100
"""Of a list whose honest length is a dozen."""


def applied(report: Report, prompt: Prompt, answer: AIResponse, analysis: Analysis) -> Report:
    """Add what keeps the form and the data bears out; count what does not."""
    grounding = Grounding(report, prompt.subjects)
    problems = {each.id: each for each in prompt.subjects.values() if each.key}
    advice: dict[str, str | None] = {}
    for step in answer.advice[:_MOST_READ]:
        problem = problems.get(step.problem)
        if problem is None:
            grounding.dropped += 1
        elif problem.key not in advice:
            advice[problem.key] = grounding.told(step, problem)
    readings: dict[int, Reading] = {}
    for reading in answer.readings[:_MOST_READ]:
        part = prompt.messages.get(reading.message)
        if part is None:
            grounding.dropped += 1
        elif reading.kind is not ErrorKind.UNKNOWN:
            words = grounding.told(reading, prompt.subjects[reading.message])
            readings.setdefault(id(part), Reading(kind=reading.kind, words=words))
    highlights = [highlighted(each, prompt.subjects) for each in answer.highlights[:_MOST_READ]]
    connections = [grounding.told(each) for each in answer.connections[:_MOST_READ]]
    grounding.dropped += highlights.count(None)
    told = [each for each in highlights if each][:_MOST_HIGHLIGHTS]
    told += [each for each in connections if each][:_MOST_CONNECTIONS]
    # Who calls a day healthy on which the rules found something has not read them.
    if answer.status is Status.HEALTHY and report.status is not Status.HEALTHY:
        grounding.dropped += len(told)
        told = []
    order = list(advice)
    actions = [
        part.model_copy(update={"advice": advice.get(part.problem)})
        for part in report.recommended_actions
    ]
    actions.sort(
        key=lambda part: (
            part.severity.rank,
            order.index(part.problem) if part.problem in order else len(order),
        )
    )
    patterns = [
        part.model_copy(update={"reading": readings.get(id(part))}) for part in report.patterns
    ]
    summary = {
        "source": "openai",
        "status": answer.status,
        "summary": " ".join(told) or None,
        "dropped_claims": grounding.dropped,
    }
    return report.model_copy(
        update={
            "patterns": patterns,
            "recommended_actions": actions,
            "analysis": analysis.model_copy(update=summary),
        }
    )
