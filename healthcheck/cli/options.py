"""Options that several commands share, and the clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

_MOST_DAYS = 36_500
_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Days(click.ParamType[float]):
    """A length of time in days, written as 7, 7d or 36h."""

    name = "length"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        text = str(value)
        try:
            days = float(text[:-1]) / 24 if text.endswith("h") else float(text.removesuffix("d"))
        except ValueError:
            days = 0
        if not 0 < days < _MOST_DAYS:
            self.fail(f"{value!r} is not a length such as 7, 7d or 36h.", param, ctx)
        return days


DAYS = _Days()
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks.")
folder = click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Read a snapshot folder instead of MongoDB.",
)


def window(command: _Command) -> _Command:
    """Take which time to read."""
    days = "Days to look back, such as 7, 7d or 36h (max 90 days).  [default: 1]"
    until = "End of the window, exclusive. ISO 8601; UTC if no zone is given.  [default: now]"
    command = click.option("--until", metavar="TIME", help=until)(command)
    return click.option("--days", type=DAYS, default=1.0, metavar="N", help=days)(command)


def form(*forms: str, remark: str = "") -> Callable[[_Command], _Command]:
    """Take what to print; text by default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", *forms]),
        default="text",
        show_default=True,
        help=f"What to print{remark}.",
    )


def now() -> datetime:
    """The time in UTC, with the millisecond precision of the store."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
