"""Check mail addresses with the program's own reader: what it would refuse at night, refuse now."""

import importlib.util
from pathlib import Path
from types import ModuleType

_READERS = {
    "NOTIFY_EMAIL": "recipients",
    "MAIL_FROM": "sender",
    "healthcheck_notify_email": "recipients",
}


def address_problems(settings: dict[str, object], source: str) -> list[str]:
    """Say by name, and never by value, what is no address to the program in that folder."""
    given = {name: str(settings[name]) for name in _READERS if settings.get(name) not in (None, "")}
    if not given:
        return []
    try:
        program = _program(Path(source) / "healthcheck" / "mail_addresses.py")
    except OSError:
        return ["healthcheck_source is not the folder of the project"]
    return [problem for name in given if (problem := _problem(program, name, given[name]))]


def _problem(program: ModuleType, name: str, text: str) -> str:
    try:
        getattr(program, _READERS[name])(text)
    except ValueError as error:
        return f"{name} {error}"
    return ""


def _program(path: Path) -> ModuleType:
    """The file alone: the package has dependencies that the control machine need not have."""
    specification = importlib.util.spec_from_file_location("healthcheck_mail_addresses", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {"address_problems": address_problems}
