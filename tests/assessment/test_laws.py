"""Whatever the AI answers in the right schema, the report stays that of the rules."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import EMPTY

from healthcheck.assessment import build_prompt
from healthcheck.assessment.answer import NONE, QUESTIONS, AIResponse
from healthcheck.assessment.assess import applied
from healthcheck.diagnosis import Status
from healthcheck.report import render, render_json
from healthcheck.taxonomy import ErrorKind

INVENTIONS = (
    "the Zorgon",
    "zorgon-7b",
    "Qorp/Zorg-1",
    "evil.example",
    "https://evil.example/x",
    "help@evil.example",
    "10.1.2.3",
    "731923",
    "7319 models",
    "83.719",
    "Cohere",
    "gpt-9",
    "ninety-seven",
    "thousands",
    "\u0667\u0663\u0661",
    "<b>pwn</b>",
    "\u202egpj",
)


def answers(day) -> st.SearchStrategy[AIResponse]:
    """Questions of the program, questions with more behind them, inventions, and anything at all."""
    prompt = build_prompt(day.report)
    ids = st.sampled_from([*prompt.items, NONE, "p99"])
    question = st.sampled_from([each for questions in QUESTIONS.values() for each in questions])
    piece = st.one_of(question, st.sampled_from(INVENTIONS), st.text(max_size=12))
    written = st.lists(piece, min_size=1, max_size=3).map(lambda parts: " ".join(parts) + ".")
    texts = st.one_of(question, written)
    messages = st.sampled_from(["m1", "m2", NONE])

    def several(**more: st.SearchStrategy) -> st.SearchStrategy[list[dict]]:
        return st.lists(st.fixed_dictionaries({"check_whether": texts} | more), max_size=6)

    answer = st.fixed_dictionaries(
        {
            "readings": several(message=messages, kind=st.sampled_from([*ErrorKind])),
            "highlights": st.lists(ids, max_size=6),
            "links": several(entries=st.lists(ids, max_size=3)),
            "advice": several(problem=ids),
            "status": st.sampled_from([*Status]),
        }
    )
    return answer.map(AIResponse.model_validate)


def the_law_holds(day, answer: AIResponse) -> None:
    rules = day.report
    report = applied(rules, build_prompt(rules), answer)
    steps = [replace(step, advice=None) for step in report.recommended_actions]
    assert sorted(steps, key=str) == sorted(rules.recommended_actions, key=str)
    assert [s.severity.rank for s in steps] == sorted(s.severity.rank for s in steps)
    plain = [replace(part, reading=None) for part in report.patterns]
    assert plain == rules.patterns
    told = {name: getattr(rules, name) for name in ("analysis", "patterns", "recommended_actions")}
    assert replace(report, **told) == rules
    nothing_is_invented(report, rules)


def nothing_is_invented(report, rules) -> None:
    """Every name and figure that is shown is one of the rules' report, or a rate of it."""
    words = [report.analysis.summary]
    words += [s.advice for s in report.recommended_actions]
    words += [p.reading.words for p in report.patterns if p.reading]
    known = render_json(rules)
    asked = {f"heck whether {each}." for questions in QUESTIONS.values() for each in questions}
    for text in filter(None, words):
        assert "heck whether" not in text or text[text.index("heck whether") :] in asked
        assert text.isprintable()
        for invention in INVENTIONS:
            assert invention not in text
        for figure in re.findall(r"\d{3,}", re.sub(r"[\d.]+% of", "", text.replace(",", ""))):
            assert figure in known.replace(",", "")
    html = render(report).html
    assert "<b>pwn" not in html
    assert "evil.example" not in html


@pytest.fixture(scope="module")
def on_a_critical_day(sample_day):
    """Made once: Hypothesis takes a strategy made anew for another one."""
    return answers(sample_day)


@pytest.fixture(scope="module")
def on_a_healthy_day(healthy_day):
    return answers(healthy_day)


@settings(max_examples=100)
@given(data=st.data())
def test_on_a_critical_day(sample_day, on_a_critical_day, data):
    the_law_holds(sample_day, data.draw(on_a_critical_day))


@settings(max_examples=100)
@given(data=st.data())
def test_on_a_healthy_day(healthy_day, on_a_healthy_day, data):
    the_law_holds(healthy_day, data.draw(on_a_healthy_day))


def test_an_empty_answer_changes_nothing(sample_day):
    the_law_holds(sample_day, AIResponse.model_validate(EMPTY))
