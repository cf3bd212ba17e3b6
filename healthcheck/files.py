"""Files: reading whatever a user names ends, and what is written is there as a whole or not at all."""

import errno
import os
from contextlib import suppress
from pathlib import Path

_PART_BYTES = 1_000_000


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """What it holds. Raises OSError, also where that is more than so many bytes, as of a device."""

    # A pipe that nobody writes to would keep us waiting: opened so, it is an empty file.
    def at_once(name: str, flags: int) -> int:
        return os.open(name, flags | os.O_NONBLOCK)

    with open(path, "rb", opener=at_once) as file:
        os.set_blocking(file.fileno(), True)
        data = bytearray()
        while part := file.read(_PART_BYTES):  # a larger part would take its memory at once
            data += part
            if len(data) > most_bytes:
                raise OSError(errno.EFBIG, f"it is larger than {most_bytes:,} bytes")
    return bytes(data)


def write_whole(path: Path, data: bytes, new_mode: int) -> None:
    """All of it or nothing, with the mode of what stood there. Raises OSError.

    A reader at the same moment sees the old file or the new one; when this returns, no power cut loses it.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")  # two may write at once
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(partial, flags, new_mode), "wb") as file:
            if path.exists():
                os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        move(partial, path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def move(path: Path, target: Path) -> None:
    """Rename, and make sure that a power cut does not undo it. Raises OSError."""
    path.replace(target)
    for folder in {path.parent, target.parent}:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
