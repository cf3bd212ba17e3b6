"""Files that appear and move as a whole or not at all, and that last."""

import os
from contextlib import suppress
from pathlib import Path

_PARTIAL = ".partial"


def make_folder(folder: Path) -> None:
    """For its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write(path: Path, data: bytes) -> None:
    """Under another name first: whoever finds `path` finds all of it. Raises OSError."""
    partial = path.with_name(f".{path.name}{_PARTIAL}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        move(partial, path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def move(path: Path, target: Path) -> None:
    """Rename, and make sure that a power cut does not undo it. Raises OSError."""
    path.replace(target)
    for folder in {path.parent, target.parent}:
        _sync(folder)


def take_over(folder: Path, target: Path) -> None:
    """Move what a folder holds to its new name, where there is such a folder. Raises OSError."""
    if not folder.is_dir():
        return
    make_folder(target)
    for path in folder.iterdir():
        move(path, target / path.name)
    folder.rmdir()


def sweep(folder: Path) -> None:
    """Remove what a write that was killed left behind."""
    with suppress(OSError):
        for partial in folder.glob(f".*{_PARTIAL}"):
            partial.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
