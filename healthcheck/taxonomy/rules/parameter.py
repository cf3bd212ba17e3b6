"""The model is there: a parameter or a value of our request does not fit it."""

from healthcheck.taxonomy.denial import FEATURES
from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.HARD_CAPABILITY

DEPRECATED = (
    Rule(
        "parameter-deprecated",
        KIND,
        r"(?:deprecated|no longer (?:supported|available|accepted)) (?:for|with|by|on"
        r"|in) (?:this|the|your) model|parameter has moved|has moved to '|'\w+' (?:is"
        r"|has been) (?:deprecated|renamed|replaced|removed)[.,;:]? (?:in favor|use "
        r"|and replaced|please use|instead)",
        "a parameter that this model no longer takes",
        '{"error":{"code":"invalid_request_error","message":"temperature is deprecated for this '
        'model.","type":"invalid_request_error"}}',
        "sipeed/picoclaw#2939",
    ),
)
UNKNOWN = (
    Rule(
        "unknown-parameter",
        KIND,
        r"unrecogni[sz]ed (?:request argument|key|field|parameter|argument|option|name|propert)"
        r"|unexpected keyword argument|unknown[ _](?:parameter|field|name|argument|key|option)"
        r"|unknown (?!model|api|access|deployment)\w+ (?:parameter|field|argument|option|propert)"
        r"|extra inputs are not permitted|extra_forbidden|extraneous key|additional properties"
        r"|unexpected (?:parameter|field|property|argument)|invalid (?:request )?(?:field"
        r"|argument)s? (?:supplied|provided)|cannot find field",
        "a parameter that the API does not know",
        'litellm.BadRequestError: BedrockException - {"message":"The model returned the '
        'following errors: reasoning: Extra inputs are not permitted"}',
        "BerriAI/litellm#13609",
    ),
)
PARAMETER = (
    Rule(
        "unsupported-parameter",
        KIND,
        r"unsupported[ _]?(?:parameter|value|field|argument|param|role|message|option|type"
        r"|format|thinking)|unsupportedparams|is unsupported\b",
        "a parameter that this model does not take",
        "Unsupported parameter: 'temperature' is not supported with this model. (type: "
        "invalid_request_error)",
        "sigoden/aichat#1144",
    ),
    Rule(
        "parameters-exclusive",
        KIND,
        r"cannot both be|can't both be|mutually exclusive|can only set (?:only )?one"
        r"|use only one|not both\b|only one of |cannot be used (?:together|with|when|at the same)"
        r"|(?:cannot|can't|must not|may not|should not) be (?:set|specified|passed|included)\b|not compatible with|incompatible with",
        "parameters that exclude each other",
        '{"type":"error","error":{"type":"invalid_request_error","message":"temperature and top_p '
        'cannot both be specified for this model. Please use only one."}}',
        "router-for-me/CLIProxyAPI#193",
    ),
    Rule(
        "not-with-this-model",
        KIND,
        r"(?:not|isn't|aren't) (?:be )?(?:supported|enabled|available|allowed|permitted|valid"
        r"|compatible|applicable) (?:with|for|by|on|in|when) (?:this|the|your"
        r"|that) (?:\w+ )?model|not (?:currently |yet )?(?:supported|allowed|available)"
        r" (?:with|when using) (?:\w+ ){0,2}models?\b|deprecated for this|(?:supported|enabled"
        r"|available"
        r"|allowed) (?:with|for|by|on) (?:models?/?)?'?<m>|does not work with (?:this"
        r"|the) model|unsupported (?:for|by|with) (?:this|the) model",
        "something in the request does not go with this model",
        "400 temperature is not supported for claude-fable-5 when set to non-default values",
        "fazer-ai/agents#130",
    ),
    Rule(
        "token-limit-too-high",
        KIND,
        r"max_?(?:completion_?|output_?|new_?)?tokens?'?(?: \(?\d+\)?| of \d+)?:? (?:is too"
        r"|must|should|cannot|can't|value|needs|has to|exceed|is (?:less|greater|larger|higher"
        r"|invalid|required|not))|invalid 'max_|at most \d+ completion tokens"
        r"|maximum (?:allowed )?(?:number of )?(?:output|completion) tokens"
        r"|maximum tokens you requested exceeds|exceeds the model limit"
        r"|max(?:imum)? tokens .{0,40}exceed|invalid max_|maxoutputtokens|maxlength: "
        r"|(?:minimum|maximum) value (?:of|for)\b|max_tokens must|max_tokens \(",
        "more or fewer output tokens than the model allows",
        "max_tokens is too large: 10000. This model supports at most 4096 completion tokens, "
        "whereas you provided 10000.",
    ),
    Rule(
        "thinking-budget",
        KIND,
        r"thinking[ _]budget|budget_tokens|thinking[._]level|thinking\.type|thinkingconfig"
        r"|only works in thinking|thinking mode|reasoning[._]effort|enable_thinking"
        r"|thinking_config|reasoning (?:is )?(?:mandatory|required)",
        "the thinking settings do not fit the model",
        '{"error":{"code":400,"message":"The thinking budget (52428) is invalid.",'
        '"status":"INVALID_ARGUMENT"}}',
    ),
    Rule(
        "value-out-of-range",
        KIND,
        r"(?:integer|decimal|number|float|array)_(?:below|above)_m|below minimum"
        r"|above the maximum|above maximum|expected (?:a )?(?:value(?! at line)|number|minimum|maxlength"
        r"|string(?! or bytes)|array|object|integer|boolean|one of)|must be (?:less|greater"
        r"|smaller|larger"
        r"|between|in the range|in range|at least|at most|a (?:string|number|integer|positive"
        r"|boolean|list|float)|an (?:array|integer|object)|one of|either|>|<|set to|strictly)"
        r"|(?<!index )out of range|invalid_value|invalid value|should be (?:less|greater|between"
        r"|in)\b"
        r"|not in the range",
        "a value outside of what the API takes",
        "openai.BadRequestError: Error code: 400 - {'error': {'message': \"Invalid value: 'tool'. "
        "Supported values are: 'system', 'assistant', 'user'.\", 'code': 'invalid_value'}}",
    ),
    Rule(
        "missing-parameter",
        KIND,
        r"no_model_name|no model specified|missing (?:'?[\w.]+'? ){0,3}(?:parameter|field|argument"
        r"|propert)|missing required key|missing_required|missing either|field required|(?:required"
        r"|missing) (?:key|field|property"
        r"|parameter)|missing 1 required|is a required (?:property|field)"
        r"|must provide an? '?(?!api|auth|key|valid api)\w+'? (?:parameter|field)"
        r"|parameter is required|'[\w.\[\]]+' is required|: required$|request body is missing"
        r"|cannot be (?:empty|null|blank)",
        "a parameter that the API asks for is not there",
        "INVALID_PARAMETER_VALUE: Missing required embeddings parameter: 'input'",
        "databricks-demos/dbdemos#97",
    ),
    Rule(
        "malformed-request",
        KIND,
        r"malformed (?:input )?request|unable to submit request because|literal_error|following must be satisfied"
        r"|input should be |invalid request data|failed to deserialize"
        r"|failed to satisfy constraint|parameter_validation|invalid (?:message|schema|tool"
        r"|type|parameter|request|input|json schema|function)s?(?: for| format| type| schema"
        r"| definition| parameter| body|\b:)|must contain the word 'json'"
        r"|invalid_?parameter(?!s?value)"
        rf"|invalid '?(?:{FEATURES})\b(?! (?:api|auth|connectioninputs|streaminputs)|: expected"
        rf"| (?:\w+ ){{0,2}}(?:response|answer|output))"
        r"|invalid_type|string_type|type_error|does not match (?:the )?schema"
        r"|request contains an invalid argument|invalid json payload|badly formed"
        r"|could not parse the json body|unmarshal \w+ into go struct field [\w.]{0,40}"
        r"(?:request|req|message|content|tool|param|input|prompt)",
        "the request does not fit the schema",
        "ValidationException: An error occurred (ValidationException) when calling the "
        "InvokeModel operation: Malformed input request: expected maximum item count: 1, "
        "found: 2, please reformat your input and try again.",
        "langchain-ai/langchain#10456",
    ),
)
