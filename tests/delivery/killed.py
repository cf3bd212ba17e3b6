"""Delivers the queued of a file, as a run does: the program that the kill tests stop.

python killed.py FOLDER REPORT MSMTPRC
"""

import sys
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

from healthcheck.delivery.delivery import Delivery, Result
from healthcheck.delivery.lock import locked
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import QueuedReport, StateDirectory, from_bytes

NOW = datetime(2026, 3, 10, 8, 0, 5, tzinfo=UTC)


def deliver(folder: Path, queued: QueuedReport, msmtprc: Path) -> Result:
    store = StateDirectory(folder)
    to = ("ops@example.org",)
    delivery = Delivery(
        store, Msmtp("msmtp", msmtprc, 10), to, NOW, Address("", "health", "clifford.test")
    )
    folder.mkdir(exist_ok=True)
    with locked(folder):
        store.prepare()
        left = delivery.send_pending()
        return delivery.made_before(queued.name, left) or delivery.send(queued)


if __name__ == "__main__":
    folder, queued, msmtprc = map(Path, sys.argv[1:])
    sys.exit(deliver(folder, from_bytes(queued.read_bytes()), msmtprc).exit_code)
