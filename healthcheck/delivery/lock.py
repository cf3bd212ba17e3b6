"""One run at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from healthcheck.errors import BusyError

WAIT_SECONDS = 120
"""Longer than a run takes that does not wait for a mail server."""
_PAUSE_SECONDS = 0.1


@contextmanager
def locked(folder: Path, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold a lock on a folder; it ends with the process, however that ends. Raises BusyError.

    Where the folder takes no lock, there is none: a report is worth more.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        for _ in range(1 + int(seconds / _PAUSE_SECONDS)):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_PAUSE_SECONDS)
            except OSError:  # such as a folder of NFS
                break
        else:
            what = f"Another run has been in progress for {seconds:g} s"
            raise BusyError(f"{what}: try again after it ends.")
        yield
    finally:
        os.close(descriptor)
