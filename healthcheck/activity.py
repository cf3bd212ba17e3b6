"""What the service did in a window, counted: the records that the pure part works on.

All times are aware, in UTC, with the millisecond precision of the store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

HOUR = timedelta(hours=1)
BASELINE_WINDOWS = 7
LAST_FAILURES = 50
"""So many failures since a model's last success are counted at most."""


class ModelKey(NamedTuple):
    """A model is known by both: the same name may stand under several providers."""

    provider: str
    model: str


UNKNOWN_NAME = "(unknown)"


class Stage(StrEnum):
    """Where an attempt failed; `LOG` and `INGEST`: the provider answered, and saving the result failed."""

    GENERATE = "generate"
    VALIDATE = "validate"
    LOG = "log"
    INGEST = "ingest"
    OTHER = "other"

    @property
    def is_saving(self) -> bool:
        """Whether the provider had answered and only our own storage failed."""
        return self is Stage.LOG or self is Stage.INGEST


class Window(NamedTuple):
    """The half-open span [since, until)."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long it is; always positive."""
        return self.until - self.since


class Lookback(NamedTuple):
    """Nine windows of the same length that end at `until`: current, previous, seven of baseline."""

    until: datetime
    length: timedelta

    def window(self, index: int) -> Window:
        """The window `index` lengths back: 0 is the current one, 1 the previous one."""
        until = self.until - index * self.length
        return Window(until - self.length, until)

    @property
    def current(self) -> Window:
        """The window that the report is about."""
        return self.window(0)

    @property
    def previous(self) -> Window:
        """The window before, for what is new, ongoing and resolved."""
        return self.window(1)

    @property
    def begin(self) -> datetime:
        """Where the oldest window of the baseline begins."""
        return self.window(1 + BASELINE_WINDOWS).since


class Sample(NamedTuple):
    """One stored failure. `cut`: the message went on behind what is kept of it."""

    at: datetime
    message: str
    cut: bool
    http_status: int | None


@dataclass(slots=True)  # made by the ten thousand: frozen ones take three times as long
class ErrorBucket:
    """The failures of a model in one hour that share stored kind and stage; newest samples first.

    `hour` counts whole hours back from the window's end: 0 is the last one.
    `stored_kind` is one of the nine words, or None where the writer stored none.
    """

    hour: int
    stored_kind: str | None
    stage: Stage
    count: int
    first: datetime
    last: datetime
    samples: tuple[Sample, ...]


@dataclass(slots=True)
class SuccessBucket:
    """The successes of a model in one hour."""

    hour: int
    count: int
    first: datetime
    last: datetime


class ModelActivity(NamedTuple):
    """What a model did in a window."""

    errors: tuple[ErrorBucket, ...] = ()
    successes: tuple[SuccessBucket, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultChecks:
    """What the stored results of a model in the current window say about themselves.

    `off_length` counts results whose output tokens lie more than 25% off the requested number;
    `off_tokens` is the smallest such output, `requested` the largest number requested there.
    `fastest` is the highest tokens per second of the window, `usual_speed` the median of the
    average speeds of the baseline windows. None where no result has such a number.
    """

    no_visible_tokens: int = 0
    off_length: int = 0
    off_tokens: int | None = None
    requested: int | None = None
    fastest: float | None = None
    usual_speed: float | None = None

    def __add__(self, other: "ResultChecks") -> "ResultChecks":
        """Of the results of both."""
        return ResultChecks(
            no_visible_tokens=self.no_visible_tokens + other.no_visible_tokens,
            off_length=self.off_length + other.off_length,
            off_tokens=least(self.off_tokens, other.off_tokens),
            requested=most(self.requested, other.requested),
            fastest=most(self.fastest, other.fastest),
            usual_speed=most(self.usual_speed, other.usual_speed),
        )


def least(one: Any, other: Any) -> Any:
    """The smaller of two values, as far as they are known."""
    return other if one is None else one if other is None else min(one, other)


def most(one: Any, other: Any) -> Any:
    """The larger one likewise."""
    return other if one is None else one if other is None else max(one, other)


class WindowActivity(NamedTuple):
    """What all models did in a window. `malformed`: documents that were repaired, or have no time at all.

    `shifted` counts, by provider and whole hours, documents whose time lies that many hours off
    their `_id`, and has the first of them; they are counted at the time of the `_id`. Both are known
    of the current window.
    """

    window: Window
    pairs: Mapping[ModelKey, ModelActivity]
    malformed: int = 0
    shifted: Mapping[tuple[str, int], tuple[int, datetime]] = {}


@dataclass(frozen=True, slots=True)
class AttemptCounts:
    """A model's attempts in one window of the baseline. None where there were none."""

    errors: int = 0
    successes: int = 0
    last_error: datetime | None = None
    last_success: datetime | None = None

    @property
    def attempts(self) -> int:
        """All of them."""
        return self.errors + self.successes

    def __add__(self, other: "AttemptCounts") -> "AttemptCounts":
        """Those of both."""
        return AttemptCounts(
            self.errors + other.errors,
            self.successes + other.successes,
            most(self.last_error, other.last_error),
            most(self.last_success, other.last_success),
        )


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """What the catalog says of a model. `enabled` is None where it says neither yes nor no.

    `created_at` is when a candidate was found, `promoted_at` when it was enabled. `flags_are_text`: it
    says so in words, which no query for true or false finds.
    """

    enabled: bool | None
    deprecated: bool = False
    deprecation_date: datetime | None = None
    successor: str | None = None
    status: str | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None
    disabled_class: str | None = None
    created_at: datetime | None = None
    promoted_at: datetime | None = None
    admission_started_at: datetime | None = None
    flags_are_text: bool = False

    @property
    def enabled_at(self) -> datetime | None:
        """When it was enabled, as far as the catalog says so."""
        return self.promoted_at or self.created_at

    @property
    def runs(self) -> bool:
        """Whether the service schedules it: enabled and not deprecated."""
        return self.enabled is True and not self.deprecated


@dataclass(frozen=True, slots=True)
class Activity:
    """All that a report is made from.

    `baseline` has, for each model seen there, the counts of seven windows, the newest first.
    `last_success` has the newest success before the baseline of models that had none since,
    as far as it was looked up: None where the store has no index that serves the question.
    `last_failures` has, for enabled models without an attempt in the previous window, the failures
    before that window and after the newest success before it, where there are any: their number
    (at most `LAST_FAILURES`), kind and stage of the newest, which is the one sample.
    `results` has the checks of the models that succeeded in the current window.
    `catalog` is None where there is none.
    `spellings` has the raw names of models that are written in several ways, `enabled_spellings`
    those of them that run; empty until they are merged.
    `reaches_back_to` is set where the source is known to hold nothing older.
    """

    current: WindowActivity
    previous: WindowActivity
    baseline: Mapping[ModelKey, tuple[AttemptCounts, ...]]
    last_success: Mapping[ModelKey, datetime] | None
    catalog: Mapping[ModelKey, CatalogEntry] | None
    last_failures: Mapping[ModelKey, ErrorBucket] = field(default_factory=dict)
    results: Mapping[ModelKey, ResultChecks] = field(default_factory=dict)
    spellings: Mapping[ModelKey, tuple[ModelKey, ...]] = field(default_factory=dict)
    enabled_spellings: frozenset[ModelKey] = frozenset()
    reaches_back_to: datetime | None = None
