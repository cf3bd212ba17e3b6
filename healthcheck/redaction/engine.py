"""Applying the rules: find in every view of the text, join what overlaps, mark it."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.decoded_views import View, views
from healthcheck.redaction.encoded_secrets import encoded_secret_rule
from healthcheck.redaction.key_formats import BLOCK_RULES, KEY_FORMAT_RULES
from healthcheck.redaction.named_values import NAMED_VALUE_RULES
from healthcheck.redaction.positional_secrets import POSITIONAL_SECRET_RULES
from healthcheck.redaction.prose import PROSE_RULES
from healthcheck.redaction.rule import RedactionRule, marker, places

_PLAIN = (*KEY_FORMAT_RULES, *POSITIONAL_SECRET_RULES, *NAMED_VALUE_RULES, *PROSE_RULES)
# The most telling first: where two meet, the first one names what was found.
RULES = (*BLOCK_RULES, encoded_secret_rule((*BLOCK_RULES, *_PLAIN[:-1])), *_PLAIN)

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
    # Those that yield see what the others have left, one after the other.
    yielding = [[rule] for rule in rules if rule.yields]
    stages = [[rule for rule in rules if not rule.yields], *yielding]
    for _ in range(_PASSES):
        # Of all letters only this one becomes longer: places have to remain the same.
        seen = [(view, view.text.replace("\u0130", "i").lower()) for view in views(text)]
        for stage in stages:
            spans = _spans(stage, text, seen)
            if spans and (marked := _marked(stage, text, spans)) != text:
                text = marked
                break
        else:
            return text
    return marker(UNREADABLE)


def _spans(
    rules: Sequence[RedactionRule], text: str, seen: Iterable[tuple[View, str]]
) -> list[Span]:
    found = [
        (*view.locate(start, end), rank)
        for view, lowered in seen
        for rank, rule in enumerate(rules)
        if rule.occurs(lowered)
        for start, end in rule.spans(view.text, lowered)
    ]
    # What was told to be a secret once is one everywhere, also where nothing around it says so.
    values = {text[start:end]: rank for start, end, rank in found if end - start >= _DISTINCT}
    return found + [
        (place, place + len(value), rank)
        for value, rank in values.items()
        for place in places(value, text)
    ]


def _marked(rules: Sequence[RedactionRule], text: str, spans: list[Span]) -> str:
    nothing = len(rules)
    ranks = [nothing] * len(text)  # of each character: the rule that tells most of it
    for start, end, rank in spans:
        ranks[start:end] = [min(rank, other) for other in ranks[start:end]]
    for match in MARKER.finditer(text):
        ranks[match.start() : match.end()] = [nothing] * len(match[0])
    pieces: list[str] = []
    done = 0
    for is_found, run in groupby(ranks, nothing.__gt__):
        found = list(run)
        piece = text[done : done + len(found)]
        is_told = is_found and any(map(str.isalnum, piece))
        pieces.append(marker(rules[min(found)].id) if is_told else piece)
        done += len(found)
    return "".join(pieces)
