"""What models write of a day: the honest sentence reaches the report, the lie does not.

`sayings` has a sentence a line: day, place, findings and words. A place is where it stands in the
answer: `summary` with the findings that it cites, `advice` or `why` of the first of them, `pattern`
of the first pattern. A finding is its category and names. `strict` has honest ones that are dropped
all the same (a cause, maker or family beside the cited findings, a part of a name, a rounded figure);
`unseen` has lies that no rule can tell from honest words.
"""

import json
from pathlib import Path

import pytest
from days import Day, day_of_scene
from scene import BUSY, RETIRED, Fails, Scene
from scripted import EMPTY

from healthcheck.assessment.grounding import grounded
from healthcheck.assessment.prompt import build_prompt
from healthcheck.assessment.schema import Answer
from healthcheck.report import render, render_json
from healthcheck.report.contract import Analysis, Report

FOLDER = Path(__file__).with_name("sayings")


def sayings(name: str) -> list:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


LISTS = {
    "deprecated_model": "deprecated_models",
    "code_fix": "code_fixes",
    "provider_issue": "provider_issues",
}


@pytest.fixture(scope="module")
def days(sample_day, healthy_day, tmp_path_factory):
    dead = Scene().others().models("openai", 4).model("openai", "o1-mini", Fails(20, 0, RETIRED))
    silent = Scene().models("alpha", 5, end=7).models("beta", 5, end=7)
    outage = Scene().others().models("anthropic", 5, Fails(5, 0, BUSY))
    scenes = {"dead": dead, "silent": silent, "outage": outage}
    made = {
        name: day_of_scene(scene.catalogue(), tmp_path_factory.mktemp(name))
        for name, scene in scenes.items()
    }
    return made | {"sample": sample_day, "healthy": healthy_day}


def answered(day: Day, place: str, about: list[str], words: str) -> Report:
    ids = [day.id_of(*each.split(" ")) for each in about]
    told = EMPTY | {"status": day.report.status.value}
    if place == "summary":
        told["summary"] = [{"text": words, "findings": ids}]
    elif place == "advice":
        told["actions"] = [{"finding": ids[0], "advice": words}]
    elif place == "pattern":
        told["patterns"] = [{"pattern": "p1", "kind": "hard_capability", "why": words}]
    else:
        part = next(part for part in day.report.findings if part.id == ids[0])
        name = {"model": f"{part.provider} {part.model}"} if part.model else {}
        name = name or {"provider": part.provider}
        told[LISTS[part.category]] = [name | {"why": words}]
    rules = day.report
    names = build_prompt(rules, day.facts).names
    empty = Analysis(source="rules", model="gpt-4o-mini", status=rules.status, summary=None)
    return grounded(rules, names, Answer.model_validate(told), empty)


def words_of(report: Report) -> list[str]:
    """All that the AI itself says in the report."""
    every = [report.analysis.summary, *(part.opinion for part in report.findings)]
    every += [step.advice for step in report.recommended_actions]
    every += [part.reading.words for part in report.patterns if part.reading]
    return [words for words in every if words]


@pytest.mark.parametrize("saying", sayings("honest"), ids=lambda saying: saying[3][:60])
def test_the_honest_sentence_is_told(saying, days):
    day, place, about, words = saying
    report = answered(days[day], place, about, words)
    assert report.analysis.dropped_claims == 0
    assert words_of(report)


@pytest.mark.parametrize("saying", sayings("lies"), ids=lambda saying: ascii(saying[3][:60]))
def test_the_lie_is_dropped_and_counted(saying, days):
    day, place, about, words = saying
    rules = days[day].report
    report = answered(days[day], place, about, words)
    assert words_of(report) == []
    assert report.analysis.dropped_claims > 0
    mail = render(report)
    assert mail.subject == render(rules).subject
    assert words not in " ".join(mail.text.split())
    assert words not in mail.html
    assert json.dumps(words)[1:-1] not in render_json(report)


@pytest.mark.parametrize("saying", sayings("strict"), ids=lambda saying: saying[3][:60])
def test_where_the_rules_are_stricter_than_need_be(saying, days):
    day, place, about, words = saying
    assert words_of(answered(days[day], place, about, words)) == []


@pytest.mark.parametrize("saying", sayings("unseen"), ids=lambda saying: saying[3][:60])
def test_what_passes_changes_nothing_but_the_words(saying, days):
    day, place, about, words = saying
    rules = days[day].report
    report = answered(days[day], place, about, words)
    assert report.status == rules.status
    assert report.reason == rules.reason
    assert report.findings == rules.findings
    assert report.recommended_actions == rules.recommended_actions
