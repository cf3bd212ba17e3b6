"""The outbox: what is waiting to be sent, what was refused for good, and what was sent.

    outbox/  waits     refused/  set aside     history/  sent

A report is one file, and moves from one folder to the next by its name alone: at every instant
it is in one of them.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from healthcheck.delivery import files
from healthcheck.delivery.letter import Letter, UnreadableError, from_bytes, to_bytes
from healthcheck.errors import SettingsError

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that holds no letter."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of letters."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where a letter of that name is."""
        return self.folder / f"{name}{_SUFFIX}"

    def put(self, letter: Letter) -> None:
        """Keep it; when this returns, no power cut loses it. Raises OSError."""
        files.make_folder(self.folder)
        files.write(self.path(letter.name), to_bytes(letter))

    def move(self, name: str, to: "Shelf") -> None:
        """Raises OSError."""
        files.make_folder(to.folder)
        files.move(self.path(name), to.path(name))

    def get(self, name: str) -> Letter | None:
        """The letter of that name; None where there is none that can be read."""
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

    def all(self) -> tuple[list[Letter], list[Unreadable]]:
        """The letters, oldest first; and what is none."""
        letters, others = [], []
        for found in self.read():
            if isinstance(found, Letter):
                letters.append(found)
            else:
                others.append(found)
        return sorted(letters, key=lambda letter: letter.made), others

    def read(self) -> Iterator[Letter | Unreadable]:
        """One after the other, by their names."""
        for name in self.names():
            try:
                letter = from_bytes(self.path(name).read_bytes())
            except OSError as error:
                yield Unreadable(name, error.strerror or "it cannot be read")
            except UnreadableError as error:
                yield Unreadable(name, str(error))
            else:
                misnamed = letter.name != name
                yield Unreadable(name, "it is another report") if misnamed else letter


@dataclass(frozen=True, slots=True)
class Store:
    """The three folders of a state directory."""

    folder: Path

    @property
    def outbox(self) -> Shelf:
        """What is waiting."""
        return Shelf(self.folder / "outbox")

    @property
    def refused(self) -> Shelf:
        """What is set aside."""
        return Shelf(self.folder / "refused")

    @property
    def history(self) -> Shelf:
        """What was sent."""
        return Shelf(self.folder / "history")

    def look(self) -> None:
        """Raises SettingsError where it cannot be read, so that trouble does not look like nothing."""
        for folder in (self.folder, *(s.folder for s in (self.outbox, self.refused, self.history))):
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
        for shelf in (self.outbox, self.refused, self.history):
            files.sweep(shelf.folder)
