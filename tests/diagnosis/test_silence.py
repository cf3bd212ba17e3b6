"""Silence is an alarm, not health."""

from datetime import timedelta

import pytest
from scene import NOT_FOUND, UNTIL, Fails, Scene, only, told
from stores import Store

from healthcheck.activity import Lookback
from healthcheck.diagnosis import Category, Severity, Status, diagnose, timelines
from healthcheck.sources import snapshot


def test_no_document_for_six_hours_is_the_loudest_alarm(tmp_path):
    scene = Scene()
    for provider in ("alpha", "beta", "gamma"):
        scene.models(provider, 5, end=6.1)
    diagnosis = scene.diagnose(tmp_path)
    finding = only(diagnosis)
    assert finding.category is Category.SILENT_SERVICE
    assert finding.severity is Severity.CRITICAL
    assert diagnosis.status is Status.CRITICAL
    assert "6 h" in finding.evidence


def test_an_empty_store_is_silent(tmp_path):
    store = Store(until=UNTIL)
    store.write_snapshot(tmp_path, "bson")
    activity = snapshot.collect(tmp_path, Lookback(UNTIL, timedelta(days=1)))
    assert only(diagnose(activity, timelines(activity))).category is Category.SILENT_SERVICE


def test_failures_are_documents_too(tmp_path):
    scene = Scene()
    for provider in ("alpha", "beta", "gamma"):
        scene.models(provider, 5, Fails(12, 0, "{model} " + NOT_FOUND))
    categories = {category for category, *_ in told(scene.diagnose(tmp_path))}
    assert "silent_service" not in categories


def test_an_enabled_model_that_is_not_attempted_for_a_day(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=25, every=180)
    healthy.catalog()
    finding = only(healthy.diagnose(tmp_path))
    assert (finding.category, finding.model) == (Category.SILENT_MODEL, "asleep")
    assert finding.severity is Severity.WARNING
    assert finding.since is not None


def test_six_hours_are_enough_where_it_is_usually_tried_far_more_often(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=6.5, every=30)
    healthy.catalog()
    assert told(healthy.diagnose(tmp_path)) == [("silent_model", "alpha", "asleep")]


def test_six_hours_are_nothing_where_it_is_tried_every_three(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=6.5, every=180)
    healthy.catalog()
    assert told(healthy.diagnose(tmp_path)) == []


def test_a_day_of_few_attempts_makes_the_usual_interval_no_longer(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=100).model("alpha", "asleep", begin=76, end=6.5)
    healthy.catalog()
    assert told(healthy.diagnose(tmp_path)) == [("silent_model", "alpha", "asleep")]


def test_the_usual_interval_is_not_longer_where_the_window_before_is_known_in_part(tmp_path):
    scene = Scene(length=timedelta(days=7)).models("alpha", 5, every=45, begin=9 * 24)
    scene.model("alpha", "asleep", end=6.5, every=45, begin=9 * 24)
    assert told(scene.diagnose(tmp_path)) == [("silent_model", "alpha", "asleep")]


def test_one_that_was_added_today_is_given_time(healthy, tmp_path):
    healthy.catalog()
    healthy.store.catalog("alpha", "young", created_at=UNTIL - timedelta(hours=2))
    assert told(healthy.diagnose(tmp_path)) == []


def test_one_that_was_never_attempted(healthy, tmp_path):
    healthy.catalog()
    healthy.store.catalog("alpha", "forgotten")
    assert told(healthy.diagnose(tmp_path)) == [("silent_model", "alpha", "forgotten")]


def test_without_a_catalog_what_the_window_before_had_is_expected(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=26)
    assert told(healthy.diagnose(tmp_path)) == [("silent_model", "alpha", "asleep")]


def test_what_the_catalog_has_dropped_is_not_expected(healthy, tmp_path):
    healthy.catalog()
    healthy.model("alpha", "dropped", end=26)
    assert told(healthy.diagnose(tmp_path)) == []


def test_what_the_catalog_has_disabled_is_not_expected(healthy, tmp_path):
    healthy.model("alpha", "off", end=26)
    healthy.catalog(off={"enabled": False})
    assert told(healthy.diagnose(tmp_path)) == []


def test_it_stays_found_and_is_ongoing(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=50)
    healthy.catalog()
    finding = only(healthy.diagnose(tmp_path))
    assert finding.state == "ongoing"


def test_resolved_when_it_is_attempted_again(healthy, tmp_path):
    healthy.model("alpha", "asleep", end=50)
    healthy.model("alpha", "asleep", begin=20)
    healthy.catalog()
    diagnosis = healthy.diagnose(tmp_path)
    assert diagnosis.findings == ()
    assert [f.category for f in diagnosis.resolved] == [Category.SILENT_MODEL]


def test_a_silence_of_all_that_is_over_is_to_know_of(tmp_path):
    scene = Scene()
    for provider in ("alpha", "beta", "gamma"):
        scene.models(provider, 5, end=15).models(provider, 5, begin=5)
    diagnosis = scene.diagnose(tmp_path)
    finding = only(diagnosis)
    assert (finding.category, finding.over) == (Category.SILENT_SERVICE, True)
    assert finding.severity is Severity.INFO
    assert "for 10 h." in finding.evidence
    assert diagnosis.status is Status.HEALTHY


def hole(minutes: int, models: int, every: int = 30):
    """Models that run so often; within an hour, for so long, no document was stored."""
    scene = Scene().models("alpha", models, every=every)
    at = UNTIL - timedelta(hours=5, minutes=55)
    stored = scene.store.metrics
    lost = [d for d in stored if at <= d["gen_ts"] < at + timedelta(minutes=minutes)]
    scene.store.metrics = [d for d in stored if d not in lost]
    return scene


def test_a_hole_is_seen_though_models_were_attempted_before_and_after_it_in_one_hour(tmp_path):
    assert only(hole(45, 150, every=48).diagnose(tmp_path)).evidence.endswith("for 46 min.")


@pytest.mark.parametrize(
    ("minutes", "models", "is_told"),
    [(45, 100, True), (20, 100, False), (45, 10, False), (150, 30, True)],
)
def test_a_hole_in_which_a_hundred_attempts_are_usual_is_no_chance(
    tmp_path, minutes, models, is_told
):
    diagnosis = hole(minutes, models).diagnose(tmp_path)
    assert diagnosis.status is Status.HEALTHY
    assert [f.category for f in diagnosis.findings] == [Category.SILENT_SERVICE] * is_told
    if is_told:
        assert only(diagnosis).evidence.startswith("No data from any provider from 10 Mar 0")


def test_of_several_holes_the_longest_is_told(tmp_path):
    scene = Scene()
    for begin, end in ((216, 20), (15, 9), (5, 0)):
        scene.models("alpha", 15, begin=begin, end=end)
    assert "from 9 Mar 11:52 to 17:02 UTC, for 5 h" in only(scene.diagnose(tmp_path)).evidence


def test_a_store_that_has_just_begun_was_not_silent_before(tmp_path):
    scene = Scene()
    for provider in ("alpha", "beta", "gamma"):
        scene.models(provider, 5, begin=5)
    assert scene.diagnose(tmp_path).findings == ()
