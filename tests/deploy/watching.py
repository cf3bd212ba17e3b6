"""What every user of a machine can see of the others: the process list, sampled."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.005
_YOUNG = 2.0  # seconds; after that a process starts no other program in its place


@contextmanager
def command_lines() -> Iterator[set[str]]:
    """Collect the command lines of all processes, those of hosts among them."""
    seen: set[str] = set()
    ended = threading.Event()

    def watch() -> None:
        first_seen: dict[str, float] = {}
        while not ended.wait(_PAUSE):
            now = time.monotonic()
            running = {entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()}
            first_seen = {pid: first_seen.get(pid, now) for pid in running}
            for pid, since in first_seen.items():
                if now - since < _YOUNG:
                    try:
                        line = Path("/proc", pid, "cmdline").read_bytes()
                    except OSError:
                        continue
                    seen.add(line.replace(b"\0", b" ").decode(errors="replace"))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
