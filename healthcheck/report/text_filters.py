"""What the templates need beyond Jinja's own filters: text cut and wrapped, numbers, moments, levels."""

import re
import textwrap
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import ceil

from markupsafe import Markup, escape

from healthcheck.diagnosis import Status
from healthcheck.report.contract import Bucket

WIDTH = 78


class Length:
    """How many characters each may have."""

    TITLE, ACTION, EVIDENCE, NAME, COMMAND = 130, 220, 260, 60, 2_500
    MESSAGE, LONG_MESSAGE = 132, 204


_BLOCKS = "▁▃▅█"
_NO_ATTEMPTS = "·"
_CODE = re.compile(r"`([^`]+)`")
_UP_TO_A_BREAK = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^"(,])*(?:[(,]+ ?|$)')
_MOMENT = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]{2} )?\d\d:\d\d(?: UTC)?\b|\b\d{1,2} [A-Z][a-z]{2}\b")


def cut(text: str | None, most: int) -> str:
    """At most so many characters, the last of them telling that there were more."""
    text = text or ""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_inside(text: str, most: int) -> str:
    """The same, but what is left out stands between the first quarter and the end."""
    begin = most // 4
    return text if len(text) <= most else f"{text[:begin]}…{text[begin + 1 - most :]}"


def percent(rate: float) -> str:
    """A rate; what is more than nothing is not shown as nothing."""
    if rate in (0, 1):
        return f"{rate:.0%}"
    return f"{100 * rate:.1f}%" if rate >= 0.0005 else "<0.1%"  # noqa: PLR2004 - rounds to 0.1


def day_month(day: date) -> str:
    """A day for people."""
    return f"{day.day} {day:%b}"


def hours(length: timedelta) -> str:
    """A length of time in hours, or in minutes or days."""
    count = length / timedelta(hours=1)
    if count < 1:
        return f"{60 * count:.3g} min"
    return f"{count:.3g} h" if count < 48 else f"{count / 24:.3g} days"  # noqa: PLR2004 - two days


def without_zeros(*counts: str) -> str:
    """Counts with their nouns, but for those that count nothing."""
    return ", ".join(part for part in counts if not part.startswith("0 "))


def wrap(text: str, first: str = "", rest: str | None = None) -> str:
    """Lines that begin as given."""
    rest = first if rest is None else rest
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def wrap_script(line: str, indent: str) -> str:
    """JavaScript in lines to be pasted as they are.

    It breaks where a line cannot be complete, so that a shell waits for the next one, and never
    within a string: a long name makes a long line.
    """
    lines = [""]
    for piece in filter(None, _UP_TO_A_BREAK.findall(line)):
        if lines[-1] and len(indent + lines[-1] + piece.rstrip()) > WIDTH:
            lines.append("")
        lines[-1] += piece
    return "\n".join(indent + text.rstrip() for text in lines)


def level(part: Bucket) -> int | None:
    """How much of it failed: 0 nothing, then up to a third, two thirds, more; None: no attempts."""
    most = len(_BLOCKS) - 1
    return min(most, ceil(most * part.errors / part.attempts)) if part.attempts else None


def blocks(buckets: Iterable[Bucket]) -> str:
    """One character each: the higher the block, the more failed."""
    levels = map(level, buckets)
    return "".join(_NO_ATTEMPTS if level is None else _BLOCKS[level] for level in levels)


def mark(status: Status | None) -> str:
    """A day in one character: C critical, w warning, h healthy, - no report."""
    return {Status.CRITICAL: "C", Status.WARNING: "w", Status.HEALTHY: "h", None: "-"}[status]


def short_times(text: str, until: datetime) -> str:
    """Moments without UTC, where a heading says it, and without the day that is the report's."""
    today = f"{until.day} {until:%b} "
    return _MOMENT.sub(lambda found: found[0].removesuffix(" UTC").removeprefix(today), text)


def prose(text: str) -> Markup:
    """Our own sentence as HTML: `code`, and moments that a narrow screen does not break in two."""
    whole = _MOMENT.sub(lambda found: found[0].replace(" ", "\u00a0"), text)
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(whole))))  # noqa: S704 - escaped


_ALL = (cut, percent, day_month, hours, wrap, wrap_script, level, blocks, mark, short_times, prose)
FILTERS = {each.__name__: each for each in _ALL}
