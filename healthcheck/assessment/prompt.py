"""The prompt: the day within a budget of tokens, with what was left out; the same day, the same text."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from healthcheck.assessment import subjects
from healthcheck.assessment.answer import strict_schema
from healthcheck.assessment.facts import Facts
from healthcheck.assessment.subjects import Subject
from healthcheck.assessment.tokens import count
from healthcheck.report.contract import PatternPart, Report

INSTRUCTIONS = Path(__file__).with_name("instructions.txt").read_text(encoding="utf-8")
MOST_TOKENS = 6_000
"""Instructions, data and schema together."""
_FRAME_TOKENS = 60
"""What the API itself adds around them; measured by nobody but the API, so on the safe side."""
_SHARES = {"problems": 0.82, "unknown_messages": 0.5, "providers": 0.7, "resolved": 1.0}
"""What a section may take of the room that those before it left."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that is sent of a day; subjects, problems and unknown messages by their ids in it."""

    instructions: str
    data: str
    schema: dict[str, Any]
    subjects: Mapping[str, Subject]
    messages: Mapping[str, PatternPart]

    @property
    def tokens(self) -> int:
        """Counted offline; the schema as it is written."""
        return (
            count(self.instructions)
            + count(self.data)
            + count(json.dumps(self.schema, ensure_ascii=False))
            + _FRAME_TOKENS
        )

    def __str__(self) -> str:
        """As people read it."""
        schema = json.dumps(self.schema, indent=1, ensure_ascii=False)
        return (
            f"{self.instructions}\n\n{self.data}\n\nSCHEMA OF THE ANSWER\n{schema}\n\n"
            f"{self.tokens} tokens of at most {MOST_TOKENS}\n"
        )


def build_prompt(report: Report, facts: Facts) -> Prompt:
    """As much of the day as fits, the most urgent first."""
    day = subjects.day(report, facts)
    messages = {subject.id: (subject, part) for subject, part in subjects.messages(report)}
    problems = list(subjects.problems(report, facts))
    sections = {
        "problems": problems,
        "unknown_messages": [[subject] for subject, _ in messages.values()],
        "providers": [[each] for each in subjects.providers(report, facts)],
        "resolved": [[each] for each in subjects.resolved(report)],
    }
    room = MOST_TOKENS - _FRAME_TOKENS - count(INSTRUCTIONS)
    room -= count(json.dumps(_schema([])) + _line(_row(day))) + _SPARE_TOKENS
    kept: dict[str, list[Subject]] = {}
    left_out = {}
    for title, groups in sections.items():
        kept[title], spent, cut = _fitting(groups, int(room * _SHARES[title]))
        room -= spent
        if cut:
            left_out[title] = cut
    if report.patterns_not_listed:
        left_out["patterns_not_counted_one_by_one"] = report.patterns_not_listed
    document = ",\n".join(
        (
            f'"day": {_line(_row(day))}',
            *(f'"{title}": {_list(its)}' for title, its in kept.items() if its),
            f'"left_out_for_want_of_room": {_line(left_out)}',
        )
    )
    every = [day, *(each for its in kept.values() for each in its)]
    return Prompt(
        INSTRUCTIONS,
        _delimited(f"{{{document}}}"),
        _schema(every),
        {each.id: each for each in every},
        {each.id: messages[each.id][1] for each in kept["unknown_messages"]},
    )


_SPARE_TOKENS = 150
"""Delimiters, titles of sections, and what was left out."""


def _schema(every: Sequence[Subject]) -> dict[str, Any]:
    return strict_schema(
        {
            "id": [each.id for each in every],
            "problem": [each.id for each in every if each.key and each.row.get("action")],
            "message": [each.id for each in every if each.id.startswith("m")],
        }
    )


def _fitting(groups: Iterable[Sequence[Subject]], room: int) -> tuple[list[Subject], int, int]:
    """The first groups that fit, what they take, and how many do not; an id is in the schema too."""
    kept: list[Subject] = []
    spent = cut = 0
    for group in groups:
        cost = sum(count(_line(_row(each))) + 2 + 10 for each in group)
        if cut or spent + cost > room:
            cut += 1
            continue
        spent += cost
        kept.extend(group)
    return kept, spent, cut


def _delimited(document: str) -> str:
    """Between lines that nothing in the document can forge: they carry its own digest."""
    digits = sha256(document.encode()).hexdigest()[:16]
    return f"BEGIN DATA {digits}\n{document}\nEND DATA {digits}"


def _row(subject: Subject) -> dict[str, Any]:
    words = {word.value: told for word, told in subject.words.items()}
    return {"id": subject.id, **words, **subject.row}


def _list(rows: Iterable[Subject]) -> str:
    return "[" + ",\n".join(_line(_row(each)) for each in rows) + "]"


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
