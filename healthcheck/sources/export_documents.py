"""What an export writes of a document: the fields that the check reads, in a form that reads alike.

Text goes out in three places, name, message and reason, and only as `redact` leaves it. Where junk
stands for a value, other junk that says nothing takes its place.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bson import DatetimeMS, ObjectId, json_util

from healthcheck.activity import UNKNOWN_NAME, Pair
from healthcheck.sources import catalogue, cleaning
from healthcheck.sources.limits import Limits

Redact = Callable[[str], str]
Plain = dict[str, Any]

_JUNK = ""
"""A time that is none; a kind that is none is 0."""


def error(document: Mapping[str, Any], redact: Redact, limits: Limits) -> Plain:
    """A failure."""
    plain = _attempt(document, cleaning.ERROR_TIMES, redact, limits)
    kind, is_junk = cleaning.kind(document.get("error_kind"))
    if kind is not None or is_junk:
        plain["error_kind"] = 0 if is_junk else kind
    plain["stage"] = cleaning.stage(document.get("stage"))
    plain["http_status"] = cleaning.http_status(document.get("http_status"))
    plain["message"] = _text(document.get("message"), redact, limits.message_characters)
    return plain


def success(document: Mapping[str, Any], redact: Redact, limits: Limits) -> Plain:
    """A success."""
    numbers = {field: cleaning.number(document.get(field)) for field in cleaning.RESULT_FIELDS}
    return _attempt(document, cleaning.SUCCESS_TIMES, redact, limits) | numbers


def last_success(pair: Pair, at: int, redact: Redact) -> Plain:
    """The one success that is known of a pair before all windows."""
    seconds = min(max(at // 1000, 0), 2**32 - 1)
    return {
        "_id": _identity(ObjectId(seconds.to_bytes(4, "big") + b"\0" * 8), redact),
        "provider": redact(pair.provider),
        "model_name": redact(pair.model),
        "gen_ts": _date(at),
    }


def entry(document: Mapping[str, Any], redact: Redact, limits: Limits) -> Plain:
    """An entry of the catalogue."""
    plain: Plain = {
        field: _name(document.get(field), redact, limits) for field in ("provider", "model_id")
    }
    for field in catalogue.FLAGS:
        plain[field] = catalogue.flag(document.get(field))
    for field in catalogue.DATES:
        ms = cleaning.time(document.get(field))
        plain[field] = None if ms is None else _date(ms)
    for field in catalogue.WORDS:
        plain[field] = _text(document.get(field), redact, limits.name_characters)
    reason = document.get("disabled_reason")
    plain["disabled_reason"] = _text(reason, redact, limits.message_characters)
    return plain


def line(document: Plain) -> bytes:
    """As one line of JSON."""
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _attempt(
    document: Mapping[str, Any], times: tuple[str, ...], redact: Redact, limits: Limits
) -> Plain:
    plain: Plain = {"_id": _identity(document.get("_id"), redact)}
    for field in ("provider", "model_name"):
        plain[field] = _name(document.get(field), redact, limits)
    for field in times:
        value = document.get(field)
        if type(value) is DatetimeMS:
            plain[field] = _date(int(value))
        elif value is not None:
            plain[field] = value if cleaning.time(value) is not None else _JUNK
    return plain


def _name(value: Any, redact: Redact, limits: Limits) -> str | None:
    name = cleaning.name(value, limits.name_characters)
    return None if name == UNKNOWN_NAME else redact(name)


def _text(value: Any, redact: Redact, longest: int) -> str | None:
    """Redacted as a whole, then cut: one character more than is kept says that it went on."""
    return redact(cleaning.text(value))[: longest + 1] if type(value) is str else None


def _date(ms: int) -> Plain:
    return {"$date": {"$numberLong": str(ms)}}


def _identity(value: Any, redact: Redact) -> Any:
    if isinstance(value, ObjectId):
        return {"$oid": str(value)}
    text = json_util.dumps(_redacted(value, redact), json_options=json_util.CANONICAL_JSON_OPTIONS)
    return json.loads(text)


def _redacted(value: Any, redact: Redact) -> Any:
    """An `_id` that somebody made of text may hold anything."""
    if type(value) is str:
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(key)): _redacted(held, redact) for key, held in value.items()}
    if isinstance(value, list):
        return [_redacted(held, redact) for held in value]
    return value
