"""An `Activity` from a snapshot folder, document by document."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from healthcheck.activity import LAST_FAILURES, Activity, Lookback, ModelKey, most
from healthcheck.errors import SourceError
from healthcheck.sources import catalog, cleaning, snapshot_files
from healthcheck.sources.assembly import Catalog, Progress, assemble, no_progress
from healthcheck.sources.cleaning import ERROR_TIMES, SUCCESS_TIMES
from healthcheck.sources.counting import AttemptCounter, LatestPerModel
from healthcheck.sources.limits import Limits
from healthcheck.sources.snapshot_files import ERRORS, METRICS, MODELS, documents
from healthcheck.sources.times import LATEST_MS, SKEW_MS, Span, from_ms, parse_iso

MANIFEST = "manifest.json"
FORMAT = 1
_LONGEST_MANIFEST = 1 << 20


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
        first, second = SUCCESS_TIMES
        fields = [field for field in cleaning.SUCCESS_FIELDS if field != second]
        for document in documents(self.files[METRICS], fields, longest):
            # The second time matters only where the first is none: a twelfth of the work is spared.
            if cleaning.time(document.get(first)) is None and type(document.get(second)) is dict:
                document[second] = snapshot_files.plain(document[second])
            counter.success(document)
            self.successes.add(document)
        for document in documents(self.files[ERRORS], cleaning.ERROR_FIELDS, longest):
            counter.error(document)
            self.failures.add(document)
        counter.close()
        return counter

    def last_successes(self, models: Collection[ModelKey]) -> LatestPerModel | None:  # noqa: ARG002 - all are at hand
        """The newest of each before all windows; None where the export does not know them."""
        is_known = self.manifest is None or self.manifest.knows_last_success
        return self.successes if is_known else None

    def last_failures(self, after: Mapping[ModelKey, int]) -> LatestPerModel:  # noqa: ARG002 - all are at hand
        """The newest few of each model before the judged windows."""
        return self.failures


@dataclass(frozen=True, slots=True)
class _Manifest:
    """The note that an export leaves beside its files: which windows they hold."""

    since: datetime
    until: datetime
    knows_last_success: bool


def _manifest(folder: Path) -> _Manifest | None:
    """What the folder's manifest says; None where it has none."""
    path = folder / MANIFEST
    try:
        with path.open("rb") as stream:
            said = json.loads(stream.read(_LONGEST_MANIFEST))
        times = [parse_iso(said[name]) for name in ("since", "until")]
        since, until = (from_ms(ms) for ms in times if ms is not None)
        if since < until and said["format"] == FORMAT:
            return _Manifest(since, until, said.get("last_success_looked_up") is not False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        pass
    raise SourceError(
        f"{path} is not a manifest of format {FORMAT} that names a window (since, until).",
        "Remove it, or export again.",
    )
