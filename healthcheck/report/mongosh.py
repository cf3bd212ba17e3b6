"""Lines that are ready to paste into mongosh, correctly quoted whatever the names hold."""

import json
from dataclasses import dataclass

from healthcheck.activity import UNKNOWN_NAME, Pair
from healthcheck.redaction import redact


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Where the catalogue of models stands."""

    database: str = "llm-bench"
    collection: str = "models"


def disable(catalogue: Catalogue, pair: Pair, reason: str) -> str | None:
    """Switch a pair off; None where its names cannot be shown as they are."""
    if not all(map(_can_be_shown, pair)):
        return None
    return (
        f"{_collection(catalogue)}.updateMany("
        f"{{provider: {_quoted(pair.provider)}, model_id: {_quoted(pair.model)}}}, "
        f"{{$set: {{enabled: false, disabled_reason: {_quoted(reason)}, "
        "disabled_at: new Date()}})"
    )


def list_enabled(catalogue: Catalogue, provider: str) -> str | None:
    """Show which of a provider's models are enabled; None where its name cannot be shown."""
    if not _can_be_shown(provider):
        return None
    return (
        f"{_collection(catalogue)}.find({{provider: {_quoted(provider)}, enabled: true}}, "
        "{_id: 0, model_id: 1})"
    )


def _collection(catalogue: Catalogue) -> str:
    return (
        f"db.getSiblingDB({_quoted(catalogue.database)})"
        f".getCollection({_quoted(catalogue.collection)})"
    )


def _can_be_shown(name: str) -> bool:
    """A name with a secret in it, or none at all, finds nothing."""
    return name != UNKNOWN_NAME and redact(name) == name


def _quoted(text: str) -> str:
    """A string of JavaScript in ASCII: nothing in it can end it, hide or reorder the line."""
    return json.dumps(text).replace("\x7f", "\\u007f")
