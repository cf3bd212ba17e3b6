"""What a diagnosis is made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Literal, TypedDict

from healthcheck.activity import Pair
from healthcheck.diagnosis.cause import OwnSide, cause, own_side_of
from healthcheck.diagnosis.timeline import Failure
from healthcheck.taxonomy import ErrorKind


class Category(StrEnum):
    """What a finding says; `categories` has a row for each."""

    SILENT_SERVICE = "silent_service"
    SERVICE_ISSUE = "service_issue"
    PROVIDER_ISSUE = "provider_issue"
    DEPRECATED_MODEL = "deprecated_model"
    CODE_FIX = "code_fix"
    FAILING_MODEL = "failing_model"
    DEGRADED_MODEL = "degraded_model"
    SILENT_MODEL = "silent_model"
    LOW_VOLUME = "low_volume"
    DISABLED_ATTEMPTED = "disabled_model_attempted"
    CATALOG_CHANGE = "catalog_change"
    RETIRING_MODEL = "retiring_model"
    IMPLAUSIBLE_RESULTS = "implausible_results"
    CATALOG_REVIEW = "catalog_review"


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
    """How the service is: the highest severity among the problems."""

    CRITICAL = "critical"
    WARNING = "warning"
    HEALTHY = "healthy"


class State(StrEnum):
    """Whether the same rules found it in the window before."""

    NEW = "new"
    ONGOING = "ongoing"


Aspect = Literal[
    "saving",
    "not_attempted",
    "total_loss",
    "disabled",
    "promoted",
    "past_date",
    "probing",
    "disabled_long",
    "spellings",
    "shifted_clock",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One root cause at one place, with its evidence.

    `count` are the errors of its kind in the window, `attempts` all attempts there. `until` is
    None while it lasts. `message` is the newest one as the store has it: not redacted.
    `given_up`: nothing was tried since, so that fixing the cause is not enough.
    """

    category: Category
    severity: Severity
    evidence: str
    provider: str | None = None
    model: str | None = None
    kind: ErrorKind | None = None
    count: int = 0
    attempts: int = 0
    since: datetime | None = None
    until: datetime | None = None
    last_success: datetime | None = None
    message: str | None = None
    message_cut: bool = False
    state: State = State.NEW
    models: tuple[Pair, ...] = ()
    complaint: str | None = None
    successor: str | None = None
    own_side: OwnSide | None = None
    given_up: bool = False
    worse: bool = False
    """It was a lesser matter in the window before."""
    aspect: Aspect | None = None
    """Tells findings apart that category, provider, model and kind do not."""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same finding in another window."""
        by_kind = self.kind and self.model is None and self.aspect in (None, "total_loss")
        why = cause(self.kind) if self.kind and by_kind else ""
        aspect = "" if self.aspect in (None, "total_loss") else self.aspect
        return (self.category.value, self.provider or "", self.model or "", why, aspect)

    @property
    def id(self) -> str:
        """Short, and the same every day for the same finding."""
        digest = sha256("\0".join(self.key).encode(errors="replace")).hexdigest()
        return f"{self.category.value}-{digest[:8]}"

    @property
    def over(self) -> bool:
        """Whether it had ended by the end of the window."""
        return self.until is not None

    @property
    def cause(self) -> str:
        """One word for what one remedy ends."""
        if self.own_side:
            return self.own_side.cause.id
        if self.complaint:
            return f"rejects {self.complaint}"
        if self.aspect not in (None, "total_loss"):
            return str(self.aspect)
        return cause(self.kind) if self.kind else self.category.value


class Quoted(TypedDict, total=False):
    """The fields of a finding that come from its newest failure."""

    message: str | None
    message_cut: bool
    own_side: OwnSide | None


def quoted(failure: Failure | None, shared: OwnSide | None = None) -> Quoted:
    """What a finding quotes of a failure; `shared` is what all of them show together."""
    if failure is None:
        return {"own_side": shared}
    sample = failure.sample
    return {
        "message": sample.message if sample else None,
        "message_cut": bool(sample and sample.cut),
        "own_side": shared or own_side_of(sample, failure.stage),
    }
