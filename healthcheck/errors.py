"""What can go wrong at an edge, as sentences for the operator; only `cli` turns them into exit codes."""

import errno
from collections.abc import Iterable

EXIT_CODES = {
    0: "report delivered (even if CRITICAL)",
    1: "the report could not be made, or neither sent nor kept",
    2: "wrong usage or settings",
    69: "rejected permanently: report kept, or sent to the other recipients",
    75: "report kept in the outbox, retried every 15 minutes for 4 hours by systemd",
    78: "report kept, wrong mail setup",
    130: "interrupted by Ctrl-C",
}
"""What each exit code means; 69, 75 and 78 are those of sysexits.h."""


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
UNWRITABLE = (*NO_ROOM, errno.EBADF)
"""What an output of the program meets: a full disk, or a stream that is closed."""
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\ufffd")
"""What a name may hold and a terminal would obey."""


class HealthCheckError(Exception):
    """What happened, in a sentence, and what to do about it. Holds no secret."""

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what, self.remedy = what.translate(_CONTROLS), remedy.translate(_CONTROLS)
        super().__init__(f"{self.what} {self.remedy}".rstrip())


class UsageError(HealthCheckError):
    """An option, or a combination of options, that cannot be used."""

    exit_code = 2


class SettingsError(HealthCheckError):
    """An environment variable or the .env file holds something that cannot be used, or lacks it."""

    exit_code = 2


class SourceError(HealthCheckError):
    """The data could not be read, so the report cannot be made."""


class OutputError(HealthCheckError):
    """What was made could not be written where it was asked to go; a wrong path is wrong usage."""

    def __init__(self, what: str, error: OSError, remedy: str = "") -> None:
        super().__init__(f"{what}: {error.strerror}.", remedy)
        if error.errno not in NO_ROOM:
            self.exit_code = UsageError.exit_code


class BusyError(HealthCheckError):
    """Another run holds the lock."""

    exit_code = 75


def did_you_mean(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """A question for the known name that is most like an unknown one, if any is."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    near = get_close_matches(name, [*known], 1, least)
    return f"Did you mean {near[0]}?" if near and near[0] != name else ""
