"""The model is there: wrong endpoint, operation or modality."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.HARD_CAPABILITY
# Names of the ways to call a model.
_WAYS = (
    r"(?:chat|completions?|chat[ _/]completions?|embeddings?|responses|messages|conversations?"
    r"|text[ _]generation|generation|\w*generate\w*|predict\w*|invoke\w*|converse\w*|realtime"
    r"|batch\w*|stream\w*|vision|conversational|inference task|this task|this operation"
    r"|this endpoint|this api|this method)"
)

ENDPOINT = (
    Rule(
        "responses-only",
        KIND,
        r"only (?:supported|available) (?:in|with|via|through|on|at"
        r"|using) (?:the )?'?/?(?:v1/)?(?:responses|chat/completions|completions|messages)"
        r"|only (?:supported|available) (?:in|via|through|with) the \w+ api|not in v1/chat"
        r"|(?:needs|requires) the (?:\w+ ){1,2}(?:api|endpoint)\b"
        r"|use the (?:v1/)?responses (?:api|endpoint)|(?<!to )use '?/?v1/(?:responses|chat/"
        r"|completions|messages)"
        r"|please (?:use|call|try|switch to) (?:the )?'?/?(?:v1/)?(?:responses"
        r"|chat[ /]completions|chat|completions|messages|embeddings|converse|realtime)'? (?:api"
        r"|endpoint)",
        "served on another endpoint only",
        "Error code: 404 - {'error': {'message': 'This model is only supported in v1/responses "
        "and not in v1/chat/completions.', 'type': 'invalid_request_error', 'param': 'model'}}",
    ),
    Rule(
        "not-a-chat-model",
        KIND,
        r"not a chat model|not supported in the v1/|did you mean to use v1/|is not an? (?:chat"
        r"|completions?|text|text generation|multimodal|vision|language|instruct|embeddings?"
        r"|generative|chat completion) model|not a valid (?:chat|completion)s? model"
        r"|use v1/completions|(?:use|using|used|call|with) an? (?:base|embeddings?|chat"
        r"|completions?"
        r"|instruct|image|audio) model (?:with|on|in|through|via|for) (?:the )?(?:[\w/]+ )?(?:api"
        r"|endpoint)|is an? (?:embeddings?|chat|completions?|audio|image"
        r"|speech|moderation|rerank\w*) model\b[^{}]{0,60}(?:not|cannot)"
        rf"|not (?:a )?(?:valid|suitable|intended|meant|compatible) (?:for|with) (?:the "
        rf"|this )?{_WAYS}\b",
        "another kind of model than the endpoint serves",
        "This is a chat model and not supported in the v1/completions endpoint. Did you mean "
        "to use v1/chat/completions?",
        "alexrudall/ruby-openai#546",
    ),
    Rule(
        "operation-not-supported",
        KIND,
        r"operationnotsupported|unknownoperation|unsupportedoperation|operation does not work with"
        r"|unsupported_api_for_model"
        r"|operation (?:is )?(?:not supported|unsupported)|unimplemented|not implemented",
        "the operation does not work with this model",
        "The completion operation does not work with the specified model, "
        "text-embedding-ada-002. Please choose different model and try again.",
        "MicrosoftDocs/azure-docs#112023",
    ),
    Rule(
        "not-through-this-api",
        KIND,
        r"(?:not|cannot|can't) (?:be )?(?:accessible|accessed|called|served|used|supported"
        r"|available|invoked) (?:via|through|with|in|by|on|over|using) (?:the "
        r"|this )?[\w/'.-]{1,40}[ /]?(?:api|endpoint|predict|completions|mode\b|method"
        r"|operation)|not supported (?:for|by|in|on) (?:the )?(?:\w+ )?(?:api|endpoint|task"
        r"|format|operation|method|streaming)\b|not supported for \w+content\b|(?:unsupported"
        r"|not supported) for (?!models?\b|provider|(?:this|your) (?:account|region|project"
        r"|organi[sz]ation|location|country|plan|request|environment|tier|workspace|key))\w",
        "the model is not served by this API",
        'AI_APICallError: model "gpt-5.4-mini" is not accessible via the /chat/completions '
        "endpoint",
        "browseros-ai/BrowserOS#1017",
    ),
    Rule(
        "api-removed",
        KIND,
        r"\bapi (?:was|has been|is|will be) (?:now )?(?:removed|retired|deprecated|sunset|shut"
        r"|discontinued)|(?:endpoint|route"
        r"|api version)(?:, [\w ]{0,24})? (?:'?/[\w/.-]+'? )?(?:was|has been"
        r"|is) (?:now )?(?:removed|retired|deprecated|no longer)"
        r"|please migrate to (?:the )?\w+ api|no longer supported\. please use \w+\.\w+"
        r"|(?:deprecated|removed|retired|discontinued|sunset|no longer (?:supported|available))"
        r"[.,;:] ?(?:please |you should )?(?:switch|migrate|move|upgrade|change|use)\b"
        r"[^.{}]{0,60} (?:api|endpoint)\b"
        r"|<url> (?:is|was|has been) (?:no longer|not|now )?[\w ]{0,12}(?:supported|deprecated"
        r"|removed"
        r"|retired|available|sunset)|please use <url> instead|(?:legacy|deprecated"
        r"|outdated) (?:api|sdk|client)\b"
        r"|api version (?:is )?not supported|unsupported api version"
        r"|api version not supported",
        "the endpoint was withdrawn, not the model",
        'Grok API error: 410 "Live search is deprecated. Please switch to the Agent Tools '
        'API: https://docs.x.ai/docs/guides/tools/overview"',
        "superagent-ai/grok-cli#139",
    ),
    Rule(
        "bedrock-on-demand",
        KIND,
        r"on-demand throughput|inference profile that contains this model"
        r"|provisioned throughput is required",
        "needs an inference profile",
        "Error code: 400 - {'message': 'Invocation of model ID "
        "anthropic.claude-3-7-sonnet-20250219-v1:0 with on-demand throughput isn\u2019t "
        "supported. Retry your request with the ID or ARN of an inference profile that "
        "contains this model.'}",
        "anthropics/anthropic-sdk-python#894",
    ),
    Rule(
        "no-endpoint-with-feature",
        KIND,
        r"no endpoints? (?:found )?that (?:can |could )?(?:support|handle)"
        r"|no endpoints (?:found|available) matching your|no endpoints? (?:found"
        r"|available) (?:with|supporting)",
        "no endpoint of this model has the feature",
        "API Error: 404 No endpoints found that support tool use. To learn more about "
        "provider routing, visit: https://openrouter.ai/docs/provider-routing",
        "dnakov/anon-kode#2",
    ),
    Rule(
        "wrong-path",
        KIND,
        r"unsupported native api path|unknown request url|unknown_url|invalid url|invalid path"
        r"|unrecognized request url|no handler found|no route (?:matches|found)"
        r"|route not found|no static resource|cannot (?:post|get) /|404 page not found"
        r"|page not found|path not found|unknown (?:\w+ )?(?:endpoint|action|route|path|url)\b"
        r"|no such endpoint|endpoint not found"
        r"|(?:url|uri) (?:was |is )?not found|double check your url|check the url for typos"
        r"|no route matched"
        r"|(?:endpoint (?:get|post)|route|url path|request path|requested url)\b[^{}]{0,80}?"
        r" not (?:be )?(?:found|exist|supported|defined)|does not exist on this server",
        "the path does not exist there: a wrong base URL or endpoint",
        '{"error":{"message":"Unknown request URL: POST /openai/v1/completion. Please check the '
        'URL for typos","type":"invalid_request_error","code":"unknown_url"}}',
    ),
    Rule(
        "web-framework-not-found",
        KIND,
        r"'?(?:detail|error|message)'?: ?'not found'(?! *, *'(?:type|code|status)': *'(?:model"
        r"|not_found))|method not allowed|'(?:get|post) /\S{1,200} http/[\d.]+' 40[45]\b",
        "a web framework's answer to a path or method that it does not serve",
        'Sorry, there was an error from the AI: Not Found\nDetails: {"detail":"Not Found"}',
    ),
)
MODALITY = (
    Rule(
        "feature-lacking",
        KIND,
        r"(?:model|<m>)'? (?:is |was )?not capable of|(?:model|<m>)'? (?:does not|doesn't) have\b"
        r"|(?:does not|doesn't|do not|don't|cannot|can't|did not) (?:currently )?(?:support|accept"
        r"|process|take|handle|allow|declare|implement|understand)\b(?! (?:this|your"
        r"|the) (?:request"
        r"|region|country|location))",
        "the model lacks the feature that was asked for",
        "400 codellama:latest does not support tools",
        "cline/cline#460",
    ),
    Rule(
        "feature-not-supported",
        KIND,
        r"<no:part>|不支持(?!的?模型)|参数.{0,20}(?:错误|无效|不合法|不正确|有误)",
        "a feature that is not supported there",
        '{"code":500,"message":"image input is not supported - hint: if this is unexpected, '
        'you may need to provide the mmproj","type":"server_error"}',
        "lemonade-sdk/lemonade#539",
    ),
    Rule(
        "only-some",
        KIND,
        r"only (?:be )?(?:supported|available|allowed) (?:by|with|for|in|when|on) "
        r"|only supports?\b|(?:at most 0|no) (?:image|audio|video)|supports only"
        r"|only (?:one|\d+|a single|the) [\w ]{1,30} (?:can|may|is|are|could|should|must)\b"
        r"|(?:can|may|must|could|should) only (?:be|have|contain|use)\b"
        r"|only [\w -]{1,30} models? (?:can|may|is|are)\b"
        r"|only [\w=. ]{1,30} (?:is|are) supported|only accepts?\b|(?:embeddings?|chat"
        r"|completions?|text)[ -]only\b|only the default|(?:enabled"
        r"|supported|available|allowed) only (?:for|in|with|by|on|when)\b",
        "only other models or values have it",
        "API calls return 400: The model only supports response formats: [json text].",
        "TypeWhisper/typewhisper-win#26",
    ),
    Rule(
        "wrong-content-type",
        KIND,
        r"invalid content type|unsupported (?:content|media|modality|image|file|mime|input"
        r"|output)|unknown variant '|modalit(?:y|ies)\b|content-type must be|media type",
        "the model does not take this kind of content",
        "Failed to load the request body: unknown variant `image_url`, expected `text`",
    ),
    Rule(
        "chat-template",
        KIND,
        r"chat[ _]?template|template not found|template error|template_error|(?:must"
        r"|should) alternate|system role not supported|alternate between 'user'"
        r"|last turn in the conversation|(?:expected|unexpected|last|first|next) (?:\w+ )?role\b"
        r"|conversation must (?:start|end)|first message must"
        r"|must end with a user|last message must",
        "the chat template does not take these messages",
        '{"error":"Template error: template not found","error_type":"template_error"}',
    ),
    Rule(
        "tool-parser",
        KIND,
        r"'auto' tool choice|tool choice requires --enable|enable-auto-tool-choice"
        r"|tool-call-parser|cannot be combined with|can't be combined|tool_use_failed"
        r"|tool call validation failed",
        "tools do not go with this deployment",
        'NVIDIA NIM API error: 400 Bad Request {"error":{"message":""auto" tool choice '
        "requires --enable-auto-tool-choice and --tool-call-parser to be "
        'set","type":"BadRequestError","param":null,"code":400}}',
        "hidenobunagai/nvidia-nim-provider#2",
    ),
)
