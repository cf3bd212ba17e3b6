"""Delivers the queued of a file, as a run does: the program that the kill tests stop.

python killed.py FOLDER REPORT MSMTPRC

For each line that it reads it forks a process that delivers: the first line of its answer is the
number of that process, which waits for a line in turn, so that strace can attach; the second is
how it ended. To start a Python for each takes ten times as long.
"""

import ctypes
import os
import signal
import sys
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

from healthcheck.delivery.delivery import Delivery, Result
from healthcheck.delivery.lock import locked
from healthcheck.delivery.msmtp import Msmtp
from healthcheck.delivery.outbox import QueuedReport, StateDirectory, from_bytes

_PR_SET_PTRACER = 0x59616D61
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
    for _ in sys.stdin:
        begin, attached = os.pipe()
        if (child := os.fork()) == 0:
            os.close(attached)
            signal.alarm(60)
            # Yama lets a user trace only children, unless they say that anybody may.
            ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
            os.read(begin, 1)
            os._exit(deliver(folder, from_bytes(queued.read_bytes()), msmtprc).exit_code)
        os.close(begin)
        os.write(1, b"%d\n" % child)
        sys.stdin.readline()
        os.close(attached)
        os.write(1, b"%d\n" % os.waitpid(child, 0)[1])
