"""Files that are replaced together: all of them within a moment, or none."""

from __future__ import annotations

import fcntl
import grp
import os
import pwd
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_TEMPORARY = ".llm-health-check-"
_LOCK = Path("/run/llm-health-check.deploy.lock")
_LOCK_SECONDS = 60


class NotReplacedError(Exception):
    """A file cannot be read or written, and nothing is changed; says which and why."""


class NotTakenBackError(Exception):
    """A change that failed could not be undone either; says where the content of before is."""


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
    like: Path | None = None
    """Another file, whose owner, mode and labels it is to have."""
    check: Callable[[Path], None] | None = None
    """Raises where the content, at another path, is no good."""
    shown: tuple[str, str] = ("", "")
    """What people may see of the old content and of the new."""

    @property
    def due(self) -> bool:
        """Is there anything to do."""
        if self.old is None or self.old != self.new:
            return True
        with _telling(self.path):
            there = self.path.stat()
        return self.mode is not None and (there.st_mode & 0o7777, there.st_uid, there.st_gid) != (
            self.mode,
            *_ids(self.owner),
        )


@dataclass(frozen=True)
class Link:
    """Where a link leads, and where it is to lead."""

    path: Path
    old: str
    """Empty where it is not there."""
    new: str

    @property
    def due(self) -> bool:
        """Is there anything to do."""
        return self.old != self.new

    @property
    def shown(self) -> tuple[str, str]:
        """What people may see of both."""
        return f"{self.old}\n".lstrip(), f"{self.new}\n"


def leads_to(path: Path) -> str:
    """Return where a link leads, empty where it is not there; raises NotReplacedError for what is no link."""
    if path.is_symlink():
        return str(path.readlink())
    if path.exists():
        raise NotReplacedError(f"{path} is no link")
    return ""


def content(path: Path) -> bytes | None:
    """Return what a file holds, None where it is not there; raises NotReplacedError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotReplacedError(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def alone(folders: Iterable[Path]) -> Iterator[None]:
    """Let one deploy at a time change files, and take away what one left behind that was killed.

    Such a temporary file may hold secrets. Raises NotReplacedError.
    """
    with _telling(_LOCK):
        lock = _LOCK.open("w")
    with lock:
        for _ in range(_LOCK_SECONDS):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(1)
        else:
            raise NotReplacedError("Another deploy is at work on this host")
        for left in (left for folder in set(folders) for left in folder.glob(f"{_TEMPORARY}*")):
            with suppress(IsADirectoryError):  # which is nobody's temporary file
                left.unlink(missing_ok=True)
        yield


def put_in_place(replacements: Sequence[Replacement | Link]) -> None:
    """Make all of them, in this order; raises NotReplacedError, NotTakenBackError and what the checks raise.

    What can fail comes first: the contents are on the disk beside their places when the first is renamed.
    """
    prepared: list[_PreparedFile | _PreparedLink] = []
    try:
        for each in replacements:
            prepared.append(_PreparedLink(each) if isinstance(each, Link) else _PreparedFile(each))
            prepared[-1].write()
        for each in prepared:
            each.see_that_nobody_else_wrote()
        try:
            for each in prepared:
                each.rename()
        except NotReplacedError as error:
            left = [told for each in prepared if (told := each.take_back())]
            if left:
                raise NotTakenBackError(f"{error}; {'; '.join(left)}") from error
            raise
    finally:
        for each in prepared:
            each.clean()


def remove(path: Path, old: bytes | None) -> None:
    """Take a file away that still holds what it held; raises NotReplacedError."""
    if content(path) != old:
        raise NotReplacedError(f"{path} changed while it was read")
    with _telling(path):
        path.unlink(missing_ok=True)


class _PreparedFile:
    """A replacement, and its files beside the place."""

    def __init__(self, wanted: Replacement) -> None:
        self._wanted = wanted
        self._path = wanted.path
        self._saved: Path | None = None
        self._renamed = False
        with _telling(self._path):
            for folder in reversed([each for each in self._path.parents if not each.exists()]):
                folder.mkdir()
                folder.chmod(0o755)  # whatever the umask: the service reads there
            self._handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=self._path.parent)
            self._temporary = Path(name)

    def write(self) -> None:
        """Write it by the descriptor alone: in a neighbour's folder a name may be another's."""
        wanted = self._wanted
        with _telling(self._path), os.fdopen(self._handle, "wb") as file:
            file.write(wanted.new)
            if wanted.mode is not None:
                os.fchown(file.fileno(), *_ids(wanted.owner))
                os.fchmod(file.fileno(), wanted.mode)
            elif pattern := wanted.like or (self._path if wanted.old is not None else None):
                _take_over(pattern, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        if wanted.check:
            wanted.check(self._temporary)
        if wanted.old is not None:
            # What cannot be linked, as it is mounted or immutable, cannot be replaced either.
            saved = self._temporary.with_name(f"{self._temporary.name}-old")
            with _telling(self._path):
                os.link(self._path, saved)
            self._saved = saved

    def see_that_nobody_else_wrote(self) -> None:
        if content(self._path) != self._wanted.old:
            raise NotReplacedError(f"{self._path} changed while it was read")

    def rename(self) -> None:
        with _telling(self._path):
            self._temporary.replace(self._path)
        self._renamed = True

    def take_back(self) -> str:
        """Return what is left to do by hand."""
        try:
            if self._renamed and self._saved:
                self._saved.replace(self._path)
            elif self._renamed:
                self._path.unlink()
        except OSError:
            saved, self._saved = self._saved, None
            return f"{self._path} is the new one" + (f", the old one is {saved}" if saved else "")
        return ""

    def clean(self) -> None:
        self._temporary.unlink(missing_ok=True)
        if self._saved:
            self._saved.unlink(missing_ok=True)


class _PreparedLink:
    """A link, and the new one beside it."""

    def __init__(self, wanted: Link) -> None:
        self._wanted = wanted
        self._temporary = wanted.path.with_name(f"{_TEMPORARY}{wanted.path.name}")
        self._renamed = False

    def write(self) -> None:
        with _telling(self._wanted.path):
            self._temporary.symlink_to(self._wanted.new)

    def see_that_nobody_else_wrote(self) -> None:
        if leads_to(self._wanted.path) != self._wanted.old:
            raise NotReplacedError(f"{self._wanted.path} changed meanwhile")

    def rename(self) -> None:
        with _telling(self._wanted.path):
            self._temporary.replace(self._wanted.path)
        self._renamed = True

    def take_back(self) -> str:
        """Return what is left to do by hand."""
        try:
            if self._renamed:
                self._wanted.path.unlink()
            if self._renamed and self._wanted.old:
                self._wanted.path.symlink_to(self._wanted.old)
        except OSError:
            return f"{self._wanted.path} led to {self._wanted.old}"
        return ""

    def clean(self) -> None:
        self._temporary.unlink(missing_ok=True)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotReplacedError(f"{path} cannot be written: {error.strerror}") from error


def _ids(owner: str) -> tuple[int, int]:
    try:
        return pwd.getpwnam(owner).pw_uid, grp.getgrnam(owner).gr_gid
    except KeyError:
        raise NotReplacedError(f"There is no user and group {owner} on this host") from None


def _take_over(path: Path, handle: int) -> None:
    """Owner, mode, access lists and labels, as the neighbour set them."""
    there = path.stat()
    os.fchown(handle, there.st_uid, there.st_gid)
    # What the folder hands down to a new file may let others read it.
    for name in set(os.listxattr(handle)) - set(os.listxattr(path)):
        os.removexattr(handle, name)
    for name in os.listxattr(path):
        os.setxattr(handle, name, os.getxattr(path, name))
    os.fchmod(handle, there.st_mode & 0o7777)
