"""What models write of a day: the honest sentence reaches the report, the false one does not."""

from collections import Counter
from itertools import product

import pytest
from days import Day, day_of_scene
from recorded import DAYS, Written, answer_of, written

from healthcheck.assessment import build_prompt
from healthcheck.assessment.answer import AIResponse
from healthcheck.assessment.apply import applied
from healthcheck.report.contract import Analysis, Report

DROPPED = {
    ("outage", "careful"): 1,
    ("workers", "careful"): 2,
    ("quota", "careful"): 1,
    ("unpaid", "terse"): 1,
    ("budget", "careful"): 1,
    ("budget", "terse"): 1,
}
"""By day and style: honest sentences that keep the form, or nearly, and are dropped all the same."""
PASSED: set[str] = set()
"""False sentences that no rule tells from honest ones."""
LEAST_SHARE = 0.97
LEAST_SLOPPY = 0.6
"""Most of what a sloppy model loses has a digit or a name in it."""


@pytest.fixture(scope="module")
def days(sample_day, tmp_path_factory) -> dict[str, Day]:
    made = {
        name: day_of_scene(make().catalogue(), tmp_path_factory.mktemp(name))
        for name, make in DAYS.items()
    }
    return made | {"sample": sample_day}


def told(day: Day, *sentences: Written) -> Report:
    """The report after these sentences, in one answer."""
    rules = day.report
    answer = AIResponse.model_validate(answer_of(sentences, rules.status.value))
    empty = Analysis(source="rules", model="gpt-4o-mini", status=rules.status, summary=None)
    return applied(rules, build_prompt(rules, day.facts), answer, empty)


def words_of(report: Report) -> list[str]:
    """All that the AI itself says in the report."""
    every = [report.analysis.summary, report.analysis.reason]
    every += [step.advice for step in report.recommended_actions]
    every += [part.reading.words for part in report.patterns if part.reading]
    return [words for words in every if words]


def test_there_are_enough_of_them():
    honest, false = written("honest"), written("false")
    assert len({each.day for each in honest}) >= 12
    styles = Counter((each.day, each.style) for each in honest)
    assert {style for _, style in styles} == {"careful", "terse", "sloppy"}
    assert all(count >= 2 for count in styles.values())
    assert len(styles) == 3 * len({each.day for each in honest})
    assert len(false) >= 60
    assert {each.style for each in false} == {"name", "number", "cause", "state", "intent", "order"}


def dropped(days, *styles: str) -> Counter:
    """How many of the honest sentences are dropped, by day and style."""
    counts = Counter()
    for name, style in product(days, styles):
        its = [each for each in written("honest") if (each.day, each.style) == (name, style)]
        together = [each for each in its if each.place == "summary"]
        answers = [together, *([each] for each in its if each.place != "summary")]
        counts[name, style] = sum(
            told(days[name], *answer).analysis.dropped_claims for answer in answers
        )
    return +counts


def test_honest_sentences_that_keep_the_form_are_told(days):
    every = sum(each.style != "sloppy" for each in written("honest"))
    lost = dropped(days, "careful", "terse")
    assert lost == DROPPED
    assert lost.total() <= (1 - LEAST_SHARE) * every


def test_most_of_what_a_sloppy_model_writes_is_told(days):
    every = sum(each.style == "sloppy" for each in written("honest"))
    assert dropped(days, "sloppy").total() <= (1 - LEAST_SLOPPY) * every


@pytest.mark.parametrize("sentence", written("false"), ids=lambda each: f"{each.style}-{each.text}")
def test_the_false_sentence_is_dropped_and_counted(sentence, days):
    report = told(days[sentence.day], sentence)
    assert sentence.text in PASSED or words_of(report) == []
    assert sentence.text in PASSED or report.analysis.dropped_claims > 0


def test_no_false_name_or_number_passes():
    wrong = [each for each in written("false") if each.text in PASSED]
    assert not [each for each in wrong if each.style in ("name", "number")]
    assert len(wrong) <= 3


@pytest.mark.parametrize("name", ["sample", *DAYS])
@pytest.mark.parametrize("style", ["careful", "terse", "sloppy"])
def test_a_whole_answer_leaves_the_rules_alone(name, style, days):
    day = days[name]
    sentences = [each for each in written("honest") if (each.day, each.style) == (name, style)]
    report = told(day, *sentences)
    assert words_of(report)
    assert (report.status, report.reason) == (day.report.status, day.report.reason)
    assert (report.findings, report.problems) == (day.report.findings, day.report.problems)
