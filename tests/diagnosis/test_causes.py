"""Which failures are of our own making, by what their messages say."""

from datetime import UTC, datetime

import pytest

from healthcheck.activity import Sample, Stage
from healthcheck.diagnosis.causes import (
    INTERNAL_CAUSES,
    OWN_CALL,
    RETRY_PAUSES,
    UNSAVED,
    internal_cause_of,
)
from healthcheck.taxonomy import ErrorKind

STATED = {
    "own_call": "TypeError: Client.__init__() got an unexpected keyword argument 'proxies'",
    "token_budget": "ValueError: visible output empty: the token budget was exhausted",
    "own_check": "AssertionError: output_tokens 12 not within 25% of requested 64",
    "adapter": "ValueError: Unsupported model_name: gpt-5.9-nano",
    "lease": "lease expired after 900 s",
    "ingest": "RuntimeError: failed to post results to the ingest api: 403",
    "aws_profile": "ProfileNotFound: The config profile (bench) could not be found",
    "host": "OSError: [Errno 24] Too many open files: '/certifi/cacert.pem'",
    "saving": "pymongo.errors.BulkWriteError: batch op errors occurred",
}


def stated(message, http_status=None):
    return internal_cause_of(
        Sample(datetime(2026, 8, 4, tzinfo=UTC), message, False, http_status), Stage.GENERATE
    )


def test_each_has_a_row_in_the_table():
    assert [row.id for row in INTERNAL_CAUSES] == [*STATED]


@pytest.mark.parametrize("row", INTERNAL_CAUSES, ids=lambda row: row.id)
def test_each_cause_is_told_by_a_message(row):
    assert stated(STATED[row.id]) is stated(STATED[row.id].upper()) is row


@pytest.mark.parametrize(
    "message",
    [
        "Error code: 404 - model not found",
        "the tokens are used up",
        "500 Internal Server Error\n\nTraceback:\nModuleNotFoundError: No module named 'flash_attn'",
        "Internal Server Error: ModuleNotFoundError: No module named 'vllm'",
        "Bad Request\nTypeError: forward() got an unexpected keyword argument 'logprobs'",
        "Runtime.ImportModuleError: Unable to import module 'app': No module named 'x'",
        "ReplicateException: prediction failed: No module named 'torch'",
        "ReplicateError: ModuleNotFoundError: No module named 'torch'",
        "HfHubHTTPError: Server error: ImportError: cannot import name 'x' from 'transformers'",
        "Tool choice name 'get_weather' is not defined in tools",
        "deployment name 'x' is not defined",
        "Username 'x' is not defined",
        "The server could not import the requested adapter",
        "Failed to load model: ModuleNotFoundError: No module named 'flash_attn'",
        '{"error": "NameError: name \'tokenizer\' is not defined"}',
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \" is not valid JSON",
        "ValidationError: 1 validation error for GenerateContentResponse\nx\n  Extra inputs are not permitted",
        "ValidationError: 1 validation error for InputTokensDetails\ncached_tokens\n  Field required",
        "BadRequestError: Error code: 400 - 1 validation error for ChatCompletionRequest",
        "1 validation error for ChatOpenAI\n__root__\n  Did not find openai_api_key",
    ],
)
def test_what_a_provider_says_is_not_ours(message):
    assert stated(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "ModuleNotFoundError: No module named 'vertexai.generative_models'",
        "Traceback (most recent call last):\n  File 'run.py', line 503\nNameError: name 'x' is not defined",
        "AttributeError: module 'openai' has no attribute 'ChatCompletion'",
        "Error: Cannot find module '@anthropic-ai/sdk'",
        "ValidationError: 1 validation error for GenerateContentConfig\nthinking_budget\n  Extra inputs are not permitted",
        "pydantic_core._pydantic_core.ValidationError: 2 validation errors for _GenerateContentParameters",
        "8 validation errors for Tool",
        "botocore.exceptions.ParamValidationError: Parameter validation failed:\nUnknown parameter in input",
    ],
)
def test_what_our_process_raises_is_ours_unless_somebody_answered(message):
    assert stated(message) is OWN_CALL
    assert stated(message, http_status=502) is None


def test_what_failed_while_saving_is_ours():
    assert internal_cause_of(None, Stage.INGEST).id == "ingest"


@pytest.mark.parametrize(
    ("kind", "tries", "minutes"),
    [
        (ErrorKind.AUTH, 1, 0), (ErrorKind.HARD_MODEL, 1, 0), (ErrorKind.HARD_CAPABILITY, 1, 0),
        (ErrorKind.UNKNOWN, 2, 15), (ErrorKind.BILLING, 20, 360),
    ],
)  # fmt: skip
def test_the_queue_tries_so_often_and_waits_so_long(kind, tries, minutes):
    assert [*RETRY_PAUSES.get(kind, ())] == [minutes] * (tries - 1)


@pytest.mark.parametrize("kind", ["network", "rate_limit", "timeout", "transient_provider"])
def test_what_may_pass_is_tried_twelve_times_in_two_days_and_twenty_times_more(kind):
    pauses = RETRY_PAUSES[ErrorKind(kind)]
    assert pauses[:6] == (15, 30, 60, 120, 240, 360)
    assert (len(pauses), pauses[10:12]) == (12 - 1 + 20, (360, 15))
    assert sum(pauses) == 48.75 * 60


def test_what_fails_in_saving_is_no_call_of_the_provider():
    message = "TypeError: save() got an unexpected keyword argument 'ttl'"
    sample = Sample(datetime(2026, 8, 4, tzinfo=UTC), message, False, 200)
    assert internal_cause_of(sample, Stage.LOG) is UNSAVED
