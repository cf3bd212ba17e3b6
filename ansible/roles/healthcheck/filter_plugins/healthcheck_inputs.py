"""What is wrong with the variables of the role: what would fail at night is refused now."""

import importlib.util
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

_READERS = {
    "NOTIFY_EMAIL": "recipients",
    "MAIL_FROM": "sender",
    "MAIL_UNSUBSCRIBE": "sender",
    "healthcheck_notify_email": "recipients",
}
_PREFIX = "healthcheck_"
# "interval" is near no variable of ours, "shedule" and "smtp_pasword" are.
_CLOSE = 0.8


def address_problems(settings: dict[str, object], source: str) -> list[str]:
    """Say by name, and never by value, what the program in that folder would not take for an address."""
    path = Path(source) / "healthcheck" / "mail_addresses.py"
    if not path.is_file():
        return ["healthcheck_source is not the folder of the project"]
    # The file alone: the package has dependencies that the control machine need not have.
    specification = importlib.util.spec_from_file_location("healthcheck_mail_addresses", path)
    program = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(program)
    found = []
    for name, reader in _READERS.items():
        if settings.get(name) not in (None, ""):
            try:
                getattr(program, reader)(str(settings[name]))
            except ValueError as error:
                found.append(f"{name} {error}")
    return found


def unknown_settings(names: Iterable[object], known: Iterable[str]) -> list[str]:
    """Those that are not known, each with the one that may be meant."""
    by_letters = {each.lower(): each for each in sorted(known, key=str.isupper)}
    found = []
    for name in sorted(set(map(str, names)) - set(known)):
        near = get_close_matches(name.lower(), by_letters, n=1)
        found.append(f"{name} (did you mean {by_letters[near[0]]}?)" if near else name)
    return found


def misspelt_variables(
    names: Iterable[str], public: Iterable[str], former: dict[str, str]
) -> list[str]:
    """Those that are a former name, or close to a public one; other names with our prefix are not ours."""
    suffixes = [name.removeprefix(_PREFIX) for name in public]
    found = []
    for name in sorted(set(names) - set(public)):
        near = get_close_matches(name.removeprefix(_PREFIX), suffixes, n=1, cutoff=_CLOSE)
        if name in former:
            found.append(f"{name} is now called {former[name]}")
        elif near:
            found.append(f"{name} is not a variable of the role: did you mean {_PREFIX}{near[0]}?")
    return found


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {
            "healthcheck_address_problems": address_problems,
            "healthcheck_unknown_settings": unknown_settings,
            "healthcheck_misspelt_variables": misspelt_variables,
        }
