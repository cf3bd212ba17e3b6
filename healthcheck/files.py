"""Files that a user names: whatever they are, reading them ends."""

import errno
import os
from pathlib import Path


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """What it holds. Raises OSError, also where that is more than so many bytes, as of a device."""

    # A pipe that nobody writes to would keep us waiting: opened so, it is an empty file.
    def at_once(name: str, flags: int) -> int:
        return os.open(name, flags | os.O_NONBLOCK)

    with open(path, "rb", opener=at_once) as file:
        os.set_blocking(file.fileno(), True)
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"it is larger than {most_bytes:,} bytes")
    return data
