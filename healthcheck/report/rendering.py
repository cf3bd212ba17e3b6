"""The mail: subject, text and HTML of the same story, never too large to be delivered whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from healthcheck.report.columns import (
    WIDTH,
    blocks,
    column,
    underline,
    wrap,
    wrap_command,
    wrap_script,
)
from healthcheck.report.contract import Report
from healthcheck.report.story import Limits, Story
from healthcheck.report.telling import tell
from healthcheck.report.unbroken import arguments, moments

MOST_BYTES = 60_000
"""Gmail clips a message at about 102 kB and hides the rest; a phone should not have to scroll so far."""
MOST_LINES = 400
_SHARES = (1.0, 0.8, 0.6, 0.4, 0.25, 0.12, 0.0)
_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """One report in the three parts of a mail."""

    subject: str
    text: str
    html: str


def render(report: Report) -> Rendered:
    """The mail, with as many rows as fit into all of its parts."""
    for story in _from_full_to_bare(report):
        text, html = _text(story), _page(story)
        if _is_short(text) and _is_small(html):
            break
    subject = _one_line(_plain().get_template("subject.txt.j2").render(story=story))
    return Rendered(subject=subject, text=text, html=html)


def render_text(report: Report) -> str:
    """The text alone, with as many rows as fit."""
    for story in _from_full_to_bare(report):
        text = _text(story)
        if _is_short(text):
            break
    return text


def _from_full_to_bare(report: Report) -> Iterator[Story]:
    """At last no list has any row left, and each sentence is bounded: that fits whatever it says."""
    for share in _SHARES:
        yield tell(report, Limits().shrunk(share))


def _text(story: Story) -> str:
    return _plain().get_template("mail.txt.j2").render(story=story, width=WIDTH)


def _page(story: Story) -> str:
    return _html().get_template("mail.html.j2").render(story=story)


def _is_short(text: str) -> bool:
    return text.count("\n") < MOST_LINES


def _is_small(page: str) -> bool:
    return len(page.encode()) < MOST_BYTES


def _one_line(text: str) -> str:
    """ASCII, so that no client shows encoded words; printable, so that no header can follow."""
    line = " ".join(text.encode("ascii", "replace").decode("ascii").split())
    shown = "".join(char if char.isprintable() else "?" for char in line)
    return shown if len(shown) <= _SUBJECT else shown[: _SUBJECT - 3] + "..."


@cache
def _plain() -> Environment:
    made = Environment(
        loader=PackageLoader("healthcheck.report"),
        autoescape=False,  # noqa: S701 - plain text, in which nothing needs an escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "wrap": wrap,
        "wrap_script": wrap_script,
        "wrap_command": wrap_command,
        "column": column,
        "blocks": blocks,
        "underline": underline,
    }
    return made


@cache
def _html() -> Environment:
    made = Environment(
        loader=PackageLoader("healthcheck.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"moments": moments, "arguments": arguments}
    return made
