"""The catalog's entries from raw documents."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from healthcheck.activity import UNKNOWN_NAME, CatalogEntry, ModelKey
from healthcheck.sources import cleaning
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import from_ms

Catalog = dict[ModelKey, CatalogEntry]

_FLAGS = ("enabled", "deprecated")
_STORED = {one.name: one.name for one in fields(CatalogEntry)} | {"successor": "successor_model"}
del _STORED["flags_are_text"]
"""Where each part of an entry stands in a document."""
FIELDS = ("provider", "model_id", *_STORED.values())
_FLAGS_IN_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def entries(documents: Iterable[Mapping[str, Any]], limits: Limits) -> Catalog:
    """What it says of each model; entries without a usable name say nothing of any.

    Of two entries of a model the one that runs counts, whichever comes first.
    """
    catalog: Catalog = {}
    for document in documents:
        model, _ = cleaning.model(document, limits.name_characters, "model_id")
        if UNKNOWN_NAME not in model:
            found = (_entry(document, limits), catalog.get(model))
            catalog[model] = max(filter(None, found), key=lambda entry: (entry.runs, repr(entry)))
    return dict(sorted(catalog.items()))


def flag(value: Any) -> bool | None:
    """Yes or no, also as tools and people write it; None for anything else."""
    if isinstance(value, str):
        return _FLAGS_IN_WORDS.get(value.strip().lower())
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else None


def _entry(document: Mapping[str, Any], limits: Limits) -> CatalogEntry:
    values: dict[str, Any] = {}
    for name, field in _STORED.items():
        value = document.get(field)
        if name in _FLAGS:
            values[name] = flag(value)
        elif name.endswith(("_date", "_at")):
            ms = cleaning.time(value)
            values[name] = None if ms is None else from_ms(ms)
        else:
            is_long = name == "disabled_reason"
            longest = limits.message_characters if is_long else limits.name_characters
            values[name] = cleaning.words(value, longest) or None
    values["deprecated"] = values["deprecated"] is True
    values["flags_are_text"] = values["enabled"] is True and any(
        isinstance(document.get(name), str) for name in _FLAGS
    )
    return CatalogEntry(**values)
