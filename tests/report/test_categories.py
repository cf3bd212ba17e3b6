"""Every category that the diagnosis knows reaches every place that shows or takes one."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from reports import finding, problem, report

from healthcheck.assessment import build_prompt
from healthcheck.cli import cli
from healthcheck.diagnosis import CATEGORIES, Category
from healthcheck.report import render, render_json

ROOT = Path(__file__).parents[2]


def test_the_table_has_a_row_for_each():
    assert set(CATEGORIES) == set(Category)


@pytest.fixture(params=CATEGORIES, ids=str)
def category(request):
    return request.param


@pytest.fixture
def rendered(category):
    """A report whose one problem is of the category."""
    found = finding(category.value, evidence="The evidence of it.")
    made = report(found, problems=[problem(found, title="This is the title")])
    return made, render(made)


def test_the_mail_shows_it_in_its_section(category, rendered):
    _, mail = rendered
    section = CATEGORIES[category].section
    for body in (mail.text, mail.html):
        folded = " ".join(body.split())
        place = re.search(re.escape(section), folded, re.IGNORECASE)
        assert place, section
        assert "This is the title" in folded[place.end() :]
        assert "The evidence of it" in folded


def test_the_schema_allows_it(category, rendered):
    made, _ = rendered
    schema = json.loads((ROOT / "healthcheck/report/schema.json").read_text())
    assert category.value in schema["$defs"]["Category"]["enum"]
    assert json.loads(render_json(made))["findings"][0]["category"] == category.value


def test_the_ai_is_told_of_it(rendered):
    made, _ = rendered
    prompt = build_prompt(made)
    assert f'"{made.problems[0].category.value}"' in prompt.data


def test_it_can_be_muted(category, tmp_path):
    known = tmp_path / "known.toml"
    done = CliRunner().invoke(
        cli,
        ["mute", "groq", "llama", "--category", category.value],
        env={"KNOWN_ISSUES": str(known), "MONGODB_URI": "mongodb://localhost"},
    )
    assert done.exit_code == 0, done.output
    assert f'category = "{category.value}"' in known.read_text()


def test_how_it_decides_explains_it(category):
    assert f"\n| `{category.value}` | " in (ROOT / "docs/how-it-decides.md").read_text()
