"""From an Activity to what is wrong: findings by rules, each with its evidence, in problems.

timeline       every failure with its kind, in the order of time; runs of failures between answers
published      which models count
record         one model at the end of a window: its runs, its history, whether it is attempted
rates          how often models fail, against what is usual of them, and since when
model          findings about one model
incident       models that one cause hits together, and what is told of them
incidents      which there are: of a provider, or of the service; or nothing succeeds
service        no data, times without data, attempts that were lost on our own side
coverage       which models gave data, and whether there were as many attempts as usual
catalog        what changed in the catalog, retires soon, or was left behind
implausible    results and times that cannot be true
diagnose       all of these for two windows; a wide finding explains narrow ones
problems       findings that one remedy ends, in the words of `categories` and `causes`
"""

from healthcheck.diagnosis.categories import CATEGORIES, Aspect, Category
from healthcheck.diagnosis.diagnose import Diagnosis, diagnose, is_silent
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
]
