"""Is everything set up so that tomorrow's report will come: one line a check."""

from collections.abc import Iterator
from datetime import datetime

from healthcheck.doctor.ai import ai_checks
from healthcheck.doctor.check import Check, Outcome
from healthcheck.doctor.mail import mail_checks
from healthcheck.doctor.offline import (
    dotenv_check,
    known_issues_checks,
    package_check,
    settings_check,
)

__all__ = ["Check", "Outcome", "examine"]


def examine(now: datetime, *, offline: bool, test_mail: bool = False) -> Iterator[Check]:
    """All checks, or those that need no network, each as soon as it is known."""
    yield package_check(now)
    yield dotenv_check()
    of_settings, settings = settings_check(offline=offline)
    yield of_settings
    if settings is None:
        return
    yield from known_issues_checks(settings)
    yield from ai_checks(settings, offline=offline)
    if not offline and settings.mongodb_uri is not None:
        from healthcheck.doctor.store import store_checks  # noqa: PLC0415 - the driver is heavy

        yield from store_checks(settings, now)
    yield from mail_checks(settings, now, offline=offline, test=test_mail)
