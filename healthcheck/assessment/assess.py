"""From a report of the rules to one with an assessment, or with the reason why it has none."""

from dataclasses import asdict, replace

from pydantic import ValidationError

from healthcheck.assessment.answer import QUESTIONS, AIResponse, Link
from healthcheck.assessment.client import ask, request_body, unusable
from healthcheck.assessment.prices import cost_usd
from healthcheck.assessment.prompt import INSTRUCTIONS, Prompt, build_prompt
from healthcheck.assessment.response import Reply, Unavailable, Usage
from healthcheck.diagnosis.wording import listed
from healthcheck.report.contract import PatternPart, ProblemPart, Reading, Report
from healthcheck.report.sanitize import sanitized
from healthcheck.settings import Settings
from healthcheck.taxonomy import ErrorKind

_MOST_HIGHLIGHTS = 3
_MOST_LINKS = 1
_FEWEST_LINKED = 2


def assess(report: Report, settings: Settings) -> Report:
    """Every outcome is a report: nothing that the AI, its server or its answer does is an error."""
    try:
        return _assessed(report, settings)
    except Exception as error:  # noqa: BLE001 - the findings are made: no bug here may take them away
        why = f"internal error ({type(error).__name__})"
        outcome = error if isinstance(error, Unavailable) else Unavailable(why)
    sentence = f"The AI assessment is not available: {sanitized(outcome.why)}."
    return _told(report, settings, outcome.usage, error=sentence, action=outcome.action)


def _assessed(report: Report, settings: Settings) -> Report:
    if problem := unusable(settings):
        raise problem
    prompt = build_prompt(report)
    request = request_body(settings.openai_model, INSTRUCTIONS, prompt.data, prompt.schema)
    reply = ask(settings, request)
    return applied(_told(report, settings, reply.usage), prompt, _parsed(reply))


def _parsed(reply: Reply) -> AIResponse:
    # Servers that do not enforce the schema put fences or thoughts around the object.
    text = reply.text.rpartition("</think>")[2]
    try:
        return AIResponse.model_validate_json(text[text.find("{") : text.rfind("}") + 1] or text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        what = "no valid JSON" if first["type"] == "json_invalid" else "not in the requested format"
        raise Unavailable(f"its answer is {what}", usage=reply.usage) from error


def _told(report: Report, settings: Settings, usage: Usage, **more: str | None) -> Report:
    """With what the call took."""
    model = settings.openai_model
    cost = cost_usd(model, usage.input_tokens, usage.output_tokens)
    told = {"model": sanitized(model), "cost_usd": cost, **asdict(usage), **more}
    return replace(report, analysis=replace(report.analysis, **told))


def applied(report: Report, prompt: Prompt, answer: AIResponse) -> Report:
    """Add what the AI picked; count what is none of the choices."""
    dropped = 0
    advice: dict[str, str | None] = {}
    for step in answer.advice:
        part, question = prompt[step.problem].part, _question(step.check_whether, "one")
        if isinstance(part, ProblemPart):
            advice.setdefault(part.id, question)
        dropped += not (isinstance(part, ProblemPart) and question)
    readings: dict[int, Reading] = {}
    for reading in answer.readings:
        part, question = prompt[reading.message].part, _question(reading.check_whether, "one")
        if isinstance(part, PatternPart) and reading.kind is not ErrorKind.UNKNOWN:
            readings.setdefault(id(part), Reading(kind=reading.kind, words=question))
        dropped += not (isinstance(part, PatternPart) and question)
    picked = [prompt[each].highlight for each in dict.fromkeys(answer.highlights)]
    links = [_linked(prompt, each) for each in answer.links]
    dropped += (*picked, *links).count("")
    told = [*filter(None, picked)][:_MOST_HIGHLIGHTS] + [*filter(None, links)][:_MOST_LINKS]
    order = {problem: place for place, problem in enumerate(advice)}
    actions = [
        replace(part, advice=advice.get(part.problem)) for part in report.recommended_actions
    ]
    actions.sort(key=lambda part: (part.severity.rank, order.get(part.problem, len(order))))
    patterns = [replace(part, reading=readings.get(id(part))) for part in report.patterns]
    analysis = replace(report.analysis, source="openai", status=answer.status)
    analysis = replace(analysis, summary=" ".join(told) or None, dropped_claims=dropped)
    return replace(report, patterns=patterns, recommended_actions=actions, analysis=analysis)


def _linked(prompt: Prompt, link: Link) -> str:
    """A question about entries, behind their names; empty where that is none of the choices."""
    names = [prompt[each].name for each in dict.fromkeys(link.entries)]
    question = _question(link.check_whether, "several")
    if not question or len(names) < _FEWEST_LINKED or not all(names):
        return ""
    return f"About {listed(names)}: {question[0].lower()}{question[1:]}"


def _question(picked: str, sort: str) -> str | None:
    """As it is printed, if it is one of the choices: not every server keeps to the schema."""
    picked = picked.strip(" .").removeprefix("Check whether ")
    return f"Check whether {picked}." if picked in QUESTIONS[sort] else None
