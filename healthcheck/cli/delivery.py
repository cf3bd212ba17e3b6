"""The commands about reports that were made: outbox and history."""

import json
import sys
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

import click

from healthcheck.cli import options
from healthcheck.cli.options import now
from healthcheck.cli.terminal import browse as open_page
from healthcheck.cli.terminal import say, warn
from healthcheck.errors import UsageError

if TYPE_CHECKING:
    from healthcheck.delivery.delivery import Result


def show_result(result: "Result", problem: str) -> None:
    """Print what became of a report: on stdout if all went well, else on stderr."""
    if result.exit_code:
        say(f"{problem}: {result.sentence}", err=True)
    else:
        say(result.sentence)


@click.group()
def outbox() -> None:
    """Manage reports that are not sent yet."""


@outbox.command("list")
@options.form("json")
@options.debug
def list_command(*, form: str) -> None:
    """List pending and rejected reports with the reason."""
    from healthcheck.delivery.history import as_past
    from healthcheck.report_delivery import store_of
    from healthcheck.settings import load_settings

    store = store_of(load_settings())
    store.check_readable()
    rows: list[tuple[str | None, ...]] = []
    for state, queue in (("waiting", store.outbox), ("rejected", store.rejected)):
        reports, others = queue.all()
        for queued in reports:
            made, report = queued.made.isoformat(timespec="seconds"), as_past(queued)
            status = report.status.value if report else None
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
@click.option("--rejected", is_flag=True, help="Also retry rejected reports.")
@click.option("--refused", is_flag=True, hidden=True)  # the option's former name
@options.debug
def send_command(*, rejected: bool, refused: bool) -> None:
    """Send pending reports, oldest first.

    Exits 0 when the outbox is empty.
    """
    from healthcheck.report_delivery import send_pending

    results = send_pending(now(), rejected=rejected or refused, on_warning=warn)
    for result in results:
        show_result(result, "Error")
    if not results:
        click.echo("Nothing to send.")
    # A wrong setup has the highest: as long as it is wrong, another try is in vain.
    sys.exit(max((result.exit_code for result in results), default=0))


@click.command()
@click.option(
    "--days",
    type=options.DAYS,
    metavar="N",
    help="Days to look back (max 90).  [default: 14; 90 with --format html]",
)
@options.form("json", "html", remark="; html is one page with charts")
@click.option("--open", "browse", is_flag=True, help="Open the HTML page in the browser.")
@options.debug
def history(*, days: float | None, form: str, browse: bool) -> None:
    """List recent days with their status and problems."""
    if browse and form != "html":
        raise UsageError("--open requires --format html.")
    from healthcheck.delivery.history import past
    from healthcheck.diagnosis.wording import several
    from healthcheck.report import daily, render_history
    from healthcheck.report_delivery import store_of
    from healthcheck.run_window import daily_slot, daily_slots, parse_days
    from healthcheck.settings import load_settings

    count = ceil(parse_days(days or (90 if form == "html" else 14)) / timedelta(days=1))
    store = store_of(load_settings())
    store.check_readable()
    by_day = daily(past(store))
    first = min(by_day, default=None)
    due = [day for day in daily_slots(daily_slot(now()), count) if first and day >= first]
    if form == "html":
        page = render_history(due, by_day)
        if browse:
            open_page(page)
        else:
            click.echo(page, nl=False)
        return
    reports = [(day, by_day.get(day)) for day in due]
    if form == "json":
        rows = [
            {
                "day": day.isoformat(),
                "status": report and report.status.value,
                "sent": report and report.sent,
                "reason": report and report.reason,
                "findings": sorted(report.findings) if report else [],
                "problems": [problem.title for problem in report.problems] if report else [],
            }
            for day, report in reports
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    for day, report in reports:
        if report:
            problems = several(len(report.problems), "problem")
            reason = report.reason if report.sent else f"(not sent) {report.reason}"
            click.echo(f"{day}  {report.status.upper():<8}  {problems:>12}  {reason}")
        else:
            click.echo(f"{day}  no report")
    if not reports:
        click.echo(
            f"No reports from the last {several(count, 'day')}; those of --dry-run and --from are not kept."
        )
