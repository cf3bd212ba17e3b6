"""What went wrong: error messages of LLM providers, their kinds and their patterns."""

from healthcheck.taxonomy.classify import classify
from healthcheck.taxonomy.kinds import ErrorKind, Verdict
from healthcheck.taxonomy.parameterize import names_model, parameterize
from healthcheck.taxonomy.rejected_parameter import RejectedParameter, rejected_parameter

__all__ = [
    "ErrorKind",
    "RejectedParameter",
    "Verdict",
    "classify",
    "names_model",
    "parameterize",
    "rejected_parameter",
]
