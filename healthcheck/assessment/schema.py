"""What the AI may answer: one model, and the strict JSON schema with the day's names made from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from healthcheck.diagnosis import Status
from healthcheck.taxonomy import ErrorKind

NONE = "(none)"
"""Stands in every list of names, since the API takes no empty one; to choose it claims nothing."""

MOST_VALUES = 1_000
"""The API's limit on the values of all enumerations together."""
MANY_VALUES, MOST_CHARACTERS = 250, 15_000
"""The API's limit on the characters of one enumeration that has more than so many values."""


def _one_of(names: str) -> Any:
    """A field for one of the day's names of that sort."""
    return Field(json_schema_extra={"names": names})


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Sentence(_Answered):
    """One sentence, and the findings that it is about."""

    text: str
    findings: list[str] = Field(json_schema_extra={"names": "finding"})


class ModelClaim(_Answered):
    """Something is the matter with a model."""

    model: str = _one_of("model")
    why: str


class ProviderClaim(_Answered):
    """Something is the matter with a provider."""

    provider: str = _one_of("provider")
    why: str


class PatternClaim(_Answered):
    """What messages mean that no rule knows."""

    pattern: str = _one_of("pattern")
    kind: ErrorKind
    why: str


class Step(_Answered):
    """What to do about a finding; the order of the list is the order to do it in."""

    finding: str = _one_of("finding")
    advice: str


class Answer(_Answered):
    """All that is asked for, in the order in which it is best thought of."""

    patterns: list[PatternClaim]
    deprecated_models: list[ModelClaim]
    code_fixes: list[ModelClaim]
    provider_issues: list[ProviderClaim]
    summary: list[Sentence]
    actions: list[Step]
    status: Status
    status_reason: Sentence


def strict_schema(names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema as the API wants it, each sort of names an enumeration within its limits.

    A sort that is too large becomes a plain string: what comes back is looked up in any case.
    """
    made = Answer.model_json_schema()
    definitions = {name: _strict(part) for name, part in made.pop("$defs").items()}
    root: dict[str, Any] = _strict(made)
    room = MOST_VALUES - sum(len(part.get("enum", ())) for part in definitions.values())
    for sort in sorted(names):
        values = [NONE, *names[sort]]
        if len(values) <= room and _is_short(values):
            definitions[f"{sort}_name"] = {"type": "string", "enum": values}
            room -= len(values)
        else:
            definitions[f"{sort}_name"] = {"type": "string"}
    return root | {"$defs": definitions}


def _is_short(values: Sequence[str]) -> bool:
    return len(values) <= MANY_VALUES or sum(map(len, values)) <= MOST_CHARACTERS


def _strict(part: Any) -> Any:
    """Without what the API does not take or need; every property required, and no others."""
    if isinstance(part, list):
        return [_strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "names" in part:
        reference = {"$ref": f"#/$defs/{part['names']}_name"}
        return {"type": "array", "items": reference} if part["type"] == "array" else reference
    kept = {key: value for key, value in part.items() if key not in ("title", "description")}
    if "properties" in kept:
        kept["properties"] = {key: _strict(value) for key, value in kept["properties"].items()}
        return kept
    return {key: _strict(value) for key, value in kept.items()}
