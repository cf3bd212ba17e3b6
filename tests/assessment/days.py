"""Days to assess."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from scene import Scene

from healthcheck.activity import Activity
from healthcheck.diagnosis import diagnose, timelines
from healthcheck.known_issues import Mute, apply_mutes
from healthcheck.report import Context, Report, build
from healthcheck.settings import Settings, settings_from


class Day(NamedTuple):
    report: Report

    def id_of(self, category: str, provider: str | None = None, model: str | None = None) -> str:
        (found,) = [
            part.id
            for part in self.report.findings
            if part.category == category
            and (provider is None or part.provider == provider)
            and (model is None or part.model == model)
        ]
        return found


def day_of(activity: Activity, mutes: Sequence[Mute] = ()) -> Day:
    lines = timelines(activity)
    today = activity.current.window.until.date()
    muting = apply_mutes(diagnose(activity, lines), mutes, today)
    return Day(build(activity, lines, muting, Context("llm-health-check run")))


def day_of_scene(scene: Scene, folder: Path, mutes: Sequence[Mute] = ()) -> Day:
    return day_of(scene.activity(folder), mutes)


def settings_of(base_url: str | None, **told) -> Settings:
    """Settings that no environment of the test run can change."""
    values = {
        "openai_api_key": "key-of-the-test",
        "openai_model": "gpt-4o-mini",
        "openai_base_url": base_url,
        "openai_deadline": 90.0,
    }
    given = {name.upper(): str(value) for name, value in (values | told).items() if value}
    return settings_from(given)
