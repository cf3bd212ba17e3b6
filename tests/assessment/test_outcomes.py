"""Whatever comes back, there is a report: with an assessment, or with the reason why not."""

import json
import socket
from dataclasses import replace

import pytest
from days import settings_of
from scripted import (
    answer,
    as_json,
    closing,
    cutting,
    envelope,
    error,
    flooding,
    raw_server,
    refusing,
    replied,
    talking_nonsense,
)
from werkzeug import Response

from healthcheck.assessment import assess
from healthcheck.report import render, render_json
from healthcheck.settings import Secret

GOOD = replied(answer(status="critical"))


def why(report) -> str:
    """Why there is no assessment; the rest of the report is that of the rules."""
    assert report.analysis.source == "rules"
    assert report.analysis.error is not None
    prefix = "The AI assessment is not available: "
    assert report.analysis.error.startswith(prefix)
    mail = render(report)
    assert report.analysis.error in " ".join(mail.text.split())
    assert mail.html.index("The AI assessment is not available") < mail.html.lower().index(
        "recommended actions"
    )
    return report.analysis.error.removeprefix(prefix)


@pytest.mark.parametrize(
    "around", ["```json\n{}\n```", "<think>Is {it}?</think>\n{}", "Here:\n{}\n"]
)
def test_an_answer_of_a_server_that_does_not_enforce_the_schema(assessed, sample_day, around):
    told = around.replace("{}", json.dumps(answer(status="critical")))
    report, _ = assessed(sample_day, as_json(envelope(told)))
    assert report.analysis.source == "openai"


def the_rules_report_is_all_there(report, day):
    assert replace(report, analysis=day.report.analysis) == day.report


def test_a_good_answer(assessed, sample_day):
    report, script = assessed(sample_day, replied(answer(status="critical", highlights=["p1"])))
    its = report.analysis
    assert its.source == "openai"
    assert its.summary == (
        "openai: out of credit, all 8 models, no requests succeed; new since 10 Mar 05:26 UTC."
    )
    assert (its.model, its.status, its.error) == ("gpt-4o-mini", "critical", None)
    assert (its.input_tokens, its.output_tokens, its.request_id) == (3000, 200, "req_0123abc")
    assert its.cost_usd == pytest.approx(0.00057)
    assert its.dropped_claims == 0
    assert script.keys == ["Bearer key-of-the-test"]


def test_no_key(sample_day):
    report = assess(sample_day.report, settings_of(None, openai_api_key=None))
    assert why(report) == "OPENAI_API_KEY is not set."
    the_rules_report_is_all_there(report, sample_day)


@pytest.mark.parametrize("key", ["sk-abc\ndef", "schlüssel", "key of mine", "\x00"])
def test_a_key_that_cannot_be_one_is_not_sent_and_not_shown(scripted, settings, sample_day, key):
    script = scripted(GOOD)
    its = replace(settings, openai_api_key=Secret(key))
    report = assess(sample_day.report, its)
    assert "OPENAI_API_KEY" in why(report)
    assert key not in render_json(report)
    assert script.requests == []


@pytest.mark.parametrize(
    ("response", "reason", "action", "calls"),
    [
        (error(401, "invalid_api_key"), "an error (401): it failed", "OPENAI_API_KEY", 1),
        (error(403, message="no"), "an error (403): no", "OPENAI_API_KEY", 1),
        (error(429, "insufficient_quota"), "an error (429): it failed", "Add credit", 1),
        (error(404, "model_not_found"), "does not serve the model", "Set OPENAI_MODEL", 1),
        (error(404, message="no gpt-4o-mini here"), "does not serve", "Set OPENAI_MODEL", 1),
        (error(400, message="Invalid schema"), "an error (400): Invalid schema.", None, 1),
        (error(500), "an error (500): it failed.", None, 4),
        (error(503, retry_after="0"), "an error (503)", None, 4),
        (error(429, "rate_limit_exceeded", retry_after="0"), "an error (429): it failed", None, 4),
        (
            error(429, "rate_limit_exceeded", retry_after="100"),  # longer than the deadline
            "an error (429): it failed",
            None,
            1,
        ),
        (
            error(429, "rate_limit_exceeded", retry_after="0", retry_after_ms="100000"),
            "an error (429): it failed",
            None,
            1,
        ),
        (as_json(refusing("I cannot help with that")), "refused to answer: I cannot", None, 1),
        (
            as_json(
                envelope(
                    '{"patt',
                    status="incomplete",
                    incomplete_details={"reason": "max_output_tokens"},
                )
            ),
            "incomplete: max_output_tokens",
            None,
            1,
        ),
        (as_json(envelope(None)), "its answer is empty", None, 1),
        (as_json(envelope("  \n")), "its answer is empty", None, 1),
        (as_json(envelope("All is well.")), "its answer is no valid JSON", None, 1),
        (as_json(envelope('{"status": "healthy"}')), "not in the requested format", None, 1),
        (as_json(envelope("[" * 100_000)), "no valid JSON", None, 1),
        (as_json(envelope(None, status="failed", error={"message": "boom"})), "boom", None, 1),
        (
            as_json(envelope(None, status="failed", error="odd")),
            "it could not answer: odd.",
            None,
            1,
        ),
        (Response("<html>hi</html>", content_type="text/html"), "a web page", None, 1),
        (Response("", content_type="application/json"), "server is empty", None, 1),
        (Response("{", content_type="application/json"), "no valid JSON", None, 1),
        (as_json({"hello": 1}), "none of the Responses API", None, 1),
        (as_json([1]), "none of the Responses API", None, 1),
        (as_json(None), "none of the Responses API", None, 1),
    ],
)
def test_an_answer_that_is_none(assessed, sample_day, response, reason, action, calls):
    report, script = assessed(sample_day, response)
    assert reason in why(report)
    the_rules_report_is_all_there(report, sample_day)
    assert len(script.requests) == calls
    if action is None:
        assert report.analysis.action is None
    else:
        assert action in report.analysis.action
        assert report.analysis.action in " ".join(render(report).text.split())


def test_what_a_call_took_is_told_even_if_nothing_came_of_it(assessed, sample_day):
    report, _ = assessed(sample_day, as_json(envelope("All is well.")))
    assert (report.analysis.input_tokens, report.analysis.request_id) == (3000, "req_0123abc")
    assert "3,000 tokens in" in " ".join(render(report).text.split())


@pytest.mark.parametrize("odd", [True, -1, 0.5, "3000", 10**30, [], {}])
def test_an_odd_count_of_tokens_is_none_and_spoils_no_answer(assessed, sample_day, odd):
    usage = {"input_tokens": odd, "output_tokens": 200}
    report, _ = assessed(sample_day, as_json(envelope(json.dumps(answer()), usage=usage)))
    its = report.analysis
    assert (its.source, its.input_tokens, its.output_tokens) == ("openai", None, 200)


@pytest.mark.parametrize("first", [error(429, "rate_limit_exceeded"), error(500), error(503)])
def test_what_may_pass_is_tried_again(assessed, sample_day, first):
    report, script = assessed(sample_day, first, GOOD)
    assert report.analysis.source == "openai"
    assert len(script.requests) == 2
    assert script.requests[0] == script.requests[1]


def test_a_model_that_is_retired_is_an_action_of_its_own(assessed, sample_day):
    report, _ = assessed(sample_day, error(404, "model_not_found"))
    mail = render(report)
    for body in (" ".join(mail.text.split()), mail.html):
        assert "Set OPENAI_MODEL to a model that localhost serves: gpt-4o-mini is not one." in body


def test_it_is_told_also_on_a_day_without_any_action(assessed, healthy_day):
    report, _ = assessed(healthy_day, error(404, "model_not_found"))
    assert report.status == "healthy"
    assert "Set OPENAI_MODEL" in render(report).text


def test_nobody_listens(sample_day):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = settings_of(f"http://127.0.0.1:{port}/v1")
    report = assess(sample_day.report, settings)
    assert "127.0.0.1 cannot be reached: [Errno 111] Connection refused." in why(report)


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://x/v1", "http://u:Geheim99@[::/v1"])
def test_an_address_that_is_none(sample_day, url):
    report = assess(sample_day.report, settings_of(url))
    assert why(report)
    assert "Geheim99" not in render_json(report)


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (cutting, "the connection to 127.0.0.1 broke off (RemoteProtocolError)."),
        (closing, "127.0.0.1 cannot be reached: Server disconnected without sending a response."),
        (talking_nonsense, "127.0.0.1 cannot be reached: "),
    ],
)
def test_a_connection_that_breaks_off(sample_day, talk, reason):
    with raw_server(talk) as url:
        report = assess(sample_day.report, settings_of(url))
    assert why(report).startswith(reason)
    the_rules_report_is_all_there(report, sample_day)


def test_an_answer_without_end_is_left(sample_day):
    with raw_server(flooding) as url:
        report = assess(sample_day.report, settings_of(url))
    assert "far too long" in why(report)


@pytest.mark.parametrize("sent", ["<b>pwn</b>", "sk-proj-Zk3vN8qLr5TtYw2XbQp7Mh4Gd9Fs6Jc1"])
def test_a_request_id_that_is_none_is_not_shown(assessed, sample_day, sent):
    report, _ = assessed(sample_day, as_json(envelope("{}"), x_request_id=sent))
    assert report.analysis.request_id is None


def test_a_bug_in_the_assessment_loses_no_report(sample_day, settings, monkeypatch):
    def broken(report):
        raise KeyError("a pair that nobody knows")

    monkeypatch.setattr("healthcheck.assessment.prompt._day", broken)
    report = assess(sample_day.report, settings)
    assert why(report) == "internal error (KeyError)."
    the_rules_report_is_all_there(report, sample_day)


def test_what_the_other_side_says_is_redacted(assessed, sample_day):
    leak = "sk-" + "proj-" + "A1b2C3d4" * 6
    report, _ = assessed(sample_day, error(400, message=f"Incorrect API key provided: {leak}"))
    assert leak not in render_json(report)
    assert leak not in json.dumps(why(report))
