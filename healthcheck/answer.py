"""The pure part of the line: from an Activity to the report."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from socket import gethostname
from typing import TYPE_CHECKING

from healthcheck import known_issues
from healthcheck.activity import Activity
from healthcheck.diagnosis import Timelines, diagnose, timelines
from healthcheck.known_issues import KnownIssues, Muting, apply_mutes
from healthcheck.report import Catalogue, Context, Report, build
from healthcheck.settings import Settings
from healthcheck.spellings import with_merged_spellings

if TYPE_CHECKING:
    from healthcheck.assessment import Facts


@dataclass(frozen=True, slots=True)
class Answer:
    """All values of the line up to the report. `options`: those that name the data."""

    options: Sequence[str]
    activity: Activity
    lines: Timelines
    known: KnownIssues
    muting: Muting
    settings: Settings | None

    def report(self) -> Report:
        """What people and programs read."""
        catalogue = (
            Catalogue(self.settings.mongodb_db, self.settings.catalogue_collection)
            if self.settings
            else Catalogue()
        )
        context = Context(
            command=_command(self.options, self.activity.current.window.until),
            catalogue=catalogue,
            known_issues=self.known.problems,
            host=gethostname() if self.settings else None,
            runner=self.settings.benchmark_host if self.settings else None,
        )
        return build(self.activity, self.lines, self.muting, context)

    def facts(self) -> "Facts":
        """What an assessment needs beside the report."""
        from healthcheck.assessment import gather  # noqa: PLC0415 - not every run asks the AI

        return gather(self.activity, self.lines, self.muting)


def answered(options: Sequence[str], activity: Activity, settings: Settings | None) -> Answer:
    """Classify, diagnose, and mute what KNOWN_ISSUES names."""
    activity = with_merged_spellings(activity)
    lines = timelines(activity)
    known = KnownIssues()
    if settings and settings.known_issues:
        known = known_issues.read(settings.known_issues)
    today = activity.current.window.until.date()
    muting = apply_mutes(diagnose(activity, lines), known.mutes, today)
    return Answer(options, activity, lines, known, muting, settings)


def _command(options: Sequence[str], until: datetime) -> str:
    end = until.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")
    return shlex.join(["llm-health-check", "run", "--dry-run", *options, "--until", end])
