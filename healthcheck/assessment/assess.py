"""From a report of the rules to one with an assessment, or with the reason why it has none."""

from dataclasses import asdict, replace

from pydantic import ValidationError

from healthcheck.assessment.answer import AIResponse
from healthcheck.assessment.apply import applied
from healthcheck.assessment.client import ask, request_body
from healthcheck.assessment.prices import cost_usd
from healthcheck.assessment.prompt import INSTRUCTIONS, build_prompt
from healthcheck.assessment.response import Unavailable, Usage
from healthcheck.report.contract import Report
from healthcheck.report.sanitize import sanitized
from healthcheck.settings import Settings


def assess(report: Report, settings: Settings) -> Report:
    """Every outcome is a report: nothing that the AI, its server or its answer does is an error."""
    try:
        return _assessed(report, settings)
    except Exception as error:  # noqa: BLE001 - the findings are made: no bug here may take them away
        why = f"internal error ({type(error).__name__})"
        return _without(report, settings, Unavailable(why))


def _assessed(report: Report, settings: Settings) -> Report:
    if settings.openai_api_key is None:
        return _without(report, settings, Unavailable("OPENAI_API_KEY is not set"))
    prompt = build_prompt(report)
    request = request_body(settings.openai_model, INSTRUCTIONS, prompt.data, prompt.schema)
    outcome = ask(settings, request)
    if isinstance(outcome, Unavailable):
        return _without(report, settings, outcome)
    try:
        # Servers that do not enforce the schema put fences or thoughts around the object.
        text = outcome.text.rpartition("</think>")[2]
        answer = AIResponse.model_validate_json(text[text.find("{") : text.rfind("}") + 1] or text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        what = "no valid JSON" if first["type"] == "json_invalid" else "not in the requested format"
        return _without(report, settings, Unavailable(f"its answer is {what}", usage=outcome.usage))
    return applied(_told(report, settings, outcome.usage), prompt, answer)


def _without(report: Report, settings: Settings, outcome: Unavailable) -> Report:
    error = f"The AI assessment is not available: {sanitized(outcome.why)}."
    return _told(report, settings, outcome.usage, error=error, action=outcome.action)


def _told(report: Report, settings: Settings, usage: Usage, **more: str | None) -> Report:
    """With what the call took."""
    model = settings.openai_model
    cost = cost_usd(model, usage.input_tokens, usage.output_tokens)
    told = {"model": sanitized(model), "cost_usd": cost, **asdict(usage), **more}
    return replace(report, analysis=replace(report.analysis, **told))
