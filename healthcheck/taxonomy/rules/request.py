"""The model is there: our request does not fit it or its endpoint."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import FEATURES, PART
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.HARD_CAPABILITY

LENGTH = (
    Rule(
        "token-budget",
        KIND,
        "the model spent our tokens before it answered",
        codes="lengthfinishreason lengthfinishreasonerror budgetexhausted maxtokensreached",
        about="max_|output limit|length limit|token budget|incomplete_details",
        says=r"unable to complete request: max_output_tokens|max_tokens or model output limit"
        r"|(?:output|length) limit was reached|token budget (?:was |is )?(?:exhausted|spent)"
        r"|because max_tokens|incomplete_details",
    ),
    Rule(
        "too-long",
        KIND,
        "longer than the model takes",
        codes="contextlengthexceeded stringabovemaxlength requesttoolarge contextwindowexceeded "
        "contextwindowexceedederror maxprompttokensexceeded contextoverflow payloadtoolarge "
        "prompttoolong requestentitytoolarge",
        about="context|too long|too large|length|tokens|reduce|longer|limit|prompt|entity",
        says=r"(?:maximum|max) (?:context|prompt|input|sequence)|context[ _](?:length|window|size"
        r"|limit|overflow)|(?:prompt|input|context|conversation|messages?)(?: \([^)]{0,30}\))?"
        r" (?:is |are )?too (?:long|large)\b"
        r"|request (?:(?:entity|body|size|payload|is) )*too large\b(?! for)"
        r"|too many (?:input |prompt )?tokens(?::| for)|too many (?:input|prompt) tokens"
        r"|requested too many tokens|input token count|input length|input validation error: .inputs"
        r"|(?:prompt|input|sequence|context)s? (?:tokens? )?(?:length |count )*(?:of \d+ )?"
        r"exceed|reduce (?:the length of (?!max)|your prompt)"
        r"|tokens in (?:the|your) (?:prompt|input|messages?) (?:exceed|is|are)|longer than \d+\b(?! ?(?:s|min|ms))"
        r"|longer than the model|number of input tokens|\d+ input tokens\b(?! per)"
        r"|current length is \d|\d mb, limit|payload too large"
        r"|model(?:'s)? (?:max(?:imum)? )?(?:token|context) limit|size limit exceeded",
    ),
)
ENDPOINT = (
    Rule(
        "other-endpoint-wanted",
        KIND,
        "served on another endpoint only",
        codes="unsupportedapiformodel",
        about="only |v1/|api|endpoint",
        says=r"only (?:supported|available) (?:in|with|via|through|on|at|using) (?:the )?'?/?"
        r"(?:v1/)?(?:responses|chat|completions|messages|\w+ api)|not in v1/chat"
        r"|(?:needs|requires) the (?:\w+ ){1,2}(?:api|endpoint)\b|did you mean to use v1/"
        r"|(?<!to )use (?:the )?'?/?v1/(?:responses|chat/|completions|messages)"
        r"|please (?:use|call|try|switch to) (?:the )?'?/?(?:v1/)?(?:responses|chat[ /]completions"
        r"|chat|completions|messages|embeddings|converse|realtime)'? (?:api|endpoint)",
    ),
    Rule(
        "other-kind-of-model",
        KIND,
        "another kind of model than the endpoint serves",
        about="model",
        says=r"(?:not|is not) an? (?:valid )?(?:chat|completions?|text|text generation|multimodal"
        r"|vision|language|instruct|embeddings?|generative|chat completion|reasoning)s? model"
        r"|only [\w -]{1,30} models? (?:can|may|is|are)\b"
        r"|(?:use|using|used|call|with) an? (?:base|embeddings?|chat|completions?|instruct|image"
        r"|audio) model (?:with|on|in|through|via|for) (?:the )?(?:[\w/]+ )?(?:api|endpoint)",
    ),
    Rule(
        "operation-not-supported",
        KIND,
        "the operation does not work with this model",
        codes="operationnotsupported unknownoperation unsupportedoperation unimplemented",
        about="operation|action|implemented",
        says=r"operation does not work with|operation (?:is )?(?:not supported|unsupported)"
        r"|action (?:does not|doesn't) support|not implemented|unknown (?:\w+ )?action",
    ),
    Rule(
        "not-through-this-api",
        KIND,
        "the model is not served by this API",
        about="api|endpoint|predict|completions|mode|method|operation|support|task",
        says=r"(?:not|cannot|can't) (?:be )?(?:accessible|accessed|called|served|used|supported"
        r"|available|invoked) (?:via|through|with|in|by|on|over|using) (?:the |this )?[\w/'.-]{1,40}"
        r"[ /]?(?:api|endpoint|predict|completions|mode\b|method|operation)|not supported in the v1/"
        r"|not supported (?:for|by|in|on) (?:the )?(?:\w+ )?(?:api|endpoint|task|format|operation"
        r"|method|streaming|\w+content)\b"
        r"|(?:unsupported|not supported) for (?!models?\b|provider|(?:this|your) (?:account|region"
        r"|project|organi[sz]ation|location|country|plan|request|environment|tier|workspace|key))\w",
    ),
    Rule(
        "api-removed",
        KIND,
        "the endpoint was withdrawn, not the model",
        about="api|endpoint|route|sdk|<url>",
        says=r"api (?:was|has been|is|will be) (?:now )?(?:removed|retired|deprecated|sunset|shut"
        r"|discontinued)|(?:endpoint|route|api version)(?:, [\w ]{0,24})? (?:'?/[\w/.-]+'? )?"
        r"(?:was|has been|is) (?:now )?(?:removed|retired|deprecated|no longer)"
        r"|please (?:migrate|switch) to (?:the )?(?:\w+ ){1,3}api|(?:legacy|deprecated) (?:api|sdk)"
        r"|please use <url> instead",
    ),
    Rule(
        "bedrock-on-demand",
        KIND,
        "needs an inference profile",
        about="throughput|inference profile",
        says=r"on-demand throughput|inference profile that contains|provisioned throughput is required",
    ),
    Rule(
        "no-endpoint-with-feature",
        KIND,
        "no endpoint of this model has the feature",
        about="no endpoint",
        says=r"no endpoints? (?:found )?(?:that (?:can |could )?(?:support|handle)|matching your"
        r"|with|supporting)",
    ),
    Rule(
        "wrong-path",
        KIND,
        "the path does not exist there: a wrong base URL or endpoint",
        codes="unknownurl",
        about="path|url|route|not found|cannot|404|405|method|endpoint|resource",
        says=r"unsupported native api path|(?:unknown|unrecognized|invalid) (?:request )?(?:url|path"
        r"|route|endpoint)|no handler found|no route (?:matches|found)|no static resource"
        r"|no such endpoint|no route matched|cannot (?:post|get) /|(?:page|path|route|url|endpoint)"
        r" (?:was |is )?not found|double check your url|check the url"
        r"|(?:endpoint (?:get|post)|route|url path|requested url)\b[^{}]{0,80}? not (?:be )?"
        r"(?:found|exist|supported|defined)|method not allowed"
        r"|'?(?:detail|error|message)'?: ?'not found'(?! *, *'(?:type|code|status)': *'(?:model"
        r"|not_found))|'(?:get|post) /\S{1,200} http/[\d.]+' 40[45]\b"
        r"|nginx\b.{0,80}404 not found|404 not found.{0,80}nginx",
    ),
)
PARAMETER_FIRST = (
    Rule(
        "parameter-deprecated",
        KIND,
        "a parameter that this model no longer takes",
        about="deprecated|moved|no longer|renamed|replaced",
        says=r"(?:deprecated|no longer (?:supported|available|accepted)) (?:for|with|by|on|in)"
        r" (?:this|the|your) model|parameter has moved|'\w+' (?:is|has been) (?:deprecated|renamed"
        r"|replaced|removed)[.,;:]? (?:in favor|use |and replaced|please use|instead)",
    ),
    Rule(
        "unknown-parameter",
        KIND,
        "a parameter that the API does not know",
        codes="extraforbidden unknownparameter unsupportedparameter unsupportedvalue",
        about="unrecogni|unexpected|unknown|extra|additional|cannot find field",
        says=r"unrecogni[sz]ed (?:request argument|key|field|parameter|argument|option|propert)"
        r"|unexpected (?:keyword argument|parameter|field|property)|unknown[ _](?:parameter|field"
        r"|name|argument|option)|extra inputs are not permitted|extraneous key"
        r"|additional properties|cannot find field|unknown (?!model|api|access|deployment)\w+ "
        r"(?:parameter|field|argument)",
    ),
)
PARAMETER = (
    Rule(
        "unsupported-parameter",
        KIND,
        "a parameter that this model does not take",
        codes="unsupportedparams unsupportedparamserror invalidvalue",
        about="support|compatible|enabled|available|allowed|deprecated",
        says=r"unsupported[ _]?(?:parameter|value|field|argument|param|role|message|option|type"
        r"|format|thinking|content|media|modality|image|file|mime|input|output)|is unsupported\b"
        r"|(?:not|isn't|aren't) (?:be )?(?:currently |yet )?(?:supported|enabled|available|allowed"
        r"|permitted|compatible|applicable) (?:with|for|by|on|in|when(?: using)?) (?:\w+ ){0,3}"
        r"(?:models?\b|models?/|'?<m>)",
    ),
    Rule(
        "parameters-exclusive",
        KIND,
        "parameters that exclude each other",
        about="both|only one|exclusive|together|be set|combined|incompatible|be specified",
        says=r"(?:cannot|can't) both be|mutually exclusive|(?:set|use)(?: only)? one of|use only one"
        r"|only one of |not both\b|cannot be (?:used together|combined)|incompatible with"
        r"|(?:cannot|can't|must not|may not|should not) be (?:set|specified|passed|included)\b",
    ),
    Rule(
        "tokens-asked-for",
        KIND,
        "more or fewer output tokens than the model allows",
        about="max_|max tokens|maximum tokens|maxoutput|completion tokens|output tokens|maxtokens",
        says=r"max_?(?:completion_?|output_?|new_?)?tokens?'?(?: \(?\d+\)?| of \d+)?:? (?:is too"
        r"|must|should|cannot|can't|value|needs|has to|exceed|is (?:less|greater|larger|higher"
        r"|invalid|required|not)|\()|at most \d+ completion|maximum tokens you requested"
        r"|max(?:imum)? tokens .{0,40}exceed|invalid '?max_|maximum value (?:of|for)"
        r"|minimum value (?:of|for)|fewer max_tokens",
    ),
    Rule(
        "thinking-budget",
        KIND,
        "the thinking settings do not fit the model",
        about="think|budget_tokens|reasoning",
        says=r"thinking[ _.](?:budget|level|type|mode|config)|budget_tokens|enable_thinking"
        r"|thinkingconfig|reasoning[._ ]effort|reasoning (?:is )?(?:mandatory|required)",
    ),
    Rule(
        "value-out-of-range",
        KIND,
        "a value outside of what the API takes",
        about="expected|must be|range|value|should be|greater|below|above",
        says=r"expected (?:a )?(?:value(?! at line)|number|minimum|maxlength|string(?! or bytes)"
        r"|array|object|integer|boolean|one of)|must be (?:less|greater|between|in the range"
        r"|in range|at least|at most|an? (?:string|number|integer|positive|boolean|list|float"
        r"|array|object)|one of|either|>|<|set to)|(?<!index )out of range|invalid value"
        r"|should be (?:less|greater|between|in)\b|(?:decimal|integer|number)_(?:below|above)_m\w+",
    ),
    Rule(
        "missing-parameter",
        KIND,
        "a parameter that the API asks for is not there",
        about="missing|required|must provide|no model|empty|is not set",
        says=r"missing (?:'?[\w.]+'? ){0,3}(?:parameter|field|argument|propert)|missing either"
        r"|field required|(?:required|missing) (?:key|field|propert|parameter)\w*"
        r"|must provide an? '?(?!api|auth|key|valid)\w+'? (?:parameter|field)|no model specified"
        r"|'[\w.\[\]]+' is required|is a required (?:property|field)|param incorrect"
        r"|without its required|at least one \w+ field is required"
        r"|(?:must not|cannot|must) be (?:non-)?empty",
    ),
    Rule(
        "malformed-request",
        KIND,
        "the request does not fit the schema",
        codes="literalerror invalidparameter invalidparametererror paramvalidation "
        "parametervalidation",
        about="malformed|satisfied|input should be|invalid|satisfy|the word|schema|unable to submit"
        "|deserialize|formed|could not parse|format",
        says=r"malformed (?:input )?request|following must be satisfied|input should be "
        r"|failed to (?:satisfy constraint|deserialize)|must contain the word 'json'|badly formed"
        r"|invalid (?:request data|json payload|content type|json body)|unable to submit request"
        r"|contains an invalid argument|could not parse the json body|does not match (?:the )?schema"
        r"|invalid (?:message|schema|tool|type|parameter|request|input|json schema|function)s?"
        r"(?: for| format| type| schema| definition| parameter| body|\b:)"
        rf"|invalid '?(?:{FEATURES})\b(?! (?:api|auth|connectioninputs|streaminputs)|: expected"
        r"| (?:\w+ ){0,2}(?:response|answer|output))|failed to load the request body",
    ),
    Rule(
        "chat-template",
        KIND,
        "the chat template does not take these messages",
        about="template|alternate|role|conversation|message must|tool choice|tool call|parser",
        says=r"chat[ _]?template|template (?:not found|error)|template_error|(?:must|should)"
        r" alternate|conversation must|(?:first|last) message must|'auto' tool choice"
        r"|(?:unexpected|last|next) (?:\w+ )?role\b|tool call validation failed|tool_use_failed"
        r"|tool-call-parser|last turn in the conversation",
    ),
)
MODALITY = (
    Rule(
        "feature-lacking",
        KIND,
        "the model lacks the feature that was asked for",
        about="capable|support|accept|process|take|handle|allow|declare|have|modalit|variant|can only"
        "|only",
        says=r"(?:model|<m>)'? (?:is |was )?not capable of|(?:model|<m>)'? (?:does not|doesn't) have"
        r"|(?:does not|doesn't|do not|don't|cannot|can't|did not) (?:currently )?(?:support|accept"
        r"|process|take|handle|allow|declare|implement|understand)\b(?! (?:this|your|the) (?:request"
        r"|region|country|location))|modalit(?:y|ies)\b|unknown variant '"
        r"|only (?:be )?(?:supported|available|allowed) (?:by|with|for|in|when|on) |only supports?\b"
        r"|supports only|(?:can|may|must|could|should) only (?:be|have|contain|use)\b"
        r"|only the default|(?:embeddings?|chat|completions?|text)[ -]only\b|at most 0 (?:image|audio|video)",
    ),
    Rule(
        "feature-not-supported",
        KIND,
        "a feature that is not supported there",
        about=PART,
        says=PART,
    ),
)
