"""From findings to what people and programs read."""

from healthcheck.report.build import build
from healthcheck.report.context import Context
from healthcheck.report.contract import Report
from healthcheck.report.history_page import render_history
from healthcheck.report.past import daily, with_past
from healthcheck.report.render import render, render_json

__all__ = [
    "Context",
    "Report",
    "build",
    "daily",
    "render",
    "render_history",
    "render_json",
    "with_past",
]
