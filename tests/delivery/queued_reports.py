"""Queued reports in a few words, and the state directory that holds them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from mail_servers import SmtpServer
from reports import UNTIL, finding, report

from healthcheck.delivery.delivery import Delivery
from healthcheck.delivery.message import message
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import QueuedReport, StateDirectory
from healthcheck.report import render, render_json
from healthcheck.report.contract import WindowPart
from healthcheck.settings import settings_from

NOW = datetime(2026, 3, 10, 8, 0, 5, tzinfo=UTC)
TO = ("ops@example.org",)
SETTINGS = settings_from({"NOTIFY_EMAIL": TO[0], "MAIL_FROM": "health@clifford.test"})


def queued(slot: str | None = "2026-03-10", made: datetime = NOW, **told) -> QueuedReport:
    """A report of that slot, made on its morning; without a slot by hand."""
    day = date.fromisoformat(slot) if slot else None
    if day:
        made = NOW.replace(year=day.year, month=day.month, day=day.day)
    shift = made.date() - NOW.date()
    window = WindowPart(since=UNTIL + shift - (UNTIL - UNTIL.replace(day=9)), until=UNTIL + shift)
    about = report(finding(), **{"window": window, **told})
    mail = message(about, render(about), SETTINGS, made).as_bytes()
    return QueuedReport(made, day, mail, json.loads(render_json(about)))


def arrived(server: SmtpServer) -> list[str]:
    """The Message-IDs, in their order."""
    return [str(mail.parsed()["Message-ID"]) for mail in server.received]


def message_id(made: QueuedReport) -> str:
    (line,) = (line for line in made.mail.split(b"\r\n") if line.startswith(b"Message-ID: "))
    return line.removeprefix(b"Message-ID: ").decode()


@dataclass
class Post:
    """A state directory and a way to send; `warnings` are what the operator is told."""

    store: StateDirectory
    account: Callable[[SmtpServer | int], Path]
    warnings: list[str]

    def by(self, server: SmtpServer | int, *, to=TO, now=NOW, **msmtp) -> Delivery:
        made = Msmtp(**{"config": self.account(server), "timeout": 1} | msmtp)
        return Delivery(self.store, made, to, now, SETTINGS.mail_from)

    @property
    def kept(self) -> dict[str, list[str]]:
        store = self.store
        return {
            queue.folder.name: queue.names()
            for queue in (store.outbox, store.rejected, store.history)
            if queue.names()
        }
