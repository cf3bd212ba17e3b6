"""What the provider complained about, in a few words."""

from typing import NamedTuple

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.taxonomy.evidence import clip, plain

MAX = 80
ENDPOINT = "the endpoint"
_NAME = r"([A-Za-z][\w.\[\]-]{0,60})"
_PATH = r"(/?[\w.-]+(?:/[\w.-]+){0,6})"
_ONLY = lazy_pattern(rf"only (?:supported|available) (?:in|with|via|through|on) (?:the )?'?{_PATH}")
_OTHER = lazy_pattern(r"[Dd]id you mean to use (?:the )?/?v\d")
_INSTEAD = lazy_pattern(rf"[Uu]se ['\"`]?{_NAME}['\"`]? instead")
_COMPLAINTS = tuple(map(lazy_pattern, (
    rf"(?:via|through|on|in) the {_PATH} endpoint",
    rf"(?:URL:?|Cannot|path) (?:'|\(?(?:POST|GET) ){_PATH}",
    rf"'(?:GET|POST) {_PATH} HTTP",
    "(on-demand throughput)",
    (r"(?:[Pp]arameters?|[Aa]rguments?|[Ff]ields?|[Pp]roperty|[Nn]ame|[Kk]ey)"
    rf"(?: in input)?:? [\['{{]{{1,2}}{_NAME}"),
    rf"(?:[Pp]arameter|[Aa]rgument)s?(?: supplied)?: {_NAME}",
    rf"support the {_NAME} field",
    rf"validation errors? for \w+ {_NAME} (?:Extra|Input|Field|Value error)",
    rf"'{_NAME}' (?:does not support|is not supported|is deprecated|has been|must|cannot)",
    (r"(?:does not|doesn't) support '?(?!model|this|that|\d)([\w ./-]{2,40}?)'?"
    r"(?: with| in| for|[.,;:'}\"]|$)"),
    r"that (?:support|can handle) (?:the )?([\w -]{3,40})",
    rf"for task {_NAME}",
    r"(thinking budget|maximum tokens|chat[ _]template|tool choice|response formats?|data policy)",
    rf"'param': '{_NAME}'",
    (r"\b(max_tokens|max_completion_tokens|max_output_tokens|temperature|top_p|top_k|logprobs"
    r"|tool_choice|response_format|image_url|stream|thinking|budget_tokens|seed|stop)\b"),
    r"\b([A-Z][\w ]{3,40}?) (?:is|are) not (?:supported|enabled|available)",
    r"not supported in the (\w{1,40}) API|(\w{1,40} API) (?:was|is|has been)",
    r"through ([\w /]{3,40} API)",
    r"The (\w{1,40}) operation does not work",
)))  # fmt: skip


class RejectedParameter(NamedTuple):
    """A parameter, feature or endpoint that a provider rejects; `expected` is what it takes instead."""

    name: str
    expected: str = ""

    def __str__(self) -> str:
        """Both, as a stable text."""
        return f"{self.name} ({self.expected} is wanted)" if self.expected else self.name


def rejected_parameter(message: object) -> RejectedParameter | None:
    """Return what a message complains about, or None."""
    text = plain(clip(message))
    if (only := _ONLY.search(text)) and "/" in only[1]:
        return RejectedParameter(ENDPOINT, only[1].rstrip(".")[:MAX])
    if _OTHER.search(text):  # a guess of the provider's, and often a wrong one
        return RejectedParameter(ENDPOINT)
    found = _first(text)
    if found is None:
        return None
    instead = _INSTEAD.search(text)
    return RejectedParameter(found, instead[1] if instead and instead[1] != found else "")


def _first(text: str) -> str | None:
    for pattern in _COMPLAINTS:
        found = pattern.search(text)
        words = next((group for group in found.groups() if group), "") if found else ""
        if words.strip(" ./") and words != "model":  # the model is what rejects something
            words = words.strip().rstrip(".")
            return (words if "[" in words else words.rstrip("]"))[:MAX]
    return None
