"""From findings to what people and programs read."""

from healthcheck.report.as_json import render_json
from healthcheck.report.as_text import render_text
from healthcheck.report.build import build
from healthcheck.report.contract import Report

__all__ = ["Report", "build", "render_json", "render_text"]
