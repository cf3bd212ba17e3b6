"""An `Activity` from a snapshot folder, document by document."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ValidationError

from healthcheck.activity import LAST_FAILURES, Activity, Lookback, ModelKey, most
from healthcheck.errors import SourceError
from healthcheck.sources import catalog, cleaning, snapshot_files
from healthcheck.sources.assembly import Catalog, Progress, assemble, no_progress
from healthcheck.sources.cleaning import ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.counting import AttemptCounter, LatestPerModel
from healthcheck.sources.limits import Limits
from healthcheck.sources.snapshot_files import ERRORS, METRICS, MODELS, documents
from healthcheck.sources.times import LATEST_MS, SKEW_MS, Span, from_ms

MANIFEST = "manifest.json"


def collect(
    folder: Path,
    lookback: Lookback,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    progress: Progress = no_progress,
) -> Activity:
    """Read all that a report needs; raises SourceError with a sentence."""
    source = _Snapshot(folder, Span.of(lookback), limits)
    since = source.manifest.since if source.manifest else None
    return assemble(source, lookback, progress, since).activity


def window_end(folder: Path, limits: Limits = Limits()) -> datetime | None:  # noqa: B008 - it is frozen
    """The manifest's `until`, else just behind the newest document; None where there is none.

    A time that is ahead of its own `_id` by more than clocks differ does not count.
    """
    files, manifest = snapshot_files.find(folder), _manifest(folder)
    if manifest:
        return manifest.until
    newest: int | None = None
    for file, times in ((files[ERRORS], ERROR_TIMES), (files[METRICS], SUCCESS_TIMES)):
        for document in documents(file, ("_id", *times), limits.line_bytes):
            ms, stored, *_ = cleaning.when(document, times)
            if ms is not None and stored is not None and ms > stored + SKEW_MS:
                ms = stored
            newest = most(ms, newest)
    return None if newest is None else from_ms(min(newest + 1, LATEST_MS))


class _Snapshot:
    """A source; of what is older than the windows, the passes that count keep the newest."""

    def __init__(self, folder: Path, span: Span, limits: Limits) -> None:
        self.files, self.manifest = snapshot_files.find(folder), _manifest(folder)
        self.limits, self.span = limits, span
        self.successes = LatestPerModel(SUCCESS_TIMES, span.begin, 1, 0)
        longest = limits.message_characters
        self.failures = LatestPerModel(ERROR_TIMES, span.judged, LAST_FAILURES, longest)

    def catalog(self) -> Catalog | None:
        """What the catalog says; None where there is no file."""
        file = self.files.get(MODELS)
        if file is None:
            return None
        found = documents(file, catalog.FIELDS, self.limits.line_bytes)
        return catalog.entries(found, file.name, self.limits)

    def counted(self) -> AttemptCounter:
        """One pass over each file."""
        counter, longest = AttemptCounter(self.span, self.limits), self.limits.line_bytes
        for document in documents(self.files[METRICS], cleaning.SUCCESS_FIELDS, longest):
            counter.success(document)
            self.successes.add(document)
        for document in documents(self.files[ERRORS], cleaning.ERROR_FIELDS, longest):
            counter.error(document)
            self.failures.add(document)
        counter.close()
        return counter

    def last_successes(self, models: Collection[ModelKey]) -> LatestPerModel | None:  # noqa: ARG002 - all are at hand
        """The newest of each before all windows; None where the export does not know them."""
        is_known = self.manifest is None or self.manifest.last_success_looked_up
        return self.successes if is_known else None

    def last_failures(self, after: Mapping[ModelKey, int]) -> LatestPerModel:  # noqa: ARG002 - all are at hand
        """The newest few of each model before the judged windows."""
        return self.failures


class Manifest(BaseModel):
    """The note that an export leaves beside its files: which windows they hold."""

    format: Literal[1]
    made_by: str = ""
    created: AwareDatetime | None = None
    since: AwareDatetime
    until: AwareDatetime
    last_success_looked_up: bool = True


def _manifest(folder: Path) -> Manifest | None:
    """What the folder's manifest says; None where it has none."""
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
        if manifest.since < manifest.until:
            return manifest
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError:
        pass
    raise SourceError(
        f"{path} is not a manifest of format 1 that names a window (since, until).",
        "Remove it, or export again.",
    )
