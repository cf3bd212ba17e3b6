"""Who is believed: the message, a status in it, a stored status, a stored kind, in this order."""

import json

import pytest

from healthcheck.taxonomy import ErrorKind, classify

HABITS = [
    ("responses-only 404", "hard_capability", "hard_model", 404,
     ("Error code: 404 - {'error': {'message': 'This model is only supported in v1/responses and "
     "not in v1/chat/completions.', 'type': 'invalid_request_error', 'param': 'model'}}")),
    ("insufficient_quota 429", "billing", "rate_limit", 429,
     ("RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, "
     "please check your plan and billing details.', 'code': 'insufficient_quota'}}")),
    ("retired at Bedrock, 400", "hard_model", "unknown", 400,
     ("ClientError: An error occurred (ValidationException) when calling the Converse operation: "
     "This model version has reached the end of its life.")),
    ("retired at Together, 400", "hard_model", "unknown", 400,
     ("BadRequestError: Error code: 400 - {'error': {'message': 'Unable to access non-serverless "
     "model x. Please visit https://api.together.ai to create and start a new dedicated endpoint "
     "for the model.', 'code': 'model_not_available'}}")),
    ("credits at Anthropic, 400", "billing", "unknown", 400,
     ("Error code: 400 - {'error': {'type': 'invalid_request_error', 'message': 'Your credit "
     "balance is too low to access the Anthropic API.'}}")),
    ("spending limit at Fireworks, 412", "billing", "unknown", 412,
     "Account x is suspended, possibly due to reaching the monthly spending limit"),
    ("no AWS profile", "auth", "unknown", None,
     "ProfileNotFound: The config profile (bench) could not be found"),
    ("a proxy's 502 around a denial", "auth", "transient_provider", 502,
     "502 Bedrock streaming failed: Model access is denied due to IAM user is not authorized"),
    ("an overload that calls itself a rate limit", "transient_provider", "rate_limit", 429,
     "openai.RateLimitError: That model is currently overloaded with other requests."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "stored", "status", "message"), [row[1:] for row in HABITS])
def test_where_the_message_is_clear_it_is_right(kind, stored, status, message):
    assert classify(message, http_status=status, stored_kind=stored).kind == kind


def test_only_what_the_message_states_is_clear():
    assert classify("The model `x` does not exist", http_status=404).clear
    for message in ("Error code: 404 - {}", "NotFoundError: x", "it broke"):
        assert not classify(message, http_status=404, stored_kind="hard_model").clear


def test_a_status_in_the_message_beats_the_stored_one():
    verdict = classify("Error code: 503 - {}", http_status=401, stored_kind="billing")
    assert (verdict.kind, verdict.rule) == (ErrorKind.TRANSIENT_PROVIDER, "http-503")


def test_the_stored_status_beats_the_stored_kind():
    verdict = classify("it broke", http_status=429, stored_kind="network")
    assert (verdict.kind, verdict.rule) == (ErrorKind.RATE_LIMIT, "http-429")


def test_the_stored_kind_is_the_last_hint():
    assert classify("it broke", stored_kind="network").rule == "stored-kind"
    assert classify("it broke", stored_kind=" Network ").kind == ErrorKind.NETWORK


@pytest.mark.parametrize("stored", ["budget_exhausted", "", None, 7, b"auth", ["auth"], "unknown"])
def test_a_stored_kind_outside_of_the_list_is_unknown(stored):
    assert classify("it broke", stored_kind=stored).rule == "none"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "unknown"), (401, "auth"), (402, "billing"), (403, "auth"), (404, "hard_model"),
        (405, "hard_capability"), (408, "timeout"), (410, "hard_model"), (422, "hard_capability"),
        (429, "rate_limit"), (500, "transient_provider"), (502, "transient_provider"),
        (504, "timeout"), (529, "transient_provider"), (200, "unknown"), (302, "unknown"),
        (0, "unknown"), (600, "unknown"), (-1, "unknown"), (True, "unknown"), ("503", "unknown"),
        (503.0, "unknown"), (None, "unknown"), ([], "unknown"), (10**30, "unknown"),
    ],
)  # fmt: skip
def test_what_a_status_says_by_itself(status, kind):
    assert classify("", http_status=status).kind == kind


@pytest.mark.parametrize(
    "shape",
    [
        "Error code: {} - {{}}", "HTTP {}", "HTTP/1.1 {} x", "{} {{}}", "status code: {}", "[{}]: x",
        "statusCode: {},", "API Error: {} x", "x ({} y)", "'code': {}, 'x'", '{{"status":{}}}',
        "<title>{} Service Unavailable</title>", "status_code={}", "请求失败，状态码: {}",
        "{} status code (no body)", "litellm.APIError: wrapped - Error code: {} - ''",
        "raise x {} error, no body", "Provider Error · {}",
    ],
)  # fmt: skip
def test_how_messages_write_a_status(shape):
    assert classify(shape.format(503)).kind == ErrorKind.TRANSIENT_PROVIDER


@pytest.mark.parametrize(
    "message",
    [
        "took 503 ms", "used 429 tokens", "line 404, column 401", "id 503a", "v4.504", "port:4290",
        "10.0.0.503", "deepseek-r1-404b answered", "2024-05-03 x", "error 5030", "a-503-b",
        "limit: 500 characters in all", "requested: 429 of them", "Used: '404 of'",
        "message[540] is odd", "array(503)", "saw 429 errors in all",
    ],
)  # fmt: skip
def test_numbers_that_are_no_status(message):
    assert classify(message).rule == "none"


def test_the_innermost_status_that_tells_something_counts():
    assert classify("Error code: 500 - {'message': 'Error code: 402 - x'}").rule == "http-402"
    assert classify("Error code: 503 - {'message': 'Error code: 400 - x'}").rule == "http-503"


@pytest.mark.parametrize("message", [None, 7, b"Error code: 503", ["503"], object()])
def test_a_message_that_is_no_text_is_empty(message):
    assert classify(message, stored_kind="auth").rule == "stored-kind"


def test_the_hints_beat_general_words():
    assert classify("the upstream server did it").kind == ErrorKind.TRANSIENT_PROVIDER
    assert classify("the upstream server did it", http_status=429).kind == ErrorKind.RATE_LIMIT
    assert (
        classify("the upstream server did it", exc_type="AuthenticationError").kind
        == ErrorKind.AUTH
    )


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("400 Provider returned error", "unknown"),
        ("Provider returned error", "unknown"),
        ("prompt is too long: 202095 tokens > 200000 maximum", "hard_capability"),
        ("The response was filtered due to the prompt", "unknown"),
        ("EOF while parsing a value at line 1 column 0", "unknown"),
    ],
)
def test_conventions(message, kind):
    assert classify(message).kind == kind


def test_the_class_counts_when_only_the_field_names_it():
    assert classify("", exc_type="openai.APITimeoutError").kind == ErrorKind.TIMEOUT
    assert classify("<html>", exc_type="RateLimitError").kind == ErrorKind.RATE_LIMIT
    assert classify("it broke", exc_type=3).kind == ErrorKind.UNKNOWN


def test_a_wrapper_s_class_does_not_beat_the_cause():
    wrapper = "litellm.APIConnectionError: "
    assert classify(wrapper + "x - Connection error.").kind == ErrorKind.NETWORK
    assert classify(wrapper + "Error code: 402 - {}").kind == ErrorKind.BILLING
    assert (
        classify(wrapper + "{'type': 'serviceUnavailableException'}").kind == "transient_provider"
    )
    assert classify(wrapper + "invalid x-api-key").kind == ErrorKind.AUTH


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("litellm.APIConnectionError: x - {'message': 'thinking is required'}", "hard_capability"),
        ("litellm.APIConnectionError: APIConnectionError: OllamaException - try again", "transient_provider"),
        ("litellm.APIConnectionError: OpenrouterException - ", "network"),
        ("Internal error: MiniMax Code Runtime failed: rate limit", "rate_limit"),
        ("stream error: unexpected status 429", "rate_limit"),
        ("503 upstream failed: Error code: 404 - {}", "hard_model"),
        ("Error code: 500 - {'message': 'Error code: 404 - {}', 'type': 'server_error'}", "hard_model"),
        (("AI_APICallError: Service Unavailable Received Model Group=x\nAvailable Model Group "
          "Fallbacks=None LiteLLM Retried: 2 times, LiteLLM Max Retries: 3"), "transient_provider"),
        ("Error raised by inference endpoint: 429 Provider returned error", "rate_limit"),
        ('{"error":{"message":"\\u8bf7\\u63a7\\u5236\\u8bf7\\u6c42\\u9891\\u7387"}}', "rate_limit"),
    ],
)  # fmt: skip
def test_the_words_of_a_wrapper_decide_only_where_nothing_else_does(message, kind):
    assert classify(message).kind == kind


@pytest.mark.parametrize(
    "message",
    [
        "", "An error occurred", "RuntimeError: boom", "AssertionError", "Bad Request", "400",
        "Error code: 400 - {}", "Error code: 409 - conflict", "{}", "[object Object]", "API error",
        "empty metrics", "metrics not a dict", "missing metric: tokens_per_second",
        "tokens_per_second <= 0", "output_tokens not int", "Failed to post results to ingest API",
        "TypeError: unsupported operand type(s) for /: 'NoneType' and 'int'",
        "FileNotFoundError: [Errno 2] No such file or directory: 'x'", "ImportError: x",
        "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff: invalid start byte",
        "连接失败 400 “Bad Request”",
    ],
)  # fmt: skip
def test_what_says_nothing_about_the_provider_stays_unknown(message):
    assert classify(message).kind == ErrorKind.UNKNOWN


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("visible output empty after token budget was exhausted; retry with a larger output budget",
         "hard_capability"),
        ("visible output text is empty", "hard_capability"),
        ("visible_output_tokens 0 <= 0", "hard_capability"),
        ("output_tokens 0 <= 0 for openai", "hard_capability"),
        ("output_tokens 12 not within 10% of requested 64", "hard_capability"),
        ("ValueError: Unsupported model_name: titan-express", "hard_capability"),
        ("lease expired", "timeout"),
        ("benchmark timed out after 120s", "timeout"),
        ("ProfileNotFound: The config profile (bench) could not be found", "auth"),
    ],
)  # fmt: skip
def test_the_service_s_own_messages_have_the_kind_of_who_has_to_act(message, kind):
    for stored in (None, "unknown", "network"):
        assert classify(message, stored_kind=stored).kind == kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Error code: 404 - {'detail': 'Not Found'}", "hard_capability"),
        ("openai.NotFoundError: 404 page not found", "transient_provider"),
        ("<html><head><title>404 Not Found</title></head><hr><center>nginx</center></html>",
         "transient_provider"),
        ("Error code: 404 - {'error': {'message': 'The model `x` does not exist'}}", "hard_model"),
        ("openai.NotFoundError: Error code: 404", "hard_model"),
    ],
)  # fmt: skip
def test_a_404_of_a_wrong_base_url_is_no_missing_model(message, kind):
    assert classify(message, http_status=404).kind == kind


def shells(message):
    """Wrap a message as gateways do."""
    twice = json.dumps({"error": {"message": json.dumps({"error": {"message": message}})}})
    return [
        json.dumps({"error": {"message": message, "code": 400}}),
        twice,
        json.dumps({"error": {"metadata": {"raw": twice, "provider_name": "Morph"}}}),
        repr({"error": {"message": repr({"message": message})}}),
        f"litellm.APIConnectionError: OpenrouterException - {twice}",
        f"502 <html>\n<body><p>{message}</p></body></html>",
    ]


@pytest.mark.parametrize("message", [row[4] for row in HABITS])
def test_gateways_are_seen_through(message):
    plain = classify(message)
    for shell in shells(message):
        assert classify(shell).kind == plain.kind, shell


@pytest.mark.parametrize(
    ("message", "retired"),
    [
        ("The model `gemma2-9b-it` has been decommissioned and is no longer supported.", True),
        ("model 'command-r-plus' was removed on September 15, 2025", True),
        ("The model has reached its end of life on 2026-07-27 and is no longer available.", True),
        ("The model `gpt-4` does not exist or you do not have access to it.", False),
        ("Error code: 404 - {}", False),
        ("`temperature` is deprecated for this model.", False),
    ],
)
def test_retired_means_that_the_message_says_so(message, retired):
    assert classify(message).retired is retired
