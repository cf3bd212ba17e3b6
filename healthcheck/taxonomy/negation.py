"""What a message says no about: the model, or a part of our request.

"The requested model 'x' is currently not available" and "Parameter 'x' of this model is not
available" hold the same words; the subject of the sentence tells them apart. Denials are few in a
message, so they are found first, and the subject is looked for in the words before each of them.
"""

import re

from healthcheck.lazy_pattern import lazy_pattern

MODEL = "<no:model>"  # the model is not there
PART = "<no:part>"  # something in the request is not taken
SOME_MODEL = "<doubt:model>"  # a no about the model in words that we do not know
SOME_PART = "<doubt:part>"  # likewise about a part of the request
_LOOK = 120

_THERE = (
    r"exist(?:s|ing)?|found|available|known|recogni[sz]ed|served|servable|hosted|deployed|offered"
    r"|listed|registered|configured|accessible|reachable|active|valid|supported|present"
    r"|installed|provisioned|released|enabled|allowed|permitted|loaded"
)
_TAKEN = (
    r"supported|allowed|permitted|accepted|enabled|available|recogni[sz]ed|implemented|valid"
    r"|compatible|applicable|configurable|possible|expected|defined|known|used|set|specified"
)
# A space in front is what makes the search for it fast.
_DENIAL = lazy_pattern(
    r" (?:(?:not|no longer|never|cannot) (?:(?:be|been|yet|currently|presently|longer|a|an|any"
    rf"|either) ){{0,3}}(?:(?P<both>(?:{_THERE}|{_TAKEN})\b)|(?P<verb>(?:support|accept|allow|handle)\b)|(?P<other>(?!succe|complet|finish|respon|return|start|happen|receiv|generat)\w))"
    r"|(?:is|are|was|were|has been|have been) (?:currently |now )?(?P<un>unavailable|unsupported|disabled|offline"
    r"|inactive|missing|unknown|undefined|invalid|inaccessible|undeployed|obsolete|deprecated)\b"
    r"|(?P<demand>(?:only|exceeds?|expected|unset|at least|at most|above|below|beyond|to be|missing|too"
    r"|larger than|greater than|less than|more than|needed)\b))"
)
_STATE_OF_MODEL = lazy_pattern(_THERE)
_STATE_OF_PART = lazy_pattern(_TAKEN)
_CONDITION = lazy_pattern(
    r" (?:with|when|if|for) (?!(?:this|your|the) (?:account|region|project|plan))"
)
FEATURES = (
    r"param\w*|arguments?|fields?|propert\w+|options?|settings?|values?|types?|formats?|roles?"
    r"|tools?|tool_\w+|functions?|function_\w+|images?|image_\w+|vision|audio|video|files?"
    r"|documents?|stream\w*|system(?!\.)|developer|instructions?|temperature|top_?[pk]|\w+_penalty"
    r"|thinking\w*|reasoning\w*|effort|logprobs?|logit_\w+|response_\w+|json\w*|schemas?|modes?"
    r"|modality|modalities|features?|inputs?|outputs?|contents?|messages?|prompts?|prefill\w*"
    r"|cach\w+|seed|stop\w*|max_\w+|\w+_tokens|budget\w*|headers?|beta|assistant|embeddings?"
    r"|sampling|search|grounding"
)
_CALLS = r"endpoints?|apis?|operations?|methods?|tasks?|actions?|requests?|batch\w*|completions?"
_SUBJECT = lazy_pattern(
    r"\b(?:(?:models?(?:_(?:id|name))?(?! access\b)|deployments?|engine)|"
    rf"(?P<part>(?P<feature>{FEATURES})|{_CALLS}))\b|<m>"
)
_BREAK = lazy_pattern(r"[{};]|[.!?] |'[\w-]{1,30}': ?|errors?(?:: |=)")
# What stands before a colon is who speaks: "calling model x: audio is not possible there".
_SPEAKER = lazy_pattern(r"(?<!model)(?<!deployment)(?<!parameter)(?<!field)(?<!_id): ")


def denials(text: str) -> str:
    """Return the marks of what a cleaned message says no about, each once, each after a space."""
    text = text.replace("n't ", " not ")
    marks = dict.fromkeys(_mark(text, found) for found in _DENIAL.finditer(text))
    return "".join(f" {mark}" for mark in marks if mark)


def _mark(text: str, found: re.Match[str]) -> str:
    before = text[max(0, found.start() - _LOOK) : found.start()]
    subject = _subject(before)
    if not subject or (found["other"] and before.endswith(":")):
        return ""
    state = found["both"] or found["un"] or ""
    if subject["part"] is None and not found["verb"]:
        if found["demand"]:
            return ""
        if found["un"] or _STATE_OF_MODEL.match(state):
            return PART if _CONDITION.match(text, found.end()) else MODEL
        return SOME_MODEL
    of_feature = found["verb"] or (found["un"] and subject["feature"])
    if of_feature or _STATE_OF_PART.match(state):
        return PART
    return "" if found["un"] else SOME_PART


def _subject(before: str) -> re.Match[str] | None:
    """Return what the last sentence is about: a model, a feature or a way of calling."""
    start = 0
    for end in (*_BREAK.finditer(before), *_SPEAKER.finditer(before)):
        start = max(start, end.end())
    return _SUBJECT.search(before, start)
