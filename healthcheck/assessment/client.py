"""Asking OpenAI: the one place that knows its SDK. Never takes longer than allowed."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from healthcheck.assessment.refusals import lacks_the_api, no_client, no_connection, refusal_of
from healthcheck.assessment.response import Reply, Unavailable, read_body
from healthcheck.settings import Settings, is_web_address

if TYPE_CHECKING:
    from openai import OpenAI

MOST_OUTPUT_TOKENS = 4_000
"""An honest answer takes some 800; models that reason first spend theirs here as well."""
_BASE_URL = "https://api.openai.com/v1"
_RETRIES = 3
_LONGEST_PAUSE_SECONDS = 2.0
"""Of the SDK's own, before the last of these retries."""
_CONNECT_SECONDS = 10.0
_MOST_BYTES = 2_000_000


def ask(settings: Settings, request: dict[str, Any]) -> Reply:
    """The answer to a request, by settings that are not `unusable`. Raises Unavailable.

    The SDK tries again what may pass.
    """
    # No server can hold the report back: the limit of a socket is between two bytes, and the
    # program ends without waiting for a thread that is left behind (os._exit).
    asked = ThreadPoolExecutor(1).submit(_asked, settings, request)
    try:
        return asked.result(settings.openai_deadline)
    except TimeoutError:
        why = f"it did not answer within {settings.openai_deadline:g} s"
        raise Unavailable(why) from None


def unusable(settings: Settings) -> Unavailable | None:
    """What is wrong with the settings, as far as that is known without asking."""
    key, url = _key(settings), settings.openai_base_url
    if settings.openai_api_key is None:
        return Unavailable("OPENAI_API_KEY is not set")
    if not (key and key.isascii() and key.isprintable() and " " not in key):
        return Unavailable("OPENAI_API_KEY contains invalid characters", "Correct OPENAI_API_KEY.")
    if url and not is_web_address(url):
        what = "OPENAI_BASE_URL is not an http:// or https:// address"
        return Unavailable(what, "Correct OPENAI_BASE_URL.")
    return None


def look_up(settings: Settings) -> Unavailable | None:
    """Why no assessment will come, if so: asks for a word, the way that an assessment is asked for."""
    schema = {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"],
        "additionalProperties": False,
    }
    if problem := unusable(settings):
        return problem
    try:
        ask(settings, request_body(settings.openai_model, "Answer with ok = true.", "ok?", schema))
    except Unavailable as outcome:
        return outcome
    return None


def request_body(
    model: str, instructions: str, data: str, schema: dict[str, Any]
) -> dict[str, Any]:
    """The body of the request: the strict schema, a bounded answer, and nothing kept over there."""
    form = {"type": "json_schema", "name": "assessment", "strict": True, "schema": schema}
    return {
        "model": model,
        "instructions": instructions,
        "input": [{"role": "user", "content": data}],
        "text": {"format": form},
        "max_output_tokens": MOST_OUTPUT_TOKENS,
        "store": False,
    }


def _key(settings: Settings) -> str:
    key = settings.openai_api_key
    return key.get_secret_value().strip() if key else ""


def _asked(settings: Settings, request: dict[str, Any]) -> Reply:
    """The call, whatever the SDK or a broken connection makes of it."""
    url, seconds = settings.openai_base_url, settings.openai_deadline
    server = (url and urlsplit(url).hostname) or "OpenAI"
    judge = _judge_of_retries(time.monotonic() + seconds)
    try:
        import openai  # noqa: PLC0415 - it takes most of a second

        client = openai.OpenAI(
            api_key=_key(settings),
            base_url=url or _BASE_URL,
            timeout=openai.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS)),
            max_retries=_RETRIES,
            http_client=openai.DefaultHttpxClient(event_hooks={"response": [judge]}),
        )
    except Exception as error:
        raise no_client(error) from error
    try:
        with client:
            return _answer(client, request)
    except Unavailable:
        raise
    except openai.APIStatusError as error:
        raise refusal_of(error, settings.openai_model, server) from error
    except openai.APITimeoutError as error:
        raise Unavailable(f"{server} did not answer in time") from error
    except openai.APIConnectionError as error:
        raise no_connection(error, server) from error
    except Exception as error:
        why = f"the connection to {server} broke off ({type(error).__name__})"
        raise Unavailable(why) from error


def _judge_of_retries(deadline: float) -> Callable[[Any], None]:
    """Tell the SDK what not to try again: where it waited past the deadline, the reason would be lost."""

    def judge(response: Any) -> None:
        wait = _LONGEST_PAUSE_SECONDS
        for header, unit in (("retry-after", 1), ("retry-after-ms", 1000)):  # the last one counts
            with suppress(KeyError, ValueError):
                wait = float(response.headers[header]) / unit
        out_of_credit = response.is_error and b"insufficient_quota" in response.read()
        if out_of_credit or time.monotonic() + wait > deadline:
            response.headers["x-should-retry"] = "false"

    return judge


def _answer(client: "OpenAI", request: dict[str, Any]) -> Reply:
    """By the Responses API; where the server does not have it, by Chat Completions."""
    from openai import APIStatusError  # noqa: PLC0415 - as above

    try:
        with client.responses.with_streaming_response.create(**request) as response:
            return _read(response)
    except APIStatusError as error:
        if not lacks_the_api(error, request["model"]):
            raise
    chat = client.chat.completions.with_streaming_response
    with chat.create(**_chat_request(request)) as response:
        return _read(response)


def _chat_request(request: dict[str, Any]) -> dict[str, Any]:
    """The same for Chat Completions; `max_tokens` is what servers without the Responses API know."""
    form = request["text"]["format"]
    named = {key: form[key] for key in ("name", "strict", "schema")}
    return {
        "model": request["model"],
        "messages": [{"role": "system", "content": request["instructions"]}, *request["input"]],
        "response_format": {"type": "json_schema", "json_schema": named},
        "max_tokens": request["max_output_tokens"],
    }


def _read(response: Any) -> Reply:
    """Read bit by bit: a body without end is left, and its shape is checked by us."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Unavailable("the answer of the server is far too long")
    kind = response.headers.get("content-type", "")
    return read_body(bytes(body), kind, response.headers.get("x-request-id"))
