"""aiosmtpd's protocol, with a fault where the script has one."""

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mail_servers.record import Received, Record
from mail_servers.script import Script, Stage


class Handler:
    """Takes every mail, and writes it down."""

    def __init__(self, record: Record) -> None:
        self._record = record

    async def handle_DATA(self, server: "Protocol", session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if words := await server.meets("dot"):
            return words
        user = session.auth_data.decode() if session.auth_data else None
        content = envelope.original_content or b""
        recipients = tuple(envelope.rcpt_tos)
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        sender = envelope.mail_from or ""
        self._record.took(Received(sender, recipients, content, user, encrypted))
        return await server.meets("taken") or "250 2.0.0 taken"


class Protocol(SMTP):
    """One connection."""

    def __init__(
        self, record: Record, script: Script, connections: "set[Protocol]", **options: Any
    ) -> None:
        super().__init__(Handler(record), **options)
        # Only STARTTLS counts as encrypted there: on `tls` there would be no login. The argument
        # for this warns at every connection.
        self._auth_require_tls = self.tls_context is not None
        self._open = connections
        self._record = record
        self._script = script

    async def meets(self, stage: Stage, argument: str | None = None) -> str | None:
        """Notes the stage and plays its fault; returns the words to answer with, if any."""
        self._record.reached(stage)
        fault = self._script.next(stage, argument)
        if fault is None:
            return None
        if fault.what == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.what == "reply":
            return fault.reply
        if fault.what == "drop":
            self.transport.abort()
        # Until the connection's end cancels it.
        await asyncio.Event().wait()
        return None

    async def _handle_client(self) -> None:
        if words := await self.meets("connect"):
            await self.push(words)
            self.transport.close()
        else:
            await super()._handle_client()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._open.discard(self)

    def cut(self) -> None:
        for transport in (self.transport, self._original_transport):
            if transport is not None:
                transport.abort()

    async def _meet_then(self, stage: Stage, argument: str | None, go_on: Any) -> None:
        if words := await self.meets(stage, argument):
            await self.push(words)
        else:
            await go_on(argument)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's names, from here on
        await self._meet_then("EHLO", hostname, super().smtp_EHLO)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self._meet_then("AUTH", arg, super().smtp_AUTH)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        await self._meet_then("MAIL", arg, super().smtp_MAIL)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        await self._meet_then("RCPT", arg, super().smtp_RCPT)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._meet_then("DATA", arg, super().smtp_DATA)

    async def push(self, status: str | bytes) -> None:
        await super().push(status)
        text = status if isinstance(status, str) else status.decode()
        if text.startswith("354"):
            await self.meets("content")


def authenticator(user: str, password: str) -> Any:
    """Lets this one user in."""

    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:  # fmt: skip
        right = isinstance(given, LoginPassword) and (
            (given.login, given.password) == (user.encode(), password.encode())
        )
        return AuthResult(success=right, handled=False, auth_data=user.encode() if right else None)

    return authenticate
