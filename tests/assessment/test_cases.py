"""Recorded cases: a day, what the AI answered, and what the report must make of it.

A case is a folder with three files. To add one, copy another and change it.

day.json       `sample`, or a list of models: provider, model (or `count` of them), and `fails`, each
               as [from hours before the end, to hours before the end, message]; all other attempts
               succeed. `healthy: true` adds healthy models; `mutes` are known issues; `disabled`
               are models that the catalogue has switched off.
answer.json    what the AI wrote. `@category provider model` stands for the id of that finding.
expected.json  status, analysis, findings as [category, provider, model, sources], and what the
               text of the mail `tells` and `does_not_tell`.
"""

import json
from pathlib import Path

import pytest
from days import Day, day_of_scene
from scene import Fails, Scene
from scripted import EMPTY, replied

from healthcheck.known_issues import Mute
from healthcheck.report import render

CASES = sorted(path for path in Path(__file__).with_name("cases").iterdir() if path.is_dir())


def read(case: Path, name: str):
    return json.loads((case / f"{name}.json").read_text(encoding="utf-8"))


def day_told(told, sample: Day, folder: Path) -> Day:
    if told == "sample":
        return sample
    scene = Scene()
    if told.get("healthy", True):
        scene.others()
    for model in told["models"]:
        fails = [Fails(begin, end, message) for begin, end, message in model.get("fails", [])]
        if "count" in model:
            scene.models(model["provider"], model["count"], *fails)
        else:
            scene.model(model["provider"], model["model"], *fails)
    scene.catalogue()
    for entry in scene.store.models:
        if [entry["provider"], entry["model_id"]] in told.get("disabled", []):
            entry["enabled"] = False
    return day_of_scene(scene, folder, [Mute(**mute) for mute in told.get("mutes", [])])


def with_ids(value, day: Day):
    """The answer with the ids of the day's findings in the place of their names."""
    if isinstance(value, dict):
        return {key: with_ids(part, day) for key, part in value.items()}
    if isinstance(value, list):
        return [with_ids(part, day) for part in value]
    if isinstance(value, str) and value.startswith("@"):
        return day.id_of(*value[1:].split(" "))
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_report_makes_of_it_what_was_recorded(case, sample_day, assessed, tmp_path):
    day = day_told(read(case, "day"), sample_day, tmp_path)
    report, _ = assessed(day, replied(EMPTY | with_ids(read(case, "answer"), day)))
    expected = read(case, "expected")
    assert report.status == expected["status"]
    made = report.analysis.model_dump(mode="json")
    for key, value in expected.get("analysis", {}).items():
        assert made[key] == value, key
    found = [[p.category, p.provider, p.model, list(p.sources)] for p in report.findings]
    for finding in expected.get("findings", []):
        assert finding in found
    if expected.get("nothing_else"):
        assert len(found) == len(expected["findings"])
    mail = render(report)
    text = " ".join(mail.text.split())
    for words in expected.get("tells", []):
        assert words in text
    for words in expected.get("does_not_tell", []):
        assert words.lower() not in text.lower()
        assert words.lower() not in mail.html.lower()
