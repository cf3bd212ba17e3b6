"""The JSON contract: what a report holds, and its schema.

Every text in it is redacted and harmless to print. A new field raises the minor version, a
field that changes its meaning or goes raises the major one.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from healthcheck.diagnosis import Category, Severity, State, Status
from healthcheck.taxonomy import ErrorKind


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WindowPart(_Part):
    """The half-open span that the report is about, in UTC."""

    since: datetime
    until: datetime


class Totals(_Part):
    """All attempts of the window. Malformed documents are among them, but for those without a time."""

    attempts: int = Field(ge=0)
    errors: int = Field(ge=0)
    successes: int = Field(ge=0)
    malformed: int = Field(ge=0)
    not_stored: int = Field(
        ge=0, description="errors that are no provider's: the result could not be stored"
    )


class ModelName(_Part):
    """A model is the pair: the same name may stand under several providers."""

    provider: str
    model: str


class PartOfTime(_Part):
    """One of 24 equal parts of the window."""

    attempts: int = Field(ge=0)
    errors: int = Field(ge=0)


class ProviderPart(_Part):
    """A provider's attempts in the window; without results that could not be stored."""

    provider: str
    models: int = Field(ge=0, description="how many of its models were attempted")
    attempts: int = Field(ge=0)
    errors: int = Field(ge=0)
    successes: int = Field(ge=0)
    errors_by_kind: dict[ErrorKind, int]
    strip: list[PartOfTime] = Field(
        min_length=24, max_length=24, description="24 equal parts of the window, oldest first"
    )


class ModelPart(_Part):
    """A model's attempts in the window, likewise; most errors first."""

    provider: str
    model: str
    attempts: int = Field(ge=0)
    errors: int = Field(ge=0)
    successes: int = Field(ge=0)
    errors_by_kind: dict[ErrorKind, int]
    last_success: datetime | None = Field(description="in the two windows that were read in full")


class PatternPart(_Part):
    """Messages that differ only in ids, numbers, times and names; most frequent first."""

    kind: ErrorKind
    provider: str
    http_status: int | None
    pattern: str
    count: int = Field(ge=0)
    models: list[str] = Field(description="the provider's models that met it")
    sample: str = Field(description="the newest message of this pattern")


class FindingPart(_Part):
    """One root cause, with its evidence."""

    id: str = Field(description="the same every day for the same finding")
    category: Category
    provider: str | None
    model: str | None
    kind: ErrorKind | None
    aspect: Literal["storing", "silent"] | None = Field(
        description="storing: results could not be stored; silent: nothing was attempted"
    )
    severity: Severity
    state: State
    count: int = Field(ge=0, description="errors of its kind in the window")
    attempts: int = Field(ge=0, description="all attempts in the window")
    since: datetime | None
    until: datetime | None = Field(description="null while it lasts")
    last_success: datetime | None
    message: str | None = Field(description="the newest message")
    evidence: str
    models: list[ModelName] = Field(description="the models that it touches")


class ActionPart(_Part):
    """What to do, most urgent first."""

    finding: str = Field(description="the id of the finding that asks for it")
    severity: Severity
    action: str
    reason: str
    command: str | None = Field(description="ready to paste into mongosh, where one does it")


class MutePart(_Part):
    """An entry of the list of known issues."""

    provider: str | None
    model: str | None
    category: Category | None
    until: date | None = Field(description="the last day on which it holds")
    reason: str | None


class MutedPart(_Part):
    """A finding that is hidden from lists and status, and what hides it."""

    finding: FindingPart
    mute: MutePart


class HistoryDay(_Part):
    """The report of one earlier slot, or of this one."""

    day: date = Field(description="the slot: from 08:00 UTC of that day on")
    status: Status | None = Field(description="null where no report is known")
    missed: bool = Field(description="there should have been one, and none was made")


class Report(_Part):
    """The health of the benchmark service in one window."""

    schema_version: Literal["1.2"] = "1.2"
    version: str = Field(description="the version of llm-health-check that made it")
    window: WindowPart
    status: Status
    reason: str
    summary: str
    compared: bool = Field(description="false where the window before holds nothing at all")
    totals: Totals
    errors_by_kind: dict[ErrorKind, int]
    providers: list[ProviderPart]
    models: list[ModelPart]
    patterns: list[PatternPart]
    findings: list[FindingPart]
    resolved: list[FindingPart]
    muted: list[MutedPart]
    recommended_actions: list[ActionPart]
    command: str = Field(description="makes this report again")
    notes: list[str] = Field(description="what was cut, estimated or not known")
    history: list[HistoryDay] = Field(
        default=[], description="the last 14 slots, oldest first; empty where none is known"
    )
