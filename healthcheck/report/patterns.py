"""Error messages counted by pattern."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

from healthcheck.activity import ModelKey, Sample
from healthcheck.diagnosis import Timeline
from healthcheck.redaction import redact
from healthcheck.report.contract import PatternPart
from healthcheck.report.sanitize import printable, sanitized_message
from healthcheck.taxonomy import ErrorKind, parameterize

MOST_PATTERNS = 50
_MOST_CANDIDATES = 1_000
"""Redaction is the dear part: it sees one message of each of so many most frequent patterns."""


class _Key(NamedTuple):
    kind: ErrorKind
    provider: str
    http_status: int | None
    pattern: str


@dataclass(slots=True)
class _Count:
    newest: Sample
    count: int = 0
    models: Counter[str] = field(default_factory=Counter)

    def add(self, count: int, models: Mapping[str, int], sample: Sample) -> None:
        self.count += count
        self.models.update(models)
        self.newest = max(self.newest, sample, key=lambda each: (each.at, each.message))


def patterns(lines: Mapping[ModelKey, Timeline]) -> tuple[list[PatternPart], int]:
    """The most frequent patterns, and how many more there are."""
    raw: dict[_Key, _Count] = {}
    for pair, line in lines.items():
        pattern_of = cache(partial(parameterize, model=pair.model))
        for failure in line.failures:
            if sample := failure.sample:
                pattern = pattern_of(sample.message)
                key = _Key(failure.kind, pair.provider, sample.http_status, pattern)
                found = raw.setdefault(key, _Count(sample))
                found.add(failure.count, {pair.model: failure.count}, sample)
    candidates = _ordered(raw)
    merged: dict[_Key, _Count] = {}
    for key, found in candidates[:_MOST_CANDIDATES]:
        # Patterns may break the shape by which a secret is known: redact, then parameterize.
        model = next(iter(found.models)) if len(found.models) == 1 else None
        safe = key._replace(pattern=parameterize(redact(found.newest.message), model=model))
        merged.setdefault(safe, _Count(found.newest)).add(found.count, found.models, found.newest)
    parts = [
        PatternPart(
            **key._replace(pattern=printable(key.pattern))._asdict(),
            count=found.count,
            models=[model for model, _ in found.models.most_common()],
            sample=sanitized_message(found.newest.message, cut=found.newest.cut),
        )
        for key, found in _ordered(merged)[:MOST_PATTERNS]
    ]
    return parts, len(merged) - len(parts) + max(0, len(candidates) - _MOST_CANDIDATES)


def _ordered(counts: Mapping[_Key, _Count]) -> list[tuple[_Key, _Count]]:
    return sorted(counts.items(), key=lambda item: (-item[1].count, *map(str, item[0])))
