"""docs/deploy.md and docs/operations.md name what the role has."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ANSIBLE = ROOT / "ansible"
ROLE = ANSIBLE / "roles" / "healthcheck"
PAGES = [ROOT / "docs" / name for name in ("deploy.md", "operations.md")]
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def what_the_deploy_may_say() -> str:
    """The text of the role, its templates and its scripts, in one line."""
    files = [*ROLE.rglob("*.*"), *(ROLE / "files").iterdir(), *(ANSIBLE / "templates").iterdir()]
    texts = [
        file.read_text(encoding="utf-8") for file in files if file.suffix not in {".md", ".pyc"}
    ]
    return " ".join(" ".join(texts).split())


@EACH_PAGE
def test_every_variable_and_tag_it_names_is_one_of_the_role(page):
    specs = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
    internal = yaml.safe_load((ROLE / "vars/main/main.yml").read_text())
    known = {name for entry in specs.values() for name in entry["options"]}
    known |= {
        tag
        for task in yaml.safe_load((ROLE / "tasks/main.yml").read_text())
        for tag in task["tags"]
    }
    known |= internal["__healthcheck_former_names"].keys()
    named = set(re.findall(r"(?<!_)\bhealthcheck_\w+", text_of(page))) - {"healthcheck_smtp_"}
    assert named
    assert named <= known


@EACH_PAGE
def test_every_playbook_it_names_is_there(page):
    text = text_of(page)
    for name in re.findall(r"\b([a-z]+\.yml)\b", text):
        assert (ANSIBLE / name).exists() or name in {"main.yml", "vault.yml", "clifford.yml"}, name


def test_a_symptom_while_deploying_is_what_the_deploy_says():
    section = (
        text_of(PAGES[1]).partition("While deploying:")[2].partition("The report does not come:")[0]
    )
    symptoms = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert symptoms
    said = what_the_deploy_may_say()
    for symptom in symptoms:
        for part in filter(None, re.split(r" ?\.\.\.,? ?|\?", symptom)):
            assert part.strip() in said, symptom
