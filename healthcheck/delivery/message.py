"""The report as an email."""

import re
import socket
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from healthcheck.report import Report
from healthcheck.report.render import Rendered
from healthcheck.settings import Settings

_LONG_LINES = SMTP.clone(max_line_length=998)
"""RFC 5322's limit. At its recommended 78 the standard library folds a Subject before its first
word, and makes encoded words of long names."""
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NO_DOMAIN = "llm-health-check.invalid"


def message(
    report: Report,
    rendered: Rendered,
    settings: Settings | None = None,
    date: datetime | None = None,
) -> EmailMessage:
    """Text and HTML as alternatives; the same bytes each time for the same report.

    Without settings it goes to nobody, as that of the sample day. `date` is when the mail was made: by
    default the end of the window.
    """
    made_at = date or report.window.until
    domain = mail_domain(settings.mail_from) if settings else _NO_DOMAIN
    content = f"{made_at.isoformat()} {rendered.text} {rendered.html}"
    digest = sha256(content.encode()).hexdigest()[:32]
    # The library decodes encoded words in what it is given, line breaks and all: none may begin here.
    subject = rendered.subject.replace("=?", "= ?")
    made = short_message(subject, rendered.text, settings, made_at)
    made.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # Quoted-printable never holds "=_": the boundary cannot stand in a body.
    made.set_boundary(f"=_{digest}")
    made.policy = _LONG_LINES
    made["Message-ID"] = f"<{digest}@{domain}>"
    made["List-Id"] = f"LLM Benchmarks Daily Health <llm-health-check.{domain}>"
    if settings and settings.mail_unsubscribe:
        to = settings.mail_unsubscribe.addr_spec
        made["List-Unsubscribe"] = f"<mailto:{to}?subject=unsubscribe>"
    made["X-LLM-Health-Status"] = report.status.value
    return made


def short_message(
    subject: str, text: str, settings: Settings | None, date: datetime
) -> EmailMessage:
    """A mail of text alone; without settings it goes to nobody."""
    made = EmailMessage(policy=SMTP)
    made.set_content(text, cte="quoted-printable")
    made["Subject"] = subject
    if settings and settings.mail_from:  # else msmtp adds the sender of its account
        made["From"] = settings.mail_from
    if settings:
        made["To"] = ", ".join(settings.notify_email)
    made["Date"] = date
    made["Auto-Submitted"] = "auto-generated"
    return made


def readdressed(mail: bytes, to: Sequence[str], sender: Address | None) -> bytes:
    """A mail that was kept, with the addresses of today: its own may be why it was not sent."""
    made = message_from_bytes(mail, policy=_LONG_LINES)
    for name, value in (("To", ", ".join(to)), ("From", sender)):
        if not value:
            del made[name]
        elif name in made:
            made.replace_header(name, value)
        else:
            made[name] = value
    return made.as_bytes()


def mail_domain(sender: Address | None) -> str:
    """The sender's domain, or the host's own name."""
    if sender:
        return sender.domain
    name = socket.gethostname()
    return name if _DOMAIN.fullmatch(name) else "localhost"
