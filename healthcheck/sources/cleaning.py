"""What counts as what in a raw document."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from bson import DatetimeMS, Decimal128, ObjectId

from healthcheck.activity import UNKNOWN_NAME, Pair, Stage
from healthcheck.sources.times import HOUR_MS, in_range, object_id_seconds, parse_iso
from healthcheck.taxonomy import ErrorKind

# The first valid of these is the time of an attempt.
ERROR_TIMES = ("ts",)
SUCCESS_TIMES = ("gen_ts", "run_ts")
RESULT_FIELDS = ("visible_output_tokens", "output_tokens", "requested_tokens", "tokens_per_second")

_NAMES = ("_id", "provider", "model_name")
ERROR_FIELDS = (*_NAMES, *ERROR_TIMES, "stage", "error_kind", "message")
SUCCESS_FIELDS = (*_NAMES, *SUCCESS_TIMES, *RESULT_FIELDS)
"""What is counted from."""

KINDS = tuple(kind.value for kind in ErrorKind)
FURTHEST_ZONE = 14
"""No zone lies further from UTC, in hours."""
SHIFT_TOLERANCE_MS = 120_000
"""A result is stored within seconds; two minutes leave room for a slow database."""
LARGEST = 1e12
"""What is larger is no measurement."""
STAGES = ("generate", "validate", "log", "ingest")
UNKNOWN_KIND = ErrorKind.UNKNOWN.value

_kinds = {kind: kind for kind in KINDS}
_stages = {name: Stage(name) for name in STAGES}
_lone_surrogate = re.compile("[\ud800-\udfff]")


class When(NamedTuple):
    """The time of an attempt in milliseconds, and whether it had to be made out."""

    ms: int | None
    repaired: bool


def name(value: Any, longest: int) -> str:
    """A provider's or model's name as far as it is one; what is too long is none."""
    if type(value) is not str or not value or len(value) > longest:
        return UNKNOWN_NAME
    return value if value.isascii() else text(value)


def pair(document: Mapping[str, Any], longest: int) -> tuple[Pair, bool]:
    """Whose attempt it was, and whether that had to be repaired."""
    provider, model = document.get("provider"), document.get("model_name")
    clean = Pair(name(provider, longest), name(model, longest))
    return clean, UNKNOWN_NAME in clean or clean != (provider, model)


def text(value: str) -> str:
    """What can be encoded: JSON can hold halves of surrogate pairs."""
    return _lone_surrogate.sub("\ufffd", value)


def when(document: Mapping[str, Any], fields: tuple[str, ...]) -> When:
    """The first valid time among the fields, else the one in the `_id`."""
    repaired = False
    for field in fields:
        value = document.get(field)
        if value is None:
            continue
        ms = time(value)
        if ms is not None:
            return When(ms, repaired or type(value) is str)
        repaired = True
    identity = document.get("_id")
    if isinstance(identity, ObjectId):
        return When(object_id_seconds(identity) * 1000, repaired=True)
    return When(None, repaired)


def time(value: Any) -> int | None:
    """The milliseconds of a date or of an ISO 8601 text."""
    if type(value) is DatetimeMS:
        return in_range(int(value))
    return parse_iso(value) if type(value) is str else None


def order(identity: Any) -> str:
    """By which documents of the same time are sorted: ObjectIds as the server sorts them.

    The same from all sources: those that write JSON do not tell numbers of one value apart.
    """
    if isinstance(identity, ObjectId):
        return str(identity)
    from bson import json_util  # noqa: PLC0415 - nearly all are ObjectIds

    return json_util.dumps(identity, json_options=json_util.RELAXED_JSON_OPTIONS)


def shift(ms: int, document: Mapping[str, Any]) -> int:
    """How many whole hours a time lies off its `_id`: a clock of another zone; 0 where it does not."""
    identity = document.get("_id")
    if not isinstance(identity, ObjectId):
        return 0
    off = ms - object_id_seconds(identity) * 1000
    hours = round(off / HOUR_MS)
    is_zone = 0 < abs(hours) <= FURTHEST_ZONE and abs(off - hours * HOUR_MS) <= SHIFT_TOLERANCE_MS
    return hours if is_zone else 0


def number(value: Any) -> float | None:
    """A number that can be counted with."""
    if isinstance(value, Decimal128):
        value = float(value.to_decimal())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < LARGEST else None


def kind(value: Any) -> tuple[str | None, bool]:
    """One of the nine words, `unknown` for any other text, None for none."""
    if type(value) is str:
        return (value if value in _kinds else UNKNOWN_KIND), False
    return None, value is not None


def stage(value: Any) -> Stage:
    """Where it failed, as far as that is one of the words."""
    return _stages.get(value, Stage.OTHER) if type(value) is str else Stage.OTHER


def http_status(value: Any) -> int | None:
    """A whole number that can be a status."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 100 <= value <= 599 and value == int(value) else None  # noqa: PLR2004 - the range of statuses


def message(value: Any, longest: int) -> tuple[str, bool]:
    """What is kept of a message, and whether it went on."""
    if type(value) is not str:
        return "", False
    return text(value[:longest]), len(value) > longest
