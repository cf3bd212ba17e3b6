"""What an export writes of a document: the fields that the check reads, all text redacted."""

from collections.abc import Callable, Mapping
from typing import Any

from bson import DatetimeMS, json_util

from healthcheck.activity import Pair
from healthcheck.sources.cleaning import text
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import object_id_of

Redact = Callable[[str], str]


def line(document: Mapping[str, Any], redact: Redact, limits: Limits) -> bytes:
    """As one line of Extended JSON.

    A message is redacted as a whole, then cut: one character more than is kept shows the cut.
    """
    plain = {name: _written(value, redact) for name, value in document.items()}
    if type(message := plain.get("message")) is str:
        plain["message"] = message[: limits.message_characters + 1]
    said = json_util.dumps(plain, json_options=json_util.CANONICAL_JSON_OPTIONS)
    return said.encode() + b"\n"


def last_success(pair: Pair, at: int) -> dict[str, Any]:
    """The one success that is known of a pair before all windows."""
    names = {"provider": pair.provider, "model_name": pair.model}
    return {"_id": object_id_of(at), **names, "gen_ts": DatetimeMS(at)}


def _written(value: Any, redact: Redact) -> Any:
    if type(value) is str:
        return redact(text(value))
    if isinstance(value, Mapping):
        return {redact(str(name)): _written(held, redact) for name, held in value.items()}
    if isinstance(value, list):
        return [_written(held, redact) for held in value]
    return value
