"""What the AI may answer: one model, and the strict JSON schema made from it.

All that it answers is picked: from the day's ids, and from questions of the program's own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from healthcheck.diagnosis import Status
from healthcheck.taxonomy import ErrorKind

NONE = "(none)"
"""Stands in every list of ids, since the API takes no empty one; what is answered about it is dropped."""


QUESTIONS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("questions.toml").read_text(encoding="utf-8")
)
"""What to check about one entry, and about several; they go on behind "Check whether"."""


def _one_of(values: str) -> Any:
    """A field for one of the values of that sort."""
    return Field(json_schema_extra={"values": values})


_Entry = Annotated[str, _one_of("entry")]


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Reading(_Answered):
    """What messages mean that no rule knows, and what would show it."""

    message: str = _one_of("message")
    kind: ErrorKind
    check_whether: str = _one_of("one")


class Link(_Answered):
    """What problems may have to do with each other."""

    entries: list[_Entry]
    check_whether: str = _one_of("several")


class Advice(_Answered):
    """Where to look in a problem; the order of the list is the order to work in."""

    problem: str = _one_of("problem")
    check_whether: str = _one_of("one")


class AIResponse(_Answered):
    """All that is asked for, in the order in which it is best thought of."""

    readings: list[Reading]
    highlights: list[_Entry]
    links: list[Link]
    advice: list[Advice]
    status: Status


def strict_schema(ids: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The schema as the API wants it; `ids` by sort. The prompt's budget bounds their number."""
    made = AIResponse.model_json_schema()
    definitions = {name: _strict(part) for name, part in made.pop("$defs").items()}
    for sort, values in (*QUESTIONS.items(), *ids.items()):
        definitions[sort] = {"type": "string", "enum": list(values) or [NONE]}
    root: dict[str, Any] = _strict(made)
    return root | {"$defs": definitions}


def _strict(part: Any) -> Any:
    """Without what the API does not take or need; every property required, and no others."""
    if isinstance(part, list):
        return [_strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "values" in part:
        return {"$ref": f"#/$defs/{part['values']}"}
    # Both are annotations, unless they are the names of properties: none of ours is called so.
    return {
        key: _strict(value) for key, value in part.items() if key not in ("title", "description")
    }
