"""From a request to its report: read, classify, diagnose, mute, build, assess."""

import shlex
from datetime import datetime, timedelta
from logging import getLogger
from pathlib import Path
from socket import gethostname
from typing import NamedTuple

from healthcheck import known_issues
from healthcheck.activity import HOUR, Activity
from healthcheck.diagnosis import diagnose, timelines
from healthcheck.errors import UsageError
from healthcheck.model_spellings import merge_spellings
from healthcheck.report import Context, Report, build, with_past
from healthcheck.run_window import lookback
from healthcheck.settings import Settings, load_settings

_log = getLogger(__name__)
_SAMPLE = Path(__file__).parent / "sample"


class RunRequest(NamedTuple):
    """What a user asks for: which data, which window of it, and whether the AI assesses it."""

    length: timedelta = timedelta(days=1)
    until: datetime | None = None
    folder: Path | None = None
    sample: bool = False
    ai: bool = False

    def command(self, until: datetime) -> str:
        """The command that prints this report again."""
        days = self.length / timedelta(days=1)
        end = until.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")
        parts = ["llm-health-check", "run", "--dry-run"]
        if self.sample:
            parts += ["--sample"]
        elif self.folder:
            parts += ["--from", str(self.folder)]
        if days != 1:
            parts += ["--days", f"{days:.10g}"]
        return shlex.join([*parts, "--until", end])


def make_report(request: RunRequest, settings: Settings | None, now: datetime) -> Report:
    """The report, with what the AI and earlier ones tell; a snapshot has none before it."""
    report = run_pipeline(request, settings, now)
    if request.ai:
        from healthcheck.assessment import assess  # noqa: PLC0415 - a run without it pays nothing

        _log.info("asking the AI")
        report = assess(report, settings or load_settings())
    if settings and not request.folder:
        from healthcheck.delivery.history import past  # noqa: PLC0415 - likewise
        from healthcheck.delivery.outbox import store_of  # noqa: PLC0415

        report = with_past(report, past(store_of(settings)))
    return report


def run_pipeline(request: RunRequest, settings: Settings | None, now: datetime) -> Report:
    """The report of the rules; the sample day needs no settings. Raises HealthCheckError."""
    activity = merge_spellings(_read(request, settings, now))
    lines = timelines(activity)
    known = known_issues.KnownIssues()
    if settings and settings.known_issues:
        known = known_issues.read(settings.known_issues)
    until, its = activity.current.window.until, settings or Settings()
    muting = known_issues.apply_mutes(diagnose(activity, lines), known.mutes, until.date())
    context = Context(
        command=request.command(until),
        snapshot=str(request.folder.resolve()) if request.folder else None,
        database=its.mongodb_db,
        collection=its.catalog_collection,
        known_issues=known.problems,
        host=gethostname() if settings else None,
        runner=its.benchmark_host,
    )
    return build(activity, lines, muting, context)


def _read(request: RunRequest, settings: Settings | None, now: datetime) -> Activity:
    until, length = request.until, request.length
    if settings and not request.folder:
        _log.info("waiting for MongoDB")
        from healthcheck.sources import mongodb  # noqa: PLC0415 - the driver is heavy

        return mongodb.collect(settings, lookback(until or now, length, now))
    if request.folder:
        _log.info("reading the snapshot")
    from healthcheck.sources import snapshot  # noqa: PLC0415 - it needs what the driver brings

    folder = request.folder or _SAMPLE
    # A writer's clock may be ahead of ours: no window ends in the future.
    end = until or min(snapshot.window_end(folder) or now, now)
    activity = snapshot.collect(folder, lookback(end, length, now))
    is_whole = activity.reaches_back_to is not None  # its manifest says what it holds
    may_be_beside = is_whole or not activity.current.pairs
    if until and may_be_beside and (newest := snapshot.window_end(folder)):
        since = activity.current.window.since
        has_data = activity.current.pairs or activity.previous.pairs or activity.baseline
        # Without a manifest, one that ends within the window may show an outage.
        if since >= newest or not has_data or (is_whole and until > newest + HOUR):
            lacking = newest if since < newest < until else since
            raise UsageError(
                f"The snapshot has no attempts from {lacking:%Y-%m-%d %H:%M} to --until {until:%Y-%m-%d %H:%M} UTC: "
                f"it ends at {newest:%Y-%m-%d %H:%M} UTC.",
                "Without --until, its last day is read.",
            )
    return activity
