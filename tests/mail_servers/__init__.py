"""Real SMTP servers on loopback: as context managers, as fixtures, and as a program of its own.

In a test: `start_smtp_server()` from fixtures.py, with a script of what goes wrong. For a whole
host: `PYTHONPATH=tests python -m mail_servers --help`.
"""

from mail_servers.account import write_msmtprc
from mail_servers.record import Received
from mail_servers.script import (
    STAGES,
    Fault,
    Stage,
    drop,
    hang,
    reply,
    slow,
)
from mail_servers.server import Login, SmtpServer, Tls, closed_port, smtp_server

__all__ = [
    "STAGES",
    "Fault",
    "Login",
    "Received",
    "SmtpServer",
    "Stage",
    "Tls",
    "closed_port",
    "drop",
    "hang",
    "reply",
    "slow",
    "smtp_server",
    "write_msmtprc",
]
