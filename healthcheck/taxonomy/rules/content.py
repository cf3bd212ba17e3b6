"""Clear messages that are no fault of the service: filters, lengths, answers nobody could read."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.UNKNOWN

CONTENT = (
    Rule(
        "answer-broken",
        KIND,
        r"stream (?:was invalid|ended with an? invalid)|without (?:any |valid ){1,2}content\b"
        r"|missing finish.?reason|(?:model|it) (?:produced|generated|returned) (?:an? )?(?:invalid"
        r"|malformed|empty) (?:content|output|completion|answer|json)",
        "the model's answer came and was no answer",
        "Model stream ended with an invalid chunk or missing finish reason",
        "google-gemini/gemini-cli#9060",
    ),
    Rule(
        "answer-not-measurable",
        KIND,
        r"visible[_ ]output|output_tokens (?:\d+ )?(?:<=|not (?:int|within))|missing metric"
        r"|metrics not a dict|empty metrics|tokens_per_second",
        "the benchmark's own check of an answer that did arrive",
        "output_tokens 3 not within 10% of requested 64",
    ),
    Rule(
        "content-filter",
        KIND,
        r"content[ _]?filter|content management policy|content[ _]?policy|responsibleai"
        r"|response was filtered|data_inspection_failed|content_policy|contentpolicy"
        r"|inappropriate content|sensitive content|(?:in|out)put (?:\w+_)?sensitive|敏感|违规|内容(?:审核|安全)|不安全|content exists risk",
        "a filter stopped prompt or answer",
        "Error code: 400 - {'error': {'message': \"The response was filtered due to the prompt "
        "triggering Azure OpenAI's content management policy.\", 'code': 'content_filter'}}",
    ),
    Rule(
        "safety-block",
        KIND,
        r"prohibited_content|block_?reason|usage policy|usage guidelines|safety system"
        r"|safety_?ratings|(?<!account has been )flagged (?:as|by|for)|moderation|prompt injection"
        r"|jailbreak|blocked by (?:the )?(?:safety"
        r"|content|our|guardrail)|guardrail_intervened|invalid_prompt"
        r"|violation of provider terms|violat(?:es|ing) our|finish_?reason[^{}]{0,20}(?:safety"
        r"|recitation|prohibited)|cyber_policy",
        "a safety system stopped prompt or answer",
        '{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}',
    ),
    Rule(
        "context-length",
        KIND,
        r"context_length|maximum context|context length|context window|contextwindow"
        r"|context size|(?:prompt|input|context|conversation) (?:\(\d+ tokens\) )?(?:is )?too (?:long|large)|too many (?:input"
        r"|prompt|context) tokens|string_above_max|string too long"
        r"|input token count|input length should be|maximum (?:prompt|input|sequence) (?:length"
        r"|token)"
        r"|request_too_large|input length and|prompt (?:tokens )?(?:length )?exceeds"
        r"|(?:prompt|input|context|messages?) tokens? (?:count )?(?:of \d+ )?exceeds?"
        r"|(?:prompt|input|sequence|context) length (?:\S+ )?exceeds"
        r"|longer than the model|input validation error: .inputs|exceeds the (?:maximum"
        r"|limit) (?:number of |allowed )?(?:tokens|context|input|length)|reduce the length of (?!max)"
        r"|too many tokens: |max_model_len|max_prompt_tokens_exceeded|context overflow"
        r"|model(?:'s)? (?:max(?:imum)? )?(?:token|context) limit|payload too large"
        r"|request (?:entity |body |size |payload )?(?:is )?too large\b(?! for)",
        "the prompt is longer than the model takes",
        "This model's maximum context length is 4097 tokens. However, your messages resulted in "
        "5000 tokens. Please reduce the length of the messages.",
    ),
    Rule(
        "output-budget",
        KIND,
        r"unable to complete request: max_output_tokens|budget_exhausted"
        r"|max_tokens or model output limit|output limit was reached"
        r"|could not finish the message because max_tokens|incomplete_details"
        r"|max_completion_tokens (?:was )?reached",
        "the model spent its tokens before it answered",
        "Could not finish the message because max_tokens or model output limit was reached. "
        "Please try again with higher max_tokens.",
    ),
    Rule(
        "request-validation",
        ErrorKind.HARD_CAPABILITY,
        r"(?:bad ?request|invalid_request|unprocessable|code: 4(?:00|22))"
        r"[^<]{0,300}?validation errors? for \w",
        "the provider's own model refused the request",
        'litellm.BadRequestError: Fireworks_aiException - {"error": {"message": "1 validation '
        'error for ResponseFormatJSONObject\\nresponse_schema\\n  Extra inputs are not permitted"}}',
    ),
    Rule(
        "client-side-validation",
        KIND,
        r"validation errors? for (?!\w*(?:request|body|input))[a-z]\w*",
        "the client's own model refused the answer",
        "1 validation error for SUTResponse\ntext\n  Input should be a valid string "
        "[type=string_type, input_value=None, input_type=NoneType]",
    ),
)
CLIENT = (
    Rule(
        "unreadable-answer",
        KIND,
        r"is not valid json|jsondecode|expecting (?:value|',' delimiter|property name)"
        r"|extra data: line|unexpected token|unexpected end of json|unterminated string"
        r"|quick accessor|failed to parse|parsing error|outputparser"
        r"|response is not in expected format|data returned by api|invalid json response"
        r"|json_validate_failed"
        r"|(?:reply|response|answer) (?:could not|cannot|can't) be (?:read|parsed|decoded)|unmarshal|invalid json: |expected value at line|invalid character '|invalid json (?:in|from)"
        r"|(?:invalid|malformed|bad|unexpected|unreadable|garbled) (?:\w+ )?response\b(?! (?:code"
        r"|status))"
        r"|response (?:body |data )?(?:is |was )?(?:invalid|malformed|truncated|incomplete)",
        "the client could not read the answer",
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    ),
    Rule(
        "client-bug",
        KIND,
        r"typeerror|assertionerror|keyerror|attributeerror|indexerror|nameerror|zerodivisionerror"
        r"|'nonetype' object"
        r"|cannot read propert|is not iterable|is not a function|nullpointerexception|nullreference"
        r"|nil pointer|list index out of range|has no attribute|modulenotfound|filenotfound"
        r"|no module named|importerror|unboundlocal|unicode(?:de|en)codeerror|recursionerror"
        r"|unsupported operand|stopiteration|could not convert|invalid literal|unhashable"
        r"|indices must be|values to unpack|dictionary update sequence|sequence of \d+ bytes"
        r"|not subscriptable|not callable|empty sequence"
        r"|division by zero|event loop|positional argument|json serializable|too many open files"
        r"|statisticserror|never awaited|task was destroyed but",
        "a bug on the way, not an answer of the provider",
        "AttributeError: 'NoneType' object has no attribute 'headers'",
        "runpod-workers/worker-vllm#104",
    ),
    Rule(
        "empty-answer",
        KIND,
        r"empty response|(?:contain(?:s|ed)|has|had|with) no (?:content|choices|candidates|text"
        r"|output)\b"
        r"|no (?:content|choices|candidates|text|response) (?:in|was|were"
        r"|returned|found|generated)|returned no (?:content|text|choices)|image does not match"
        r"|(?:could not|cannot|unable to|failed to) process (?:the )?(?:\w+ )?image",
        "there was an answer with nothing in it",
        "ValueError: Empty response from model",
    ),
)
