"""The schema of the answer keeps to what the API takes in strict mode, whatever the day."""

import json

import pytest
from days import settings_of
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from scripted import answer, linked, replied

from healthcheck.assessment import assess, build_prompt, look_up
from healthcheck.assessment.answer import NONE, QUESTIONS, AIResponse, strict_schema

SORTS = ("entry", "problem", "message")
_KEYWORDS = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "$ref",
    "$defs",
}
_MOST_PROPERTIES, _MOST_STRING, _MOST_NESTING, _MOST_VALUES = 5_000, 120_000, 5, 1_000


def keeps_to_the_rules(schema: dict) -> None:
    """The API's documented rules for strict output."""
    assert schema["type"] == "object"
    Draft202012Validator.check_schema(schema)
    definitions = schema["$defs"]
    enums, strings, properties = [], list(definitions), 0

    def visit(part: dict, depth: int) -> None:
        nonlocal properties
        assert set(part) <= _KEYWORDS, part
        if "$ref" in part:
            assert set(part) == {"$ref"}, "a reference stands alone"
            visit(definitions[part["$ref"].removeprefix("#/$defs/")], depth)
        elif part["type"] == "object":
            assert depth <= _MOST_NESTING
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
            properties += len(part["properties"])
            strings.extend(part["properties"])
            for its in part["properties"].values():
                visit(its, depth + 1)
        elif part["type"] == "array":
            assert depth <= _MOST_NESTING
            visit(part["items"], depth + 1)
        else:
            assert part["type"] == "string"

    visit(schema, 1)
    for part in definitions.values():
        if "enum" in part:
            values = part["enum"]
            enums.append(values)
            strings.extend(values)
            assert values
            assert len(set(values)) == len(values)
            assert len(values) <= 250 or sum(map(len, values)) <= 15_000
    assert sum(map(len, enums)) <= _MOST_VALUES
    assert properties <= _MOST_PROPERTIES
    assert sum(map(len, strings)) <= _MOST_STRING


def ids(**counts: int) -> dict[str, list[str]]:
    return {sort: [f"{sort}-{n}" for n in range(counts.get(sort, 0))] for sort in SORTS}


@pytest.mark.parametrize("of", [ids(), ids(entry=1), ids(entry=200, problem=30, message=50)])
def test_it_keeps_to_the_rules(of):
    schema = strict_schema(of)
    keeps_to_the_rules(schema)
    for sort in SORTS:
        assert schema["$defs"][sort]["enum"] == (of[sort] or [NONE])
    for sort, questions in QUESTIONS.items():
        assert schema["$defs"][sort]["enum"] == questions


def test_the_request_is_what_the_api_wants(assessed, sample_day):
    _, script = assessed(sample_day, replied(answer()))
    (body,) = script.requests
    assert set(body) == {"model", "instructions", "input", "text", "max_output_tokens", "store"}
    assert body["model"] == "gpt-4o-mini"
    assert body["store"] is False
    assert 0 < body["max_output_tokens"] <= 16_384
    form = body["text"]["format"]
    assert (form["type"], form["strict"], form["name"]) == ("json_schema", True, "assessment")
    keeps_to_the_rules(form["schema"])
    (message,) = body["input"]
    assert message["role"] == "user"


def test_the_model_of_the_settings_is_asked_by_a_run_and_by_the_doctor(
    scripted, httpserver, sample_day
):
    script = scripted(replied(answer()))
    settings = settings_of(httpserver.url_for("/v1"), openai_model="another-model")
    assert assess(sample_day.report, settings).analysis.model == "another-model"
    look_up(settings)
    assert [request["model"] for request in script.requests] == ["another-model"] * 2


def test_the_schema_has_the_ids_of_the_day_and_nothing_else(assessed, sample_day):
    _, script = assessed(sample_day, replied(answer()))
    definitions = script.requests[0]["text"]["format"]["schema"]["$defs"]
    prompt = build_prompt(sample_day.report)
    unread = [each for each in prompt.items if each.startswith("m")]
    assert definitions["message"]["enum"] == unread
    assert definitions["entry"]["enum"] == [each for each in prompt.items if each not in unread]
    asked = {prompt.items[each].part.id for each in definitions["problem"]["enum"]}
    actions = {step.problem for step in sample_day.report.recommended_actions}
    assert asked == actions


def test_an_honest_answer_fits_the_schema_that_is_sent(sample_day, assessed):
    _, script = assessed(sample_day, replied(answer()))
    told = answer(highlights=["p1"], links=[linked("they go through the same code", "p1")])
    Draft202012Validator(script.requests[0]["text"]["format"]["schema"]).validate(told)
    AIResponse.model_validate_json(json.dumps(told))


def test_a_validation_error_shows_no_value():
    with pytest.raises(ValidationError) as caught:
        AIResponse.model_validate_json('{"status": "sk-geheim"}')
    assert "geheim" not in str(caught.value)
