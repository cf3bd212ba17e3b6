"""What counts as what in a raw document."""

import re
from collections.abc import Mapping
from typing import Any

from bson import CodecOptions, DatetimeMS, Decimal128, ObjectId
from bson.codec_options import DatetimeConversion

from healthcheck.activity import UNKNOWN_NAME, ModelKey, Stage
from healthcheck.sources.times import HOUR_MS, in_range, object_id_ms, parse_iso
from healthcheck.taxonomy import ErrorKind

Document = Mapping[str, Any]
Fields = tuple[str, ...]

# Dates in milliseconds whatever their year; bytes that are not UTF-8 do not stop the run.
CODEC: CodecOptions[dict[str, Any]] = CodecOptions(
    datetime_conversion=DatetimeConversion.DATETIME_MS, unicode_decode_error_handler="replace"
)

# The first valid of these is the time of an attempt.
ERROR_TIMES = ("ts",)
SUCCESS_TIMES = ("gen_ts", "run_ts")
SPEED = "tokens_per_second"
RESULT_FIELDS = ("visible_output_tokens", "output_tokens", "requested_tokens")

_NAMES = ("_id", "provider", "model_name")
ERROR_FIELDS = (*_NAMES, *ERROR_TIMES, "stage", "error_kind", "message", "http_status")
SUCCESS_FIELDS = (*_NAMES, *SUCCESS_TIMES, *RESULT_FIELDS, SPEED)
"""All that is read of a document."""

_MINUTE_MS = 60_000
_TOLERANCE = 2
"""A result is stored within seconds; so many minutes leave room for a slow database."""
CLOSE_MS = HOUR_MS - _TOLERANCE * _MINUTE_MS
"""A time as close to its `_id` is never in another zone."""
_FURTHEST_ZONE = 14
"""No zone lies further from UTC, in hours."""
LARGEST = 1e12
"""What is larger is no measurement."""

_kinds = frozenset(kind.value for kind in ErrorKind)
_stages = {stage.value: stage for stage in Stage}
_lone_surrogate = re.compile("[\ud800-\udfff]")


When = tuple[int | None, int | None, bool, int]
"""When an attempt was, and when it was stored, in milliseconds, None where nothing says it; whether
that had to be repaired; and by how many whole hours the clock was wrong, which is corrected."""


def model(document: Document, longest: int, field: str = "model_name") -> tuple[ModelKey, bool]:
    """Whose document it is, as far as it names a model, and whether that had to be repaired or cut."""
    names = provider, name = document.get("provider"), document.get(field)
    clean = ModelKey(words(provider, longest) or UNKNOWN_NAME, words(name, longest) or UNKNOWN_NAME)
    return clean, clean != names or UNKNOWN_NAME in clean


def text(value: str) -> str:
    """What can be encoded: JSON can hold halves of surrogate pairs."""
    return value if value.isascii() else _lone_surrogate.sub("\ufffd", value)


def when(document: Document, fields: Fields) -> When:
    """The first valid time among the fields, without a wrong zone; else the one in the `_id`."""
    identity = document.get("_id")
    stored = object_id_ms(identity) if isinstance(identity, ObjectId) else None
    repaired = False
    for field in fields:
        value = document.get(field)
        if (ms := time(value)) is not None:
            hours = 0 if stored is None else _zone(ms - stored)
            return ms - hours * HOUR_MS, stored, repaired, hours
        repaired = repaired or value is not None
    return stored, stored, True, 0


def time(value: Any) -> int | None:
    """The milliseconds of a date or of an ISO 8601 text."""
    return parse_iso(value) if type(value) is str else date(value)


def date(value: Any) -> int | None:
    """The milliseconds of a date."""
    return in_range(int(value)) if type(value) is DatetimeMS else None


def _zone(off: int) -> int:
    """The whole hours that a time lies off its `_id`: a clock of another zone, else 0."""
    if -CLOSE_MS < off < CLOSE_MS:
        return 0
    minutes = off // _MINUTE_MS
    hours = round(minutes / 60)
    is_zone = abs(hours) <= _FURTHEST_ZONE and -_TOLERANCE <= minutes - hours * 60 < _TOLERANCE
    return hours if is_zone else 0


def number(value: Any) -> float | None:
    """A number that can be counted with."""
    if isinstance(value, Decimal128):
        value = float(value.to_decimal())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < LARGEST else None


def kind(value: Any) -> tuple[str, bool]:
    """One of the nine words, `unknown` for any other text, "" for none; whether it was junk."""
    if type(value) is str:
        return (value if value in _kinds else ErrorKind.UNKNOWN.value), False
    return "", value is not None


def stage(value: Any) -> Stage:
    """Where it failed, as far as that is one of the words."""
    return _stages.get(value, Stage.OTHER) if type(value) is str else Stage.OTHER


def http_status(value: Any) -> int | None:
    """A whole number that can be a status."""
    status = number(value) or 0.0
    return int(status) if 100 <= status <= 599 and status.is_integer() else None  # noqa: PLR2004 - the range of statuses


def words(value: Any, longest: int) -> str:
    """What is kept of a text; nothing of other types."""
    return text(value[:longest]) if type(value) is str else ""
