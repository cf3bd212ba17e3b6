"""The model is there: a parameter or a value of our request does not fit it."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.HARD_CAPABILITY

DEPRECATED = (
    Rule(
        "parameter-deprecated",
        KIND,
        r"(?:deprecated|no longer (?:supported|available|accepted)) (?:for|with|by|on|in) (?:this|the|your) model"
        r"|parameter has moved|has moved to '|'\w+' (?:is|has been) (?:deprecated|renamed|replaced|removed)[.,;:]? "
        r"(?:in favor|use |and replaced|please use|instead)",
        "a parameter that this model no longer takes",
        '{"error":{"code":"invalid_request_error","message":"temperature is deprecated for this '
        'model.","type":"invalid_request_error"}}',
        "sipeed/picoclaw#2939",
    ),
)
PARAMETER = (
    Rule(
        "unsupported-parameter",
        KIND,
        r"unsupported[ _]?(?:parameter|value|field|argument|param|role|message|option|type|format|thinking)"
        r"|unsupportedparams|is unsupported\b",
        "a parameter that this model does not take",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
    ),
    Rule(
        "unknown-parameter",
        KIND,
        r"unrecognized (?:request argument|key|field|parameter|argument|option)|unexpected keyword argument"
        r"|unknown[ _](?:parameter|field|name|argument|key|option)|extra inputs are not permitted"
        r"|extra_forbidden|extraneous key|additional properties|unexpected (?:parameter|field|property|argument)"
        r"|invalid (?:request )?(?:field|argument)s? (?:supplied|provided)|cannot find field",
        "a parameter that the API does not know",
        "Error code: 400 - {'error': {'message': 'Unrecognized request argument supplied: "
        "reasoning_effort', 'type': 'invalid_request_error'}}",
    ),
    Rule(
        "parameters-exclusive",
        KIND,
        r"cannot both be|can't both be|mutually exclusive|can only set (?:only )?one|use only one|not both\b"
        r"|only one of |cannot be (?:used|set|specified|provided) (?:together|with|when|at the same)"
        r"|not compatible with|incompatible with",
        "parameters that exclude each other",
        '{"type":"error","error":{"type":"invalid_request_error","message":"temperature and top_p '
        'cannot both be specified for this model. Please use only one."}}',
        "router-for-me/CLIProxyAPI#193",
    ),
    Rule(
        "not-with-this-model",
        KIND,
        r"(?:not|isn't|aren't) (?:be )?(?:supported|enabled|available|allowed|permitted|valid|compatible|applicable) "
        r"(?:with|for|by|on|in|when) (?:this|the|your|that) (?:\w+ )?model|deprecated for this"
        r"|(?:supported|enabled|available|allowed) (?:with|for|by|on) (?:models?/?)?'?<m>"
        r"|does not work with (?:this|the) model|unsupported (?:for|by|with) (?:this|the) model",
        "something in the request does not go with this model",
        "400 temperature is not supported for claude-fable-5 when set to non-default values",
        "fazer-ai/agents#130",
    ),
    Rule(
        "token-limit-too-high",
        KIND,
        r"max_?(?:completion_?|output_?|new_?)?tokens?'?(?: \(?\d+\)?| of \d+)?:? (?:is too|must|should|cannot|can't"
        r"|value|needs|has to|exceed|is (?:less|greater|larger|higher|invalid|required|not))"
        r"|invalid 'max_|at most \d+ completion tokens|maximum (?:allowed )?(?:number of )?(?:output|completion) tokens"
        r"|maximum tokens you requested exceeds|exceeds the model limit|max(?:imum)? tokens .{0,40}exceed"
        r"|invalid max_|maxoutputtokens|maxlength: |minimum value of|max_tokens must|max_tokens \(",
        "more or fewer output tokens than the model allows",
        "max_tokens is too large: 10000. This model supports at most 4096 completion tokens, "
        "whereas you provided 10000.",
    ),
    Rule(
        "thinking-budget",
        KIND,
        r"thinking[ _]budget|budget_tokens|thinking[._]level|thinking\.type|thinkingconfig|only works in thinking"
        r"|thinking mode|reasoning[._]effort|enable_thinking|thinking_config|reasoning (?:is )?(?:mandatory|required)",
        "the thinking settings do not fit the model",
        '{"error":{"code":400,"message":"The thinking budget (52428) is invalid.",'
        '"status":"INVALID_ARGUMENT"}}',
    ),
    Rule(
        "value-out-of-range",
        KIND,
        r"(?:integer|decimal|number|float|array)_(?:below|above)_m|below minimum|above the maximum|above maximum"
        r"|expected (?:a )?(?:value|number|minimum|maxlength|string|array|object|integer|boolean|one of)"
        r"|must be (?:less|greater|smaller|larger|between|in the range|in range|at least|at most|a (?:string|number"
        r"|integer|positive|boolean|list|float)|an (?:array|integer|object)|one of|either|>|<|set to|strictly)"
        r"|out of range|invalid_value|invalid value|should be (?:less|greater|between|in)\b|not in the range",
        "a value outside of what the API takes",
        "openai.BadRequestError: Error code: 400 - {'error': {'message': \"Invalid value: 'tool'. "
        "Supported values are: 'system', 'assistant', 'user'.\", 'code': 'invalid_value'}}",
    ),
    Rule(
        "missing-parameter",
        KIND,
        r"missing required (?:parameter|field|argument|key|propert)|missing_required|field required"
        r"|(?:required|missing) (?:key|field|property|parameter)|missing 1 required|is a required (?:property|field)"
        r"|must provide an? '?(?!api|auth|key|valid api)\w+'? (?:parameter|field)|parameter is required"
        r"|'[\w.\[\]]+' is required|: required$|request body is missing|cannot be (?:empty|null|blank)",
        "a parameter that the API asks for is not there",
        '{"detail":"Validation Error","errors":[{"loc":"body -> messages -> 0 -> content","msg":'
        '"Field required","type":"missing"}]}',
    ),
    Rule(
        "malformed-request",
        KIND,
        r"malformed (?:input )?request|literal_error|following must be satisfied|input should be "
        r"|invalid request data|failed to deserialize|failed to satisfy constraint|parameter_validation"
        r"|invalid (?:message|schema|tool|type|parameter|request|input|json schema|function)s?"
        r"(?: for| format| type| schema| definition| parameter| body|\b:)|must contain the word 'json'"
        r"|invalid_parameter|invalid_type|string_type|type_error|does not match (?:the )?schema"
        r"|request contains an invalid argument|invalid json payload|badly formed|could not parse the json body",
        "the request does not fit the schema",
        "An error occurred (ValidationException) when calling the InvokeModel operation: Malformed "
        "input request: 2 schema violations found, please reformat your input and try again.",
    ),
)
