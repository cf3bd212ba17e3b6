"""What the role computes: values of a .env file, names that are mistakes, generations."""

import hashlib
import importlib.util
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

# --- Values that systemd, sh and python-dotenv read the same from one .env file -----------------

SECRETS = "# Secrets"
"""The line of a generation's env file below which its secrets stand."""
_SECRETS_UP_TO_0_1 = frozenset({"MONGODB_URI", "OPENAI_API_KEY", "HEARTBEAT_URL"})
_REFUSED = {
    "\r": "a carriage return",
    "\n": "a line break",
    "\0": "a NUL character",
    "${": "the characters ${, which python-dotenv replaces",
}
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(.*?)\s*$", re.MULTILINE | re.ASCII)
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\$`]|\\[\\\"])*\"")
_BLOCK = re.compile(r"(?ms)^# BEGIN llm-health-check$.*?^# END llm-health-check$")


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
    """Keep what has a value, as text, sorted by name."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in sorted(settings.items())
        if value is not None and value != ""
    }


def env_lines(settings: dict[str, object]) -> dict[str, str]:
    """NAME to NAME=value, for what has a value."""
    return {name: f"{name}={quote(value)}" for name, value in given(settings).items()}


def env_problems(settings: dict[str, object]) -> list[str]:
    """Say by name, and never by value, what cannot be written."""
    found = []
    for name, value in given(settings).items():
        try:
            quote(value)
        except ValueError as error:
            found.append(f"{name} {error}")
        if isinstance(settings[name], (dict, list)):
            found.append(f"{name} must be text")
    return found


def running(own: list[str], shared: list[str], secrets: list[str]) -> dict[str, dict[str, str]]:
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
            secret = name not in settings if marker else name in {*_SECRETS_UP_TO_0_1, *secrets}
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


# --- What is wrong with the variables of the role ----------------------------------------------

_READERS = {
    "NOTIFY_EMAIL": "recipients",
    "MAIL_FROM": "sender",
    "MAIL_UNSUBSCRIBE": "sender",
    "healthcheck_notify_email": "recipients",
}
_PREFIX = "healthcheck_"


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
    for name, value in given(settings).items():
        try:
            if name in _READERS:
                getattr(program, _READERS[name])(value)
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


def misspelled_variables(
    names: Iterable[str], public: Iterable[str], former: dict[str, str]
) -> list[str]:
    """Those that are a former name, or close to a public one; other names with our prefix are not ours."""
    suffixes = [name.removeprefix(_PREFIX) for name in public]
    found = []
    for name in sorted(set(names) - set(public)):
        # "interval" is near no variable of ours, "shedule" and "smtp_pasword" are.
        near = get_close_matches(name.removeprefix(_PREFIX), suffixes, n=1, cutoff=0.8)
        if name in former:
            found.append(f"{name} was renamed to {former[name]}")
        elif near:
            found.append(f"{name} is not a variable of the role: did you mean {_PREFIX}{near[0]}?")
    return found


# --- What is on a host --------------------------------------------------------------------------


def venv_name(content: str, whole: Iterable[str], in_use: str) -> str:
    """The whole virtual environment of that content; else a name for a new one.

    One that runs and is damaged, or was changed by hand, is not touched before another can take its
    place, which has a number behind its name.
    """
    new = f"{content}-2" if in_use == content else content
    return next((name for name in whole if name.partition("-")[0] == content), new)


def generation(
    files: dict[str, str], venv: str, private: list[str], scripts: list[str]
) -> dict[str, object]:
    """Its files, their digests as llm_health_check_info reports them, and its ID, the hash of all of it."""
    # A digest of a file with a password in it is one to guess by.
    modes = dict.fromkeys([*private, "manifest"], 600) | dict.fromkeys(scripts, 755)

    def digest(name: str, text: str) -> str:
        return f"{modes.get(name, 644)} {hashlib.sha256(text.encode()).hexdigest()}"

    digests = {name: digest(name, text) for name, text in sorted(files.items())}
    manifest = "".join(f"{each}  {name}\n" for name, each in digests.items())
    return {
        "id": hashlib.sha256((manifest + venv).encode()).hexdigest()[:12],
        "venv": venv,
        "files": {**files, "manifest": manifest},
        "digests": {**digests, "manifest": digest("manifest", manifest)},
    }


def differing(
    items: list[dict[str, str]], installed: dict[str, str], digests: dict[str, str]
) -> list[dict[str, str]]:
    """Of files and where they are installed, those that are not there as they should be."""
    return [item for item in items if installed[item["value"]] != digests[item["key"]]]


def said(result: dict) -> str:
    """All that a command printed, or else why it could not be run."""
    printed = [result.get(part, "").strip() for part in ("stdout", "stderr")]
    return " ".join(filter(None, printed)) or result.get("msg", "")


class FilterModule:
    """What the role's templates may use."""

    def filters(self) -> dict[str, object]:
        """Names in templates, and what they call."""
        ours = (
            given, env_lines, env_problems, running, own_lines, changes, in_unit, address_problems,
            unknown_settings, misspelled_variables, venv_name, generation, differing, said,
        )  # fmt: skip
        return {f"healthcheck_{each.__name__}": each for each in ours}
