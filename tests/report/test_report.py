"""The report object and its JSON: redacted, safe to print, and honest about what it cut."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from golden import assert_golden
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from reports import UNTIL
from stores import Store

import healthcheck
from healthcheck.activity import Lookback
from healthcheck.diagnosis.wording import when
from healthcheck.report import render, render_json
from healthcheck.report.sanitize import printable
from healthcheck.sources import snapshot
from healthcheck.sources.limits import Limits

DAY = Lookback(UNTIL, timedelta(days=1))
PRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\ud800-\udfff]")


def test_the_sample_days_json_is_as_agreed(sample_report):
    assert_golden("sample.json", render_json(sample_report))


def test_the_schema_holds_for_sample_and_hostile_reports(sample_report, hostile_report):
    schema = (Path(healthcheck.__file__).parent / "report" / "schema.json").read_text()
    validator = Draft202012Validator(json.loads(schema))
    for report in (sample_report, hostile_report):
        validator.validate(json.loads(render_json(report)))


def test_hostile_text_is_made_printable(hostile_report):
    for value in _strings(json.loads(render_json(hostile_report))):
        assert not PRINTABLE.search(value)


def test_hostile_text_does_not_decide_the_status(hostile_report):
    assert hostile_report.status == "critical"


def test_a_key_in_a_name_or_message_is_not_shown(hostile_report):
    assert "A1b2C3d4" not in render_json(hostile_report)


def test_totals_add_up_however_they_are_cut(sample_report, hostile_report):
    for report in (sample_report, hostile_report):
        totals = report.totals
        assert totals.attempts == totals.errors + totals.successes
        without = totals.unpublished
        errors = totals.errors - without.errors
        attempts = totals.attempts - without.errors - without.successes
        assert totals.failure_rate == errors / attempts
        assert sum(report.errors_by_kind.values()) == errors
        own = totals.not_stored + totals.expired_leases
        assert sum(part.lost for part in report.providers) == own
        for parts in (report.providers, report.models):
            assert sum(part.attempts for part in parts) == attempts - own
            assert sum(part.errors for part in parts) == errors - own
            for part in parts:
                assert sum(part.errors_by_kind.values()) == part.errors


def test_every_action_belongs_to_a_problem_and_needs_a_human(sample_report):
    problems = {problem.id: problem for problem in sample_report.problems}
    assert len(problems) == len(sample_report.problems)
    for action in sample_report.recommended_actions:
        assert problems[action.problem].severity == action.severity != "info"


def test_problems_are_in_the_order_of_the_mail(sample_report):
    titles = [p.title for p in sample_report.problems if p.severity != "info"]
    mail = " ".join(render(sample_report).text.split())
    places = [mail.index(f"{number}. [") for number, _ in enumerate(titles, 1)]
    assert places == sorted(places)
    for place, title in zip(places, titles, strict=True):
        assert title in mail[place:][: len(title) + 30]


def test_what_failed_on_our_own_side_is_a_cause_of_its_own(report_of, tmp_path):
    store = Store(until=UNTIL)
    told = {
        "lease expired on our runner": "our job queue gave up (lease expired)",
        "output_tokens 3 not within 10% of requested 64": "responses fail our own check",
        "400 this parameter is not supported": "request rejected",
    }
    for number, message in enumerate(told, 1):
        store.error("groq", "m", UNTIL - timedelta(minutes=number), message)
    report = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    assert report.errors_by_cause == dict.fromkeys(sorted(told.values()), 1)


def test_only_what_a_catalog_holds_is_disabled_in_it(report_of, tmp_path):
    store = Store(until=UNTIL)
    gone = "404 The model `old` does not exist or you do not have access to it."
    for hour in range(1, 200):
        store.success("groq", "new", UNTIL - timedelta(hours=hour))
        if hour > 20:
            store.success("groq", "old", UNTIL - timedelta(hours=hour))
        else:
            store.error("groq", "old", UNTIL - timedelta(hours=hour), gone)
    without = report_of(snapshot.collect(store.write_snapshot(tmp_path / "without"), DAY))
    for model in ("old", "new"):
        store.catalog("groq", model)
    with_it = report_of(snapshot.collect(store.write_snapshot(tmp_path / "with"), DAY))
    categories = [[problem.category for problem in each.problems] for each in (without, with_it)]
    assert categories == [["deprecated_model"]] * 2
    assert (without.disable_command, without.recommended_actions[0].command) == (None, None)
    assert "old" in (with_it.disable_command or "")


def test_a_flag_that_is_stored_as_text_is_told(report_of, tmp_path):
    store = Store(until=UNTIL)
    for name in ("odd", "fine"):
        store.success("groq", name, UNTIL - timedelta(hours=1))
    store.catalog("groq", "odd", enabled="true")
    store.catalog("groq", "fine")
    notes = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY)).notes
    assert [note for note in notes if "as text" in note] == [
        "Flags stored as text in the catalog, so that no query for true finds them: groq odd."
    ]


def test_days_whose_failures_are_gone_count_in_no_rate(report_of, tmp_path):
    """As where failures are kept for three days and successes for ever."""
    store, since = Store(until=UNTIL), UNTIL - timedelta(days=3)
    for number in range(2_000):
        store.success("groq", "m", UNTIL - timedelta(minutes=number * 6 + 1))
    for number in range(720):
        store.error("groq", "m", UNTIL - timedelta(minutes=number * 6 + 2), "503 overloaded")
    report = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    assert report.totals.failure_rate_usual == report.totals.failure_rate_before == 0.5
    (note,) = (note for note in report.notes if "No failure is stored from before" in note)
    assert when(since) in note


@pytest.mark.parametrize(("kept", "before", "usual"), [
    (20, None, None),
    (24, None, None),
    (26, None, None),
    (36, None, None),
    (48, 0.2, None),
    (60, 0.2, None),
    (96, 0.2, 0.2),
    (108, 0.2, 0.2),
    (999, 0.2, 0.2),
])  # fmt: skip
def test_a_window_whose_failures_are_partly_gone_has_no_rate(
    kept, before, usual, report_of, tmp_path
):
    store = Store(until=UNTIL)
    for number in range(9 * 24 * 100):
        model, at = f"m{number % 30}", UNTIL - timedelta(minutes=number * 0.6 + 1)
        if number % 5:
            store.success("groq", model, at)
        elif at > UNTIL - timedelta(hours=kept):
            store.error("groq", model, at, "503 overloaded")
    report = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    rates = report.totals.failure_rate_before, report.totals.failure_rate_usual
    assert rates == (before and pytest.approx(before), usual and pytest.approx(usual))
    assert report.providers[0].failure_rate_before == rates[0]
    assert any("No failure is stored from before" in note for note in report.notes) == (kept < 999)


def test_of_a_small_service_too(report_of, tmp_path):
    store = Store(until=UNTIL)
    for number in range(9 * 480):
        model, at = f"m{number % 30}", UNTIL - timedelta(minutes=number * 3 + 1)
        if number % 12:
            store.success("groq", model, at)
        elif at > UNTIL - timedelta(hours=34):
            store.error("groq", model, at, "503 overloaded")
    report = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    assert report.totals.failure_rate_before is report.totals.failure_rate_usual is None


def test_kinds_that_are_estimated_add_up_and_are_told(report_of, tmp_path):
    store = Store(until=UNTIL)
    for second in range(3_000):
        kind = "429 rate limit reached" if second % 3 else "Request timed out"
        store.error("groq", "busy", UNTIL - timedelta(seconds=second + 1), kind)
    report = report_of(
        snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY, Limits(failures_read=0))
    )
    assert report.totals.errors == 3_000
    assert sum(report.errors_by_kind.values()) == 3_000
    assert any("estimated" in note for note in report.notes)


def test_messages_that_differ_in_ids_numbers_and_times_are_one_pattern(report_of, tmp_path):
    store = Store(until=UNTIL)
    for number in range(20):
        message = f"flux misaligned after {number} ms (request req_{number:016x}x{number})"
        store.error("groq", "m", UNTIL - timedelta(minutes=number + 1), message)
    report = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    (pattern,) = report.patterns
    assert pattern.count == 20
    assert pattern.models == ["m"]


def test_an_error_of_no_kind_counts_by_what_is_known_of_it(report_of, tmp_path):
    store = Store(until=UNTIL)
    for number, message in enumerate(["finish_reason: SAFETY"] * 2 + ["flux misaligned"]):
        store.error("vertex", "m", UNTIL - timedelta(minutes=number + 1), message)
    report = report_of(snapshot.collect(store.write_snapshot(tmp_path, "bson"), DAY))
    filtered = "blocked by the provider's content policy"
    assert report.errors_by_cause == {filtered: 2, "unrecognized error": 1}
    assert report.errors_by_kind["unknown"] == 3


@given(st.text())
def test_printable_text_stays_the_same(text):
    once = printable(text)
    assert printable(once) == once
    assert not PRINTABLE.search(once)
    once.encode()


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
