"""What becomes of an answer in the report, and how the mail shows it."""

import pytest
from scripted import answer, picked, replied, said

from healthcheck.assessment.prices import PRICES, cost_usd
from healthcheck.report import render

ADVICE = said("the balance first: nothing there can be judged before.") | {"problem": "p1"}
LATER = said("other models are sent {a}", "p5.parameter", lead="Check whether") | {"problem": "p5"}
READING = said("our code reads the whole answer", lead="Check whether") | {
    "message": "m1",
    "kind": "hard_capability",
}
HIGHLIGHTS = [picked("most urgent", "p1"), picked("over", "p1"), picked("failing more", "day")]


@pytest.fixture
def assessed_sample(assessed, sample_day):
    """The sample day with an honest answer, one highlight of which is not so."""
    told = answer(
        readings=[READING],
        highlights=HIGHLIGHTS,
        connections=[said("{a} with {b}", "p5.name", "p7.name", lead="Compare")],
        advice=[LATER, ADVICE],
        status="critical",
    )
    report, _ = assessed(sample_day, replied(told))
    return report


def test_the_summary_is_what_is_so_and_what_is_not_is_counted(assessed_sample):
    its = assessed_sample.analysis
    assert its.summary == (
        "Most urgent: openai (out of credit, since 10 Mar 05:26 UTC, all 8 models). "
        "More failures: the benchmark service (4.5% of attempts, up from 1.5% yesterday). "
        "Compare azure gpt-5-mini with databricks databricks-gpt-5-1-codex-max."
    )
    assert its.dropped_claims == 2, "a highlight, and the statement behind the colon"


def test_advice_stands_beside_the_action_of_its_problem(assessed_sample):
    advised = {
        step.reason.split(":")[0]: step.advice for step in assessed_sample.recommended_actions
    }
    assert advised["openai"] == "Try the balance first."
    assert advised["azure gpt-5-mini"] == "Check whether other models are sent max_tokens."


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
        "Check whether our code reads the whole answer.",
    )


def test_the_ai_adds_no_finding_and_moves_no_status(assessed_sample, sample_day):
    rules = sample_day.report
    assert assessed_sample.findings == rules.findings
    assert assessed_sample.problems == rules.problems
    assert (assessed_sample.status, assessed_sample.reason) == (rules.status, rules.reason)
    assert render(assessed_sample).subject == render(rules).subject


@pytest.mark.parametrize(("rated", "shown"), [("healthy", None), ("warning", "New: openai")])
def test_who_calls_a_bad_day_healthy_is_not_quoted(assessed, sample_day, rated, shown):
    told = answer(highlights=[picked("new", "p1")], status=rated)
    report, _ = assessed(sample_day, replied(told))
    assert report.analysis.status == rated
    assert (report.analysis.summary or "").startswith(shown or "")
    assert (report.analysis.summary is None) == (shown is None)
    assert (report.analysis.dropped_claims > 0) == (shown is None)


def test_what_names_no_problem_or_message_is_dropped(assessed, sample_day):
    told = answer(
        advice=[said("it") | {"problem": "p99"}, said("it") | {"problem": "v1"}],
        readings=[said("it") | {"message": "(none)", "kind": "timeout"}],
        status="critical",
    )
    report, _ = assessed(sample_day, replied(told))
    assert report.analysis.dropped_claims == 3
    assert all(step.advice is None for step in report.recommended_actions)


def test_the_mail_shows_the_words_of_the_ai(assessed_sample):
    mail = render(assessed_sample)
    for body in (" ".join(mail.text.split()), mail.html):
        assert "Most urgent: openai (out of credit, since 10 Mar 05:26 UTC, all 8 models)." in body
        assert "Try the balance first" in body
        assert "req_0123abc" in body
        assert "nothing there can be judged" not in body


def test_costs_are_list_prices_and_unknown_models_have_none():
    assert cost_usd("gpt-4o-mini", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert cost_usd("gpt-4o-mini-2024-07-18", 1_000_000, 0) == pytest.approx(0.15)
    assert cost_usd("llama-3", 1, 1) is None
    assert cost_usd("gpt-4o", None, 1) is None
    assert all(0 < price.input < price.output for price in PRICES.values())
