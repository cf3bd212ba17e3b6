"""A provider as a whole: one cause, one line."""

import re
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

from healthcheck.activity import HOUR
from healthcheck.diagnosis import Category, Severity, State, Status

NAMED = "NotFoundError: 404 The model `{model}` does not exist"


@pytest.mark.parametrize("message", [BAD_KEY, NO_MONEY, TOO_MANY, BUSY, NO_ROUTE, TOO_SLOW])
def test_one_cause_on_all_models_is_one_critical_finding(healthy, tmp_path, message):
    healthy.models("openai", 6, Fails(5, 0, message))
    diagnosis = healthy.diagnose(tmp_path)
    finding = only(diagnosis)
    assert finding.category is Category.PROVIDER_ISSUE
    assert (finding.provider, finding.model) == ("openai", None)
    assert finding.severity is Severity.CRITICAL
    assert diagnosis.status is Status.CRITICAL
    assert finding.count == 30
    assert len(finding.models) == 6
    assert diagnosis.reason.startswith("openai: ")
    assert "all 6 models; last success 10 Mar 02:" in finding.evidence


def test_it_is_told_since_its_first_failure(healthy, tmp_path):
    healthy.models("openai", 6, Fails(5, 0, NO_MONEY))
    finding = only(healthy.diagnose(tmp_path))
    first = min(d["ts"] for d in healthy.store.errors)
    assert finding.since == first.replace(microsecond=0)


def test_half_of_the_models_are_enough_and_no_loss_of_all(healthy, tmp_path):
    healthy.models("openai", 3, Fails(8, 0, BUSY))
    for number in range(3):
        healthy.model("openai", f"fine-{number}")
    finding = only(healthy.diagnose(tmp_path))
    assert finding.category is Category.PROVIDER_ISSUE
    assert finding.severity is Severity.WARNING
    assert len(finding.models) == 3


def test_one_model_of_several_is_never_provider_wide(healthy, tmp_path):
    healthy.model("openai", "m", Fails(8, 0, BAD_KEY)).models("openai", 3)
    assert told(healthy.diagnose(tmp_path)) == [("failing_model", "openai", "m")]


def test_one_model_alone_is_never_provider_wide(healthy, tmp_path):
    healthy.model("lambda", "only", Fails(8, 0, BAD_KEY))
    assert told(healthy.diagnose(tmp_path)) == [("failing_model", "lambda", "only")]


def test_of_two_models_both_must_be_hit(healthy, tmp_path):
    healthy.models("lambda", 2, Fails(8, 0, BAD_KEY))
    assert only(healthy.diagnose(tmp_path)).category is Category.PROVIDER_ISSUE


def test_of_two_models_one_is_a_matter_of_that_model(healthy, tmp_path):
    healthy.model("lambda", "a", Fails(8, 0, BAD_KEY)).model("lambda", "b")
    assert told(healthy.diagnose(tmp_path)) == [("failing_model", "lambda", "a")]


def test_an_outage_that_is_over_is_to_know_of(healthy, tmp_path):
    healthy.models("openai", 6, Fails(9, 6, BUSY))
    diagnosis = healthy.diagnose(tmp_path)
    finding = only(diagnosis)
    assert finding.category is Category.PROVIDER_ISSUE
    assert finding.severity is Severity.INFO
    assert finding.over
    assert diagnosis.status is Status.HEALTHY


def test_what_was_retired_in_an_outage_is_told_by_itself(healthy, tmp_path):
    healthy.models("openai", 6, Fails(9, 6, BUSY))
    healthy.model("openai", "old", Fails(9, 6, BUSY), Fails(6, 0, RETIRED), end=5)
    diagnosis = healthy.diagnose(tmp_path)
    assert [finding.model for finding in of(diagnosis, Category.DEPRECATED_MODEL)] == ["old"]
    (outage,) = of(diagnosis, Category.PROVIDER_ISSUE)
    assert "on all 7 models" in outage.evidence


def test_and_a_warning_when_it_recurred_within_the_window(healthy, tmp_path):
    healthy.models("openai", 6, Fails(19, 16, BUSY), Fails(9, 6, BUSY))
    finding = only(healthy.diagnose(tmp_path))
    assert (finding.severity, finding.over) == (Severity.WARNING, True)


def test_and_a_warning_when_it_recurred_from_the_window_before(healthy, tmp_path):
    healthy.models("openai", 6, Fails(33, 30, BUSY), Fails(9, 6, BUSY))
    finding = only(healthy.diagnose(tmp_path))
    assert (finding.severity, finding.state) == (Severity.WARNING, State.ONGOING)


def test_one_outage_across_the_border_of_the_windows_has_not_recurred(healthy, tmp_path):
    healthy.models("openai", 6, Fails(28, 20, BUSY))
    diagnosis = healthy.diagnose(tmp_path)
    finding = only(diagnosis)
    assert (finding.severity, finding.state) == (Severity.INFO, State.ONGOING)
    assert 7 < (finding.until - finding.since) / HOUR < 9
    assert diagnosis.resolved == ()


def test_it_explains_what_its_models_do_and_nothing_else(healthy, tmp_path):
    healthy.models("openai", 5, Fails(5, 0, NO_MONEY))
    healthy.model("openai", "gone", Fails(10, 0, NOT_FOUND))
    assert sorted(told(healthy.diagnose(tmp_path))) == [
        ("deprecated_model", "openai", "gone"),
        ("provider_issue", "openai", None),
    ]


def test_all_lost_counts_the_models_that_were_gone_before(healthy, tmp_path):
    healthy.models("openai", 5, Fails(5, 0, NO_MONEY))
    healthy.model("openai", "gone", Fails(10, 0, NOT_FOUND))
    assert healthy.diagnose(tmp_path).status is Status.CRITICAL


def test_models_retired_one_by_one_are_deprecations_and_not_critical(healthy, tmp_path):
    for number in range(4):
        name = f"m{number}"
        message = f"NotFoundError: 404 The model `{name}` does not exist"
        healthy.model("groq", name, Fails(20 - 4 * number, 0, message))
    diagnosis = healthy.diagnose(tmp_path)
    assert [category for category, *_ in told(diagnosis)] == ["deprecated_model"] * 4
    assert diagnosis.status is Status.WARNING


def test_a_retirement_that_names_no_model_is_one_all_the_same(healthy, tmp_path):
    healthy.models("bedrock", 3, Fails(6, 0, RETIRED)).model("bedrock", "well")
    diagnosis = healthy.diagnose(tmp_path)
    assert [category for category, *_ in told(diagnosis)] == ["deprecated_model"] * 3


def test_all_not_found_where_no_message_names_a_model_is_a_wrong_address(healthy, tmp_path):
    healthy.models("groq", 4, Fails(5, 0, NOT_FOUND))
    finding = only(healthy.diagnose(tmp_path))
    assert finding.category is Category.PROVIDER_ISSUE
    assert finding.kind == "hard_model"
    assert finding.severity is Severity.CRITICAL
    assert "wrong base URL" in finding.evidence


def test_all_not_found_by_name_at_once_are_deprecations(healthy, tmp_path):
    healthy.models("groq", 4, Fails(6, 0, NAMED)).model("groq", "well")
    assert len(of(healthy.diagnose(tmp_path), Category.DEPRECATED_MODEL)) == 4


def test_models_that_are_limited_now_and_then_make_one_finding(healthy, tmp_path):
    for number in range(5):
        healthy.model("groq", f"m{number}", Fails(24, 0, TOO_MANY, every=2))
    finding = only(healthy.diagnose(tmp_path))
    assert finding.category is Category.PROVIDER_ISSUE
    assert finding.severity is Severity.WARNING


def partly(every: int, begin: int, end: int = 0, message: str = BUSY) -> Scene:
    """All models of a provider fail every so many attempts, each at times of its own."""
    scene = Scene().others()
    for number in range(12):
        times = [slot / 2 for slot in range(2 * end, 2 * begin) if (slot + number) % every == 0]
        fails = [Fails(hours + 0.5, hours, message) for hours in times]
        scene.model("groq", f"m{number}", *fails, every=30)
    return scene


def test_a_small_share_of_all_attempts_of_a_provider_is_one_finding_to_watch(tmp_path):
    diagnosis = partly(8, begin=20).diagnose(tmp_path)
    finding = only(diagnosis)
    assert (finding.category, finding.severity) == (Category.PROVIDER_ISSUE, Severity.INFO)
    assert len(finding.models) == 12
    assert "since 9 Mar 12:09 UTC; 60 of 478 attempts failed." in finding.evidence
    assert diagnosis.problems[0].title.endswith("some attempts of all 12 models")


def test_a_fifth_of_them_is_a_warning_at_once(tmp_path):
    finding = only(partly(4, begin=24).diagnose(tmp_path))
    assert (finding.severity, finding.state) == (Severity.WARNING, State.NEW)


def test_which_hides_no_model_that_is_dead(tmp_path):
    scene = partly(8, begin=20).model("groq", "dead", Fails(12, 0, BUSY), every=30)
    assert told(scene.diagnose(tmp_path)) == [
        ("failing_model", "groq", "dead"), ("provider_issue", "groq", None)
    ]  # fmt: skip


def test_and_a_warning_on_the_second_day(tmp_path):
    finding = only(partly(8, begin=40).diagnose(tmp_path))
    assert (finding.severity, finding.state) == (Severity.WARNING, State.ONGOING)
    assert 38 < (UNTIL - finding.since) / HOUR < 40


def test_a_small_share_as_usual_is_nothing(tmp_path):
    assert partly(8, begin=216).diagnose(tmp_path).findings == ()


def test_what_is_usual_is_what_all_its_models_do(tmp_path):
    scene = partly(8, begin=216)
    scene.store.errors = [d for d in scene.store.errors if d["model_name"] != "m0"]
    assert scene.diagnose(tmp_path).findings == ()


def test_a_few_dead_models_are_no_share_of_the_provider(healthy, tmp_path):
    healthy.models("groq", 20).models("openai", 2)
    for number in range(3):
        healthy.model("groq", f"dead-{number}", Fails(12 + 3 * number, 0, BUSY))
    assert {category for category, *_ in told(healthy.diagnose(tmp_path))} == {"failing_model"}


@pytest.mark.parametrize("every", [1, 2, 4])
def test_one_failure_hours_before_the_others_is_background(tmp_path, every):
    scene = partly(every, begin=8)
    scene.model("groq", "m0", Fails(14, 13.4, TOO_SLOW), every=30, begin=14, end=13.4)
    finding = only(scene.diagnose(tmp_path))
    assert finding.category is Category.PROVIDER_ISSUE
    assert 7 < (UNTIL - finding.since) / HOUR < 8


@pytest.mark.parametrize("message", [BAD_KEY, NO_MONEY, BUSY])
def test_an_issue_began_with_the_first_failure_of_any_of_its_models(healthy, tmp_path, message):
    healthy.model("openai", "first", Fails(8, 0, message)).models("openai", 5, Fails(6, 0, message))
    finding = only(healthy.diagnose(tmp_path))
    assert finding.category is Category.PROVIDER_ISSUE
    assert 7 < (UNTIL - finding.since) / HOUR < 8


@pytest.mark.parametrize("every", [2, 3])
def test_limits_in_the_hours_of_a_batch_have_an_end(tmp_path, every):
    finding = only(partly(every, begin=9, end=4, message=TOO_MANY).diagnose(tmp_path))
    assert (finding.kind, finding.severity) == ("rate_limit", Severity.INFO)
    assert 8 < (UNTIL - finding.since) / HOUR < 9
    assert 3.5 < (UNTIL - finding.until) / HOUR < 5


@pytest.mark.parametrize(("nights", "day"), [(2, 2), (4, 4), (9, 9)])
def test_what_comes_every_night_is_as_old_as_the_nights_in_a_row(healthy, tmp_path, nights, day):
    limits = [Fails(24 * night + 8, 24 * night + 3, TOO_MANY) for night in range(nights)]
    (problem,) = healthy.models("groq", 6, *limits).diagnose(tmp_path).problems
    assert problem.severity is Severity.WARNING
    assert 7 < (UNTIL - problem.since) / HOUR < 8
    assert (UNTIL - problem.recurs_since) // timedelta(days=1) + 1 == day
    first = f"{problem.recurs_since:%b %Y}."
    assert re.search(
        rf" of \d+ attempts failed\. Again: first on \d+ {first}$", problem.findings[0].evidence
    )
    assert ", ended 10 Mar 05:" in problem.title


def test_what_lasts_since_it_began_does_not_recur(healthy, tmp_path):
    (problem,) = healthy.models("groq", 6, Fails(40, 0, TOO_MANY)).diagnose(tmp_path).problems
    assert (problem.state, problem.recurs_since) == (State.ONGOING, None)


@pytest.mark.parametrize(("hours", "state"), [(12, State.NEW), (100, State.ONGOING)])
def test_in_a_window_of_a_week_what_began_before_its_last_day_is_not_new(tmp_path, hours, state):
    scene = Scene(length=timedelta(days=7)).others().models("openai", 6, Fails(hours, 0, BUSY))
    (problem,) = scene.diagnose(tmp_path).problems
    assert (problem.state, problem.findings[0].state) == (state, state)


def test_a_mix_of_503_and_timeouts_is_one_outage(healthy, tmp_path):
    healthy.models("openai", 6, Fails(6, 0, TOO_SLOW, every=3), Fails(6, 0, BUSY))
    finding = only(healthy.diagnose(tmp_path))
    assert finding.kind == "transient_provider"


def test_two_causes_at_one_provider_are_two_findings(healthy, tmp_path):
    for number in range(3):
        healthy.model("azure", f"a{number}", Fails(8, 0, DENIED))
        healthy.model("azure", f"b{number}", Fails(8, 0, TOO_SLOW))
    healthy.model("azure", "well")
    kinds = {f.kind for f in of(healthy.diagnose(tmp_path), Category.PROVIDER_ISSUE)}
    assert kinds == {"auth", "timeout"}


def test_a_short_blip_at_the_very_end_is_not_critical(healthy, tmp_path):
    for number in range(12):
        healthy.model("openai", f"m{number}", Fails(0.4, 0, BUSY), every=30)
    assert healthy.diagnose(tmp_path).status is not Status.CRITICAL


def test_nor_while_a_model_has_not_had_its_turn_since(healthy, tmp_path):
    healthy.models("openai", 3, Fails(2, 0, BUSY)).model("openai", "waits", end=2)
    finding = only(healthy.diagnose(tmp_path))
    assert (finding.category, finding.severity) == (Category.PROVIDER_ISSUE, Severity.WARNING)


def test_resolved_when_it_works_again(healthy, tmp_path):
    healthy.models("openai", 6, Fails(40, 23, NO_MONEY))
    diagnosis = healthy.diagnose(tmp_path)
    assert diagnosis.status is Status.HEALTHY


def test_resolved_when_it_was_well_all_day(healthy, tmp_path):
    healthy.models("openai", 6, Fails(40, 25, NO_MONEY))
    diagnosis = healthy.diagnose(tmp_path)
    assert diagnosis.findings == ()
    assert [f.category for f in diagnosis.resolved] == [Category.PROVIDER_ISSUE]


def test_a_provider_that_is_enabled_and_was_not_attempted(healthy, tmp_path):
    healthy.models("runpod", 3, end=30)
    healthy.catalog()
    finding = only(healthy.diagnose(tmp_path))
    assert finding.category is Category.PROVIDER_ISSUE
    assert finding.kind is None
    assert finding.severity is Severity.CRITICAL


def test_a_provider_that_was_never_attempted(healthy, tmp_path):
    healthy.catalog()
    for number in range(3):
        healthy.store.catalog("runpod", f"m{number}")
    assert told(healthy.diagnose(tmp_path)) == [("provider_issue", "runpod", None)]


def test_a_small_store_is_judged_as_well(tmp_path):
    scene = Scene().models("a", 3).models("b", 3, Fails(6, 0, BAD_KEY))
    assert told(scene.diagnose(tmp_path)) == [("provider_issue", "b", None)]


def test_what_came_and_went_before_is_told_with_what_nothing_survives(healthy, tmp_path):
    healthy.models("openai", 6, Fails(20, 18, NO_MONEY), Fails(6, 0, NO_MONEY))
    assert "on all 6 models, before that from" in only(healthy.diagnose(tmp_path)).evidence


def came_and_went(down: float, every: int, message: str = BUSY) -> Scene:
    """All models of a provider failed for 80 minutes every two hours, and fail now."""
    times = [Fails(begin, begin - 1.3, message) for begin in range(21, 4, -2)]
    return Scene().others().models("groq", 6, *times, Fails(down, 0, message), every=every)


@pytest.mark.parametrize("message", [BUSY, TOO_MANY, BAD_KEY])
@pytest.mark.parametrize("every", [15, 60])
def test_what_is_down_now_is_critical_however_often_it_came_and_went(tmp_path, every, message):
    (problem,) = came_and_went(2, every, message).diagnose(tmp_path).problems
    assert problem.severity is Severity.CRITICAL
    assert problem.title.endswith("all 6 models, no requests succeed")
    assert 1.5 < (UNTIL - problem.since) / HOUR <= 2
    assert ", before that from 9 Mar 1" in problem.findings[0].evidence


@pytest.mark.parametrize("message", [DENIED, NO_MONEY])
def test_a_model_that_waits_for_its_turn_is_not_down(tmp_path, message):
    scene = Scene().others().models("groq", 3, Fails(40, 0, message))
    scene.model("groq", "works-each-time", every=180)
    assert scene.diagnose(tmp_path).status is Status.WARNING


@pytest.mark.parametrize("every", [15, 60])
def test_and_not_before_it_has_been_down_for_an_hour(tmp_path, every):
    finding = only(came_and_went(0.7, every).diagnose(tmp_path))
    assert finding.severity is Severity.WARNING


# Many models repeat it, and the key is fine: what to do follows from the words.
@pytest.mark.parametrize(
    ("message", "words", "check"),
    [
        ("PermissionDeniedError: 403 Country, region, or territory not supported",
         "our address or client is refused", "Check the address and country"),
        ("PermissionDeniedError: error code: 1010",
         "our address or client is refused", "Check the address and country"),
        ("RefreshError: invalid_grant: Invalid JWT: Check your iat and exp values in the JWT claim.",
         "the time in our requests is refused", "Check the clock (NTP)"),
        ("OSError: [Errno 24] Too many open files: '/certifi/cacert.pem'",
         "our benchmark host is out of resources", "Check the benchmark host: open files"),
        ("401 The request IP 198.51.100.24 does not match the configured IP allowlist for your project",
         "our address or client is refused", "Check the address and country"),
        ("ERROR: The requested URL could not be retrieved: Access Denied.",
         "denied by our own proxy or firewall", "Allow the hosts of openai at our proxy or firewall"),
        ("ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 403 Forbidden'))",
         "denied by our own proxy or firewall", "Allow the hosts of openai at our proxy or firewall"),
        ("Request failed with status code 407",
         "denied by our own proxy or firewall", "Allow the hosts of openai at our proxy or firewall"),
        ("403 Sorry, you have been blocked | Cloudflare",
         "our address or client is refused", "Check the address and country"),
        ("401 Incorrect regional hostname. Please make your request to eu.api.openai.com",
         "our key is served by another host or region", "Check the base URL and region"),
        ("400 Publisher Model `x` is not servable in region us-east5.",
         "not served in the region that we call", "Call openai in a region or location"),
        ("400 Organization has been restricted. Please reach out to support.",
         "our account is blocked", "Read what openai wrote to the owner"),
        ("404 Model use case details have not been submitted for this account. Fill out the form.",
         "access not granted", "Request access, accept the terms or fill out the form"),
        ("404 no Route matched with those values", "no route (404)", "Check the base URL"),
        ("Failed to load provider: ModuleNotFoundError: No module named 'openai'",
         "our code fails before the request", "Fix our code"),
        ("500 {'detail': \"ModuleNotFoundError: No module named 'flash_attn'\"}",
         "provider unavailable", "Check the status page"),
        # The variable is that of whom the client was made for.
        (("OpenAIError: The api_key client option must be set either by passing api_key to the client "
          "or by setting the GROQ_API_KEY environment variable"),
         "our API key is not set", "Set the API key of openai in /opt/llm-benchmarks/.env on our host"),
        (BAD_KEY, "access denied", "Check the API key"),
    ],
)  # fmt: skip
def test_a_refusal_is_answered_with_what_it_refuses(healthy, tmp_path, message, words, check):
    healthy.models("openai", 6, Fails(5, 0, message))
    [problem] = healthy.diagnose(tmp_path).problems
    assert words in problem.title
    assert problem.action.startswith(check)


def test_models_that_their_region_does_not_serve_are_not_deprecated(healthy, tmp_path):
    refused = "400 Publisher Model `{}` is not servable in region us-east5."
    for name in ("a", "b", "c"):
        healthy.model("vertex", name, Fails(9, 0, refused.format(name), kind="hard_model"))
    healthy.models("vertex", 9)
    [problem] = healthy.diagnose(tmp_path).problems
    assert problem.title == "3 models of vertex: not served in the region that we call"
    assert problem.action.startswith("Call these models in a region or location that serves them")
    assert "not served in the region that we call (9)" in problem.findings[0].evidence


def test_one_gate_at_two_providers_at_one_moment_is_one_problem(healthy, tmp_path):
    healthy.models("openai", 6, Fails(5, 0, "403 Country, region, or territory not supported"))
    healthy.models("groq", 6, Fails(5, 0, "PermissionDeniedError: error code: 1010"))
    [problem] = healthy.diagnose(tmp_path).problems
    assert problem.providers == ("groq", "openai")


def test_what_the_queue_never_retries_is_given_up_with_its_first_failure(healthy, tmp_path):
    healthy.models("openai", 6, Fails(1, 0, BAD_KEY, kind="auth"))
    finding = only(healthy.diagnose(tmp_path))
    assert len(finding.given_up) == 6


def test_and_not_what_is_attempted_all_day_whatever_comes_of_it(healthy, tmp_path):
    healthy.models("openai", 6, Fails(12, 0, BAD_KEY, kind="auth"))
    assert only(healthy.diagnose(tmp_path)).given_up == ()


def test_a_model_that_was_degraded_before_an_outage_of_others_is_told_by_itself(healthy, tmp_path):
    healthy.model("openai", "slow", Fails(100, 7, TOO_SLOW, every=2))
    healthy.models("openai", 12, Fails(5, 0, TOO_SLOW))
    diagnosis = healthy.diagnose(tmp_path)
    told = {finding.model for finding in (*diagnosis.findings, *diagnosis.resolved)}
    assert {None, "slow"} <= told


def test_an_outage_is_over_although_its_models_fail_of_something_else_now(healthy, tmp_path):
    healthy.models("openai", 6, Fails(40, 25, BUSY), Fails(6, 0, UNSUPPORTED))
    resolved = healthy.diagnose(tmp_path).resolved
    assert [(f.category, f.provider) for f in resolved] == [(Category.PROVIDER_ISSUE, "openai")]


@pytest.mark.parametrize("days", [2.15, 3, 9])
def test_a_provider_that_stopped_is_told_on_the_third_day_of_a_store_as_well(tmp_path, days):
    scene = Scene()
    for provider in ("alpha", "beta"):
        scene.models(provider, 5, every=45, begin=24 * days)
    scene.models("runpod", 5, every=45, begin=24 * days, end=8).catalog()
    finding = only(scene.diagnose(tmp_path))
    assert (finding.provider, finding.severity) == ("runpod", Severity.CRITICAL)
