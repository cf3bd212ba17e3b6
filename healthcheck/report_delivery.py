"""From a request to a report that was sent, and kept until it was."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from healthcheck.delivery.delivery import Delivery, Result
from healthcheck.delivery.lock import locked
from healthcheck.delivery.message import message
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import QueuedReport, store_of
from healthcheck.pipeline import OnProgress, RunRequest, make_report, run_pipeline
from healthcheck.report import render, render_json
from healthcheck.run_window import daily_slot
from healthcheck.settings import Settings, load_settings

OnWarning = Callable[[str], None]


def deliver(  # noqa: PLR0913 - what to do, and whom to tell
    request: RunRequest,
    now: datetime,
    *,
    scheduled: bool,
    on_progress: OnProgress,
    on_result: Callable[[Result], None],
    on_warning: OnWarning,
) -> Result:
    """Send what is pending, then make the report and send it; a slot's report is made once.

    `on_result` takes those that were pending. Raises HealthCheckError where none can be made.
    """
    settings = load_settings()
    slot = daily_slot(now) if scheduled else None
    own = None
    try:
        with _delivery(settings, now, on_warning) as delivery:
            on_progress("sending pending reports")
            sent = delivery.send_pending()
            for result in sent:
                if slot is None or result.name != slot.isoformat():
                    on_result(result)
            own = delivery.of_slot(slot, sent, live=not request.folder) if slot else None
            if own is None:
                report = make_report(run_pipeline(request, now, on_progress), on_progress)
                mail = message(report, render(report), settings, now).as_bytes()
                on_progress("sending")
                told = json.loads(render_json(report))
                own = delivery.send(QueuedReport(now, slot, mail, told))
        return own
    finally:
        # By hand somebody is looking: that tells nothing about the schedule.
        if slot and settings.heartbeat_url:
            from healthcheck.delivery.heartbeat import ping  # noqa: PLC0415 - only scheduled runs do

            on_progress("pinging the heartbeat")
            failed = own is None or own.exit_code != 0
            ping(settings.heartbeat_url.get_secret_value(), failed=failed, on_warning=on_warning)


def send_pending(now: datetime, *, rejected: bool, on_warning: OnWarning) -> tuple[Result, ...]:
    """Send what is pending; with `rejected` also what was rejected. Raises SettingsError."""
    settings = load_settings()
    store_of(settings).check_readable()
    with _delivery(settings, now, on_warning) as delivery:
        if rejected:
            delivery.retry_rejected()
        return delivery.send_pending()


@contextmanager
def _delivery(settings: Settings, now: datetime, on_warning: OnWarning) -> Iterator[Delivery]:
    """What sends and keeps, by these settings, and is alone in it."""
    store, msmtp, to = store_of(settings), msmtp_of(settings), settings.notify_email
    store.prepare()
    with locked(store.folder):
        store.remove_partials()
        yield Delivery(store, msmtp, to, now, on_warning)


def msmtp_of(settings: Settings) -> Msmtp:
    """The program that sends."""
    sender = settings.mail_from.addr_spec if settings.mail_from else None
    return Msmtp(settings.msmtp, settings.msmtp_config, settings.msmtp_timeout, sender)
