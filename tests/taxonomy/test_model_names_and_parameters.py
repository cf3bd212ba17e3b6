"""Whether a message names a model, and what it complains about."""

import pytest

from healthcheck.taxonomy import names_model, rejected_parameter


@pytest.mark.parametrize(
    ("message", "model"),
    [
        ("The model `gpt-4o` does not exist", "gpt-4o"),
        ("The model GPT-4o does not exist", "gpt-4o"),
        ("no endpoints found for stepfun/step-3.5-flash:free.", "stepfun/step-3.5-flash:free"),
        ("model step-3.5-flash is gone", "stepfun/step-3.5-flash:free"),
        ("/model/us.anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse",
         "us.anthropic.claude-3-5-sonnet-20240620-v1:0"),
        ("claude-3-sonnet-20240229 is retired", "claude-3-sonnet"),
        ("claude-3-sonnet is retired", "claude-3-sonnet-20240229"),
        ("amazon.nova-2-lite is retired", "amazon.nova-2-lite-v1:0"),
        ("Unable to access model togethercomputer/evo-1-131k-base. Please visit",
         "togethercomputer/evo-1-131k-base"),
        ("models%2Fgemini-pro", "models/gemini-pro"),
        ("models%2Fgemini-pro", "gemini-pro"),
        (r"models\/gemini-pro", "models/gemini-pro"),
        ("use o1.", "o1"),
        ("'o1'", "o1"),
    ],
)  # fmt: skip
def test_a_model_is_named(message, model):
    assert names_model(message, model)


@pytest.mark.parametrize(
    ("message", "model"),
    [
        ("404 page not found", "gpt-4o"),
        ("gpt-4o-mini does not exist", "gpt-4o"),
        ("chatgpt-4o does not exist", "gpt-4o"),
        ("foo1 o10 o1-mini proto1", "o1"),
        ("llama3.1:8b", "llama3.1"),
        ("/model/amazon.nova-pro-v1%3A0/invoke", "amazon.nova-pro-v1"),
        ("", "gpt-4"),
        ("anything", ""),
        ("anything", "  "),
        ("anything", "/"),
    ],
)
def test_a_model_is_not_named(message, model):
    assert not names_model(message, model)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Unsupported parameter: 'max_tokens' is not supported with this model.", "max_tokens"),
        ("Unsupported value: 'temperature' does not support 0.2 with this model.", "temperature"),
        ("This model is only supported in v1/responses and not in v1/chat/completions.",
         ("the endpoint", "v1/responses")),
        (("This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did "
          "you mean to use v1/completions?"), "the endpoint"),
        ("'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
         ("max_tokens", "max_completion_tokens")),
        ("This model doesn't support tool use.", "tool use"),
        ("404 No endpoints found that support tool use. To learn more", "tool use"),
        ("Invocation of model ID x with on-demand throughput isn’t supported.",
         "on-demand throughput"),
        (r"{\"message\": \"Unknown parameter: 'response_format.schema'.\"}",
         "response_format.schema"),
        ("Unrecognized request argument supplied: reasoning_effort", "reasoning_effort"),
        ("This model doesn't support the stopSequences field. Remove it.", "stopSequences"),
        ("`temperature` is deprecated for this model.", "temperature"),
        ("The thinking budget (52428) is invalid.", "thinking budget"),
        ("Unknown request URL: POST /chat/completions. Please", "/chat/completions"),
        ("The chatCompletion operation does not work with the specified model", "chatCompletion"),
        ("{'error': {'param': 'top_k'}}", "top_k"),
        ("1 validation error for ThinkingConfig\nthinking_level\n  Extra inputs are not permitted",
         "thinking_level"),
        ("404 page not found", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_the_complaint(message, expected):
    found = rejected_parameter(message)
    assert found == ((expected, "") if isinstance(expected, str) else expected)
