"""The chosen samples from the server, by `_id`, their messages cut there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from healthcheck.activity import Sample
from healthcheck.sources import cleaning
from healthcheck.sources.connecting import Document
from healthcheck.sources.limits import Limits
from healthcheck.sources.pipelines import Expression, is_text
from healthcheck.sources.times import from_ms

_BATCH = 500
_NO_UTF8 = range(34450, 34461)
"""The codes with which `$substrCP` refuses a text."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Messages and status by `_id`; a document deleted meanwhile is missing."""

    found: dict[str, tuple[str, bool, int | None]] = field(default_factory=dict)

    def get(self, identity: str, at: int) -> Sample | None:
        """The sample, as far as it was there."""
        if identity not in self.found:
            return None
        return Sample(from_ms(at), *self.found[identity])


def fetch(errors: Collection[Document], identities: Sequence[Any], limits: Limits) -> Fetched:
    """Read them in batches."""
    fetched = Fetched()
    for start in range(0, len(identities), _BATCH):
        batch = list(identities[start : start + _BATCH])
        try:
            _take(fetched, _query(errors, batch, _cut(limits), limits), limits)
        except OperationFailure as error:
            if error.code not in _NO_UTF8:
                raise
            for identity in batch:  # one by one: uncut they may be 16 MB each
                _take(fetched, _query(errors, [identity], "$message", limits), limits)
    return fetched


def _query(
    errors: Collection[Document], identities: list[Any], message: Expression, limits: Limits
) -> Iterable[Document]:
    return errors.find(
        {"_id": {"$in": identities}},
        {"message": message, "http_status": 1},
        max_time_ms=round(limits.query_seconds * 1000),
    )


def _cut(limits: Limits) -> Expression:
    """One character more than is kept tells whether it went on."""
    longest = limits.message_characters
    cut = {"$substrCP": ["$message", 0, longest + 1]}
    is_short = {"$lte": [{"$strLenBytes": "$message"}, longest]}
    return {"$cond": [is_text, {"$cond": [is_short, "$message", cut]}, None]}


def _take(fetched: Fetched, documents: Iterable[Document], limits: Limits) -> None:
    for document in documents:
        message, cut = cleaning.message(document.get("message"), limits.message_characters)
        status = cleaning.http_status(document.get("http_status"))
        fetched.found[cleaning.order(document["_id"])] = message, cut, status
