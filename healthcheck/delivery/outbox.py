"""Reports on disk: pending, rejected for good, and sent.

    outbox/  pending     rejected/  not tried again     history/  sent

A report is one file, and moves from one folder to the next by its name alone: at every instant
it is in one of them. Files appear and move as a whole or not at all, and outlast a power cut.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from healthcheck.errors import SettingsError
from healthcheck.settings import Settings

_NAME = "llm-health-check"
_SUFFIX, _PARTIAL = ".json", ".partial"
_FORMAT = 1
_FORMER = "refused"
"""What the folder of rejected reports was called until version 0.1."""


@dataclass(frozen=True)
class QueuedReport:
    """`mail` are the finished bytes, the same at every try.

    `slot` is the day whose scheduled report it is, None where it was asked for by hand. `tries`
    counts those that failed, `doubts` those of them after which it may have arrived all the same;
    `error` is what the last one met. The history keeps `report`.
    """

    made: datetime
    slot: date | None
    mail: bytes
    report: dict[str, Any] = field(repr=False)
    tries: int = 0
    doubts: int = 0
    error: str | None = None

    @property
    def live(self) -> bool:
        """A report on a snapshot is sent and kept like any other, and says nothing about a day here."""
        return self.report.get("snapshot") is None

    @property
    def name(self) -> str:
        """The slot's day, or the moment of its making."""
        if self.slot:
            return self.slot.isoformat()
        return f"{self.made:%Y-%m-%dT%H%M%S}.{self.made.microsecond // 1000:03d}Z"

    def after(self, error: str, *, doubt: bool) -> "QueuedReport":
        """As it is to be kept after a try that failed."""
        return replace(self, error=error, tries=self.tries + 1, doubts=self.doubts + doubt)

    def reset(self) -> "QueuedReport":
        """As if it had never been tried."""
        return replace(self, error=None, tries=0, doubts=0)


def to_bytes(queued: QueuedReport) -> bytes:
    """As a file holds it."""
    held = vars(queued) | {"mail": queued.mail.decode(), "format": _FORMAT}
    held["trouble"] = held.pop("error")
    return json.dumps(held, indent=1, default=lambda day: day.isoformat()).encode()


def from_bytes(data: bytes) -> QueuedReport:
    """What a file holds. Raises ValueError."""
    try:
        held = json.loads(data)
        if held["mail"] and held["format"] == _FORMAT:
            made = datetime.fromisoformat(held["made"]).astimezone(UTC)
            slot = held["slot"] and date.fromisoformat(held["slot"])
            tried = int(held["tries"]), int(held["doubts"]), held["trouble"]
            return QueuedReport(made, slot, held["mail"].encode(), {**held["report"]}, *tried)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        pass
    raise ValueError("no QueuedReport")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that holds no report."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A folder of reports."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where a report of that name is."""
        return self.folder / f"{name}{_SUFFIX}"

    def put(self, queued: QueuedReport) -> None:
        """Keep it; when this returns, no power cut loses it. Raises OSError."""
        _make_folder(self.folder)
        path = self.path(queued.name)
        partial = path.with_name(f".{path.name}{_PARTIAL}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(partial, flags, 0o600), "wb") as file:
                file.write(to_bytes(queued))
                file.flush()
                os.fsync(file.fileno())
            _move(partial, path)
        except OSError:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise

    def move(self, name: str, to: "Queue") -> None:
        """Raises OSError."""
        _make_folder(to.folder)
        _move(self.path(name), to.path(name))

    def get(self, name: str) -> QueuedReport | Unreadable:
        """The report of that name, or why there is none."""
        try:
            queued = from_bytes(self.path(name).read_bytes())
        except OSError as error:
            return Unreadable(name, error.strerror or "it cannot be read")
        except ValueError:
            return Unreadable(name, "it contains no report")
        misnamed = queued.name != name
        return Unreadable(name, "its name belongs to another report") if misnamed else queued

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
        found = [self.get(name) for name in self.names()]
        reports = [each for each in found if isinstance(each, QueuedReport)]
        others = [each for each in found if isinstance(each, Unreadable)]
        return sorted(reports, key=lambda queued: queued.made), others


@dataclass(frozen=True, slots=True)
class StateDirectory:
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
        # The methods of Path raise where the folder may not be looked into.
        return Queue(before if os.path.isdir(before) else self.folder / "rejected")  # noqa: PTH112

    @property
    def history(self) -> Queue:
        """What was sent."""
        return Queue(self.folder / "history")

    def check_readable(self) -> None:
        """Raises SettingsError, so that a folder that cannot be read does not look empty."""
        queues = (self.outbox, self.rejected, self.history)
        try:
            for folder in (self.folder, *(queue.folder for queue in queues)):
                with suppress(FileNotFoundError):
                    next(folder.iterdir(), None)
        except OSError as error:
            raise SettingsError(
                f"The state directory {self.folder} cannot be read: {error.strerror}."
            ) from None

    def prepare(self) -> None:
        """Make the folder where there is none."""
        former, now = self.folder / _FORMER, self.folder / "rejected"
        with suppress(OSError):
            _make_folder(self.folder)
            if former.is_dir():
                _make_folder(now)
                for path in former.iterdir():
                    _move(path, now / path.name)
                former.rmdir()

    def remove_partials(self) -> None:
        """What a killed run left half-written. Under the lock alone: another run may be writing it."""
        for queue in (self.outbox, self.rejected, self.history):
            with suppress(OSError):
                for partial in queue.folder.glob(f".*{_PARTIAL}"):
                    partial.unlink(missing_ok=True)


def store_of(settings: Settings) -> StateDirectory:
    """In the first entry of STATE_DIRECTORY, else in the XDG state folder. Raises SettingsError."""
    if settings.state_directory:
        folder = Path(settings.state_directory.partition(":")[0])
        if not folder.is_absolute():
            raise SettingsError("STATE_DIRECTORY must be an absolute path.", "Correct it.")
        return StateDirectory(folder)
    xdg = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        base = xdg if xdg.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        what = "There is no home directory to keep reports in."
        raise SettingsError(what, "Set STATE_DIRECTORY.") from None
    return StateDirectory(base / _NAME)


def _make_folder(folder: Path) -> None:
    """For its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _move(path: Path, target: Path) -> None:
    """Rename, and make sure that a power cut does not undo it. Raises OSError."""
    path.replace(target)
    for folder in {path.parent, target.parent}:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
