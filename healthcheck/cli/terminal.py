"""What the person at the terminal sees: streams in any state, progress, a page in the browser."""

import codecs
import os
import sys
import threading
import time
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click

from healthcheck.errors import OutputError

_NAMES = ("stdin", "stdout", "stderr")
_ASCII = str.maketrans(
    {"·": ".", "▁": "_", "▃": "-", "▅": "=", "█": "#", "…": "...", "—": "-", "\u2013": "-"}
)
_PATIENCE_SECONDS = 1.0
_REFRESH_SECONDS = 0.2
_WIPE = "\r\x1b[K"


def prepare_streams() -> None:
    """Open what is closed, and let every stream show every text."""
    codecs.register_error("healthcheck.ascii", _in_ascii)
    for number, name in enumerate(_NAMES):
        _open_if_closed(number, name)
        stream = getattr(sys, name)
        if number and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="healthcheck.ascii")


def say(text: str, *, err: bool = False) -> None:
    """Print a line that nothing depends on: what was done stays done where it cannot be shown."""
    try:
        click.echo(text, err=err)
    except OSError:
        discard(sys.stderr if err else sys.stdout)


def warn(sentence: str) -> None:
    """Print what the operator should know."""
    say(f"Warning: {sentence}", err=True)


def discard(stream: TextIO) -> None:
    """Lead it nowhere: what is left in its buffer would fail again when Python flushes it at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write(made: str | bytes, output: Path | None) -> None:
    """Write to a file, or to standard output. Raises OutputError."""
    to_stdout = output is None or str(output) == "-"
    try:
        if output is not None and not to_stdout:
            output.write_bytes(made if isinstance(made, bytes) else made.encode())
        elif isinstance(made, bytes):
            sys.stdout.buffer.write(made)
        else:
            sys.stdout.write(made)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        where = "standard output" if to_stdout else output
        raise OutputError(f"Cannot write the report to {where}: {error.strerror}.") from error


def browse(html: str) -> None:
    """Open a page from a file that only its owner can read, and print where that is."""
    import webbrowser
    from tempfile import NamedTemporaryFile

    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", prefix="llm-health-check-", suffix=".html", delete=False
        ) as file:
            file.write(html)
    except OSError as error:
        raise OutputError(f"Could not write the page: {error.strerror}.") from error
    opened = webbrowser.open(Path(file.name).as_uri())
    say(
        f"Opened {file.name}." if opened else f"No browser found; the page is in {file.name}.",
        err=True,
    )


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that takes what is being done now.

    It shows up on stderr after a second, where that is a terminal, and is wiped at the end.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    stage, over = deque(["starting"], maxlen=1), threading.Event()
    display = threading.Thread(target=_display, args=(stage, over), daemon=True)
    display.start()
    try:
        yield stage.append
    finally:
        over.set()
        display.join()


def _display(stage: deque[str], over: threading.Event) -> None:
    begun = time.monotonic()
    if over.wait(_PATIENCE_SECONDS):
        return
    while True:
        sys.stderr.write(f"{_WIPE}{stage[0]} ... {time.monotonic() - begun:.0f} s")
        sys.stderr.flush()
        if over.wait(_REFRESH_SECONDS):
            break
    sys.stderr.write(_WIPE)
    sys.stderr.flush()


def _open_if_closed(number: int, name: str) -> None:
    """Python gives None for it, and the next file or socket would get its number."""
    try:
        os.fstat(number)
    except OSError:
        opened = os.open(os.devnull, os.O_WRONLY if number else os.O_RDONLY)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
    if getattr(sys, name) is None:
        mode = "w" if number else "r"
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    """What a terminal lacks, as near as ASCII comes to it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    parts = []
    for character in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", character.translate(_ASCII))
        parts.append(plain.encode("ascii", "ignore").decode() or "?")
    return "".join(parts), error.end
