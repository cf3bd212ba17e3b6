"""Options that several commands share, and the clock."""

from datetime import UTC, datetime

import click

debug = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error."
)
days = click.option(
    "--days",
    type=float,
    default=1.0,
    metavar="N",
    help="How many days to look back; fractions are allowed, at most 90.  [default: 1]",
)
until = click.option(
    "--until",
    metavar="TIME",
    help="Where the window ends (exclusive), in ISO 8601, UTC without a zone.  [default: now]",
)


def now() -> datetime:
    """The time in UTC, with the millisecond precision of the store."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
