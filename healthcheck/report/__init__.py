"""From findings to what people and programs read."""

from healthcheck.report.as_json import render_json
from healthcheck.report.as_text import render_text
from healthcheck.report.build import Context, build
from healthcheck.report.contract import Report
from healthcheck.report.mongosh import Catalogue

__all__ = ["Catalogue", "Context", "Report", "build", "render_json", "render_text"]
