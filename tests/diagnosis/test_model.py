"""One model: what is found of it, and what is not."""

from datetime import timedelta

import pytest
from scene import (
    BAD_KEY,
    BUSY,
    DENIED,
    NOT_FOUND,
    RETIRED,
    STRANGE,
    TOO_MANY,
    TOO_SLOW,
    UNSUPPORTED,
    UNTIL,
    Fails,
    Scene,
    only,
    told,
)

from healthcheck.diagnosis import Category, Severity, State, Status

VAGUE = "NotFoundError: Error code: 404"
DEAD = Fails(300, 0, NOT_FOUND)


def test_a_healthy_service_has_no_findings(healthy, tmp_path):
    diagnosis = healthy.diagnose(tmp_path)
    assert diagnosis.status is Status.HEALTHY
    assert diagnosis.findings == ()
    assert diagnosis.reason == "Nothing needs attention: 360 of 360 attempts succeeded."


class TestDeprecated:
    def test_found_for_a_model_that_died_at_noon(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(10, 0, NOT_FOUND)).model("vertex", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.DEPRECATED_MODEL
        assert (finding.provider, finding.model) == ("vertex", "gone")
        assert finding.severity is Severity.WARNING
        assert finding.state is State.NEW
        assert finding.count == 10
        assert finding.until is None

    def test_judged_per_pair_not_by_the_models_name(self, healthy, tmp_path):
        healthy.model("vertex", "llama", Fails(10, 0, NOT_FOUND)).model("vertex", "fine")
        healthy.model("groq", "llama").model("groq", "fine")
        assert told(healthy.diagnose(tmp_path)) == [("deprecated_model", "vertex", "llama")]

    def test_one_message_that_says_retired_is_enough(self, healthy, tmp_path):
        healthy.model("bedrock", "old", Fails(1, 0, RETIRED)).model("bedrock", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.DEPRECATED_MODEL
        assert finding.count == 1
        assert "reports the model as retired" in finding.evidence

    def test_one_bare_not_found_is_not(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(1, 0, NOT_FOUND)).model("vertex", "fine")
        assert told(healthy.diagnose(tmp_path)) == []

    @pytest.mark.parametrize(
        ("hours", "found"), [(2, []), (5, ["failing_model"]), (6, ["deprecated_model"])]
    )
    def test_six_bare_not_found_in_a_row_are(self, healthy, tmp_path, hours, found):
        healthy.model("vertex", "gone", Fails(hours, 0, NOT_FOUND)).model("vertex", "fine")
        assert [category for category, *_ in told(healthy.diagnose(tmp_path))] == found

    @pytest.mark.parametrize(("attempts", "found"), [(5, False), (6, True)])
    def test_without_history_six_vague_ones_are(self, healthy, tmp_path, attempts, found):
        healthy.model("vertex", "new", DEAD._replace(message=VAGUE), begin=attempts).model(
            "vertex", "fine"
        )
        diagnosis = healthy.diagnose(tmp_path)
        assert (("deprecated_model", "vertex", "new") in told(diagnosis)) is found
        if found:
            assert "No success on record" in only(diagnosis).evidence

    def test_without_history_one_clear_message_is_enough(self, healthy, tmp_path):
        healthy.model("vertex", "new", DEAD, begin=2).model("vertex", "fine")
        assert told(healthy.diagnose(tmp_path)) == [("deprecated_model", "vertex", "new")]

    def test_not_where_most_fail_for_another_cause(self, healthy, tmp_path):
        busy = Fails(14, 6, BUSY)
        healthy.model("vertex", "m", busy, Fails(6, 0, NOT_FOUND)).models("vertex", 3)
        assert only(healthy.diagnose(tmp_path)).category is Category.FAILING_MODEL

    def test_a_later_success_clears_it(self, healthy, tmp_path):
        healthy.model("bedrock", "back", Fails(10, 1, RETIRED)).model("bedrock", "fine")
        assert Category.DEPRECATED_MODEL not in {
            f.category for f in healthy.diagnose(tmp_path).findings
        }

    def test_its_successor_is_that_of_the_catalog(self, healthy, tmp_path):
        healthy.model("vertex", "old", Fails(10, 0, NOT_FOUND)).model("vertex", "fine")
        healthy.catalog(old={"successor_model": "young"})
        assert only(healthy.diagnose(tmp_path)).successor == "young"

    def test_a_successor_that_runs_already_is_not_to_be_added(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(10, 0, RETIRED)).model("vertex", "fine")
        healthy.catalog(gone={"successor_model": "fine"})
        assert only(healthy.diagnose(tmp_path)).successor is None

    def test_one_that_the_catalog_has_disabled_is_no_finding(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(10, 0, NOT_FOUND)).model("vertex", "fine")
        healthy.catalog(gone={"enabled": False})
        assert "deprecated_model" not in {c for c, *_ in told(healthy.diagnose(tmp_path))}

    def test_one_that_fails_and_that_the_catalog_lacks_is_not_published(self, healthy, tmp_path):
        healthy.catalog()
        healthy.model("alpha", "stray", Fails(10, 0, NOT_FOUND))
        diagnosis = healthy.diagnose(tmp_path)
        assert told(diagnosis) == []
        assert ("alpha", "stray") not in diagnosis.published

    def test_ongoing_when_the_window_before_had_it_too(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(40, 0, NOT_FOUND)).model("vertex", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.state is State.ONGOING
        assert finding.count == 24

    def test_stays_found_when_it_has_been_dead_for_all_nine_days(self, healthy, tmp_path):
        healthy.model("vertex", "gone", DEAD).model("vertex", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.DEPRECATED_MODEL
        assert finding.state is State.ONGOING

    def test_it_began_before_the_fifty_failures_that_are_looked_up(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(200, 60, NOT_FOUND), end=60).model("vertex", "fine")
        finding = only(healthy.catalog().diagnose(tmp_path))
        assert UNTIL - finding.since > timedelta(hours=190)
        assert finding.since_is_bound


class TestCodeFix:
    def test_names_the_parameter_that_the_provider_complains_about(self, healthy, tmp_path):
        healthy.model("azure", "o9", Fails(5, 0, UNSUPPORTED)).model("azure", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.CODE_FIX
        assert "max_tokens" in finding.evidence

    def test_the_stored_kind_does_not_make_it_a_deprecation(self, healthy, tmp_path):
        message = "NotFoundError: 404 This model is only supported in v1/responses"
        healthy.model("azure", "o9", Fails(5, 0, message, kind="hard_model"))
        healthy.model("azure", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.CODE_FIX
        assert finding.rejected_parameter == ("the endpoint", "v1/responses")

    def test_two_errors_are_not_enough(self, healthy, tmp_path):
        healthy.model("azure", "o9", Fails(2, 0, UNSUPPORTED)).model("azure", "fine")
        assert told(healthy.diagnose(tmp_path)) == []

    def test_unless_they_are_all_attempts(self, healthy, tmp_path):
        healthy.model("azure", "o9", DEAD._replace(message=UNSUPPORTED), begin=2)
        healthy.model("azure", "fine")
        assert told(healthy.diagnose(tmp_path)) == [("code_fix", "azure", "o9")]

    def test_half_of_the_failures_are_enough_whatever_the_newest_is(self, healthy, tmp_path):
        healthy.model("azure", "o9", Fails(6, 3, UNSUPPORTED), Fails(3, 0, BUSY))
        healthy.model("azure", "fine")
        assert told(healthy.diagnose(tmp_path)) == [("code_fix", "azure", "o9")]

    def test_a_later_success_clears_it(self, healthy, tmp_path):
        healthy.model("azure", "o9", Fails(6, 1, UNSUPPORTED)).model("azure", "fine")
        assert "code_fix" not in {category for category, *_ in told(healthy.diagnose(tmp_path))}


class TestFailing:
    @pytest.mark.parametrize("message", [DENIED, TOO_SLOW, TOO_MANY, STRANGE, BUSY, BAD_KEY])
    def test_found_for_any_other_reason(self, healthy, tmp_path, message):
        healthy.model("azure", "m", Fails(6, 0, message)).models("azure", 3)
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.FAILING_MODEL
        assert finding.severity is Severity.WARNING
        assert finding.count == 6

    def test_it_is_new_where_two_failures_before_the_window_were_noise(self, healthy, tmp_path):
        healthy.model("vertex", "m", Fails(26, 0, BUSY)).model("vertex", "fine")
        finding = only(healthy.diagnose(tmp_path))
        assert finding.state is State.NEW
        assert finding.since < UNTIL - timedelta(hours=25)

    def test_two_failures_at_the_end_are_noise(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(2, 0, TOO_SLOW)).models("azure", 3)
        assert told(healthy.diagnose(tmp_path)) == []

    def test_its_kind_is_that_of_most_failures(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(4, 3, BUSY), Fails(8, 0, TOO_SLOW)).models("azure", 3)
        assert only(healthy.diagnose(tmp_path)).kind == "timeout"

    def test_one_that_fails_most_of_the_time_since_days_is_told_as_a_whole(self, healthy, tmp_path):
        mostly = Fails(100, 4, TOO_MANY, every=2)
        healthy.model("azure", "m", Fails(4, 0, TOO_MANY), mostly).models("azure", 3)
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.FAILING_MODEL
        assert finding.evidence.startswith("Failed 14 of 24 (58%, ")
        assert "no success in the last 4 since 10 Mar 04:" in finding.evidence
        assert UNTIL - timedelta(days=4) < finding.since < UNTIL - timedelta(days=3)

    def test_what_failed_for_another_cause_before_is_another_matter(self, healthy, tmp_path):
        before = Fails(70, 4, BAD_KEY, every=2)
        healthy.model("azure", "m", Fails(4, 0, TOO_MANY), before).models("azure", 3)
        finding = only(healthy.diagnose(tmp_path))
        assert finding.evidence.startswith("No success in 4 attempts since 10 Mar 04:")
        assert finding.since > UNTIL - timedelta(hours=5)


class TestDegraded:
    def test_one_that_failed_before_and_fails_no_more_than_usual_now_has_recovered(
        self, healthy, tmp_path
    ):
        usual, worse = Fails(192, 48, BUSY, every=3), Fails(48, 24, BUSY, every=2)
        healthy.model("azure", "m", usual, worse, Fails(24, 0, BUSY, every=8)).models("azure", 3)
        assert healthy.diagnose(tmp_path).findings == ()

    def test_one_that_failed_before_and_fails_more_than_usual_still_is_told(
        self, healthy, tmp_path
    ):
        worse, still = Fails(48, 24, BUSY, every=2), Fails(24, 0, BUSY, every=5)
        healthy.model("azure", "m", worse, still).models("azure", 3)
        assert only(healthy.diagnose(tmp_path)).severity is Severity.WARNING

    def test_new_is_to_be_watched(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(24, 0, BUSY, every=3)).models("azure", 3)
        diagnosis = healthy.diagnose(tmp_path)
        finding = only(diagnosis)
        assert finding.category is Category.DEGRADED_MODEL
        assert finding.severity is Severity.INFO
        assert diagnosis.status is Status.HEALTHY

    def test_sustained_is_a_warning(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(48, 0, BUSY, every=3)).models("azure", 3)
        diagnosis = healthy.diagnose(tmp_path)
        assert only(diagnosis).severity is Severity.WARNING
        assert only(diagnosis).state is State.ONGOING
        assert diagnosis.status is Status.WARNING

    def test_what_was_watched_the_day_before_is_not_new_again(self, healthy, tmp_path):
        # The day before is judged without the still earlier day, as it was when it was the newest.
        getting_worse = [
            Fails(24, 0, BUSY, every=3), Fails(48, 24, BUSY, every=5), Fails(72, 48, BUSY, every=3)
        ]  # fmt: skip
        healthy.model("azure", "m", *getting_worse).models("azure", 3)
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.state, finding.severity) == (State.ONGOING, Severity.WARNING)
        assert UNTIL - finding.since > timedelta(hours=48)

    def test_failing_half_the_time_is_a_warning_at_once(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(24, 0, BUSY, every=2)).models("azure", 3)
        assert only(healthy.diagnose(tmp_path)).severity is Severity.WARNING

    def test_an_outage_of_one_model_that_is_over_is_to_know_of(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(14, 6, BUSY)).models("azure", 3)
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.INFO, True)

    @pytest.mark.parametrize(("end", "is_over"), [(3, True), (2, False)])
    def test_it_is_over_with_the_third_success(self, healthy, tmp_path, end, is_over):
        healthy.model("azure", "m", Fails(14, end, BUSY)).models("azure", 3)
        assert only(healthy.diagnose(tmp_path)).over is is_over

    def test_a_warning_when_it_recurred(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(38, 30, BUSY), Fails(14, 6, BUSY)).models("azure", 3)
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.WARNING, True)

    def test_a_warning_when_the_first_of_two_went_on_into_the_window(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(30, 22, BUSY), Fails(14, 6, BUSY)).models("azure", 3)
        diagnosis = healthy.diagnose(tmp_path)
        finding = only(diagnosis)
        assert (finding.severity, finding.over) == (Severity.WARNING, True)
        assert finding.since > UNTIL - timedelta(hours=15)
        assert finding.evidence.endswith("Again: first on 9 Mar 2026.")
        assert diagnosis.resolved == ()

    @pytest.mark.parametrize("hours", [13, 14])
    def test_one_or_two_failures_after_the_first_are_no_second(self, healthy, tmp_path, hours):
        noise = Fails(hours, 12, BUSY)
        healthy.model("azure", "m", Fails(30, 18, BUSY), noise).models("azure", 3)
        diagnosis = healthy.diagnose(tmp_path)
        assert diagnosis.findings == ()
        assert [finding.model for finding in diagnosis.resolved] == ["m"]

    def test_as_bad_as_ever_is_no_news(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(300, 0, BUSY, every=4)).models("azure", 3)
        assert told(healthy.diagnose(tmp_path)) == []

    def test_scattered_noise_is_nothing(self, tmp_path):
        scene = Scene()
        for provider in ("alpha", "beta", "gamma"):
            for number in range(10):
                scene.model(provider, f"m{number}", Fails(300, 0, BUSY, every=50 + number))
        assert scene.diagnose(tmp_path).findings == ()

    def test_too_few_attempts_to_tell_is_nothing(self, healthy, tmp_path):
        healthy.model("azure", "m", Fails(24, 6, BUSY, every=2), every=300, begin=24)
        healthy.models("azure", 3)
        assert told(healthy.diagnose(tmp_path)) == []


class TestLastSuccess:
    def test_not_told_where_the_first_failure_followed_it(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(8, 0, NOT_FOUND)).model("vertex", "fine")
        assert "Last success" not in only(healthy.diagnose(tmp_path)).evidence

    def test_told_where_it_was_hours_before(self, healthy, tmp_path):
        healthy.model("vertex", "gone", end=20).model("vertex", "fine")
        healthy.model("vertex", "gone", Fails(8, 0, NOT_FOUND), begin=8)
        assert "Last success 9 Mar 11:" in only(healthy.diagnose(tmp_path)).evidence


class TestResolved:
    def test_told_when_the_window_before_had_it(self, healthy, tmp_path):
        healthy.model("vertex", "back", Fails(45, 25, NOT_FOUND)).model("vertex", "fine")
        diagnosis = healthy.diagnose(tmp_path)
        assert diagnosis.findings == ()
        (resolved,) = diagnosis.resolved
        assert (resolved.category, resolved.model) == (Category.DEGRADED_MODEL, "back")
        assert resolved.until is None  # no success tells when its rate became usual

    def test_with_the_first_success_since(self, healthy, tmp_path):
        healthy.model("vertex", "back", Fails(45, 23.5, NOT_FOUND)).model("vertex", "fine")
        (resolved,) = healthy.diagnose(tmp_path).resolved
        assert resolved.category is Category.DEPRECATED_MODEL
        assert resolved.until is not None

    @pytest.mark.parametrize(("begin", "is_bound"), [(40, False), (300, True)])
    def test_one_that_failed_until_some_hours_ago_has_recovered(
        self, healthy, tmp_path, begin, is_bound
    ):
        healthy.model("vertex", "back", Fails(begin, 4, BUSY)).model("vertex", "fine")
        diagnosis = healthy.diagnose(tmp_path)
        assert diagnosis.findings == ()
        (resolved,) = diagnosis.resolved
        assert resolved.category is Category.FAILING_MODEL
        assert UNTIL - timedelta(hours=4) < resolved.until < UNTIL - timedelta(hours=3)
        assert resolved.since < UNTIL - timedelta(hours=39)
        assert resolved.since_is_bound is is_bound

    def test_not_told_without_a_sign_of_life(self, healthy, tmp_path):
        healthy.model("vertex", "gone", Fails(300, 0, NOT_FOUND), end=25).model("vertex", "fine")
        healthy.catalog()
        healthy.store.models = [m for m in healthy.store.models if m["model_id"] != "gone"]
        diagnosis = healthy.diagnose(tmp_path)
        assert diagnosis.resolved == ()


def test_nothing_before_is_no_comparison(tmp_path):
    scene = Scene()
    for number in range(5):
        scene.model("alpha", f"m{number}", begin=20)
    diagnosis = scene.diagnose(tmp_path)
    assert not diagnosis.compared
    assert diagnosis.findings == ()
    assert diagnosis.resolved == ()


@pytest.mark.parametrize(
    ("days", "told"),
    [([0, 1, 2, 3, 4], ["claude"]), ([0], []), ([3, 4, 5], [])],
    ids=["every evening", "yesterday", "no more"],
)
def test_what_comes_every_day_of_a_week_is_no_milder_than_in_a_day(tmp_path, days, told):
    week = Scene(length=timedelta(days=7)).others().model("bedrock", "nova")
    evenings = [Fails(24 * day + 12, 24 * day + 7, TOO_MANY) for day in days]
    week.model("bedrock", "claude", *evenings, begin=16 * 24)
    found = week.diagnose(tmp_path).findings
    pressing = [finding for finding in found if finding.severity is Severity.WARNING]
    assert [finding.model for finding in pressing] == told


def test_one_model_at_a_wrong_host_is_told_the_host(healthy, tmp_path):
    message = "401 Incorrect regional hostname. Please make your request to eu.api.openai.com"
    healthy.model("azure", "o9", Fails(5, 0, message, kind="auth")).model("azure", "fine")
    [problem] = healthy.diagnose(tmp_path).problems
    assert problem.action.startswith("Check the base URL and region configured for this model")


def test_what_hits_the_most_models_comes_first(healthy, tmp_path):
    for number in range(12):
        healthy.model("openai", f"well-{number}")
    healthy.models("openai", 4, Fails(8, 0, BUSY)).model("groq", "old", Fails(8, 0, RETIRED))
    problems = healthy.diagnose(tmp_path).problems
    assert [problem.category for problem in problems] == ["failing_model", "deprecated_model"]


def test_a_single_failure_days_ago_does_not_make_a_burst_of_today_older(tmp_path):
    week = Scene(length=timedelta(days=7)).others().model("bedrock", "nova")
    burst = [Fails(hour, hour - 0.9, TOO_MANY) for hour in range(1, 24)]
    single = Fails(120, 119.8, TOO_MANY)
    week.model("bedrock", "claude", single, *burst, every=10, begin=16 * 24)
    [finding] = week.diagnose(tmp_path).findings
    assert (finding.severity, finding.state) == (Severity.INFO, State.ONGOING)


def test_a_model_that_was_enabled_and_never_attempted_has_no_usual_pace(healthy, tmp_path):
    healthy.catalog()
    healthy.store.catalog("alpha", "new", created_at=UNTIL - timedelta(hours=20))
    [finding] = healthy.diagnose(tmp_path).findings
    assert finding.evidence == (
        "Not attempted since it was enabled, 9 Mar 12:00 UTC, and no stored failure explains it."
    )
