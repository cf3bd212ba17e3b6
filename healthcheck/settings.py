"""The settings: the environment, and a .env file of the working directory or shared with a service."""

import os
import re
from collections.abc import Iterator
from email.headerregistry import Address
from io import StringIO
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from dotenv.main import resolve_variables
from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from healthcheck.errors import SettingsError, did_you_mean
from healthcheck.mail_addresses import recipients, sender

# Characters that MongoDB refuses in names: documentation, "MongoDB Limits and Thresholds".
_NOT_IN_DATABASE_NAMES = frozenset('/\\. "$*<>:|?\0')
_NOT_IN_COLLECTION_NAMES = frozenset("$\0")
_LONGEST_DATABASE_NAME = 63  # in bytes

_SHARED = "ENV_FILE"
"""Names a .env file that belongs to another service as well; then none of the directory is read."""
_NOT_TAKEN = ("LD_", "PYTHON")
"""What that service needs for itself, and would break the programs that we start."""
_MISSPELLED = 0.9
"""So like a setting must a variable be to be taken for one: other programs have theirs."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PLACEHOLDER = re.compile(r"\$\{\w+\}|<[\w-]+>")

_NUMBERS = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
}


def _mongodb_uri(uri: SecretStr | None) -> SecretStr | None:
    text = uri.get_secret_value().strip() if uri else ""
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
    return SecretStr(text) if text else None


def _database_name(name: str) -> str:
    if _NOT_IN_DATABASE_NAMES & set(name) or len(name.encode()) > _LONGEST_DATABASE_NAME:
        raise ValueError("is not a valid database name")
    return name


def _collection_name(name: str) -> str:
    if _NOT_IN_COLLECTION_NAMES & set(name) or name.startswith((".", "system.")):
        raise ValueError("is not a valid collection name")
    return name


def is_web_address(url: str) -> bool:
    """Whether it leads to a host, by http or https."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _heartbeat_url(url: SecretStr | None) -> SecretStr | None:
    text = url.get_secret_value() if url else ""
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if not (is_plain and is_web_address(text)) or "@" in urlsplit(text).netloc:
        what = "must be an http:// or https:// URL with a host, without credentials or spaces"
        raise ValueError(what)
    return url


_Sender = Annotated[Address, BeforeValidator(sender)]
_Collection = Annotated[str, AfterValidator(_collection_name)]


class Settings(BaseModel):
    """The one table of settings; the variable is the alias, or the name in capitals.

    `docs/generate.py` makes a page of what stands below each.
    """

    model_config = ConfigDict(
        frozen=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        arbitrary_types_allowed=True,
    )

    mongodb_uri: Annotated[SecretStr | None, AfterValidator(_mongodb_uri)] = None
    """Connection string; a read-only user is enough. Its read preference and timeouts are honored."""
    mongodb_db: Annotated[str, AfterValidator(_database_name)] = "llm-bench"
    """Database."""
    errors_collection: _Collection = Field("errors_cloud", alias="MONGODB_COLLECTION_ERRORS")
    """Collection with one document per failed attempt."""
    metrics_collection: _Collection = Field("metrics_cloud_v2", alias="MONGODB_COLLECTION_CLOUD")
    """Collection with one document per successful attempt."""
    catalog_collection: _Collection = Field("models", alias="MONGODB_COLLECTION_MODELS")
    """Model catalog collection; may be missing."""
    openai_api_key: SecretStr | None = None
    """Key for the AI assessment. Without it, the report has no assessment and states that."""
    openai_model: str = "gpt-4o-mini"
    """Model for the assessment."""
    openai_base_url: str | None = None
    """URL of another server that has OpenAI's Responses API, or Chat Completions with JSON schemas."""
    openai_deadline: float = Field(60.0, gt=0, le=600)
    """Seconds for the whole assessment, including retries."""
    notify_email: Annotated[tuple[str, ...], BeforeValidator(recipients)] = ("david010@gmail.com",)
    """Recipients of the report, separated by commas."""
    mail_from: _Sender | None = None
    """Sender; by default, the sender of the msmtp account."""
    mail_unsubscribe: _Sender | None = None
    """Address for the List-Unsubscribe header: the person who removes recipients from the list."""
    benchmark_host: str | None = None
    """Host of the benchmark runner; the report shows it with commands to run there."""
    known_issues: Path | None = None
    """TOML file of findings to mute."""
    heartbeat_url: Annotated[SecretStr | None, AfterValidator(_heartbeat_url)] = None
    """URL to request after each scheduled run; /fail is appended after a failed run."""
    msmtp: str = "msmtp"
    """Program that sends the mail."""
    msmtp_config: Path | None = None
    """Configuration file of msmtp; by default, msmtp's usual locations."""
    msmtp_timeout: int = Field(30, ge=1, le=600)
    """Seconds to wait for a response of the mail server; a delivery may take four times as long."""
    state_directory: str | None = None
    """Folder for outbox and history, set by systemd; the default is ~/.local/state/llm-health-check."""

    def required_uri(self) -> str:
        """The connection string; raises SettingsError where there is none."""
        if self.mongodb_uri is None:
            raise SettingsError(
                "MONGODB_URI is not set.",
                "Set it in the environment or in .env. Without a database, run --from DIR reads a snapshot, "
                "and run --sample --dry-run the sample day.",
            )
        return self.mongodb_uri.get_secret_value()


SECRETS = frozenset(
    name.upper()
    for name, field in Settings.model_fields.items()
    if field.annotation == SecretStr | None
)
"""The variables that hold one."""


def load_settings() -> Settings:
    """Read and check all settings; raises SettingsError with one sentence that names the variables."""
    shared = os.environ.get(_SHARED)
    path = Path(shared or ".env")
    if shared or path.exists():
        _take_over(path, is_shared=bool(shared))
    # An empty variable is an unset one.
    environment = {name.upper(): value for name, value in os.environ.items() if value}
    given = {k: environment[name] for name, k in variables().items() if name in environment}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        problems = [
            f"{str(problem['loc'][0]).upper()} {_in_plain_words(problem)}."
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError(" ".join(problems), each=problems) from None


def misspelled() -> Iterator[tuple[str, str]]:
    """What is set and is nearly the name of a setting that is not: a sentence and a question."""
    given = {name.upper() for name, value in os.environ.items() if value}
    missing = variables().keys() - given
    for name in sorted(given - variables().keys()):
        if question := did_you_mean(name, missing, _MISSPELLED):
            yield f"{name} is not a setting", question


def _take_over(path: Path, *, is_shared: bool) -> None:
    """Load a .env file into the environment without overriding it, as the service does.

    A line that cannot be read would hide a setting; a shared file's other lines are none of our
    business. systemd's EnvironmentFile= would log such a line, with the secret in it.
    """
    what = f"{_SHARED} names {path}" if is_shared else "The .env file in the working directory"
    try:
        data = path.read_bytes()
        # UTF-16 would hide all settings, and is an error in a shared file as well.
        is_lenient = is_shared and not data.startswith(_UTF_16)
        text = data.decode("utf-8-sig", errors="replace" if is_lenient else "strict")
    except OSError as error:
        raise SettingsError(f"{what}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{what}: not UTF-8 text.", "Save it as UTF-8.") from None
    bindings = tuple(parse_stream(StringIO(text)))
    for line in (binding.original for binding in bindings if binding.error):
        if not is_shared or any(name in line.string for name in variables()):
            raise SettingsError(
                f"{what}, line {line.line}, cannot be read.",
                "Write it as NAME=value and close all quotes.",
            )
    assigned = ((binding.key, binding.value) for binding in bindings if binding.key)
    for name, value in resolve_variables(assigned, override=False).items():
        if value is not None and "\0" not in value and not name.startswith(_NOT_TAKEN):
            os.environ[name] = os.environ.get(name) or value


def variables() -> dict[str, str]:
    """Each setting's variable, with the key by which `Settings` takes it."""
    keys = (field.alias or name for name, field in Settings.model_fields.items())
    return {key.upper(): key for key in keys}


def _in_plain_words(problem: ErrorDetails) -> str:
    if problem["type"] in _NUMBERS:
        return _NUMBERS[problem["type"]]
    said = problem["msg"].removeprefix("Value error, ")
    return said.replace("Input should be", "must be").replace("String should", "must")
