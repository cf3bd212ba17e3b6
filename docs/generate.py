"""Write what derives from the code: pages, the schema, parts of the role; --check only compares."""

import ast
import inspect
import json
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner
from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import FloatSchema, IntSchema

import healthcheck
from healthcheck.cli import cli
from healthcheck.diagnosis import Category
from healthcheck.errors import EXIT_CODES
from healthcheck.redaction.key_formats import KEY_FORMATS, STARTS, VISIBLE, WORD
from healthcheck.report import Report
from healthcheck.report.contract import Part
from healthcheck.settings import Settings, variables

_DOCS = Path(__file__).parent
_ROOT = _DOCS.parent
_SCHEMA = _ROOT / "healthcheck/report/schema.json"
_ROLE = _ROOT / "ansible/roles/healthcheck"
_SPECS = _ROLE / "meta/argument_specs.yml"
_CATEGORIES = re.compile(r"(?<=The category of finding.\n)( +)(.*\n)\1choices:\n(\1  - .*\n)+")
_KNOWN_SETTINGS = _ROLE / "vars/main/settings.yml"
_PROGRAM_SETTINGS = re.compile(r"(?<=__healthcheck_program_settings:\n)(?:  - .*\n)+")
_NOTICE = _ROLE / "files/llm-health-check-failure"
_FILTER = re.compile(
    r"(?<=-e 's#)\(\^\|\[\^A-Za-z0-9\]\).*(?=#\\1\[redacted\]#g' \\$)", re.MULTILINE
)
_WIDTH = 80


def command_reference() -> str:
    """Return the page of all commands: what each prints with --help, and the exit codes."""
    pages = []
    for command in _commands():
        shown = CliRunner().invoke(
            cli, [*command.split(), "--help"], prog_name="llm-health-check", terminal_width=_WIDTH
        )
        heading = f"## llm-health-check {command}".rstrip()
        pages.append(f"{heading}\n\n```\n{shown.output.strip()}\n```\n")
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    return "\n".join(
        [
            "# Command line\n",
            "Generated from `--help` by `make docs`. In a checkout, run `.venv/bin/llm-health-check`.",
            "`python -m healthcheck` works as well.\n",
            *pages,
            f"## Exit codes\n\n| code | meaning |\n| --- | --- |\n{codes}\n",
            "Standard output contains only the report. Warnings and errors go to standard error;",
            "`--debug` adds the traceback.\n",
        ]
    )


def settings_table() -> str:
    """Return one row per setting."""
    rows = ["| variable | default | description |", "| --- | --- | --- |"]
    told = setting_descriptions()
    for variable, field in variables().items():
        value = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
        default = "none" if value is None else f"`{value}`"
        rows.append(f"| `{variable}` | {default} | {told[field.name]} |")
    return "\n".join(rows) + "\n"


def role_variables() -> str:
    """Return one row per variable of the role, in the order of its specification."""
    rows = ["| variable | type | default | description |", "| --- | --- | --- | --- |"]
    specs = yaml.safe_load(_SPECS.read_text(encoding="utf-8"))["argument_specs"]
    options: dict[str, dict[str, Any]] = {}
    for entry in specs.values():
        options = entry["options"] | options
    for name, option in options.items():
        kind = f"list of {option['elements']}" if "elements" in option else option["type"]
        kind = ", ".join(f"`{choice}`" for choice in option.get("choices", ())) or kind
        value = option.get("default", "not given")
        value = str(value).lower() if isinstance(value, bool) else value
        default = f"`{value}`" if "default" in option and value != "" else value or "empty"
        fields = ", ".join(f"`{field}`" for field in option.get("options", {}))
        told = " ".join(option["description"].split()) + (f" Fields: {fields}." if fields else "")
        rows.append(f"| `{name}` | {kind} | {default} | {told} |")
    return "\n".join(rows) + "\n"


def setting_descriptions() -> dict[str, str]:
    """Return what stands below each field."""
    (definition,) = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - for the type checker
    return {
        field.target.id: str(text.value.value)
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


def failure_notice() -> str:
    """Return its script with a pattern of all key formats."""
    script = _NOTICE.read_text(encoding="utf-8")
    return _FILTER.sub(lambda _: shell_pattern(), script)


def shell_pattern() -> str:
    """Return the extended regular expression by which `sed` finds a key of every format, or a masked one."""
    rows = [
        f"({'|'.join(start.replace('.', '[.]') for start in row.starts)})[{row.alphabet}]{{{row.least},}}"
        for row in KEY_FORMATS
    ]
    # In bytes: there "…+" would repeat the last one.
    known = f"({'|'.join(STARTS)})".replace(".", "[.]")
    known_mask, mask = "([*]{2,}|[.]{3,}|(…)+|(•){2,}|[[][.]{3}[]])", "[*]{6,}"
    for start, stars in ((known, known_mask), ("", mask)):
        rows += (
            f"{start}[{WORD}]{{0,60}}{stars}[{WORD}]{{{VISIBLE},40}}",
            f"{start}[{WORD}]{{{VISIBLE},60}}{stars}[{WORD}]{{0,40}}",
        )
    return f"(^|[^A-Za-z0-9])({'|'.join(rows)})"


def argument_specs() -> str:
    """Return the description of the role's variables with the categories that can be muted."""
    choices = "".join(rf"\g<1>  - {category}\n" for category in Category)
    return _CATEGORIES.sub(rf"\1\2\1choices:\n{choices}", _SPECS.read_text(encoding="utf-8"))


def known_settings() -> str:
    """Return the role's lists of settings with those that the program reads."""
    read = "".join(f"  - {variable}\n" for variable in variables())
    return _PROGRAM_SETTINGS.sub(read, _KNOWN_SETTINGS.read_text(encoding="utf-8"))


class _Schema(GenerateJsonSchema):
    """No number of a report is negative."""

    def int_schema(self, schema: IntSchema) -> JsonSchemaValue:
        """Return that of a count."""
        return super().int_schema(schema) | {"minimum": 0}

    def float_schema(self, schema: FloatSchema) -> JsonSchemaValue:
        """Return that of a rate or an amount."""
        return super().float_schema(schema) | {"minimum": 0}


def report_schema() -> str:
    """Return the JSON Schema of a report."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    Part.__pydantic_config__ = ConfigDict(extra="forbid")
    schema |= TypeAdapter(Report).json_schema(mode="serialization", schema_generator=_Schema)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def pages() -> dict[Path, str]:
    """Return the text of each file that is generated, or has a generated part."""
    configuration, role = _DOCS / "configuration.md", _ROLE / "README.md"
    return {
        _DOCS / "cli.md": command_reference(),
        configuration: _with_table(configuration, "settings", settings_table()),
        role: _with_table(role, "variables", role_variables()),
        _SCHEMA: report_schema(),
        _SPECS: argument_specs(),
        _KNOWN_SETTINGS: known_settings(),
        _NOTICE: failure_notice(),
    }


def _with_table(path: Path, name: str, table: str) -> str:
    """Return the text of a page with this table between its markers."""
    pattern = rf"(?s)(?<=<!-- {name}: begin -->\n).*(?=<!-- {name}: end -->)"
    text, count = re.subn(pattern, lambda _: table, path.read_text(encoding="utf-8"))
    if count != 1:
        sys.exit(f"{path.relative_to(_ROOT)} needs the markers of {name} once.")
    return text


def _commands() -> list[str]:
    """Return every command with the group it belongs to, the top one first."""
    found = [""]
    for name, command in cli.commands.items():
        found.append(name)
        found += [f"{name} {inner}" for inner in getattr(command, "commands", ())]
    return found


def main() -> None:
    """Write or compare."""
    if not Path(healthcheck.__file__).is_relative_to(_ROOT):
        sys.exit(f"This would describe {healthcheck.__file__}, another checkout's code.")
    check = "--check" in sys.argv[1:]
    for path, text in pages().items():
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path.relative_to(_ROOT)} is out of date: run make docs.")


if __name__ == "__main__":
    main()
