"""Synthetic stores: the documents that the benchmark service would have written.

    store = Store(until=datetime(2025, 6, 2, tzinfo=UTC))
    store.day("openai", "gpt-4o", attempts=24, failures=6, message="RateLimitError: 429")
    store.error("groq", "llama-3", store.ago(hours=2), "NotFoundError: 404 gone", kind="hard_model")
    store.catalog("groq", "llama-3", enabled=True)
    store.write_snapshot(folder)          # or store.insert_into(database)

A document's ObjectId is made at the document's time, so the same calls give the same store.
"""

import gzip
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bson
from bson import ObjectId, json_util
from pymongo.database import Database

UNTIL = datetime(2025, 6, 2, 6, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMES = {"errors": "errors_cloud", "metrics": "metrics_cloud_v2", "models": "models"}

_DIALECTS = {
    "jsonl": json_util.RELAXED_JSON_OPTIONS,
    "canonical": json_util.CANONICAL_JSON_OPTIONS,
    "lines": json_util.RELAXED_JSON_OPTIONS,
    "json": json_util.RELAXED_JSON_OPTIONS,
}


@dataclass
class Store:
    """What the three collections hold, as documents of BSON."""

    until: datetime = UNTIL
    errors: list[dict] = field(default_factory=list)
    metrics: list[dict] = field(default_factory=list)
    models: list[dict] | None = None

    def ago(self, **back) -> datetime:
        """So many days, hours, ... before the end."""
        return self.until - timedelta(**back)

    def success(self, provider: str, model: str, at: datetime, **more) -> dict:
        document = {
            "_id": self._identity(at),
            "provider": provider,
            "model_name": model,
            "run_ts": at - timedelta(seconds=3),
            "gen_ts": at,
            "requested_tokens": 64,
            "output_tokens": 64,
            "generate_time": 1.5,
            "times_between_tokens": [0.01, 0.02],
        } | more
        self.metrics.append(document)
        return document

    def error(
        self,
        provider: str,
        model: str,
        at: datetime,
        message: str,
        kind: str | None = None,
        stage: str = "generate",
        http_status: int | None = None,
        **more,
    ) -> dict:
        document = {
            "_id": self._identity(at),
            "provider": provider,
            "model_name": model,
            "ts": at,
            "stage": stage,
            "message": message,
            "traceback": "Traceback (most recent call last): ...",
            "http_status": http_status,
        }
        if kind is not None:
            document["error_kind"] = kind
        document |= more
        self.errors.append(document)
        return document

    def day(
        self,
        provider: str,
        model: str,
        attempts: int = 24,
        failures: int = 0,
        days_ago: int = 0,
        message: str = "InternalServerError: 500 upstream failed",
        **error,
    ) -> None:
        """Attempts evenly over one day, the failures evenly among them; 0 is the last day."""
        step = timedelta(days=1) / attempts
        for n in range(attempts):
            at = self.ago(days=days_ago) - step * (n + 0.5)
            if (n + 1) * failures // attempts > n * failures // attempts:
                self.error(provider, model, at, message, **error)
            else:
                self.success(provider, model, at)

    def catalog(self, provider: str, model: str, enabled: bool = True, **more) -> None:
        self.models = self.models or []
        self.models.append(
            {"_id": self._identity(EPOCH), "provider": provider, "model_id": model}
            | {"enabled": enabled}
            | more
        )

    def collections(self) -> dict[str, list[dict]]:
        """By default name; without the catalog where there is none."""
        held = {"errors": self.errors, "metrics": self.metrics, "models": self.models}
        return {NAMES[key]: documents for key, documents in held.items() if documents is not None}

    def insert_into(self, database: Database) -> None:
        for name, documents in self.collections().items():
            database.create_collection(name)
            if documents:
                database[name].insert_many(documents, ordered=True)

    def write_snapshot(self, folder: Path, format: str = "jsonl", packed: bool = False) -> Path:  # noqa: A002 - what callers read best
        """As mongoexport (`jsonl`, `canonical`, `lines`, `json`) or mongodump (`bson`) writes it.

        `lines` is one document a line in a .json file, `json` one array.
        """
        folder.mkdir(parents=True, exist_ok=True)
        suffix = {"canonical": "jsonl", "lines": "json"}.get(format, format)
        for name, documents in self.collections().items():
            path = folder / f"{name}.{suffix}{'.gz' if packed else ''}"
            data = encoded(documents, format)
            path.write_bytes(gzip.compress(data, 1) if packed else data)
        return folder

    def _identity(self, at: datetime) -> ObjectId:
        held = len(self.errors) + len(self.metrics) + len(self.models or ())
        seconds = min(max((at - EPOCH) // timedelta(seconds=1), 0), 2**32 - 1)
        return ObjectId(seconds.to_bytes(4, "big") + held.to_bytes(8, "big"))


def encoded(documents: list[dict], format: str) -> bytes:  # noqa: A002 - as in write_snapshot
    if format == "bson":
        return b"".join(map(bson.encode, documents))
    options = _DIALECTS[format]
    lines = [json_util.dumps(document, json_options=options) for document in documents]
    text = (
        "[" + ",\n".join(lines) + "]\n"
        if format == "json"
        else "".join(f"{line}\n" for line in lines)
    )
    return text.encode()
