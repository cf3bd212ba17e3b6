"""What the AI may pick as a highlight is a sentence of the program."""

from dataclasses import replace

import pytest

from healthcheck.assessment import build_prompt


@pytest.fixture(scope="module")
def prompt(sample_day):
    return build_prompt(sample_day.report)


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ("p", "openai: out of credit, all 8 models, no requests succeed; new since 10 Mar 05:26 UTC."),
        ("p", "2 models of together: likely deprecated; ongoing since 8 Mar 02:41 UTC."),
        ("p", "bedrock: results could not be saved; ended 10 Mar 03:58 UTC."),
        ("day", "Data from 77 of 79 models."),
        ("v", "fireworks: 9.2% failed (was 9.8%)."),
        ("m", ""),
    ],
)  # fmt: skip
def test_a_highlight_is_a_sentence_of_the_report(entries, sentence, prompt):
    assert sentence in {
        item.highlight for name, item in prompt.items.items() if name.startswith(entries)
    }


def test_a_start_that_is_a_bound_is_told_as_one(sample_day):
    first, *others = sample_day.report.problems
    bounded = [replace(first, since_is_bound=True), *others]
    prompt = build_prompt(replace(sample_day.report, problems=bounded))
    assert prompt.items["p1"].highlight.endswith("; new since at least 10 Mar 05:26 UTC.")


def test_a_quiet_day_has_a_highlight(healthy_day):
    quiet = build_prompt(healthy_day.report).items["day"].highlight
    assert quiet == "Data from 15 of 15 models."
