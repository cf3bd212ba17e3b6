"""From a request to a report that was sent, and kept until it was."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from logging import getLogger

from healthcheck.delivery.delivery import Delivery, Result
from healthcheck.delivery.lock import locked
from healthcheck.delivery.message import message
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import SNAPSHOT, QueuedReport, store_of
from healthcheck.pipeline import RunRequest, make_report
from healthcheck.report import render, render_json
from healthcheck.run_window import daily_slot
from healthcheck.settings import Settings, load_settings

_log = getLogger(__name__)


def deliver(
    request: RunRequest,
    now: datetime,
    *,
    scheduled: bool,
    on_result: Callable[[Result], None],
) -> Result:
    """Send what is pending, then make the report and send it; a slot's report is made once.

    `on_result` takes those that were pending. Raises HealthCheckError where none can be made.
    """
    settings = load_settings()
    slot = daily_slot(now) if scheduled else None
    name = slot and f"{slot}{SNAPSHOT if request.folder else ''}"
    own = None
    try:
        with _delivery(settings, now) as delivery:
            _log.info("sending pending reports")
            sent = delivery.send_pending()
            for result in sent:
                if result.name != name:
                    on_result(result)
            own = delivery.made_before(name, sent) if name else None
            if own is None:
                report = make_report(request, settings, now)
                mail = message(report, render(report), settings, now).as_bytes()
                _log.info("sending")
                told = json.loads(render_json(report))
                own = delivery.send(QueuedReport(now, slot, mail, told))
        return own
    finally:
        # By hand somebody is looking: that tells nothing about the schedule.
        if slot and settings.heartbeat_url:
            from healthcheck.delivery.heartbeat import ping  # noqa: PLC0415 - only scheduled runs do

            _log.info("pinging the heartbeat")
            ping(settings.heartbeat_url.get_secret_value(), failed=not own or own.exit_code != 0)


def send_pending(now: datetime, *, rejected: bool) -> tuple[Result, ...]:
    """Send what is pending; with `rejected` also what was rejected. Raises SettingsError."""
    settings = load_settings()
    store_of(settings).check_readable()
    with _delivery(settings, now) as delivery:
        if rejected:
            delivery.retry_rejected()
        return delivery.send_pending()


@contextmanager
def _delivery(settings: Settings, now: datetime) -> Iterator[Delivery]:
    """What sends and keeps, by these settings, and is alone in it."""
    store = store_of(settings)
    with suppress(OSError):
        store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(store.folder):
        store.prepare()
        yield Delivery(store, msmtp_of(settings), settings.notify_email, now, settings.mail_from)


def msmtp_of(settings: Settings) -> Msmtp:
    """The program that sends."""
    sender = settings.mail_from.addr_spec if settings.mail_from else None
    return Msmtp(settings.msmtp, settings.msmtp_config, settings.msmtp_timeout, sender)
