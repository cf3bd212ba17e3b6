"""Asking OpenAI: the one place that knows its SDK. Never raises, never takes longer than allowed."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from healthcheck.assessment.envelope import known_request_id, read_body
from healthcheck.assessment.outcome import Reply, Unavailable, Usage
from healthcheck.assessment.refusals import refusal_of

if TYPE_CHECKING:
    from openai import OpenAI

MOST_OUTPUT_TOKENS = 4_000
"""An honest answer takes some 800; models that reason first spend theirs here as well."""
_BASE_URL = "https://api.openai.com/v1"
_TRIES = 4
_FIRST_PAUSE_SECONDS = 0.5
_CONNECT_SECONDS = 10.0
_LEAST_SECONDS = 0.2
"""With less than this left, another try is none."""
_MOST_BYTES = 2_000_000

Outcome = Reply | Unavailable
Attempt = Callable[["OpenAI", float], Outcome]


@dataclass(frozen=True, slots=True)
class Connection:
    """Where and as whom to ask, and how long in all."""

    key: str
    model: str
    base_url: str | None
    seconds: float


def ask(connection: Connection, request: dict[str, Any]) -> Outcome:
    """The answer to a request; tried again where that is worth it."""
    return _within(connection, lambda client, deadline: _answer(client, request, deadline))


def look_up(connection: Connection) -> Outcome:
    """Whether the key works and the model is there; takes no tokens."""
    return _within(connection, lambda client, deadline: _model(client, connection.model, deadline))


def request_body(
    model: str, instructions: str, data: str, schema: dict[str, Any]
) -> dict[str, Any]:
    """The body of the request: the strict schema, a bounded answer, and nothing kept over there."""
    return {
        "model": model,
        "instructions": instructions,
        "input": [{"role": "user", "content": data}],
        "text": {
            "format": {
                "type": "json_schema",
                "name": "assessment",
                "strict": True,
                "schema": schema,
            }
        },
        "max_output_tokens": MOST_OUTPUT_TOKENS,
        "store": False,
    }


def _within(connection: Connection, attempt: Attempt) -> Outcome:
    """In a thread that is left alone when the time is up: no server can hold the report back.

    Time-outs of sockets are between two bytes, and name resolution has none at all.
    """
    if not _is_a_key(connection.key):
        return Unavailable(
            "OPENAI_API_KEY holds characters that no key has", "Mend OPENAI_API_KEY."
        )
    deadline = time.monotonic() + connection.seconds
    outcomes: list[Outcome] = []

    def run() -> None:
        try:
            outcomes.append(_tried(connection, attempt, deadline))
        except Exception as error:  # noqa: BLE001 - a thread must not print what it dies of
            outcomes.append(Unavailable(f"the SDK failed ({type(error).__name__})"))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(connection.seconds)
    return outcomes[0] if outcomes else _too_slow(connection.seconds)


def _is_a_key(key: str) -> bool:
    return bool(key) and key.isascii() and key.isprintable() and " " not in key


def _too_slow(seconds: float) -> Unavailable:
    return Unavailable(f"it did not answer within {seconds:g} s")


def _tried(connection: Connection, attempt: Attempt, deadline: float) -> Outcome:
    pause = _FIRST_PAUSE_SECONDS
    for number in range(1, _TRIES + 1):
        outcome = _attempted(connection, attempt, deadline)
        if isinstance(outcome, Reply) or not outcome.retry:
            return outcome
        wait = pause if outcome.wait_seconds is None else outcome.wait_seconds
        if number == _TRIES or time.monotonic() + wait + _LEAST_SECONDS > deadline:
            tries = f", in {number} tries" if number > 1 else ""
            return replace(outcome, why=f"{outcome.why}{tries}")
        time.sleep(wait)
        pause *= 2
    raise AssertionError("the last try returns")


def _attempted(connection: Connection, attempt: Attempt, deadline: float) -> Outcome:
    """One call, whatever the SDK or a broken connection makes of it."""
    import openai  # noqa: PLC0415 - it takes most of a second

    left = max(_LEAST_SECONDS, deadline - time.monotonic())
    try:
        with openai.OpenAI(
            api_key=connection.key,
            base_url=connection.base_url or _BASE_URL,
            timeout=openai.Timeout(left, connect=min(left, _CONNECT_SECONDS)),
            max_retries=0,
        ) as client:
            return attempt(client, deadline)
    except openai.APIStatusError as error:
        return refusal_of(error, connection.model)
    except openai.APITimeoutError:
        outcome = Unavailable("OpenAI did not answer in time", retry=True)
    except openai.APIConnectionError as error:
        if _cause(error) in ("UnsupportedProtocol", "InvalidURL"):
            return Unavailable(
                "OPENAI_BASE_URL is no http:// or https:// address", "Mend OPENAI_BASE_URL."
            )
        outcome = Unavailable(f"OpenAI cannot be reached ({_cause(error)})", retry=True)
    except Exception as error:  # noqa: BLE001 - no report is lost for what a library raises
        outcome = Unavailable(f"the connection broke off ({type(error).__name__})", retry=True)
    is_over = deadline - time.monotonic() <= _LEAST_SECONDS
    return _too_slow(connection.seconds) if is_over else outcome


def _answer(client: "OpenAI", request: dict[str, Any], deadline: float) -> Outcome:
    """Read bit by bit: a body without end is left, and its shape is checked by us."""
    with client.responses.with_streaming_response.create(**request) as response:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _MOST_BYTES:
                return Unavailable("the answer of the server is far too long")
            if time.monotonic() > deadline:
                return Unavailable("it did not answer in time")
        return read_body(
            bytes(body),
            response.headers.get("content-type", ""),
            response.headers.get("x-request-id"),
        )


def _model(client: "OpenAI", model: str, deadline: float) -> Outcome:
    with client.models.with_streaming_response.retrieve(model) as response:
        for _ in response.iter_bytes():
            if time.monotonic() > deadline:
                return Unavailable("it did not answer in time")
        request_id = known_request_id(response.headers.get("x-request-id"))
        return Reply(model, Usage(request_id=request_id))


def _cause(error: BaseException) -> str:
    """The class alone: its text may hold an address with a password."""
    return type(error.__cause__ or error).__name__
