"""What a diagnosis is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from healthcheck.activity import ModelKey
from healthcheck.diagnosis.categories import Aspect, Category
from healthcheck.diagnosis.causes import BY_RULE, KINDS, OWN_CALL, Cause, InternalCause
from healthcheck.diagnosis.timeline import Failure
from healthcheck.taxonomy import ErrorKind, RejectedParameter, rejected_parameter

_WRAPPED = "connection-failed"
"""The rule for messages that do not say what broke the connection."""


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One root cause at one place, with its evidence.

    `count` are the errors of its kind in the window. `since_is_bound`: it may have begun before.
    `recurs_since`: when it began the first time, if it began again in the window. `until` is None while
    it lasts. `message` is the newest one as the store has it: not redacted. `given_up`: those of its
    models that the queue will not try again, whatever is fixed; `needs_requeue`: and the cause is gone,
    as others that met it succeed again. `alternating`: its models fail and succeed in turn. `added_at`:
    when its models were added, where that was lately and none has succeeded since. `specific_cause`
    says more than its kind. `aspect` tells findings apart that category, provider, model and kind do
    not.
    """

    category: Category
    severity: Severity
    evidence: str
    provider: str | None = None
    model: str | None = None
    kind: ErrorKind | None = None
    count: int = 0
    since: datetime | None = None
    since_is_bound: bool = False
    recurs_since: datetime | None = None
    until: datetime | None = None
    message: str | None = None
    message_cut: bool = False
    state: State = State.NEW
    models: tuple[ModelKey, ...] = ()
    rejected_parameter: RejectedParameter | None = None
    successor: str | None = None
    specific_cause: Cause | None = None
    given_up: tuple[ModelKey, ...] = ()
    needs_requeue: bool = False
    alternating: bool = False
    added_at: datetime | None = None
    aspect: Aspect | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same finding in another window."""
        is_told_by_kind = self.kind and not self.model and not self._own_aspect
        why = KINDS[self.kind].id if self.kind and is_told_by_kind else None
        parts = (self.category.value, self.provider, self.model, why, self._own_aspect)
        return tuple(part or "" for part in parts)

    @property
    def _own_aspect(self) -> Aspect | None:
        return None if self.aspect == "total_loss" else self.aspect

    @property
    def id(self) -> str:
        """Short, and the same every day for the same finding."""
        return short_id(self.category, *self.key)

    @property
    def over(self) -> bool:
        """Whether it had ended by the end of the window."""
        return self.until is not None

    @property
    def known_cause(self) -> Cause | None:
        """As much as is known of it; nothing where nothing failed."""
        return self.specific_cause or (KINDS[self.kind] if self.kind else None)

    @property
    def internal_cause(self) -> InternalCause | None:
        """Its cause, where that is on our own side."""
        return self.specific_cause if isinstance(self.specific_cause, InternalCause) else None

    @property
    def words(self) -> str:
        """Its cause, for people; nothing where there is none."""
        return self.known_cause.words if self.known_cause else ""

    @property
    def cause(self) -> str:
        """One word for what one remedy ends."""
        if self.rejected_parameter:
            return f"rejects {self.rejected_parameter}"
        if self.specific_cause:
            return self.specific_cause.id
        return self._own_aspect or (KINDS[self.kind].id if self.kind else self.category.value)


def for_information(
    category: Category,
    evidence: str,
    models: Iterable[ModelKey] = (),
    since: Iterable[datetime] = (),
    aspect: Aspect | None = None,
) -> Finding:
    """About several models, until there is more to say."""
    return Finding(
        category,
        Severity.INFO,
        evidence,
        since=min(since, default=None),
        models=tuple(sorted(models)),
        aspect=aspect,
    )


def short_id(category: Category, *parts: str) -> str:
    """The category and a digest of what tells one of its members from the others."""
    digest = sha256("\0".join(parts).encode(errors="replace")).hexdigest()
    return f"{category.value}-{digest[:8]}"


def quoting(
    finding: Finding, failures: Iterable[Failure], shared: InternalCause | None = None
) -> Finding:
    """The finding with what it quotes: the newest message of its kind, oldest first in `failures`.

    Of connections, the newest that says what broke them. `shared` is what all messages show together.
    """
    with_message = [failure for failure in failures if failure.sample]
    its = [f for f in with_message if f.kind is finding.kind] or with_message
    if not its:
        return replace(finding, specific_cause=shared)
    broken = [f for f in its if f.kind is ErrorKind.NETWORK and f.verdict.rule != _WRAPPED]
    newest = (broken or its)[-1]
    rules = [failure.verdict.rule for failure in broken or [newest]]
    is_of_most = 2 * rules.count(newest.verdict.rule) > len(rules) and newest.kind is finding.kind
    by_rule = BY_RULE.get(newest.verdict.rule) if is_of_most else None
    if finding.model and isinstance(by_rule, InternalCause):  # one model alone is no account
        by_rule = None
    specific = shared or newest.internal_cause or by_rule
    is_rejected = newest.kind is ErrorKind.HARD_CAPABILITY and specific in (None, OWN_CALL)
    return replace(
        finding,
        message=newest.message,
        message_cut=newest.sample is not None and newest.sample.cut,
        specific_cause=specific,
        rejected_parameter=rejected_parameter(newest.message) if is_rejected else None,
    )
