"""A program that is started with a list of arguments and a limit in time."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

_MOST_BYTES = 20_000
_SECRETS = ("MONGODB_URI", "OPENAI_API_KEY", "HEARTBEAT_URL")
"""What msmtp, and a command that fetches its password, need not know."""


class NotStartedError(Exception):
    """The program is not there, or may not be started."""


@dataclass(frozen=True, slots=True)
class Done:
    """How it ended; `code` is None where it was stopped, as its time was over."""

    code: int | None
    output: str
    errors: str


def memory_file(data: bytes = b"") -> BinaryIO:
    """A file on no disk, with its place at the beginning."""
    file = os.fdopen(os.memfd_create("llm-health-check"), "w+b", buffering=0)
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]
    file.seek(0)
    return file


def run(command: Sequence[str], stdin: BinaryIO, *, limit: float) -> Done:
    """Wait for its end, `limit` seconds at most. Raises NotStartedError.

    Its output goes to files, not pipes: nothing that it leaves behind can keep us waiting.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    with memory_file() as output, memory_file() as errors:
        try:
            child = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                command,
                stdin=stdin,
                stdout=output,
                stderr=errors,
                env=environment | {"LC_ALL": "C"},
                start_new_session=True,
            )
        except OSError as error:
            raise NotStartedError(f"Could not run {command[0]}: {error.strerror}") from error
        try:
            code: int | None = child.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(child)
        return Done(code, _read(output), _read(errors))


def _end(child: "subprocess.Popen[bytes]") -> None:
    """With all that it has started, such as the command that fetches a password."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _read(file: BinaryIO) -> str:
    file.seek(0)
    return file.read(_MOST_BYTES).decode(errors="replace")
