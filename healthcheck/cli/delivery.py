"""The commands about reports that were made: outbox and history."""

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from healthcheck.cli.options import debug, now
from healthcheck.cli.streams import say
from healthcheck.errors import UsageError

if TYPE_CHECKING:
    from healthcheck.delivery.delivery import Result
    from healthcheck.delivery.queued_report import QueuedReport
    from healthcheck.report import PastReport

_form = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)


def told(result: "Result", trouble: str) -> None:
    """Print what became of a report: on stdout if all went well, else on stderr."""
    if result.exit_code:
        say(f"{trouble}: {result.sentence}", err=True)
    else:
        say(result.sentence)


def warn(sentence: str) -> None:
    """Print what the operator should know."""
    say(f"Warning: {sentence}", err=True)


@click.group()
def outbox() -> None:
    """Reports that are not sent yet."""


@outbox.command("list")
@_form
@debug
def list_command(*, form: str) -> None:
    """List pending and rejected reports with the reason."""
    from healthcheck.delivery.history import as_past
    from healthcheck.report_delivery import store_of
    from healthcheck.settings import load_settings

    store = store_of(load_settings())
    store.look()
    rows = []
    for state, queue in (("waiting", store.outbox), ("rejected", store.rejected)):
        reports, others = queue.all()
        rows += [_row(state, queued, as_past(queued)) for queued in reports]
        rows += [_broken(state, other.name, other.why) for other in others]
    if form == "json":
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        why = f": {row['trouble']}" if row["trouble"] else ""
        click.echo(f"{row['state']}  {row['name']}  {row['status'] or 'unknown'}{why}")
    if not rows:
        click.echo("The outbox is empty.")


@outbox.command("send")
@click.option("--rejected", is_flag=True, help="Also retry rejected reports.")
@click.option("--refused", is_flag=True, hidden=True)  # the option's former name
@debug
def send_command(*, rejected: bool, refused: bool) -> None:
    """Send pending reports, oldest first.

    Exits 0 when the outbox is empty.
    """
    from healthcheck.report_delivery import send_left

    results = send_left(now(), rejected=rejected or refused, on_warning=warn)
    for result in results:
        told(result, "Error")
    if not results:
        click.echo("Nothing to send.")
    # The set-up first: as long as it is wrong, another try is in vain.
    for code in (78, 75, 69):
        if any(result.exit_code == code for result in results):
            sys.exit(code)


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 90),
    help="Days to look back.  [default: 14; 90 with --format html]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="What to print; html is one page with charts.",
)
@click.option("--open", "browse", is_flag=True, help="Open the HTML page in the browser.")
@debug
def history(*, days: int | None, form: str, browse: bool) -> None:
    """List recent days with their status and problems."""
    if browse and form != "html":
        raise UsageError("--open requires --format html.")
    days = days or (90 if form == "html" else 14)
    from healthcheck.delivery.history import past
    from healthcheck.report import daily
    from healthcheck.report_delivery import store_of
    from healthcheck.run_window import daily_slot, daily_slots
    from healthcheck.settings import load_settings

    store = store_of(load_settings())
    store.look()
    by_day = daily(past(store))
    first = min(by_day, default=None)
    due = [day for day in daily_slots(daily_slot(now()), days) if first and day >= first]
    if form == "html":
        from healthcheck.cli.browser import show
        from healthcheck.report import render_history

        page = render_history(due, by_day)
        if browse:
            click.echo(show(page), err=True)
        else:
            click.echo(page, nl=False)
        return
    if form == "json":
        click.echo(json.dumps([_day(day.isoformat(), by_day.get(day)) for day in due], indent=2))
        return
    for day in due:
        report = by_day.get(day)
        if report is None:
            click.echo(f"{day}  no report")
            continue
        count = f"{len(report.problems)} problem{'s' * (len(report.problems) != 1)}"
        click.echo(f"{day}  {report.status.upper():<8}  {count:>12}  {report.reason}")
    if not due:
        click.echo(f"No reports kept from the last {timedelta(days=days).days} days.")


def _row(state: str, queued: "QueuedReport", report: "PastReport | None") -> dict[str, str | None]:
    return {
        "state": state,
        "name": queued.name,
        "made": queued.made.isoformat(timespec="seconds"),
        "status": report.status.value if report else None,
        "trouble": queued.trouble,
    }


def _broken(state: str, name: str, why: str) -> dict[str, str | None]:
    return {"state": state, "name": name, "made": None, "status": None, "trouble": why}


def _day(day: str, report: "PastReport | None") -> dict[str, object]:
    return {
        "day": day,
        "status": report.status.value if report else None,
        "reason": report.reason if report else None,
        "findings": sorted(report.findings) if report else [],
        "problems": [problem.title for problem in report.problems] if report else [],
    }
