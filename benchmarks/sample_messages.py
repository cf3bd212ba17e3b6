"""The error messages of the sample day, as the providers and their SDKs word them.

Every name, number and credential in them is made up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

FAKE_KEY = "sk-" + "proj-FAKE0NotARealKey1OnlyForTheSampleDay2FAKE"
"""In two parts, so that no scanner takes it for a live one."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is stored of a failed attempt besides its names and its time.

    `kind` and `status` are the writer's guesses, which are often wrong.
    """

    message: str
    kind: str
    status: int | None = None
    stage: str = "generate"


Telling = Callable[[Random, str], Failure]
"""Words one failure of a model."""


def _digits(rng: Random, least: int, most: int) -> int:
    return least + int(rng.random() * (most - least))


def _letters(rng: Random, count: int) -> str:
    return "".join("0123456789abcdef"[int(rng.random() * 16)] for _ in range(count))


def _request(rng: Random) -> str:
    return f"req_{_letters(rng, 24)}"


def _uuid(rng: Random) -> str:
    return "-".join(_letters(rng, count) for count in (8, 4, 4, 4, 12))


# --- the story ---------------------------------------------------------------------------------


def no_money(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, "
        "please check your plan and billing details. For more information on this error, read the "
        "docs: https://platform.openai.com/docs/guides/error-codes/api-errors.', 'type': "
        "'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}",
        "rate_limit",
        429,
    )


def busy(rng: Random, model: str) -> Failure:
    del model
    return Failure(
        "InternalServerError: Error code: 503 - {'detail': {'error': 'Service temporarily "
        f"unavailable, retry later'}}, 'request_id': '{_letters(rng, 20)}'}}",
        "transient_provider",
        503,
    )


def decommissioned(rng: Random, model: str) -> Failure:
    del rng
    return Failure(
        f"BadRequestError: Error code: 400 - {{'error': {{'message': 'The model `{model}` has been "
        "decommissioned and is no longer supported. Please refer to "
        "https://console.groq.com/docs/deprecations for a recommendation on which model to use "
        "instead.', 'type': 'invalid_request_error', 'code': 'model_decommissioned'}}",
        "hard_model",
        400,
    )


def no_longer_there(rng: Random, model: str) -> Failure:
    del rng
    return Failure(
        f'NotFoundError: Error code: 404 - {{"message": "Unable to access model {model}. Please '
        'visit https://api.together.ai/models to view the list of supported models.", "type": '
        '"invalid_request_error", "param": null, "code": "model_not_available"}',
        "hard_model",
        404,
    )


def not_serverless(rng: Random, model: str) -> Failure:
    del rng
    return Failure(
        'InvalidRequestError: Error code: 400 - {"message": "Unable to access non-serverless '
        f"model {model}. Please visit https://api.together.ai/models/{model} to create and start "
        'a new dedicated endpoint for the model.", "type": "invalid_request_error", '
        '"param": null, "code": "model_not_available"}',
        "unknown",
        400,
    )


def wrong_parameter(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "BadRequestError: Error code: 400 - {'error': {'message': \"Unsupported parameter: "
        "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.\", "
        "'type': 'invalid_request_error', 'param': 'max_tokens', 'code': 'unsupported_parameter'}}",
        "unknown",
        400,
    )


def only_responses(rng: Random, model: str) -> Failure:
    del model
    return Failure(
        "NotFoundError: Error code: 404 - {'error_code': 'BAD_REQUEST', 'message': 'This model is "
        "only supported in v1/responses and not in v1/chat/completions.', 'details': "
        "[{'@type': 'type.googleapis.com/google.rpc.RequestInfo', 'request_id': "
        f"'{_uuid(rng)}', 'serving_data': ''}}]}}",
        "hard_model",
        404,
    )


def refused_key(rng: Random, model: str) -> Failure:
    del model
    return Failure(
        "AuthenticationError: Error code: 401 - {'error': {'message': 'Provider returned error', "
        "'code': 401, 'metadata': {'raw': '{\"error\": {\"message\": \"Incorrect API key provided: "
        f"{FAKE_KEY}. You can find your API key at https://platform.openai.com/account/api-keys."
        "\", \"code\": \"invalid_api_key\"}}', 'provider_name': 'OpenAI', 'is_byok': true}}, "
        f"'user_id': 'user_{_letters(rng, 12)}'}}",
        "auth",
        401,
    )


def no_answer(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure("APITimeoutError: Request timed out.", "timeout")


def upstream(rng: Random, model: str) -> Failure:
    del model
    return Failure(
        "InternalServerError: Error code: 500 - {'error': {'object': 'error', 'type': "
        "'internal_server_error', 'code': 'internal_server_error', 'message': 'server had an error "
        f"while processing your request, please retry; request_id {_uuid(rng)}'}}}}",
        "transient_provider",
        500,
    )


def broken_upstream(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "InternalServerError: Error code: 500 - {'error': {'message': 'Internal server error', "
        "'type': 'server_error', 'code': 500}}",
        "transient_provider",
        500,
    )


def not_posted(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "RuntimeError: Failed to post results to ingest API: 502 Server Error: Bad Gateway for "
        "url: https://ingest.llm-bench.example/v1/results",
        "unknown",
        stage="ingest",
    )


def budget_spent(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "ValueError: visible output empty after token budget was exhausted; "
        "finish_reason=MAX_TOKENS reasoning_tokens=61",
        "budget_exhausted",
        stage="validate",
    )


def no_such_model(rng: Random, model: str) -> Failure:
    del rng
    return Failure(
        f"NotFoundError: Error code: 404 - {{'message': 'Model {model} does not exist or you do "
        "not have access to it.', 'type': 'not_found_error', 'param': 'model', 'code': "
        "'model_not_found'}",
        "hard_model",
        404,
    )


def self_test() -> Failure:
    """The service's own proof that a time-out is stored."""
    return Failure("benchmark timed out after 120s", "timeout", stage="timeout")


# --- the noise of a usual day ------------------------------------------------------------------


def _overloaded(rng: Random, model: str) -> Failure:
    del model
    return Failure(
        "OverloadedError: Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error',"
        f" 'message': 'Overloaded'}}, 'request_id': '{_request(rng)}'}}",
        "transient_provider",
        529,
    )


def _throttled(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "ThrottlingException: An error occurred (ThrottlingException) when calling the "
        "ConverseStream operation (reached max retries: 4): Too many requests, please wait before "
        "trying again.",
        "rate_limit",
        429,
    )


def _exhausted(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "ResourceExhausted: 429 Resource exhausted. Please try again later. Please refer to "
        "https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
        "rate_limit",
        429,
    )


def _per_minute(rng: Random, model: str) -> Failure:
    return Failure(
        f"RateLimitError: Error code: 429 - {{'error': {{'message': 'Rate limit reached for model "
        f"`{model}` in organization `org_{_letters(rng, 26)}` service tier `on_demand` on tokens "
        f"per minute (TPM): Limit 12000, Used {_digits(rng, 11_500, 12_000)}, Requested "
        f"{_digits(rng, 90, 200)}. Please try again in {rng.random() * 2:.3f}s.', 'type': 'tokens',"
        " 'code': 'rate_limit_exceeded'}}",
        "rate_limit",
        429,
    )


def _closed(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "RemoteProtocolError: peer closed connection without sending complete message body "
        "(incomplete chunked read)",
        "network",
    )


def _reset(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "APIConnectionError: Connection error. ([Errno 104] Connection reset by peer)", "network"
    )


def _gateway(rng: Random, model: str) -> Failure:
    del model
    return Failure(
        "InternalServerError: <html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
        "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>cloudflare</center>\r\n"
        f"<!-- ray {_letters(rng, 16)} -->\r\n</body>\r\n</html>",
        "transient_provider",
        502,
    )


def _no_text(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure(
        "ValueError: The `response.text` quick accessor only works for simple (single-`Part`) text "
        "responses. This response is not simple text.",
        "unknown",
        stage="validate",
    )


def _no_choices(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure("TypeError: 'NoneType' object is not subscriptable", "unknown")


def _not_json(rng: Random, model: str) -> Failure:
    del model
    column = _digits(rng, 30, 90)
    return Failure(
        f"JSONDecodeError: Unterminated string starting at: line 1 column {column} "
        f"(char {column - 1})",
        "unknown",
    )


def _lease(rng: Random, model: str) -> Failure:
    del rng, model
    return Failure("lease expired", "timeout", stage="timeout")


_EVERYWHERE = (no_answer, _closed, _reset, _gateway, _not_json, _lease)
_NOISE: dict[str, tuple[Telling, ...]] = {
    "anthropic": (_overloaded, _overloaded, no_answer, _closed),
    "bedrock": (_throttled, _throttled, no_answer),
    "vertex": (_exhausted, _exhausted, _no_text, no_answer),
    "groq": (_per_minute, _per_minute, _gateway, no_answer),
    "openrouter": (_no_choices, _gateway, no_answer, _closed),
}


def noise(rng: Random, provider: str, model: str) -> Failure:
    """One of the failures that any day brings."""
    usual = _NOISE.get(provider, _EVERYWHERE)
    return usual[int(rng.random() * len(usual))](rng, model)
