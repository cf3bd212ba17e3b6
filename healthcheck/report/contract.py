"""The JSON contract: what a report holds, and its schema.

Every text in it is redacted and safe to print. A new field raises the minor version, a
field that changes its meaning or goes raises the major one.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from healthcheck.diagnosis import Aspect, Category, Severity, State, Status
from healthcheck.report.sanitize import sanitized
from healthcheck.taxonomy import ErrorKind

Text = Annotated[str, AfterValidator(sanitized)]
"""Redacted and safe to print, whatever it is made of."""
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class WindowPart(_Part):
    """The half-open span that the report is about, in UTC."""

    since: datetime
    until: datetime


class SnapshotPart(_Part):
    """The folder that was read instead of the live database."""

    folder: Text
    host: Text = Field(description="where it was read")
    whole: bool = Field(description="it is known to hold all until the end of the window")


class Unpublished(_Part):
    """Pairs that the catalog has disabled, deprecated, or does not list: in no rate and no finding."""

    pairs: Count
    errors: Count
    successes: Count


class Totals(_Part):
    """All attempts of the window. Malformed documents are among them, but for those without a time."""

    attempts: Count
    errors: Count
    successes: Count
    malformed: Count
    not_stored: Count = Field(description="errors of published models in saving, on our own side")
    expired_leases: Count = Field(0, description="likewise, of our own job queue")
    unpublished: Unpublished
    failure_rate: Share | None = Field(description="of published models; null without attempts")
    failure_rate_before: Share | None = Field(None, description="the same of the window before")
    attempts_before: Count = Field(0, description="of published models, in the window before")
    failure_rate_usual: Share | None = Field(None, description="of the seven windows before that")


class ModelName(_Part):
    """A model is the pair: the same name may stand under several providers."""

    provider: Text
    model: Text


class Bucket(_Part):
    """One of 24 equal parts of the window."""

    attempts: Count
    errors: Count


class ProviderPart(_Part):
    """A provider's attempts in the window; `lost` on our side (not stored, leases expired) are apart."""

    provider: Text
    models: Count = Field(description="how many of its models were attempted")
    attempts: Count
    errors: Count
    successes: Count
    lost: Count = Field(0, description="attempts besides that were lost on our side")
    failure_rate_before: Share | None = Field(None, description="null without attempts there")
    errors_by_kind: dict[ErrorKind, int]
    hourly_buckets: list[Bucket] = Field(min_length=24, max_length=24, description="oldest first")


class ModelPart(_Part):
    """A model's attempts in the window, likewise; most errors first."""

    provider: Text
    model: Text
    attempts: Count
    errors: Count
    successes: Count
    errors_by_kind: dict[ErrorKind, int]
    last_success: datetime | None = Field(description="in the two windows that were read in full")


class Reading(_Part):
    """What the AI takes messages for that no rule knows."""

    kind: ErrorKind
    words: str | None = Field(description="why, as far as the data bears it out")


class PatternPart(_Part):
    """Messages that differ only in ids, numbers, times and names; most frequent first."""

    kind: ErrorKind
    provider: Text
    http_status: int | None
    pattern: str
    count: Count
    models: list[Text] = Field(description="the provider's models that met it")
    sample: str = Field(description="the newest message of this pattern")
    reading: Reading | None = Field(None, description="the AI's, where no rule knows it")


class FindingPart(_Part):
    """One root cause, with its evidence."""

    id: Text = Field(description="the same every day for the same finding")
    category: Category
    provider: Text | None
    model: Text | None
    kind: ErrorKind | None
    aspect: Aspect | None = Field(description="what exactly, where the category has several")
    severity: Severity
    state: State
    count: Count = Field(description="errors of its kind in the window")
    attempts: Count = Field(description="all attempts in the window")
    since: datetime | None
    since_is_bound: bool = Field(False, description="it may have begun before `since`")
    until: datetime | None = Field(description="null while it lasts, or where no moment ended it")
    last_success: datetime | None
    words: Text = Field("", description="its cause; empty where nothing failed")
    message: str | None = Field(description="the newest message")
    evidence: Text
    models: list[ModelName] = Field(description="the models that it touches")
    given_up: list[ModelName] = Field([], description="those that the queue does not try again")


class ProblemPart(_Part):
    """Findings with one cause that one remedy ends."""

    id: Text = Field(description="made of category, providers and cause; models come and go")
    title: Text
    category: Category
    cause: Text
    severity: Severity
    state: State = Field(description="new only where all of its findings are new")
    new: Count = Field(description="how many of its findings are new")
    worse: bool = Field(description="some of it was a lesser matter in the window before")
    since: datetime | None
    since_is_bound: bool = Field(False, description="it may have begun before `since`")
    recurs_since: datetime | None = Field(
        None, description="of what began again at `since`: when it began the first time"
    )
    until: datetime | None = Field(description="null while it lasts")
    findings: list[str] = Field(description="the ids of its findings, most urgent first")
    providers: list[Text]
    models: list[ModelName]
    action: Text | None = Field(description="what to do; null where there is nothing to do")


class CoverageShare(_Part):
    """How many of so many enabled models have data."""

    enabled: Count
    with_data: Count
    with_data_before: Count = Field(description="in the window before")
    not_attempted: Count = Field(description="no longer tried at the window's end")


class ProviderCoverage(CoverageShare):
    """The same of one provider."""

    provider: Text


class CoveragePart(CoverageShare):
    """How many of the enabled models have data, and why the others did not."""

    providers: list[ProviderCoverage]
    without_data: dict[str, int] = Field(description="models by what explains it, or unexplained")


class ActionPart(_Part):
    """What to do, most urgent first."""

    problem: str = Field(description="the id of the problem that asks for it")
    severity: Severity
    action: Text
    reason: Text
    command: str | None = Field(description="mongosh that does it: it changes the catalog")
    host: Text | None = Field(None, description="where to act, if it is a known host of ours")
    shell: str | None = Field(None, description="what shows the state there; it changes nothing")
    log: str | None = Field(None, description="what shows the log of the container ID; likewise")
    advice: str | None = Field(None, description="the AI's, as far as the data bears it out")


class MutePart(_Part):
    """An entry of the list of known issues."""

    provider: Text | None
    model: Text | None
    category: Category | None
    until: date | None = Field(description="last day the mute applies")
    reason: Text | None


class MutedPart(_Part):
    """A finding that is hidden from lists and status, and what hides it."""

    finding: FindingPart
    mute: MutePart


class HistoryDay(_Part):
    """The report of one earlier slot, or of this one."""

    day: date = Field(description="the slot: from 08:00 UTC of that day on")
    status: Status | None = Field(description="null where no report is known")
    missed: bool = Field(description="there should have been one, and none was made")


class Analysis(_Part):
    """Who assessed the day beside the rules, and what came of it."""

    source: Literal["openai", "rules"] = Field(description="rules: no AI was asked or available")
    model: str | None = Field(description="the AI model that was asked")
    status: Status = Field(description="the source's own rating; the report's status stands above")
    summary: str | None = Field(description="null where nothing of the AI's was borne out")
    error: str | None = Field(None, description="why the AI was not available")
    action: str | None = Field(None, description="what to do so that it is next time")
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cost_usd: float | None = Field(None, ge=0, description="an estimate by list prices")
    request_id: str | None = None
    dropped_claims: Count = Field(0, description="answers of the AI that are none of its choices")


class Report(_Part):
    """The health of the benchmark service in one window."""

    schema_version: Literal["2.0"] = "2.0"
    version: str = Field(description="the version of llm-health-check that made it")
    window: WindowPart
    snapshot: SnapshotPart | None = Field(None, description="null for the live database")
    status: Status
    reason: Text
    summary: str
    compared: bool = Field(description="false where the window before holds nothing at all")
    totals: Totals
    errors_by_kind: dict[ErrorKind, int]
    providers: list[ProviderPart]
    models: list[ModelPart]
    patterns: list[PatternPart]
    patterns_not_listed: Count = Field(0, description="how many more there are")
    coverage: CoveragePart
    problems: list[ProblemPart]
    findings: list[FindingPart]
    resolved: list[FindingPart]
    muted: list[MutedPart]
    analysis: Analysis
    recommended_actions: list[ActionPart]
    disable_command: str | None = Field(None, description="mongosh: all models likely deprecated")
    command: Text = Field(description="makes this report again")
    notes: list[Text] = Field(description="what was cut, estimated or not known")
    history: list[HistoryDay] = Field([], description="the last 14 slots, oldest first")
