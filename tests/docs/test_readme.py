"""The README tells the truth."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from healthcheck.cli import cli
from healthcheck.settings import Settings
from healthcheck.taxonomy import ErrorKind

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["", *cli.commands])
def test_the_command_reference_is_what_help_prints(command):
    heading = re.escape(f"### llm-health-check {command}".rstrip())
    section = re.search(rf"^{heading}\n\n```\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)
    assert section, f"README.md has no section on {command!r}"
    shown = CliRunner().invoke(
        cli, [*command.split(), "--help"], prog_name="llm-health-check", terminal_width=80
    )
    assert section[1] == shown.output.strip()


def test_every_variable_is_listed_with_its_default():
    for name, field in Settings.model_fields.items():
        variable = field.alias or name.upper()
        default = f"`{field.default}`" if field.default else "none"
        assert f"| `{variable}` | {default} |" in README


def test_every_kind_is_explained():
    for kind in ErrorKind:
        assert f"| `{kind}` |" in README


def test_every_link_into_the_project_leads_somewhere():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_make_target_it_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^    make (\w+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
