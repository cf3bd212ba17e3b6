"""Write values so that systemd, sh and python-dotenv read the same from one .env file."""

import re

# Set in the unit or by the run script: a second value would contradict it.
_SET_BY_THE_DEPLOY = frozenset({"KNOWN_ISSUES", "MSMTP_CONFIG", "STATE_DIRECTORY", "ENV_FILE"})
_REFUSED = {
    "\r": "a carriage return",
    "\n": "a line break",
    "\0": "a NUL character",
    "${": "the characters ${, which python-dotenv replaces",
}
SECRETS = "# Secrets"
"""The line of a generation's env file below which its secrets stand."""
_KNOWN_SECRETS = frozenset({"MONGODB_URI", "OPENAI_API_KEY", "HEARTBEAT_URL"})
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(.*?)\s*$", re.MULTILINE | re.ASCII)
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\$`]|\\[\\\"])*\"")
_BLOCK = re.compile(
    r"^# BEGIN llm-health-check$.*?^# END llm-health-check$", re.MULTILINE | re.DOTALL
)


def quote(value: str) -> str:
    """Quote a value; raises ValueError, without the value, where no quoting fits all readers."""
    for part, name in _REFUSED.items():
        if part in value:
            raise ValueError(f"contains {name}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("contains characters that UTF-8 cannot write") from None
    # python-dotenv decodes \\ and \' between single quotes; the others take all as it stands.
    if "'" not in value and "\\\\" not in value and not value.endswith("\\"):
        return f"'{value}'"
    # Between double quotes they agree on \\ and \" alone.
    if "$" not in value and "`" not in value:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    raise ValueError(
        "contains a quote or a backslash together with $ or `, which no quoting protects for all readers"
    )


def given(settings: dict[str, object]) -> dict[str, str]:
    """Keep what has a value, as text."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in settings.items()
        if value is not None and value != ""
    }


def lines(settings: dict[str, object]) -> dict[str, str]:
    """NAME to NAME=value, for what has a value."""
    return {name: f"{name}={quote(value)}" for name, value in sorted(given(settings).items())}


def problems(settings: dict[str, object]) -> list[str]:
    """Say by name, and never by value, what cannot be written."""
    found = []
    for name, value in sorted(given(settings).items()):
        if name in _SET_BY_THE_DEPLOY:
            found.append(f"{name} is set by the deploy itself")
        elif isinstance(settings[name], (dict, list)):
            found.append(f"{name} must be text")
        else:
            try:
                quote(value)
            except ValueError as error:
                found.append(f"{name} {error}")
    return found


def running(
    own: list[str], shared: list[str], secret_names: list[str]
) -> dict[str, dict[str, str]]:
    """The lines of ours that a host has: `settings` and `secrets`, NAME to NAME=value; later texts win.

    A generation's env file says which are secrets. For what deploys up to 0.1 have written, our block
    in a shared file and a file of our own, the names decide.
    """
    found: dict[str, dict[str, str]] = {"settings": {}, "secrets": {}}
    blocks = [block.group() for text in shared if (block := _BLOCK.search(text))]
    for text in [*blocks, *own]:
        public, marker, _ = text.partition(SECRETS)
        settings = {match[1] for match in _LINE.finditer(public)}
        for name, value in _LINE.findall(text):
            secret = name not in settings if marker else name in {*_KNOWN_SECRETS, *secret_names}
            line = f"{name}={value if _QUOTED.fullmatch(value) else quote(value)}"
            found["secrets" if secret else "settings"][name] = line
    return found


def own_lines(text: str) -> dict[str, str]:
    """The lines of a generation's env file, NAME to NAME=value."""
    found = running([text], [], [])
    return found["settings"] | found["secrets"]


def changes(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """What differs, by name: one line each for what is added, removed and changed."""
    names = {
        "added": new.keys() - old.keys(),
        "removed": old.keys() - new.keys(),
        "changed": {name for name in old.keys() & new.keys() if old[name] != new[name]},
    }
    return [f"{how}: {', '.join(sorted(which))}" for how, which in names.items() if which]


def in_unit(value: str) -> str:
    """A value between double quotes in a unit: systemd.syntax(7)."""
    return value.replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"')


def msmtp_problems(settings: dict[str, object]) -> list[str]:
    """Say by name what a line of msmtp's configuration cannot hold."""
    return [
        f"{name} contains a line break or a control character"
        for name, value in sorted(settings.items())
        if not str(value).isprintable()
    ]


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        return {
            "healthcheck_given": given,
            "healthcheck_env_lines": lines,
            "healthcheck_env_problems": problems,
            "healthcheck_running": running,
            "healthcheck_own_lines": own_lines,
            "healthcheck_changes": changes,
            "healthcheck_in_unit": in_unit,
            "healthcheck_msmtp_problems": msmtp_problems,
        }
