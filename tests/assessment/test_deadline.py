"""One deadline for all of it, whatever the server does."""

import time
from dataclasses import replace

import pytest
from days import settings_of
from scripted import dripping, dripping_headers, error, raw_server, silent

from healthcheck.assessment import assess

_SECONDS = 1.5
_SLACK = 5.0
"""For a busy machine; without the deadline it would be the SDK's ten minutes, or for ever."""


@pytest.mark.parametrize("talk", [silent, dripping, dripping_headers])
def test_a_server_cannot_hold_the_report_back(sample_day, talk):
    with raw_server(talk) as url:
        begun = time.monotonic()
        report = assess(sample_day.report, settings_of(url, openai_deadline=_SECONDS))
        took = time.monotonic() - begun
    assert took < _SECONDS + _SLACK
    assert "within 1.5 s" in report.analysis.error or "in time" in report.analysis.error
    assert report.findings == sample_day.report.findings


def test_tries_end_before_the_deadline_and_the_reason_is_told(scripted, settings, sample_day):
    scripted(error(500))
    its = replace(settings, openai_deadline=_SECONDS)
    begun = time.monotonic()
    report = assess(sample_day.report, its)
    assert time.monotonic() - begun < _SECONDS + _SLACK
    assert "answered with an error (500): it failed" in report.analysis.error
