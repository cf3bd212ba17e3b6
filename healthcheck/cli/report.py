"""The commands that read the store: run and export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from healthcheck.cli.options import days as days_option
from healthcheck.cli.options import debug, now
from healthcheck.cli.options import until as until_option
from healthcheck.cli.progress import progress
from healthcheck.errors import OutputError, UsageError
from healthcheck.run_window import lookback, parse_days, parse_until

if TYPE_CHECKING:
    from healthcheck.pipeline import RunRequest
    from healthcheck.report import Report
    from healthcheck.settings import Settings


@click.command()
@days_option
@until_option
@click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Read a snapshot folder instead of MongoDB.",
)
@click.option("--sample", is_flag=True, help="Read the packaged sample day; needs no server.")
@click.option(
    "--scheduled",
    is_flag=True,
    help="Send at most one report per day (08:00 UTC); safe to retry.",
)
@click.option("--dry-run", is_flag=True, help="Print the report and send nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "eml"]),
    default="text",
    show_default=True,
    help="What to print; text and eml show the mail as it would go out.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the report to a file instead of standard output.",
)
@click.option("--open", "browse", is_flag=True, help="Also open the HTML in a browser.")
@click.option(
    "--ai/--no-ai",
    default=None,
    help="Include or skip the AI assessment.  [default: include, but skip with --sample]",
)
@click.option("--show-prompt", is_flag=True, help="Print the AI prompt without sending it.")
@debug
def run(  # noqa: PLR0913 - one parameter an option
    *,
    days: float,
    until: str | None,
    folder: Path | None,
    sample: bool,
    scheduled: bool,
    dry_run: bool,
    form: str,
    output: Path | None,
    browse: bool,
    ai: bool | None,
    show_prompt: bool,
) -> None:
    """Read the last day, diagnose it, and send the report by mail.

    Sends pending reports first.

    \b
    Reads MONGODB_URI and MONGODB_DB from the environment or from .env.
    Try it without a server:  llm-health-check run --sample --dry-run
    """  # noqa: D301 - click wants the character
    if sample and folder:
        raise UsageError("--sample and --from are mutually exclusive.")
    if show_prompt and ai is False:
        raise UsageError("--show-prompt and --no-ai are mutually exclusive.")
    from healthcheck.pipeline import RunRequest

    request = RunRequest(days, until, folder, sample, ai=not sample if ai is None else ai)
    if show_prompt:
        _show_prompt(request, output)
        return
    if dry_run:
        if scheduled:
            raise UsageError("--scheduled cannot be combined with --dry-run.")
        _show(request, form, output, browse=browse)
        return
    if sample:
        raise UsageError("--sample requires --dry-run.")
    if output or browse or form != "text":
        raise UsageError("--format, --output and --open require --dry-run.")
    if scheduled and until:
        raise UsageError("--scheduled cannot be combined with --until.")
    _send(request, scheduled=scheduled)


def _show_prompt(request: "RunRequest", output: Path | None) -> None:
    from healthcheck.pipeline import prompt, run_pipeline

    with progress() as on_progress:
        made = prompt(run_pipeline(request, now(), on_progress))
    _write(made, output)


def _show(request: "RunRequest", form: str, output: Path | None, *, browse: bool) -> None:
    from healthcheck.pipeline import run_pipeline

    with progress() as on_progress:
        found = run_pipeline(request, now(), on_progress)
        from healthcheck.report_delivery import reported  # by now most of it has been imported

        report = reported(found, on_progress, ai=request.ai)
    _write(_in_form(report, found.settings, form), output)
    if browse:
        from healthcheck.cli.browser import show
        from healthcheck.report import render

        click.echo(show(render(report).html), err=True)


def _send(request: "RunRequest", *, scheduled: bool) -> None:
    from healthcheck.cli.delivery import told, warn
    from healthcheck.report_delivery import deliver

    with progress() as on_progress:
        own = deliver(
            request,
            now(),
            scheduled=scheduled,
            on_progress=on_progress,
            on_result=lambda result: told(result, "Warning"),
            on_warning=warn,
        )
    told(own, "Error")
    if own.exit_code:
        sys.exit(own.exit_code)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@days_option
@until_option
@debug
def export(*, folder: Path, days: float, until: str | None) -> None:
    """Export a redacted snapshot for offline use.

    It holds all data that a report reads for the window.

    \b
    llm-health-check export DIR && llm-health-check run --from DIR --dry-run
    """  # noqa: D301 - click wants the character
    from healthcheck.settings import load_settings
    from healthcheck.sources.export import export as write_snapshot

    settings = load_settings()
    end = now() if until is None else parse_until(until)
    with progress() as on_progress:
        write_snapshot(
            settings, folder, lookback(end, parse_days(days), now()), progress=on_progress
        )


def _in_form(report: "Report", settings: "Settings | None", form: str) -> str | bytes:
    """A mail is bytes: its line ends and its encoding are part of it.

    Text begins with the headers that a reader sees; the rest is the text part of the mail.
    """
    from healthcheck.delivery import message
    from healthcheck.report import render, render_json
    from healthcheck.report_delivery import mail_of

    if form == "json":
        return render_json(report)
    rendered = render(report)
    if form == "html":
        return rendered.html
    mail = mail_of(report, settings) if settings else message(report, rendered)
    if form == "eml":
        return mail.as_bytes()
    headers = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject") if mail[name]]
    return "\n".join((*headers, "", rendered.text))


def _write(made: str | bytes, output: Path | None) -> None:
    to_stdout = output is None or str(output) == "-"
    try:
        if output is None or to_stdout:
            _print(made)
        elif isinstance(made, bytes):
            output.write_bytes(made)
        else:
            output.write_text(made, encoding="utf-8")
    except BrokenPipeError:
        raise
    except OSError as error:
        where = "standard output" if to_stdout else output
        raise OutputError(f"Cannot write the report to {where}: {error.strerror}.") from error


def _print(made: str | bytes) -> None:
    if isinstance(made, bytes):
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(made)
        sys.stdout.flush()
