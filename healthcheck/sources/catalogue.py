"""The catalogue's entries from raw documents."""

from collections.abc import Iterable, Mapping
from typing import Any

from healthcheck.activity import UNKNOWN_NAME, CatalogueEntry, Pair
from healthcheck.errors import SourceError
from healthcheck.sources import cleaning
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import from_ms

FLAGS = ("enabled", "deprecated", "catalog_quarantine")
DATES = (
    "deprecation_date",
    "disabled_at",
    "created_at",
    "promoted_at",
    "admission_started_at",
)
WORDS = ("successor_model", "status", "disabled_class")
FIELDS = ("provider", "model_id", "disabled_reason", *FLAGS, *DATES, *WORDS)


def entries(
    documents: Iterable[Mapping[str, Any]], collection: str, limits: Limits
) -> dict[Pair, CatalogueEntry]:
    """What it says of each pair; entries without a usable name say nothing of any."""
    catalogue: dict[Pair, CatalogueEntry] = {}
    for number, document in enumerate(documents, 1):
        if number > limits.catalogue_entries:
            raise SourceError(
                f"The catalogue {collection} holds more than {limits.catalogue_entries} documents: "
                "does MONGODB_COLLECTION_MODELS name another collection?"
            )
        provider, model = (
            cleaning.name(document.get(field), limits.name_characters)
            for field in ("provider", "model_id")
        )
        if UNKNOWN_NAME in (provider, model):
            continue
        pair, entry = Pair(provider, model), _entry(document, limits)
        catalogue[pair] = _both(catalogue[pair], entry) if pair in catalogue else entry
    return dict(sorted(catalogue.items()))


def _entry(document: Mapping[str, Any], limits: Limits) -> CatalogueEntry:
    return CatalogueEntry(
        enabled=flag(document.get("enabled")),
        deprecated=flag(document.get("deprecated")) is True,
        deprecation_date=_date(document.get("deprecation_date")),
        successor=_text(document.get("successor_model"), limits.name_characters),
        status=_text(document.get("status"), limits.name_characters),
        disabled_at=_date(document.get("disabled_at")),
        disabled_reason=_text(document.get("disabled_reason"), limits.message_characters),
        disabled_class=_text(document.get("disabled_class"), limits.name_characters),
        quarantined=flag(document.get("catalog_quarantine")) is True,
        created_at=_date(document.get("created_at")),
        promoted_at=_date(document.get("promoted_at")),
        admission_started_at=_date(document.get("admission_started_at")),
    )


def _both(one: CatalogueEntry, other: CatalogueEntry) -> CatalogueEntry:
    """The same whichever comes first: what is true of any is, else the smaller value."""
    said = ((getattr(one, name), getattr(other, name)) for name in CatalogueEntry.__slots__)
    return CatalogueEntry(
        *(_joined([value for value in pair if value is not None]) for pair in said)
    )


def flag(value: Any) -> bool | None:
    """Yes or no, also as tools and people write it; None for anything else."""
    if isinstance(value, str):
        return _FLAGS_IN_WORDS.get(value.strip().lower())
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else None


_FLAGS_IN_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _joined(said: list[Any]) -> Any:
    if not said:
        return None
    return any(said) if isinstance(said[0], bool) else min(said)


def _date(value: Any) -> Any:
    ms = cleaning.time(value)
    return None if ms is None else from_ms(ms)


def _text(value: Any, longest: int) -> str | None:
    kept, _ = cleaning.message(value, longest)
    return kept or None
