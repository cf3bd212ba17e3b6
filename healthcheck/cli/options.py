"""Options that several commands share, what they take, and the clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

flag = partial(click.option, is_flag=True)


def length(most: int = 36_500) -> Callable[[str], timedelta]:
    """Take a length of time of at most so many days, written as 7, 7d or 36h."""

    def taken(text: str) -> timedelta:
        try:
            days = float(text[:-1]) / 24 if text.endswith("h") else float(text.removesuffix("d"))
            found = timedelta(milliseconds=round(days * 86_400_000))
        except (ValueError, OverflowError):
            found = timedelta(0)
        if not timedelta(minutes=1) <= found <= timedelta(days=most):
            what = f"{text!r} is not a length from 1 minute to {most:,} days, such as 7, 7d or 36h."
            raise click.BadParameter(what)
        return found

    return taken


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        what = f"{text!r} is not ISO 8601, for example 2026-03-10T08:00:00Z."
        raise click.BadParameter(what) from None
    return _in_milliseconds(moment)


def window(*, snapshots: bool = True) -> Callable[[_Command], _Command]:
    """Take which time to read, and a snapshot that it is read from."""
    end = "now, or the end of the snapshot" if snapshots else "now"
    which = f"End of the window, exclusive. ISO 8601; UTC if no zone is given.  [default: {end}]"
    back = "Days to look back, such as 7, 7d or 36h (max 90 days).  [default: 1]"
    where, path = "Read a snapshot folder instead of MongoDB.", click.Path(path_type=Path)
    days = click.option("--days", "length", type=length(90), default="1", metavar="N", help=back)
    until = click.option("--until", type=_moment, metavar="TIME", help=which)
    folder = click.option("--from", "folder", type=path, metavar="DIR", help=where)
    return lambda command: days(until(folder(command) if snapshots else command))


def form(
    *forms: str, remark: str = "", default: str | None = "text"
) -> Callable[[_Command], _Command]:
    """Take what to print."""
    choice, what = click.Choice(["text", *forms]), f"What to print{remark}."
    return click.option(
        "--format", "form", type=choice, default=default, show_default=True, help=what
    )


def now() -> datetime:
    """The time in UTC."""
    return _in_milliseconds(datetime.now(UTC))


def _in_milliseconds(moment: datetime) -> datetime:
    """The precision of the store."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
