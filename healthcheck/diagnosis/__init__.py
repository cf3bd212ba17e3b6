"""From an Activity to what is wrong: findings by rules, each with its evidence."""

from healthcheck.diagnosis.diagnose import diagnose, judged
from healthcheck.diagnosis.findings import (
    Category,
    Diagnosis,
    Finding,
    Severity,
    State,
    Status,
)
from healthcheck.diagnosis.timeline import Timeline, Timelines, timelines

__all__ = [
    "Category",
    "Diagnosis",
    "Finding",
    "Severity",
    "State",
    "Status",
    "Timeline",
    "Timelines",
    "diagnose",
    "judged",
    "timelines",
]
