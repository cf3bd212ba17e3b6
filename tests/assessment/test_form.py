"""A sentence is words around placeholders; code fills them, or drops the sentence."""

import pytest
from scripted import said

from healthcheck.assessment.answer import Sentence, Word
from healthcheck.assessment.sentences import DayNames, filled
from healthcheck.assessment.subjects import DAY, Subject

NAMES = DayNames.of(["groq", "azure", "together", "the"], ["kimi-k2", "meta/flash-2", "command-r"])
SUBJECTS = {
    "p1": Subject(
        "p1",
        {
            Word.NAME: "azure gpt-5-mini",
            Word.PROVIDER: "azure",
            Word.CAUSE: "request rejected",
            Word.COUNT: "17 errors",
            Word.MODELS: "8 models",
            Word.RATE: "68% of attempts",
            Word.SINCE: "9 Mar 15:57 UTC",
            Word.PARAMETER: "max_tokens",
            Word.WANTED_PARAMETER: "max_completion_tokens",
            Word.HTTP_STATUS: "HTTP 400",
        },
    ),
    "p2": Subject("p2", {Word.NAME: "groq", Word.SINCE: "8 Mar 02:00 UTC"}),
    DAY: Subject(DAY, {Word.RATE: "14.6% of attempts", Word.YESTERDAY: "0% of attempts yesterday"}),
}


def written(text: str, *refs: str, about: str | None = None) -> list[str | None]:
    its = filled(
        Sentence.model_validate(said(text, *refs)),
        SUBJECTS,
        SUBJECTS[about] if about else None,
        NAMES,
    )
    return [each and each.text for each in its]


@pytest.mark.parametrize(
    ("text", "refs", "becomes"),
    [
        ("{a} rejects {b} since {c}.", ["p1.name", "p1.parameter", "p1.since"],
         "azure gpt-5-mini rejects max_tokens since 9 Mar 15:57 UTC."),
        ("{anything} and {at all} fail", ["p1.name", "p2.name"], "azure gpt-5-mini and groq fail."),
        ("{a} has {b} errors.", ["p1.name", "p1.count"], "azure gpt-5-mini has 17 errors."),
        ("{a} has {b} failures.", ["p1.name", "p1.count"], "azure gpt-5-mini has 17 errors."),
        ("The rate is {a} of all attempts.", ["day.rate"], "The rate is 14.6% of attempts."),
        ("{a} answers with HTTP {b}.", ["p1.name", "p1.http_status"],
         "azure gpt-5-mini answers with HTTP 400."),
        ("**{a}** fails \u2013 its `{b}` isn\u2019t known.", ["p1.name", "p1.parameter"],
         "azure gpt-5-mini fails - its max_tokens isn't known."),
        ("- {a} fails", ["p1.name"], "azure gpt-5-mini fails."),
        ("Taken together, one cause explains {a}.", ["p1.name"],
         "Taken together, one cause explains azure gpt-5-mini."),
        ("The API answers in a flash, i.e. at once.", [], "The API answers in a flash, i.e. at once."),
    ],
)  # fmt: skip
def test_it_is_filled(text, refs, becomes):
    assert written(text, *refs) == [becomes]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("{a} fails.", []),
        ("It fails.", ["p1.name"]),
        ("{a} fails since {b}.", ["p1.name"]),
        ("{a} fails.", ["p1.successor"]),
        ("{a} fails.", ["p9.name"]),
        ("{a} fails.", ["p1.password"]),
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
        ("{a}-mini fails.", ["p1.name"]),
        ("{a} mini fails.", ["p1.name"]),
        ("{a}{b} fails.", ["p1.name", "p1.provider"]),
        ("Not{a} fails.", ["p1.name"]),
        ("\0 fails {a}.", ["p1.name"]),
        ("{a} has {b} models.", ["p1.name", "p1.count"]),
        ("{a} fails on {b} of models.", ["p1.name", "p1.rate"]),
        ("{a} succeeded.", ["day.rate"]),
        ("The success rate is {a}.", ["day.rate"]),
        ("The rate rose to {a}.", ["day.yesterday"]),
        ("{a} failed until {b}.", ["p1.name", "p1.since"]),
        ("{a} fails since {b}.", ["p1.name", "p2.since"]),
        ("{a} and {b} fail; the latter since {c}, {d}.", ["p1.name", "p2.name", "p1.since", "day.rate"][:3]),
        ("{a} rejects {b}.", ["p1.name", "p1.wanted_parameter"]),
        ("It had {a}.", ["p1.count"]),
    ],
)  # fmt: skip
def test_it_is_dropped(text, refs):
    assert set(written(text, *refs)) == {None}


def test_each_sentence_of_a_text_stands_for_itself():
    text = "{a} fails. Mistral is down. It began at {b}."
    assert written(text, "p1.name", "p1.since") == [
        "azure gpt-5-mini fails.",
        None,
        "It began at 9 Mar 15:57 UTC.",
    ]


def test_in_advice_the_problem_is_understood():
    assert written("Look at {a} since {b}.", "p1.parameter", "p1.since", about="p1") != [None]
    assert written("It fails since {a}.", "p2.since", about="p1") == [None]


def test_a_name_with_braces_is_not_filled_again():
    subjects = SUBJECTS | {"p3": Subject("p3", {Word.NAME: "odd {b} name"})}
    sentence = Sentence.model_validate(said("{a} fails.", "p3.name"))
    (made,) = filled(sentence, subjects, None, NAMES)
    assert made is not None
    assert made.text == "odd {b} name fails."
