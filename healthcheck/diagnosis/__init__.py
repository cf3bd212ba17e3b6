"""From an Activity to what is wrong: findings by rules, each with its evidence, in problems."""

from healthcheck.diagnosis.categories import CATEGORIES, Aspect, Category
from healthcheck.diagnosis.diagnose import Diagnosis, diagnose, is_silent, with_problems
from healthcheck.diagnosis.findings import Finding, Severity, State, Status
from healthcheck.diagnosis.problems import Problem
from healthcheck.diagnosis.timeline import Timeline, Timelines, timelines

__all__ = [
    "CATEGORIES",
    "Aspect",
    "Category",
    "Diagnosis",
    "Finding",
    "Problem",
    "Severity",
    "State",
    "Status",
    "Timeline",
    "Timelines",
    "diagnose",
    "is_silent",
    "timelines",
    "with_problems",
]
