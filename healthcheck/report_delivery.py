"""The whole line: from what was asked to a report that was sent, and kept until it was."""

from collections.abc import Callable
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage

from healthcheck import mail_addresses
from healthcheck.delivery.delivery import Delivery, Result
from healthcheck.delivery.heartbeat import beat
from healthcheck.delivery.history import past
from healthcheck.delivery.host import mail_domain
from healthcheck.delivery.lock import locked
from healthcheck.delivery.message import message
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import Store
from healthcheck.delivery.queued_report import QueuedReport
from healthcheck.delivery.state import state_folder
from healthcheck.pipeline import OnProgress, RunRequest, RunResult, assessed, run_pipeline
from healthcheck.report import Report, render, with_past
from healthcheck.run_window import daily_slot
from healthcheck.settings import Settings, load_settings

OnResult = Callable[[Result], None]
OnWarning = Callable[[str], None]


def reported(found: RunResult, on_progress: OnProgress, *, ai: bool) -> Report:
    """The report, with what the AI and earlier ones tell; the sample day has none before it."""
    report = found.report()
    if ai:
        report = assessed(found, report, on_progress)
    if found.settings is None:
        return report
    return with_past(report, past(store_of(found.settings)))


def deliver(  # noqa: PLR0913 - what to do, and whom to tell
    request: RunRequest,
    now: datetime,
    *,
    scheduled: bool,
    on_progress: OnProgress,
    on_result: OnResult,
    on_warning: OnWarning,
) -> Result:
    """Send what is left, then make the report and send it; a slot's report is made once.

    `on_result` is told of the ones that were left. Raises HealthCheckError where none can be made.
    """
    settings = load_settings()
    slot = daily_slot(now) if scheduled else None
    failed = True
    try:
        own = _deliver(
            request,
            settings,
            slot,
            now,
            on_progress=on_progress,
            on_result=on_result,
            on_warning=on_warning,
        )
        failed = own.exit_code != 0
    finally:
        # By hand somebody is looking: that tells nothing about the schedule.
        if slot and settings.heartbeat_url:
            on_progress("pinging the heartbeat")
            beat(settings.heartbeat_url.get_secret_value(), failed=failed, on_warning=on_warning)
    return own


def _deliver(  # noqa: PLR0913 - as above
    request: RunRequest,
    settings: Settings,
    slot: date | None,
    now: datetime,
    *,
    on_progress: OnProgress,
    on_result: OnResult,
    on_warning: OnWarning,
) -> Result:
    delivery = delivery_of(settings, now, on_warning)
    delivery.store.prepare()
    with locked(delivery.store.folder):
        on_progress("sending pending reports")
        left = delivery.send_left()
        for result in left:
            if slot is None or result.name != slot.isoformat():
                on_result(result)
        if slot and (known := delivery.of_slot(slot, left)):
            return known
        report = reported(run_pipeline(request, now, on_progress), on_progress, ai=request.ai)
        queued = queued_report_of(report, settings, now, slot)
        on_progress("sending")
        return delivery.send(queued)


def send_left(now: datetime, *, rejected: bool, on_warning: OnWarning) -> tuple[Result, ...]:
    """Send what is pending; with `rejected` also what was rejected."""
    delivery = delivery_of(load_settings(), now, on_warning)
    delivery.store.prepare()
    with locked(delivery.store.folder):
        if rejected:
            delivery.retry_rejected()
        return delivery.send_left()


def queued_report_of(
    report: Report, settings: Settings, now: datetime, slot: date | None
) -> QueuedReport:
    """The report with its finished mail."""
    mail = mail_of(report, settings, now)
    return QueuedReport(now, slot, mail.as_bytes(), report.model_dump(mode="json"))


def mail_of(report: Report, settings: Settings, now: datetime | None = None) -> EmailMessage:
    """The mail as it would go out."""
    sender = sender_of(settings)
    unsubscribe = settings.mail_unsubscribe
    return message(
        report,
        render(report),
        sender=sender,
        to=mail_addresses.recipients(settings.notify_email),
        unsubscribe=mail_addresses.sender(unsubscribe).addr_spec if unsubscribe else None,
        domain=mail_domain(sender),
        date=now,
    )


def delivery_of(settings: Settings, now: datetime, on_warning: OnWarning) -> Delivery:
    """What sends and keeps, by these settings."""
    sender = sender_of(settings)
    return Delivery(
        store_of(settings),
        msmtp_of(settings),
        mail_addresses.recipients(settings.notify_email),
        sender.addr_spec if sender else None,
        now,
        on_warning,
    )


def store_of(settings: Settings) -> Store:
    """Where reports are kept."""
    return Store(state_folder(settings.state_directory))


def msmtp_of(settings: Settings) -> Msmtp:
    """The program that sends."""
    return Msmtp(settings.msmtp, settings.msmtp_config, settings.msmtp_timeout)


def sender_of(settings: Settings) -> Address | None:
    """Whom MAIL_FROM names."""
    return mail_addresses.sender(settings.mail_from) if settings.mail_from else None
