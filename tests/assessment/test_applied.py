"""What becomes of an answer in the report, and how the mail shows it."""

import pytest
from scripted import advised, answer, linked, read, replied

from healthcheck.assessment.prices import PRICES, cost_usd
from healthcheck.report import render

ADVICE = advised("p1", "automatic top-up is on")
LATER = advised("p4", "other models are sent the same parameter")
READING = read("m1", "hard_capability", "a raw answer is empty or cut off")
HIGHLIGHTS = ["p1", "m1", "day"]


@pytest.fixture
def assessed_sample(assessed, sample_day):
    """The sample day with an honest answer, one highlight of which is none."""
    told = answer(
        readings=[READING],
        highlights=HIGHLIGHTS,
        links=[linked("they go through the same code", "p4", "p6")],
        advice=[LATER, ADVICE],
        status="critical",
    )
    report, _ = assessed(sample_day, replied(told))
    return report


def test_the_summary_is_what_is_so_and_what_is_not_is_counted(assessed_sample):
    its = assessed_sample.analysis
    assert its.summary == (
        "openai: out of credit, all 8 models, no requests succeed; new since 10 Mar 05:26 UTC. "
        "Data from 77 of 79 models. "
        'About "azure gpt-5-mini: request rejected (`max_tokens`)", '
        '"databricks databricks-gpt-5-1-codex-max: request rejected (wrong endpoint)": '
        "check whether they go through the same code."
    )
    assert its.dropped_claims == 1, "a highlight that is none"


def test_advice_stands_beside_the_action_of_its_problem(assessed_sample):
    advised = {
        step.reason.split(":")[0]: step.advice for step in assessed_sample.recommended_actions
    }
    assert advised["openai"] == "Check whether automatic top-up is on."
    assert advised["azure gpt-5-mini"] == "Check whether other models are sent the same parameter."


def test_the_order_of_the_ai_holds_within_a_severity(assessed_sample, sample_day):
    steps = [step.problem for step in assessed_sample.recommended_actions]
    own = [step.problem for step in sample_day.report.recommended_actions]
    assert sorted(steps) == sorted(own)
    assert steps[0] == own[0], "critical comes first, whatever the AI says"
    assert assessed_sample.recommended_actions[1].reason.startswith("azure gpt-5-mini")


def test_an_unknown_message_gets_its_kind_and_what_would_show_it(assessed_sample):
    (reading,) = [part.reading for part in assessed_sample.patterns if part.reading]
    assert (reading.kind, reading.words) == (
        "hard_capability",
        "Check whether a raw answer is empty or cut off.",
    )


def test_the_ai_adds_no_finding_and_moves_no_status(assessed_sample, sample_day):
    rules = sample_day.report
    assert assessed_sample.findings == rules.findings
    assert assessed_sample.problems == rules.problems
    assert (assessed_sample.status, assessed_sample.reason) == (rules.status, rules.reason)
    assert render(assessed_sample).subject == render(rules).subject


def test_who_calls_a_bad_day_healthy_changes_nothing_of_it(assessed, sample_day):
    report, _ = assessed(sample_day, replied(answer(highlights=["p1"], status="healthy")))
    assert report.status == "critical"
    assert report.analysis.summary.startswith("openai: out of credit")
    mail = " ".join(render(report).text.split())
    assert "AI opinion: HEALTHY. The report status is set by the rules." in mail


def test_an_answer_without_highlights_has_no_summary(assessed, sample_day):
    report, _ = assessed(sample_day, replied(answer(status="critical", advice=[ADVICE])))
    assert report.analysis.summary is None
    assert "AI summary" not in render(report).text


@pytest.mark.parametrize(
    "claim",
    [
        "all providers are healthy",
        "the problem is over",
        "openai works again",
        "nothing needs attention",
    ],
)
@pytest.mark.parametrize("tail", ["{}", "automatic top-up is on, {}", "automatic top-up is on. {}"])
def test_nothing_is_called_healthy_or_over(tail, claim, assessed, sample_day):
    words = tail.replace("{}", claim)
    told = answer(
        highlights=["p1"],
        links=[linked(words, "p1", "p5")],
        advice=[advised("p1", words)],
        readings=[read("m1", "timeout", words)],
        status="healthy",
    )
    mail = " ".join(render(assessed(sample_day, replied(told))[0]).text.split())
    assert "; new since" in mail
    assert claim not in mail


def test_at_most_three_highlights_and_one_link_are_shown(assessed, sample_day):
    questions = ("they go through the same code", "they fail in the same hours")
    links = [linked(question, "p5", "p7") for question in questions]
    told = answer(highlights=["p1", "p1", "p2", "p3", "p4"], links=links)
    summary = assessed(sample_day, replied(told))[0].analysis.summary
    assert summary.count("UTC.") == 3
    assert "the same code" in summary
    assert "the same hours" not in summary


def test_what_names_no_problem_or_message_is_dropped(assessed, sample_day):
    told = answer(
        advice=[advised(each, "automatic top-up is on") for each in ("p99", "v1")],
        readings=[read("(none)", "timeout", "automatic top-up is on")],
        links=[linked("they go through the same code", *each) for each in (("p5", "p99"), ())],
        status="critical",
    )
    report, _ = assessed(sample_day, replied(told))
    assert report.analysis.dropped_claims == 5
    assert all(step.advice is None for step in report.recommended_actions)


def test_the_mail_shows_the_words_of_the_ai(assessed_sample):
    mail = render(assessed_sample)
    for body in (" ".join(mail.text.split()), mail.html):
        assert "openai: out of credit, all 8 models, no requests succeed; new since" in body
        assert "Check whether automatic top-up is on" in body
        assert "req_0123abc" in body


def test_costs_are_list_prices_and_unknown_models_have_none():
    assert cost_usd("gpt-4o-mini", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert cost_usd("gpt-4o-mini-2024-07-18", 1_000_000, 0) == pytest.approx(0.15)
    assert cost_usd("llama-3", 1, 1) is None
    assert cost_usd("gpt-4o", None, 1) is None
    assert all(0 < given < made for given, made in PRICES.values())
