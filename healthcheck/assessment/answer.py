"""What the AI may answer: one model, and the strict JSON schema with the day's ids made from it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from healthcheck.diagnosis import Status
from healthcheck.taxonomy import ErrorKind

NONE = "(none)"
"""Stands in every list of ids, since the API takes no empty one; a sentence about it is dropped."""


Word = StrEnum(
    "Word",
    "NAME PROVIDER MODELS CAUSE COUNT SHARE RATE YESTERDAY WEEK_AVERAGE COVERAGE SINCE UNTIL AGE "
    "LAST_SUCCESS SUCCESSOR PARAMETER WANTED_PARAMETER ENDPOINT HTTP_STATUS ERROR_CODE",
)
"""What a placeholder may stand for; the code writes it. The values are the names in lower case."""


class Lead(StrEnum):
    """How every sentence of the AI begins: what is behind it is asked or compared, and not stated."""

    CHECK = "Check whether"
    BILLING = "Look at the billing page, and check whether"
    STATUS_PAGE = "Look at the provider's status page, and check whether"
    MODEL_LIST = "Look at the provider's model list, and check whether"
    CATALOG = "Look at the catalog, and check whether"
    QUEUE = "Look at the scheduler's queue, and check whether"
    LOG = "Read the log of the benchmark, and check whether"
    CODE = "Look at our code, and check whether"
    ANSWER = "Look at a raw answer, and check whether"
    COMPARE = "Compare"
    TRY = "Try"


class Say(StrEnum):
    """What can be said of entries in a summary; the code writes it from the report, if it is so."""

    MOST_URGENT = "most urgent"
    NEW = "new"
    ONGOING = "ongoing"
    OVER = "over"
    SAME_CAUSE = "same cause"
    FAILING_MORE = "failing more"
    FAILING_LESS = "failing less"
    QUIET = "quiet"


def _one_of(ids: str) -> Any:
    """A field for one of the day's ids of that sort."""
    return Field(json_schema_extra={"ids": ids})


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Reference(_Answered):
    """What a placeholder stands for: a field of something that the prompt has an id for."""

    of: str = _one_of("id")
    field: str = _one_of("field")


class Highlight(_Answered):
    """What matters in the summary: something that is so of these entries."""

    say: Say
    of: list[Annotated[str, _one_of("id")]]


class Sentence(_Answered):
    """A lead, and plain words with placeholders; the n-th placeholder is the n-th reference."""

    lead: Lead
    text: str
    refs: list[Reference]


class Reading(Sentence):
    """What messages mean that no rule knows, and what would show it."""

    message: str = _one_of("message")
    kind: ErrorKind


class Advice(Sentence):
    """What to do about a problem; the order of the list is the order to do it in."""

    problem: str = _one_of("problem")


class AIResponse(_Answered):
    """All that is asked for, in the order in which it is best thought of."""

    readings: list[Reading]
    highlights: list[Highlight]
    connections: list[Sentence]
    advice: list[Advice]
    status: Status


def strict_schema(ids: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema as the API wants it; `ids` by sort. The prompt's budget bounds their number."""
    made = AIResponse.model_json_schema()
    definitions = {name: _strict(part) for name, part in made.pop("$defs").items()}
    for sort, values in {**ids, "field": list(Word)}.items():
        definitions[sort] = {"type": "string", "enum": list(values) or [NONE]}
    root: dict[str, Any] = _strict(made)
    return root | {"$defs": definitions}


def _strict(part: Any) -> Any:
    """Without what the API does not take or need; every property required, and no others."""
    if isinstance(part, list):
        return [_strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "ids" in part:
        return {"$ref": f"#/$defs/{part['ids']}"}
    kept = {key: value for key, value in part.items() if key not in ("title", "description")}
    if "properties" in kept:
        kept["properties"] = {key: _strict(value) for key, value in kept["properties"].items()}
        return kept
    return {key: _strict(value) for key, value in kept.items()}
