"""Verify the setup: one line per check."""

from collections.abc import Iterator
from datetime import datetime

from healthcheck.doctor import checks
from healthcheck.doctor.checks import Check, Outcome

__all__ = ["Check", "Outcome", "examine"]


def examine(now: datetime, *, offline: bool, test_mail: bool = False) -> Iterator[Check]:
    """All checks, or those that need no network, each as soon as it is known."""
    yield checks.package_check(now)
    yield checks.dotenv_check()
    found, settings = checks.settings_checks()
    yield from found
    if settings is None:
        skipped = "known issues, OpenAI, MongoDB and mail were not checked"
        yield checks.warning("other checks", skipped, "Run doctor again after fixing the settings.")
        return
    yield from checks.known_issues_checks(settings)
    yield checks.ai_check(settings, offline=offline)
    if settings.mongodb_uri is not None:
        from healthcheck.doctor.store import store_checks  # noqa: PLC0415 - the driver is heavy

        yield from store_checks(settings, now, offline=offline)
    yield from checks.mail_checks(settings, now, offline=offline, test=test_mail)
