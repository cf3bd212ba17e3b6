"""From findings to what people and programs read."""

from healthcheck.report.build import build
from healthcheck.report.context import Context
from healthcheck.report.contract import Report
from healthcheck.report.past import with_past
from healthcheck.report.render import render, render_json

__all__ = [
    "Context",
    "Report",
    "build",
    "render",
    "render_json",
    "with_past",
]
