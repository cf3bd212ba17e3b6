"""The prompt: the day within a budget of tokens, with what was left out; the same day, the same text."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from healthcheck.assessment.facts import Candidate, Facts
from healthcheck.assessment.instructions import INSTRUCTIONS
from healthcheck.assessment.names import Names, Subject, label, short
from healthcheck.assessment.rows import (
    Row,
    candidate_row,
    day_row,
    finding_row,
    pattern_row,
    provider_row,
    resolved_row,
)
from healthcheck.assessment.schema import strict_schema
from healthcheck.assessment.tokens import count
from healthcheck.report.contract import PatternPart, Report
from healthcheck.report.door import shown
from healthcheck.taxonomy import ErrorKind

MOST_TOKENS = 6_000
"""Instructions, data and schema together."""
_FRAME_TOKENS = 60
"""What the API itself adds around them; measured by nobody but the API, so on the safe side."""
_SHARES = (1.5, 1.35, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.45, 0.3, 0.15, 0.0)
"""More than all first: what one section leaves, another may need."""
_IN_FULL = 10
"""So many findings are told in full, the rest in short."""
_GROUPS = 20

_Kept = list[tuple[str, Row]]


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that is sent of a day."""

    instructions: str
    data: str
    schema: dict[str, Any]
    names: Names

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
    """As much of the day as fits, the most urgent first; with the share of nothing it always does."""
    for share in _SHARES:
        prompt = _built(report, facts, int(share * _room()))
        if prompt.tokens <= MOST_TOKENS:
            break
    return prompt


def _room() -> int:
    """What the rows may take beside what is always there."""
    fixed = count(INSTRUCTIONS) + count(json.dumps(strict_schema(Names().by_sort)))
    return MOST_TOKENS - _FRAME_TOKENS - fixed


def _built(report: Report, facts: Facts, room: int) -> Prompt:
    day = day_row(report, facts)
    room -= count(_line(day))
    findings, room = _fitting(_findings(report, facts), room, 0.7)
    patterns, room = _fitting(_patterns(report), room, 0.4)
    candidates, room = _fitting(_candidates(facts), room, 0.5)
    providers, room = _fitting(
        ((short(p.provider), provider_row(p)) for p in report.providers), room, 0.7
    )
    resolved, room = _fitting((("", resolved_row(part)) for part in report.resolved), room, 1.0)
    names = _names(
        report,
        facts,
        findings=findings,
        patterns=patterns,
        candidates=candidates,
        providers=providers,
    )
    left_out = {
        "findings": _counts(report, findings),
        "unknown_patterns": len(_unknown(report)) - len(patterns),
        "patterns_not_counted_one_by_one": report.patterns_not_listed,
        "failing_without_finding": len(_lone(facts)) - len(candidates),
        "providers": len(report.providers) - len(providers),
        "resolved": len(report.resolved) - len(resolved),
    }
    sections = {
        "findings": findings,
        "unknown_patterns": patterns,
        "failing_without_finding": candidates,
        "providers": providers,
        "resolved": resolved,
    }
    document = ",\n".join(
        (
            f'"day": {_line(day)}',
            *(f'"{title}": {_list(kept)}' for title, kept in sections.items()),
            f'"left_out_for_want_of_room": {_line(left_out)}',
        )
    )
    return Prompt(INSTRUCTIONS, _delimited(f"{{{document}}}"), strict_schema(names.by_sort), names)


def _delimited(document: str) -> str:
    """Between lines that nothing in the document can forge: they carry its own digest."""
    digits = sha256(document.encode()).hexdigest()[:16]
    return f"BEGIN DATA {digits}\n{document}\nEND DATA {digits}"


def _findings(report: Report, facts: Facts) -> Iterator[tuple[str, Row]]:
    told: dict[str, str] = {}
    for number, part in enumerate(report.findings):
        row = finding_row(part, facts, brief=number >= _IN_FULL)
        if "message" in row:
            first = told.setdefault(row["message"], part.id)
            if first != part.id:
                row["message"] = f"as in {first}"
        yield part.id, row


def _patterns(report: Report) -> Iterator[tuple[str, Row]]:
    for number, part in enumerate(_unknown(report), start=1):
        yield f"p{number}", pattern_row(f"p{number}", part)


def _unknown(report: Report) -> list[PatternPart]:
    return [part for part in report.patterns if part.kind is ErrorKind.UNKNOWN]


def _candidates(facts: Facts) -> Iterator[tuple[str, Row]]:
    for candidate in _lone(facts):
        name = _label(candidate)
        yield name, candidate_row(name, candidate)


def _lone(facts: Facts) -> list[Candidate]:
    """Those of which something may be claimed, and no rule has said anything."""
    return [each for each in facts.candidates if each.finding is None and each.claims]


def _label(candidate: Candidate) -> str:
    return label(shown(candidate.pair.provider), shown(candidate.pair.model))


def _fitting(rows: Iterator[tuple[str, Row]], room: int, share: float) -> tuple[_Kept, int]:
    """The first rows that take no more than their share; and the room that is left.

    A row's name stands in the schema as well.
    """
    allowed = int(room * share)
    kept: _Kept = []
    taken = 0
    for name, row in rows:
        cost = count(_line(row)) + 2 + 2 * (count(name) + 3)
        if taken + cost > allowed:
            break
        taken += cost
        kept.append((name, row))
    return kept, room - taken


def _names(  # noqa: PLR0913 - each sort of names comes from the rows that were kept
    report: Report,
    facts: Facts,
    *,
    findings: _Kept,
    patterns: _Kept,
    candidates: _Kept,
    providers: _Kept,
) -> Names:
    by_id = {part.id: part for part in report.findings}
    by_finding = {each.finding: each for each in facts.candidates if each.finding}
    models: dict[str, Subject] = {}
    ambiguous: Counter[str] = Counter()
    for name, _ in findings:
        part = by_id[name]
        if part.model is not None:
            its = label(part.provider, part.model)
            ambiguous[its] += 1
            models[its] = Subject(part, by_finding.get(part.id))
    lone = {_label(each): each for each in _lone(facts)}
    for name, _ in candidates:
        ambiguous[name] += 1
        models[name] = Subject(None, lone[name])
    claims = {short(shown(provider)): finding for provider, finding in facts.providers.items()}
    return Names(
        findings={name: by_id[name] for name, _ in findings},
        models={name: its for name, its in models.items() if ambiguous[name] == 1},
        providers={name: claims.get(name) for name, _ in providers},
        patterns={name: part for (name, _), part in zip(patterns, _unknown(report), strict=False)},
        successors=_successors(facts),
        before=facts.before,
    )


def _successors(facts: Facts) -> dict[str, str]:
    """By the id of the finding, as the prompt's rows tell them."""
    entries = {finding: facts.entries.get(pair) for finding, pair in facts.pairs.items()}
    return {
        finding: short(shown(entry.successor))
        for finding, entry in entries.items()
        if entry and entry.successor
    }


def _counts(report: Report, kept: _Kept) -> dict[str, int]:
    shown_ids = {name for name, _ in kept}
    counts = Counter(
        f"{part.category} {short(part.provider or '')}".strip()
        for part in report.findings
        if part.id not in shown_ids
    )
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    others = sum(number for _, number in most[_GROUPS:])
    return dict(most[:_GROUPS]) | ({"others": others} if others else {})


def _list(kept: _Kept) -> str:
    return "[" + ",\n".join(_line(row) for _, row in kept) + "]"


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
