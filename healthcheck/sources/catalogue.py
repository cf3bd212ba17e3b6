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
    """The same whichever comes first: enabled or deprecated if any is, the earlier date."""
    said = [entry.enabled for entry in (one, other) if entry.enabled is not None]
    return CatalogueEntry(
        enabled=any(said) if said else None,
        deprecated=one.deprecated or other.deprecated,
        deprecation_date=_smaller(one.deprecation_date, other.deprecation_date),
        successor=_smaller(one.successor, other.successor),
        status=_smaller(one.status, other.status),
        disabled_at=_smaller(one.disabled_at, other.disabled_at),
        disabled_reason=_smaller(one.disabled_reason, other.disabled_reason),
        disabled_class=_smaller(one.disabled_class, other.disabled_class),
        quarantined=one.quarantined or other.quarantined,
        created_at=_smaller(one.created_at, other.created_at),
        promoted_at=_smaller(one.promoted_at, other.promoted_at),
        admission_started_at=_smaller(one.admission_started_at, other.admission_started_at),
    )


def flag(value: Any) -> bool | None:
    """Yes or no, also as tools and people write it; None for anything else."""
    if isinstance(value, str):
        return _FLAGS_IN_WORDS.get(value.strip().lower())
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else None


_FLAGS_IN_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _smaller(one: Any, other: Any) -> Any:
    return min((value for value in (one, other) if value is not None), default=None)


def _date(value: Any) -> Any:
    ms = cleaning.time(value)
    return None if ms is None else from_ms(ms)


def _text(value: Any, longest: int) -> str | None:
    kept, _ = cleaning.message(value, longest)
    return kept or None
