"""Values of MongoDB's Extended JSON, canonical and relaxed; only of the fields that are read."""

import json
from typing import Any

from bson import DatetimeMS, ObjectId, json_util
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError

from healthcheck.sources.times import parse_utc

_OPTIONS = json_util.JSONOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)
_OBJECT_ID_DIGITS = 24


def plain(value: Any) -> Any:
    """The value as BSON's reader would give it; what only looks like Extended JSON stays as it is."""
    if type(value) is not dict:
        return value
    try:
        if len(value) == 1:
            ((sign, held),) = value.items()
            if sign == "$oid":
                return ObjectId(held)
            if sign == "$date":
                ms = _date(held)
                return value if ms is None else DatetimeMS(ms)
            if sign in ("$numberInt", "$numberLong"):
                return int(held)
        return json_util.loads(json.dumps(value), json_options=_OPTIONS)
    except (BSONError, ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return value


def _date(held: Any) -> int | None:
    """Relaxed dates are texts, canonical ones and those before 1970 are numbers."""
    if type(held) is str:
        return parse_utc(held)
    return int(held["$numberLong"]) if type(held) is dict else int(held)
