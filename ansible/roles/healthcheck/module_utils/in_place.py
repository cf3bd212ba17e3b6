"""Files that are replaced together: all of them within a moment, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TEMPORARY = ".llm-health-check-"
_OLD_SECONDS = 60


class ChangedMeanwhileError(Exception):
    """Somebody else wrote the file after it was read."""


@dataclass(frozen=True)
class Replacement:
    """What a file holds, and what it is to hold."""

    path: Path
    old: bytes | None
    """None where it is not there."""
    new: bytes
    mode: int | None = None
    """None keeps owner, mode and labels, and makes a new one root's, 0600."""
    owner: str = "root"
    """Whose it is to be, with the group of that name, where the mode is given."""
    check: Callable[[Path], None] | None = None
    """Raises where the content, at another path, is no good."""
    shown: tuple[str, str] = ("", "")
    """What people may see of the old content and of the new."""

    @property
    def due(self) -> bool:
        """Is there anything to do."""
        if self.old is None or self.old != self.new:
            return True
        there = self.path.stat()
        return self.mode is not None and (there.st_mode & 0o7777, self.path.owner()) != (
            self.mode,
            self.owner,
        )


def content(path: Path) -> bytes | None:
    """Return what a file holds, None where it is not there; raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def put_in_place(replacements: Sequence[Replacement]) -> None:
    """Do all that is due, in this order; raises ChangedMeanwhileError, OSError and what the checks do.

    What can fail comes first: the contents are on the disk beside their places when the first is renamed.
    """
    prepared: list[tuple[Replacement, Path]] = []
    try:
        for each in replacements:
            if each.due:
                prepared.append((each, _reserved(each.path)))
                _prepare(*prepared[-1])
        for each, _ in prepared:
            if content(each.path) != each.old:
                raise ChangedMeanwhileError(each.path)
        for each, temporary in prepared:
            temporary.replace(each.path)
    finally:
        for _, temporary in prepared:
            temporary.unlink(missing_ok=True)


def link_in_place(link: Path, target: str) -> None:
    """Let a link lead elsewhere, in one step; raises OSError."""
    temporary = link.with_name(f"{_TEMPORARY}{link.name}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def sweep(folders: Iterable[Path]) -> None:
    """Take away what a deploy left behind that died between two system calls: it may hold secrets."""
    for left in (left for folder in set(folders) for left in folder.glob(f"{_TEMPORARY}*")):
        # A younger one may be that of another deploy, at this moment, which may also take it away.
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > _OLD_SECONDS:
                left.unlink()


def _reserved(path: Path) -> Path:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    os.close(handle)
    return Path(name)


def _prepare(wanted: Replacement, temporary: Path) -> None:
    with temporary.open("wb") as file:
        file.write(wanted.new)
        if wanted.mode is not None:
            shutil.chown(temporary, wanted.owner, wanted.owner)
            temporary.chmod(wanted.mode)
        elif wanted.old is not None:
            _take_over(wanted.path, temporary)
        file.flush()
        os.fsync(file.fileno())
    if wanted.check:
        wanted.check(temporary)


def _take_over(path: Path, temporary: Path) -> None:
    """Owner, mode, access lists and labels, as the neighbour set them."""
    there = path.stat()
    os.chown(temporary, there.st_uid, there.st_gid)
    for name in os.listxattr(path):
        os.setxattr(temporary, name, os.getxattr(path, name))
    temporary.chmod(there.st_mode & 0o7777)
