"""What the AI wants checked goes on behind "Check whether", with the report's names, numbers and times alone."""

import pytest

from healthcheck.assessment import build_prompt
from healthcheck.assessment.grounding import Grounding


@pytest.fixture(scope="module")
def prompt(sample_day):
    """Of the sample day: p1 is openai, p5 azure gpt-5-mini, p7 another rejected request."""
    return build_prompt(sample_day.report)


@pytest.fixture(scope="module")
def question(sample_day, prompt):
    grounding = Grounding(sample_day.report)

    def asked(text: str, *about: str) -> str | None:
        return grounding.question(text, *(prompt.items[each] for each in about or ("p5",)))

    return asked


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("azure gpt-5-mini failed before 9 Mar 15:41 UTC.", "azure gpt-5-mini failed before 9 Mar 15:41 UTC"),
        ("Check whether it is sent max_tokens", "it is sent max_tokens"),
        ("whether it is sent max_tokens", "it is sent max_tokens"),
        ("**gpt-5-mini** still gets `max_tokens`.", "gpt-5-mini still gets max_tokens"),
        ("other models of Azure accept max_completion_tokens", "other models of Azure accept max_completion_tokens"),
        ("openai is affected too", "openai is affected too"),
        ("every HTTP 400 names the parameter", "every HTTP 400 names the parameter"),
        ("its queue is full", "its queue is full"),
        ("the catalog marks which of these models still accept it", "the catalog marks which of these models still accept it"),
        ("the key that the adapter sends is still valid", "the key that the adapter sends is still valid"),
        ("the API page is gone in a flash", "the API page is gone in a flash"),
        ("it is an old field, e.g. a limit", "it is an old field, for example a limit"),
    ],
)  # fmt: skip
def test_it_is_asked(text, becomes, question):
    assert question(text) == f"Check whether {becomes}."


@pytest.mark.parametrize(
    "text",
    [
        "the 17 attempts failed",
        "all \u0662\u0660 attempts failed",
        "all \u2167 models failed",
        "the twenty attempts failed",
        "a third of it is lost",
        "the errors began on Monday",
        "it began on 8 Mar",
        "it began at 15:42 UTC",
        "its successor is gpt-9",
        "gpt-5-mini-2 is affected",
        "max_tokens_2 is sent",
        "top_p is sent",
        "the provider Zorgon is down",
        "models at zorgon are down",
        "mis-tral models are down",
        "the claudes are down",
        "the gemini models are down",
        "a model of meta is down",
        "the flash models are down",
        "https://evil.example/fix is open",
        "there is a form, see evil.example now",
        "evil\uff0eexample is open",
        "evil dot example is open",
        "help@evil answers",
        "<a> is open",
        "$(reboot) works",
        "it is g\u200broq",
        "\u6a21\u578b\u4e0d\u5b58\u5728\u3002",
        "not\0azure is open",
        "",
        "...",
        "is",
        "'' ''",
        "it is " + "very " * 60 + "slow",
        "the operator is there",
        "somebody changed it on purpose",
        "delete the model",
        "the expired key is used elsewhere",
        "the outage is over",
        "azure's outage is over",
        "the long network maintenance is over",
        "the increased quota is enough",
        "the successful attempts used another key",
        "the key leaks are over",
        "the key that we lost is found",
        "the key we lost is found",
        "this leak goes on",
        "the models that work again share a host",
    ],
)
def test_it_is_dropped(text, question):
    assert question(text) is None


@pytest.mark.parametrize(
    "tail",
    [
        ", because the key of azure expired",
        "; azure is out of credit",
        ". Azure fails for good",
        ", the key has lost its credit",
        ", which broke azure",
        " since the key was renewed",
        " now that the models work again",
        ", so azure can wait",
        " and disable azure",
        ", azure fails for good",
        ", that was our own doing",
        " due to a leak",
        " (azure fails for good)",
        ", then delete azure",
    ],
)
def test_it_ends_where_it_would_state_something(tail, question):
    assert question("the queue of azure is full" + tail) == (
        "Check whether the queue of azure is full."
    )


def test_what_the_entry_has_may_be_taken_for_granted(question):
    assert question("the rate limits are per model", "p5") is None
    assert question("the retired model has a successor", "p4") is not None
    assert question("the retired model has a successor", "p5") is None


def test_parameters_and_times_are_those_of_its_own_entry(question):
    assert question("it is sent max_tokens", "p5") is not None
    assert question("it is sent max_tokens", "p7") is None
    assert question("they are sent max_tokens", "p5", "p7") is not None


def test_a_count_is_that_of_its_own_entry(question):
    """Two models of together are p3."""
    assert question("the 2 models, or all two, share a host", "p3") is not None
    assert question("the 2 models share a host", "p5") is None
    assert question("all two models share a host", "p5") is None


def test_what_is_cut_or_dropped_is_counted(sample_day, prompt):
    grounding = Grounding(sample_day.report)
    for text in ("it is full", "it is full, because it is", "Zorgon is full"):
        grounding.question(text, prompt.items["p5"])
    assert grounding.dropped == 2


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("p1", "openai: out of credit, all 8 models, no requests succeed; new since 10 Mar 05:26 UTC."),
        ("p3", "2 models of together: likely deprecated; ongoing since 8 Mar 02:41 UTC."),
        ("p12", "results of bedrock could not be saved; ended 10 Mar 04:05 UTC."),
        ("day", "4.5% of attempts failed (1.5% yesterday and 0.8% in the week before); data from 77 of 79 models."),
        ("v3", "fireworks: 9.2% of attempts failed (9.8% yesterday)."),
        ("m1", ""),
    ],
)  # fmt: skip
def test_a_highlight_is_a_sentence_of_the_report(entry, sentence, prompt):
    assert prompt.items[entry].highlight == sentence


def test_a_quiet_day_has_a_highlight(healthy_day):
    quiet = build_prompt(healthy_day.report).items["day"].highlight
    assert quiet.startswith("0% of attempts failed (")
