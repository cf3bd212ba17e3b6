"""The report as an e-mail."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from healthcheck.report import Rendered, Report

_LONG_LINES = SMTP.clone(max_line_length=998)
"""RFC 5322's limit. At its recommended 78 the standard library folds a Subject before its first
word, and makes encoded words of long names."""
_DOMAIN = "llm-health-check.invalid"


def message(
    report: Report, rendered: Rendered, *, sender: str | None = None, to: Sequence[str] = ()
) -> EmailMessage:
    """Text and HTML as alternatives; the same bytes each time for the same report."""
    digest = sha256(report.model_dump_json().encode()).hexdigest()[:32]
    made = EmailMessage(policy=SMTP)
    made.set_content(rendered.text, cte="quoted-printable")
    made.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # Quoted-printable never holds "=_": the boundary cannot stand in a body.
    made.set_boundary(f"=_{digest}")
    made.policy = _LONG_LINES
    made["Subject"] = rendered.subject
    if sender:
        made["From"] = sender
    if to:
        made["To"] = ", ".join(to)
    made["Date"] = report.window.until
    made["Message-ID"] = f"<{digest}@{_DOMAIN}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-LLM-Health-Status"] = report.status.value
    return made
