"""Short wordings without a code or a status: the words alone have to tell."""

import pytest

from healthcheck.taxonomy import judge

WORDINGS = {
    "hard_model": [
        "We've discontinued llama-2-70b",
        "This deployment has been deleted",
        "model_id foo is not valid",
        "Model 'x' is only available as a dedicated deployment",
        "Could not route request: no deployment for model x",
        "x is not a supported model",
        "Model x has been disabled by the provider",
        "Sorry, foo is not offered in your region anymore",
        "model foo is not one of the available models",
        "The model has been taken down",
        "We have not been able to find inference provider information for model x",
        "The supported API model names are x or y, but you passed z",
        "GenerateContentRequest.model: unexpected model name format",
        "You passed in model=x/y. There is no 'model_name' with this string",
        "Model disabled.",
    ],
    "hard_capability": [
        "Function calling has been deprecated in favour of tools",
        "this model needs the messages API",
        "Only chat models can be used here",
        "the minimum value for max_output_tokens is 16",
        "Use /v1/responses for this model",
        "Endpoint /v2/generate is deprecated",
        "Unknown Gemini action: v1/messages",
        "url not found",
        "OpenAI rejected the request. Please verify your settings and try again.",
        "max_tokens (9) cannot exceed 8. Please reduce the length of max output tokens generated.",
        "Unable to submit request because at least one contents field is required.",
        "input too long",
        "input (549 tokens) is too large to process",
        "too many input tokens for context",
    ],
    "billing": [
        "Card declined",
        "your plan's included usage is used up; upgrade",
        "Outstanding invoice must be paid",
        "Please add funds",
        "Free quota has been used up",
        "Account suspended for non-payment",
        "Your coding plan package has expired and is temporarily unavailable",
        "Project budget exceeded. Current spend: $1.01, limit: $1.00.",
    ],
    "auth": [
        "JWT expired",
        "IP not whitelisted",
        "signature mismatch",
        "Account not verified",
        "Your team is not entitled to model x",
        "policy denies bedrock:InvokeModel",
        "Resource 'x' was disallowed by policy",
        "The model `x` requires terms acceptance",
        "Your account has been flagged for potential abuse.",
        "Key disabled",
        "HTTP status client error (451 Unavailable For Legal Reasons)",
    ],
    "rate_limit": [
        "Too many in-flight requests",
        "API rate exceeded",
        "This request would exceed your account's rate limit. Please try again later.",
        "request reached max organization concurrency: 1, please try again after 1 seconds",
        "You've reached your 5-hour usage limit",
        "You have been rate limited to 60 queries per minute; type: credit_limit",
        "Your account has reached the set inference limit for the model",
    ],
    "transient_provider": [
        "temporarily unable to handle the request",
        "worker crashed",
        "Backend error",
        "queue full",
        "The provider is experiencing issues",
        "engine is not ready",
        "We could not finish that. Please try again later.",
        "The provider may be overloaded.",
        "insufficient_system_resource",
        "Model unloaded.",
        "model requires more system memory (2.7 GiB) than is available (2.3 GiB)",
    ],
    "network": [
        "Could not reach host",
        "TransferEncodingError: 400",
        "connection to x reset",
        "dial tcp: lookup failed",
    ],
    "timeout": [
        "first token not received within 30s",
        "The request exceeded its time limit",
        "max wait time exceeded",
        "took more than 60 seconds",
        "Cannot connect to API: Headers Timeout Error",
        "Failed to connect to x.y port 443: Connection timed out",
        "Connection timed out after 600.0 seconds. They may be down or overloaded.",
    ],
    "unknown": [
        "input new_sensitive (1026)",
        "Unable to process input image. Please retry or report in x.y",
        "model_name: default invalid JSON: expected value at line 1",
        "Invalid JSON in response",
        "the model reply could not be read",
        "API returned an empty or malformed response",
        "TypeError: the JSON object must be str, bytes or bytearray, not NoneType",
        "ValueError: invalid literal for int() with base 10: 'x'",
        "Request blocked: prompt injection patterns detected",
    ],
}


@pytest.mark.parametrize(
    ("kind", "message"), [(kind, one) for kind, many in WORDINGS.items() for one in many]
)
def test_the_words_tell(kind, message):
    for shape in (message, message.upper(), f"attempt 2/3 failed: {message}"):
        assert judge(shape).kind == kind
