"""What the mail tells, ready for its templates: plain values, cut to size, in reading order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from healthcheck.diagnosis import Severity, State, Status

_MARKS = {Status.CRITICAL: "C", Status.WARNING: "w", Status.HEALTHY: "h"}

Row = TypeVar("Row")
Source = TypeVar("Source")


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """A list, and how many more there would be."""

    shown: tuple[Row, ...] = ()
    more: int = 0

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self.shown) + self.more


def cut_rows(source: Iterable[Source], most: int, row: Callable[[Source], Row]) -> Rows[Row]:
    """The first of them as rows."""
    every = list(source)
    return Rows(tuple(map(row, every[:most])), max(0, len(every) - most))


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows the lists may have; what is said of each row is bounded by its own length."""

    new: int = 10
    findings: int = 24
    of_a_section: int = 8
    actions: int = 12
    ongoing: int = 12
    others: int = 8
    providers: int = 24
    models: int = 10
    unknown: int = 5
    notes: int = 12

    def shrunk(self, share: float) -> "Limits":
        """The same share of each."""
        return Limits(*(int(getattr(self, name) * share) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding: its name, what it is in a word or two, how often, since when; and the proof."""

    severity: Severity
    state: State
    name: str
    what: str
    count: str
    when: str
    day: str
    last_success: str
    evidence: str
    message: str | None
    opinion: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """Findings under a title."""

    title: str
    entries: Rows[Entry]
    ongoing: int = 0

    @property
    def count(self) -> str:
        """How many, with those that stand in the shorter list of what is ongoing."""
        more = f", and {self.ongoing} ongoing below" if self.ongoing else ""
        return f"{self.entries.total}{more}"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, why, and the line that does it."""

    severity: Severity
    action: str
    reason: str
    command: str | None
    command_too_long: bool
    advice: str | None


@dataclass(frozen=True, slots=True)
class KindLine:
    """How many errors are of a kind; `percent` of the most frequent one, for a bar."""

    kind: str
    words: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider's window: `levels` are its 24 parts, None where nothing was attempted."""

    provider: str
    attempts: int
    errors: int
    share: str
    levels: tuple[int | None, ...]
    worst: str | None


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model's errors."""

    name: str
    attempts: int
    errors: int
    kinds: str


@dataclass(frozen=True, slots=True)
class PatternLine:
    """Messages that no rule knows, and one of them."""

    provider: str
    count: int
    sample: str
    reading: str | None


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day's report: its status, or None where there is none."""

    day: str
    status: Status | None

    @property
    def mark(self) -> str:
        """One character."""
        return _MARKS[self.status] if self.status else "-"


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of the window."""

    attempts: int
    errors: int
    not_stored: int
    share: str
    models: int
    kinds: tuple[KindLine, ...]
    providers: Rows[ProviderLine]
    part: str
    models_failing: Rows[ModelLine]
    unknown: Rows[PatternLine]


@dataclass(frozen=True, slots=True)
class Assessed:
    """What is told of the AI: `missing` why it was not there, `usage` what it took."""

    missing: str | None = None
    summary: str | None = None
    rating: str | None = None
    usage: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """The whole mail."""

    status: Status
    day: str
    headline: str
    reason: str
    summary: str
    history: tuple[DayMark, ...]
    missed: str | None
    assessed: Assessed
    compared: bool
    new: Rows[Entry]
    service: Rows[Entry]
    sections: tuple[Section, ...]
    actions: Rows[Step]
    further: tuple[Section, ...]
    ongoing: Rows[Entry]
    watch: Rows[Entry]
    resolved: Rows[Entry]
    muted: str | None
    figures: Figures
    window: str
    malformed: int
    notes: Rows[str]
    command: str | None
    version: str
