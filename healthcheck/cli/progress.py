"""What is being done, for a person at a terminal who has waited a second."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE_SECONDS = 1.0
_REFRESH_SECONDS = 0.2


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that takes what is being done now.

    It shows up on stderr after a second, where that is a terminal, and is wiped at the end.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    display = _Display()
    display.start()
    try:
        yield display.say
    finally:
        display.stop()


class _Display:
    def __init__(self) -> None:
        self._doing = "starting"
        self._begun = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def say(self, doing: str) -> None:
        self._doing = doing

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        if self._over.wait(_PATIENCE_SECONDS):
            return
        while True:
            seconds = time.monotonic() - self._begun
            sys.stderr.write(f"\r\x1b[K{self._doing} ... {seconds:.0f} s")
            sys.stderr.flush()
            if self._over.wait(_REFRESH_SECONDS):
                break
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
