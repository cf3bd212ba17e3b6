"""The line from what was asked to the report; each stage takes the value of the one before it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from healthcheck.settings import load_settings
from healthcheck.span import lookback, parse_days, parse_until

if TYPE_CHECKING:
    from healthcheck.answer import Answer
    from healthcheck.report import Report

Progress = Callable[[str], None]

_SAMPLE = Path(__file__).parent / "sample"


@dataclass(frozen=True, slots=True)
class Question:
    """What a user asks for: which data, which window of it, and whether the AI is to assess it."""

    days: float = 1.0
    until: str | None = None
    folder: Path | None = None
    sample: bool = False
    ai: bool = False

    @property
    def options(self) -> list[str]:
        """The options that name the data and its length."""
        days = [] if self.days == 1 else ["--days", f"{self.days:g}"]
        if self.sample:
            return ["--sample", *days]
        return ["--from", str(self.folder), *days] if self.folder else days


def answer(question: Question, now: datetime, say: Progress) -> "Answer":
    """Read, classify, diagnose, mute. Raises HealthCheckError with a sentence.

    Each part is imported when its turn comes: nothing is paid for that a run does not get to.
    """
    settings = None if question.sample else load_settings()
    folder = _SAMPLE if question.sample else question.folder
    asked = None if question.until is None else parse_until(question.until)
    length = parse_days(question.days)
    if folder is None and settings is not None:
        from healthcheck.sources import mongodb  # noqa: PLC0415 - the driver is heavy

        windows = lookback(asked or now, length, now)
        activity = mongodb.collect(settings, windows, progress=say)
    else:
        from healthcheck.sources import snapshot  # noqa: PLC0415 - likewise

        folder = folder or _SAMPLE
        # A writer's clock may be ahead of ours: no window ends in the future.
        end = asked or min(snapshot.window_end(folder) or now, now)
        windows = lookback(end, length, now)
        activity = snapshot.collect(folder, windows, progress=say)
    say("diagnosing")
    from healthcheck.answer import answered  # noqa: PLC0415 - see above

    return answered(question.options, activity, settings)


def assessed(answer: "Answer", report: "Report", say: Progress) -> "Report":
    """The same report with what the AI makes of it; where that fails, with the reason."""
    settings = answer.settings or load_settings()
    from healthcheck.assessment import assess  # noqa: PLC0415 - not every run asks the AI

    say("asking the AI")
    return assess(report, answer.facts, settings)


def prompt(answer: "Answer") -> str:
    """What the AI would be sent."""
    from healthcheck.assessment import build_prompt  # noqa: PLC0415 - likewise

    return str(build_prompt(answer.report(), answer.facts()))
