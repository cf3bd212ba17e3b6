"""The outbox: what is waiting to be sent, what was rejected for good, and what was sent.

    outbox/  pending     rejected/  not tried again     history/  sent

A report is one file, and moves from one folder to the next by its name alone: at every instant
it is in one of them.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from healthcheck.delivery import files
from healthcheck.delivery.queued_report import QueuedReport, UnreadableError, from_bytes, to_bytes
from healthcheck.errors import SettingsError

_SUFFIX = ".json"
_FORMER = "refused"
"""What the folder of rejected reports was called until version 0.1."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that holds no queued."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A folder of reports."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where a queued of that name is."""
        return self.folder / f"{name}{_SUFFIX}"

    def put(self, queued: QueuedReport) -> None:
        """Keep it; when this returns, no power cut loses it. Raises OSError."""
        files.make_folder(self.folder)
        files.write(self.path(queued.name), to_bytes(queued))

    def move(self, name: str, to: "Queue") -> None:
        """Raises OSError."""
        files.make_folder(to.folder)
        files.move(self.path(name), to.path(name))

    def get(self, name: str) -> QueuedReport | None:
        """The queued of that name; None where there is none that can be read."""
        with suppress(OSError, UnreadableError):
            return from_bytes(self.path(name).read_bytes())
        return None

    def names(self) -> list[str]:
        """In the order of their days."""
        with suppress(OSError):
            return sorted(
                path.name.removesuffix(_SUFFIX)
                for path in self.folder.iterdir()
                if path.name.endswith(_SUFFIX) and not path.name.startswith(".")
            )
        return []

    def all(self) -> tuple[list[QueuedReport], list[Unreadable]]:
        """The reports, oldest first; and what is none."""
        reports, others = [], []
        for found in self.read():
            if isinstance(found, QueuedReport):
                reports.append(found)
            else:
                others.append(found)
        return sorted(reports, key=lambda queued: queued.made), others

    def read(self) -> Iterator[QueuedReport | Unreadable]:
        """One after the other, by their names."""
        for name in self.names():
            try:
                queued = from_bytes(self.path(name).read_bytes())
            except OSError as error:
                yield Unreadable(name, error.strerror or "it cannot be read")
            except UnreadableError as error:
                yield Unreadable(name, str(error))
            else:
                misnamed = queued.name != name
                yield Unreadable(name, "it is another report") if misnamed else queued


@dataclass(frozen=True, slots=True)
class Store:
    """The three folders of a state directory."""

    folder: Path

    @property
    def outbox(self) -> Queue:
        """What is pending."""
        return Queue(self.folder / "outbox")

    @property
    def rejected(self) -> Queue:
        """What is not tried again by itself; in the folder of earlier versions until `prepare`."""
        before = self.folder / _FORMER
        return Queue(before if before.is_dir() else self.folder / "rejected")

    @property
    def history(self) -> Queue:
        """What was sent."""
        return Queue(self.folder / "history")

    def look(self) -> None:
        """Raises SettingsError where it cannot be read, so that trouble does not look like nothing."""
        for folder in (
            self.folder,
            *(s.folder for s in (self.outbox, self.rejected, self.history)),
        ):
            try:
                next(folder.iterdir(), None)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise SettingsError(
                    f"The state directory {self.folder} cannot be read: {error.strerror}."
                ) from None

    def prepare(self) -> None:
        """Make the folder where there is none; remove what a killed run left half-written."""
        with suppress(OSError):
            files.make_folder(self.folder)
        with suppress(OSError):
            files.take_over(self.folder / _FORMER, self.folder / "rejected")
        for queue in (self.outbox, self.rejected, self.history):
            files.sweep(queue.folder)
