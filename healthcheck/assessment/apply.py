"""From the AI's answer to the report: the rules' problems and numbers stay, all of them."""

from healthcheck.assessment.answer import AIResponse
from healthcheck.assessment.grounding import Grounding
from healthcheck.assessment.prompt import Prompt
from healthcheck.diagnosis.wording import listed
from healthcheck.report.contract import Analysis, PatternPart, ProblemPart, Reading, Report
from healthcheck.taxonomy import ErrorKind

_MOST_HIGHLIGHTS = 3
_MOST_LINKS = 1
_MOST_READ = 100
"""Of a list whose honest length is a dozen."""


def applied(report: Report, prompt: Prompt, answer: AIResponse, analysis: Analysis) -> Report:
    """Add what keeps the form and the data bears out; count what does not."""
    grounding = Grounding(report)
    advice: dict[str, str | None] = {}
    for step in answer.advice[:_MOST_READ]:
        item = prompt.items.get(step.problem)
        if item is None or not isinstance(item.part, ProblemPart):
            grounding.dropped += 1
        elif item.part.id not in advice:
            advice[item.part.id] = grounding.question(step.check_whether, item)
    readings: dict[int, Reading] = {}
    for reading in answer.readings[:_MOST_READ]:
        item = prompt.items.get(reading.message)
        if item is None or not isinstance(item.part, PatternPart):
            grounding.dropped += 1
        elif reading.kind is not ErrorKind.UNKNOWN:
            words = grounding.question(reading.check_whether, item)
            readings.setdefault(id(item.part), Reading(kind=reading.kind, words=words))
    picked = [prompt.items.get(each) for each in dict.fromkeys(answer.highlights[:_MOST_READ])]
    highlights = [item.highlight for item in picked if item and item.highlight]
    grounding.dropped += len(picked) - len(highlights)
    links = [
        _linked(prompt, grounding, each.entries, each.check_whether)
        for each in answer.links[:_MOST_READ]
    ]
    told = highlights[:_MOST_HIGHLIGHTS] + [each for each in links if each][:_MOST_LINKS]
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


def _linked(prompt: Prompt, grounding: Grounding, entries: list[str], text: str) -> str | None:
    """A question about entries, behind their names."""
    items = [item for each in dict.fromkeys(entries) if (item := prompt.items.get(each))]
    names = [item.name for item in items if item.name]
    if not names or len(names) < len(set(entries)):
        grounding.dropped += 1
        return None
    question = grounding.question(text, *items)
    return f"About {listed(names)}: {question[0].lower()}{question[1:]}" if question else None
