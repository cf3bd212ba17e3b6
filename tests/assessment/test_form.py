"""A sentence is a lead and words around placeholders; code fills them, or drops the sentence."""

import pytest
from scripted import said

from healthcheck.assessment import build_prompt
from healthcheck.assessment.answer import Highlight, Sentence
from healthcheck.assessment.grounding import Grounding
from healthcheck.assessment.highlights import highlighted


@pytest.fixture(scope="module")
def prompt(sample_day):
    """Of the sample day: p1 is openai, p5 azure gpt-5-mini, p7 another rejected request."""
    return build_prompt(sample_day.report, sample_day.facts)


@pytest.fixture(scope="module")
def ground(sample_day, prompt):
    made = Grounding(sample_day.report, prompt.subjects)

    def told(text: str, *refs: str, lead: str = "Try", about: str = "day") -> str | None:
        sentence = Sentence.model_validate(said(text, *refs, lead=lead))
        return made.told(sentence, prompt.subjects[about])

    return told


@pytest.mark.parametrize(
    ("text", "refs", "becomes"),
    [
        ("the errors of {a} since {b}.", ["p5.name", "p5.since"],
         "Try the errors of azure gpt-5-mini since 9 Mar 15:41 UTC."),
        ("{anything} and {at all}", ["p5.name", "p7.name"], "Try azure gpt-5-mini and databricks databricks-gpt-5-1-codex-max."),
        ("the {b} errors of {a}", ["p5.count", "p5.name"], "Try the 2 errors (azure gpt-5-mini) of azure gpt-5-mini."),
        ("the {b} failures of it", ["p5.count"], "Try the 2 errors (azure gpt-5-mini) of it."),
        ("the HTTP {b} of {a}", ["p5.http_status", "p5.name"], "Try the HTTP 400 (azure gpt-5-mini) of azure gpt-5-mini."),
        ("**{a}** \u2013 see its `{b}`.", ["p5.name", "p5.parameter"], "Try azure gpt-5-mini."),
        ("the API page in a flash.", [], "Try the API page in a flash."),
    ],
)  # fmt: skip
def test_it_is_filled(text, refs, becomes, ground):
    assert ground(text, *refs) == becomes


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("{a} first", []),
        ("it first", ["p5.name"]),
        ("{a} since {b}", ["p5.name"]),
        ("{a} first", ["p5.successor"]),
        ("{a} first", ["p99.name"]),
        ("{a} first", ["p5.password"]),
        ("the 17 attempts", []),
        ("all \u0662\u0660 attempts", []),
        ("all \u2167 models", []),
        ("the twenty attempts", []),
        ("a third of it", []),
        ("the errors since Monday", []),
        ("the provider Zorgon", []),
        ("Zorgon", []),
        ("the models at zorgon", []),
        ("the groq models", []),
        ("the mis-tral models", []),
        ("the claudes", []),
        ("the open ai models", []),
        ("the models at together", []),
        ("the flash models", []),
        ("https://evil.example/fix now", []),
        ("the page, see evil.example now", []),
        ("evil\uff0eexample now", []),
        ("evil dot example now", []),
        ("help@evil now", []),
        ("<a> now", []),
        ("max_tokens", []),
        ("$(reboot) now", []),
        ("the g\u200broq models", []),
        ("\u6a21\u578b\u4e0d\u5b58\u5728\u3002", []),
        ("", []),
        ("...", []),
        ("the " + "very " * 60 + "end", []),
        ("{a}-mini", ["p5.name"]),
        ("{a} mini", ["p5.name"]),
        ("{a}{b}", ["p5.name", "p5.provider"]),
        ("not{a}", ["p5.name"]),
        ("\0 and {a}", ["p5.name"]),
        ("the {a} models", ["p5.count"]),
        ("the {a} of models", ["p5.rate"]),
        ("the success rate of {a}", ["day.rate"]),
        ("{a} until {b}", ["p5.name", "p5.since"]),
        ("{a} since {b}", ["p5.name", "p7.since"]),
        ("{a} without {b}", ["p5.name", "p5.wanted_parameter"]),
        ("the operator of {a}", ["p5.name"]),
        ("the mail of the provider", []),
        ("{a} has recovered", ["p5.name"]),
        ("the outage of {a}", ["p5.name"]),
    ],
)  # fmt: skip
def test_it_is_dropped(text, refs, ground):
    assert ground(text, *refs) is None


@pytest.mark.parametrize(
    "tail",
    [
        ", because the key of {b} expired",
        "; {b} is out of credit",
        ". {b} fails for good",
        ", {b} has lost its credit",
        ", which broke {b}",
        " since the provider of {b} is down",
        ", so {b} can wait",
        " and disable {b}",
        ", then delete {b}",
    ],
)
def test_it_ends_where_it_would_state_something(tail, ground):
    assert ground("the queue of {a}" + tail, "p5.name", "p7.name") == (
        "Try the queue of azure gpt-5-mini."
    )


def test_whether_something_is_so_may_be_asked(ground):
    told = ground("the key of {a} expired before {b}", "p5.name", "p5.since", lead="Check whether")
    assert told == "Check whether the key of azure gpt-5-mini expired before 9 Mar 15:41 UTC."
    assert ground("the expired key of {a}", "p5.name") is None
    assert ground("the network of {a}", "p5.name", about="p5") is None
    assert ground("{a} with {b}", "p5.name", "p7.name", lead="Compare") is not None
    assert ground("{a} and {b}", "p5.name", "p7.name", lead="Compare") is None
    assert ground("the key, and whether it has expired") is not None


def test_in_advice_the_problem_is_understood(ground):
    assert ground("{a} {b}", "p5.parameter", "p5.since", about="p5") == (
        "Try max_tokens since 9 Mar 15:41 UTC."
    )


def test_a_value_of_an_entry_that_is_not_named_last_brings_its_name(ground):
    told = ground("{a} and {b}, {c}", "p5.name", "p7.name", "p5.since")
    assert told.endswith(", since 9 Mar 15:41 UTC (azure gpt-5-mini).")


@pytest.mark.parametrize(
    ("say", "of", "becomes"),
    [
        ("most urgent", ["p1"], "Most urgent: openai (out of credit, since 10 Mar 05:26 UTC, all 8 models)."),
        ("new", ["p5"], "New: azure gpt-5-mini (request rejected, since 9 Mar 15:41 UTC)."),
        ("same cause", ["p3", "p4"], "Same cause: 2 models of together (model not found); groq moonshotai/kimi-k2-instruct (model not found)."),
        ("failing more", ["day"], "More failures: the benchmark service (4.5% of attempts, up from 1.5% yesterday)."),
        ("ongoing", ["p3"], "Ongoing: 2 models of together (model not found, for 2 days)."),
        ("over", ["p12"], "Over: bedrock (our ingest bridge rejects the results, until 10 Mar 04:05 UTC)."),
        ("most urgent", ["p12"], None),
        ("new", ["p3"], None),
        ("ongoing", ["p1"], None),
        ("over", ["p1"], None),
        ("over", ["p12", "p1"], None),
        ("same cause", ["p1", "p5"], None),
        ("same cause", ["p8"], None),
        ("failing less", ["day"], None),
        ("quiet", ["day"], None),
        ("new", ["p99"], None),
        ("new", ["m1"], None),
        ("new", [], None),
    ],
)  # fmt: skip
def test_a_highlight_says_what_is_so_of_all_its_entries(say, of, becomes, prompt):
    highlight = Highlight.model_validate({"say": say, "of": of})
    assert highlighted(highlight, prompt.subjects) == becomes


def test_a_quiet_day_may_be_called_quiet(healthy_day):
    prompt = build_prompt(healthy_day.report, healthy_day.facts)
    quiet = highlighted(Highlight(say="quiet", of=["day"]), prompt.subjects)
    assert quiet.startswith("A quiet day: the benchmark service (0% of attempts")
