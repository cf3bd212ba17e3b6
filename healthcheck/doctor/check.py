"""What a check of the setup finds."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One line for the operator: what was checked, what was found, what to do about it."""

    name: str
    outcome: Outcome
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Check:
    """All is well."""
    return Check(name, Outcome.OK, found)


def warning(name: str, found: str, remedy: str) -> Check:
    """It works, and should be otherwise."""
    return Check(name, Outcome.WARNING, found, remedy)


def failed(name: str, found: str, remedy: str) -> Check:
    """It does not work."""
    return Check(name, Outcome.FAILED, found, remedy)
