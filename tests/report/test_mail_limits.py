"""Whatever a day brings: the mail is delivered whole, and nothing in it is more than text."""

import json
import re

import pytest
from hostile import MESSAGES, NAMES
from hypothesis import given
from hypothesis import strategies as st
from reports import finding, provider, report, worst_day

from healthcheck.report import render
from healthcheck.report.text_filters import wrap_script

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\ud800-\udfff]")


@pytest.mark.parametrize("characters", ["m", "m ", "<", "'", "\U0001f525", "<&'\"\U0001f525>", "-"])
def test_the_worst_day_is_small_enough_for_any_client(characters):
    mail = render(worst_day(characters * 200, characters * 500))
    assert len(mail.html.encode()) < 60_000
    assert mail.text.count("\n") < 180


def test_the_sample_day_fits_four_phone_screens(sample_report):
    """Text lines stand for the screens here; only a new item of the day may add its own."""
    mail = render(sample_report)
    assert mail.text.count("\n") <= 109  # the last 14 days add a line
    assert len(mail.html.encode()) < 30_000


def test_a_healthy_day_fits_one(healthy_report):
    assert render(healthy_report).text.count("\n") <= 20


def test_a_day_of_300_models_with_mixed_causes_fits_six():
    causes = [f"m{number} fails: cause {number % 60}" for number in range(300)]
    found = [finding("failing_model", model=name) for name in causes]
    made = report(*found, providers=[provider(f"p{n}", errors=9) for n in range(12)])
    mail = render(made)
    assert mail.text.count("\n") <= 130
    told = [int(count) for count in re.findall(r"(\d+) more", mail.text)]
    shown = len(re.findall(r"^ *\d+\. \[NEW\]", mail.text, re.MULTILINE))
    assert told[0] + shown == 300


@given(st.text(max_size=200), st.text(max_size=500))
def test_a_subject_is_one_line_of_ascii_whatever_the_names(provider, model):
    subject = render(report(finding(provider=provider, model=model))).subject
    assert subject.isascii()
    assert subject.isprintable()
    assert len(subject) <= 140


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_changes_nothing_of_the_subject(name):
    subject = render(report(finding(provider=name))).subject
    assert re.match(r"WARNING .+ \| LLM health 10 Mar 2026", subject)
    assert len(subject.splitlines()) == 1


def test_hostile_text_hides_and_breaks_nothing(hostile_report):
    mail = render(hostile_report)
    for body in (mail.text, mail.html):
        assert not CONTROLS.search(body.replace("\n", ""))


def test_hostile_text_is_no_markup(hostile_report):
    html = render(hostile_report).html
    for tag in ("<script", "<div>503", "<!DOCTYPE html><html>"):
        assert tag not in html
    assert "&lt;script&gt;alert(1)" in html


def test_hostile_text_is_no_template():
    told = report(finding(provider="{{7*7}}{% raw %}", message="{{ mail }}"))
    for body in (render(told).text, render(told).html):
        assert "{{7*7}}{% raw %}" in body
        assert "{{ mail }}" in body


@pytest.mark.parametrize("text", [text for text in (*NAMES, *MESSAGES) if "<" in text])
def test_no_tag_comes_from_a_name_or_message(text):
    clean = render(report(finding(provider="p", message="m"))).html
    dirty = render(report(finding(provider=text, message=text))).html
    assert dirty.count("<") == clean.count("<")


def test_no_link_is_made_from_data():
    told = report(finding(message="javascript:alert(1) https://evil.example/ <a href=x>"))
    assert "<a " not in render(told).html


def test_a_key_in_a_name_or_message_is_in_neither_body(hostile_report):
    mail = render(hostile_report)
    for part in (mail.subject, mail.text, mail.html):
        assert "A1b2C3d4" not in part


def test_only_lines_to_paste_may_be_longer_than_78_columns(hostile_report):
    text = render(hostile_report).text
    for line in text.splitlines():
        assert len(line) <= 78 or line.startswith(("    {provider: ", "    model_id: "))


@given(st.lists(st.text("ab ',(\\\"", max_size=30), max_size=8))
def test_a_wrapped_script_is_the_same_script(pieces):
    script = "f(" + ", ".join(map(json.dumps, pieces)) + ")"
    wrapped = wrap_script(script, "  ")
    assert "".join(wrapped.split()) == "".join(script.split())
    for line in wrapped.splitlines()[:-1]:
        assert line.endswith(("(", ","))
        json.loads("[" + line.strip().removeprefix("f(").rstrip(",") + "]")
