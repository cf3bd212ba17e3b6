"""MongoDB's order of values of any type, as keys that Python can sort and hash."""

import math
from datetime import datetime
from decimal import Decimal
from typing import Any

from bson import Code, DatetimeMS, DBRef, Decimal128, MaxKey, MinKey, ObjectId, Regex, Timestamp

from healthcheck.sources.times import to_ms

_MIN, _NULL, _NUMBER, _TEXT, _DOCUMENT, _ARRAY, _BINARY, _OBJECT_ID = 1, 5, 10, 15, 20, 25, 30, 35
_BOOLEAN, _DATE, _TIMESTAMP, _REGEX, _CODE, _SCOPED_CODE, _MAX = 40, 45, 47, 50, 60, 65, 127

Key = tuple[Any, ...]


def order(value: Any) -> Key:
    """A key that sorts as MongoDB sorts the value; equal for what MongoDB holds to be equal."""
    if isinstance(value, ObjectId):
        return _OBJECT_ID, value.binary
    if isinstance(value, bool):
        return _BOOLEAN, value
    if isinstance(value, int | float | Decimal128):
        return _NUMBER, *_number(value)
    if isinstance(value, str):
        return _text_or_code(value)
    if value is None:
        return (_NULL,)
    return _rarer(value)


def _text_or_code(value: str) -> Key:
    if not isinstance(value, Code):
        return _TEXT, _bytes(value)
    if value.scope is None:
        return _CODE, _bytes(value)
    return _SCOPED_CODE, _bytes(value), _fields(value.scope)


def _rarer(value: Any) -> Key:  # noqa: C901, PLR0911 - one line a type
    match value:
        case dict():
            return _DOCUMENT, _fields(value)
        case DBRef():
            return _DOCUMENT, _fields(value.as_doc())
        case list() | tuple():
            return _ARRAY, tuple(order(item) for item in value)
        case bytes():
            return _BINARY, len(value), getattr(value, "subtype", 0), bytes(value)
        case DatetimeMS():
            return _DATE, int(value)
        case datetime():
            return _DATE, to_ms(value)
        case Timestamp():
            return _TIMESTAMP, value.time, value.inc
        case Regex():
            return _REGEX, str(value.pattern), value.flags
        case MinKey():
            return (_MIN,)
        case MaxKey():
            return (_MAX,)
        case _:
            return _TEXT, _bytes(str(value))


def _number(value: float | Decimal128) -> tuple[int, Any]:
    """NaN is below all numbers; Python compares int, float and Decimal exactly."""
    number: float | Decimal
    if isinstance(value, Decimal128):
        number = value.to_decimal()
        if number.is_nan():
            return 0, 0
        return 1, number
    return (0, 0) if isinstance(value, float) and math.isnan(value) else (1, value)


def _fields(document: Any) -> tuple[Key, ...]:
    """Field by field: by type first, then name, then value."""
    keys = ((order(value), name) for name, value in document.items())
    return tuple((key[0], _bytes(name), key[1:]) for key, name in keys)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
