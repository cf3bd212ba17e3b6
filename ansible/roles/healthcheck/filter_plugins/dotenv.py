"""Write values so that systemd, sh and python-dotenv read the same from one .env file."""

import re

# msmtp takes the outermost quotes away and no others, so that a password may hold some.
_PASSWORD = re.compile(r'^password "(.+)"$', re.MULTILINE)
# Of what the program reads: a second value would lead it astray.
_SET_BY_THE_DEPLOY = frozenset({"KNOWN_ISSUES", "MSMTP_CONFIG", "STATE_DIRECTORY"})
_FIRST_PRINTABLE = ord(" ")
_REFUSED = {
    "\r": "a carriage return",
    "\n": "a line break",
    "\0": "a NUL character",
    "${": "the characters ${, which python-dotenv replaces",
}


def quote(value: str) -> str:
    """Quote a value; raises ValueError, without the value, where no quoting fits all readers."""
    for part, name in _REFUSED.items():
        if part in value:
            raise ValueError(f"holds {name}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds characters that UTF-8 cannot write") from None
    # python-dotenv decodes \\ and \' between single quotes; the others take all as it stands.
    if "'" not in value and "\\\\" not in value and not value.endswith("\\"):
        return f"'{value}'"
    # Between double quotes they agree on \\ and \" alone.
    if "$" not in value and "`" not in value:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    raise ValueError(
        "holds a quote or a backslash together with $ or `, which no quoting protects for all readers"
    )


def given(settings: dict[str, object]) -> dict[str, str]:
    """Keep what has a value, as text."""
    return {
        name: _text(value) for name, value in settings.items() if value is not None and value != ""
    }


def dotenv_lines(settings: dict[str, object]) -> list[str]:
    """Return NAME=value lines, sorted by name."""
    return [f"{name}={quote(value)}" for name, value in sorted(given(settings).items())]


def dotenv_problems(settings: dict[str, object]) -> list[str]:
    """Say by name, and never by value, what cannot be written."""
    problems = []
    for name, value in sorted(given(settings).items()):
        if name in _SET_BY_THE_DEPLOY:
            problems.append(f"{name} is set by the deploy itself")
        elif isinstance(settings[name], (dict, list)):
            problems.append(f"{name} is no text")
        else:
            try:
                quote(value)
            except ValueError as error:
                problems.append(f"{name} {error}")
    return problems


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def msmtp_problems(settings: dict[str, object]) -> list[str]:
    """Say by name what a line of msmtp's configuration cannot hold."""
    return [
        f"{name} holds a line break or a control character"
        for name, value in sorted(settings.items())
        if any(ord(character) < _FIRST_PRINTABLE for character in str(value))
    ]


def msmtp_password(text: str) -> str:
    """The password in a configuration of msmtp that our template has written."""
    found = _PASSWORD.search(text)
    if not found:
        raise ValueError("The configuration of msmtp on the host has lost its password meanwhile.")
    return found.group(1)


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {
            "given": given,
            "dotenv_lines": dotenv_lines,
            "dotenv_problems": dotenv_problems,
            "msmtp_password": msmtp_password,
            "msmtp_problems": msmtp_problems,
        }
