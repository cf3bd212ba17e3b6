"""From the AI's answer to the report: the rules' problems and numbers stay, all of them."""

from dataclasses import replace

from healthcheck.assessment.answer import QUESTIONS, AIResponse, Link
from healthcheck.assessment.prompt import Prompt
from healthcheck.diagnosis.wording import listed
from healthcheck.report.contract import PatternPart, ProblemPart, Reading, Report
from healthcheck.taxonomy import ErrorKind

_MOST_HIGHLIGHTS = 3
_MOST_LINKS = 1
_FEWEST_LINKED = 2


def applied(report: Report, prompt: Prompt, answer: AIResponse) -> Report:
    """Add what the AI picked; count what is none of the choices."""
    dropped = 0
    advice: dict[str, str | None] = {}
    for step in answer.advice:
        item, question = prompt.items.get(step.problem), _question(step.check_whether, "one")
        if item and isinstance(item.part, ProblemPart):
            advice.setdefault(item.part.id, question)
        dropped += not (item and isinstance(item.part, ProblemPart) and question)
    readings: dict[int, Reading] = {}
    for reading in answer.readings:
        item, question = prompt.items.get(reading.message), _question(reading.check_whether, "one")
        if item and isinstance(item.part, PatternPart) and reading.kind is not ErrorKind.UNKNOWN:
            readings.setdefault(id(item.part), Reading(kind=reading.kind, words=question))
        dropped += not (item and isinstance(item.part, PatternPart) and question)
    picked = [prompt.items.get(each) for each in dict.fromkeys(answer.highlights)]
    highlights = [item.highlight for item in picked if item and item.highlight]
    links = [_linked(prompt, each) for each in answer.links]
    dropped += len(picked) - len(highlights) + links.count(None)
    told = highlights[:_MOST_HIGHLIGHTS] + [each for each in links if each][:_MOST_LINKS]
    order = list(advice)
    actions = [
        replace(part, advice=advice.get(part.problem)) for part in report.recommended_actions
    ]
    actions.sort(
        key=lambda part: (
            part.severity.rank,
            order.index(part.problem) if part.problem in order else len(order),
        )
    )
    patterns = [replace(part, reading=readings.get(id(part))) for part in report.patterns]
    analysis = replace(report.analysis, source="openai", status=answer.status)
    analysis = replace(analysis, summary=" ".join(told) or None, dropped_claims=dropped)
    return replace(report, patterns=patterns, recommended_actions=actions, analysis=analysis)


def _linked(prompt: Prompt, link: Link) -> str | None:
    """A question about entries, behind their names."""
    items = [item for each in dict.fromkeys(link.entries) if (item := prompt.items.get(each))]
    names = [item.name for item in items if item.name]
    question = _question(link.check_whether, "several")
    if not question or len(names) < max(_FEWEST_LINKED, len(set(link.entries))):
        return None
    return f"About {listed(names)}: {question[0].lower()}{question[1:]}"


def _question(picked: str, sort: str) -> str | None:
    """As it is printed, if it is one of the choices: not every server keeps to the schema."""
    picked = picked.strip(" .").removeprefix("Check whether ")
    return f"Check whether {picked}." if picked in QUESTIONS[sort] else None
