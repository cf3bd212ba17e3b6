"""What a server does wrong, as data: at which stage, what, and how many times."""

from dataclasses import dataclass
from typing import Literal, get_args

Stage = Literal["connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "content", "dot", "taken"]
"""`DATA` is the command, `content` what follows it, `dot` the end of the mail before the server
has taken it, `taken` after that: the mail is recorded and the sender does not hear of it."""

STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    stage: Stage
    what: Literal["hang", "drop", "reply", "slow"]
    reply: str = ""
    seconds: float = 0
    times: int | None = None
    """How often, over all connections; None is always."""
    recipient: str | None = None
    """At RCPT: only for this address."""


def hang(stage: Stage, *, times: int | None = None) -> Fault:
    """Says nothing any more from this stage on, and keeps the connection open."""
    return Fault(stage, "hang", times=times)


def drop(stage: Stage, *, times: int | None = None) -> Fault:
    """Closes the connection without a word."""
    return Fault(stage, "drop", times=times)


def reply(
    stage: Stage, words: str, *, times: int | None = None, recipient: str | None = None
) -> Fault:
    """Answers with these words, such as `451 4.3.0 later`, in place of the right ones."""
    return Fault(stage, "reply", reply=words, times=times, recipient=recipient)


def slow(seconds: float, stage: Stage = "EHLO", *, times: int | None = None) -> Fault:
    """Answers rightly, after a while."""
    return Fault(stage, "slow", seconds=seconds, times=times)


class Script:
    """The faults of one server, and how often each has still to happen."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self._left: list[list] = [[fault, fault.times] for fault in faults]

    def next(self, stage: Stage, argument: str | None) -> Fault | None:
        """The first fault that is due now; counts it."""
        for entry in self._left:
            fault, left = entry
            if fault.stage != stage or left == 0:
                continue
            if fault.recipient and f"<{fault.recipient}>" not in (argument or ""):
                continue
            entry[1] = None if left is None else left - 1
            return fault
        return None
