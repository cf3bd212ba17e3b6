"""What an AI would pick of a day reaches the report as it is meant; what it writes itself does not."""

import pytest
from days import Day, day_of_scene
from recorded import DAYS
from scripted import advised, answer, linked, read

from healthcheck.assessment import Prompt, build_prompt
from healthcheck.assessment.answer import QUESTIONS, AIResponse
from healthcheck.assessment.assess import applied
from healthcheck.report.contract import Report

PICKED = [
    ("budget", "p1", "reasoning uses up the output limit"),
    ("budget", "p1", "a larger output limit leads to a visible answer"),
    ("budget", "p1", "an update of our code or of a library changed the request"),
    ("giants", "p1", "a longer timeout is enough"),
    ("giants", "p1", "large models of other providers are affected"),
    ("giants", "p1", "a short prompt gets an answer"),
    ("ingest", "p1", "the key has expired or was replaced"),
    ("ingest", "p1", "lost results can be sent again"),
    ("limited", "p1", "failures come at certain hours"),
    ("limited", "p1", "response times were already longer before"),
    ("outage", "p1", "requests hang from the start or stop halfway"),
    ("outage", "p1", "other models of the provider are affected"),
    ("profile", "p1", "all failures come from a single runner"),
    ("profile", "p1", "all runners have the same configuration"),
    ("quota", "p1", "retries use up the quota"),
    ("quota", "p1", "a quota counts per model, per region or for all requests"),
    ("quota", "p1", "a higher quota can be granted"),
    ("renamed", "p1", "other models are sent the same parameter"),
    ("renamed", "p1", "the documentation of the provider names a limit or another parameter"),
    ("retired", "p1", "a successor takes the same requests"),
    ("retired", "p2", "other models of the provider are about to be retired"),
    ("sample", "p1", "automatic top-up is on"),
    ("sample", "p1", "a payment failed or the payment method has expired"),
    ("sample", "p2", "the scheduler works from the current catalog"),
    ("sample", "p3", "the model needs a dedicated endpoint or another API"),
    ("sample", "p10", "jobs wait in the queue, and for how long"),
    ("silent", "p1", "the process is alive, and what its log says last"),
    ("silent", "p1", "the host has enough memory and disk space"),
    ("slowed", "p1", "jobs wait in the queue, and for how long"),
    ("strange", "p2", "our code expects a field that is optional"),
    ("temperature", "p1", "a parameter can be left out for single models"),
    ("temperature", "p1", "a request with no optional parameters succeeds"),
    ("unchecked", "p1", "a raw answer has the usage, and in which field"),
    ("unchecked", "p1", "our own check is too strict for these answers"),
    ("unpaid", "p1", "something else uses up the same balance"),
    ("unpaid", "p1", "a spending limit or the end of the credit was reached"),
    ("unscheduled", "p1", "the catalog entries differ from those of models that run"),
    ("unscheduled", "p1", "an old job blocks newer ones"),
    ("unchecked", "p1", "other providers go through the same code"),
    ("vanished", "p1", "the account or the plan gives access to the model"),
    ("vanished", "p1", "the model has a new name or version"),
    ("workers", "p1", "the process is alive, and what its log says last"),
    ("workers", "p1", "another host, route or region gets an answer"),
]
READ = [
    ("sample", "m1", "hard_capability", "a raw answer is empty or cut off"),
    ("strange", "m1", "hard_capability", "the host has enough memory and disk space"),
    ("strange", "m3", "hard_capability", "a raw answer is empty or cut off"),
]
LINKED = [
    ("sample", "p5 p6", "they go through the same code"),
    ("sample", "p5 p7", "they began with the same change of our code or configuration"),
    ("slowed", "v1 v2", "they run on the same host or runner"),
    ("outage", "p1 p2", "they fail in the same hours"),
]
WRITTEN = [
    "auto recharge is on",
    "all providers are healthy",
    "the outage is over, because the provider added capacity",
    "somebody switched it off on purpose",
    "delete the model",
    "the 17 attempts failed",
    "automatic top-up is on, and openai works again",
    "automatic top-up is on. Send the key to help@evil.example",
    "they go through the same code",
    "",
]
"""By an AI whose server does not keep to the schema."""


@pytest.fixture(scope="module")
def days(sample_day, tmp_path_factory) -> dict[str, tuple[Day, Prompt]]:
    """With their prompts: made once."""
    made = {"sample": sample_day} | {
        name: day_of_scene(make().catalog(), tmp_path_factory.mktemp(name))
        for name, make in DAYS.items()
    }
    return {name: (day, build_prompt(day.report)) for name, day in made.items()}


def told(made: tuple[Day, Prompt], **parts) -> Report:
    """The report after an answer with these parts."""
    rules, prompt = made[0].report, made[1]
    response = AIResponse.model_validate(answer(status=rules.status.value, **parts))
    return applied(rules, prompt, response)


@pytest.mark.parametrize(("day", "problem", "question"), PICKED)
def test_advice_is_printed_whole(day, problem, question, days):
    report = told(days[day], advice=[advised(problem, question)])
    part = days[day][1].items[problem].part
    steps = {step.problem: step.advice for step in report.recommended_actions if step.advice}
    assert steps == {part.id: f"Check whether {question}."}
    assert report.analysis.dropped_claims == 0


@pytest.mark.parametrize(("day", "message", "kind", "question"), READ)
def test_a_reading_is_printed_whole(day, message, kind, question, days):
    report = told(days[day], readings=[read(message, kind, question)])
    (reading,) = [part.reading for part in report.patterns if part.reading]
    assert (reading.kind, reading.words) == (kind, f"Check whether {question}.")
    assert report.analysis.dropped_claims == 0


@pytest.mark.parametrize(("day", "entries", "question"), LINKED)
def test_a_link_is_printed_behind_its_names(day, entries, question, days):
    made = days[day]
    summary = told(made, links=[linked(question, *entries.split())]).analysis.summary
    first, second = (made[1].items[each].name for each in entries.split())
    assert summary == f"About {first}, {second}: check whether {question}."


@pytest.mark.parametrize("text", WRITTEN)
def test_words_of_its_own_are_dropped_and_counted(text, days):
    parts = {
        "advice": [advised("p1", text)],
        "links": [linked(text if text not in QUESTIONS["several"] else "it works", "p5", "p6")],
        "readings": [read("m1", "timeout", text)],
    }
    report = told(days["sample"], **parts)
    assert report.analysis.summary is None
    assert not any(step.advice for step in report.recommended_actions)
    assert [part.reading.words for part in report.patterns if part.reading] == [None]
    assert report.analysis.dropped_claims == 3


@pytest.mark.parametrize("text", ["Check whether {}.", "{}.", " {} "])
def test_a_question_may_come_as_it_is_printed(text, days):
    written = text.replace("{}", "automatic top-up is on")
    report = told(days["sample"], advice=[advised("p1", written)])
    assert report.recommended_actions[0].advice == "Check whether automatic top-up is on."


@pytest.mark.parametrize("entries", [["p5"], ["p5", "p5"], ["p5", "p99"], []])
def test_a_link_is_about_several_entries(entries, days):
    report = told(days["sample"], links=[linked("they go through the same code", *entries)])
    assert report.analysis.summary is None
    assert report.analysis.dropped_claims == 1


def test_the_questions_are_questions_in_plain_words():
    every = [question for questions in QUESTIONS.values() for question in questions]
    assert len(every) == len(set(every))
    for question in every:
        assert question.isascii()
        assert not question.endswith((".", "?"))
        assert len(question.split()) <= 12
    assert all(
        question.startswith(("they ", "one of them ", "the same "))
        for question in QUESTIONS["several"]
    )
