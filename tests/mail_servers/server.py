"""A server in a thread of its own, from the `with` to its end."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import trustme

from mail_servers.protocol import Protocol, authenticator
from mail_servers.record import Received, Record
from mail_servers.script import Fault, Script

Tls = Literal["starttls", "tls"]
"""`tls` is from the first byte on, as on port 465."""

_START_SECONDS = 20


@dataclass(frozen=True)
class Login:
    """Who may send."""

    user: str
    password: str


@dataclass(frozen=True)
class SmtpServer:
    """A server that runs."""

    host: str
    port: int
    tls: Tls | None
    login: Login | None
    certificate: bytes
    """PEM of the authority that signed for the server, or of its own: for `tls_trust_file`."""
    record: Record = field(repr=False)

    @property
    def received(self) -> tuple[Received, ...]:
        return self.record.received

    @property
    def commands(self) -> tuple[str, ...]:
        return self.record.commands

    def wait_for_mails(self, count: int, *, seconds: float = 20) -> tuple[Received, ...]:
        """The mails as soon as there are `count`; fails where there are fewer in the end."""
        arrived = self.record.wait_for_mails(count, seconds)
        assert arrived, f"{len(self.received)} of {count} mails came within {seconds} s"
        return self.received

    def wait_for_stage(self, stage: str, *, times: int = 1, seconds: float = 20) -> None:
        """Until senders have reached this stage so often."""
        reached = self.record.wait_for_stage(stage, times, seconds)
        assert reached, f"{stage} was not reached {times} times within {seconds} s: {self.commands}"


@contextmanager
def smtp_server(
    *faults: Fault,
    tls: Tls | None = None,
    login: Login | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: Path | None = None,
    certificate_for: str = "127.0.0.1",
    folder: Path | None = None,
) -> Iterator[SmtpServer]:
    """Listens from here on; at the end every connection is cut, hanging ones too.

    `certificate` is a PEM file with key and chain; without it one is made for `certificate_for`.
    """
    context, trusted = _certified(certificate, certificate_for) if tls else (None, b"")
    record, script = Record(folder), Script(faults)

    def connection(connections: set[Protocol]) -> Protocol:
        return Protocol(
            record,
            script,
            connections,
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            auth_required=login is not None,
            authenticator=authenticator(login.user, login.password) if login else None,
            hostname="mail.test",
            enable_SMTPUTF8=True,
        )

    with (
        socket.create_server((host, port)) as listener,
        _Thread(connection, listener, context if tls == "tls" else None),
    ):
        address = listener.getsockname()
        yield SmtpServer(address[0], address[1], tls, login, trusted, record)


@contextmanager
def closed_port(host: str = "127.0.0.1") -> Iterator[int]:
    """A port that refuses every connection, and that nobody else can take meanwhile."""
    with socket.socket() as bound:
        bound.bind((host, 0))
        yield bound.getsockname()[1]


def _certified(certificate: Path | None, name: str) -> tuple[ssl.SSLContext, bytes]:
    """The server's side, and what a client has to trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)
        return context, certificate.read_bytes()
    authority = trustme.CA()
    authority.issue_cert(name).configure_cert(context)
    return context, authority.cert_pem.bytes()


class _Thread:
    """An event loop that serves until the block ends."""

    def __init__(
        self,
        connection: Callable[[set[Protocol]], Protocol],
        listener: socket.socket,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._connection = connection
        self._listener = listener
        self._tls = tls
        self._connections: set[Protocol] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="smtp-server", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event

    def __enter__(self) -> None:
        self._thread.start()
        assert self._ready.wait(_START_SECONDS), "the SMTP server did not start"

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(_START_SECONDS)
        assert not self._thread.is_alive(), "the SMTP server did not stop"

    def _serve(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        # What a sender that went away leaves behind is no news.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        server = await self._loop.create_server(
            lambda: self._connection(self._connections), sock=self._listener, ssl=self._tls
        )
        self._ready.set()
        await self._end.wait()
        server.close()
        while self._connections:
            for connection in list(self._connections):
                connection.cut()
            # The loop closes the sockets.
            await asyncio.sleep(0.01)
