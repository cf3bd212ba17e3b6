"""Our own service: the same at nearly all providers, results that cannot be stored."""

import re

import pytest
from scene import BUSY, NO_ROUTE, STRANGE, TOO_SLOW, Fails, Scene, of, only, told

from healthcheck.diagnosis import Category, Severity, Status

PROVIDERS = ("alpha", "beta", "gamma", "delta", "epsilon")


def everywhere(*fails: Fails, but: str | None = None) -> Scene:
    scene = Scene()
    for provider in PROVIDERS:
        scene.models(provider, 4, *(() if provider == but else fails))
    return scene


@pytest.mark.parametrize("message", [NO_ROUTE, TOO_SLOW, STRANGE])
def test_the_same_everywhere_is_one_finding_about_ourselves(tmp_path, message):
    diagnosis = everywhere(Fails(5, 0, message)).diagnose(tmp_path)
    finding = only(diagnosis)
    assert finding.category is Category.SERVICE_ISSUE
    assert finding.provider is None
    assert finding.severity is Severity.CRITICAL
    assert diagnosis.status is Status.CRITICAL


def test_nearly_everywhere_is_enough(tmp_path):
    finding = only(everywhere(Fails(5, 0, NO_ROUTE), but="delta").diagnose(tmp_path))
    assert finding.category is Category.SERVICE_ISSUE
    assert finding.severity is Severity.CRITICAL
    assert finding.evidence.endswith(", not at delta: our side, not 4 providers.")


def test_over_is_to_know_of(tmp_path):
    diagnosis = everywhere(Fails(9, 6, NO_ROUTE)).diagnose(tmp_path)
    assert only(diagnosis).severity is Severity.INFO
    assert diagnosis.status is Status.HEALTHY


def test_two_providers_of_five_are_two_provider_issues(tmp_path):
    scene = Scene()
    for provider in PROVIDERS:
        fails = [Fails(5, 0, BUSY)] if provider in ("alpha", "beta") else []
        scene.models(provider, 4, *fails)
    assert told(scene.diagnose(tmp_path)) == [
        ("provider_issue", "alpha", None),
        ("provider_issue", "beta", None),
    ]


class TestStoring:
    def test_never_counts_against_a_provider(self, healthy, tmp_path):
        lost = "ServerSelectionTimeoutError: No servers found yet"
        healthy.models("openai", 4, Fails(6, 0, lost, stage="log"))
        finding = only(healthy.diagnose(tmp_path))
        assert finding.category is Category.SERVICE_ISSUE
        assert finding.provider is None
        assert finding.count == 24
        assert finding.severity is Severity.CRITICAL

    def test_a_model_alone_is_a_warning(self, healthy, tmp_path):
        healthy.model("openai", "m", Fails(6, 0, "OSError: disk full", stage="log"))
        assert only(healthy.diagnose(tmp_path)).severity is Severity.WARNING

    def test_critical_when_nothing_is_stored_any_more(self, tmp_path):
        diagnosis = everywhere(Fails(6, 0, "OSError: disk full", stage="log")).diagnose(tmp_path)
        assert only(diagnosis).severity is Severity.CRITICAL

    def test_over_is_to_know_of(self, healthy, tmp_path):
        healthy.models("openai", 4, Fails(9, 8, "OSError: disk full", stage="log"))
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.INFO, True)

    def test_not_over_before_results_were_stored_for_an_hour(self, healthy, tmp_path):
        full = Fails(3, 0.8, "OSError: disk full", stage="log")
        healthy.models("openai", 4, full, every=10)
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.WARNING, False)

    @pytest.mark.parametrize(("begin", "end"), [(30, 9), (40, 36)])
    def test_nothing_saved_any_more_is_critical_whatever_was_lost_before(
        self, healthy, tmp_path, begin, end
    ):
        full = "OSError: disk full"
        before, now = Fails(begin, end, full, stage="log"), Fails(3, 0, full, stage="log")
        healthy.models("openai", 4, before, now)
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.CRITICAL, False)
        assert finding.evidence.startswith("12 of 12 attempts lost since")

    def test_jobs_that_are_lost_beside_others_that_are_done_are_a_warning(self, healthy, tmp_path):
        """A model whose every lease expires is no sign that nothing is done any more."""
        healthy.models("openai", 7)
        for name in ("x", "y", "z"):
            healthy.model("openai", name, Fails(4, 0, "lease expired", stage="timeout"))
        finding = only(healthy.diagnose(tmp_path))
        assert (finding.severity, finding.over) == (Severity.WARNING, False)
        assert re.match(
            r"12 of \d+ attempts lost since .+, of 3 models of openai: ", finding.evidence
        )

    def test_one_is_nothing(self, healthy, tmp_path):
        healthy.model("openai", "m", Fails(9, 8, "OSError: disk full", stage="log"))
        assert told(healthy.diagnose(tmp_path)) == []


def test_a_failed_check_of_an_answer_without_a_clear_message_is_unknown(healthy, tmp_path):
    healthy.model("openai", "m", Fails(6, 0, "empty", stage="validate", kind="hard_model"))
    healthy.models("openai", 3)
    assert only(healthy.diagnose(tmp_path)).kind == "unknown"


def test_nothing_of_it_is_a_provider_issue(tmp_path):
    diagnosis = everywhere(Fails(5, 0, NO_ROUTE)).diagnose(tmp_path)
    assert of(diagnosis, Category.PROVIDER_ISSUE) == []
