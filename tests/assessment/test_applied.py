"""What becomes of an answer in the report, and how the mail shows it."""

import pytest
from scripted import answer, replied, said

from healthcheck.assessment.prices import PRICES, cost_usd
from healthcheck.report import render

ADVICE = said("Look at the balance first: nothing there can be judged before.") | {"problem": "p1"}
LATER = said("Rename {a} to {b}.", "p5.parameter", "p5.wanted_parameter") | {"problem": "p5"}
READING = said("Our code reads only the first part.") | {"message": "m1", "kind": "hard_capability"}
SUMMARY = [
    said("{a} is out of credit since {b}.", "p1.name", "p1.since"),
    said("The failure rate is {a}, up from {b}.", "day.rate", "day.yesterday"),
    said("Mistral will be next."),
]


@pytest.fixture
def assessed_sample(assessed, sample_day):
    """The sample day with an honest answer, one sentence of which is invented."""
    told = answer(
        readings=[READING],
        summary=SUMMARY,
        advice=[LATER, ADVICE],
        status="critical",
        status_reason=said("All requests to {a} fail.", "p1.name"),
    )
    report, _ = assessed(sample_day, replied(told))
    return report


def test_the_summary_is_filled_and_what_does_not_hold_is_counted(assessed_sample):
    its = assessed_sample.analysis
    assert its.summary == (
        "openai is out of credit since 10 Mar 05:26 UTC. "
        "The failure rate is 4.5% of attempts, up from 1.5% yesterday."
    )
    assert its.reason == "All requests to openai fail."
    assert its.dropped_claims == 1


def test_advice_stands_beside_the_action_of_its_problem(assessed_sample):
    advised = {
        step.reason.split(":")[0]: step.advice for step in assessed_sample.recommended_actions
    }
    assert advised["openai"].startswith("Look at the balance first")
    assert advised["azure gpt-5-mini"] == "Rename max_tokens to max_completion_tokens."


def test_the_order_of_the_ai_holds_within_a_severity(assessed_sample, sample_day):
    steps = [step.problem for step in assessed_sample.recommended_actions]
    own = [step.problem for step in sample_day.report.recommended_actions]
    assert sorted(steps) == sorted(own)
    assert steps[0] == own[0], "critical comes first, whatever the AI says"
    assert assessed_sample.recommended_actions[1].reason.startswith("azure gpt-5-mini")


def test_an_unknown_message_gets_its_kind_and_why(assessed_sample):
    (reading,) = [part.reading for part in assessed_sample.patterns if part.reading]
    assert (reading.kind, reading.words) == (
        "hard_capability",
        "Our code reads only the first part.",
    )


def test_a_reason_that_is_not_of_the_kind_is_dropped(assessed, sample_day):
    wrong = said("The account is out of credit.") | {"message": "m1", "kind": "timeout"}
    report, _ = assessed(sample_day, replied(answer(readings=[wrong], status="critical")))
    (reading,) = [part.reading for part in report.patterns if part.reading]
    assert (reading.kind, reading.words) == ("timeout", None)


def test_the_ai_adds_no_finding_and_moves_no_status(assessed_sample, sample_day):
    rules = sample_day.report
    assert assessed_sample.findings == rules.findings
    assert assessed_sample.problems == rules.problems
    assert (assessed_sample.status, assessed_sample.reason) == (rules.status, rules.reason)
    assert render(assessed_sample).subject == render(rules).subject


@pytest.mark.parametrize(("rated", "shown"), [("healthy", None), ("warning", "openai fails.")])
def test_who_calls_a_bad_day_healthy_is_not_quoted(assessed, sample_day, rated, shown):
    told = answer(summary=[said("{a} fails.", "p1.name")], status=rated)
    report, _ = assessed(sample_day, replied(told))
    assert report.analysis.status == rated
    assert report.analysis.summary == shown
    assert (report.analysis.dropped_claims > 0) == (shown is None)


def test_what_names_no_problem_or_message_is_dropped(assessed, sample_day):
    told = answer(
        advice=[said("Wait.") | {"problem": "p99"}, said("Wait.") | {"problem": "v1"}],
        readings=[said("It is odd.") | {"message": "(none)", "kind": "timeout"}],
        status="critical",
    )
    report, _ = assessed(sample_day, replied(told))
    assert report.analysis.dropped_claims == 3
    assert all(step.advice is None for step in report.recommended_actions)


def test_the_mail_shows_the_words_of_the_ai(assessed_sample):
    mail = render(assessed_sample)
    for body in (" ".join(mail.text.split()), mail.html):
        assert "openai is out of credit since 10 Mar 05:26 UTC. The failure rate is" in body
        assert "Look at the balance first" in body
        assert "req_0123abc" in body
        assert "Mistral will be next" not in body


def test_costs_are_list_prices_and_unknown_models_have_none():
    assert cost_usd("gpt-4o-mini", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert cost_usd("gpt-4o-mini-2024-07-18", 1_000_000, 0) == pytest.approx(0.15)
    assert cost_usd("llama-3", 1, 1) is None
    assert cost_usd("gpt-4o", None, 1) is None
    assert all(0 < price.input < price.output for price in PRICES.values())
