"""Filtered, broken and empty answers, and what our own side says."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.UNKNOWN

OUR_SIDE = (
    Rule(
        "own-output-check",
        ErrorKind.HARD_CAPABILITY,
        "our own check: our profile of few tokens does not fit this model",
        about="visible|output_tokens",
        says=r"visible output (?:text is )?empty|visible_output_tokens \d|output_tokens \d+ <="
        r"|output_tokens \d+ not within",
    ),
    Rule(
        "own-adapter",
        ErrorKind.HARD_CAPABILITY,
        "our own adapter does not take this name",
        about="unsupported model_name",
        says=r"unsupported model_name",
    ),
    Rule(
        "own-lease",
        ErrorKind.TIMEOUT,
        "our own queue gave up waiting for the result",
        about="lease expired",
        says=r"lease expired",
    ),
    Rule(
        "own-store",
        KIND,
        "our own store or metrics failed, and the provider has answered",
        about="ingest api|duplicate key error|output_tokens",
        says=r"failed to post results to ingest api|e11000 duplicate key error"
        r"|output_tokens not int",
    ),
)
FILTERED = (
    Rule(
        "filtered",
        KIND,
        "a filter or safety system stopped prompt or answer",
        codes="contentfilter contentfiltered contentpolicyviolation contentpolicy cyberpolicy "
        "invalidprompt prohibitedcontent blockreason datainspectionfailed responsibleaipolicyviolation "
        "guardrailintervened safetyratings promptblocked moderationblocked",
        about="filter|content|polic|safety|flagged|sensitive|guardrail|jailbreak|recitation|nsfw"
        "|injection|guideline|moderation",
        says=r"content[ -]?(?:filter|polic|moderation|management policy)|content exists risk"
        r"|(?:response|prompt|output|content|input) (?:was |is |has been )?(?:filtered|flagged"
        r"|blocked)|(?<!account has been )flagged (?:as|by|for)|safety (?:system|filter|setting)"
        r"|(?:prohibited|disallowed|inappropriate|sensitive|unsafe|nsfw|harmful) content"
        r"|usage (?:policy|guidelines)|new_sensitive|jailbreak|prompt injection"
        r"|blocked by (?:\w+ ){0,2}(?:safety|content|our|guardrail)"
        r"|violat(?:es|ing) our\b|violation of provider"
        r"|finish_?reason[^{}]{0,20}(?:safety|recitation|prohibited)",
    ),
)
BROKEN = (
    Rule(
        "broken-answer",
        KIND,
        "the model's answer came and was no answer",
        about="validation error|stream|content|finish|completion|produced|generated|returned",
        says=r"validation errors? for (?!\w*(?:request|body|input|responseformat))[a-z]\w*"
        r"|stream (?:was invalid|ended with an? invalid)|without (?:any |valid ){1,2}content\b"
        r"|missing finish.?reason|(?:model|it) (?:produced|generated|returned) (?:an? )?(?:invalid"
        r"|malformed|empty) (?:content|output|completion|answer|json)",
    ),
)
UNREADABLE = (
    Rule(
        "unreadable-answer",
        KIND,
        "the client could not read the answer",
        codes="jsondecode jsondecodeerror jsonparseerror outputparserexception jsonvalidatefailed "
        "emptyresponse badresponse parseerror apiresponsevalidationerror",
        about="json|expecting|extra data|unexpected|unterminated|accessor|parse|parsing|response"
        "|reply|answer|stream|choices|candidates|content|completion|unmarshal|validation|chunk"
        "|expected value|character|decode|image",
        says=r"(?:is |are )?not valid json|expecting (?:value|',' delimiter|property name)"
        r"|extra data: line|unexpected (?:token|end of json|line format)|unterminated string"
        r"|quick accessor|(?:failed|unable) to parse|json parsing failed|eof while parsing"
        r"|response is not in expected format|data returned by api|invalid json[: ](?:in|from|resp)"
        r"|(?:could not|cannot|can't) (?:be )?(?:read|parsed?|decoded?)\b|unmarshal"
        r"|expected value at line|invalid character '|no json object"
        r"|(?:invalid|malformed|bad|unexpected|unreadable|empty) (?:\w+ )?response\b"
        r"(?! (?:code|status))|response (?:body |data )?(?:is |was )?(?:invalid|malformed"
        r"|truncated|incomplete|empty)|incomplete json"
        r"|(?:contain(?:s|ed)|has|had|with|returned) no (?:content|choices|candidates|text|output)"
        r"\b|(?:no|empty|missing or empty) (?:content|choices|candidates|text|response)"
        r" (?:in|was|were|returned|found|generated)|unable to process (?:the )?(?:input )?image",
    ),
    Rule(
        "client-bug",
        KIND,
        "a bug on the way, not an answer of the provider",
        codes="assertionerror keyerror attributeerror indexerror nameerror zerodivisionerror "
        "modulenotfound filenotfound importerror unboundlocal unicodedecodeerror "
        "unicodeencodeerror recursionerror nullreference nullpointer statistics",
        about="nonetype|must be str|read propert|iterable|is not a function|nil pointer|index out of|attribute"
        "|no module|operand|literal|indices|unpack|sequence|subscriptable|callable|division by"
        "|event loop|positional|serializable|awaited|destroyed|too many open|utf-8|object of type",
        says=r"'nonetype'|must be str\b|cannot read propert|not iterable|is not a function|nil pointer"
        r"|(?:list|tuple|string)? ?index out of range|has no attribute|no module named"
        r"|unsupported operand|invalid literal|indices must be|values to unpack|cannot unpack"
        r"|dictionary update sequence|sequence of \d+ bytes|not subscriptable|not callable"
        r"|empty sequence|division by zero|event loop|positional argument|not json serializable"
        r"|json serializable|too many open files|never awaited|task was destroyed but|object of type '",
    ),
)
