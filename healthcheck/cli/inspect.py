"""The commands that need no report: classify, doctor and completion."""

import json
import sys

import click
from click.shell_completion import get_completion_class

from healthcheck.cli.options import debug, now
from healthcheck.errors import UsageError

_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.command()
@click.option(
    "--jsonl", is_flag=True, help="Lines are objects with message, http_status, exc_type."
)
@debug
def classify(*, jsonl: bool) -> None:
    """Classify error messages, one per line from standard input.

    \b
    Prints one JSON object per line: kind, matching rule, reason.
    echo 'Error code: 404 - no such model' | llm-health-check classify
    """  # noqa: D301 - click wants the character
    from healthcheck.cli.verdicts import verdicts

    for line in verdicts(sys.stdin.buffer, jsonl=jsonl):
        click.echo(line)


@click.command()
@click.option("--offline", is_flag=True, help="Skip checks that need the network.")
@click.option("--test-mail", is_flag=True, help="Also send a test mail to NOTIFY_EMAIL.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
@debug
def doctor(*, offline: bool, test_mail: bool, form: str) -> None:
    """Verify the setup.

    \b
    One line per check: ok, warning or failed, and what to do.
    Exits 1 if a check failed.
    """  # noqa: D301 - click wants the character
    if offline and test_mail:
        raise UsageError("--offline and --test-mail are mutually exclusive.")
    from healthcheck.doctor import Outcome, examine

    checks = []
    for check in examine(now(), offline=offline, test_mail=test_mail):
        checks.append(check)
        if form == "text":
            outcome = click.style(f"{check.outcome:<9}", fg=_COLOURS[check.outcome])
            click.echo(f"{outcome}{check.name}: {check.found}")
            if check.remedy:
                click.echo(f"{'':9}-> {check.remedy}")
    if form == "json":
        click.echo(json.dumps([check.as_json() for check in checks], indent=2))
    if any(check.outcome is Outcome.FAILED for check in checks):
        sys.exit(1)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script for a shell.

    llm-health-check completion bash >> ~/.bashrc
    """
    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover - the choices above are click's own
        raise UsageError(f"{shell} has no completion.")
    root = ctx.find_root()
    click.echo(kind(root.command, {}, "llm-health-check", "_LLM_HEALTH_CHECK_COMPLETE").source())
