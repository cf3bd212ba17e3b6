"""The commands that read the store: run and export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from healthcheck.cli import options
from healthcheck.cli.delivery import show_result
from healthcheck.cli.options import now
from healthcheck.cli.terminal import browse as open_page
from healthcheck.cli.terminal import progress, warn, write
from healthcheck.errors import UsageError
from healthcheck.run_window import lookback, parse_days, parse_until

if TYPE_CHECKING:
    from healthcheck.pipeline import RunRequest
    from healthcheck.report import Report
    from healthcheck.settings import Settings


@click.command()
@options.window
@options.folder
@click.option("--sample", is_flag=True, help="Read the packaged sample day; needs no server.")
@click.option(
    "--scheduled",
    is_flag=True,
    help="Send at most one report per day (08:00 UTC); safe to retry.",
)
@click.option("--dry-run", is_flag=True, help="Print the report and send nothing.")
@options.form("html", "json", "eml", remark="; text and eml show the mail as it would go out")
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
@options.debug
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
    sends = not (dry_run or show_prompt)
    for conflict, sentence in (
        (sample and folder, "--sample and --from are mutually exclusive."),
        (show_prompt and ai is False, "--show-prompt and --no-ai are mutually exclusive."),
        (scheduled and not sends, "--scheduled cannot be combined with --dry-run."),
        (sample and sends, "--sample requires --dry-run."),
        (
            sends and (output or browse or form != "text"),
            "--format, --output and --open require --dry-run.",
        ),
        (scheduled and until, "--scheduled cannot be combined with --until."),
    ):
        if conflict:
            raise UsageError(sentence)
    from healthcheck.pipeline import RunRequest, prompt, run_pipeline

    request = RunRequest(days, until, folder, sample, ai=not sample if ai is None else ai)
    if sends:
        _send(request, scheduled=scheduled)
    elif show_prompt:
        with progress() as on_progress:
            made = prompt(run_pipeline(request, now(), on_progress))
        write(made, output)
    else:
        _show(request, form, output, browse=browse)


def _show(request: "RunRequest", form: str, output: Path | None, *, browse: bool) -> None:
    from healthcheck.pipeline import run_pipeline

    with progress() as on_progress:
        result = run_pipeline(request, now(), on_progress)
        from healthcheck.report_delivery import make_report  # by now most of it has been imported

        report = make_report(result, on_progress)
    write(_in_form(report, result.settings, form), output)
    if browse:
        open_page(str(_in_form(report, result.settings, "html")))


def _send(request: "RunRequest", *, scheduled: bool) -> None:
    from healthcheck.report_delivery import deliver

    with progress() as on_progress:
        own = deliver(
            request,
            now(),
            scheduled=scheduled,
            on_progress=on_progress,
            on_result=lambda result: show_result(result, "Warning"),
            on_warning=warn,
        )
    show_result(own, "Error")
    if own.exit_code:
        sys.exit(own.exit_code)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@options.window
@options.debug
def export(*, folder: Path, days: float, until: str | None) -> None:
    """Export a redacted snapshot for offline use.

    The snapshot contains all data that a report reads for the window.

    \b
    llm-health-check export DIR && llm-health-check run --from DIR --dry-run
    """  # noqa: D301 - click wants the character
    from healthcheck.settings import load_settings
    from healthcheck.sources.export import export as write_snapshot

    settings = load_settings()
    windows = lookback(parse_until(until) if until else now(), parse_days(days), now())
    with progress() as on_progress:
        write_snapshot(settings, folder, windows, progress=on_progress)
    click.echo(f"Wrote the snapshot to {folder}.")


def _in_form(report: "Report", settings: "Settings | None", form: str) -> str | bytes:
    """A mail is bytes: its line ends and its encoding are part of it.

    Text begins with the headers that a reader sees; the rest is the text part of the mail.
    """
    from healthcheck.report import render, render_json
    from healthcheck.report_delivery import mail_of

    if form == "json":
        return render_json(report)
    rendered = render(report)
    if form == "html":
        return rendered.html
    mail = mail_of(report, rendered, settings)
    if form == "eml":
        return mail.as_bytes()
    headers = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject") if mail[name]]
    return "\n".join((*headers, "", rendered.text))
