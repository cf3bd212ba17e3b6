"""Days that are easily told wrongly: which line is right, and which must not be there."""

from datetime import timedelta

import pytest
from scene import (
    BAD_KEY,
    BUSY,
    DENIED,
    NO_MONEY,
    NO_ROUTE,
    NOT_FOUND,
    RETIRED,
    STRANGE,
    TOO_MANY,
    TOO_SLOW,
    UNSUPPORTED,
    UNTIL,
    Fails,
    Scene,
    of,
    only,
    told,
)

from healthcheck.diagnosis import Category, Severity, Status

NAMED = "NotFoundError: 404 The model `{model}` does not exist"
LOST = "OSError: No space left on device"


@pytest.fixture
def few():
    """Three healthy providers with four models each."""
    scene = Scene()
    for provider in ("x", "y", "z"):
        scene.models(provider, 4)
    return scene


def strike(scene: Scene, provider: str, model: str, hours: float, message: str) -> None:
    """The attempt nearest to so many hours ago fails after all."""
    its = [d for d in scene.store.metrics if (d["provider"], d["model_name"]) == (provider, model)]
    at = UNTIL - timedelta(hours=hours)
    nearest = min(its, key=lambda d: abs(d["gen_ts"] - at))
    scene.store.metrics.remove(nearest)
    scene.store.error(provider, model, nearest["gen_ts"], message)


class TestServiceOrProvider:
    def test_a_stray_failure_elsewhere_does_not_make_it_ours(self, tmp_path):
        scene = Scene().models("a", 6, Fails(5, 0, BUSY)).model("b", "only")
        strike(scene, "b", "only", 3, BUSY)
        diagnosis = scene.diagnose(tmp_path)
        assert told(diagnosis) == [("provider_issue", "a", None)]
        assert diagnosis.status is Status.CRITICAL

    def test_models_retired_at_two_providers_are_deprecations(self, tmp_path):
        scene = (
            Scene().others().models("a", 2, Fails(10, 0, NAMED)).models("b", 2, Fails(9, 0, NAMED))
        )
        diagnosis = scene.diagnose(tmp_path)
        assert [category for category, *_ in told(diagnosis)] == ["deprecated_model"] * 4
        assert diagnosis.status is Status.WARNING

    def test_the_remedy_fits_the_cause(self, tmp_path):
        scene = Scene().models("a", 3, Fails(6, 0, NO_MONEY)).models("b", 3, Fails(6, 0, NO_MONEY))
        diagnosis = scene.diagnose(tmp_path)
        assert "out of credit" in only(diagnosis).evidence
        assert "our payment method" in diagnosis.problems[0].action


class TestLossOfAProvider:
    def test_an_outage_that_shows_in_three_ways(self, few, tmp_path):
        for number, message in enumerate([BUSY, TOO_SLOW, NO_ROUTE] * 2):
            few.model("openai", f"m{number}", Fails(6, 0, message))
        diagnosis = few.diagnose(tmp_path)
        assert told(diagnosis) == [("provider_issue", "openai", None)]
        assert diagnosis.status is Status.CRITICAL

    def test_in_a_small_store_with_the_same_kind_elsewhere(self, tmp_path):
        scene = Scene().models("a", 3, Fails(6, 0, BAD_KEY)).models("b", 5)
        scene.model("b", "denied", Fails(300, 0, DENIED))
        assert told(scene.diagnose(tmp_path)) == [
            ("provider_issue", "a", None),
            ("failing_model", "b", "denied"),
        ]

    def test_the_dead_do_not_hide_what_hits_the_living(self, few, tmp_path):
        few.models("openai", 6, Fails(300, 0, NAMED))
        for number in range(4):
            few.model("openai", f"alive-{number}", Fails(6, 0, NO_MONEY))
        diagnosis = few.diagnose(tmp_path)
        assert ("provider_issue", "openai", None) in told(diagnosis)
        assert len(of(diagnosis, Category.DEPRECATED_MODEL)) == 6
        assert diagnosis.status is Status.CRITICAL

    def test_all_models_for_an_unknown_reason(self, few, tmp_path):
        few.models("openai", 4, Fails(6, 0, STRANGE))
        diagnosis = few.diagnose(tmp_path)
        assert told(diagnosis) == [("provider_issue", "openai", None)]
        assert diagnosis.status is Status.CRITICAL

    def test_no_money_is_told_before_the_last_model_was_tried(self, few, tmp_path):
        for number in range(7):
            few.model("openai", f"m{number}", Fails(2.6, 0, NO_MONEY), every=90)
        few.model("openai", "late", end=2.7, every=180)
        assert few.diagnose(tmp_path).status is Status.CRITICAL

    def test_half_of_the_models_not_tried_yet_is_no_total_loss(self, few, tmp_path):
        for number in range(3):
            few.model("bedrock", f"fast-{number}", Fails(1.3, 0, BUSY), every=30)
            few.model("bedrock", f"slow-{number}", every=180, end=1.4)
        assert few.diagnose(tmp_path).status is not Status.CRITICAL


class TestStoringOrProvider:
    def test_a_provider_that_answers_is_not_down_when_we_cannot_store(self, few, tmp_path):
        few.models("openai", 4, Fails(9, 6, BUSY), Fails(6, 0, LOST, stage="log"))
        diagnosis = few.diagnose(tmp_path)
        (provider,) = of(diagnosis, Category.PROVIDER_ISSUE)
        assert (provider.severity, provider.over) == (Severity.INFO, True)
        assert of(diagnosis, Category.SERVICE_ISSUE)

    def test_an_answer_that_was_lost_clears_a_retirement(self, few, tmp_path):
        few.model("openai", "m", Fails(9, 6, RETIRED), Fails(6, 0, LOST, stage="log"))
        few.models("openai", 3)
        assert of(few.diagnose(tmp_path), Category.DEPRECATED_MODEL) == []

    def test_a_retired_model_does_not_silence_the_loss_of_all_results(self, tmp_path):
        scene = Scene()
        for provider in "abc":
            scene.models(provider, 4, Fails(6, 0, LOST, stage="log"))
        scene.model("a", "dead", Fails(100, 0, RETIRED))
        assert scene.diagnose(tmp_path).status is Status.CRITICAL

    def test_a_lost_result_long_before_changes_nothing(self, tmp_path):
        scene = Scene()
        for provider in "abc":
            scene.models(provider, 4, Fails(6, 0, LOST, stage="log"))
        strike(scene, "a", "a-model-0", 20, BUSY)
        scene.store.errors[-1]["stage"] = "log"
        assert scene.diagnose(tmp_path).status is Status.CRITICAL

    def test_a_few_lost_results_among_many_are_noise(self, few, tmp_path):
        for provider, hours in (("x", 3), ("y", 9), ("z", 15), ("x", 20)):
            strike(few, provider, f"{provider}-model-1", hours, LOST)
            few.store.errors[-1]["stage"] = "log"
        assert few.diagnose(tmp_path).findings == ()

    def test_one_model_whose_results_are_never_stored_is_named(self, few, tmp_path):
        few.model("x", "odd", Fails(300, 0, LOST, stage="log"))
        assert ", of x odd: " in only(few.diagnose(tmp_path)).evidence


class TestWrongAddress:
    def test_models_that_died_days_apart_are_deprecations(self, few, tmp_path):
        for number, hours in enumerate((150, 90, 30)):
            few.model("groq", f"m{number}", Fails(hours, 0, NOT_FOUND))
        diagnosis = few.diagnose(tmp_path)
        assert [category for category, *_ in told(diagnosis)] == ["deprecated_model"] * 3

    def test_one_retired_long_ago_does_not_hide_it(self, few, tmp_path):
        few.models("groq", 6, Fails(5, 0, NOT_FOUND)).models("groq", 1, Fails(300, 0, NAMED))
        few.model("groq", "old", Fails(300, 0, RETIRED))
        diagnosis = few.diagnose(tmp_path)
        assert ("provider_issue", "groq", None) in told(diagnosis)

    def test_nor_does_one_that_was_not_tried_since(self, few, tmp_path):
        few.models("groq", 5, Fails(2, 0, NOT_FOUND)).model("groq", "slow", every=180, end=2.1)
        assert told(few.diagnose(tmp_path)) == [("provider_issue", "groq", None)]

    def test_corrected_it_is_over(self, few, tmp_path):
        few.models("groq", 5, Fails(10, 5, NOT_FOUND))
        finding = only(few.diagnose(tmp_path))
        assert (finding.category, finding.over) == (Category.PROVIDER_ISSUE, True)
        assert finding.severity is Severity.INFO


class TestOverOrNot:
    def test_one_later_failure_does_not_make_it_last(self, few, tmp_path):
        few.models("openai", 6, Fails(10, 7, BUSY))
        strike(few, "openai", "openai-model-2", 3, TOO_MANY)
        finding = only(few.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.INFO, True)

    def test_nor_a_later_failure_of_the_same_kind(self, few, tmp_path):
        few.models("openai", 6, Fails(10, 7, BUSY))
        strike(few, "openai", "openai-model-2", 3, BUSY)
        assert only(few.diagnose(tmp_path)).over

    def test_a_recovery_just_before_the_end_is_one(self, few, tmp_path):
        few.models("openai", 6, Fails(8, 2, BUSY))
        assert only(few.diagnose(tmp_path)).over

    def test_how_many_are_still_in_trouble_is_told(self, few, tmp_path):
        few.models("openai", 3, Fails(8, 0, BAD_KEY))
        for number in range(3):
            few.model("openai", f"well-{number}", Fails(8, 4, BAD_KEY))
        finding = only(few.diagnose(tmp_path))
        assert "3 still failing" in finding.evidence
        assert finding.severity is Severity.WARNING

    def test_two_outages_of_different_extent_are_one_line(self, few, tmp_path):
        few.models("openai", 3, Fails(19, 16, BUSY), Fails(9, 6, BUSY))
        for number in range(3):
            few.model("openai", f"once-{number}", Fails(19, 16, BUSY))
        assert told(few.diagnose(tmp_path)) == [("provider_issue", "openai", None)]


class TestSilence:
    def test_one_malformed_document_is_no_silent_provider(self, few, tmp_path):
        few.store.error("(unknown)", "(unknown)", UNTIL - timedelta(hours=30), "boo")
        assert few.diagnose(tmp_path).findings == ()

    def test_a_runner_that_is_down_is_one_line_whatever_the_intervals(self, few, tmp_path):
        for number in range(4):
            few.model("bedrock", f"fast-{number}", end=7.5)
            few.model("bedrock", f"slow-{number}", end=7.5, every=180)
        few.catalog()
        assert told(few.diagnose(tmp_path)) == [("provider_issue", "bedrock", None)]

    def test_nothing_before_is_no_silence(self, tmp_path):
        scene = Scene().models("x", 3, begin=20).models("y", 3, begin=200, end=60)
        assert of(scene.diagnose(tmp_path), Category.SILENT_MODEL) == []


class TestModels:
    def test_failing_all_day_is_found_however_bad_it_was_before(self, few, tmp_path):
        few.model("x", "bad", Fails(24, 0, BUSY), Fails(300, 24, BUSY, every=1), every=120)
        strike_back = [d for d in few.store.errors if d["model_name"] == "bad"][20::9]
        for document in strike_back:
            few.store.errors.remove(document)
            few.store.success("x", "bad", document["ts"])
        assert ("failing_model", "x", "bad") in told(few.diagnose(tmp_path))

    def test_time_outs_after_a_capability_error_are_no_code_fix(self, few, tmp_path):
        few.model("x", "m", Fails(40, 37, UNSUPPORTED), Fails(37, 0, TOO_SLOW))
        assert only(few.diagnose(tmp_path)).category is Category.FAILING_MODEL

    def test_since_goes_back_behind_the_windows(self, few, tmp_path):
        few.model("x", "dead", Fails(100, 0, NAMED.replace("{model}", "dead")))
        finding = only(few.diagnose(tmp_path))
        assert finding.since < UNTIL - timedelta(hours=72)

    def test_a_short_burst_at_the_end_is_watched_first(self, few, tmp_path):
        few.model("x", "m", Fails(2, 0, TOO_SLOW), every=30)
        diagnosis = few.diagnose(tmp_path)
        assert only(diagnosis).severity is Severity.INFO
        assert diagnosis.status is Status.HEALTHY

    def test_yesterdays_failing_is_todays_ongoing_trouble(self, few, tmp_path):
        few.model("x", "m", Fails(48, 24, BUSY), Fails(24, 0, BUSY, every=3))
        finding = only(diagnosis := few.diagnose(tmp_path))
        assert (finding.category, finding.state) == (Category.DEGRADED_MODEL, "ongoing")
        assert diagnosis.resolved == ()

    def test_a_provider_that_got_healthy_company_is_not_resolved(self, few, tmp_path):
        few.models("x9", 6, Fails(40, 0, BAD_KEY))
        for number in range(8):
            few.model("x9", f"added-{number}", begin=20)
        diagnosis = few.diagnose(tmp_path)
        assert diagnosis.resolved == ()
        assert {f.state for f in diagnosis.findings} == {"ongoing"}
