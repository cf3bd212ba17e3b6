"""Generated stores into the one database of a test."""

from hypothesis import HealthCheck
from pymongo.database import Database
from stores import NAMES, Store

# Each example fills the database of the test anew.
REFILLED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def fill(database: Database, store: Store) -> None:
    """Collections are only emptied where they are there: to create one takes much longer."""
    there = set(database.list_collection_names())
    for name in NAMES.values():
        documents = store.collections().get(name)
        if documents is None:
            database.drop_collection(name)
            continue
        if name in there:
            database[name].delete_many({})
        else:
            database.create_collection(name)
        if documents:
            database[name].insert_many(documents)
