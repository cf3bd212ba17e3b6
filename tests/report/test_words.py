"""Words for people: what JSON and options call `transient_provider` is "provider unavailable"."""

import re
from datetime import timedelta
from typing import get_args

import pytest
from reports import UNTIL, finding, pattern, problem, provider, report, totals

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import Aspect, Category, Severity
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
        retries_exhausted=not ended,
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
