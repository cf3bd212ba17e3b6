"""Checks of the benchmark's MongoDB: it is asked what a report asks, and judged as a report judges."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from time import monotonic

from healthcheck.activity import Activity, Lookback
from healthcheck.diagnosis import is_silent
from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.errors import HealthCheckError
from healthcheck.settings import Settings
from healthcheck.sources.assembly import assemble
from healthcheck.sources.client import ignored_options
from healthcheck.sources.limits import Limits
from healthcheck.sources.mongodb import Reading, reading
from healthcheck.sources.store_errors import OLDEST_VERSION
from healthcheck.sources.times import SKEW_MS

_SLOW_AFTER = timedelta(hours=1)
_TWO_HOURS = timedelta(hours=2)
_DAY = timedelta(days=1)
_SKEW = timedelta(milliseconds=SKEW_MS)
_LIMITS = Limits(failover_seconds=10)
"""With less patience than a report has."""


def store_checks(settings: Settings, now: datetime) -> Iterator[Check]:
    """Stop at the first that fails: what builds on it would only repeat it."""
    day = Lookback(now, _DAY)
    try:
        for words in ignored_options(settings):
            yield warning(
                "MONGODB_URI", f"the driver ignores part of it: {words}", "Correct or remove it."
            )
        with reading(settings, day, _LIMITS) as store:
            yield _version(store.version())
            if (yield from _collections(store.collection_names(), settings)):
                return
    except HealthCheckError as error:
        yield failed("MongoDB", error.what, error.remedy)
        return
    try:
        with reading(settings, day, _LIMITS) as store:
            begun = monotonic()
            store.try_lookups()
            activity = assemble(store, day).activity
            yield ok(
                "queries", f"the server answers all; the last day took {monotonic() - begun:.1f} s"
            )
            yield _newest(activity, store.newest_stored(), now)
    except HealthCheckError as error:
        yield failed("queries", error.what, error.remedy)
        return
    try:
        with reading(settings, day, _LIMITS) as store:
            yield _rights(store)
    except HealthCheckError as error:
        yield warning("rights", f"unknown: {error.what}", "Reports do not need this answer.")


def _version(version: str) -> Check:
    oldest, found = (
        tuple(int(part) for part in text.split(".")[:2] if part.isdigit())
        for text in (OLDEST_VERSION, version)
    )
    if found < oldest:
        return failed(
            "MongoDB", f"version {version}", f"Upgrade to MongoDB {OLDEST_VERSION} or newer."
        )
    return ok("MongoDB", f"reachable, version {version}")


def _collections(there: set[str], settings: Settings) -> Generator[Check, None, bool]:
    """Give True where what the report needs is missing."""
    wanted = {
        settings.errors_collection: "MONGODB_COLLECTION_ERRORS",
        settings.metrics_collection: "MONGODB_COLLECTION_CLOUD",
    }
    missing = [name for name in wanted if name not in there]
    if missing:
        names = ", ".join(missing)
        variables = ", ".join(wanted[name] for name in missing)
        yield failed(
            "collections",
            f"{settings.mongodb_db} has no {names}; it holds {', '.join(sorted(there)) or 'none'}",
            f"Check MONGODB_DB and {variables}.",
        )
        return True
    if settings.catalog_collection not in there:
        yield warning(
            "collections",
            f"no model catalog {settings.catalog_collection}",
            "Check MONGODB_COLLECTION_MODELS; without it, reports expect the models seen yesterday.",
        )
        return False
    yield ok("collections", f"errors, metrics and model catalog are in {settings.mongodb_db}")
    return False


def _newest(activity: Activity, stored: datetime | None, now: datetime) -> Check:
    """By the time that the report goes by; the `_id` of the newest document has the writer's clock."""
    name, remedy = "newest document", "Check that the benchmark's scheduler is running."
    times = [
        last
        for window in (activity.current, activity.previous)
        for done in window.pairs.values()
        for last in (
            *(cell.last for cell in done.errors),
            *(cell.last for cell in done.successes),
        )
    ]
    newest = max(times, default=None)
    if newest is None and stored is None:
        return failed(name, "no documents found", remedy)
    age = now - newest if newest else 2 * _DAY
    found = f"{_span(age)} old" if newest else f"none within {_span(age)}"
    if stored and now - stored < age - _SKEW:
        found += f"; stored {_span(now - stored)} ago by its _id"
        remedy = "Check the clock and the time zone of the host that writes: its times are wrong."
    elif newest is None and stored:
        found += f"; stored {_span(now - stored)} ago"
    shifted = activity.current.shifted
    if shifted:
        provider, hours = max(shifted, key=lambda key: shifted[key])
        found += f"; times of {provider} lie {hours:+d} h off their _id, which counts"
        return warning(name, found, "Set the clock of that runner to UTC.")
    if is_silent(activity):
        return failed(name, found, remedy)
    return warning(name, found, remedy) if age >= _SLOW_AFTER else ok(name, found)


def _span(age: timedelta) -> str:
    minutes = max(age, timedelta(0)) / timedelta(minutes=1)
    return f"{minutes:.0f} min" if age < _TWO_HOURS else f"{minutes / 60:.0f} h"


def _rights(store: Reading) -> Check:
    rights = sorted(store.write_rights())
    if not rights:
        return ok("rights", "read-only access")
    return warning(
        "rights",
        f"the user may write to {store.settings.mongodb_db}: {', '.join(rights)}",
        "Use a user with the role read; the health check never writes.",
    )
