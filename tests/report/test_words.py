"""Words for people: what JSON and options call `transient_provider` is "provider unavailable"."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from reports import UNTIL, finding, pattern, problem, provider, report, totals

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import CATEGORIES, Aspect, Category, Severity
from healthcheck.diagnosis.coverage import Coverage, Share
from healthcheck.diagnosis.findings import Finding
from healthcheck.diagnosis.problems import Problem
from healthcheck.known_issues import Mute
from healthcheck.report import render
from healthcheck.report.contract import Reading
from healthcheck.taxonomy import ErrorKind

TERMS = {name.value for names in (Category, ErrorKind) for name in names} | set(get_args(Aspect))
ENUM = re.compile(rf"\b(?:{'|'.join(term for term in TERMS if '_' in term)})\b")
MODELS = (ModelKey("groq", "llama"), ModelKey("groq", "gemma"))


def problem_of(category, kind, aspect, models, *, ended):
    found = Finding(
        category=category,
        severity=Severity.WARNING,
        evidence="Evidence.",
        provider=models[0].provider,
        model=models[0].model if len(models) == 1 else None,
        kind=kind,
        since=UNTIL - timedelta(hours=6),
        until=UNTIL - timedelta(hours=1) if ended else None,
        models=models,
        aspect=aspect,
        given_up=() if ended else models,
    )
    return Problem((found,), Coverage(providers={"groq": Share(enabled=5)}))


@pytest.mark.parametrize("kind", [None, *ErrorKind])
@pytest.mark.parametrize("category", list(Category))
def test_no_title_and_no_action_holds_a_term_of_the_json(category, kind):
    for aspect in (None, *get_args(Aspect)):
        for models in (MODELS[:1], MODELS):
            for ended in (False, True):
                made = problem_of(category, kind, aspect, models, ended=ended)
                for sentence in (made.title, made.action or ""):
                    assert not ENUM.search(sentence)
                    assert "{" not in sentence
                    assert "1 models" not in sentence


TITLES = {
    (Category.SILENT_SERVICE, None): "no data received since 10 Mar 02:00 UTC",
    (Category.SERVICE_ISSUE, None): "timed out at nearly all providers",
    (Category.SERVICE_ISSUE, "saving"): "groq: results could not be saved",
    (Category.SERVICE_ISSUE, "lost_jobs"): "timed out at groq",
    (Category.SERVICE_ISSUE, "total_loss"): "nothing succeeds at any provider: timed out",
    (Category.PROVIDER_ISSUE, None): "groq: timed out, 2 models",
    (Category.LOW_VOLUME, None): "far fewer attempts than usual on 2 models of groq",
    (Category.DEPRECATED_MODEL, None): "2 models of groq: likely deprecated",
    (Category.CODE_FIX, None): "2 models of groq: timed out",
    (Category.FAILING_MODEL, None): "2 models of groq fail: timed out",
    (Category.FAILING_MODEL, "never_worked"): "2 models of groq: timed out",
    (Category.SILENT_MODEL, None): "2 of 5 groq models are not attempted",
    (Category.DEGRADED_MODEL, None): "2 models of groq fail more often than usual: timed out",
    (Category.DISABLED_ATTEMPTED, None): "2 models of groq: disabled and still attempted",
    (Category.CATALOG_CHANGE, None): "2 models of groq added",
    (Category.CATALOG_CHANGE, "disabled"): "2 models of groq disabled",
    (Category.RETIRING_MODEL, None): "2 models of groq: retirement date near or past, still working",
    (Category.IMPLAUSIBLE_RESULTS, None): "2 models of groq: results that cannot be true",
    (Category.IMPLAUSIBLE_RESULTS, "shifted_clock"): "stored times are off by whole hours",
    (Category.CATALOG_REVIEW, None): "2 models of groq: enabled under two spellings",
    (Category.CATALOG_REVIEW, "probing"): "2 models of groq: probing for more than 4 days",
    (Category.CATALOG_REVIEW, "disabled_in_outage"): "2 models of groq: disabled during a problem that is over",
}  # fmt: skip


def test_each_title_is_of_a_row_or_an_aspect_of_one():
    rows = [(name, aspect) for name, row in CATEGORIES.items() for aspect in (None, *row.aspects)]
    assert [*TITLES] == rows


@pytest.mark.parametrize(("category", "aspect"), TITLES)
def test_the_title_of_each_row_is_in_these_words(category, aspect):
    made = problem_of(category, ErrorKind.TIMEOUT, aspect, MODELS, ended=False)
    assert made.title == TITLES[category, aspect]


@pytest.mark.parametrize(("category", "aspect", "action"), [
    (Category.CODE_FIX, None, "Fix our request for this model; see the error message; then requeue it."),
    (Category.DEPRECATED_MODEL, None, "Disable it."),
    (Category.CATALOG_CHANGE, "disabled",
     "Check that this model should be disabled, and enable again what should run."),
    (Category.PROVIDER_ISSUE, None, "Fix our request for groq; see the error message; then requeue its models."),
])  # fmt: skip
def test_an_action_names_the_one_model_where_its_title_does_not(category, aspect, action):
    kind = ErrorKind.HARD_CAPABILITY
    assert problem_of(category, kind, aspect, MODELS[:1], ended=False).action == action


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 model"), (2, "both models"), (3, "all 3 models")]
)
def test_two_of_two_are_both(count, told):
    names = tuple(ModelKey("groq", str(number)) for number in range(count))
    found = Finding(Category.PROVIDER_ISSUE, Severity.WARNING, "", "groq", None, ErrorKind.AUTH)
    covered = Coverage(providers={"groq": Share(enabled=count)})
    made = Problem((replace(found, models=names),), covered)
    assert made.title == f"groq: access denied, {told}"


@pytest.mark.parametrize(("told", "section"), [
    ({}, "Code fixes needed"),
    ({"needs_requeue": True}, "Models failing"),
    ({"category": Category.PROVIDER_ISSUE, "needs_requeue": True}, "Provider-wide issues"),
    ({"category": Category.DEPRECATED_MODEL}, "Models likely deprecated"),
    ({"category": Category.DEPRECATED_MODEL, "message": "or you do not have access to it"},
     "Models failing"),
])  # fmt: skip
def test_a_heading_fits_the_actions_below_it(told, section):
    models = tuple(ModelKey("groq", str(number)) for number in range(9))
    found = {"category": Category.CODE_FIX, "severity": Severity.WARNING, "evidence": ""}
    made = Problem((Finding(**found | {"provider": "groq", "models": models} | told),), Coverage())
    assert made.section == section


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("category", list(Category))
def test_no_mail_holds_a_term_of_the_json(category, severity):
    found = [
        finding(category.value, model=kind.value.replace("_", "-"), kind=kind, severity=severity)
        for kind in ErrorKind
    ]
    mail = render(
        report(
            *found,
            problems=[problem(part, title="groq: fails") for part in found],
            resolved=[finding(category.value, None, None)],
            providers=[provider(errors=90, errors_by_kind=dict.fromkeys(ErrorKind, 10))],
            totals=totals(90, 30),
            patterns=[
                pattern(reading=Reading(kind=kind, words="why")) for kind in list(ErrorKind)[:3]
            ],
        )
    )
    for part in (mail.subject, mail.text, mail.html):
        assert not ENUM.search(part)


@pytest.mark.parametrize("category", list(Category))
def test_a_mute_is_named_in_words(category):
    assert not ENUM.search(str(Mute("groq", None, category)))
