"""The forms of a report: the mail's subject, text and HTML, and JSON."""

import json
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

from healthcheck.report.contract import Report
from healthcheck.report.text_filters import FILTERS, WIDTH, Length
from healthcheck.report.view_model import MailView

MOST_BYTES = 55_000
"""Gmail clips a message at about 102 kB and hides the rest; a phone should not have to scroll so far."""
MOST_LINES = 180
_SHARES = (1.0, 0.8, 0.6, 0.4, 0.25, 0.12, 0.0)
_SUBJECT = 140


class Rendered(NamedTuple):
    """One report in the three parts of a mail."""

    subject: str
    text: str
    html: str


def render(report: Report) -> Rendered:
    """The mail, with as many rows as fit into all of its parts.

    At last no list has any row left, and each sentence is bounded: that fits whatever it says.
    """
    for share in _SHARES:
        view = MailView(report, share)
        text = template("mail.txt.j2").render(mail=view, report=report)
        html = template("mail.html.j2").render(mail=view, report=report)
        if text.count("\n") < MOST_LINES and len(html.encode()) < MOST_BYTES:
            break
    return Rendered(subject=_one_line(view.head.subject()), text=text, html=html)


def render_json(report: Report) -> str:
    """The contract's fields, readable, with a line end."""
    return json.dumps(vars(report), indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    """What JSON does not know: moments, days, and parts."""
    is_time = isinstance(value, date)
    return value.isoformat().replace("+00:00", "Z") if is_time else vars(value)


_HERE = Path(__file__)
# Jinja knows them by their source alone; options, filters and its own version count as well.
_COMPILED = f"%s-{sha256(_HERE.read_bytes() + jinja2.__version__.encode()).hexdigest()[:8]}.jinja2"


class CompiledTemplates(jinja2.FileSystemBytecodeCache):
    """In a folder, where there is one that can be written."""

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep what was compiled, if possible."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def template(name: str) -> jinja2.Template:
    """One of the project's templates."""
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    """Jinja; only HTML is escaped."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("healthcheck.report"),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=CompiledTemplates(str(_HERE.parent / "__pycache__"), _COMPILED),
        optimized=False,  # there are no constants to fold, and it looks for them for a fifth of the time
    )
    made.filters |= FILTERS
    made.globals |= {"Length": Length, "WIDTH": WIDTH}
    return made


def _one_line(text: str) -> str:
    """ASCII, so that no client shows encoded words; printable, so that no header can follow."""
    plain = text.replace("…", "...").encode("ascii", "replace").decode("ascii")
    line = "".join(char if char.isprintable() else "?" for char in " ".join(plain.split()))
    return line if len(line) <= _SUBJECT else line[: _SUBJECT - 3] + "..."
