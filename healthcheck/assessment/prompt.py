"""The prompt: the day within a budget of tokens, with what was left out; the same day, the same text."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from healthcheck.assessment import context
from healthcheck.assessment.answer import strict_schema
from healthcheck.assessment.context import ContextItem
from healthcheck.assessment.tokens import count
from healthcheck.report.contract import Report

INSTRUCTIONS = Path(__file__).with_name("instructions.txt").read_text(encoding="utf-8")
MOST_TOKENS = 6_000
"""Instructions, data and schema together."""
_FRAME_TOKENS = 60
"""What the API itself adds around them; measured by nobody but the API, so on the safe side."""
_SPARE_TOKENS = 150
"""Delimiters, titles of sections, and what was left out."""
_ID_TOKENS = 12
"""What an entry takes in the schema, and between its line and the next."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that is sent of a day behind the instructions, and its entries by their ids in it."""

    data: str
    schema: dict[str, Any]
    items: Mapping[str, ContextItem]

    @property
    def tokens(self) -> int:
        """Counted offline; the schema as it is written."""
        return (
            count(INSTRUCTIONS)
            + count(self.data)
            + count(json.dumps(self.schema, ensure_ascii=False))
            + _FRAME_TOKENS
        )

    def __str__(self) -> str:
        """As people read it."""
        schema = json.dumps(self.schema, indent=1, ensure_ascii=False)
        return (
            f"{INSTRUCTIONS}\n\n{self.data}\n\nSCHEMA OF THE ANSWER\n{schema}\n\n"
            f"{self.tokens} tokens of at most {MOST_TOKENS}\n"
        )


def build_prompt(report: Report) -> Prompt:
    """As much of the day as fits, the most urgent first."""
    day = context.day(report)
    # What a section may take of the room that those before it left.
    sections = {
        "problems": (context.problems(report), 0.82),
        "unknown_messages": (context.messages(report), 0.6),
        "providers": (context.providers(report), 1.0),
    }
    room = MOST_TOKENS - _FRAME_TOKENS - _SPARE_TOKENS - count(INSTRUCTIONS)
    room -= count(json.dumps(_schema([]))) + count(_line(day.line))
    items, lines, left_out = [day], [f'"day": {_line(day.line)}'], {}
    for title, (every, share) in sections.items():
        kept, spent, cut = _fitting(every, int(room * share))
        room -= spent
        items += kept
        if kept:
            rows = ",\n".join(_line(each.line) for each in kept)
            lines.append(f'"{title}": [{rows}]')
        if cut:
            left_out[title] = cut
    if report.patterns_not_listed:
        left_out["patterns_not_counted_one_by_one"] = report.patterns_not_listed
    lines.append(f'"left_out_for_want_of_room": {_line(left_out)}')
    return Prompt(
        _delimited("{" + ",\n".join(lines) + "}"),
        _schema(items),
        {each.id: each for each in items},
    )


def _schema(items: Iterable[ContextItem]) -> dict[str, Any]:
    items = list(items)
    return strict_schema(
        {
            "entry": [each.id for each in items if each.highlight],
            "problem": [each.id for each in items if each.row.get("action")],
            "message": [each.id for each in items if each.row.get("sample")],
        }
    )


def _fitting(every: Iterable[ContextItem], room: int) -> tuple[list[ContextItem], int, int]:
    """The first that fit, what they take, and how many do not."""
    kept: list[ContextItem] = []
    spent = cut = 0
    for item in every:
        cost = count(_line(item.line)) + _ID_TOKENS
        if cut or spent + cost > room:
            cut += 1
            continue
        spent += cost
        kept.append(item)
    return kept, spent, cut


def _delimited(document: str) -> str:
    """Between lines that nothing in the document can forge: they carry its own digest."""
    digits = sha256(document.encode()).hexdigest()[:16]
    return f"BEGIN DATA {digits}\n{document}\nEND DATA {digits}"


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
