"""The commands. Heavy imports stand inside them, so that --help is quick."""

import json
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import get_completion_class

from healthcheck import __version__
from healthcheck.cli import options
from healthcheck.cli.options import flag, now
from healthcheck.cli.terminal import browse as open_page
from healthcheck.cli.terminal import progress, say, warn, write
from healthcheck.errors import EXIT_CODES, HealthCheckError, SettingsError, UsageError, did_you_mean

if TYPE_CHECKING:
    from healthcheck.delivery.delivery import Result
    from healthcheck.delivery.outbox import StateDirectory
    from healthcheck.known_issues import Mute
    from healthcheck.pipeline import RunRequest, RunResult
    from healthcheck.report import Report

_COLORS = {"ok": "green", "warning": "yellow", "failed": "red"}


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}.",
)
@click.version_option(__version__, prog_name="llm-health-check")
def cli() -> None:
    """Check the health of the LLM benchmark service.

    \b
    llm-health-check run --sample --dry-run      try it without any setup
    llm-health-check run --dry-run               the last 24 hours of MONGODB_URI
    llm-health-check doctor                      verify the setup
    """  # noqa: D301 - click wants the character


@cli.command()
@options.window()
@flag("--sample", help="Read the packaged sample day; needs no server.")
@flag("--scheduled", help="Send at most one report per day (08:00 UTC); safe to retry.")
@flag("--dry-run", help="Print the report and send nothing.")
@options.form("html", "json", "eml", remark="; text and eml show the mail as it would go out")
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
@options.debug
def run(  # noqa: PLR0913 - one parameter an option
    *,
    scheduled: bool,
    dry_run: bool,
    form: str,
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
    from healthcheck.pipeline import RunRequest, make_report
    from healthcheck.settings import misspelled

    request = RunRequest(**source, ai=not source["sample"] if ai is None else ai)
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
    for what, question in () if request.sample else misspelled():
        warn(f"{what}. {question}")
    if sends:
        may_slip = request.folder and sys.stdin.isatty() and sys.stdout.isatty()
        if not may_slip or click.confirm("Mail the report on this snapshot (--dry-run prints it)?"):
            _send(request, scheduled=scheduled)
        return
    result = _result_of(request)
    if show_prompt:
        from healthcheck.assessment import build_prompt

        write(str(build_prompt(result.report())), output)
        return
    with progress() as on_progress:
        report = make_report(result, on_progress)
    write(_in_form(report, result, form), output)
    if browse:
        open_page(str(_in_form(report, result, "html")))


def _result_of(request: "RunRequest") -> "RunResult":
    from healthcheck.pipeline import run_pipeline

    with progress() as on_progress:
        return run_pipeline(request, now(), on_progress)


def _send(request: "RunRequest", *, scheduled: bool) -> None:
    from healthcheck.report_delivery import deliver

    with progress() as on_progress:
        own = deliver(
            request,
            now(),
            scheduled=scheduled,
            on_progress=on_progress,
            on_result=lambda result: _show(result, "Warning"),
            on_warning=warn,
        )
    _show(own, "Error")
    sys.exit(own.exit_code)


def _show(result: "Result", problem: str) -> None:
    """Print what became of a report: on stdout if all went well, else on stderr."""
    if result.exit_code:
        say(f"{problem}: {result.sentence}", err=True)
    else:
        say(result.sentence)


def _in_form(report: "Report", result: "RunResult", form: str) -> str | bytes:
    """A mail is bytes: its line ends and its encoding are part of it.

    Text begins with the headers that a reader sees; the rest is the text part of the mail.
    """
    from healthcheck.delivery import message
    from healthcheck.report import render, render_json

    if form == "json":
        return render_json(report)
    rendered = render(report)
    if form == "html":
        return rendered.html
    mail = message(report, rendered, result.settings)
    if form == "eml":
        return mail.as_bytes()
    headers = [f"{name}: {mail[name]}" for name in ("From", "To", "Subject") if mail[name]]
    return "\n".join((*headers, "", rendered.text))


@cli.group()
def outbox() -> None:
    """Manage reports that are not sent yet."""


@outbox.command("list")
@options.form("json")
@options.debug
def list_command(*, form: str) -> None:
    """List pending and rejected reports with the reason."""
    store = _store()
    rows: list[tuple[str | None, ...]] = []
    for state, queue in (("waiting", store.outbox), ("rejected", store.rejected)):
        reports, others = queue.all()
        for queued in reports:
            made, status = queued.made.isoformat(timespec="seconds"), queued.report.get("status")
            rows.append((state, queued.name, made, status, queued.error))
        rows += [(state, other.name, None, None, other.why) for other in others]
    if form == "json":
        names = ("state", "name", "made", "status", "trouble")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=2))
        return
    for which, name, _, known, error in rows:
        click.echo(f"{which}  {name}  {known or 'unknown'}{f': {error}' if error else ''}")
    if not rows:
        click.echo("The outbox is empty.")


@outbox.command("send")
@flag("--rejected", help="Also retry rejected reports.")
@flag("--refused", "rejected", hidden=True)  # the option's former name
@options.debug
def send_command(*, rejected: bool) -> None:
    """Send pending reports, oldest first.

    Exits 0 when the outbox is empty.
    """
    from healthcheck.report_delivery import send_pending

    results = send_pending(now(), rejected=rejected, on_warning=warn)
    for result in results:
        _show(result, "Error")
    if not results:
        click.echo("Nothing to send.")
    # A wrong setup has the highest: as long as it is wrong, another try is in vain.
    sys.exit(max((result.exit_code for result in results), default=0))


@cli.command()
@click.option(
    "--days",
    "length",
    type=options.length(),
    metavar="N",
    help="Days to look back; reports are kept for 90.  [default: 14; 90 with --format html]",
)
@options.form("json", "html", remark="; html is one page with charts")
@flag("--open", "browse", help="Open the HTML page in the browser.")
@options.debug
def history(*, length: timedelta | None, form: str, browse: bool) -> None:
    """List recent days with their status and problems."""
    if browse and form != "html":
        raise UsageError("--open requires --format html.")
    from healthcheck.delivery.history import past
    from healthcheck.diagnosis.wording import several
    from healthcheck.report import daily, render_history
    from healthcheck.run_window import daily_slot, daily_slots

    days = timedelta(days=90 if form == "html" else 14) if length is None else length
    count = ceil(days / timedelta(days=1))
    by_day = daily(past(_store(), warn))
    first = min(by_day, default=None)
    due = [day for day in daily_slots(daily_slot(now()), count) if first and day >= first]
    if form == "html":
        page = render_history(due, by_day)
        if browse:
            open_page(page)
        else:
            click.echo(page, nl=False)
        return
    rows = []
    for day in due:
        report = by_day.get(day)
        row = {
            "day": day.isoformat(),
            "status": report and report.status.value,
            "sent": report and report.sent,
            "reason": report and report.reason,
            "findings": sorted(report.lasting) if report else [],
            "problems": [problem.title for problem in report.problems] if report else [],
        }
        rows.append(row)
        if form == "text" and report:
            problems = several(len(report.problems), "problem")
            reason = report.reason if report.sent else f"(not sent) {report.reason}"
            click.echo(f"{day}  {report.status.upper():<8}  {problems:>12}  {reason}")
        elif form == "text":
            click.echo(f"{day}  no report")
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    elif not rows:
        span = several(count, "day")
        click.echo(
            f"No reports from the last {span}; those of --dry-run, --from and a past --until do not count."
        )


def _store() -> "StateDirectory":
    """Where reports are kept; a folder that cannot be read does not look empty."""
    from healthcheck.delivery.outbox import store_of
    from healthcheck.settings import load_settings

    store = store_of(load_settings())
    store.check_readable()
    return store


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@options.window(snapshots=False)
@options.debug
def export(*, folder: Path, length: timedelta, until: datetime | None) -> None:
    """Export a redacted snapshot for offline use.

    The snapshot contains all data that a report reads for the window.

    \b
    llm-health-check export DIR && llm-health-check run --from DIR --dry-run
    """  # noqa: D301 - click wants the character
    from healthcheck.run_window import lookback
    from healthcheck.settings import load_settings
    from healthcheck.sources.export import export as write_snapshot

    settings, windows = load_settings(), lookback(until or now(), length, now())
    with progress() as on_progress:
        write_snapshot(settings, folder, windows, progress=on_progress)
    click.echo(f"Wrote the snapshot to {folder}.")


@cli.command()
@flag("--jsonl", help="Read JSON objects with message, http_status and exc_type.")
@options.debug
def classify(*, jsonl: bool) -> None:
    """Classify error messages, one per line from standard input.

    \b
    Prints one JSON object per line: kind, matching rule, reason.
    echo 'Error code: 404 - no such model' | llm-health-check classify
    """  # noqa: D301 - click wants the character
    from healthcheck import taxonomy

    for number, line in enumerate(sys.stdin.buffer, start=1):
        known: Any = line.decode("utf-8", errors="replace").rstrip("\r\n")
        if jsonl:
            with suppress(ValueError):
                known = json.loads(known)
            if not isinstance(known, dict):
                what = f"Line {number} is not a JSON object; --jsonl takes one per line, such as "
                raise UsageError(what + '{"message": "...", "http_status": 404}.')
        else:
            known = {"message": known}
        hints = {name: known.get(name) for name in ("http_status", "exc_type")}
        verdict = taxonomy.classify(known.get("message"), **hints)
        click.echo(json.dumps({"kind": verdict.kind, "rule": verdict.rule, "why": verdict.why}))


@cli.command()
@flag("--offline", help="Skip checks that need the network.")
@flag("--test-mail", help="Also send a test mail to NOTIFY_EMAIL.")
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
    with progress() as on_progress:
        for check in examine(now(), offline=offline, test_mail=test_mail):
            name, outcome, found, remedy = check.name, check.outcome, check.found, check.remedy
            failed = failed or outcome is Outcome.FAILED
            rows += [{"check": name, "outcome": outcome, "found": found, "remedy": remedy or None}]
            if form == "text":
                click.echo(f"{click.style(f'{outcome:<9}', fg=_COLORS[outcome])}{name}: {found}")
                if remedy:
                    click.echo(f"{'':9}-> {remedy}")
            on_progress("checking")
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
    sys.exit(failed)


class _WithCategories(click.Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as click has it
        from healthcheck.diagnosis import Category

        with formatter.section("Categories"):
            formatter.write_text(", ".join(Category))


@cli.command(cls=_WithCategories)
@click.argument("provider")
@click.argument("model")
@click.option(
    "--until", metavar="YYYY-MM-DD", help="Last day the mute applies.  [default: forever]"
)
@click.option(
    "--for",
    "length",
    type=options.length(),
    metavar="N",
    help="Days from now on, such as 7, 7d or 36h.",
)
@click.option("--reason", metavar="TEXT", help="Reason, shown in known-issues.")
@click.option("--category", metavar="CATEGORY", help="Mute only this category of findings.")
@options.debug
def mute(
    *, provider: str, model: str, until: str | None, length: timedelta | None, **what: str | None
) -> None:
    """Mute a known issue: its findings no longer count.

    \b
    Both may contain the wildcards * and ?; MODEL '*' mutes all findings of the provider.
    llm-health-check mute groq 'llama-3*' --for 30d --reason 'ticket 7'
    """  # noqa: D301 - click wants the character
    from healthcheck.diagnosis import Category
    from healthcheck.known_issues import append, mute_of
    from healthcheck.report.provider_links import PROVIDER_LINKS

    if not (provider.strip() and model.strip()):
        raise UsageError("PROVIDER and MODEL must not be empty; '*' is every model.")
    if until and length:
        raise UsageError("--until and --for are mutually exclusive.")
    last = (now() + length).date() if length else until
    whose = {"provider": provider, "model": None if model == "*" else model}
    entry = mute_of(whose | what | {"until": last})
    if isinstance(entry, str):
        question = did_you_mean(what["category"] or "", Category)
        raise UsageError(f"Nothing was muted: {entry}.", question)
    if entry.expired(now().date()):
        raise UsageError(f"--until {entry.until} is in the past.")
    path = _file_of_known_issues()
    append(path, entry)
    remark = "" if entry.until else " --for or --until sets an end."
    click.echo(f"Muted {entry} {_ending(entry)} in {path}.{remark}")
    if question := did_you_mean(provider.lower(), PROVIDER_LINKS):
        warn(f"{provider} is not a known provider. {question}")
    elif (found := _last_findings()) and not any(map(entry.fits, found)):
        warn(f"{entry} matches nothing in the last report.")


def _last_findings() -> list[Any]:
    """Those of the newest report in the history, muted or not; none where it cannot be read."""
    from types import SimpleNamespace

    from healthcheck.delivery.outbox import QueuedReport

    with suppress(HealthCheckError, KeyError, TypeError):
        history = _store().history
        for queued in map(history.get, reversed(history.names())):
            if isinstance(queued, QueuedReport) and queued.live:
                hidden = [part["finding"] for part in queued.report["muted"]]
                return [SimpleNamespace(**each) for each in (*queued.report["findings"], *hidden)]
    return []


@cli.command("known-issues")
@options.window()
@options.debug
def known_issues(**source: Any) -> None:
    """List known issues and the findings that each one hides now."""
    from healthcheck.diagnosis import CATEGORIES
    from healthcheck.pipeline import RunRequest
    from healthcheck.report.sanitize import sanitized

    path = _file_of_known_issues()
    found = _result_of(RunRequest(**source))
    for problem in found.known.problems:
        warn(sanitized(problem))
    if not found.known.mutes:
        click.echo(f"No known issues in {path}.")
    for entry in found.known.mutes:
        why = f" ({entry.reason})" if entry.reason else ""
        expired = ", expired" if entry in found.muting.expired else ""
        click.echo(sanitized(f"{entry} {_ending(entry)}{expired}{why}"))
        hidden = [finding for finding, mute in found.muting.muted if mute == entry]
        for finding in hidden:
            name = " ".join(part for part in (finding.provider, finding.model) if part)
            what = CATEGORIES[finding.category].word
            click.echo(f"  hides {what}, {sanitized(name)}: {sanitized(finding.evidence)}")
        if not hidden:
            click.echo("  hides nothing now")


def _ending(entry: "Mute") -> str:
    return f"until {entry.until}" if entry.until else "forever"


def _file_of_known_issues() -> Path:
    from healthcheck.settings import load_settings

    path = load_settings().known_issues
    if path is None:
        remedy = "Set it to a file, such as known-issues.toml; mute creates it."
        raise SettingsError("KNOWN_ISSUES is not set.", remedy)
    return path


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
