"""The whole line: from what was asked to a report that was sent, and kept until it was."""

from collections.abc import Callable
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage

from healthcheck import mail_addresses
from healthcheck.answer import Answer
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
from healthcheck.line import Progress, Question, answer, assessed
from healthcheck.report import Report, render, with_past
from healthcheck.settings import Settings, load_settings
from healthcheck.slot import slot_of

Told = Callable[[Result], None]
Warned = Callable[[str], None]


def reported(found: Answer, say: Progress, *, ai: bool) -> Report:
    """The report, with what the AI and earlier ones tell; the sample day has none before it."""
    report = found.report()
    if ai:
        report = assessed(found, report, say)
    if found.settings is None:
        return report
    return with_past(report, past(store_of(found.settings)))


def deliver(  # noqa: PLR0913 - what to do, and whom to tell
    question: Question,
    now: datetime,
    *,
    scheduled: bool,
    say: Progress,
    tell: Told,
    warn: Warned,
) -> Result:
    """Send what is left, then make the report and send it; a slot's report is made once.

    `tell` is told of the ones that were left. Raises HealthCheckError where none can be made.
    """
    settings = load_settings()
    slot = slot_of(now) if scheduled else None
    failed = True
    try:
        own = _deliver(question, settings, slot, now, say=say, tell=tell, warn=warn)
        failed = own.exit_code != 0
    finally:
        # By hand somebody is looking: that tells nothing about the schedule.
        if slot and settings.heartbeat_url:
            say("pinging the heartbeat")
            beat(settings.heartbeat_url.get_secret_value(), failed=failed, warn=warn)
    return own


def _deliver(  # noqa: PLR0913 - as above
    question: Question,
    settings: Settings,
    slot: date | None,
    now: datetime,
    *,
    say: Progress,
    tell: Told,
    warn: Warned,
) -> Result:
    delivery = delivery_of(settings, now, warn)
    delivery.store.prepare()
    with locked(delivery.store.folder):
        say("sending pending reports")
        left = delivery.send_left()
        for result in left:
            if slot is None or result.name != slot.isoformat():
                tell(result)
        if slot and (known := delivery.of_slot(slot, left)):
            return known
        report = reported(answer(question, now, say), say, ai=question.ai)
        queued = queued_report_of(report, settings, now, slot)
        say("sending")
        return delivery.send(queued)


def send_left(now: datetime, *, rejected: bool, warn: Warned) -> tuple[Result, ...]:
    """Send what is pending; with `rejected` also what was rejected."""
    delivery = delivery_of(load_settings(), now, warn)
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


def delivery_of(settings: Settings, now: datetime, warn: Warned) -> Delivery:
    """What sends and keeps, by these settings."""
    sender = sender_of(settings)
    return Delivery(
        store_of(settings),
        msmtp_of(settings),
        mail_addresses.recipients(settings.notify_email),
        sender.addr_spec if sender else None,
        now,
        warn,
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
