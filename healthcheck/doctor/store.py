"""Checks of the benchmark's MongoDB: it is asked what a report asks, and judged as a report judges."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic

from healthcheck.activity import Activity, Lookback, ModelKey
from healthcheck.diagnosis import is_silent
from healthcheck.diagnosis.wording import how_long
from healthcheck.doctor.checks import Check, failed, ok, warning
from healthcheck.errors import HealthCheckError
from healthcheck.settings import Settings
from healthcheck.sources.limits import Limits
from healthcheck.sources.mongodb import reading

_SLOW_AFTER = timedelta(hours=1)
_DAY = timedelta(days=1)
_LIMITS = Limits(failover_seconds=10)
"""With less patience than a report has."""


def store_checks(settings: Settings, now: datetime, *, offline: bool = False) -> Iterator[Check]:
    """Stop at the first that fails: what builds on it would only repeat it."""
    name, day = "MongoDB", Lookback(now, _DAY)
    try:
        with reading(settings, day, _LIMITS) as store:
            if offline:
                return
            version = store.store.client.server_info()["version"]
            yield ok(name, f"reachable, version {version}")
            name, begun = "queries", monotonic()
            activity = store.activity()
            nobody = {ModelKey("doctor", "doctor"): store.span.begin}
            store.last_successes(nobody)  # what not every day needs
            store.last_failures(nobody)
            yield ok(name, f"all supported; reading one day took {monotonic() - begun:.1f} s")
            if activity.catalog is None:
                yield _no_catalog(settings)
            yield _newest(activity, now)
    except HealthCheckError as error:
        yield failed(name, error.what, error.remedy)


def _no_catalog(settings: Settings) -> Check:
    found = f"no collection {settings.catalog_collection}, or this user may not see it"
    remedy = "Check MONGODB_COLLECTION_MODELS. Without it, the models seen yesterday are expected."
    return warning("model catalog", found, remedy)


def _newest(activity: Activity, now: datetime) -> Check:
    """By the time that the report goes by."""
    name = "newest document"
    remedy = "Check that the benchmark's scheduler is running, and the clock of its host."
    models = [*activity.current.pairs.values(), *activity.previous.pairs.values()]
    times = [error.last for model in models for error in model.errors]
    times += [success.last for model in models for success in model.successes]
    newest = max(times, default=None)
    age = max(now - newest, timedelta(0)) if newest else 2 * _DAY
    found = f"{how_long(age)} old" if newest else f"none within {how_long(age)}"
    if is_silent(activity):
        return failed(name, found, remedy)
    return warning(name, found, remedy) if age >= _SLOW_AFTER else ok(name, found)
