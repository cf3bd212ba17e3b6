"""Commands about what is kept from run to run: reports and known issues."""

import json
import sys
from contextlib import suppress
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

import click

from healthcheck.cli import options
from healthcheck.cli.commands import cli, show_result
from healthcheck.cli.options import flag, now
from healthcheck.cli.terminal import browse as open_page
from healthcheck.cli.terminal import say, warn
from healthcheck.errors import SettingsError, UsageError, did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from healthcheck.delivery.outbox import Queue, StateDirectory
    from healthcheck.settings import Settings


@cli.group()
def outbox() -> None:
    """Manage reports that are not sent yet."""


@outbox.command("list")
@options.form("json")
def list_command(*, form: str) -> None:
    """List pending and rejected reports with the reason."""
    reports = _store()
    rows = [
        {
            "state": state,
            "name": queued.name,
            "made": queued.made.isoformat(timespec="seconds"),
            "status": queued.report.get("status"),
            "trouble": queued.error,
        }
        for state, queue in (("waiting", reports.outbox), ("rejected", reports.rejected))
        for queued in queue.all()
    ]
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        error = f": {row['trouble']}" if row["trouble"] else ""
        click.echo(f"{row['state']}  {row['name']}  {row['status'] or 'unknown'}{error}")
    if not rows:
        click.echo("No pending or rejected reports.")


@outbox.command("send")
@flag("--rejected", help="Also retry rejected reports.")
@flag("--refused", "rejected", hidden=True)  # the option's former name
def send_command(*, rejected: bool) -> None:
    """Send pending reports, oldest first.

    Exits 0 when the outbox is empty.
    """
    from healthcheck.report_delivery import send_pending

    results = send_pending(now(), rejected=rejected)
    for result in results:
        show_result(result, "Error")
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
    help="Days to look back; reports are kept for 90.  [default: 14; 90 for the page]",
)
@options.form("json", "html", remark="; html is one page with charts")
@flag("--open", "browse", help="Show the HTML page in the browser instead.")
def history(*, length: timedelta | None, form: str, browse: bool) -> None:
    """List recent days with their status and problems."""
    from healthcheck.delivery.history import past
    from healthcheck.diagnosis.wording import several
    from healthcheck.report.history_page import render_history
    from healthcheck.report.past import daily
    from healthcheck.run_window import daily_slot, daily_slots

    is_page = browse or form == "html"
    days = timedelta(days=90 if is_page else 14) if length is None else length
    count = ceil(days / timedelta(days=1))
    reports = _store()
    by_day = daily(past(reports))
    first = min(by_day, default=None)
    due = [day for day in daily_slots(daily_slot(now()), count) if first and day >= first]
    if is_page:
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
            f"No reports in {reports.folder} from the last {span}; those of --dry-run, --from and a past "
            "--until do not count."
        )


def _store() -> "StateDirectory":
    """Where reports are kept; a folder that cannot be read does not look empty."""
    from healthcheck.delivery.outbox import store_of
    from healthcheck.settings import load_settings

    found = store_of(load_settings())
    found.check_readable()
    return found


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
@click.option("--reason", metavar="TEXT", help="Reason, shown in the report.")
@click.option("--category", metavar="CATEGORY", help="Mute only this category of findings.")
def mute(
    *, provider: str, model: str, until: str | None, length: timedelta | None, **what: str | None
) -> None:
    """Mute a known issue: its findings no longer count.

    \b
    Both may contain the wildcards * and ?; MODEL '*' mutes all findings of the provider.
    llm-health-check mute groq 'llama-3*' --for 30d --reason 'ticket 7'
    """  # noqa: D301 - click wants the character
    from healthcheck.delivery.lock import locked
    from healthcheck.delivery.outbox import store_of
    from healthcheck.diagnosis import Category
    from healthcheck.known_issues import append, mute_of
    from healthcheck.report.provider_links import PROVIDER_LINKS
    from healthcheck.settings import load_settings

    if not (provider.strip() and model.strip()):
        raise UsageError("PROVIDER and MODEL must not be empty; '*' is every model.")
    if until and length:
        raise UsageError("--until and --for are mutually exclusive.")
    last = (now() + length).date() if length else until
    whose = {"provider": provider, "model": model}
    whose = {name: pattern for name, pattern in whose.items() if pattern != "*"}
    entry = mute_of(whose | what | {"until": last})
    if isinstance(entry, str):
        question = did_you_mean(what["category"] or "", Category)
        raise UsageError(f"Nothing was muted: {entry}.", question or "See mute --help.")
    if entry.expired(now().date()):
        raise UsageError(f"--until {entry.until} is in the past.")
    settings = load_settings()
    path, history = _file_of_known_issues(settings), store_of(settings).history
    with locked(path.resolve().parent):  # of two at once, one would lose the other's entry
        append(path, entry)
    say(f"Muted {entry} {entry.ending} in {path}; to end it, remove its entry there.")
    if question := did_you_mean(provider.lower(), PROVIDER_LINKS):
        warn(f"{provider} is not a known provider. {question}")
    elif (told := _last_findings(history)) is not None and not any(map(entry.fits, told)):
        warn(f"No finding in the last report here matches {entry}.")


def _last_findings(history: "Queue") -> list[Any] | None:
    """Those of the newest report on the database, muted or not; None without one."""
    from types import SimpleNamespace

    with suppress(KeyError, TypeError):  # of another version
        for queued in map(history.get, reversed(history.names())):
            if queued and queued.live:
                hidden = [part["finding"] for part in queued.report["muted"]]
                return [SimpleNamespace(**each) for each in (*queued.report["findings"], *hidden)]
    return None


@cli.command("known-issues")
@options.window()
def known_issues(**source: Any) -> None:
    """List known issues and the findings that each one hides now."""
    from healthcheck.known_issues import read
    from healthcheck.pipeline import RunRequest, run_pipeline
    from healthcheck.report.problem_view import who
    from healthcheck.report.sanitize import sanitized
    from healthcheck.settings import load_settings

    settings = load_settings()
    path = _file_of_known_issues(settings)
    known = read(path)
    report = run_pipeline(RunRequest(**source), settings, now())
    muted: list[Any] = [part.finding for part in report.muted]
    for problem in known.problems:
        warn(sanitized(problem))
    for entry in known.mutes:
        is_over = entry.expired(report.window.until.date())
        why = f" ({entry.reason})" if entry.reason else ""
        click.echo(sanitized(f"{entry} {entry.ending}{', expired' if is_over else ''}{why}"))
        hidden = [] if is_over else list(filter(entry.fits, muted))
        for finding in hidden:
            click.echo(f"  hides {who(finding)}: {finding.evidence}")
        if not hidden:
            click.echo("  hides nothing now")
    if not known.mutes:
        click.echo(f"No known issues in {path}.")


def _file_of_known_issues(settings: "Settings") -> "Path":
    if settings.known_issues is None:
        remedy = "Set it in the environment or in .env, to a file such as known-issues.toml; mute creates it."
        raise SettingsError("KNOWN_ISSUES is not set.", remedy)
    return settings.known_issues
