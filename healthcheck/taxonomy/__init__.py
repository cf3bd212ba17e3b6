"""What went wrong: error messages of LLM providers, their kinds and their patterns."""

from healthcheck.taxonomy.judge import judge
from healthcheck.taxonomy.kinds import ErrorKind, Verdict
from healthcheck.taxonomy.model_names import names_model
from healthcheck.taxonomy.parameterise import parameterise
from healthcheck.taxonomy.rejected_parameter import complaint

__all__ = [
    "ErrorKind",
    "Verdict",
    "complaint",
    "judge",
    "names_model",
    "parameterise",
]
