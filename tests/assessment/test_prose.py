"""A sentence stays where the data bears it out; whatever else it says, it goes."""

import pytest

from healthcheck.assessment.prose import checked, ground, is_borne_out

GROUND = ground(
    ["groq", "moonshotai/kimi-k2-instruct", "azure", "gpt-4.1", "together"],
    ["All 20 attempts since 2026-03-09 12:32 UTC; it complains about max_tokens (14.7 %)."],
    [1957, 404],
)


@pytest.mark.parametrize(
    "sentence",
    [
        "All models of groq fail.",
        "The model moonshotai/kimi-k2-instruct was retired.",
        "The model kimi-k2-instruct was retired.",
        "Groq has retired a model, and azure's request is wrong.",
        "On groq, 20 attempts failed since 12:32 UTC.",
        "Twenty attempts failed on 2026-03-09.",
        "Of 1,957 attempts 14.7% failed.",
        "The answer was 404, and the API says so.",
        "The request's max_tokens does not fit gpt-4.1.",
        "Rename `max_tokens` - it's the provider\u2019s wish \u2026",
        "together is down, and so is azure.",
        "Both share one cause: a provider-wide, long-lasting out-of-credit state (e.g. of the key).",
        "Check it; look at this one first.",
    ],
)
def test_what_the_data_bears_out(sentence):
    assert checked(sentence, GROUND)[1] == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "All models of mistral fail.",
        "Mistral is down.",
        "OpenAI is down.",
        "Zorgon is down.",
        "The provider Zorgon is down.",
        "The model zorgon-7b is gone.",
        "The model gpt-4.1-mini is gone.",
        "The model gpt-4 is gone.",
        "The model kimi is gone.",
        "The model kimi-k2 is gone.",
        "The host groq.example is gone.",
        "The host evil.groq is gone.",
        "All 21 attempts failed.",
        "All twelve models failed.",
        "Hundreds of models failed.",
        "About 90 percent failed.",
        "All 1 957 x 2 attempts failed.",
        "It fell by \u00bd.",
        "All \u0662\u0660 attempts failed.",
        "All \u4e09\u767e models failed.",
        "All \u2167 models failed.",
        "See https://evil.example/fix now.",
        "See hxxps://evil.example now.",
        "See www.evil.example now.",
        "See evil.example/fix now.",
        "See evil[.]example now.",
        "See evil\u3002example now.",
        "See evil\uff0eexample now.",
        "Write to help@evil.example now.",
        "Write to help\uff20evil now.",
        "Go to 10.0.0.1 now.",
        "Open javascript:alert(1) now.",
        "Click <a>here</a> now.",
        "Click [here](x) now.",
        "Run {{7*7}} now.",
        "Run $(reboot) now.",
        "Run db.dropDatabase() now.",
        "The model \u0261roq fails.",
        "The g\u200broq fails.",
        "Alle Modelle sind ausgefallen, \u00fcberall.",
        "\u6a21\u578b\u4e0d\u5b58\u5728\u3002",
        "",
        "...",
        "The " + "very " * 100 + "end.",
    ],
)
def test_what_it_does_not(sentence):
    assert checked(sentence, GROUND)[0] is None
    assert not is_borne_out(sentence, GROUND)


def test_it_is_judged_sentence_by_sentence():
    text = "All models of groq fail. Mistral is down. The model gpt-4.1 is slow! It is 2026-01-01."
    assert checked(text, GROUND) == ("All models of groq fail. The model gpt-4.1 is slow!", 2)


def test_only_so_many_sentences_are_shown():
    assert checked("It fails. " * 9, GROUND, most=2) == ("It fails. It fails.", 0)


def test_what_lacks_its_end_gets_it():
    assert checked("  It fails ", GROUND) == ("It fails.", 0)


def test_nothing_is_nothing():
    assert checked("", GROUND) == (None, 0)


def test_a_name_that_is_a_word_does_not_open_the_door_to_others():
    base = ground(["a", "the"], [], [])
    assert not is_borne_out("The a Zorgon is down.", base)
