"""Checks of the package, its settings, and the AI."""

import os
import platform
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import healthcheck
from healthcheck import __version__, known_issues
from healthcheck.diagnosis.wording import several
from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.errors import HealthCheckError, SettingsError
from healthcheck.pipeline import RunRequest, run_pipeline
from healthcheck.settings import Settings, load_settings

_IMPORTED_WHEN_NEEDED = "openai"
"""The library that no module imports before it asks the AI."""
_OTHERS = stat.S_IROTH | stat.S_IWOTH
_GROUP = stat.S_IRGRP | stat.S_IWGRP
_MOST_SECONDS = 15.0
"""For the AI's answer to a tiny request."""


def package_check(now: datetime) -> Check:
    """Import everything, and report on the packaged sample day."""
    name, remedy = "package", "Reinstall llm-health-check."
    modules = [module.name for module in walk_packages(healthcheck.__path__, "healthcheck.")]
    modules.remove("healthcheck.__main__")  # this one runs the command
    try:
        for module in (*modules, _IMPORTED_WHEN_NEEDED):
            import_module(module)
        report = run_pipeline(RunRequest(sample=True), now, lambda _: None).report()
    except (HealthCheckError, OSError, ImportError) as error:
        return failed(name, str(error), remedy)
    except Exception as error:  # noqa: BLE001 - a damaged module fails in any way
        return failed(name, f"{type(error).__name__}: {error}", remedy)
    version = f"llm-health-check {__version__} on Python {platform.python_version()}"
    return ok(name, f"{version}: {len(report.findings)} findings on the sample day")


def dotenv_check() -> Check:
    """Is there a .env file, and who may read it; systemd has looked at the one that it hands over."""
    name, shared = ".env", os.environ.get("ENV_FILE")
    if shared and os.environ.get("CREDENTIALS_DIRECTORY"):
        return ok(name, "passed by systemd")
    path = Path(shared or ".env")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return ok(name, "no .env in the working directory; using the environment only")
    except OSError as error:
        return failed(name, f"cannot be read: {error.strerror}", f"Check {path}.")
    if mode & (_OTHERS | _GROUP):
        readers = "every user" if mode & _OTHERS else "its group"
        return warning(name, f"{path} can be read by {readers}", f"chmod 600 {path}")
    return ok(name, f"{path} can be read by its owner only")


def settings_check(*, offline: bool) -> tuple[Check, Settings | None]:
    """Are all settings usable; without a network none of them is missed."""
    name = "settings"
    try:
        settings = load_settings()
    except SettingsError as error:
        return failed(
            name, error.what, error.remedy or "Fix this setting; see docs/configuration.md."
        ), None
    if settings.mongodb_uri is None:
        missing = warning if offline else failed
        remedy = "Set it in the environment or in .env."
        return missing(name, "MONGODB_URI is not set", remedy), settings
    return ok(name, f"MONGODB_URI is set, the database is {settings.mongodb_db}"), settings


def known_issues_checks(settings: Settings) -> Iterator[Check]:
    """Can the list of known issues be used, if there is one."""
    if settings.known_issues is None:
        return
    name, known = "known issues", known_issues.read(settings.known_issues)
    for problem in known.problems:
        yield warning(
            name, problem, "Check KNOWN_ISSUES and the file; what cannot be read mutes nothing."
        )
    if not known.problems:
        entries = several(len(known.mutes), "entry", "entries")
        yield ok(name, f"{entries} in {settings.known_issues}")


def ai_check(settings: Settings, *, offline: bool) -> Check:
    """One tiny request, the way that a report asks for its assessment."""
    from healthcheck.assessment import Unavailable, connection_of, look_up  # noqa: PLC0415 - heavy

    name, connection = "OpenAI", connection_of(settings)
    if connection is None:
        found = "OPENAI_API_KEY is not set: reports have no AI assessment"
        return warning(name, found, "Set it in the environment or in .env, or run with --no-ai.")
    if offline:
        return ok(name, f"OPENAI_API_KEY is set, the model is {settings.openai_model}")
    outcome = look_up(replace(connection, seconds=min(connection.seconds, _MOST_SECONDS)))
    if isinstance(outcome, Unavailable):
        remedy = outcome.action or "Check OPENAI_BASE_URL and the network; then try again."
        return failed(name, outcome.why, remedy)
    return ok(name, f"key OK, model {settings.openai_model} available")
