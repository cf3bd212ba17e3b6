"""Error messages of no known kind, counted by pattern."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache, partial

from healthcheck.activity import ModelKey, Sample
from healthcheck.diagnosis import Timeline
from healthcheck.report.contract import PatternPart
from healthcheck.report.sanitize import sanitized_message
from healthcheck.taxonomy import ErrorKind, parameterize

MOST_PATTERNS = 50


def unknown_patterns(lines: Mapping[ModelKey, Timeline]) -> tuple[list[PatternPart], int]:
    """The most frequent patterns of each provider's messages, and how many more there are."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    newest: dict[tuple[str, str], Sample] = {}
    for pair, line in lines.items():
        pattern_of = cache(partial(parameterize, model=pair.model))
        for failure in line.failures:
            sample = failure.sample
            if sample and failure.kind is ErrorKind.UNKNOWN:
                key = pair.provider, pattern_of(sample.message)
                counts[key][pair.model] += failure.count
                newest[key] = max(newest.get(key, sample), sample, key=lambda s: (s.at, s.message))
    ordered = sorted(counts, key=lambda key: (-counts[key].total(), key))
    parts = [
        PatternPart(
            provider=key[0],
            count=counts[key].total(),
            models=[model for model, _ in counts[key].most_common()],
            sample=sanitized_message(newest[key].message, cut=newest[key].cut),
        )
        for key in ordered[:MOST_PATTERNS]
    ]
    return parts, len(ordered) - len(parts)
