"""Verify the setup, one line per check: the package, its settings, the AI, the mail; the database is in `store`."""

import os
import platform
import re
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple

import healthcheck
from healthcheck import __version__, known_issues
from healthcheck.delivery.message import short_message
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import StateDirectory, store_of
from healthcheck.diagnosis.wording import several
from healthcheck.errors import SettingsError
from healthcheck.pipeline import RunRequest, run_pipeline
from healthcheck.report.text_filters import without_zeros
from healthcheck.report_delivery import msmtp_of
from healthcheck.settings import Settings, environment, load_settings, misspelled, variables

_IMPORTED_WHEN_NEEDED = "openai"
"""The library that no module imports before it asks the AI."""
_MOST_SECONDS = 15.0
"""For the AI's answer to a tiny request."""
_REPORT_BYTES = 250_000
"""About as much as a report takes in the state directory."""
_LOADED = re.compile(r"^loaded (?:system|user) configuration file (.+)$", re.MULTILINE)
_VALUE = re.compile(r"^(host|port|from|tls) += (.*)$", re.MULTILINE)
_TEST_MAIL = (
    "`llm-health-check doctor --test-mail` sent this. The daily report is sent the same way.\n"
)


class Outcome(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class Check(NamedTuple):
    """One line for the operator: what was checked, what was found, what to do about it."""

    outcome: Outcome
    name: str
    found: str
    remedy: str = ""


ok, warning, failed = (partial(Check, outcome) for outcome in Outcome)


def examine(now: datetime, *, offline: bool, test_mail: bool = False) -> Iterator[Check]:
    """All checks, or those that need no network, each as soon as it is known."""
    yield _package_check(now)
    yield _dotenv_check()
    found, settings = _settings_checks()
    yield from found
    if settings is None:
        skipped = "known issues, OpenAI, MongoDB and mail were not checked"
        yield warning("other checks", skipped, "Run doctor again after fixing the settings.")
        return
    yield from _known_issues_checks(settings)
    yield _ai_check(settings, offline=offline)
    if settings.mongodb_uri is not None:
        from healthcheck.doctor.store import store_checks  # noqa: PLC0415 - the driver is heavy

        yield from store_checks(settings, now, offline=offline)
    yield from _state_checks(settings)
    yield _recipients_check(settings)
    msmtp = msmtp_of(settings)
    account = _account_check(msmtp)
    yield account
    if not offline and account.outcome is not Outcome.FAILED:
        yield _server_check(msmtp)
        if test_mail:
            yield _sending_check(settings, msmtp, now)


def _package_check(now: datetime) -> Check:
    """Import everything, and report on the packaged sample day."""
    name, remedy = "package", "Reinstall llm-health-check."
    modules = [module.name for module in walk_packages(healthcheck.__path__, "healthcheck.")]
    modules.remove("healthcheck.__main__")  # this one runs the command
    try:
        for module in (*modules, _IMPORTED_WHEN_NEEDED):
            import_module(module)
        report = run_pipeline(RunRequest(sample=True), None, now)
    except Exception as error:  # noqa: BLE001 - a damaged module fails in any way
        return failed(name, f"{type(error).__name__}: {error}", remedy)
    version = f"llm-health-check {__version__} on Python {platform.python_version()}"
    return ok(name, f"{version}: {len(report.findings)} findings on the sample day")


def _dotenv_check() -> Check:
    """Is there a .env file, and who may read it; systemd has looked at the one that it hands over."""
    name, shared = ".env", os.environ.get("ENV_FILE")
    if shared and os.environ.get("CREDENTIALS_DIRECTORY"):
        return ok(name, "passed by systemd")
    path = Path(shared or ".env")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return ok(name, "no .env in the working directory; using the environment only")
    except OSError as error:
        return failed(name, f"cannot be read: {error.strerror}", f"Check {path}.")
    if not stat.S_ISREG(mode):
        return ok(name, f"{path} is no file of its own")
    if mode & 0o066:
        return warning(name, f"{path} can be read by others", f"Run chmod 600 {path}")
    return ok(name, f"{path} can be read by its owner only")


def _settings_checks() -> tuple[list[Check], Settings | None]:
    """Which settings are there, and are all of them usable."""
    name, settings = "settings", None
    try:
        settings = load_settings()
    except SettingsError as error:
        remedy = error.remedy or "Correct it in the environment or in .env."
        found = [failed(name, error.what, remedy)]
    else:
        those = ", ".join(each for each in variables() if each in environment()) or "none"
        found = [ok(name, f"set: {those}; the database is {settings.mongodb_db}")]
        if settings.mongodb_uri is None:
            remedy = "Set it in the environment or in .env."
            found += [failed(name, "MONGODB_URI is not set", remedy)]
    found += [warning(name, what, question) for what, question in misspelled()]
    return found, settings


def _known_issues_checks(settings: Settings) -> Iterator[Check]:
    """Can the list of known issues be used, if there is one."""
    if settings.known_issues is None:
        return
    name, known = "known issues", known_issues.read(settings.known_issues)
    remedy = "Check KNOWN_ISSUES and the file; what cannot be read mutes nothing."
    for problem in known.problems:
        yield warning(name, problem, remedy)
    if not known.problems:
        entries = several(len(known.mutes), "entry", "entries")
        yield ok(name, f"{entries} in {settings.known_issues}")


def _ai_check(settings: Settings, *, offline: bool) -> Check:
    """One tiny request, the way that a report asks for its assessment."""
    from healthcheck.assessment import Unavailable, look_up, unusable  # noqa: PLC0415 - heavy

    name = "OpenAI"
    if settings.openai_api_key is None:
        found = "OPENAI_API_KEY is not set: reports have no AI assessment"
        return warning(name, found, "Set it in the environment or in .env, or run with --no-ai.")
    seconds = min(settings.openai_deadline, _MOST_SECONDS)
    hurried = replace(settings, openai_deadline=seconds)
    outcome = unusable(settings) if offline else look_up(hurried)
    if isinstance(outcome, Unavailable):
        remedy = outcome.action or "Check OPENAI_BASE_URL and the network; then try again."
        return failed(name, outcome.why, remedy)
    if offline:
        return ok(name, f"OPENAI_API_KEY is set, the model is {settings.openai_model}")
    return ok(name, f"key OK, model {settings.openai_model} available")


def _state_checks(settings: Settings) -> Iterator[Check]:
    """Can reports be kept, and are there any that were not sent."""
    name = "state directory"
    try:
        store = store_of(settings)
    except SettingsError as error:
        yield failed(name, error.what, error.remedy)
        return
    there = next(path for path in (store.folder, *store.folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(bytes(_REPORT_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        remedy = "Set STATE_DIRECTORY to a folder that the report's user can write to and that has space."
        yield failed(name, f"{there} cannot be written to: {error.strerror}", remedy)
        return
    what = "is writable" if store.folder == there else "can be created and written"
    yield ok(name, f"{store.folder} {what}")
    yield _outbox_check(store)


def _outbox_check(store: StateDirectory) -> Check:
    """Is there anything that was not sent."""
    name = "outbox"
    pending, rejected = len(store.outbox.all()), len(store.rejected.all())
    if not (pending or rejected):
        return ok(name, "empty")
    found = without_zeros(f"{pending} waiting", f"{rejected} rejected")
    retry = f"llm-health-check outbox send{' --rejected' if rejected else ''}"
    remedy = f"See llm-health-check outbox list; after fixing the cause, run {retry}"
    return warning(name, found, remedy)


def _recipients_check(settings: Settings) -> Check:
    """Who gets the report: the default suits its author alone."""
    name = "recipients"
    to = ", ".join(settings.notify_email)
    if "NOTIFY_EMAIL" in environment():
        return ok(name, to)
    found = f"NOTIFY_EMAIL not set; falling back to the default {to}"
    return warning(name, found, "Set NOTIFY_EMAIL.")


def _account_check(msmtp: Msmtp) -> Check:
    """Is msmtp there, which configuration does it read, and who else may read that."""
    name, done = "msmtp", msmtp.ask("--pretend", "--", "nobody@example.org")
    if done.error:
        return failed(name, done.error, done.remedy)
    for path in _LOADED.findall(done.output):
        if _has_an_open_password(Path(path)):
            found = f"{path} can be read by every user"
            return warning(name, found, f"Run chmod o-rwx {path}")
    its = {"from": "?", "host": "?", "port": "?"} | dict(_VALUE.findall(done.output))
    if its["from"] == "(not set)":
        remedy = "Set MAIL_FROM, or from in msmtp's configuration."
        return failed(name, "no sender address is set", remedy)
    tls = "" if its.get("tls") == "on" else ", without TLS"
    return ok(name, f"sends as {its['from']} through {its['host']}:{its['port']}{tls}")


def _server_check(msmtp: Msmtp) -> Check:
    """Does the mail server answer; it is not logged in to, and nothing is sent."""
    name, done = "mail server", msmtp.ask("--serverinfo")
    if done.error:
        return failed(name, done.error, done.remedy)
    lines = [line.strip() for line in done.output.splitlines()]
    greeting = f"responds as {lines[1]}" if len(lines) > 1 else "responds"
    return ok(name, f"{greeting}; login not tested (doctor --test-mail tests it)")


def _sending_check(settings: Settings, msmtp: Msmtp, now: datetime) -> Check:
    """Send a mail of a few words to all who get the report."""
    name = "test mail"
    to = settings.notify_email
    subject = f"[TEST] LLM Benchmarks Daily Health - mail from {socket.gethostname()}"
    mail = short_message(subject, _TEST_MAIL, settings, now)
    sending = msmtp.send(mail.as_bytes(), to)
    if sending.error:
        return failed(name, sending.error, sending.remedy or "Try again later.")
    return ok(name, f"sent to {', '.join(to)}: check the inbox and the spam folder")


def _has_an_open_password(path: Path) -> bool:
    with suppress(OSError):
        is_open = bool(path.stat().st_mode & 0o006)
        return is_open and "password" in path.read_text(errors="replace")
    return False
