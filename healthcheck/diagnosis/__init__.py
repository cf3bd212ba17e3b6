"""From an Activity to what is wrong: findings by rules, each with its evidence, in problems."""

from healthcheck.diagnosis.categories import CATEGORIES, Aspect, Category, CategoryRow
from healthcheck.diagnosis.coverage import Coverage, Share
from healthcheck.diagnosis.diagnose import Diagnosis, diagnose, is_silent, judged
from healthcheck.diagnosis.findings import Finding, Severity, State, Status
from healthcheck.diagnosis.problems import Problem
from healthcheck.diagnosis.timeline import Timeline, Timelines, timelines

__all__ = [
    "CATEGORIES",
    "Aspect",
    "Category",
    "CategoryRow",
    "Coverage",
    "Diagnosis",
    "Finding",
    "Problem",
    "Severity",
    "Share",
    "State",
    "Status",
    "Timeline",
    "Timelines",
    "diagnose",
    "is_silent",
    "judged",
    "timelines",
]
