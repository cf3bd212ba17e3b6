"""A server that speaks the Responses API's wire format, and answers by a script."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from werkzeug import Request, Response

EMPTY = {
    "readings": [],
    "highlights": [],
    "links": [],
    "advice": [],
    "status": "healthy",
}


def answer(**told) -> dict:
    """An answer of the right schema that says nothing but what is told."""
    return EMPTY | told


def advised(problem: str, text: str) -> dict:
    """A piece of advice."""
    return {"problem": problem, "check_whether": text}


def linked(text: str, *entries: str) -> dict:
    """What entries may have to do with each other."""
    return {"entries": [*entries], "check_whether": text}


def read(message: str, kind: str, text: str) -> dict:
    """The reading of an unknown message."""
    return {"message": message, "kind": kind, "check_whether": text}


def envelope(text: str | None, **told) -> dict:
    """The body of a response; `text` is what the model wrote."""
    content = [] if text is None else [{"type": "output_text", "text": text, "annotations": []}]
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1773129600,
        "model": "gpt-4o-mini-2024-07-18",
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "output": [
            {
                "type": "message",
                "id": "msg_1",
                "role": "assistant",
                "status": "completed",
                "content": content,
            }
        ],
        "usage": {"input_tokens": 3000, "output_tokens": 200, "total_tokens": 3200},
    } | told


def refusing(words: str) -> dict:
    body = envelope(None)
    body["output"][0]["content"] = [{"type": "refusal", "refusal": words}]
    return body


def as_json(body: object, status: int = 200, **headers: str) -> Response:
    made = Response(json.dumps(body), status, content_type="application/json")
    made.headers["x-request-id"] = "req_0123abc"
    for name, value in headers.items():
        made.headers[name.replace("_", "-")] = value
    return made


def replied(told: dict) -> Response:
    """A good response that carries this answer."""
    return as_json(envelope(json.dumps(told)))


def error(status: int, code: str | None = None, message: str = "it failed", **headers) -> Response:
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return as_json(body, status, **headers)


@dataclass
class Script:
    """Responses one after the other, the last one again and again; keeps what it was asked."""

    responses: list[Response | Callable[[Request], Response]]
    requests: list[dict] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        self.requests.append(json.loads(request.data))
        self.keys.append(request.headers["Authorization"])
        turn = self.responses[min(len(self.requests), len(self.responses)) - 1]
        return turn(request) if callable(turn) and not isinstance(turn, Response) else turn


Talk = Callable[[socket.socket], None]


@contextmanager
def raw_server(talk: Talk) -> Iterator[str]:
    """A server that reads a request and then does with the connection whatever it likes."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    connections: list[socket.socket] = []

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(connection)
            threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.recv(1_000_000)
            talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in connections:
            connection.close()
        thread.join(5)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"


def silent(connection: socket.socket) -> None:
    """Never answers; ends when the other side leaves."""
    while connection.recv(65536):
        pass


def dripping(connection: socket.socket) -> None:
    """A byte at a time, for ever."""
    connection.sendall(HEAD)
    while True:
        connection.sendall(b" ")
        time.sleep(0.02)


def dripping_headers(connection: socket.socket) -> None:
    """Not even the headers come to an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.02)


def flooding(connection: socket.socket) -> None:
    """More than anyone can hold."""
    connection.sendall(HEAD.replace(b"1000000", b"9000000000"))
    while True:
        connection.sendall(b" " * 100_000)


def cutting(connection: socket.socket) -> None:
    """Half an answer."""
    connection.sendall(HEAD + json.dumps(envelope("{")).encode()[:200])
    closing(connection)


def closing(connection: socket.socket) -> None:
    """Not a word more; what is closed with a part of the request unread is reset."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(1_000_000):
        pass


def talking_nonsense(connection: socket.socket) -> None:
    connection.sendall(b"220 smtp.example ESMTP ready\r\n")
