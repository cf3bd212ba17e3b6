"""What a diagnosis is made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from healthcheck.activity import Pair
from healthcheck.diagnosis.cause import cause
from healthcheck.taxonomy import ErrorKind


class Category(StrEnum):
    """What a finding says; in the order in which a reader wants them."""

    SILENT_SERVICE = "silent_service"
    SERVICE_ISSUE = "service_issue"
    PROVIDER_ISSUE = "provider_issue"
    DEPRECATED_MODEL = "deprecated_model"
    CODE_FIX = "code_fix"
    FAILING_MODEL = "failing_model"
    DEGRADED_MODEL = "degraded_model"
    SILENT_MODEL = "silent_model"


class Severity(StrEnum):
    """How bad a finding is."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Status(StrEnum):
    """How the service is: the highest severity among the findings."""

    CRITICAL = "critical"
    WARNING = "warning"
    HEALTHY = "healthy"


class State(StrEnum):
    """Whether the same rules found it in the window before."""

    NEW = "new"
    ONGOING = "ongoing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One root cause, with its evidence.

    `count` are the errors of its kind in the window, `attempts` all attempts there. `until` is
    None while it lasts. `message` is the newest one as the store has it: not redacted.
    """

    category: Category
    provider: str | None
    model: str | None
    kind: ErrorKind | None
    severity: Severity
    count: int
    attempts: int
    since: datetime | None
    until: datetime | None
    last_success: datetime | None
    message: str | None
    message_cut: bool
    evidence: str
    state: State = State.NEW
    models: tuple[Pair, ...] = ()
    complaint: str | None = None
    successor: str | None = None
    aspect: Literal["storing", "silent"] | None = None
    """Tells findings apart that category, provider, model and kind do not."""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same finding in another window."""
        why = cause(self.kind) if self.kind and self.model is None and not self.aspect else ""
        return (self.category.value, self.provider or "", self.model or "", why, self.aspect or "")

    @property
    def id(self) -> str:
        """Short, and the same every day for the same finding."""
        digest = sha256("\0".join(self.key).encode(errors="replace")).hexdigest()
        return f"{self.category.value}-{digest[:8]}"

    @property
    def over(self) -> bool:
        """Whether it had ended by the end of the window."""
        return self.until is not None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings of the window, most urgent first, and what is no longer found."""

    status: Status
    reason: str
    findings: tuple[Finding, ...]
    resolved: tuple[Finding, ...]
    attempts: int
    succeeded: int
    compared: bool
    """False where the window before holds nothing at all."""
