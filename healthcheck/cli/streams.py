"""Standard streams as they may be: closed, full, left by their reader, or unable to show a character."""

import codecs
import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

import click

_NAMES = ("stdin", "stdout", "stderr")
_PLAIN = {
    "·": ".",
    "▁": "_",
    "▃": "-",
    "▅": "=",
    "█": "#",
    "…": "...",
    "—": "-",
    "\u2013": "-",
}


def prepare() -> None:
    """Open what is closed, and let every stream show every text."""
    codecs.register_error("healthcheck.plain", _plain)
    for number, name in enumerate(_NAMES):
        _open_if_closed(number, name)
        stream = getattr(sys, name)
        if number and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="healthcheck.plain")


def say(text: str, *, err: bool = False) -> None:
    """Print a line that nothing depends on: what was done stays done where it cannot be shown."""
    try:
        click.echo(text, err=err)
    except OSError:
        forget(sys.stderr if err else sys.stdout)


def forget(stream: TextIO) -> None:
    """Lead it nowhere: what is left in its buffer would fail again when Python flushes it at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _open_if_closed(number: int, name: str) -> None:
    """Python gives None for it, and the next file or socket would get its number."""
    try:
        os.fstat(number)
    except OSError:
        flags = os.O_WRONLY if number else os.O_RDONLY
        opened = os.open(os.devnull, flags)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
    if getattr(sys, name) is None:
        mode = "w" if number else "r"
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What a terminal lacks in plain ASCII; bars as digits from 1 to 4."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    parts = []
    for character in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        parts.append(_PLAIN.get(character) or plain or "?")
    return "".join(parts), error.end
