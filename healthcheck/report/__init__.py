"""From findings to what people and programs read."""

from healthcheck.report.as_json import render_json
from healthcheck.report.build import Context, build
from healthcheck.report.contract import Report
from healthcheck.report.mongosh import Catalogue
from healthcheck.report.rendering import Rendered, render, render_text

__all__ = [
    "Catalogue",
    "Context",
    "Rendered",
    "Report",
    "build",
    "render",
    "render_json",
    "render_text",
]
