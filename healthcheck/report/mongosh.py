"""Lines that are ready to paste into mongosh, correctly quoted whatever the names hold."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from healthcheck.activity import UNKNOWN_NAME, ModelKey
from healthcheck.redaction import redact


@dataclass(frozen=True, slots=True)
class Catalog:
    """Where the catalog of models stands."""

    database: str = "llm-bench"
    collection: str = "models"


def disable(catalog: Catalog, pairs: Sequence[ModelKey], reason: str, kind: str) -> str | None:
    """Switch pairs off in one command; None where no name can be shown as it is."""
    models: dict[str, list[str]] = {}
    for pair in pairs:
        if all(map(_can_be_shown, pair)):
            models.setdefault(pair.provider, []).append(_quoted(pair.model))
    if not models:
        return None
    chosen = [
        f"{{provider: {_quoted(provider)}, model_id: {_one_of(names)}}}"
        for provider, names in models.items()
    ]
    which = chosen[0] if len(chosen) == 1 else f"{{$or: [{', '.join(chosen)}]}}"
    return (
        f"{_collection(catalog)}.updateMany({which}, "
        f"{{$set: {{enabled: false, disabled_reason: {_quoted(reason)}, "
        f"disabled_class: {_quoted(kind)}, disabled_at: new Date()}}}})"
    )


def _one_of(quoted: list[str]) -> str:
    return quoted[0] if len(quoted) == 1 else f"{{$in: [{', '.join(quoted)}]}}"


def _collection(catalog: Catalog) -> str:
    return (
        f"db.getSiblingDB({_quoted(catalog.database)}).getCollection({_quoted(catalog.collection)})"
    )


def _can_be_shown(name: str) -> bool:
    """A name with a secret in it, or none at all, finds nothing."""
    return name != UNKNOWN_NAME and redact(name) == name


def _quoted(text: str) -> str:
    """A string of JavaScript in ASCII: nothing in it can end it, hide or reorder the line."""
    return json.dumps(text).replace("\x7f", "\\u007f")
