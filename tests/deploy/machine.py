"""What this machine must have to boot hosts, and where their root file systems are kept."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SUITES = ("bookworm", "trixie")

_PROGRAMS = ("debootstrap", "systemd-nspawn", "unshare", "setpriv", "ssh", "ssh-keygen")
_TRIAL = """
mount -t cgroup2 none /sys/fs/cgroup
mkdir lower upper work merged
mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged
"""


def lacking() -> str | None:
    """Return what keeps this machine from booting hosts, in one line."""
    if os.geteuid() != 0:
        return "hosts are booted by root only"
    if missing := [name for name in _PROGRAMS if not shutil.which(name)]:
        return f"not installed: {', '.join(missing)}"
    with tempfile.TemporaryDirectory() as folder:
        trial = subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "sh", "-euc", _TRIAL],
            capture_output=True,
            cwd=folder,
            text=True,
            check=False,
        )
    if trial.returncode:
        return f"no namespace with an overlay can be made: {' '.join(trial.stderr.split())}"
    return None


def cache() -> Path:
    """Return the folder that is kept between runs."""
    named = os.environ.get("HEALTH_CHECK_HOSTS")
    folder = Path(named) if named else Path.home() / ".cache" / "llm-health-check" / "hosts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one process at a time in, on this machine."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
