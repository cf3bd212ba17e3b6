"""Checks of the mail's way: the state directory, msmtp, its configuration, its server."""

import re
import socket
import stat
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from healthcheck.delivery.message import short_message
from healthcheck.delivery.msmtp import Msmtp, Outcome
from healthcheck.delivery.outbox import QueuedReport, StateDirectory
from healthcheck.diagnosis.wording import how_long
from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.errors import SettingsError
from healthcheck.report_delivery import msmtp_of, store_of
from healthcheck.settings import Settings

_LOADED = re.compile(r"^loaded (?:system|user) configuration file (.+)$", re.MULTILINE)
_VALUE = re.compile(r"^(host|port|from|tls) += (.*)$", re.MULTILINE)
_TEST_MAIL = (
    "You requested this test with `llm-health-check doctor --test-mail`. The daily report is sent "
    "the same way.\n"
)
_OTHERS = stat.S_IROTH | stat.S_IWOTH


def mail_checks(settings: Settings, now: datetime, *, offline: bool, test: bool) -> Iterator[Check]:
    """Each builds on the one before it; without a network, what is not there yet is a warning."""
    yield from _state_checks(settings, now)
    yield _recipients_check(settings)
    msmtp = msmtp_of(settings)
    account, usable = _account_check(msmtp, offline=offline)
    yield account
    if usable and not offline:
        yield _server_check(msmtp)
        if test:
            yield _sending_check(settings, msmtp, now)


def _state_checks(settings: Settings, now: datetime) -> Iterator[Check]:
    """Can reports be kept, and are there any that were not sent."""
    name = "state directory"
    try:
        store = store_of(settings)
    except SettingsError as error:
        yield failed(name, error.what, error.remedy or "Set STATE_DIRECTORY.")
        return
    there = next(path for path in (store.folder, *store.folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        remedy = "Set STATE_DIRECTORY to a folder that the report's user can write to."
        yield failed(name, f"{there} cannot be written to: {error.strerror}", remedy)
        return
    what = "is writable" if store.folder == there else "can be created and written"
    yield ok(name, f"{store.folder} {what}")
    yield from _outbox_checks(store, now)


def _outbox_checks(store: StateDirectory, now: datetime) -> Iterator[Check]:
    name, (pending, _), (rejected, broken) = "outbox", store.outbox.all(), store.rejected.all()
    if pending:
        oldest = f"the oldest for {how_long(now - pending[0].made)}{_because(pending[:1])}"
        found = f"{_reports(len(pending))} waiting, {oldest}"
        yield warning(name, found, "llm-health-check outbox send")
    if rejected or broken:
        found = f"{_reports(len(rejected) + len(broken))} rejected{_because(rejected[-1:])}"
        remedy = "See llm-health-check outbox list; after fixing the cause: outbox send --rejected"
        yield warning(name, found, remedy)
    if not (pending or rejected or broken):
        yield ok(name, "empty")


def _recipients_check(settings: Settings) -> Check:
    """Who gets the report: the default suits its author alone."""
    name = "recipients"
    to = ", ".join(settings.notify_email)
    if "notify_email" in settings.model_fields_set:
        return ok(name, to)
    found = f"NOTIFY_EMAIL not set; falling back to the default {to}"
    return warning(name, found, "Set NOTIFY_EMAIL.")


def _account_check(msmtp: Msmtp, *, offline: bool) -> tuple[Check, bool]:
    """Is msmtp there, which configuration does it read, and who else may read that."""
    name, missing = "msmtp", warning if offline else failed
    done = msmtp.ask("--pretend", "--", "nobody@example.org")
    if done.code != 0:
        return missing(name, msmtp.error_message(done), done.remedy), False
    for path in _LOADED.findall(done.output):
        if _has_an_open_password(Path(path)):
            found = f"{path} can be read by every user"
            return warning(name, found, f"chmod o-rwx {path}"), True
    its = {"from": "?", "host": "?", "port": "?"} | dict(_VALUE.findall(done.output))
    tls = "" if its.get("tls") == "on" else ", without TLS"
    return ok(name, f"sends as {its['from']} through {its['host']}:{its['port']}{tls}"), True


def _server_check(msmtp: Msmtp) -> Check:
    """Does the mail server answer; it is not logged in to, and nothing is sent."""
    name, done = "mail server", msmtp.ask("--serverinfo")
    if done.code != 0:
        return failed(name, msmtp.error_message(done), done.remedy)
    lines = [line.strip() for line in done.output.splitlines()]
    greeting = f"responds as {lines[1]}" if len(lines) > 1 else "responds"
    return ok(name, f"{greeting}; login not tested (doctor --test-mail tests it)")


def _sending_check(settings: Settings, msmtp: Msmtp, now: datetime) -> Check:
    """Send a mail of a few words to all who get the report."""
    name = "test mail"
    to = settings.notify_email
    subject = f"[TEST] LLM Benchmarks Daily Health - mail from {socket.gethostname()}"
    mail = short_message(subject, _TEST_MAIL, sender=settings.mail_from, to=to, date=now)
    sending = msmtp.send(mail.as_bytes(), to)
    if sending.outcome is not Outcome.SENT:
        return failed(name, sending.error, sending.remedy or "Try again later.")
    return ok(name, f"sent to {', '.join(to)}: check the inbox and the spam folder")


def _has_an_open_password(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _OTHERS) and "password" in path.read_text(
            errors="replace"
        )
    except OSError:
        return False


def _reports(count: int) -> str:
    return "1 report is" if count == 1 else f"{count} reports are"


def _because(reports: list[QueuedReport]) -> str:
    return f": {reports[0].error}" if reports and reports[0].error else ""
