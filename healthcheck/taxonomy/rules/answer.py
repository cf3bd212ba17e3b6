"""Filtered, broken and empty answers, and what our own side says."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.UNKNOWN)

OUR_SIDE: tuple[Rule, ...] = (
    _rule(
        "own-limits",
        "our own profile or adapter does not fit this model",
        kind=ErrorKind.HARD_CAPABILITY,
        about="visible|output_tokens|unsupported model_name",
        says=r"visible output (?:text is )?empty|visible_output_tokens \d|output_tokens \d+ <="
        r"|output_tokens \d+ not within|unsupported model_name",
    ),
    _rule(
        "own-lease",
        "our own queue gave up waiting for the result",
        kind=ErrorKind.TIMEOUT,
        about="lease expired",
        says="lease expired",
    ),
    _rule(
        "own-store",
        "our own store or metrics failed, and the provider has answered",
        about="ingest api|duplicate key error|output_tokens",
        says="failed to post results to ingest api|duplicate key error|output_tokens not int",
    ),
)
FILTERED = _rule(
    "filtered",
    "a filter or safety system stopped prompt or answer",
    codes="contentfilter contentfiltered contentpolicyviolation contentpolicy cyberpolicy"
    " invalidprompt prohibitedcontent blockreason datainspectionfailed"
    " responsibleaipolicyviolation guardrailintervened safetyratings promptblocked"
    " moderationblocked sensitivewordsdetected",
    about="filter|polic|guidelines|safety|flag|block|sensitive|guard|jail|moderation|management|exists risk"
    "|prohibit|disallow|inappropr|unsafe|harmful|recitation|nsfw|inject|violat",
    says="content[ -]?(?:filter|polic|moderation|management policy)|content exists risk"
    "|(?:response|prompt|output|content|input) (?:was |is |has been )?(?:filtered|flagged|blocked)"
    "|(?<!account has been )flagged (?:as|by|for)|safety (?:system|filter|setting)|(?:prohibited"
    "|disallowed|inappropriate|sensitive|unsafe|nsfw|harmful) (?:content|information|words)|usage (?:policy|guidelines)"
    r"|new_sensitive|jailbreak|prompt injection|blocked by (?:\w+ ){0,2}(?:safety|content|our"
    r"|guardrail)|violat(?:es|ing) our\b|violation of provider|finish_?reason[^{}]{0,20}(?:safety"
    "|recitation|prohibited)",
)
BROKEN = _rule(
    "broken-answer",
    "the model returned an unusable response",
    about="validation error|stream was|stream ended|without |missing finish|produced"
    "|generated|returned",
    says=r"validation errors? for (?!\w*(?:request|body|input|responseformat))_?[a-z]\w*|stream"
    r" (?:was invalid|ended with an? invalid)|without (?:any |valid ){1,2}content\b|missing"
    " finish.?reason|(?:model|it) (?:produced|generated|returned) (?:an? )?(?:invalid|malformed"
    "|empty) (?:content|output|completion|answer|json)",
)
UNREADABLE: tuple[Rule, ...] = (
    _rule(
        "unreadable-answer",
        "the client could not read the answer",
        codes="jsondecode jsondecodeerror jsonparseerror outputparserexception jsonvalidatefailed"
        " emptyresponse badresponse parseerror apiresponsevalidationerror",
        about="data ret|json|expect|extra data|unterminated|accessor|pars|response|choices"
        "|candidates|content|marshal|character|decode|read|image|stream|text|output",
        says="(?:is |are )?not valid json|expecting (?:value|',' delimiter|property name)|extra"
        " data: line|unexpected (?:token|end of json|line format)|unterminated string|quick"
        " accessor|(?:failed|unable) to parse|json parsing failed|eof while parsing|response is"
        " not in expected format|data returned by api|invalid json[: ](?:in|from|resp)|(?:could"
        r" not|cannot|can't) (?:be )?(?:read|parsed?|decoded?)\b|unmarshal|expected value at line"
        "|invalid character '|no json object|(?:invalid|malformed|bad|unexpected|unreadable|empty)"
        r" (?:\w+ )?response\b(?! (?:code|status))|response (?:body |data )?(?:is |was"
        " )?(?:invalid|malformed|truncated|incomplete|empty)|incomplete json|(?:contain(?:s|ed)"
        r"|has|had|with|returned) no (?:content|choices|candidates|text|output)\b|(?:no|empty"
        "|missing or empty) (?:content|choices|candidates|text|response) (?:in|was|were|returned"
        "|found|generated)|unable to process (?:the )?(?:input )?image",
    ),
    _rule(
        "client-bug",
        "a bug on the way, not an answer of the provider",
        codes="assertionerror keyerror attributeerror indexerror nameerror zerodivisionerror"
        " modulenotfound filenotfound importerror unboundlocal unicodedecodeerror"
        " unicodeencodeerror recursionerror nullreference nullpointer statistics",
        about="nonetype|must be str|read prop|type valid|must be called|iterable|function|nil pointer|index out|attribute"
        "|module|operand|literal|indices|unpack|sequence|script|division|loop|positional"
        "|serializ|await|destroyed|open|object of",
        says=r"'nonetype'|must be str\b|cannot read propert|not iterable|is not a function|nil"
        " pointer|(?:list|tuple|string)? ?index out of range|has no attribute|no module named"
        "|unsupported operand|invalid literal for|indices must be|values to unpack|cannot unpack"
        r"|dictionary update sequence|sequence of \d+ bytes|not subscriptable|empty sequence"
        "|division by zero|event loop|positional argument|not json serializable|json serializable"
        "|too many open files|never awaited|task was destroyed but|object of type '|type"
        r" validation failed: value|\w+\(\) must be called with",
    ),
)
