"""Error messages counted by pattern."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from healthcheck.activity import ModelKey, Sample
from healthcheck.diagnosis import Timeline
from healthcheck.redaction import redact
from healthcheck.report.contract import PatternPart
from healthcheck.report.sanitize import printable, sanitized, sanitized_message
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
    count: int = 0
    models: Counter[str] = field(default_factory=Counter)
    newest: Sample | None = None

    def add(self, count: int, model: str, sample: Sample) -> None:
        self.count += count
        self.models[model] += count
        if self.newest is None or _order(sample) > _order(self.newest):
            self.newest = sample

    def merge(self, other: "_Count") -> None:
        self.count += other.count
        self.models.update(other.models)
        if other.newest and (self.newest is None or _order(other.newest) > _order(self.newest)):
            self.newest = other.newest


def _order(sample: Sample) -> tuple[datetime, str]:
    return sample.at, sample.message


def patterns(lines: Mapping[ModelKey, Timeline]) -> tuple[list[PatternPart], int]:
    """The most frequent patterns, and how many more there are."""
    raw = _counted(lines)
    candidates = sorted(raw.items(), key=lambda item: (-item[1].count, _sortable(item[0])))
    merged: dict[_Key, _Count] = defaultdict(_Count)
    for key, count in candidates[:_MOST_CANDIDATES]:
        # Patterns may break the shape by which a secret is known: redact, then parameterize.
        message = redact(count.newest.message if count.newest else "")
        model = next(iter(count.models)) if len(count.models) == 1 else None
        merged[key._replace(pattern=parameterize(message, model=model))].merge(count)
    best = sorted(merged.items(), key=lambda item: (-item[1].count, _sortable(item[0])))
    parts = [_part(key, count) for key, count in best[:MOST_PATTERNS]]
    return parts, len(best) - len(parts) + max(0, len(candidates) - _MOST_CANDIDATES)


def _counted(lines: Mapping[ModelKey, Timeline]) -> dict[_Key, _Count]:
    raw: dict[_Key, _Count] = defaultdict(_Count)
    for pair, line in lines.items():
        known: dict[str, str] = {}
        for failure in line.failures:
            sample = failure.sample
            if sample is None:
                continue
            if sample.message not in known:
                known[sample.message] = parameterize(sample.message, model=pair.model)
            key = _Key(failure.kind, pair.provider, sample.http_status, known[sample.message])
            raw[key].add(failure.count, pair.model, sample)
    return raw


def _sortable(key: _Key) -> tuple[str, ...]:
    return (key.kind, key.provider, str(key.http_status), key.pattern)


def _part(key: _Key, count: _Count) -> PatternPart:
    sample = count.newest
    return PatternPart(
        kind=key.kind,
        provider=sanitized(key.provider),
        http_status=key.http_status,
        pattern=printable(key.pattern),
        count=count.count,
        models=[sanitized(model) for model, _ in count.models.most_common()],
        sample=sanitized_message(sample.message, cut=sample.cut) if sample else "",
    )
