"""Names that nobody knows: most of them are misspelt."""

from collections.abc import Iterable
from difflib import get_close_matches

# What the role's own tasks register.
_OURS = frozenset(
    f"healthcheck_{name}"
    for name in (
        "before", "built", "doctor", "env_written", "journal", "msmtprc_before", "msmtprc_written",
        "survey", "units",
    )
)  # fmt: skip


def unknown_variables(names: Iterable[str], specifications: dict, fixed: dict) -> list[str]:
    """The variables of a host that begin as the role's do and are none, each with the nearest one."""
    options = {name for entry in specifications.values() for name in entry["options"]}
    known = options | fixed.keys() | _OURS
    return [
        _with_nearest(name, options)
        for name in sorted(map(str, names))
        if name.startswith("healthcheck_") and name not in known
    ]


def misspelt_settings(names: Iterable[str], known: list[str]) -> list[str]:
    """The settings that are almost one of the program's; others may be meant for its libraries."""
    return [
        _with_nearest(name, known)
        for name in sorted(map(str, names))
        if name not in known and get_close_matches(name.upper(), known, 1, 0.8)
    ]


def _with_nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(known), 1) or get_close_matches(name.upper(), known, 1)
    return f"{name} ({near[0]}?)" if near else name


class FilterModule:
    """What the role's tasks may use."""

    def filters(self) -> dict[str, object]:
        """Names in tasks, and what they call."""
        return {"misspelt_settings": misspelt_settings, "unknown_variables": unknown_variables}
