"""Why pairs are not attempted: their failures before the previous window and after their last success.

As with the last successes only dates count, under the pair's very names.
"""

import heapq
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any

from bson import DatetimeMS
from pymongo.collection import Collection

from healthcheck.activity import LAST_FAILURES, ErrorCell, Pair, Sample
from healthcheck.sources import cleaning
from healthcheck.sources.connecting import Document
from healthcheck.sources.grouping import JUDGED_WINDOWS, Ref
from healthcheck.sources.last_success import BATCH, exactly, has_index, no_array, union
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import EARLIEST_MS, HOUR_MS, Span, from_ms

FIELDS = ("_id", "provider", "model_name", "ts", "stage", "error_kind")


class LastFailures:
    """Takes documents of the errors collection; `succeeded`: since when failures of a pair count."""

    def __init__(self, span: Span, succeeded: Mapping[Pair, int]) -> None:
        self.succeeded = succeeded
        self.until = span.until - JUDGED_WINDOWS * span.length
        self._span = span
        self._newest: dict[Pair, list[tuple[Ref, Any, Any]]] = {}

    def add(self, document: Mapping[str, Any], handle: Any) -> None:
        """Keep it while it is one of the newest of its pair."""
        provider, model, at = (document.get(f) for f in ("provider", "model_name", "ts"))
        if type(at) is not DatetimeMS or type(provider) is not str or type(model) is not str:
            return
        pair = Pair(provider, model)
        if not self.succeeded.get(pair, self.until) < int(at) < self.until:
            return
        ref = Ref(int(at), cleaning.order(document.get("_id")), handle)
        newest = self._newest.setdefault(pair, [])
        add = heapq.heappush if len(newest) < LAST_FAILURES else heapq.heappushpop
        add(newest, (ref, document.get("error_kind"), document.get("stage")))

    def keep_only(self, pairs: Container[Pair]) -> None:
        """Forget the others."""
        self._newest = {pair: found for pair, found in self._newest.items() if pair in pairs}

    def handles(self, *, all_of_them: bool = False) -> list[Any]:
        """How the newest of each pair is found again, or all that are counted."""
        return [
            found[0].handle
            for newest in self._newest.values()
            for found in (newest if all_of_them else [max(newest)])
        ]

    def cells(self, sample: Callable[[Ref], Sample | None]) -> dict[Pair, ErrorCell]:
        """What is known of each pair that has any."""
        return {pair: self._cell(self._newest[pair], sample) for pair in sorted(self._newest)}

    def _cell(
        self, newest: list[tuple[Ref, Any, Any]], sample: Callable[[Ref], Sample | None]
    ) -> ErrorCell:
        last, kind, stage = max(newest)
        shown = sample(last)
        return ErrorCell(
            hour=(self._span.until - 1 - last.at) // HOUR_MS,
            stored_kind=cleaning.kind(kind)[0],
            stage=cleaning.stage(stage),
            count=len(newest),
            first=from_ms(newest[0][0].at),
            last=from_ms(last.at),
            samples=() if shown is None else (shown,),
        )


def documents(
    errors: Collection[Document], wanted: LastFailures, recent: Mapping[str, Any], limits: Limits
) -> Iterator[Document]:
    """The server's part: by its index, else from all of a small collection, else `recent` alone."""
    deadline = time.monotonic() + limits.query_seconds
    if not wanted.succeeded:
        return
    if has_index(errors, "ts"):
        pairs = sorted(wanted.succeeded)
        for start in range(0, len(pairs), BATCH):
            asked = [_newest(pair, wanted) for pair in pairs[start : start + BATCH]]
            yield from errors.aggregate(union(errors.name, asked), maxTimeMS=_left(deadline))
        return
    is_small = (
        errors.estimated_document_count(maxTimeMS=_left(deadline)) <= limits.indexless_documents
    )
    providers, models = (sorted(set(names)) for names in zip(*wanted.succeeded, strict=True))
    yield from errors.find(
        {
            **({} if is_small else recent),
            "provider": {"$in": providers},
            "model_name": {"$in": models},
            "ts": _dates(EARLIEST_MS, wanted.until),
        },
        dict.fromkeys(FIELDS, 1),
        max_time_ms=_left(deadline),
    )


def _newest(pair: Pair, wanted: LastFailures) -> Sequence[Document]:
    dates = _dates(wanted.succeeded[pair], wanted.until)
    return [
        {"$match": {**exactly(pair), "ts": dates}},
        {"$sort": {"ts": -1}},
        {"$limit": LAST_FAILURES},
        {"$project": dict.fromkeys(FIELDS, 1)},
    ]


def _dates(after: int, before: int) -> Document:
    return {"$gt": DatetimeMS(after), "$lt": DatetimeMS(before), **no_array}


def _left(deadline: float) -> int:
    return max(1, round((deadline - time.monotonic()) * 1000))
