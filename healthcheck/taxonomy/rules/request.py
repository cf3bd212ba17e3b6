"""The model is there: our request does not fit it or its endpoint."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import FEATURES, PART
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.HARD_CAPABILITY)

LENGTH: tuple[Rule, ...] = (
    _rule(
        "token-budget",
        "the model spent our tokens before it answered",
        codes="lengthfinishreason lengthfinishreasonerror budgetexhausted maxtokensreached",
        about="max_|output limit|length|token limit|token budget|incomplete_details",
        says="unable to complete request: max_output_tokens|max_tokens or model output limit"
        "|(?:output|length) limit was reached|token budget (?:was |is )?(?:exhausted|spent)"
        r"|because max_tokens|incomplete_details|finish_?reason'?[:=(] ?'?length"
        r"|reached (?:its|the|your) (?:\w+ )?token limit before",
    ),
    _rule(
        "too-long",
        "longer than the model takes",
        codes="contextlengthexceeded stringabovemaxlength requesttoolarge contextwindowexceeded"
        " contextwindowexceedederror maxprompttokensexceeded contextoverflow"
        " payloadtoolarge prompttoolong requestentitytoolarge tokenslimitreached"
        " maxtokensperrequest",
        about="context|too l|tokens|token count|reduce|longer than|prompt|length|sequence"
        "|m input|x input|input of|input count|s exceed|t exceed|n exceed|token limit|inputs|payload|limit exceed",
        says="(?:maximum|max) (?:context|prompt|input|sequence)|context[ _](?:length|window|size"
        r"|limit|overflow)|(?:prompt|input|context|conversation|messages?)(?: \([^)]{0,30}\))?"
        r" (?:is |are )?too (?:long|large)\b|request (?:(?:entity|body|size|payload|is) )*too"
        r" large\b(?! for)|too many (?:input |prompt )?tokens(?::| for)|too many (?:input|prompt)"
        " tokens|requested too many tokens|input token count|input length|input validation error:"
        r" .inputs|(?:prompt|input|sequence|context)s? (?:tokens? )?(?:length |count )*(?:of \d+"
        " )?exceed|reduce (?:the length of (?!max)|your prompt)|tokens in (?:the|your) (?:prompt"
        r"|input|messages?) (?:exceed|is|are)|longer than \d+\b(?! ?(?:s|min|ms))|number of input"
        r" tokens|\d+ input tokens\b(?! per)|current length is \d|payload too large|model(?:'s)?"
        " (?:max(?:imum)? )?(?:token|context) limit|size limit exceeded"
        r"|max(?:imum)?(?: of)? \d+ (?:input )?tokens (?:per|in a) request",
    ),
)
ENDPOINT: tuple[Rule, ...] = (
    _rule(
        "other-endpoint-wanted",
        "this model is served another way",
        codes="unsupportedapiformodel operationnotsupported unknownoperation unsupportedoperation"
        " unimplemented",
        about="only |v1/|needs the|requires the|please use|please call|please try the|please try '|please try /|please try r|please try c|please try m|please try e|please switch|please migrate|not a|e model|t model|o model|n model"
        "|g model|s model|operation |action|implement|not acc|not be|not call"
        "|not serv|not use|not supp|not avail|not invo|can't|unsupported|throughput"
        "|profile|removed|retired|deprecated|no longer|sunset|shut|discontinued"
        "|legacy|no endpoint",
        says="only (?:supported|available) (?:in|with|via|through|on|at|using) (?:the"
        r" )?'?/?(?:v1/)?(?:responses|chat|completions|messages|\w+ api)|not in v1/chat|(?:needs"
        r"|requires) the (?:\w+ ){1,2}(?:api|endpoint)\b|did you mean to use v1/|(?<!to )use"
        " (?:the )?'?/?v1/(?:responses|chat/|completions|messages)|please (?:use|call|try|switch"
        " to) (?:the )?'?/?(?:v1/)?(?:responses|chat[ /]completions|chat|completions|messages"
        "|embeddings|converse|realtime)'? (?:api|endpoint)|(?:not|is not) an? (?:valid )?(?:chat"
        "|completions?|text|text generation|multimodal|vision|language|instruct|embeddings?"
        r"|generative|chat completion|reasoning)s? model|only [\w -]{1,30} models? (?:can|may|is"
        r"|are)\b|(?:use|using|used|call|with) an? (?:base|embeddings?|chat|completions?|instruct"
        r"|image|audio) model (?:with|on|in|through|via|for) (?:the )?(?:[\w/]+ )?(?:api|endpoint)"
        "|operation does not work with|operation (?:is )?(?:not supported|unsupported)|action"
        r" (?:does not|doesn't) support|not implemented|unknown (?:\w+ )?action|(?:not|cannot"
        "|can't) (?:be )?(?:accessible|accessed|called|served|used|supported|available|invoked)"
        r" (?:via|through|with|in|by|on|over|using) (?:the |this )?[\w/'.-]{1,40}[ /]?(?:api"
        r"|endpoint|predict|completions|mode\b|method|operation)|not supported in the v1/|not"
        r" supported (?:for|by|in|on) (?:the )?(?:\w+ )?(?:api|endpoint|task|format|operation"
        r"|method|streaming|\w+content)\b|(?:unsupported|not supported) for (?!models?\b|provider"
        "|(?:this|your) (?:account|region|project|organi[sz]ation|location|country|plan|request"
        r"|environment|tier|workspace|key))\w|on-demand throughput|inference profile that contains"
        "|api (?:was|has been|is|will be) (?:now )?(?:removed|retired|deprecated|sunset|shut"
        r"|discontinued)|(?:endpoint|route|api version)(?:, [\w ]{0,24})? (?:'?/[\w/.-]+'?"
        " )?(?:was|has been|is) (?:now )?(?:removed|retired|deprecated|no longer)|please"
        r" (?:migrate|switch) to (?:the )?(?:\w+ ){1,3}api|(?:legacy|deprecated) (?:api|sdk)|no"
        " endpoints? (?:found )?(?:that (?:can |could )?(?:support|handle)|matching your|with"
        "|supporting)",
    ),
    _rule(
        "wrong-path",
        "the path does not exist there: a wrong base URL or endpoint",
        codes="unknownurl",
        about="path|url not|n url|d url|t url|your url|the url|route|not found|cannot p|cannot g"
        "|http/|method not|endpoint|static|handler|api base",
        says="unsupported native api path|(?:unknown|unrecognized|invalid) (?:request )?(?:url"
        "|path|route|endpoint)|no handler found|no route (?:matches|found)|no static resource|no"
        " route matched|cannot (?:post|get) /|(?:page|path|route|url|endpoint) (?:was |is )?not"
        " found|double check your url|verify your api base|check the url|method not allowed"
        "|'?(?:detail|error|message)'?: ?'not found'(?! *, *'(?:type|code|status)': *'(?:model"
        r"|not_found))|'(?:get|post) /\S{1,200} http/[\d.]+' 40[45]\b|404 not found.{0,80}nginx",
    ),
)
PARAMETER_FIRST = _rule(
    "unknown-parameter",
    "a parameter that is not known, or not any more",
    codes="extraforbidden unknownparameter unsupportedparameter unsupportedvalue",
    about="unrecogni|unexpected|unknown|extra|additional|cannot find field|deprecated|moved"
    "|no longer|renamed|replaced",
    says="unrecogni[sz]ed (?:request argument|key|field|parameter|argument|option|propert)"
    "|unexpected (?:keyword argument|parameter|field|property)|unknown[ _](?:parameter|field|name"
    "|argument|option)|extra inputs are not permitted|extraneous key|additional properties"
    "|(?:deprecated|no longer (?:supported|available|accepted)) (?:for|with|by|on|in) (?:this|the"
    r"|your) model|parameter has moved|'\w+' (?:is|has been) (?:deprecated|renamed|replaced"
    "|removed)[.,;:]? (?:in favor|use |and replaced|please use|instead)",
)
PARAMETER: tuple[Rule, ...] = (
    _rule(
        "unsupported-parameter",
        "parameters that do not go with this model or with each other",
        codes="unsupportedparams unsupportedparamserror invalidvalue",
        about="support|availab|applicab|allowed|permitted|only one|compatible|enabled|both"
        "|one of|exclusive|be set|be spec|be pass|be incl",
        says="unsupported[ _]?(?:parameter|value|field|argument|param|role|message|option|type"
        r"|format|thinking|content|media|modality|image|file|mime|input|output)|is unsupported\b"
        "|(?:not|isn't|aren't) (?:be )?(?:currently |yet )?(?:supported|enabled|available|allowed"
        r"|permitted|compatible|applicable) (?:with|for|by|on|in|when(?: using)?) (?:\w+"
        r" ){0,3}(?:models?\b|models?/|'?<m>)|(?:cannot|can't) both be|mutually exclusive|(?:set"
        r"|use)(?: only)? one of|use only one|only one of |not both\b|incompatible with|(?:cannot"
        r"|can't|must not|may not|should not) be (?:set|specified|passed|included)\b",
    ),
    _rule(
        "value-out-of-range",
        "a value outside of what the model takes",
        about="immutable|set but|set --|max|token|completion|think|reasoning|expected|must be|range|value|should be|minimum",
        says=r"max_?(?:completion_?|output_?|new_?)?tokens?'?(?: \(?\d+\)?| of \d+)?:? (?:is too"
        "|must|should|cannot|can't|value|needs|has to|exceed|is (?:less|greater|larger|higher"
        r"|invalid|required|not)|\()|at most \d+ completion|maximum tokens you requested"
        "|max(?:imum)? tokens .{0,40}exceed|invalid '?max_|maximum value (?:of|for)|minimum value"
        " (?:of|for)|fewer max_tokens|thinking[ _.](?:budget|level|type|mode|config)|budget_tokens"
        "|enable_thinking|reasoning[._ ]effort|reasoning (?:is )?(?:mandatory|required)|expected"
        " (?:a )?(?:value(?! at line)|number|minimum|maxlength|string(?! or bytes)|array|object"
        "|integer|boolean|one of)|must be (?:less|greater|between|in the range|in range|at least"
        "|at most|an? (?:string|number|integer|positive|boolean|list|float|array|object)|one of"
        "|either|>|<|set to)|(?<!index )out of range|maximum number of items|invalid value|should"
        r" be (?:less|greater|between|in)\b|must be -?\d|is immutable\b|is set but\b|please set --",
    ),
    _rule(
        "malformed-request",
        "the request does not fit the schema",
        codes="literalerror invalidparameter invalidparametererror paramvalidation"
        " parametervalidation",
        about="tool|param|failed to load|missing|required|must|no model|empty|satisf|input should be"
        "|invalid|schema|submit|deserialize|formed|not parse|format|template|role|conversation"
        "|without|not provided|last|alternate|contains an",
        says=r"missing (?:'?[\w.]+'? ){0,3}(?:parameter|field|argument|propert)|missing either"
        r"|field required|(?:required|missing) (?:key|field|propert|parameter)\w*|must provide an?"
        r" '?(?!api|auth|key|valid)\w+'? (?:parameter|field)|no model specified|'[\w.\[\]]+' is"
        " required|is a required (?:property|field)|param incorrect|without its required|at least"
        r" one \w+ field is required|(?:must not|cannot|must) be (?:non-)?empty|malformed (?:input"
        " )?request|following must be satisfied|input should be |failed to (?:satisfy constraint"
        "|deserialize)|must contain the word 'json'|(?:badly|improperly) formed|invalid (?:request"
        " data|json payload|content type|json body)|unable to submit request|contains an invalid"
        " argument|could not parse the json body|does not match (?:the )?schema|invalid (?:message"
        "|schema|tool|type|parameter|request|input|json schema|function)s?(?: for| format| type|"
        rf" schema| definition| parameter| body|\b:)|invalid '?(?:{FEATURES})\b(?! (?:api|auth"
        r"|connectioninputs|streaminputs)|: expected| (?:\w+ ){0,2}(?:response|answer|output))"
        "|failed to load the request body|chat[ _]?template|template (?:not found|error)"
        "|template_error|(?:must|should) alternate|conversation must|(?:first|last) message must"
        r"|'auto' tool choice|(?:unexpected|last|next) (?:\w+ )?role\b|tool call validation failed"
        "|tool_use_failed|tool-call-parser|last turn in the conversation|must be followed by"
        "|without (?:a )?(?:corresponding|matching|preceding)|provider not provided",
    ),
)
MODALITY = _rule(
    "feature-lacking",
    "the model lacks the feature that was asked for",
    about=f"not |n't |only|modalit|variant|at most|{PART}",
    says="(?:model|<m>)'? (?:is |was )?not capable of|(?:model|<m>)'? (?:does not|doesn't) have"
    "|(?:does not|doesn't|do not|don't|cannot|can't|did not) (?:currently )?(?:support|accept"
    r"|process|take|handle|allow|declare|implement|understand)\b(?! (?:this|your|the) (?:request"
    r"|region|country|location))|modalit(?:y|ies)\b|unknown variant '|only (?:be )?(?:supported"
    r"|available|allowed) (?:by|with|for|in|when|on) |only supports?\b|(?:can|may|must|could"
    r"|should) only (?:be|have|contain|use)\b|only the default|(?:embeddings?|chat|completions?"
    rf"|text)[ -]only\b|at most 0 (?:image|audio|video)|{PART}",
)
