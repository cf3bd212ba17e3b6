"""Build the wheel on the control machine, put what an installation needs beside it, and say where, as JSON.

usage: build_wheel.py SOURCE
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

_SECONDS = 120


def main() -> None:
    """Build in a folder of its own, so that two deploys at once do not meet."""
    source = Path(sys.argv[1]).resolve()
    lock = (source / "requirements" / "run.txt").read_bytes()
    kept = source / "build" / "deploy"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        built = _built(source, Path(folder))
        content = hashlib.sha256(_content(built) + lock).hexdigest()
        digest = hashlib.sha256(built.read_bytes()).hexdigest()
        about = {"version": built.name.split("-")[1], "commit": _commit(source)}
        (built.parent / "release.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
        wheel = f"./{built.name} --hash=sha256:{digest}\n"
        (built.parent / "requirements.txt").write_bytes(lock + wheel.encode())
        ready = kept / hashlib.sha256(lock + wheel.encode()).hexdigest()[:16]
        ready.mkdir(exist_ok=True)
        for file in built.parent.iterdir():
            shutil.move(file, ready / file.name)  # a rename: the same content at any time
    _keep_newest(kept, ready)
    print(json.dumps({"folder": str(ready), "content": content}))


def _built(source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(
        command, cwd=source, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if built.returncode:
        sys.exit(f"The wheel cannot be built from {source}: {built.stderr.strip()[-2000:]}")
    return next(folder.glob("*.whl"))


def _content(wheel: Path) -> bytes:
    """The digests of all its files: the same whatever packed it, and whatever the README says."""
    with zipfile.ZipFile(wheel) as packed:
        record = next(name for name in packed.namelist() if name.endswith(".dist-info/RECORD"))
        lines = packed.read(record).splitlines()
    # What it depends on is in the lock.
    return b"\n".join(sorted(x for x in lines if not re.search(rb"/(METADATA|WHEEL|RECORD),", x)))


def _commit(source: Path) -> str:
    """Empty without git."""
    command = ["git", "-C", str(source), "describe", "--always", "--dirty", "--exclude=*"]
    with suppress(OSError):
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        return done.stdout.strip()
    return ""


def _keep_newest(kept: Path, newest: Path, count: int = 5) -> None:
    os.utime(newest)
    folders = [path for path in kept.iterdir() if re.fullmatch(r"[0-9a-f]{16}", path.name)]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[count:]:
        shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main()
