"""Root file systems of Debian releases, made once and kept, and the wheels that their Python needs."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.machine import REPOSITORY, cache, locked
from deploy.outside import CERTIFICATES, apt_options, mirror, paths, pip_options

_WEEK = 7 * 24 * 3600
WHEELS = "/srv/wheels"  # where a host sees them

_PACKAGES = (
    "systemd,systemd-sysv,dbus,python3,python3-venv,openssh-server,sudo,iproute2,ca-certificates"
)
_FETCHED = "msmtp"  # what a first deploy installs: downloaded already, not installed
_MASKED = ("apt-daily.timer", "apt-daily-upgrade.timer", "console-getty.service", "ssh.socket")
_DPKG = (
    "force-unsafe-io\nno-debsig\npath-exclude /usr/share/man/*\npath-exclude /usr/share/locale/*\n"
)
_RECIPE = hashlib.sha256("".join([_PACKAGES, _FETCHED, *_MASKED, _DPKG]).encode()).hexdigest()[:10]


def root(suite: str) -> Path:
    """Return the root file system of a Debian release; nothing may ever be written to it."""
    made = cache() / f"{suite}-{_RECIPE}"
    with locked(suite):
        if not made.exists():
            _forget(f"{suite}-*")
            with _made_at_once(made) as partial:
                _bootstrap(suite, partial)
                _prepare(partial)
        os.utime(made)
    return made


@contextmanager
def _made_at_once(final: Path) -> Iterator[Path]:
    """Give a folder that has the final name only when all of it is there."""
    partial = Path(tempfile.mkdtemp(prefix=f"{final.name}-partial-", dir=cache()))
    partial.chmod(0o755)
    try:
        yield partial
        partial.rename(final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _forget(pattern: str) -> None:
    """Remove what no run has used for a week."""
    for old in cache().glob(pattern):
        if old.is_dir() and time.time() - old.stat().st_mtime > _WEEK:
            shutil.rmtree(old, ignore_errors=True)


def _bootstrap(suite: str, folder: Path) -> None:
    where = [found] if (found := mirror()) else []
    _call("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", suite, folder, *where)


def _prepare(folder: Path) -> None:
    (folder / "etc/apt/apt.conf.d/80outside").write_text(apt_options())
    (folder / "etc/dpkg/dpkg.cfg.d/quick").write_text(_DPKG)
    shutil.copyfile(CERTIFICATES, folder / "etc/ssl/certs/ca-certificates.crt")
    _inside(folder, "apt-get update -qq && apt-get install -y -qq --download-only " + _FETCHED)
    _inside(folder, "useradd --create-home --shell /bin/bash deployer")
    rights = folder / "etc/sudoers.d/deployer"
    rights.write_text("deployer ALL=(ALL) NOPASSWD: ALL\n")
    rights.chmod(0o440)
    for unit in _MASKED:
        (folder / "etc/systemd/system" / unit).symlink_to("/dev/null")
    (folder / "etc/pip.conf").write_text(f"[global]\nno-index = true\nfind-links = {WHEELS}\n")


def wheels(suite: str, repository: Path = REPOSITORY, name: str = "wheels") -> Path:
    """Return the folder with the locked wheels, as that release's own Python asks for them."""
    lock = repository / "requirements" / "run.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:10]
    base, made = root(suite), cache() / f"{name}-{suite}-{digest}"
    with locked(f"{name}-{suite}"):
        if not made.exists():
            _forget(f"{name}-{suite}-*")
            with _made_at_once(made) as partial:
                shutil.copyfile(lock, partial / "run.txt")
                _inside(
                    base,
                    "python3 -m venv /tmp/v && /tmp/v/bin/pip download -q -d /mnt -r /mnt/run.txt",
                    "--volatile=overlay",
                    f"--bind={partial}:/mnt",
                    options={"PIP_CONFIG_FILE": os.devnull} | pip_options(),
                )
        os.utime(made)
    return made


def _inside(folder: Path, script: str, *arguments: str, options: dict | None = None) -> None:
    """Run a script in a root file system that is not booted."""
    options = options or {}
    _call(
        "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe",
        "--resolv-conf=bind-host", f"--bind-ro={CERTIFICATES}", *arguments,
        *(f"--bind-ro={path}" for path in paths(options) if path != CERTIFICATES),
        *(f"--setenv={name}={value}" for name, value in options.items()),
        f"--directory={folder}", "sh", "-euc", script,
    )  # fmt: skip


def _call(*command: str | Path) -> None:
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise RuntimeError(f"{command[0]} failed with {done.returncode}:\n{said}")
