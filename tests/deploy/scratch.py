"""The folder of one test run: shared by its processes, and swept by the next run when it was killed."""

import atexit
import fcntl
import os
import shutil
import subprocess
import tempfile
from functools import cache as once
from pathlib import Path

from deploy.machine import cache, locked

_CGROUPS = """
mount -t cgroup2 none /sys/fs/cgroup
cd /sys/fs/cgroup
for group in "$1"*; do
  [ -d "$group" ] || continue
  timeout 10 sh -c 'while grep -q "populated 1" "$1/cgroup.events"; do sleep .05; done' sh "$group"
  find "$group" -depth -type d -exec rmdir {} +
done
"""
_held: list[int] = []


def run_name() -> str:
    """Return the same name in all processes of a test run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"alone-{os.getpid()}"


@once
def scratch() -> Path:
    """Return this run's folder; it is gone when the last process of the run is."""
    with locked("runs"):
        runs = cache() / "runs"
        runs.mkdir(exist_ok=True)
        for left in runs.iterdir():
            _sweep(left)
        folder = runs / run_name()
        folder.mkdir(exist_ok=True)
        _held.append(os.open(folder, os.O_RDONLY))
        fcntl.flock(_held[0], fcntl.LOCK_SH)
    atexit.register(_leave, folder)
    return folder


@once
def sockets() -> Path:
    """Return a folder whose name is short enough for sockets; it is gone when this process is."""
    folder = Path(tempfile.mkdtemp(prefix="hosts-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _leave(folder: Path) -> None:
    with locked("runs"):
        os.close(_held.pop())
        _sweep(folder)


def _sweep(folder: Path) -> None:
    """Remove the folder of a run of which no process is left."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    finally:
        os.close(handle)
    shutil.rmtree(folder, ignore_errors=True)
    remove_cgroups(cgroup(folder.name))


def cgroup(run: str) -> str:
    """Return how the control groups of a run's hosts begin."""
    return f"llm-health-check-{run[:12]}-"


def remove_cgroups(prefix: str) -> None:
    """Remove the empty control groups whose name begins so."""
    subprocess.run(
        ["unshare", "--mount", "sh", "-euc", _CGROUPS, "sh", prefix],
        check=True,
        capture_output=True,
    )
