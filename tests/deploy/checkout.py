"""Other states of the repository, to deploy from: a newer version, or one that is broken."""

import re
import shutil
import subprocess
from pathlib import Path

from deploy.machine import REPOSITORY


def checkout(folder: Path, version: str) -> Path:
    """Copy what git knows of the repository, with another version of the package."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = folder / f"checkout-{version}"
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith("tests/") or not (REPOSITORY / name).is_file():
            continue
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, copy / name)
    about = copy / "healthcheck" / "__init__.py"
    text, found = re.subn(r'__version__ = "[^"]+"', f'__version__ = "{version}"', about.read_text())
    assert found == 1
    about.write_text(text)
    return copy


def broken(folder: Path, version: str, module: str) -> Path:
    """Return a version that installs, and has a module that cannot be imported."""
    copy = checkout(folder, version)
    (copy / "healthcheck" / module).write_text("raise RuntimeError('broken')\n")
    return copy
