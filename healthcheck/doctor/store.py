"""Checks of the benchmark's MongoDB, in the order in which one builds on the other."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

from healthcheck.activity import Lookback
from healthcheck.doctor.check import Check, failed, ok, warning
from healthcheck.errors import HealthCheckError
from healthcheck.settings import Settings
from healthcheck.sources.inspection import Inspection, inspected

_OLDEST_VERSION = (6, 0)
_SLOW_AFTER = timedelta(hours=1)
_SILENT_AFTER = timedelta(hours=6)
_HOUR_AND_A_HALF = timedelta(minutes=90)


def store_checks(settings: Settings, now: datetime) -> Iterator[Check]:
    """Stop at the first that fails: what builds on it would only repeat it."""
    try:
        with inspected(settings) as store:
            yield from _checks(store, settings, now)
    except HealthCheckError as error:
        yield failed("MongoDB", str(error), "Mend MONGODB_URI, the server, or its user's rights.")


def _checks(store: Inspection, settings: Settings, now: datetime) -> Iterator[Check]:
    yield _version(store.version())
    missing = yield from _collections(store.collections(), settings)
    if missing:
        return
    yield _newest(store.newest(), now)
    if store.plan_is_bounded(Lookback(now, timedelta(days=1))):
        yield ok("query plan", "a window is read through the index on _id")
    else:
        yield warning(
            "query plan",
            "a window is read by scanning the whole collection",
            "Look at the explain of a range on _id; the report will be slow.",
        )
    rights = sorted(store.write_rights())
    if rights:
        yield warning(
            "rights",
            f"the user may write to {settings.mongodb_db}: {', '.join(rights)}",
            "Use a user with the role read; the check never writes.",
        )
    else:
        yield ok("rights", "no right to write that the check does not need")


def _version(version: str) -> Check:
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < _OLDEST_VERSION:
        return failed("MongoDB", f"version {version}", "Upgrade it: 6.0 is the oldest that works.")
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
    if settings.catalogue_collection not in there:
        yield warning(
            "collections",
            f"there is no catalogue {settings.catalogue_collection}",
            "Check MONGODB_COLLECTION_MODELS; without it, silence is judged by yesterday alone.",
        )
        return False
    yield ok("collections", f"errors, metrics and catalogue are in {settings.mongodb_db}")
    return False


def _newest(newest: datetime | None, now: datetime) -> Check:
    name, remedy = "newest document", "Look whether the benchmark's scheduler runs."
    if newest is None:
        return failed(name, "there is none at all", remedy)
    age = max(now - newest, timedelta(0))
    minutes = age / timedelta(minutes=1)
    told = f"{minutes:.0f} min old" if age < _HOUR_AND_A_HALF else f"{minutes / 60:.0f} h old"
    if age >= _SILENT_AFTER:
        return failed(name, told, remedy)
    return warning(name, told, remedy) if age >= _SLOW_AFTER else ok(name, told)
