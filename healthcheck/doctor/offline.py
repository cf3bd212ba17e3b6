"""Checks that need no network: the package, its data, the settings."""

import os
import platform
import stat
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import healthcheck
from healthcheck import __version__, known_issues
from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.errors import HealthCheckError, SettingsError
from healthcheck.pipeline import RunRequest, run_pipeline
from healthcheck.settings import Settings, load_settings

_IMPORTED_WHEN_NEEDED = ("openai", "bpe_openai")
"""Libraries that no module imports before it asks the AI."""
_OTHERS = stat.S_IROTH | stat.S_IWOTH
_GROUP = stat.S_IRGRP | stat.S_IWGRP


def package_check(now: datetime) -> Check:
    """Take the packaged sample day through the whole line, and import what it does without."""
    request = RunRequest(sample=True)
    try:
        _import_everything()
        report = run_pipeline(request, now, lambda _: None).report()
    except (HealthCheckError, OSError, ImportError) as error:
        return failed("package", str(error), "Install llm-health-check again.")
    except Exception as error:  # noqa: BLE001 - a damaged module fails in any way
        return failed(
            "package", f"{type(error).__name__}: {error}", "Install llm-health-check again."
        )
    return ok(
        "package",
        f"llm-health-check {__version__} on Python {platform.python_version()} reports on its "
        f"sample day: {len(report.findings)} findings",
    )


def _import_everything() -> None:
    """Import each module of the package, and their libraries; raises whatever a damaged one does."""
    for module in walk_packages(healthcheck.__path__, "healthcheck."):
        if module.name != "healthcheck.__main__":  # this one runs the command
            import_module(module.name)
    for library in _IMPORTED_WHEN_NEEDED:
        import_module(library)


def dotenv_check() -> Check:
    """Is there a .env file, and who may read it; systemd has looked at the one that it hands over."""
    name = ".env"
    shared = os.environ.get("ENV_FILE")
    if shared and os.environ.get("CREDENTIALS_DIRECTORY"):
        return ok(name, "handed over by systemd")
    path = Path(shared or ".env")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return ok(name, "no .env in the working directory; using the environment only")
    except OSError as error:
        return failed(name, f"cannot be read: {error.strerror}", f"Check {path}.")
    if mode & _OTHERS:
        return warning(name, f"{path} can be read by every user", f"chmod 600 {path}")
    if mode & _GROUP:
        return warning(name, f"{path} can be read by its group", f"chmod 600 {path}")
    return ok(name, f"{path} is readable by its owner alone")


def settings_check(*, offline: bool) -> tuple[Check, Settings | None]:
    """Are all settings usable; without a network none of them is missed."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return failed(
            "settings", error.what, error.remedy or "Fix this setting; see the README."
        ), None
    if settings.mongodb_uri is None:
        found, remedy = "MONGODB_URI is not set", "Set it in the environment or in .env."
        check = warning if offline else failed
        return check("settings", found, remedy), settings
    return ok("settings", f"MONGODB_URI is set, the database is {settings.mongodb_db}"), settings


def known_issues_checks(settings: Settings) -> Iterator[Check]:
    """Can the list of known issues be used, if there is one."""
    if settings.known_issues is None:
        return
    known = known_issues.read(settings.known_issues)
    for problem in known.problems:
        yield warning("known issues", problem, "Fix the file; until then it mutes less.")
    if not known.problems:
        yield ok("known issues", f"{_entries(len(known.mutes))} in {settings.known_issues}")


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
