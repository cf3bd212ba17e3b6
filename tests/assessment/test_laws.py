"""Whatever the AI answers in the right schema, the report stays that of the rules."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import EMPTY

from healthcheck.assessment.grounding import grounded
from healthcheck.assessment.prompt import build_prompt
from healthcheck.assessment.schema import NONE, Answer
from healthcheck.diagnosis import Status
from healthcheck.report import render
from healthcheck.report.contract import Analysis
from healthcheck.taxonomy import ErrorKind

INVENTIONS = (
    "Zorgon",
    "zorgon-7b",
    "Qorp/Zorg-1",
    "evil.example",
    "https://evil.example/x",
    "help@evil.example",
    "10.1.2.3",
    "731923",
    "7319 models",
    "83.719",
    "Mistral",
    "gpt-9",
    "ninety-seven",  # a number that no finding of these days has
    "thousands",
    "\u0667\u0663\u0661",
    "<b>pwn</b>",
    "\u202egpj",
)
RANKS = [Status.HEALTHY, Status.WARNING, Status.CRITICAL]


def prose(names: list[str]) -> st.SearchStrategy[str]:
    """Sentences of ordinary words, names of the day, inventions, and anything at all."""
    word = st.sampled_from(["The model", "is", "gone", "of", "All", "fails", "and", *names])
    piece = st.one_of(word, word, st.sampled_from(INVENTIONS), st.text(max_size=12))
    sentence = st.lists(piece, min_size=1, max_size=9).map(lambda parts: " ".join(parts) + ".")
    return st.lists(sentence, max_size=4).map(" ".join)


def answers(day) -> st.SearchStrategy[Answer]:
    names = build_prompt(day.report, day.facts).names.by_sort
    words = prose([*names["model"], *names["provider"], *names["finding"]])

    def one_of(sort: str) -> st.SearchStrategy[str]:
        return st.sampled_from([*names[sort], NONE, "openai gpt-9", "evilcorp"])

    def several(**parts: st.SearchStrategy) -> st.SearchStrategy[list[dict]]:
        return st.lists(st.fixed_dictionaries(parts), max_size=6)

    cited = st.lists(one_of("finding"), max_size=3)
    sentence = st.fixed_dictionaries({"text": words, "findings": cited})
    answer = st.fixed_dictionaries(
        {
            "patterns": several(
                pattern=one_of("pattern"), kind=st.sampled_from([*ErrorKind]), why=words
            ),
            "deprecated_models": several(model=one_of("model"), why=words),
            "code_fixes": several(model=one_of("model"), why=words),
            "provider_issues": several(provider=one_of("provider"), why=words),
            "summary": st.lists(sentence, max_size=5),
            "actions": several(finding=one_of("finding"), advice=words),
            "status": st.sampled_from([*Status]),
            "status_reason": sentence,
        }
    )
    return answer.map(Answer.model_validate)


def the_law_holds(day, answer: Answer) -> None:
    rules = day.report
    names = build_prompt(rules, day.facts).names
    empty = Analysis(source="rules", model="gpt-4o-mini", status=rules.status, summary=None)
    report = grounded(rules, names, answer, empty)
    assert RANKS.index(report.status) >= RANKS.index(rules.status)
    if report.status is not rules.status:
        assert (rules.status, report.status) == (Status.HEALTHY, Status.WARNING)
        assert any(p.sources == ("ai",) and p.severity == "warning" for p in report.findings)
        assert "Only the AI says so" in report.reason
    kept = [part for part in report.findings if "rules" in part.sources]
    plain = [p.model_copy(update={"sources": ("rules",), "opinion": None}) for p in kept]
    assert plain == rules.findings
    steps = [s.model_copy(update={"advice": None}) for s in report.recommended_actions]
    assert all(step in steps for step in rules.recommended_actions)
    assert [s.severity.rank for s in steps] == sorted(s.severity.rank for s in steps)
    without = {"analysis", "findings", "patterns", "recommended_actions", "status", "reason"}
    assert report.model_dump(exclude=without) == rules.model_dump(exclude=without)
    nothing_invented(report, rules)


def nothing_invented(report, rules) -> None:
    """Every figure that is shown is one of the rules' report or of the code's own evidence."""
    words = [report.analysis.summary, report.analysis.reason]
    words += [p.opinion for p in report.findings]
    words += [s.advice for s in report.recommended_actions]
    words += [p.reading.words for p in report.patterns if p.reading]
    known = rules.model_dump_json() + "".join(
        p.model_dump_json(exclude={"opinion"}) for p in report.findings
    )
    for text in filter(None, words):
        assert text.isascii()
        assert text.isprintable()
        for invention in INVENTIONS:
            assert invention not in text
        for figure in re.findall(r"\d+", text):
            assert figure in known
    html = render(report).html
    assert "<b>pwn" not in html
    assert "evil.example" not in html


@pytest.fixture(scope="module")
def on_a_critical_day(sample_day):
    """Made once: Hypothesis takes a strategy made anew for another one."""
    return answers(sample_day)


@pytest.fixture(scope="module")
def on_a_healthy_day(odd_day):
    return answers(odd_day)


@settings(max_examples=150)
@given(data=st.data())
def test_on_a_critical_day(sample_day, on_a_critical_day, data):
    the_law_holds(sample_day, data.draw(on_a_critical_day))


@settings(max_examples=150)
@given(data=st.data())
def test_on_a_day_that_is_healthy_by_the_rules(odd_day, on_a_healthy_day, data):
    the_law_holds(odd_day, data.draw(on_a_healthy_day))


def test_an_empty_answer_changes_nothing(sample_day):
    the_law_holds(sample_day, Answer.model_validate(EMPTY))
