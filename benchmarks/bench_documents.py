"""The documents of the stores that are measured, as bytes that need no further encoding."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import Random

import bson
from sample_messages import Failure, noise

UNTIL = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DAY_MS = 86_400_000
UNTIL_MS = int(UNTIL.timestamp()) * 1000

_PROVIDERS = "openai anthropic bedrock vertex groq together fireworks deepinfra azure openrouter"
_TRACEBACK = (
    "Traceback (most recent call last):\n"
    + '  File "/srv/bench/runner.py", line 118, in attempt\n    return await self.call()\n' * 18
)
_DATED = struct.Struct("<5s12s8sq8sq")


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the documents are; `traceback`: whether the failures have one."""

    pairs: int = 250
    message_characters: int = 300
    tokens: int = 4
    traceback: bool = False


def pairs(count: int) -> list[tuple[str, str]]:
    """So many of them, evenly over the providers."""
    providers = _PROVIDERS.split()
    return [(providers[n % len(providers)], f"vendor/model-{n:04}-instruct") for n in range(count)]


def catalog(count: int) -> Iterator[dict[str, object]]:
    """Every pair enabled."""
    for provider, model in pairs(count):
        yield {"provider": provider, "model_id": model, "enabled": True}


def moments(begin_ms: int, end_ms: int, count: int) -> Iterator[int]:
    """So many times, evenly spread."""
    for n in range(count):
        yield begin_ms + (end_ms - begin_ms) * n // count


def success(shape: Shape, number: int, moment_ms: int) -> bytes:
    """A success as BSON."""
    provider, model = _pairs(shape.pairs)[number % shape.pairs]
    tail = _rest_of_success(provider, model, shape.tokens)
    return _dated(number, moment_ms, (b"\x09gen_ts\0", b"\x09run_ts\0"), tail)


def error(shape: Shape, rng: Random, number: int, moment_ms: int) -> bytes:
    """A failure as BSON."""
    provider, model, failure = _failure(shape, rng, number)
    document: dict[str, object] = {
        "_id": bson.ObjectId(_object_id(number, moment_ms)),
        "provider": provider,
        "model_name": model,
        "ts": bson.DatetimeMS(moment_ms),
        "stage": failure.stage,
        "message": failure.message,
        "error_kind": failure.kind,
        "http_status": failure.status,
        "provider_error_code": None,
    }
    if shape.traceback:
        document["traceback"] = _TRACEBACK
        document["normalized_message"] = failure.message.lower()
    return bson.encode(document)


def success_line(shape: Shape, number: int, moment_ms: int) -> str:
    """A success as mongoexport writes it."""
    provider, model = _pairs(shape.pairs)[number % shape.pairs]
    return (
        f'{{"_id":{{"$oid":"{_object_id(number, moment_ms).hex()}"}},"provider":"{provider}",'
        f'"model_name":"{model}","run_ts":{{"$date":"{_iso(moment_ms - 3000)}"}},'
        f'"gen_ts":{{"$date":"{_iso(moment_ms)}"}},"requested_tokens":64,"output_tokens":64,'
        f'"generate_time":1.5,"times_between_tokens":[0.011,0.012,0.013,0.014]}}\n'
    )


def error_line(shape: Shape, rng: Random, number: int, moment_ms: int) -> str:
    """A failure as mongoexport writes it."""
    provider, model, failure = _failure(shape, rng, number)
    return (
        f'{{"_id":{{"$oid":"{_object_id(number, moment_ms).hex()}"}},"provider":"{provider}",'
        f'"model_name":"{model}","ts":{{"$date":"{_iso(moment_ms)}"}},"stage":"{failure.stage}",'
        f'"message":{json.dumps(failure.message)},"error_kind":"{failure.kind}",'
        f'"http_status":{json.dumps(failure.status)}}}\n'
    )


def _failure(shape: Shape, rng: Random, number: int) -> tuple[str, str, Failure]:
    """Of several kinds, with ids and numbers of its own, and as long as was asked for."""
    provider, model = _pairs(shape.pairs)[number % shape.pairs]
    told = noise(rng, provider, model)
    missing = shape.message_characters - len(told.message)
    more = f" | attempt {number} took {rng.random():.3f} s, request {rng.getrandbits(64):016x}"
    message = (told.message + more + _page(max(0, missing)))[: shape.message_characters]
    return provider, model, Failure(message, told.kind, told.status, told.stage)


@cache
def _page(characters: int) -> str:
    """What a gateway's error page adds."""
    line = '\n<p class="detail">The upstream server did not answer as it should have.</p>'
    return (line * (characters // len(line) + 1))[:characters]


@cache
def _pairs(count: int) -> list[tuple[str, str]]:
    return pairs(count)


@cache
def _rest_of_success(provider: str, model: str, tokens: int) -> bytes:
    """All that successes of a pair share, without the four bytes of the length."""
    rest = {
        "provider": provider,
        "model_name": model,
        "temperature": 0.1,
        "requested_tokens": 64,
        "output_tokens": 64,
        "generate_time": 1.503,
        "time_to_first_token": 0.311,
        "tokens_per_second": 42.6,
        "times_between_tokens": [0.011 + n / 10_000 for n in range(tokens)],
        "misc": {},
    }
    return bson.encode(rest)[4:]


def _dated(number: int, moment_ms: int, names: tuple[bytes, bytes], tail: bytes) -> bytes:
    """`_id` and both times before the rest."""
    head = _DATED.pack(
        b"\x07_id\0", _object_id(number, moment_ms), names[0], moment_ms, names[1], moment_ms - 3000
    )
    return struct.pack("<i", 4 + len(head) + len(tail)) + head + tail


def _object_id(number: int, moment_ms: int) -> bytes:
    return (moment_ms // 1000).to_bytes(4, "big") + number.to_bytes(8, "big")


def _iso(moment_ms: int) -> str:
    return (
        f"{datetime.fromtimestamp(moment_ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{moment_ms % 1000:03}Z"
    )
