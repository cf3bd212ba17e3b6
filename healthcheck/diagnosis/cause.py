"""Kinds that may come from one cause."""

from healthcheck.taxonomy import ErrorKind

AVAILABILITY = frozenset({ErrorKind.TRANSIENT_PROVIDER, ErrorKind.NETWORK, ErrorKind.TIMEOUT})
"""What an outage looks like from outside; which of them a model meets is chance."""

DOES_NOT_HEAL = frozenset({ErrorKind.AUTH, ErrorKind.BILLING})
"""What lasts until somebody does something about it."""


def kinds_of_cause(kind: ErrorKind) -> frozenset[ErrorKind]:
    """The kinds that the same cause may show as."""
    return AVAILABILITY if kind in AVAILABILITY else frozenset({kind})


def cause(kind: ErrorKind) -> str:
    """One word for kinds that may come from the same cause."""
    return "availability" if kind in AVAILABILITY else kind.value
