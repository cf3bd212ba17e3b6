"""The commands that need no report: classify, doctor and completion."""

import json
import sys
from typing import Any

import click
from click.shell_completion import get_completion_class

from healthcheck.cli import options
from healthcheck.cli.options import now
from healthcheck.errors import UsageError

_COLORS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.command()
@click.option(
    "--jsonl", is_flag=True, help="Read JSON objects with message, http_status and exc_type."
)
@options.debug
def classify(*, jsonl: bool) -> None:
    """Classify error messages, one per line from standard input.

    \b
    Prints one JSON object per line: kind, matching rule, reason.
    echo 'Error code: 404 - no such model' | llm-health-check classify
    """  # noqa: D301 - click wants the character
    from healthcheck import taxonomy

    for number, line in enumerate(sys.stdin.buffer, start=1):
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        known = _parsed(text, number) if jsonl else {"message": text}
        hints = {name: known.get(name) for name in ("http_status", "exc_type")}
        verdict = taxonomy.classify(known.get("message"), **hints)
        click.echo(json.dumps({"kind": verdict.kind, "rule": verdict.rule, "why": verdict.why}))


def _parsed(text: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(
            f"Line {number} is not a JSON object; --jsonl takes one per line, such as "
            '{"message": "...", "http_status": 404}.'
        )
    return value


@click.command()
@click.option("--offline", is_flag=True, help="Skip checks that need the network.")
@click.option("--test-mail", is_flag=True, help="Also send a test mail to NOTIFY_EMAIL.")
@options.form("json")
@options.debug
def doctor(*, offline: bool, test_mail: bool, form: str) -> None:
    """Verify the setup.

    \b
    One line per check: ok, warning or failed, and what to do.
    Exits 1 if a check failed.
    """  # noqa: D301 - click wants the character
    if offline and test_mail:
        raise UsageError("--offline and --test-mail are mutually exclusive.")
    from healthcheck.doctor import Outcome, examine

    rows, failed = [], False
    for check in examine(now(), offline=offline, test_mail=test_mail):
        name, outcome, found, remedy = check.name, check.outcome, check.found, check.remedy
        failed = failed or outcome is Outcome.FAILED
        rows.append({"check": name, "outcome": outcome, "found": found, "remedy": remedy or None})
        if form == "text":
            click.echo(f"{click.style(f'{outcome:<9}', fg=_COLORS[outcome])}{name}: {found}")
            if remedy:
                click.echo(f"{'':9}-> {remedy}")
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    if failed:
        sys.exit(1)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script for a shell.

    llm-health-check completion bash >> ~/.bashrc
    """
    command, made = ctx.find_root().command, get_completion_class(shell)
    if made:
        click.echo(made(command, {}, "llm-health-check", "_LLM_HEALTH_CHECK_COMPLETE").source())
