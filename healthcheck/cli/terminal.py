"""What the person at the terminal sees: streams in any state, progress, a page in the browser."""

import codecs
import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from healthcheck.errors import OutputError

_NAMES = ("stdin", "stdout", "stderr")
# The hours of a provider must not become a row of question marks where a terminal lacks the characters.
_NEAREST = str.maketrans("▁▃▅█≤·", "_-=#<.")


def prepare_streams() -> None:
    """Take the place of what is closed, and let every stream take every text."""
    # A closed number would go to the next file or socket; this takes the lowest that is free. To write
    # to it is an error, as it is where nothing took its place.
    while (opened := os.open(os.devnull, os.O_RDONLY)) < len(_NAMES):
        pass
    os.close(opened)
    for number, name in enumerate(_NAMES):
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
        if number and hasattr(stream := getattr(sys, name), "reconfigure"):
            codecs.register_error("nearest", _nearest)
            stream.reconfigure(errors="nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for characters that an encoding lacks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(_NEAREST)
    return "".join(character if character.isascii() else "?" for character in lacking), error.end


def say(text: str, *, err: bool = False) -> None:
    """Print a line that nothing depends on: what was done stays done where it cannot be shown."""
    with suppress(OSError):
        click.echo(text, err=err)


def warn(sentence: str) -> None:
    """Print what the operator should know."""
    say(f"Warning: {sentence}", err=True)


def write(made: str | bytes, output: Path | None) -> None:
    """Write to a file, or to standard output. Raises OutputError."""
    if output is None or str(output) == "-":
        # As it is: click takes UTF-8 where the terminal knows ASCII alone.
        click.echo(made, file=sys.stdout, nl=False)
        return
    try:
        output.write_bytes(made if isinstance(made, bytes) else made.encode())
    except OSError as error:
        what = f"Cannot write the report to {output}"
        raise OutputError(what, error, "Choose another --output.") from error


def browse(html: str) -> None:
    """Open a page from a file that only its owner can read, and print where that is."""
    import webbrowser
    from tempfile import mkstemp

    try:
        path = Path(mkstemp(prefix="llm-health-check-", suffix=".html")[1])
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        remedy = "Set TMPDIR to a folder that you can write to, or use --format html."
        raise OutputError("Cannot write a page for the browser", error, remedy) from error
    opened = webbrowser.open(path.as_uri())
    say(f"Opened {path}." if opened else f"No browser found; the page is in {path}.", err=True)


def show_log() -> None:
    """Print the warnings of the program, and on a terminal what it waits for."""
    import logging

    shown = set()

    class Shown(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.WARNING:
                # What several steps of a run come upon is one fault.
                if record.getMessage() not in shown:
                    warn(record.getMessage())
                shown.add(record.getMessage())
            elif sys.stderr.isatty():
                say(f"{record.getMessage()} ...", err=True)

    log = logging.getLogger("healthcheck")
    log.setLevel(logging.INFO)
    log.addHandler(Shown())
