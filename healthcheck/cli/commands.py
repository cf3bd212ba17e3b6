"""The commands. Heavy imports stand inside them, so that --help is quick."""

import json
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import get_completion_class

from healthcheck import __version__
from healthcheck.cli import options
from healthcheck.cli.options import flag, now
from healthcheck.cli.terminal import browse as open_page
from healthcheck.cli.terminal import say, show_log, warn, write
from healthcheck.errors import EXIT_CODES, UsageError

if TYPE_CHECKING:
    from healthcheck.delivery.delivery import Result
    from healthcheck.report import Report
    from healthcheck.settings import Settings

_FORMS = ("html", "json", "eml")
_LONGEST_LINE = 1_000_000
_COLORS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}.",
)
@click.version_option(__version__, prog_name="llm-health-check")
@flag("--debug", expose_value=False, help="Show tracebacks; works anywhere on the line.")
def cli() -> None:
    """Check the health of the LLM benchmark service.

    \b
    llm-health-check run --sample --dry-run      try it without any setup
    llm-health-check run --dry-run               the last 24 hours of MONGODB_URI
    llm-health-check doctor                      verify the setup
    """  # noqa: D301 - click wants the character
    show_log()


@cli.command()
@options.window()
@flag("--sample", help="Read the packaged sample day; needs no server.")
@flag("--scheduled", help="Send at most one report per day (08:00 UTC); safe to retry.")
@flag("--dry-run", help="Print the report and send nothing.")
@options.form(
    *_FORMS,
    remark="; text and eml show the mail as it would go out; by default what the suffix of --output "
    "names, else text",
    default=None,
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the report to a file instead of standard output.",
)
@flag("--open", "browse", help="Also open the HTML in a browser.")
@click.option(
    "--ai/--no-ai",
    default=None,
    help="Include or skip the AI assessment.  [default: include, but skip with --sample]",
)
@flag("--show-prompt", help="Print the AI prompt without sending it.")
def run(  # noqa: PLR0913 - one parameter an option
    *,
    scheduled: bool,
    dry_run: bool,
    form: str | None,
    output: Path | None,
    browse: bool,
    ai: bool | None,
    show_prompt: bool,
    **source: Any,
) -> None:
    """Read the last day, diagnose it, and send the report by mail.

    Sends pending reports first.

    \b
    Reads MONGODB_URI and MONGODB_DB from the environment or from .env.
    Try it without a server:  llm-health-check run --sample --dry-run
    """  # noqa: D301 - click wants the character
    from healthcheck.pipeline import RunRequest, make_report, run_pipeline
    from healthcheck.settings import load_settings, misspelled

    request = RunRequest(**source, ai=not source["sample"] if ai is None else ai)
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    form = form or (suffix if suffix in _FORMS else "text")
    sends, shows = not (dry_run or show_prompt), output or browse or form != "text"
    for conflict, sentence in (
        (request.sample and request.folder, "--sample and --from are mutually exclusive."),
        (show_prompt and ai is False, "--show-prompt and --no-ai are mutually exclusive."),
        (scheduled and not sends, "--scheduled cannot be combined with --dry-run."),
        (request.sample and sends, "--sample requires --dry-run."),
        (sends and shows, "--format, --output and --open require --dry-run."),
        (scheduled and request.until, "--scheduled cannot be combined with --until."),
    ):
        if conflict:
            raise UsageError(sentence)
    settings = None if request.sample else load_settings()
    if settings:
        for what, question in misspelled():
            warn(f"{what}. {question}")
    if sends:
        from healthcheck.report_delivery import deliver

        may_slip = request.folder and sys.stdin.isatty() and sys.stdout.isatty()
        if not may_slip or click.confirm("Mail the report on this snapshot (--dry-run prints it)?"):
            own = deliver(request, now(), scheduled=scheduled, on_result=show_result)
            show_result(own, "Error")
            sys.exit(own.exit_code)
        return
    if show_prompt:
        from healthcheck.assessment import build_prompt

        write(str(build_prompt(run_pipeline(request, settings, now()))), output)
        return
    report = make_report(request, settings, now())
    write(_in_form(report, settings, form), output)
    if browse:
        open_page(str(_in_form(report, settings, "html")))


def show_result(result: "Result", problem: str = "Warning") -> None:
    """Print what became of a report: on stdout if all went well, else on stderr."""
    if result.exit_code:
        say(f"{problem}: {result.sentence}", err=True)
    else:
        say(result.sentence)


def _in_form(report: "Report", settings: "Settings | None", form: str) -> str | bytes:
    """A mail is bytes: its line ends and its encoding are part of it.

    Text begins with the headers that a reader sees; the rest is the text part of the mail.
    """
    from healthcheck.delivery.message import message
    from healthcheck.report import render, render_json

    if form == "json":
        return render_json(report)
    rendered = render(report)
    if form == "html":
        return rendered.html
    mail = message(report, rendered, settings)
    if form == "eml":
        return mail.as_bytes()
    headers = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject") if mail[name]]
    return "\n".join((*headers, "", rendered.text))


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@options.window(snapshots=False)
def export(*, folder: Path, length: timedelta, until: datetime | None) -> None:
    """Export a redacted snapshot for offline use.

    The snapshot contains all data that a report reads for the window.

    \b
    llm-health-check export DIR && llm-health-check run --from DIR --dry-run
    """  # noqa: D301 - click wants the character
    from logging import getLogger

    from healthcheck.run_window import lookback
    from healthcheck.settings import load_settings
    from healthcheck.sources.export import export as write_snapshot

    settings, windows = load_settings(), lookback(until or now(), length, now())
    getLogger(__name__).info("exporting")
    found = write_snapshot(settings, folder, windows)
    say(f"Wrote the snapshot to {folder}.")
    if not (found.current.pairs or found.previous.pairs or found.baseline):
        span = f"from {windows.begin:%Y-%m-%d %H:%M} to {windows.until:%Y-%m-%d %H:%M} UTC"
        warn(f"It has no attempts: there are none {span}. Check MONGODB_DB and --until.")


@cli.command()
@flag("--jsonl", help="Read JSON objects with message, http_status and exc_type.")
def classify(*, jsonl: bool) -> None:
    """Classify error messages, one per line from standard input.

    \b
    Prints one JSON object per line: kind, matching rule, reason.
    Without any input it prints nothing.
    echo 'Error code: 404 - no such model' | llm-health-check classify
    """  # noqa: D301 - click wants the character
    from healthcheck import taxonomy

    for number, line in enumerate(iter(partial(sys.stdin.buffer.readline, _LONGEST_LINE), b""), 1):
        if len(line) == _LONGEST_LINE:
            raise UsageError(f"Line {number} is longer than {_LONGEST_LINE:,} bytes.")
        known: Any = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if jsonl:
            with suppress(ValueError):
                known = json.loads(known)
            if not isinstance(known, dict) or "message" not in known:
                what = f"Line {number} is not a JSON object with a message; --jsonl takes one per line, "
                raise UsageError(what + 'such as {"message": "...", "http_status": 404}.')
        else:
            known = {"message": known}
        hints = {name: known.get(name) for name in ("http_status", "exc_type")}
        verdict = taxonomy.classify(known["message"], **hints)
        click.echo(json.dumps({"kind": verdict.kind, "rule": verdict.rule, "why": verdict.why}))


@cli.command()
@flag("--offline", help="Skip checks that need the network.")
@flag("--test-mail", help="Also send a test mail to NOTIFY_EMAIL.")
@options.form("json")
def doctor(*, offline: bool, test_mail: bool, form: str) -> None:
    """Verify the setup.

    \b
    One line per check: ok, warning or failed, and what to do.
    Exits 1 if a check failed.
    """  # noqa: D301 - click wants the character
    if offline and test_mail:
        raise UsageError("--offline and --test-mail are mutually exclusive.")
    from healthcheck.doctor.checks import examine

    rows = []
    for check in examine(now(), offline=offline, test_mail=test_mail):
        name, outcome, found, remedy = check.name, check.outcome, check.found, check.remedy
        rows += [{"check": name, "outcome": outcome, "found": found, "remedy": remedy or None}]
        if form == "text":
            click.echo(f"{click.style(f'{outcome:<9}', fg=_COLORS[outcome])}{name}: {found}")
            if remedy:
                click.echo(f"{'':9}-> {remedy}")
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    sys.exit(any(row["outcome"] == "failed" for row in rows))


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script for a shell.

    llm-health-check completion bash >> ~/.bashrc
    """
    command, made = ctx.find_root().command, get_completion_class(shell)
    if made:
        click.echo(made(command, {}, "llm-health-check", "_LLM_HEALTH_CHECK_COMPLETE").source())
