"""The report as JSON."""

import json
from typing import Any

from healthcheck.report.contract import Report


def render_json(report: Report) -> str:
    """The contract's fields, readable, with a line end."""
    return report.model_dump_json(indent=2) + "\n"


def schema() -> dict[str, Any]:
    """The contract's JSON Schema, as it is shipped."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(mode="serialization"),
    }


def schema_text() -> str:
    """The shipped file's text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
