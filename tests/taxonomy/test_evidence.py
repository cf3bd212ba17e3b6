"""Echoed prompts, names, addresses and tracebacks do not decide."""

import pytest

from healthcheck.taxonomy import classify

BAD_WORDS = "rate limit exceeded, invalid api key, connection refused, timed out, HTTP 503"


@pytest.mark.parametrize(
    "message",
    [
        '{"error":"refused","prompt":"%s"}',
        "{'detail': 'refused', 'input': '%s'}",
        'x failed_generation: "%s',
        '{"error":{"message":"x","failed_generation":"<tool>%s</tool>"}}',
        "messages=[{'role': 'user', 'content': '%s'}] x",
        r"{\"error\": \"x\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}",
        "x [type=string_type, input_value='%s', input_type=str]",
    ],
)
def test_an_echoed_prompt_does_not_decide(message):
    assert classify(message % BAD_WORDS).rule == classify(message % "hello").rule


def test_an_escaped_quote_does_not_end_an_echo():
    message = r'{"error":"x","prompt":"say \"hi\", rate limit exceeded, please"}'
    assert classify(message).rule == "none"


def test_what_stands_beside_an_echo_still_decides():
    message = '{"prompt":"rate limit exceeded","error":"The model is overloaded"}'
    assert classify(message).kind == "transient_provider"


@pytest.mark.parametrize(
    "model",
    [
        "deepseek-r1-404b", "timeout-7b", "vendor/connection-refused-503", "rate-limit-exceeded-13b",
        "unauthorized-70b-instruct", "invalid-api-key-8b", "models/overloaded-2.5-flash",
        "anthropic.billing-disabled-20240229-v1:0",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "message",
    [
        "calling %s: it broke", "model=%s it broke", "The model '%s' broke", '{"model": "%s"}',
        "Received Model Group=%s\nAvailable Model Group Fallbacks=None",
    ],
)  # fmt: skip
def test_a_model_s_name_does_not_decide(message, model):
    assert classify(message % model).rule == "none"


def test_a_quoted_model_without_digits_does_not_decide():
    assert classify("The model `timeout-large` broke").rule == "none"


@pytest.mark.parametrize("model", ["Gemini 1.0 Pro Vision", "Claude 3.5 Sonnet", "Llama 3.1 405B"])
def test_a_spoken_name_is_a_model_and_its_words_are_not(model):
    assert classify(f"calling {model}: it broke").rule == "none"
    assert classify(f"{model} was shut down last week").rule == "retired"
    assert classify(f"{model} answered HTTP 503").rule == "http-503"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("ResourceNotFoundError: (404) Resource not found", "hard_model"),  # holds "enotfound"
        ("{'type': 'extra_forbidden', 'msg': 'not permitted'}", "hard_capability"),  # "forbidden"
        ("download failed of page 3", "unknown"),  # holds "load failed"
        ("typeof: x", "unknown"),  # holds "eof: "
        ("missing required key [messages]", "hard_capability"),  # a key of the request's JSON
        ("max_tokens is required", "hard_capability"),
        ("We cannot process your request, the server is down", "transient_provider"),
    ],
)
def test_a_word_inside_of_another_does_not_decide(message, kind):
    assert classify(message).kind == kind


@pytest.mark.parametrize(
    "message",
    [
        "see https://example.com/billing/rate-limit-exceeded/invalid_api_key?status=503",
        'File "/app/timeout.py", line 503, in rate_limit_exceeded',
        "at Timeout.connectionRefused (/app/rate_limit.js:503:12)",
        'File "/app/x.py", line 7, in run\n    raise RateLimitError("quota exceeded") from timed_out',
    ],
)
def test_addresses_and_frames_do_not_decide(message):
    assert classify(message).rule == "none"


@pytest.mark.parametrize(
    "message",
    [
        "The model isn’t supported with on-demand throughput",
        "on-demand   throughput\n isn't supported",
        r"on-demand throughput isn\u2019t supported",
        "on-demand throughput isn&#39;t supported",
        "ON-DEMAND THROUGHPUT",
        r"\u004fN-\u0044EMAND THROUGHPUT",
    ],
)
def test_spelling_does_not_decide(message):
    assert classify(message).rule == "other-endpoint-wanted"


def test_what_a_report_does_not_keep_of_a_long_message_does_not_count():
    assert classify("x " * 1990 + "timed out").kind == "timeout"
    assert classify("x " * 2000 + "timed out").rule == "none"
