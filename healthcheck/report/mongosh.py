"""The line that disables models, to be pasted into mongosh: quoted, whatever the names hold."""

import json
from collections.abc import Sequence

from healthcheck.activity import UNKNOWN_NAME, ModelKey
from healthcheck.redaction import redact


def disable(database: str, collection: str, pairs: Sequence[ModelKey]) -> str | None:
    """One command for all pairs; None where no name can be shown as it is."""
    models: dict[str, list[str]] = {}
    for pair in pairs:
        if all(map(_can_be_shown, pair)):
            models.setdefault(pair.provider, []).append(_quoted(pair.model))
    chosen = [
        f"{{provider: {_quoted(provider)}, model_id: {_one_of(names)}}}"
        for provider, names in models.items()
    ]
    if not chosen:
        return None
    which = chosen[0] if len(chosen) == 1 else f"{{$or: [{', '.join(chosen)}]}}"
    return (
        f"db.getSiblingDB({_quoted(database)}).getCollection({_quoted(collection)})"
        f'.updateMany({which}, {{$set: {{enabled: false, disabled_reason: "not served by the provider", '
        'disabled_class: "hard_model", disabled_at: new Date()}})'
    )


def _one_of(quoted: list[str]) -> str:
    return quoted[0] if len(quoted) == 1 else f"{{$in: [{', '.join(quoted)}]}}"


def _can_be_shown(name: str) -> bool:
    """A name with a secret in it, or none at all, finds nothing."""
    return name != UNKNOWN_NAME and redact(name) == name


def _quoted(text: str) -> str:
    """A string of JavaScript in ASCII: nothing in it can end it, hide or reorder the line."""
    return json.dumps(text).replace("\x7f", "\\u007f")
