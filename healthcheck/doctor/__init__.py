"""Verify the setup: one line per check."""

from collections.abc import Iterator
from datetime import datetime

from healthcheck.doctor import setup
from healthcheck.doctor.check import Check, Outcome, warning
from healthcheck.doctor.mail import mail_checks

__all__ = ["Check", "Outcome", "examine"]


def examine(now: datetime, *, offline: bool, test_mail: bool = False) -> Iterator[Check]:
    """All checks, or those that need no network, each as soon as it is known."""
    yield setup.package_check(now)
    yield setup.dotenv_check()
    usable, settings = setup.settings_check(offline=offline)
    yield usable
    if settings is None:
        skipped = "known issues, OpenAI, MongoDB and mail were not checked"
        yield warning("other checks", skipped, "Run doctor again after fixing the settings.")
        return
    yield from setup.known_issues_checks(settings)
    yield setup.ai_check(settings, offline=offline)
    if settings.mongodb_uri is not None:
        from healthcheck.doctor.store import store_checks  # noqa: PLC0415 - the driver is heavy

        yield from store_checks(settings, now, offline=offline)
    yield from mail_checks(settings, now, offline=offline, test=test_mail)
