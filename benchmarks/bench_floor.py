"""What the server alone needs: two plain groupings of the same nine windows, as a whole process.

    MONGODB_URI=... MONGODB_DB=... python benchmarks/bench_floor.py UNTIL_IN_MILLISECONDS

By pair and hour, both collections at the same time. No counter can be faster.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from bson import DatetimeMS, ObjectId
from pymongo import MongoClient
from pymongo.database import Database

_HOUR_MS = 3_600_000
_NINE_DAYS_MS = 9 * 24 * _HOUR_MS
_COLLECTIONS = (("errors_cloud", "ts"), ("metrics_cloud_v2", "gen_ts"))


def _count(store: Database, name: str, time: str, until: int) -> int:
    begin = until - _NINE_DAYS_MS
    since = ObjectId(((begin - _HOUR_MS) // 1000).to_bytes(4, "big") + b"\0" * 8)
    within = {"$gte": DatetimeMS(begin), "$lt": DatetimeMS(until)}
    hour = {"$dateTrunc": {"date": f"${time}", "unit": "hour"}}
    group = {
        "_id": {"p": "$provider", "m": "$model_name", "h": hour},
        "n": {"$sum": 1},
        "first": {"$min": f"${time}"},
        "last": {"$max": f"${time}"},
    }
    query = {"_id": {"$gte": since}, time: within}
    return sum(1 for _ in store[name].aggregate([{"$match": query}, {"$group": group}]))


def main() -> None:
    with MongoClient(os.environ["MONGODB_URI"]) as client, ThreadPoolExecutor(2) as threads:
        store = client[os.environ["MONGODB_DB"]]
        until = int(sys.argv[1])
        both = [threads.submit(_count, store, *one, until) for one in _COLLECTIONS]
        print(*(one.result() for one in both))


if __name__ == "__main__":
    main()
