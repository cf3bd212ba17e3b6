"""A server that speaks the Responses API, and answers whatever schema it is asked for."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

SAID = "AI opinion: CRITICAL."
"""The rules say otherwise, so that the mail shows it."""
_TEXT = "the same request works elsewhere"
_CHOSEN = ("critical", "day", "p1")


@dataclass
class OpenAi:
    """A server that runs, and what it was asked."""

    url: str
    asked: list[dict] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def openai_server() -> Iterator[OpenAi]:
    """Listen on loopback until the block ends."""
    lock = threading.Lock()
    with HTTPServer(host="127.0.0.1") as server:
        openai = OpenAi(server.url_for("/v1"))

        def respond(request: Request) -> Response:
            with lock:
                openai.asked.append(request.get_json())
                openai.keys.append(request.headers.get("Authorization", "").removeprefix("Bearer "))
            return _response(request.get_json())

        def model(request: Request) -> Response:
            name = request.path.rpartition("/")[2]
            body = {"id": name, "object": "model", "created": 1, "owned_by": "openai"}
            return Response(json.dumps(body), mimetype="application/json")

        def models(_request: Request) -> Response:
            return Response('{"object": "list", "data": []}', mimetype="application/json")

        server.expect_request("/v1/responses", method="POST").respond_with_handler(respond)
        server.expect_request("/v1/models", method="GET").respond_with_handler(models)
        server.expect_request(re.compile(r"/v1/models/.+"), method="GET").respond_with_handler(
            model
        )
        yield openai


def _response(asked: dict) -> Response:
    schema = asked["text"]["format"]["schema"]
    words = json.dumps(_instance(schema, schema.get("$defs", {})))
    body = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": asked["model"],
        "output": [
            {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": words, "annotations": []}],
            }
        ],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 100,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 10,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 110,
        },
    }
    return Response(json.dumps(body), mimetype="application/json")


def _instance(schema: dict, definitions: dict) -> object:
    """What a strict schema takes: one entry in each list, and a plain sentence."""
    if "$ref" in schema:
        return _instance(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "enum" in schema:
        return next((each for each in _CHOSEN if each in schema["enum"]), schema["enum"][-1])
    if schema["type"] == "object":
        properties = schema["properties"].items()
        return {k: _instance(v, definitions) for k, v in properties}
    if schema["type"] == "array":
        return [_instance(schema["items"], definitions)]
    return _TEXT
