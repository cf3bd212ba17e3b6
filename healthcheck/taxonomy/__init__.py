"""What went wrong: error messages of LLM providers, their kinds and their patterns."""

from healthcheck.taxonomy.complaint import complaint
from healthcheck.taxonomy.judge import classify, judge
from healthcheck.taxonomy.kinds import ErrorKind, Verdict
from healthcheck.taxonomy.mention import names_model
from healthcheck.taxonomy.parameterise import parameterise

__all__ = [
    "ErrorKind",
    "Verdict",
    "classify",
    "complaint",
    "judge",
    "names_model",
    "parameterise",
]
