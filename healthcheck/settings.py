"""The settings: the environment, and a .env file of the working directory or shared with a service."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from healthcheck import mail_addresses
from healthcheck.errors import SettingsError

# Characters that MongoDB refuses in names: documentation, "MongoDB Limits and Thresholds".
_NOT_IN_DATABASE_NAMES = frozenset('/\\. "$*<>:|?\0')
_NOT_IN_COLLECTION_NAMES = frozenset("$\0")


_SHARED = "ENV_FILE"
"""Names a .env file that belongs to another service as well; then none of the directory is read."""
_NOT_TAKEN = ("LD_", "PYTHON")
"""What that service needs for itself, and would break the programs that we start."""

_NUMBERS = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
}


class Settings(BaseSettings):
    """One frozen value; the environment wins over .env, and an empty variable is an unset one."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    mongodb_uri: SecretStr | None = None
    mongodb_db: str = "llm-bench"
    errors_collection: str = Field("errors_cloud", alias="MONGODB_COLLECTION_ERRORS")
    metrics_collection: str = Field("metrics_cloud_v2", alias="MONGODB_COLLECTION_CLOUD")
    rollups_collection: str = Field("error_rollups", alias="MONGODB_COLLECTION_ERROR_ROLLUPS")
    catalogue_collection: str = Field("models", alias="MONGODB_COLLECTION_MODELS")
    known_issues: Path | None = None
    openai_api_key: SecretStr | None = None
    openai_model: str = "gpt-4o-mini"
    openai_base_url: str | None = None
    openai_deadline: float = Field(60.0, gt=0, le=600)
    """Seconds for the whole assessment, all tries included."""
    notify_email: str = "david010@gmail.com"
    mail_from: str | None = None
    mail_unsubscribe: str | None = None
    """The address of whoever takes recipients off the list."""
    benchmark_host: str | None = None
    """The host of the benchmark runner, as the report names it."""
    msmtp: str = "msmtp"
    msmtp_config: Path | None = None
    msmtp_timeout: int = Field(30, ge=1, le=600)
    """Seconds that a mail server may be silent; a whole delivery may take four times as long."""
    state_directory: str | None = None
    heartbeat_url: SecretStr | None = None

    @field_validator("mongodb_uri")
    @classmethod
    def _is_a_mongodb_uri(cls, uri: SecretStr | None) -> SecretStr | None:
        if uri and not uri.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
            raise ValueError("must begin with mongodb:// or mongodb+srv://")
        # A "/" or a second "@" would end the password early, and its rest be taken for a host.
        before_options = uri.get_secret_value().partition("://")[2].partition("?")[0] if uri else ""
        credentials, at, _ = before_options.rpartition("@")
        if at and any(character in credentials for character in "/@#"):
            raise ValueError(
                "has a user name or password with / @ or # in it: write them as %2F, %40 and %23"
            )
        return uri

    @field_validator("mongodb_db")
    @classmethod
    def _is_a_database_name(cls, name: str) -> str:
        if _NOT_IN_DATABASE_NAMES & set(name) or len(name.encode()) > 63:  # noqa: PLR2004 - MongoDB's limit, in bytes
            raise ValueError("is no name that MongoDB allows for a database")
        return name

    @field_validator(
        "errors_collection", "metrics_collection", "rollups_collection", "catalogue_collection"
    )
    @classmethod
    def _is_a_collection_name(cls, name: str) -> str:
        if _NOT_IN_COLLECTION_NAMES & set(name) or name.startswith((".", "system.")):
            raise ValueError("is no name that MongoDB allows for a collection")
        return name

    @field_validator("notify_email")
    @classmethod
    def _are_addresses(cls, text: str) -> str:
        return ", ".join(mail_addresses.recipients(text))

    @field_validator("mail_from", "mail_unsubscribe")
    @classmethod
    def _is_an_address(cls, text: str | None) -> str | None:
        return text if text is None else str(mail_addresses.sender(text))

    @field_validator("heartbeat_url")
    @classmethod
    def _is_a_web_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not _leads_to_the_web(url.get_secret_value()):
            raise ValueError(
                "must be an http:// or https:// URL with a host, without a login and without blanks"
            )
        return url

    def required_uri(self) -> str:
        """The connection string; raises SettingsError where there is none."""
        if self.mongodb_uri is None:
            raise SettingsError(
                "MONGODB_URI is not set: put it into the environment or into .env, or use "
                "--from DIR or --sample, which need no server."
            )
        return self.mongodb_uri.get_secret_value()


def load_settings() -> Settings:
    """Read and check all settings; raises SettingsError with one sentence that names the variables."""
    try:
        if shared := os.environ.get(_SHARED):
            _take_over(Path(shared))
            return Settings(_env_file=None)
        with _no_line_passed_over():
            return Settings()
    except ValidationError as error:
        problems = [
            f"{_variable(problem['loc'])} {_in_plain_words(problem)}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("; ".join(problems) + ".") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The .env file in the working directory cannot be read: {_why(error)}."
        ) from None


def _take_over(shared: Path) -> None:
    """Into the environment, which wins. A foreign line that cannot be read is none of our business.

    systemd's EnvironmentFile= would log a line that it cannot read, with the secret in it.
    """
    try:
        text = shared.read_bytes().decode(errors="replace")
    except OSError as error:
        raise SettingsError(f"{_SHARED} names {shared}: {error.strerror}.") from None
    with _lines_passed_over():
        values = dotenv_values(stream=StringIO(text), interpolate=False)
    for name, value in values.items():
        if value is not None and "\0" not in value and not name.startswith(_NOT_TAKEN):
            os.environ.setdefault(name, value)


@contextmanager
def _no_line_passed_over() -> Iterator[None]:
    """python-dotenv logs a line that it cannot read and goes on: a setting would be missed silently."""
    passed_over: list[str] = []
    try:
        with _lines_passed_over() as passed_over:
            yield
    finally:
        if passed_over:
            raise SettingsError(
                f"The .env file in the working directory cannot be read from line {passed_over[0]} "
                "on: is a quote left open there?"
            )


@contextmanager
def _lines_passed_over() -> Iterator[list[str]]:
    """The numbers of those lines, once it is over."""
    passed_over: list[str] = []

    def take(record: logging.LogRecord) -> bool:
        passed_over.extend(str(argument) for argument in record.args or ())
        return False

    logger = logging.getLogger("dotenv.main")
    logger.addFilter(take)
    try:
        yield passed_over
    finally:
        logger.removeFilter(take)


def _leads_to_the_web(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    named = bool(parts.hostname) and "@" not in parts.netloc and port != 0
    return parts.scheme in ("http", "https") and named


def _in_plain_words(problem: ErrorDetails) -> str:
    if problem["type"] in _NUMBERS:
        return _NUMBERS[problem["type"]]
    said = problem["msg"].removeprefix("Value error, ")
    return said.replace("Input should be", "must be")


def _variable(location: tuple[int | str, ...]) -> str:
    return str(location[0]).upper() if location else "The settings"


def _why(error: OSError | UnicodeDecodeError) -> str:
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
