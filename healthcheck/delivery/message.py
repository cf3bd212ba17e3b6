"""The report as an email."""

import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from healthcheck.deadline import run_with_deadline
from healthcheck.report import Rendered, Report

_LONG_LINES = SMTP.clone(max_line_length=998)
"""RFC 5322's limit. At its recommended 78 the standard library folds a Subject before its first
word, and makes encoded words of long names."""
_LOOKUP_SECONDS = 2
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NO_DOMAIN = "llm-health-check.invalid"


def message(  # noqa: PLR0913 - one argument a header
    report: Report,
    rendered: Rendered,
    *,
    sender: Address | None = None,
    to: Sequence[str] = (),
    unsubscribe: Address | None = None,
    domain: str = _NO_DOMAIN,
    date: datetime | None = None,
) -> EmailMessage:
    """Text and HTML as alternatives; the same bytes each time for the same report.

    Without a sender msmtp adds the one of its account. `unsubscribe` is the address of whoever
    takes recipients off the list. `domain` is part of the ids, `date` is when the mail was made:
    by default the end of the window.
    """
    made_at = date or report.window.until
    content = f"{made_at.isoformat()} {report.model_dump_json()}"
    digest = sha256(content.encode()).hexdigest()[:32]
    made = EmailMessage(policy=SMTP)
    made.set_content(rendered.text, cte="quoted-printable")
    made.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # Quoted-printable never holds "=_": the boundary cannot stand in a body.
    made.set_boundary(f"=_{digest}")
    made.policy = _LONG_LINES
    made["Subject"] = rendered.subject
    _address(made, sender, to)
    made["Date"] = made_at
    made["Message-ID"] = f"<{digest}@{domain}>"
    made["List-Id"] = f"LLM Benchmarks Daily Health <llm-health-check.{domain}>"
    if unsubscribe:
        made["List-Unsubscribe"] = f"<mailto:{unsubscribe.addr_spec}?subject=unsubscribe>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-LLM-Health-Status"] = report.status.value
    return made


def short_message(
    subject: str, text: str, *, sender: Address | None, to: Sequence[str], date: datetime
) -> EmailMessage:
    """A short mail, to test the way."""
    made = EmailMessage(policy=SMTP)
    made.set_content(text)
    made["Subject"] = subject
    _address(made, sender, to)
    made["Date"] = date
    made["Auto-Submitted"] = "auto-generated"
    return made


def _address(made: EmailMessage, sender: Address | None, to: Sequence[str]) -> None:
    if sender:
        made["From"] = sender
    if to:
        made["To"] = ", ".join(to)


def mail_domain(sender: Address | None) -> str:
    """The sender's domain, or the host's own name, in full where it knows it within two seconds."""
    if sender:
        return sender.domain
    name = socket.gethostname()
    with suppress(OSError, UnicodeError):
        found = run_with_deadline(_full_name, _LOOKUP_SECONDS)
        name = name if "localhost" in found else found
    return name if _DOMAIN.fullmatch(name) else "localhost"


def _full_name() -> str:
    answers = socket.getaddrinfo(socket.gethostname(), None, flags=socket.AI_CANONNAME)
    return answers[0][3].rstrip(".")
