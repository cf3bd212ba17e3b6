"""Messages that differ only in what varies are one pattern."""

import pytest

from healthcheck.taxonomy import parameterize


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        ("Error code: 404 - {'code': 404}", "Error code: 404 - {'code': 404}"),
        ("HTTP 503 after 12.5 s", "HTTP 503 after <n> s"),
        ("Limit 10000, Used 8554, Requested 3,082", "Limit <n>, Used <n>, Requested <n>"),
        ("Please try again in 9m38.016s.", "Please try again in <n>."),
        ("at 2025-02-24T23:06:21.111Z it broke", "at <time> it broke"),
        ("on 2026-07-27 and on September 15, 2025", "on <time> and on <time>"),
        ("resets Apr 10 at 7am", "resets <time> at <time>"),
        ("id 428ce5e0-e679-9122-a53d-9f7a94676212", "id <id>"),
        ("(request_id=req_cacd87bdb5f1)", "(request_id=<id>)"),
        ("org-uVqpjtJiKqvVJMVfvpaounI4 is full", "<id> is full"),
        ("<Response at 0x7efd97bfb980>", "<Response at <id>>"),
        ("ID fac8b65ed1c009c456a00410c4f6c376 in", "ID <id> in"),
        ("ipv4:142.251.43.10:443: x", "ipv4:<ip>: x"),
        ("a\n\t  b", "a b"),
        ("status_code=503, after 429 tokens", "status_code=503, after <n> tokens"),
        ("Error 400 from delegate: 404 This model", "Error 400 from delegate: 404 This model"),
        ("input[404] is bad, messages[40] too", "input[<n>] is bad, messages[<n>] too"),
        ("[404] not found (503)", "[404] not found (503)"),
        ("<title>503 Service Unavailable</title>", "<title>503 Service Unavailable</title>"),
        ("upstream returned 401: bad key", "upstream returned 401: bad key"),
        (r"{\"code\": 429, \"limit\": 150}", r"{\"code\": 429, \"limit\": <n>}"),
        ("cannot read /tmp/tmpa1b2c3/page.txt: gone", "cannot read <id>: gone"),
        (None, ""),
    ],
)
def test_what_varies_is_replaced_and_a_status_survives(message, pattern):
    assert parameterize(message) == pattern


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


def test_a_pattern_has_a_limit():
    pattern = parameterize("first " + "word " * 1000 + "last")
    assert len(pattern) == 400
    assert pattern.startswith("first word")
    assert pattern.endswith("word last")


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


def test_a_traceback_is_what_its_last_meaningful_line_says():
    error = "openai.NotFoundError: Error code: 404 - {'error': 'no such model'}"
    assert parameterize(TRACEBACK.format("one", 4, error)) == error
    advice = "For further information visit https://example.com"
    assert parameterize(TRACEBACK.format("two", 77, f"{error}\n    {advice}")).startswith(error)


def test_long_messages_with_the_same_beginning_are_told_apart_by_their_last_line():
    beginning = "The benchmark could not finish its attempt\n" * 20
    first = parameterize(beginning + "Connection to the provider was reset")
    second = parameterize(beginning + "The certificate of the provider has expired")
    assert first == "Connection to the provider was reset"
    assert second == "The certificate of the provider has expired"


def test_a_long_object_over_many_lines_stays_whole():
    fields = ",\n".join(f'  "field{name}": "word"' for name in "abcdefghijklmnopqrstuvwxyz")
    pattern = parameterize(f"Error 400 {{\n{fields}\n}}")
    assert pattern.startswith('Error 400 { "fielda": "word"')
