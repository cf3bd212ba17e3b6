"""Delivers the letter of a file, as a run does: the program that the kill tests stop.

python killed.py FOLDER LETTER MSMTPRC
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from healthcheck.delivery.delivery import Delivery, Result
from healthcheck.delivery.letter import Letter, from_bytes
from healthcheck.delivery.lock import locked
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import Store

NOW = datetime(2026, 3, 10, 8, 0, 5, tzinfo=UTC)


def deliver(folder: Path, letter: Letter, msmtprc: Path) -> Result:
    store = Store(folder)
    to = ("ops@example.org",)
    delivery = Delivery(store, Msmtp("msmtp", msmtprc, 10), to, None, NOW, sys.stderr.write)
    store.prepare()
    with locked(folder):
        left = delivery.send_left()
        assert letter.slot
        return delivery.of_slot(letter.slot, left) or delivery.send(letter)


if __name__ == "__main__":
    folder, letter, msmtprc = map(Path, sys.argv[1:])
    sys.exit(deliver(folder, from_bytes(letter.read_bytes()), msmtprc).exit_code)
