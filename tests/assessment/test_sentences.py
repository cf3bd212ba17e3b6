"""What models write of a day: the honest sentence reaches the report, the false one does not."""

import pytest
from days import Day, day_of_scene
from recorded import DAYS, Written, answer_of, written

from healthcheck.assessment import Prompt, build_prompt
from healthcheck.assessment.answer import AIResponse
from healthcheck.assessment.apply import applied
from healthcheck.report.contract import Analysis, Report

STYLES = {"careful", "terse", "sloppy"}
"""Of honest ones; in false ones the style says what is wrong."""
WRONG = {"name", "number", "cause", "state", "intent", "order"}
TAILS = ("more is affected, because {}", "more is affected; {}", "more is affected. {}")
"""How a statement may follow what is asked."""


@pytest.fixture(scope="module")
def days(sample_day, tmp_path_factory) -> dict[str, tuple[Day, Prompt]]:
    """With their prompts: made once."""
    made = {"sample": sample_day} | {
        name: day_of_scene(make().catalog(), tmp_path_factory.mktemp(name))
        for name, make in DAYS.items()
    }
    return {name: (day, build_prompt(day.report)) for name, day in made.items()}


def told(made: tuple[Day, Prompt], *sentences: Written) -> Report:
    """The report after these sentences, in one answer."""
    rules, prompt = made[0].report, made[1]
    answer = AIResponse.model_validate(answer_of(sentences, rules.status.value))
    empty = Analysis(source="rules", model="gpt-4o-mini", status=rules.status, summary=None)
    return applied(rules, prompt, answer, empty)


def words_of(report: Report) -> list[str]:
    """All that the AI itself says in the report."""
    every = [report.analysis.summary]
    every += [step.advice for step in report.recommended_actions]
    every += [part.reading.words for part in report.patterns if part.reading]
    return [words for words in every if words]


def test_there_are_enough_of_them():
    honest, presuming, stated = (written(name) for name in ("honest", "presuming", "false"))
    assert len({each.day for each in honest}) >= 12
    assert len({each.day for each in stated}) >= 12
    assert len(honest) >= 120
    assert len(presuming) + len(stated) >= 600
    assert {each.style for each in honest} == STYLES
    assert {each.style for each in (*presuming, *stated)} == WRONG


@pytest.mark.parametrize("name", ["sample", *DAYS])
def test_honest_sentences_are_told(name, days):
    for sentence in written("honest"):
        if sentence.day == name:
            assert words_of(told(days[name], sentence)), sentence


@pytest.mark.parametrize("name", ["sample", *DAYS])
def test_sentences_that_take_something_false_for_granted_are_dropped(name, days):
    for sentence in written("presuming"):
        if sentence.day == name:
            report = told(days[name], sentence)
            of_the_ai = [words.rpartition(": ")[2].capitalize() for words in words_of(report)]
            assert of_the_ai == ([sentence.kept] if sentence.kept else []), sentence
            assert report.analysis.dropped_claims > 0, sentence


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("name", ["sample", *DAYS])
def test_nothing_is_stated_behind_what_is_asked(name, tail, days):
    for statement in written("false"):
        if statement.day == name:
            behind = statement._replace(text=tail.replace("{}", statement.text))
            report = told(days[name], behind)
            of_the_ai = [words.rpartition(": ")[2].lower() for words in words_of(report)]
            assert of_the_ai in ([], ["check whether more is affected."]), statement
            assert report.analysis.dropped_claims > 0, statement


def test_few_are_misjudged(days):
    """Honest ones that are dropped, and others that are told: listed, and few."""
    misjudged = written("misjudged")
    honest = [each for each in misjudged if each.style in STYLES]
    assert len(honest) <= 0.03 * len(written("honest"))
    assert len(misjudged) - len(honest) <= 0.05 * len(written("presuming"))
    for each in misjudged:
        assert bool(words_of(told(days[each.day], each))) == (each not in honest), each


@pytest.mark.parametrize("name", ["sample", *DAYS])
def test_a_whole_answer_leaves_the_rules_alone(name, days):
    day = days[name][0]
    report = told(days[name], *(each for each in written("honest") if each.day == name))
    assert (report.status, report.reason) == (day.report.status, day.report.reason)
    assert (report.findings, report.problems) == (day.report.findings, day.report.problems)
