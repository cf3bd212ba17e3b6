"""The line from what was asked to the report; each stage takes the value of the one before it."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from healthcheck import known_issues
from healthcheck.activity import Activity, Lookback
from healthcheck.diagnosis import Timelines, diagnose, timelines
from healthcheck.known_issues import KnownIssues, Muting, apply_mutes
from healthcheck.report import Catalogue, Context, Report, build
from healthcheck.settings import Settings, load_settings
from healthcheck.span import lookback, parse_days, parse_until

Progress = Callable[[str], None]

_SAMPLE = Path(__file__).parent / "sample"


@dataclass(frozen=True, slots=True)
class Question:
    """What a user asks for: which data, and which window of it."""

    days: float = 1.0
    until: str | None = None
    folder: Path | None = None
    sample: bool = False

    @property
    def options(self) -> list[str]:
        """The options that name the data."""
        if self.sample:
            return ["--sample"]
        return ["--from", str(self.folder)] if self.folder else []


@dataclass(frozen=True, slots=True)
class Answer:
    """All values of the line up to the report."""

    activity: Activity
    lines: Timelines
    known: KnownIssues
    muting: Muting
    settings: Settings | None

    def report(self, question: Question) -> Report:
        """What people and programs read."""
        catalogue = (
            Catalogue(self.settings.mongodb_db, self.settings.catalogue_collection)
            if self.settings
            else Catalogue()
        )
        context = Context(
            command=_command(question, self.activity.current.window.until),
            catalogue=catalogue,
            known_issues=self.known.problems,
        )
        return build(self.activity, self.lines, self.muting, context)


def answer(question: Question, now: datetime, say: Progress) -> Answer:
    """Read, classify, diagnose, mute. Raises HealthCheckError with a sentence."""
    settings = None if question.sample else load_settings()
    activity = _collected(question, settings, now, say)
    say("diagnosing")
    lines = timelines(activity)
    diagnosis = diagnose(activity, lines)
    known = KnownIssues()
    if settings and settings.known_issues:
        known = known_issues.read(settings.known_issues)
    muting = apply_mutes(diagnosis, known.mutes, activity.current.window.until.date())
    return Answer(activity, lines, known, muting, settings)


def _collected(
    question: Question, settings: Settings | None, now: datetime, say: Progress
) -> Activity:
    asked = None if question.until is None else parse_until(question.until)
    length = parse_days(question.days)
    folder = _SAMPLE if question.sample else question.folder

    def windows(until: datetime) -> Lookback:
        return lookback(until, length, now)

    if folder is None and settings is not None:
        from healthcheck.sources import mongodb  # noqa: PLC0415 - the driver is heavy

        return mongodb.collect(settings, windows(asked or now), progress=say)
    from healthcheck.sources import snapshot  # noqa: PLC0415 - likewise

    folder = folder or _SAMPLE
    until = asked or snapshot.window_end(folder) or now
    return snapshot.collect(folder, windows(until), progress=say)


def _command(question: Question, until: datetime) -> str:
    days = [] if question.days == 1 else ["--days", f"{question.days:g}"]
    end = until.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")
    return shlex.join(
        ["llm-health-check", "run", "--dry-run", *question.options, *days, "--until", end]
    )
