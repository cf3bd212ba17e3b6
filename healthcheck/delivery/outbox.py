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
from logging import getLogger
from pathlib import Path
from typing import Any, NamedTuple

from healthcheck.errors import SettingsError
from healthcheck.files import move, read_bounded, write_whole
from healthcheck.settings import Settings

_log = getLogger(__name__)
SNAPSHOT = "-snapshot"
"""Ends the name of a report on a snapshot, which never stands for the report of the day."""
MOST_BYTES = 100_000_000
"""Of a report, and of all in the history together: 90 large ones fit in."""
_FORMAT = 1
_FORMER = "refused"
"""What the folder of rejected reports was called until version 0.1."""


@dataclass(frozen=True)
class QueuedReport:
    """`mail` are the finished bytes, the same at every try but for the addresses.

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
        moment = f"{self.made:%Y-%m-%dT%H%M%S}.{self.made.microsecond // 1000:03d}Z"
        return f"{self.slot or moment}{'' if self.live else SNAPSHOT}"

    def after(self, error: str, *, doubt: bool) -> "QueuedReport":
        """As it is to be kept after a try that failed."""
        return replace(self, error=error, tries=self.tries + 1, doubts=self.doubts + doubt)


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


class Queue(NamedTuple):
    """A folder of reports."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where a report of that name is."""
        return self.folder / f"{name}.json"

    def put(self, queued: QueuedReport) -> None:
        """Keep it; when this returns, no power cut loses it. Raises OSError."""
        _make_folder(self.folder)
        write_whole(self.path(queued.name), to_bytes(queued), 0o600)

    def move(self, name: str, to: "Queue") -> None:
        """Raises OSError."""
        _make_folder(to.folder)
        move(self.path(name), to.path(name))

    def get(self, name: str) -> QueuedReport | None:
        """The report of that name; a file that holds none is left alone."""
        path, why = self.path(name), "its name belongs to another report"
        try:
            queued = from_bytes(read_bounded(path, MOST_BYTES))
            if queued.name == name:
                return queued
        except FileNotFoundError:
            return None
        except OSError as error:
            why = error.strerror or "it cannot be read"
        except ValueError:
            why = "it contains no report"
        _log.warning("%s is left out: %s.", path, why)
        return None

    def names(self) -> list[str]:
        """In the order of their days."""
        with suppress(OSError):
            return sorted(path.stem for path in self.folder.glob("[!.]*.json"))
        return []

    def all(self) -> list[QueuedReport]:
        """The reports, oldest first."""
        return sorted(filter(None, map(self.get, self.names())), key=lambda queued: queued.made)


class StateDirectory(NamedTuple):
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
        """Take over the folder of earlier versions, and remove what killed runs left half written."""
        former, now = self.folder / _FORMER, self.folder / "rejected"
        with suppress(OSError):
            for partial in self.folder.glob("*/.*partial"):
                partial.unlink()
            if former.is_dir():
                _make_folder(now)
                for path in former.iterdir():
                    move(path, now / path.name)
                former.rmdir()


def store_of(settings: Settings) -> StateDirectory:
    """In the first entry of STATE_DIRECTORY, else in the XDG state folder. Raises SettingsError."""
    home = os.path.expanduser("~/.local/state")  # noqa: PTH111 - pathlib fails without a home
    base = Path(os.environ.get("XDG_STATE_HOME") or home, "llm-health-check")
    folder = Path((settings.state_directory or "").partition(":")[0] or base)
    if not folder.is_absolute():
        what = f"The state directory {folder} is not an absolute path."
        raise SettingsError(what, "Set STATE_DIRECTORY.")
    return StateDirectory(folder)


def _make_folder(folder: Path) -> None:
    """For its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
