"""A sentence is words around placeholders; code fills them, or drops the sentence."""

import pytest
from scripted import said

from healthcheck.assessment import build_prompt
from healthcheck.assessment.answer import Sentence
from healthcheck.assessment.grounding import Grounding

DAY = "day"


@pytest.fixture(scope="module")
def grounding(sample_day):
    """Of the sample day: p1 is openai, p5 azure gpt-5-mini, p7 another rejected request."""
    prompt = build_prompt(sample_day.report, sample_day.facts)
    made = Grounding(sample_day.report, prompt.subjects)

    def ground(text: str, *refs: str, about: str = DAY) -> list[str | None]:
        sentence = Sentence.model_validate(said(text, *refs))
        return list(made.sentences(sentence, prompt.subjects[about]))

    return ground


@pytest.mark.parametrize(
    ("text", "refs", "becomes"),
    [
        ("{a} rejects {b} since {c}.", ["p5.name", "p5.parameter", "p5.since"],
         "azure gpt-5-mini rejects max_tokens since 9 Mar 15:41 UTC."),
        ("{anything} and {at all} fail", ["p5.name", "p7.name"], "azure gpt-5-mini and databricks databricks-gpt-5-1-codex-max fail."),
        ("{a} has {b} errors.", ["p5.name", "p5.count"], "azure gpt-5-mini has 2 errors."),
        ("{a} has {b} failures.", ["p5.name", "p5.count"], "azure gpt-5-mini has 2 errors."),
        ("The rate is {a} of all attempts.", ["day.rate"], "The rate is 4.5% of attempts."),
        ("{a} answers with HTTP {b}.", ["p5.name", "p5.http_status"],
         "azure gpt-5-mini answers with HTTP 400."),
        ("**{a}** fails \u2013 see its `{b}`.", ["p5.name", "p5.parameter"],
         "azure gpt-5-mini fails - see its max_tokens."),
        ("- {a} fails", ["p5.name"], "azure gpt-5-mini fails."),
        ("{a} rejects {b} at {c}.", ["p5.name", "p5.parameter", "p5.rate"],
         "azure gpt-5-mini rejects max_tokens at 18.2% of attempts."),
        ("Read the API page in a flash.", [], "Read the API page in a flash."),
    ],
)  # fmt: skip
def test_it_is_filled(text, refs, becomes, grounding):
    assert grounding(text, *refs) == [becomes]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("{a} fails.", []),
        ("It fails.", ["p5.name"]),
        ("{a} fails since {b}.", ["p5.name"]),
        ("{a} fails.", ["p5.successor"]),
        ("{a} fails.", ["p99.name"]),
        ("{a} fails.", ["p5.password"]),
        ("The 17 attempts fail.", []),
        ("All \u0662\u0660 attempts fail.", []),
        ("All \u2167 models fail.", []),
        ("Twenty attempts fail.", []),
        ("One model fails.", []),
        ("A third of it fails.", []),
        ("The errors doubled.", []),
        ("It has failed since Monday.", []),
        ("The provider Zorgon fails.", []),
        ("Zorgon fails.", []),
        ("The groq models fail.", []),
        ("Groq's models fail.", []),
        ("The mis-tral models fail.", []),
        ("The claudes fail.", []),
        ("The open ai models fail.", []),
        ("Models at together fail.", []),
        ("Flash models fail.", []),
        ("The command models fail.", []),
        ("See https://evil.example/fix now.", []),
        ("See evil.example now.", []),
        ("See evil\uff0eexample now.", []),
        ("See evil dot example now.", []),
        ("Write to help@evil now.", []),
        ("Open <a> now.", []),
        ("Use max_tokens.", []),
        ("Run $(reboot) now.", []),
        ("The g\u200broq fails.", []),
        ("\u6a21\u578b\u4e0d\u5b58\u5728\u3002", []),
        ("", []),
        ("...", []),
        ("The " + "very " * 60 + "end.", []),
        ("{a}-mini fails.", ["p5.name"]),
        ("{a} mini fails.", ["p5.name"]),
        ("{a}{b} fails.", ["p5.name", "p5.provider"]),
        ("Not{a} fails.", ["p5.name"]),
        ("\0 fails {a}.", ["p5.name"]),
        ("{a} has {b} models.", ["p5.name", "p5.count"]),
        ("{a} fails on {b} of models.", ["p5.name", "p5.rate"]),
        ("{a} succeeded.", ["day.rate"]),
        ("The success rate is {a}.", ["day.rate"]),
        ("{a} rose from {b}.", ["day.yesterday", "day.rate"]),
        ("The rate rose to {a}.", ["day.yesterday"]),
        ("{a} failed until {b}.", ["p5.name", "p5.since"]),
        ("{a} fails since {b}.", ["p5.name", "p7.since"]),
        ("{a} rejects {b}.", ["p5.name", "p5.wanted_parameter"]),
    ],
)  # fmt: skip
def test_it_is_dropped(text, refs, grounding):
    assert set(grounding(text, *refs)) == {None}


def test_each_sentence_of_a_text_stands_for_itself(grounding):
    text = "{a} fails. Mistral is down. It began at {b}."
    assert grounding(text, "p5.name", "p5.since", about="p5") == [
        "azure gpt-5-mini fails.",
        None,
        "It began at 9 Mar 15:41 UTC.",
    ]


def test_in_advice_the_problem_is_understood(grounding):
    assert grounding("Look at {a} {b}.", "p5.parameter", "p5.since", about="p5") == [
        "Look at max_tokens since 9 Mar 15:41 UTC."
    ]


def test_a_value_of_an_entry_that_is_not_named_last_brings_its_name(grounding):
    text = "{a} and {b} fail, {c}."
    (told,) = grounding(text, "p5.name", "p7.name", "p5.since")
    assert told.endswith(" fail, since 9 Mar 15:41 UTC (azure gpt-5-mini).")


@pytest.mark.parametrize(
    ("text", "refs", "holds"),
    [
        ("{a} is out of credit.", ["p1.name"], True),
        ("{a} is out of credit.", ["p5.name"], False),
        ("{a} and {b} are out of credit.", ["p5.name", "p1.name"], False),
        ("{a} is out of credit, and so is {b}.", ["p1.name", "p5.name"], False),
        ("{a} is out of credit, while {b} rejects {c}.", ["p1.name", "p5.name", "p5.parameter"], True),
        ("{a} fails because {b} is out of credit.", ["p5.name", "p1.name"], False),
        ("{a} is over.", ["p12.name"], True),
        ("{a} is over.", ["p1.name"], False),
        ("{a} is still unavailable.", ["p12.name"], False),
        ("Check whether the credit of {a} is over.", ["p5.name"], True),
        ("Look at {a}, the credit is over.", ["p5.name"], False),
        ("Check {a} and disable the model.", ["p5.parameter"], False),
        ("The failure rate rose.", [], True),
        ("The failure rate fell.", [], False),
        ("All requests to {a} fail.", ["p1.name"], True),
        ("All providers fail.", [], False),
    ],
)  # fmt: skip
def test_a_clause_states_what_all_of_its_entries_have(text, refs, holds, grounding):
    assert (grounding(text, *refs) != [None]) == holds
