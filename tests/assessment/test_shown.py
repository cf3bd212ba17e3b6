"""How the mail shows what the AI says: near the top, marked, and never in the way."""

import pytest
from golden import assert_golden
from scripted import answer, error, replied, said

from healthcheck.assessment.prices import PRICES, cost_usd
from healthcheck.report import render


@pytest.fixture
def assessed_sample(assessed, sample_day):
    """The sample day with an honest answer, one sentence of which is invented."""
    billing = sample_day.id_of("provider_issue", "openai")
    fix = sample_day.id_of("code_fix", "azure", "gpt-5-mini")
    told = answer(
        patterns=[
            {
                "pattern": "p1",
                "kind": "hard_capability",
                "why": "Our code reads only the first part.",
            }
        ],
        provider_issues=[{"provider": "openai", "why": "The account of openai is out of credit."}],
        code_fixes=[{"model": "azure gpt-5-mini", "why": "Our request names max_tokens."}],
        summary=[
            said("All 8 models of openai are out of credit, and no retry will mend it.", billing),
            said("The request for azure gpt-5-mini has to change as well.", fix),
            said("Mistral will be next.", billing),
        ],
        actions=[
            {"finding": billing, "advice": "Pay first: all data of openai is being lost."},
            {"finding": fix, "advice": "Change it before the next run."},
        ],
        status="critical",
        status_reason=said("All models of openai are lost.", billing),
    )
    report, _ = assessed(sample_day, replied(told))
    return report


def test_the_mail_with_an_assessment_is_as_agreed(assessed_sample):
    mail = render(assessed_sample)
    assert_golden("assessed.txt", mail.text)
    assert_golden("assessed.html", mail.html)


def test_the_mail_without_one_is_as_agreed(assessed, healthy_day):
    report, _ = assessed(healthy_day, error(404, "model_not_found"))
    mail = render(report)
    assert_golden("unassessed.txt", mail.text)
    assert_golden("unassessed.html", mail.html)


def test_the_summary_stands_between_the_reason_and_what_is_new(assessed_sample):
    mail = render(assessed_sample)
    for body in (mail.text.lower(), mail.html.lower()):
        reason, words = body.index("no money or credit"), body.index("no retry will")
        assert reason < body.index("in the words of the ai") < words < body.index("what is new")


def test_the_footer_tells_what_it_took(assessed_sample):
    told = (
        "AI: gpt-4o-mini, 3000 tokens in, 200 out, about 0.0006 USD, request req_0123abc, "
        "1 unsupported claim dropped."
    )
    mail = render(assessed_sample)
    assert told in " ".join(mail.text.split())
    assert told in mail.html


def test_the_subject_is_that_of_the_rules(assessed_sample, sample_day):
    assert render(assessed_sample).subject == render(sample_day.report).subject


def test_the_order_of_the_ai_holds_among_equals(assessed_sample, sample_day):
    steps = [step.finding for step in assessed_sample.recommended_actions]
    assert steps[:2] == [
        sample_day.id_of("provider_issue", "openai"),
        sample_day.id_of("code_fix", "azure", "gpt-5-mini"),
    ]
    assert sorted(steps) == sorted(s.finding for s in sample_day.report.recommended_actions)


def test_an_addition_does_not_push_a_rule_out_of_the_headline(assessed_sample):
    assert "(+11 more)" in assessed_sample.reason
    assert render(assessed_sample).subject.endswith("(+11 more)")


def test_costs_are_list_prices_and_unknown_models_have_none():
    assert cost_usd("gpt-4o-mini", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert cost_usd("gpt-4o-mini-2024-07-18", 1_000_000, 0) == pytest.approx(0.15)
    assert cost_usd("llama-3", 1, 1) is None
    assert cost_usd("gpt-4o", None, 1) is None
    assert all(0 < price.input < price.output for price in PRICES.values())
