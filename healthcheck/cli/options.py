"""Options that several commands share, and the clock."""

from datetime import UTC, datetime

import click

debug = click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
days = click.option(
    "--days",
    type=float,
    default=1.0,
    metavar="N",
    help="Days to look back (fractions allowed, max 90).  [default: 1]",
)
until = click.option(
    "--until",
    metavar="TIME",
    help="End of the window, exclusive. ISO 8601; UTC if no zone is given.  [default: now]",
)


def now() -> datetime:
    """The time in UTC, with the millisecond precision of the store."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
