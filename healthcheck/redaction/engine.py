"""Applying the rules: find in every view of the text, join what overlaps, mark it."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.decoded_views import View, views
from healthcheck.redaction.encoded_secrets import EncodedSecretRule
from healthcheck.redaction.key_formats import BLOCK_RULES, KEY_FORMAT_RULES
from healthcheck.redaction.named_values import NAMED_VALUE_RULES
from healthcheck.redaction.positional_secrets import POSITIONAL_SECRET_RULES
from healthcheck.redaction.prose import PROSE_RULES
from healthcheck.redaction.rule import RedactionRule, marker, places

_PLAIN = (*KEY_FORMAT_RULES, *POSITIONAL_SECRET_RULES, *NAMED_VALUE_RULES, *PROSE_RULES)
# The most telling first: where two meet, the first one names what was found.
RULES = (*BLOCK_RULES, EncodedSecretRule((*BLOCK_RULES, *_PLAIN[:-1])), *_PLAIN)

# Stands for a whole text that does not come to rest: such a text was built to confuse.
UNREADABLE = "unreadable-text"

_IDS = (UNREADABLE, *(rule.id for rule in RULES))
MARKER = lazy_pattern(rf"\[redacted:(?:{'|'.join(map(re.escape, _IDS))})\]")

_PASSES = 12
# Shorter values may be words, which stand elsewhere for themselves.
_DISTINCT = 12

# Start, end, and the rank of the rule that found it.
Span = tuple[int, int, int]


@lru_cache(maxsize=4096)  # names come again and again, and messages twice
def redact(text: str) -> str:
    """Return the text with a marker in the place of every secret."""
    return redact_with(RULES, text)


def redact_with(rules: Sequence[RedactionRule], text: str) -> str:
    """Return the text with a marker in the place of everything that these rules find."""
    for _ in range(_PASSES):
        spans = _outside_markers(text, _joined(_spans(rules, text)))
        if not spans:
            return text
        text = _marked(rules, text, spans)
    return marker(UNREADABLE)


def _spans(rules: Sequence[RedactionRule], text: str) -> list[Span]:
    found: list[Span] = []
    later: list[tuple[int, View, str]] = []
    for view in views(text):
        # Of all letters only this one becomes longer: places have to remain the same.
        lowered = view.text.replace("\u0130", "i").lower()
        for rank, rule in enumerate(rules):
            if not rule.occurs(lowered):
                continue
            if rule.yields:
                later.append((rank, view, lowered))
            else:
                found += _located(view, rule.spans(view.text, lowered), rank)
    for rank, view, lowered in later:
        taken = _joined([span for span in found if span[2] != rank])
        spans = _located(view, rules[rank].spans(view.text, lowered), rank)
        found += [span for span in spans if not _touches(taken, span)]
    return [*found, *_again(text, found)]


def _located(view: View, spans: Iterable[tuple[int, int]], rank: int) -> list[Span]:
    return [(*view.locate(start, end), rank) for start, end in spans if view.shows(start, end)]


def _again(text: str, found: list[Span]) -> Iterator[Span]:
    # What was told to be a secret once is one everywhere, also where nothing around it says so.
    values = {text[start:end]: rank for start, end, rank in found if end - start >= _DISTINCT}
    for value, rank in values.items():
        for place in places(value, text):
            yield place, place + len(value), rank


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end, rank in sorted(spans):
        if joined and start < joined[-1][1]:
            last = joined[-1]
            joined[-1] = (last[0], max(last[1], end), min(last[2], rank))
        else:
            joined.append((start, end, rank))
    return joined


def _touches(taken: list[Span], span: Span) -> bool:
    index = bisect_left(taken, (span[1],)) - 1
    return index >= 0 and taken[index][1] > span[0]


def _outside_markers(text: str, spans: list[Span]) -> list[Span]:
    if not spans or "[redacted:" not in text:
        return spans
    markers = [match.span() for match in MARKER.finditer(text)]
    outside: list[Span] = []
    index = 0
    for start, end, rank in spans:
        while index < len(markers) and markers[index][1] <= start:
            index += 1
        here = index
        position = start
        while here < len(markers) and markers[here][0] < end:
            outside.append((position, markers[here][0], rank))
            position = markers[here][1]
            here += 1
        outside.append((position, end, rank))
    return [s for s in outside if s[0] < s[1] and any(c.isalnum() for c in text[s[0] : s[1]])]


def _marked(rules: Sequence[RedactionRule], text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, rank in spans:
        pieces += (text[done:start], marker(rules[rank].id))
        done = end
    pieces.append(text[done:])
    return "".join(pieces)
