"""One run at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from healthcheck.errors import BusyError

WAIT_SECONDS = 120
"""Longer than a run takes that does not wait for a mail server."""
_PAUSE_SECONDS = 0.1


@contextmanager
def locked(folder: Path, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock; it ends with the process, however that ends. Raises BusyError.

    Where the folder takes no lock, there is none: a report is worth more.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A lock needs no right to write, and so works on a disk that has become read-only.
        descriptor = os.open(folder / "lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield
        return
    with _held(descriptor, seconds):
        yield


@contextmanager
def alone_in(folder: Path, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold a lock on the folder itself, in which nothing is left behind. Raises BusyError."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    with _held(descriptor, seconds):
        yield


@contextmanager
def _held(descriptor: int, seconds: float) -> Iterator[None]:
    """Lock it as soon as nobody else does; closed, it is free again."""
    try:
        end = time.monotonic() + seconds
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() >= end:
                what = (
                    f"Another run has been in progress for {seconds:g} s: try again after it ends."
                )
                raise BusyError(what)
            time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        os.close(descriptor)
