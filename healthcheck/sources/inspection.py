"""What the doctor asks the store: every kind of query that a report needs, and how it is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bson import ObjectId

from healthcheck.activity import Activity, Lookback, ModelKey
from healthcheck.settings import Settings
from healthcheck.sources import lookups, mongodb
from healthcheck.sources.client import Store, collection_names, connected
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import Span

_PATIENCE_SECONDS = 10
_WRITES = frozenset(
    {"insert", "update", "remove", "dropCollection", "dropDatabase", "createIndex", "dropIndex"}
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """A connection; each method raises what `connected` makes a SourceError of."""

    store: Store
    settings: Settings
    limits: Limits

    def version(self) -> str:
        """The server's version, which anyone may ask before a login."""
        return str(self.store.client.server_info()["version"])

    def collections(self) -> set[str]:
        """The names of the collections that the user may see."""
        return collection_names(self.store, self.limits)

    def activity(self, lookback: Lookback) -> Activity:
        """What a report would be made from; asks also what this day alone would not need."""
        reading = mongodb.Reading(self.store, self.settings, lookback, self.limits, mongodb.silent)
        begin, pair = Span.of(lookback).begin, ModelKey("doctor", "doctor")
        metrics = self.store[self.settings.metrics_collection]
        lookups.last_successes(metrics, [pair], begin, self.limits)
        reading.messages([ObjectId()], self.limits)
        reading.last_failures({pair: begin}, [pair])
        return reading.found().activity

    def newest_stored(self) -> datetime | None:
        """When the newest document was stored, by its `_id`."""
        found = [
            self.store[name].find_one(
                {"_id": {"$type": "objectId"}}, {"_id": 1}, sort=[("_id", -1)], max_time_ms=5_000
            )
            for name in (self.settings.errors_collection, self.settings.metrics_collection)
        ]
        identities = [document["_id"] for document in found if document]
        return max((i.generation_time for i in identities if isinstance(i, ObjectId)), default=None)

    def write_rights(self) -> set[str]:
        """What the user may do to the database beside reading it: all of it where nobody logs in."""
        status = self.store.client.admin.command("connectionStatus", showPrivileges=True)
        if not status["authInfo"]["authenticatedUsers"]:
            return set(_WRITES)
        privileges = status["authInfo"].get("authenticatedUserPrivileges", [])
        return {
            action
            for privilege in privileges
            if privilege["resource"].get("db") in ("", self.store.name)
            or privilege["resource"].get("anyResource")
            for action in privilege["actions"]
            if action in _WRITES
        }


@contextmanager
def inspected(settings: Settings) -> Iterator[Inspection]:
    """Connect with less patience than a report has; raises SettingsError or SourceError."""
    limits = replace(Limits(), failover_seconds=_PATIENCE_SECONDS)
    with connected(settings, limits) as store:
        yield Inspection(store, settings, limits)
