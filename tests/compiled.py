"""Patterns and templates, which a process compiles when it first needs them: importing this needs all of the sample day's."""

from datetime import UTC, datetime

from healthcheck.pipeline import RunRequest, run_pipeline
from healthcheck.report import render

render(run_pipeline(RunRequest(sample=True), None, datetime.now(UTC)))
