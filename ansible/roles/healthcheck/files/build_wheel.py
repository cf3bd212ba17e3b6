"""Build the wheel on the control machine and say what is in it, as JSON.

usage: build_wheel.py SOURCE
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email import message_from_bytes
from pathlib import Path

_SECONDS = 120
_PACKED = ("healthcheck", "requirements", "pyproject.toml")
_WHAT_IT_IS = ("Name", "Version", "Requires-Python", "Requires-Dist")


def main() -> None:
    """Build in a folder of its own, so that two deploys at once do not meet."""
    source = Path(sys.argv[1]).resolve()
    lock = (source / "requirements" / "run.txt").read_bytes()
    kept = source / "build" / "deploy"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        built = _built(source, Path(folder))
        content = _content(built)
        release = hashlib.sha256(content + lock).hexdigest()
        wheel = kept / _sha256(built)[:16] / built.name
        wheel.parent.mkdir(exist_ok=True)
        shutil.move(built, wheel)  # a rename: the same content at any time
    _keep_newest(kept, wheel.parent)
    print(
        json.dumps(
            {
                "wheel": str(wheel),
                "name": wheel.name,
                "sha256": _sha256(wheel),
                "content": release,
                "version": wheel.name.split("-")[1],
                "commit": _commit(source),
                "lock": base64.b64encode(lock).decode(),
            }
        )
    )


def _built(source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(
        command, cwd=source, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if built.returncode:
        sys.exit(f"The wheel cannot be built from {source}: {built.stderr.strip()[-2000:]}")
    return next(folder.glob("*.whl"))


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _content(wheel: Path) -> bytes:
    """All that the program is made of: the same whatever packed it, and whatever the README says."""
    with zipfile.ZipFile(wheel) as packed:
        (about,) = {name.split("/")[0] for name in packed.namelist() if ".dist-info/" in name}
        record = packed.read(f"{about}/RECORD").splitlines()
        files = [line for line in record if not line.startswith(f"{about}/".encode())]
        metadata = message_from_bytes(packed.read(f"{about}/METADATA"))
        needs = [f"{k}: {v}".encode() for k, v in metadata.items() if k in _WHAT_IT_IS]
        files += [packed.read(f"{about}/entry_points.txt"), *needs]
        return b"\n".join(sorted(files))


def _commit(source: Path) -> str:
    git = shutil.which("git")
    if git is None:
        return ""

    def said(*command: str) -> str:
        done = subprocess.run(
            [git, "-C", str(source), *command],
            capture_output=True, text=True, timeout=_SECONDS, check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )  # fmt: skip
        return done.stdout.strip()

    commit = said("rev-parse", "--short", "HEAD")
    # An inventory that was edited makes no other release.
    changed = commit and said("status", "--porcelain", "--", *_PACKED)
    return f"{commit}-dirty" if changed else commit


def _keep_newest(kept: Path, newest: Path, count: int = 5) -> None:
    os.utime(newest)
    folders = [path for path in kept.iterdir() if re.fullmatch(r"[0-9a-f]{16}", path.name)]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[count:]:
        shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main()
