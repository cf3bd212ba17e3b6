from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

import healthcheck
from healthcheck.activity import Activity, Lookback
from healthcheck.diagnosis import diagnose, timelines
from healthcheck.known_issues import Mute, apply_mutes
from healthcheck.report import Catalogue, Context, Report, build
from healthcheck.sources import snapshot


@pytest.fixture(scope="session")
def report_of():
    """Takes an activity through the rest of the line."""

    def make(activity: Activity, mutes: Sequence[Mute] = ()) -> Report:
        lines = timelines(activity)
        muting = apply_mutes(diagnose(activity, lines), mutes, activity.current.window.until.date())
        return build(activity, lines, muting, Context("llm-health-check run", Catalogue()))

    return make


@pytest.fixture(scope="session")
def sample_report(report_of):
    """The packaged sample day."""
    folder = Path(healthcheck.__file__).parent / "sample"
    until = snapshot.window_end(folder)
    return report_of(snapshot.collect(folder, Lookback(until, timedelta(days=1))))
