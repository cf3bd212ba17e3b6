"""Checks of the way that the report goes: the state directory, msmtp, its configuration, its server."""

import os
import re
import socket
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from healthcheck import mail_addresses
from healthcheck.delivery.message import short_message
from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.delivery.outbox import Store
from healthcheck.delivery.process import NotStartedError
from healthcheck.delivery.queued_report import QueuedReport
from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.errors import SettingsError
from healthcheck.report_delivery import msmtp_of, sender_of, store_of
from healthcheck.settings import Settings

_LOADED = re.compile(r"^loaded (?:system|user) configuration file (.+)$", re.MULTILINE)
_VALUE = re.compile(r"^(host|port|from|tls) += (.*)$", re.MULTILINE)
_WITHOUT = re.compile(r"^[^:\n]+: account default not found", re.MULTILINE)
_NO_ACCOUNT = (
    "No mail will go out. Write /etc/msmtprc (man msmtp has an example), or set MSMTP_CONFIG to the "
    "file; where the host was deployed to, set healthcheck_smtp_host and deploy again."
)
_WRONG_CONFIGURATION = "Fix msmtp's configuration (man msmtp), or set MSMTP_CONFIG to another file."
_OTHERS = stat.S_IROTH | stat.S_IWOTH


def mail_checks(settings: Settings, now: datetime, *, offline: bool, test: bool) -> Iterator[Check]:
    """Each builds on the one before it; without a network, what is not there yet is a warning."""
    yield from state_checks(settings, now)
    yield recipients_check(settings)
    msmtp, sender = msmtp_of(settings), sender_of(settings)
    address = sender.addr_spec if sender else None
    of_account, usable = account_check(msmtp, address, offline=offline)
    yield of_account
    if not usable or offline:
        return
    yield server_check(msmtp, address)
    if test:
        yield sending_check(settings, msmtp, now)


def state_checks(settings: Settings, now: datetime) -> Iterator[Check]:
    """Can reports be kept, and are there any that were not sent."""
    name = "state directory"
    try:
        store = store_of(settings)
    except SettingsError as error:
        yield failed(name, error.what, error.remedy or "Set STATE_DIRECTORY.")
        return
    found = next(path for path in (store.folder, *store.folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=found):
            pass
    except OSError as error:
        yield failed(
            name,
            f"{found} cannot be written to: {error.strerror}",
            "Set STATE_DIRECTORY to a folder that the report's user can write to.",
        )
        return
    there = "is writable" if store.folder == found else "can be created and written"
    yield ok(name, f"{store.folder} {there}")
    yield from _outbox_checks(store, now)


def _outbox_checks(store: Store, now: datetime) -> Iterator[Check]:
    waiting, _ = store.outbox.all()
    rejected, broken = store.rejected.all()
    if waiting:
        yield warning(
            "outbox",
            f"{_reports(len(waiting))} waiting, the oldest for {_hours(waiting[0], now)}"
            f"{_because(waiting[0])}",
            "llm-health-check outbox send",
        )
    if rejected or broken:
        yield warning(
            "outbox",
            f"{_reports(len(rejected) + len(broken))} rejected"
            f"{_because(rejected[-1]) if rejected else ''}",
            "See llm-health-check outbox list; after fixing the cause: outbox send --rejected",
        )
    if not (waiting or rejected or broken):
        yield ok("outbox", "empty")


def recipients_check(settings: Settings) -> Check:
    """Who gets the report: the default suits its author alone."""
    name = "recipients"
    if "notify_email" not in settings.model_fields_set:
        return warning(
            name,
            f"NOTIFY_EMAIL not set; falling back to the default {settings.notify_email}",
            "Set NOTIFY_EMAIL.",
        )
    return ok(name, settings.notify_email)


def account_check(msmtp: Msmtp, sender: str | None, *, offline: bool) -> tuple[Check, bool]:
    """Is msmtp there, which configuration does it read, and who else may read that."""
    name, missing = "msmtp", warning if offline else failed
    if msmtp.config and not os.access(msmtp.config, os.R_OK):
        return missing(
            name, f"{msmtp.config} cannot be read", "Set MSMTP_CONFIG to a readable file."
        ), False
    try:
        done = msmtp.ask("--pretend", "--", "nobody@example.org", sender=sender)
    except NotStartedError as error:
        return missing(name, str(error), "Install msmtp or set MSMTP to its path."), False
    if done.code != 0:
        remedy = _NO_ACCOUNT if _WITHOUT.search(done.errors) else _WRONG_CONFIGURATION
        return missing(name, msmtp.words(done), remedy), False
    if readable := [path for path in _configurations(done.output) if _is_open(path)]:
        return warning(
            name, f"{readable[0]} can be read by every user", f"chmod o-rwx {readable[0]}"
        ), True
    told = dict(_VALUE.findall(done.output))
    return ok(
        name,
        f"sends as {told.get('from', '?')} by {told.get('host', '?')}:{told.get('port', '?')}"
        f"{'' if told.get('tls') == 'on' else ', without TLS'}",
    ), True


def server_check(msmtp: Msmtp, sender: str | None) -> Check:
    """Does the mail server answer; it is not logged in to, and nothing is sent."""
    name = "mail server"
    done = msmtp.ask("--serverinfo", sender=sender)
    if done.code != 0:
        return failed(name, msmtp.words(done), "Check host, port and TLS in msmtp's configuration.")
    lines = [line.strip() for line in done.output.splitlines()]
    greeting = f"answers as {lines[1]}" if len(lines) > 1 else "answers"
    return ok(name, f"{greeting}; the login is not tried (doctor --test-mail does)")


_REMEDY = (
    "Check user and password in msmtp's configuration (healthcheck_smtp_user and "
    "healthcheck_smtp_password where it is deployed), NOTIFY_EMAIL and MAIL_FROM."
)


def sending_check(settings: Settings, msmtp: Msmtp, now: datetime) -> Check:
    """Send a mail of a few words to all who get the report."""
    name, host = "test mail", socket.gethostname()
    to, sender = mail_addresses.recipients(settings.notify_email), sender_of(settings)
    mail = short_message(
        f"[TEST] LLM Benchmarks Daily Health - mail from {host}",
        "You requested this test with `llm-health-check doctor --test-mail`: the daily report will "
        "arrive the same way.\n",
        sender=sender,
        to=to,
        date=now,
    )
    sending = msmtp.send(mail.as_bytes(), to, sender.addr_spec if sender else None)
    if sending.outcome is Outcome.SENT:
        return ok(name, f"sent to {', '.join(to)}: check that it arrived, also in the spam folder")
    return failed(name, sending.words, _REMEDY)


def _configurations(pretended: str) -> list[Path]:
    return [Path(path) for path in _LOADED.findall(pretended)]


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _OTHERS) and "password" in path.read_text(
            errors="replace"
        )
    except OSError:
        return False


def _reports(count: int) -> str:
    return f"{count} report is" if count == 1 else f"{count} reports are"


def _hours(queued: QueuedReport, now: datetime) -> str:
    return f"{(now - queued.made).total_seconds() / 3600:.0f} h"


def _because(queued: QueuedReport) -> str:
    return f": {queued.trouble}" if queued.trouble else ""
