"""What a server has seen: the mails it took, in memory and, where a folder is given, as files."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class Received:
    """A mail that the server answered for."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    user: str | None
    """Who logged in."""
    encrypted: bool

    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)  # type: ignore[return-value]


class Record:
    """Written by the server's thread, read by the test's."""

    def __init__(self, folder: Path | None = None) -> None:
        self._changed = threading.Condition()
        self._received: list[Received] = []
        self._commands: list[str] = []
        self._folder = folder

    @property
    def received(self) -> tuple[Received, ...]:
        with self._changed:
            return tuple(self._received)

    @property
    def commands(self) -> tuple[str, ...]:
        """The stages that senders reached, in order, over all connections."""
        with self._changed:
            return tuple(self._commands)

    def reached(self, stage: str) -> None:
        with self._changed:
            self._commands.append(stage)
            self._changed.notify_all()

    def took(self, mail: Received) -> None:
        with self._changed:
            self._received.append(mail)
            if self._folder:
                _write(self._folder, len(self._received), mail)
            self._changed.notify_all()

    def wait_for_mails(self, count: int, seconds: float) -> bool:
        return self._wait_for(lambda: len(self._received) >= count, seconds)

    def wait_for_stage(self, stage: str, times: int, seconds: float) -> bool:
        return self._wait_for(lambda: self._commands.count(stage) >= times, seconds)

    def _wait_for(self, holds: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not holds():
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    return holds()
        return True


def _write(folder: Path, number: int, mail: Received) -> None:
    """As NNNN.eml with its envelope in NNNN.json; who sees the .eml sees both whole."""
    name = f"{number:04}"
    envelope = {k: v for k, v in asdict(mail).items() if k != "content"}
    (folder / f"{name}.json").write_text(json.dumps(envelope, indent=1))
    unfinished = folder / f".{name}"
    unfinished.write_bytes(mail.content)
    unfinished.replace(folder / f"{name}.eml")
