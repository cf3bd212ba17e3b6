"""What the templates need beyond Jinja's own filters: 78 columns, levels, moments."""

import re
import textwrap
from collections.abc import Iterable
from datetime import datetime
from math import ceil

from markupsafe import Markup, escape

from healthcheck.diagnosis import Status
from healthcheck.report.contract import PartOfTime
from healthcheck.report.palette import LEVELS

WIDTH = 78

_BLOCKS = "▁▃▅█"
_NO_ATTEMPTS = "·"
_CODE = re.compile(r"`([^`]+)`")
_ARGUMENT = re.compile(r"""(?:'[^']*'|"[^"]*"|[^\s'"])+""")
_STRING_OR_REST = re.compile(r'"(?:[^"\\]|\\.)*"|[^"]+')
_MOMENT = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]{2} )?\d\d:\d\d(?: UTC)?\b|\b\d{1,2} [A-Z][a-z]{2}\b")


def wrap(text: str, first: str = "", rest: str | None = None) -> str:
    """Lines that begin as given."""
    return "\n".join(
        textwrap.wrap(
            text,
            WIDTH,
            initial_indent=first,
            subsequent_indent=first if rest is None else rest,
            break_on_hyphens=False,
        )
    )


def wrap_script(line: str, indent: str) -> str:
    """JavaScript in lines to be pasted as they are.

    It breaks where a line cannot be complete, so that a shell waits for the next one, and never
    within a string: a long name makes a long line.
    """
    pieces: list[str] = []
    for part in _STRING_OR_REST.findall(line):
        found = [part] if part.startswith('"') else re.findall(r"[^(,]*[(,]+ ?|[^(,]+", part)
        for piece in found:
            if pieces and not pieces[-1].rstrip().endswith(("(", ",")):
                pieces[-1] += piece
            else:
                pieces.append(piece)
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(indent + lines[-1] + piece.rstrip()) > WIDTH:
            lines.append("")
        lines[-1] += piece
    return "\n".join(indent + text.rstrip() for text in lines)


def wrap_command(line: str, indent: str) -> str:
    """A shell's line in lines to be pasted as they are; a long argument makes a long line."""
    arguments = _ARGUMENT.findall(line)
    if " ".join(arguments) != line:
        return indent + line
    lines = [arguments[0]]
    for argument in arguments[1:]:
        if len(f"{indent}{lines[-1]} {argument} \\") > WIDTH:
            lines[-1] += " \\"
            lines.append(f"  {argument}")
        else:
            lines[-1] += f" {argument}"
    return "\n".join(indent + text for text in lines)


def column(text: str, width: int) -> str:
    """So wide, cut on the right."""
    return f"{text:<{width}}" if len(text) <= width else text[: width - 1] + "…"


def level(part: PartOfTime) -> int | None:
    """How much of it failed: 0 nothing, then up to a third, two thirds, more; None: no attempts."""
    return (
        min(LEVELS - 1, ceil((LEVELS - 1) * part.errors / part.attempts)) if part.attempts else None
    )


def blocks(strip: Iterable[PartOfTime]) -> str:
    """A strip: the higher the block, the more failed."""
    levels = map(level, strip)
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
