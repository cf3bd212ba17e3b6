"""The settings: the environment, and a .env file of the working directory or shared with a service."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, fields
from email.headerregistry import Address
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from dotenv.main import resolve_variables
from dotenv.parser import parse_stream

from healthcheck.errors import SettingsError, did_you_mean
from healthcheck.files import read_bounded
from healthcheck.mail_addresses import recipients, sender

_NOT_IN_DATABASE_NAMES = frozenset('/\\. "$')
"""What the driver refuses before it connects; other names are the server's matter."""

_SHARED = "ENV_FILE"
"""Names a .env file that belongs to another service as well; then none of the directory is read."""
_NOT_TAKEN = ("LD_", "PYTHON")
"""What that service needs for itself, and would break the programs that we start."""
_MISSPELLED = 0.9
"""So like a setting must a variable be to be taken for one: other programs have theirs."""
_PLACEHOLDER = re.compile(r"\$\{\w+\}|<[\w-]+>")

_MOST_SECONDS = 600
_MOST_BYTES = 1_000_000
"""Of a .env file: systemd hands over no larger one."""


class Secret:
    """What only those see who ask for it: no message and no log shows it by accident."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """As it was set."""
        return self._value


def _mongodb_uri(text: str) -> Secret | None:
    found = re.search(r"mongodb(\+srv)?://", text)
    if text and not (found and found.start() == 0):
        where = f"; this is at character {found.start() + 1}" if found else ""
        raise ValueError(f"must begin with mongodb:// or mongodb+srv://{where}")
    # A "/" or a second "@" would end the password early, and its rest be taken for a host.
    before_options = text.partition("://")[2].partition("?")[0]
    credentials, at, _ = before_options.rpartition("@")
    if _PLACEHOLDER.search(text):
        what = "contains a placeholder such as ${NAME} or <password>: replace it with the value"
        raise ValueError(what)
    if at and any(character in credentials for character in "/@#"):
        what = "has a user name or password with / @ or # in it: write them as %2F, %40 and %23"
        raise ValueError(what)
    return Secret(text) if text else None


def _database(name: str) -> str:
    if _NOT_IN_DATABASE_NAMES & set(name):
        raise ValueError("is not a valid database name")
    return name


def is_web_address(url: str) -> bool:
    """Whether it leads to a host, by http or https."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _heartbeat_url(text: str) -> Secret:
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if not (is_plain and is_web_address(text)) or "@" in urlsplit(text).netloc:
        what = "must be an http:// or https:// URL with a host, without credentials or spaces"
        raise ValueError(what)
    return Secret(text)


def _seconds(number: type[float], noun: str, text: str) -> float:
    with suppress(ValueError):
        if 0 < (seconds := number(text.encode("ascii"))) <= _MOST_SECONDS:
            return seconds
    raise ValueError(f"must be {noun} greater than 0 and at most {_MOST_SECONDS}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The one table of settings: what makes a value of the text, and the variable if it has another name.

    `docs/generate.py` makes a page of what stands below each.
    """

    mongodb_uri: Annotated[Secret | None, _mongodb_uri] = None
    """Connection string; a read-only user is enough. Its read preference and timeouts are honored."""
    mongodb_db: Annotated[str, _database] = "llm-bench"
    """Database."""
    errors_collection: Annotated[str, str, "MONGODB_COLLECTION_ERRORS"] = "errors_cloud"
    """Collection with one document per failed attempt."""
    metrics_collection: Annotated[str, str, "MONGODB_COLLECTION_CLOUD"] = "metrics_cloud_v2"
    """Collection with one document per successful attempt."""
    catalog_collection: Annotated[str, str, "MONGODB_COLLECTION_MODELS"] = "models"
    """Model catalog collection; may be missing."""
    openai_api_key: Annotated[Secret | None, Secret] = None
    """Key for the AI assessment. Without it, the report has no assessment and states that."""
    openai_model: str = "gpt-4o-mini"
    """Model for the assessment."""
    openai_base_url: str | None = None
    """URL of another server that has OpenAI's Responses API, or Chat Completions with JSON schemas."""
    openai_deadline: Annotated[float, partial(_seconds, float, "a number")] = 60.0
    """Seconds for the whole assessment, including retries."""
    notify_email: Annotated[tuple[str, ...], recipients] = ("david010@gmail.com",)
    """Recipients of the report, separated by commas."""
    mail_from: Annotated[Address | None, sender] = None
    """Sender; by default, the sender of the msmtp account."""
    mail_unsubscribe: Annotated[Address | None, sender] = None
    """Address for the List-Unsubscribe header: the person who removes recipients from the list."""
    benchmark_host: str | None = None
    """Host of the benchmark runner; the report shows it with commands to run there."""
    known_issues: Annotated[Path | None, Path] = None
    """TOML file of findings to mute."""
    heartbeat_url: Annotated[Secret | None, _heartbeat_url] = None
    """URL to request after each scheduled run; /fail is appended after a failed run."""
    msmtp: str = "msmtp"
    """Program that sends the mail."""
    msmtp_config: Annotated[Path | None, Path] = None
    """Configuration file of msmtp; by default, msmtp's usual locations."""
    msmtp_timeout: Annotated[int, partial(_seconds, int, "a whole number")] = 30
    """Seconds to wait for a response of the mail server; a delivery may take four times as long."""
    state_directory: str | None = None
    """Folder for outbox and history, set by systemd; the default is ~/.local/state/llm-health-check."""

    def required_uri(self) -> str:
        """The connection string; raises SettingsError where there is none."""
        if self.mongodb_uri is None:
            raise SettingsError(
                "MONGODB_URI is not set.",
                "Set it in the environment or in .env. Without a database, run --from DIR reads a snapshot, "
                "and run --sample --dry-run shows the sample day.",
            )
        return self.mongodb_uri.get_secret_value()


def variables() -> dict[str, Field[Any]]:
    """Each setting with its variable."""
    return {_read_by(row)[1]: row for row in fields(Settings)}


def _read_by(row: Field[Any]) -> tuple[Callable[[str], Any], str]:
    read, *variable = getattr(row.type, "__metadata__", [str])
    return read, variable[0] if variable else row.name.upper()


SECRETS = frozenset(
    name for name, row in variables().items() if get_args(row.type)[:1] == (Secret | None,)
)
"""The variables that hold one."""


def load_settings() -> Settings:
    """Read and check all settings; raises SettingsError with one sentence that names the variables."""
    shared = os.environ.get(_SHARED)
    path = Path(shared or ".env")
    if shared or path.exists():
        _take_over(path, is_shared=bool(shared))
    return settings_from(environment())


def environment() -> dict[str, str]:
    """The variables in capitals; an empty one is an unset one."""
    return {name.upper(): value for name, value in os.environ.items() if value}


def settings_from(given: Mapping[str, str]) -> Settings:
    """The settings by their variables. Raises SettingsError."""
    values, problems = {}, []
    for name, row in variables().items():
        if name in given:
            try:
                given[name].encode()
                values[row.name] = _read_by(row)[0](given[name].strip())
            except UnicodeEncodeError:
                problems.append(f"{name} must be UTF-8.")
            except ValueError as error:
                problems.append(f"{name} {error}.")
    if problems:
        raise SettingsError(" ".join(problems))
    return Settings(**values)


def misspelled() -> Iterator[tuple[str, str]]:
    """What is set and is nearly the name of a setting that is not: a sentence and a question."""
    given, known = environment().keys(), variables().keys()
    missing = known - given
    for name in sorted(given - known):
        if question := did_you_mean(name, missing, _MISSPELLED):
            yield f"{name} is not a setting", question


def _take_over(path: Path, *, is_shared: bool) -> None:
    """Load a .env file into the environment without overriding it, as the service does.

    A line that cannot be read would hide a setting; a shared file's other lines are none of our
    business. systemd's EnvironmentFile= would log such a line, with the secret in it.
    """
    what = f"{_SHARED} names {path}" if is_shared else "The .env file in the working directory"
    try:
        text = read_bounded(path, _MOST_BYTES).decode("utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise SettingsError(f"{what}: {error.strerror}.") from None
    is_wide = any(sign in text for sign in ("=\0", "\0="))  # UTF-16 would hide all settings
    if is_wide or ("\0" in text and not is_shared):
        raise SettingsError(f"{what}: not UTF-8 text.", "Save it as UTF-8.")
    bindings = tuple(parse_stream(StringIO(text)))
    for line in (binding.original for binding in bindings if binding.error):
        if not is_shared or any(name in line.string for name in variables()):
            raise SettingsError(
                f"{what}, line {line.line}, cannot be read.",
                "Write it as NAME=value and close all quotes.",
            )
    assigned = ((binding.key, binding.value) for binding in bindings if binding.key)
    for name, value in resolve_variables(assigned, override=False).items():
        if value is not None and "\0" not in name + value and not name.startswith(_NOT_TAKEN):
            os.environ[name] = os.environ.get(name) or value
