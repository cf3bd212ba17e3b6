"""What holds for every text and every hint."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcheck.taxonomy import ErrorKind, classify, names_model, parameterize, rejected_parameter
from healthcheck.taxonomy.rules import PRIMARY

ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("examples.jsonl").read_text(encoding="utf-8").splitlines()
]
EXAMPLES = [row["message"] for row in ROWS]
_PRIMARY = {rule.id for rule in PRIMARY}
CLEAR = [row["message"] for row in ROWS if row["rule"] in _PRIMARY]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=9), st.text(max_size=9),
    st.lists(st.integers(), max_size=2), st.sampled_from([*ErrorKind, 200, 404, 429, 503]),
)  # fmt: skip
ANY = st.text(alphabet=st.characters(), max_size=300)  # lone surrogates and controls included
PIECES = st.lists(
    st.one_of(
        st.sampled_from(EXAMPLES),
        st.sampled_from(["\\", '"', "'", "{", "prompt: '", "<n>", "0x", "\x00", "\ud800", "%3A"]),
        st.text(max_size=12),
    ),
    max_size=8,
).map("".join)
MODELS = st.sampled_from(["o1", "gpt-4o", "vendor/name-7b:free", "x.claude-3-20240229-v1:0"])


@given(st.one_of(ANY, PIECES), JUNK, JUNK, JUNK)
def test_judging_is_total_and_deterministic(message, status, exc_type, stored):
    first = classify(message, http_status=status, exc_type=exc_type, stored_kind=stored)
    again = classify(message, http_status=status, exc_type=exc_type, stored_kind=stored)
    assert first == again
    assert isinstance(first.kind, ErrorKind)
    assert first.rule
    assert first.why


@given(ANY, ANY)
def test_any_text_may_be_a_message_or_a_model(message, model):
    assert isinstance(parameterize(message, model=model), str)
    assert names_model(message, model) in {True, False}


@given(JUNK)
def test_what_is_no_text_complains_about_nothing(message):
    rejected_parameter(message)


@given(st.one_of(ANY, PIECES))
def test_a_complaint_is_short(message):
    found = rejected_parameter(message)
    assert found is None or (0 < len(found.name) <= 80 and len(found.expected) <= 80)


@given(st.one_of(ANY, PIECES), MODELS)
def test_a_pattern_is_on_one_line(message, model):
    pattern = parameterize(message, model=model)
    assert pattern == " ".join(pattern.split())


@given(st.sampled_from(EXAMPLES))
def test_a_pattern_of_a_pattern_is_itself(example):
    pattern = parameterize(example)
    assert parameterize(pattern) == pattern


@given(st.lists(st.integers(600, 10**9), min_size=3, max_size=3), st.uuids(), MODELS, MODELS)
def test_a_pattern_forgets_numbers_ids_and_models(numbers, uid, model, other):
    shape = "Model {} used {} of {} tokens ({}), retry in {}s"
    first = shape.format(model, *numbers[:2], uid, numbers[2])
    second = shape.format(other, 700, 800, "428ce5e0-e679-4122-a53d-9f7a94676212", 900)
    assert parameterize(first, model=model) == parameterize(second, model=other)


@given(st.sampled_from(CLEAR), st.integers(1, 3))
def test_a_gateway_s_shell_keeps_the_kind_of_a_clear_message(example, depth):
    message = example
    for _ in range(depth):
        message = json.dumps({"error": {"message": message, "type": "gateway", "code": None}})
    assert classify(message).kind == classify(example).kind


@given(st.sampled_from(CLEAR), st.integers(1, 99))
def test_numbers_that_are_no_status_do_not_matter(example, number):
    digits = re.compile(r"(?<![\w.:-])\d{5,}(?![\w.:-])")
    assert classify(digits.sub(str(number * 10**6), example)).kind == classify(example).kind


HOSTILE = [
    "a" * 10**6, '"' * 10**6, "\\" * 10**6, "'prompt: '" * 10**5, "{" * 10**6, "4" * 10**6,
    "a-" * 5 * 10**5, "model 'x " * 10**5, " " * 10**6, "1." * 5 * 10**5, "deadbeef-" * 10**5,
    '"role":"user","content":"' * 4 * 10**4, "&amp;" * 2 * 10**5, "the model is not " * 5 * 10**4,
    "invalid api " * 8 * 10**4, "<html>" * 10**5, "\ud800" * 10**6, "\x00" * 10**6,
    "failed_generation: " * 5 * 10**4, "at x (a:1" * 10**5, 'file "x", line 1 ' * 5 * 10**4,
    "\u6a21" * 10**6, "\xe9" * 10**6,
]  # fmt: skip


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: ascii(message[:12]))
def test_a_megabyte_of_anything_is_judged(message):
    assert classify(message, exc_type=message).rule
    assert len(parameterize(message, model=message[:100])) <= 6000
    rejected_parameter(message)
    assert not names_model(message, "gpt-4o")
