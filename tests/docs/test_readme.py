"""The README tells the truth; UPDATE_GOLDEN=1 writes its command reference anew."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from healthcheck.cli import cli
from healthcheck.settings import Settings
from healthcheck.taxonomy import ErrorKind

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def all_commands():
    """Each with the group that it stands in."""
    yield ""
    for name, command in cli.commands.items():
        yield name
        yield from (f"{name} {inner}" for inner in getattr(command, "commands", ()))


@pytest.mark.parametrize("command", [*all_commands()])
def test_the_command_reference_is_what_help_prints(command):
    heading = f"### llm-health-check {command}".rstrip()
    shown = CliRunner().invoke(
        cli, [*command.split(), "--help"], prog_name="llm-health-check", terminal_width=80
    )
    section = f"{heading}\n\n```\n{shown.output.strip()}\n```\n"
    if os.environ.get("UPDATE_GOLDEN"):
        _replace_section(heading, section)
    assert section in (ROOT / "README.md").read_text(encoding="utf-8")


def _replace_section(heading, section):
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    old = re.compile(rf"^{re.escape(heading)}\n\n```\n.*?\n```\n", re.MULTILINE | re.DOTALL)
    if old.search(text):
        text = old.sub(lambda _: section, text, count=1)
    else:
        text = text.replace("\n## Settings\n", f"\n{section}\n## Settings\n")
    path.write_text(text, encoding="utf-8")


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
