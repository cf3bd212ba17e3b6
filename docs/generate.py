"""Write cli.md and the table of configuration.md; with --check only say which is out of date."""

import sys
from pathlib import Path

from click.testing import CliRunner

from healthcheck.cli import cli
from healthcheck.errors import EXIT_CODES
from healthcheck.settings import Settings

_DOCS = Path(__file__).parent
_BEGIN, _END = "<!-- settings: begin -->\n", "<!-- settings: end -->"
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
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if field.default is not None else "none"
        rows.append(f"| `{field.alias or name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def pages() -> dict[Path, str]:
    """Return the text of each generated page."""
    configuration = _DOCS / "configuration.md"
    before, begin, rest = configuration.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    return {
        _DOCS / "cli.md": command_reference(),
        configuration: f"{before}{begin}{settings_table()}{_END}{after}",
    }


def _commands() -> list[str]:
    """Return every command with the group it belongs to, the top one first."""
    found = [""]
    for name, command in cli.commands.items():
        found.append(name)
        found += [f"{name} {inner}" for inner in getattr(command, "commands", ())]
    return found


def main() -> None:
    """Write or compare."""
    check = "--check" in sys.argv[1:]
    for path, text in pages().items():
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"docs/{path.name} is out of date: run make docs.")


if __name__ == "__main__":
    main()
