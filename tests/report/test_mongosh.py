"""The lines for mongosh: one statement each, whatever the names hold."""

import pytest
from hostile import NAMES
from hypothesis import given
from hypothesis import strategies as st

from healthcheck.activity import ModelKey
from healthcheck.report.mongosh import disable
from healthcheck.report.text_filters import wrap_script

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
CATALOG = ("llm-bench", "models")
REASON = ("not served by the provider", "hard_model")


def literals(line):
    """The strings of a line that is exactly one expression statement, in order."""
    import esprima

    (statement,) = esprima.parseScript(line).body
    assert statement.type == "ExpressionStatement"
    found = []
    _walk(statement, found)
    return [text for text in found if isinstance(text, str)]


def _walk(node, found):
    if isinstance(node, list):
        for part in node:
            _walk(part, found)
    elif hasattr(node, "type"):
        if node.type == "Literal":
            found.append(node.value)
        for name in (
            "expression",
            "callee",
            "object",
            "arguments",
            "elements",
            "properties",
            "value",
        ):
            part = getattr(node, name, None)
            if isinstance(part, list) or hasattr(part, "type"):
                _walk(part, found)


def as_javascript_has_it(text):
    """Strings of JavaScript are made of UTF-16 units: a pair of halves is one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def assert_says(line, *expected):
    for shown in (line, wrap_script(line, "    ")):
        read = [as_javascript_has_it(text) for text in literals(shown)]
        assert read == [as_javascript_has_it(text) for text in expected]


@given(ANY_TEXT, ANY_TEXT)
def test_disabling_names_exactly_the_pair(provider, model):
    line = disable(*CATALOG, [ModelKey(provider, model)])
    if line is not None:
        assert line.isascii()
        assert_says(line, *CATALOG, provider, model, *REASON)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_strings_or_there_is_no_line(name):
    line = disable(*CATALOG, [ModelKey(name, "m")])
    if line is None:
        assert name == "(unknown)" or "sk-" in name
    else:
        assert_says(line, *CATALOG, name, "m", *REASON)


@given(ANY_TEXT, ANY_TEXT)
def test_the_catalog_may_have_any_name(database, collection):
    line = disable(database, collection, [ModelKey("groq", "m")])
    assert_says(line, database, collection, "groq", "m", *REASON)


def test_one_line_disables_all_of_a_problem():
    pairs = [ModelKey("groq", "a"), ModelKey("groq", "b")]
    line = disable(*CATALOG, pairs)
    assert '{provider: "groq", model_id: {$in: ["a", "b"]}}' in line
    assert_says(line, *CATALOG, "groq", "a", "b", *REASON)
    for field in (
        "enabled: false",
        "disabled_reason:",
        "disabled_class:",
        "disabled_at: new Date()",
    ):
        assert field in line


def test_a_wrapped_line_waits_for_its_end_at_each_break():
    import esprima

    pair = ModelKey("together", "mistralai/Mixtral-8x7B-Instruct-v0.1")
    line = disable(*CATALOG, [pair])
    wrapped = wrap_script(line, "    ").splitlines()
    assert len(wrapped) > 1
    for count in range(1, len(wrapped)):
        with pytest.raises(esprima.Error, match="Unexpected end of input"):
            esprima.parseScript("\n".join(wrapped[:count]))
