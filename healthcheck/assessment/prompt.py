"""The prompt: the day as entries with an id each, within a budget of tokens; the same day, the same text."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any

from healthcheck.assessment.answer import strict_schema
from healthcheck.assessment.tokens import clipped, count
from healthcheck.diagnosis import Severity
from healthcheck.diagnosis.wording import listed, when
from healthcheck.report.contract import PatternPart, ProblemPart, Report
from healthcheck.report.text_filters import percent

INSTRUCTIONS = Path(__file__).with_name("instructions.txt").read_text(encoding="utf-8")
MOST_TOKENS = 6_000
"""Instructions, data and schema together."""
_FRAME_TOKENS = 60
"""What the API itself adds around them; measured by nobody but the API, so on the safe side."""
_SPARE_TOKENS = 150
"""Delimiters, titles of sections, and what was left out."""
_ID_TOKENS = 12
"""What an entry takes in the schema, and between its line and the next."""
_TOKENS = 70
_MOST_NAMED = 3
_NAME = re.compile(r"(?!.*://)[(\w][\w.:/@+()-]{0,100}( [\w.:/@+()-]{1,60}){0,2}", re.ASCII)
"""A name as names look; what reads like a sentence is quoted by the report alone."""


@dataclass(frozen=True, slots=True, eq=False)
class ContextItem:
    """An entry: the row of the prompt, and what may be told of it.

    `highlight` is the sentence if the AI picks the entry, `name` what a link is about. `part` is the report's own.
    """

    id: str
    row: Mapping[str, Any]
    name: str = ""
    highlight: str = ""
    part: ProblemPart | PatternPart | None = None

    @property
    def line(self) -> str:
        """As the prompt shows it."""
        return _json({"id": self.id} | {key: value for key, value in self.row.items() if value})


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that is sent of a day behind the instructions, and its entries by their ids in it."""

    data: str
    schema: dict[str, Any]
    items: Mapping[str, ContextItem]

    def __getitem__(self, name: str) -> ContextItem:
        """The entry of that id; an empty one where there is none."""
        return self.items.get(name, ContextItem(name, {}))

    @property
    def tokens(self) -> int:
        """Counted offline; the schema as it is written."""
        schema = json.dumps(self.schema, ensure_ascii=False)
        return sum(map(count, (INSTRUCTIONS, self.data, schema)), _FRAME_TOKENS)

    def __str__(self) -> str:
        """As people read it."""
        schema = json.dumps(self.schema, indent=1, ensure_ascii=False)
        return (
            f"{INSTRUCTIONS}\n\n{self.data}\n\nSCHEMA OF THE ANSWER\n{schema}\n\n"
            f"{self.tokens} tokens of at most {MOST_TOKENS}\n"
        )


def build_prompt(report: Report) -> Prompt:
    """As much of the day as fits, the most urgent first."""
    day = _day(report)
    # What a section may take of the room that those before it left.
    sections = {
        "problems": (_problems(report), 0.82),
        "unknown_messages": (_messages(report), 0.6),
        "providers": (_providers(report), 1.0),
    }
    room = MOST_TOKENS - _FRAME_TOKENS - _SPARE_TOKENS - count(INSTRUCTIONS)
    room -= count(json.dumps(_schema([]))) + count(day.line)
    items, lines, left_out = [day], [f'"day": {day.line}'], {}
    for title, (every, share) in sections.items():
        entries = list(every)
        taken = [0, *accumulate(count(each.line) + _ID_TOKENS for each in entries)]
        fit = bisect_right(taken, room * share) - 1
        room -= taken[fit]
        items += entries[:fit]
        if fit:
            rows = ",\n".join(each.line for each in entries[:fit])
            lines.append(f'"{title}": [{rows}]')
        if fit < len(entries):
            left_out[title] = len(entries) - fit
    if report.patterns_not_listed:
        left_out["patterns_not_counted_one_by_one"] = report.patterns_not_listed
    lines.append(f'"left_out_for_want_of_room": {_json(left_out)}')
    return Prompt(
        _delimited("{" + ",\n".join(lines) + "}"),
        _schema(items),
        {each.id: each for each in items},
    )


def _schema(items: Sequence[ContextItem]) -> dict[str, Any]:
    return strict_schema(
        {
            "entry": [each.id for each in items if each.highlight],
            "problem": [each.id for each in items if each.row.get("action")],
            "message": [each.id for each in items if each.row.get("sample")],
        }
    )


def _delimited(document: str) -> str:
    """Between lines that nothing in the document can forge: they carry its own digest."""
    digits = sha256(document.encode()).hexdigest()[:16]
    return f"BEGIN DATA {digits}\n{document}\nEND DATA {digits}"


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _day(report: Report) -> ContextItem:
    """The whole window."""
    covered = report.coverage
    row = {
        "status_by_rules": report.status.value,
        "window": f"{when(report.window.since)} to {when(report.window.until)}",
        "summary_by_rules": clipped(report.summary, _TOKENS),
        "models_with_data": _of(covered.with_data, covered.enabled),
        "with_data_yesterday": covered.with_data_before,
        "errors_by_kind": {kind.value: n for kind, n in report.errors_by_kind.items() if n},
        "muted": len(report.muted),
    }
    # The rates and the counts stand in the first lines of the mail.
    return ContextItem("day", row, "the service", f"Data from {row['models_with_data']} models.")


def _problems(report: Report) -> Iterator[ContextItem]:
    """The most urgent first; of one with an odd name, no text: a secret cut off in it may hide there."""
    findings = {part.id: part for part in report.findings}
    for number, part in enumerate(report.problems, start=1):
        first, models = findings[part.findings[0]], [each.model for each in part.models]
        action = "" if part.severity is Severity.INFO else part.action or ""
        row = {
            "severity": part.severity.value,
            "state": _state(part),
            "category": part.category.value,
        }
        name = highlight = ""
        if _is_plain(*part.providers, *models):
            name, highlight = f'"{part.title}"', f"{part.title}; {_state(part)}."
            row |= {
                "title": part.title,
                "models": listed(models, _MOST_NAMED) if models[1:] else "",
                "evidence": clipped(first.evidence, _TOKENS),
                "message": clipped(first.message or "", _TOKENS),
                "action": clipped(action, _TOKENS),
            }
        yield ContextItem(f"p{number}", row, name, highlight, part)


def _messages(report: Report) -> Iterator[ContextItem]:
    """What no rule knows."""
    for number, part in enumerate(report.patterns, start=1):
        row = {
            "provider": part.provider if _is_plain(part.provider) else "",
            "models": len(part.models),
            "count": part.count,
            "sample": clipped(part.sample, _TOKENS),
        }
        yield ContextItem(f"m{number}", row, part=part)


def _providers(report: Report) -> Iterator[ContextItem]:
    """Those with errors first, as the report has them."""
    covered = {part.provider: part for part in report.coverage.providers}
    for number, part in enumerate(report.providers, start=1):
        name, share = part.provider, covered.get(part.provider)
        rates = f"{percent(part.errors / part.attempts)} failed" if part.attempts else ""
        if rates and part.failure_rate_before is not None:
            rates += f" (was {percent(part.failure_rate_before)})"
        row = {
            "failure_rate": rates,
            "models_with_data": _of(share.with_data, share.enabled) if share else "",
        }
        if _is_plain(name):
            highlight = f"{name}: {rates}." if rates else ""
            yield ContextItem(f"v{number}", {"provider": name} | row, name, highlight)


def _state(part: ProblemPart) -> str:
    if part.until:
        return f"ended {when(part.until)}"
    at_least = "at least " if part.since_is_bound else ""
    return f"{part.state.value}{f' since {at_least}{when(part.since)}' if part.since else ''}"


def _of(count: int, every: int) -> str:
    return f"{count:,} of {every:,}"


def _is_plain(*names: str) -> bool:
    return all(map(_NAME.fullmatch, names))
