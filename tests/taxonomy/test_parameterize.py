"""Messages that differ only in what varies are one pattern."""

import pytest

from healthcheck.taxonomy import parameterize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP 503 after 12.5 s", "HTTP 503 after 9 s"),
        ("Limit 10000, Used 8554, Requested 3,082", "Limit 30000, Used 999, Requested 24754"),
        ("Please try again in 9m38.016s.", "Please try again in 12s."),
        ("at 2025-02-24T23:06:21.111Z it broke", "at 2026-01-02T03:04:05Z it broke"),
        ("id 428ce5e0-e679-9122-a53d-9f7a94676212", "id cafe05e0-beef-feed-abcd-9f7a94676212"),
        ("(request_id=req_cacd87bdb5f1)", "(request_id=req_0)"),
        ("org-uVqpjtJiKqvVJMVfvpaounI4 is full", "org-1 is full"),
        ("<Response at 0x7efd97bfb980>", "<Response at 0x7efd97bfb981>"),
        ("ipv4:142.251.43.10:443: x", "ipv4:10.0.0.1:80: x"),
        ("a\n\t  b", "a b"),
        ("input[404] is bad", "input[40] is bad"),
        ("cannot read /tmp/tmpa1b2c3/page.txt: gone", "cannot read /tmp/tmp9/page.txt: gone"),
    ],
)
def test_what_varies_makes_no_difference(one, other):
    assert parameterize(one) == parameterize(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"code":"1301","message":"系统检测到"}', '{"code":"1301","message":"请稍后"}'),
        ("400 the prompt is empty", "400 the answer is empty"),
        ("KeyError: 'choices'", "KeyError: 'usage'"),
    ],
)
def test_other_words_are_another_pattern(one, other):
    assert parameterize(one) != parameterize(other)


@pytest.mark.parametrize(
    ("model", "written"),
    [
        ("gpt-4o", "gpt-4o"),
        ("openai/gpt-4o", "gpt-4o"),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
        ("anthropic.claude-v2:0", "anthropic.claude-v2%3A0"),
        ("meta-llama/Llama-3.1-8B", "META-LLAMA/llama-3.1-8b"),
        ("meta-llama/Llama-3.1-8B", r"meta-llama\/Llama-3.1-8B"),
        ("o1", "o1"),
    ],
)
def test_the_model_s_name_is_replaced(model, written):
    assert parameterize(f"The model `{written}` is gone", model=model) == (
        "The model `<model>` is gone"
    )


def test_a_longer_name_is_another_model():
    assert "<model>" not in parameterize("gpt-4-mini o10 foo1", model="gpt-4")
    assert "<model>" not in parameterize("o10 fo1 o1-mini", model="o1")


def test_the_same_failure_of_two_days_is_one_pattern():
    first = (
        "Rate limit reached for gpt-4 in organization org-uVqpjtJiKqvVJMVfvpaounI1 on tokens per "
        "min (TPM): Limit 10000, Used 8554, Requested 3082. Please try again in 9.816s."
    )
    second = (
        "Rate limit reached for gpt-4 in organization org-uVqpjtJiKqvVJMVfvpaounI1 on tokens per "
        "min (TPM): Limit 30000, Used 999, Requested 24754. Please try again in 18m2s."
    )
    assert parameterize(first, model="gpt-4") == parameterize(second, model="gpt-4")


TRACEBACK = """Traceback (most recent call last):
  File "/app/bench/{}.py", line {}, in run
    client.chat.completions.create(model=model)
{}"""


def test_a_traceback_is_what_its_last_line_says():
    error = "openai.NotFoundError: Error code: 404 - {'error': 'no such model'}"
    assert parameterize(TRACEBACK.format("one", 4, error)) == parameterize(error)
    advice = "For further information visit https://example.com"
    told = TRACEBACK.format("two", 77, f"{error}\n    {advice}\n\n")
    assert parameterize(told) == parameterize(error)
    assert parameterize("  Traceback (most recent call last):\n  x") != ""


def test_long_messages_with_the_same_beginning_are_told_apart_by_their_last_line():
    beginning = "The benchmark could not finish its attempt\n" * 20
    first = parameterize(beginning + "Connection to the provider was reset")
    second = parameterize(beginning + "The certificate of the provider has expired")
    assert first != second
