"""What the provider complained about."""

import re

from healthcheck.taxonomy.evidence import clip, plain

MAX = 80
_NAME = r"([A-Za-z][\w.\[\]-]{0,60})"
_COMPLAINTS = (
    re.compile(r"only (?:supported|available) (?:in|with|via|through|on) (?:the )?'?/?(v1/[a-z/]+)"),
    re.compile(r"not supported in the (v1/[a-z/]+)"),
    re.compile(r"(on-demand throughput)"),
    re.compile(r"(?:does not|doesn't) support (?:the )?'?([\w .-]{2,40}?)'?(?: with| in| for|[.,;'}\"]|$)"),
    re.compile(r"that support ([\w -]{3,40})"),
    re.compile(r"(?:[Pp]arameter|argument|field|name|key)s?(?: supplied)?:? '" + _NAME + "'"),
    re.compile(r"(?:[Pp]arameter|argument|field)s?(?: supplied)?: " + _NAME),
    re.compile(r"'param': '" + _NAME + "'"),
    re.compile(
        r"\b(max_tokens|max_completion_tokens|max_output_tokens|temperature|top_p|top_k|thinking budget|"
        r"thinking[.\w]*|tool_choice|tools?|stream|logprobs|image_url|response_format|system|stop)\b"
    ),
    re.compile(r"([A-Z][\w ]{3,40}?) (?:is|are) not (?:supported|enabled|available)"),
    re.compile(r"not supported in the (\w+) API"),
    re.compile(r"The (\w+) operation does not work"),
)


def complaint(message: object) -> str | None:
    """Return the parameter, feature or endpoint that a message complains about, or None."""
    text = plain(clip(message))
    for pattern in _COMPLAINTS:
        found = pattern.search(text)
        if found:
            return found[1].strip()[:MAX] or None
    return None
