"""The JSON contract: what a report holds, and its schema.

Every text in it is redacted and safe to print. A new field raises the minor version, a
field that changes its meaning or goes raises the major one.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self, dataclass_transform

from healthcheck.diagnosis import Aspect, Category, Severity, State, Status
from healthcheck.report.sanitize import sanitized
from healthcheck.taxonomy import ErrorKind

Text = Annotated[str, "redacted and safe to print, whatever it is made of"]


def described(description: str, **how: Any) -> Any:
    """A field with what the schema says of it."""
    return field(metadata={"description": description}, **how)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(described,))
class Part:
    """A dataclass that makes a `Text` of each text that is declared as one.

    pydantic, which makes the schema, would check what our own code fills in, for some 60 ms of each run.
    """

    _texts: ClassVar[list[str]]

    def __init_subclass__(cls) -> None:
        made: Any = dataclass(kw_only=True)(cls)  # frozen ones take longer to make
        kinds = (Text, Text | None, list[Text])
        cls._texts = [each.name for each in fields(made) if each.type in kinds]

    def __post_init__(self) -> None:
        for name in self._texts:
            if (value := getattr(self, name)) is not None:
                text = sanitized(value) if isinstance(value, str) else [*map(sanitized, value)]
                setattr(self, name, text)

    @classmethod
    def of(cls, source: object, **more: Any) -> Self:
        """With what the source has under the same names."""
        names = vars(cls)["__dataclass_fields__"].keys() - more.keys()
        return cls(**{name: getattr(source, name) for name in names}, **more)


class WindowPart(Part):
    """The half-open span that the report is about, in UTC."""

    since: datetime
    until: datetime


class SnapshotPart(Part):
    """The folder that was read instead of the live database."""

    folder: Text
    host: Text = described("where it was read")
    whole: bool = described("it is known to hold all until the end of the window")


class Unpublished(Part):
    """Pairs that the catalog has disabled, deprecated, or does not list: in no rate and no finding."""

    pairs: int
    errors: int
    successes: int


class Totals(Part):
    """All attempts of the window. Malformed documents are among them, but for those without a time."""

    attempts: int
    errors: int
    successes: int
    malformed: int
    not_stored: int = described("errors of published models in saving, on our own side")
    expired_leases: int = described("likewise, of our own job queue", default=0)
    unpublished: Unpublished
    failure_rate: float | None = described("of published models; null without attempts")
    failure_rate_before: float | None = described("the same of the window before", default=None)
    attempts_before: int = described("of published models, in the window before", default=0)
    failure_rate_usual: float | None = described("of the seven windows before that", default=None)


class ModelName(Part):
    """A model is the pair: the same name may stand under several providers."""

    provider: Text
    model: Text


class Bucket(Part):
    """One of 24 equal parts of the window."""

    attempts: int
    errors: int


class ProviderPart(Part):
    """A provider's attempts in the window; `lost` on our side (not stored, leases expired) are apart."""

    provider: Text
    models: int = described("how many of its models were attempted")
    attempts: int
    errors: int
    successes: int
    lost: int = described("attempts besides that were lost on our side", default=0)
    failure_rate_before: float | None = described("null without attempts there", default=None)
    errors_by_kind: dict[ErrorKind, int]
    hourly_buckets: list[Bucket] = described("24, oldest first")


class ModelPart(Part):
    """A model's attempts in the window, likewise; most errors first."""

    provider: Text
    model: Text
    attempts: int
    errors: int
    successes: int
    errors_by_kind: dict[ErrorKind, int]
    last_success: datetime | None = described("in the two windows that were read in full")


class Reading(Part):
    """What the AI takes a message for."""

    kind: ErrorKind
    words: str | None = described("why, as far as the data bears it out")


class PatternPart(Part):
    """Messages that no rule knows, and that differ only in ids, numbers, times and names; most frequent first."""

    provider: Text
    count: int
    models: list[Text] = described("the provider's models that met it")
    sample: str = described("the newest message of this pattern")
    reading: Reading | None = described("what the AI takes it for", default=None)


class FindingPart(Part):
    """One root cause, with its evidence."""

    id: Text = described("the same every day for the same finding")
    category: Category
    provider: Text | None
    model: Text | None
    kind: ErrorKind | None
    aspect: Aspect | None = described("what exactly, where the category has several")
    severity: Severity
    state: State
    count: int = described("errors of its kind in the window")
    since: datetime | None
    since_is_bound: bool = described("it may have begun before `since`", default=False)
    until: datetime | None = described("null while it lasts, or where no moment ended it")
    words: Text = described("its cause; empty where nothing failed", default="")
    message: str | None = described("the newest message")
    evidence: Text
    models: list[ModelName] = described("the models that it touches")
    given_up: list[ModelName] = described(
        "those that the queue does not try again", default_factory=list
    )


class ProblemPart(Part):
    """Findings with one cause that one remedy ends; in the order of the mail."""

    id: Text = described("made of category, providers and cause; models come and go")
    title: Text
    section: str = described("its heading in the mail")
    category: Category
    cause: Text
    severity: Severity
    state: State = described("new only where all of its findings are new")
    new: int = described("how many of its findings are new")
    since: datetime | None
    since_is_bound: bool = described("it may have begun before `since`", default=False)
    recurs_since: datetime | None = described("when what began again began first", default=None)
    until: datetime | None = described("null while it lasts")
    findings: list[str] = described("the ids of its findings, most urgent first")
    providers: list[Text]
    models: list[ModelName]
    action: Text | None = described("what to do; null where there is nothing to do")


class CoverageShare(Part):
    """How many of so many enabled models have data."""

    enabled: int
    with_data: int
    with_data_before: int = described("in the window before")
    not_attempted: int = described("no longer tried at the window's end")


class ProviderCoverage(CoverageShare):
    """The same of one provider."""

    provider: Text


class CoveragePart(CoverageShare):
    """The same of the whole service."""

    providers: list[ProviderCoverage]


class Link(Part):
    """A page of a known provider: from our own table, never from data."""

    label: str
    url: str


class ActionPart(Part):
    """What to do, by heading as in the mail; that of the most urgent problem comes first."""

    problem: str = described("the id of the problem that asks for it")
    severity: Severity
    action: Text
    reason: Text
    command: str | None = described("mongosh that does it: it changes the catalog")
    link: Link | None = described("the provider's page where it is done", default=None)
    host: Text | None = described("where to act, if it is a known host of ours", default=None)
    shell: str | None = described("what shows the state there; it changes nothing", default=None)
    log: str | None = described("what shows the log of the container ID; likewise", default=None)
    advice: str | None = described("the AI's, as far as the data bears it out", default=None)


class MutePart(Part):
    """An entry of the list of known issues."""

    provider: Text | None
    model: Text | None
    category: Category | None
    until: date | None = described("last day the mute applies")
    reason: Text | None


class MutedPart(Part):
    """A finding that is hidden from lists and status, and what hides it."""

    finding: FindingPart
    mute: MutePart


class HistoryDay(Part):
    """The report of one earlier slot, or of this one."""

    day: date = described("the slot: from 08:00 UTC of that day on")
    status: Status | None = described("null where no report is known")
    missed: bool = described("there should have been one, and none was made")


class Analysis(Part):
    """Who assessed the day beside the rules, and what came of it."""

    source: Literal["openai", "rules"] = described("rules: no AI was asked or available")
    model: str | None = described("the AI model that was asked")
    status: Status = described("the source's own rating; the report's status stands above")
    summary: str | None = described("null where nothing of the AI's was borne out")
    error: str | None = described("why the AI was not available", default=None)
    action: str | None = described("what to do so that it is next time", default=None)
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = described("an estimate by list prices", default=None)
    request_id: str | None = None
    dropped_claims: int = described("answers of the AI that are none of its choices", default=0)


class Report(Part):
    """The health of the benchmark service in one window."""

    schema_version: Literal["2.0"] = "2.0"
    version: str = described("the version of llm-health-check that made it")
    window: WindowPart
    snapshot: SnapshotPart | None = described("null for the live database", default=None)
    status: Status
    reason: Text
    summary: str
    compared: bool = described("false where the window before holds nothing at all")
    totals: Totals
    errors_by_kind: dict[ErrorKind, int]
    errors_by_cause: dict[str, int] = described("of published models, in words; most first")
    providers: list[ProviderPart]
    models: list[ModelPart]
    patterns: list[PatternPart]
    patterns_not_listed: int = described("how many more there are", default=0)
    coverage: CoveragePart
    problems: list[ProblemPart]
    findings: list[FindingPart]
    resolved: list[FindingPart]
    muted: list[MutedPart]
    analysis: Analysis
    recommended_actions: list[ActionPart]
    disable_command: str | None = described("mongosh: all models likely deprecated", default=None)
    command: Text = described("makes this report again")
    notes: list[Text] = described("what was cut, estimated or not known")
    history: list[HistoryDay] = described("the last 14 slots, oldest first", default_factory=list)
