from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hostile import MESSAGES, NAMES
from reports import UNTIL
from scene import Scene
from stores import Store

import healthcheck
from healthcheck.activity import Activity, Lookback
from healthcheck.diagnosis import diagnose, timelines
from healthcheck.known_issues import Mute, apply_mutes
from healthcheck.report import Context, Report, build
from healthcheck.sources import snapshot


@pytest.fixture(scope="session")
def report_of():
    """Takes an activity through the rest of the line."""

    def make(activity: Activity, mutes: Sequence[Mute] = ()) -> Report:
        lines = timelines(activity)
        muting = apply_mutes(diagnose(activity, lines), mutes, activity.current.window.until.date())
        return build(activity, lines, muting, Context("llm-health-check run"))

    return make


@pytest.fixture(scope="session")
def sample_report(report_of):
    """The packaged sample day."""
    folder = Path(healthcheck.__file__).parent / "sample"
    until = snapshot.window_end(folder)
    return report_of(snapshot.collect(folder, Lookback(until, timedelta(days=1))))


@pytest.fixture(scope="session")
def healthy_report(report_of, tmp_path_factory):
    """Three providers with five healthy models each."""
    return report_of(Scene().others().catalog().activity(tmp_path_factory.mktemp("healthy")))


@pytest.fixture(scope="session")
def silent_report(report_of, tmp_path_factory):
    """Nothing was attempted in the last nine hours."""
    scene = Scene()
    for provider in ("alpha", "beta", "gamma"):
        scene.models(provider, 5, end=9)
    return report_of(scene.catalog().activity(tmp_path_factory.mktemp("silent")))


@pytest.fixture(scope="session")
def hostile_report(report_of, tmp_path_factory):
    """Every hostile name as provider and as model, with every hostile message."""
    store = Store(until=UNTIL)
    for number, name in enumerate(NAMES):
        at = UNTIL - timedelta(minutes=30 + number)
        for hours in range(6):
            message = MESSAGES[(number + hours) % len(MESSAGES)]
            store.error(name, f"m{number}", at - timedelta(hours=hours), message)
            store.error("evil", name, at - timedelta(hours=hours, minutes=7), message)
    for document in store.errors:
        document.pop("traceback")
    folder = store.write_snapshot(tmp_path_factory.mktemp("hostile"))
    return report_of(snapshot.collect(folder, Lookback(UNTIL, timedelta(days=1))))
