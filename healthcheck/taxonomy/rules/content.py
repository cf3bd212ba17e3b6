"""Clear messages that are no fault of the service: filters, lengths, answers nobody could read."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.UNKNOWN

CONTENT = (
    Rule(
        "content-filter",
        KIND,
        r"content[ _]?filter|content management policy|content[ _]?policy|responsibleai"
        r"|response was filtered|data_inspection_failed|content_policy|contentpolicy"
        r"|inappropriate content|sensitive content|content exists risk",
        "a filter stopped prompt or answer",
        "Error code: 400 - {'error': {'message': \"The response was filtered due to the prompt "
        "triggering Azure OpenAI's content management policy.\", 'code': 'content_filter'}}",
    ),
    Rule(
        "safety-block",
        KIND,
        r"prohibited_content|block_?reason|usage policy|usage guidelines|safety system|safety_?ratings"
        r"|flagged (?:as|by|for)|moderation|blocked by (?:the )?(?:safety|content|our|guardrail)"
        r"|guardrail_intervened|invalid_prompt|violation of provider terms|violat(?:es|ing) our"
        r"|finish_?reason[^{}]{0,20}(?:safety|recitation|prohibited)|cyber_policy",
        "a safety system stopped prompt or answer",
        '{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}',
    ),
    Rule(
        "context-length",
        KIND,
        r"context_length|maximum context|context length|context window|contextwindow|context size"
        r"|prompt is too long|input is too long|string_above_max|string too long|input token count"
        r"|maximum (?:prompt|input|sequence) (?:length|token)|request_too_large|input length and"
        r"|prompt (?:tokens )?(?:length )?exceeds|longer than the model|input validation error: .inputs"
        r"|exceeds the (?:maximum|limit) (?:number of |allowed )?(?:tokens|context|input|length)"
        r"|reduce the length of|too many tokens: |max_model_len|max_prompt_tokens_exceeded",
        "the prompt is longer than the model takes",
        "This model's maximum context length is 4097 tokens. However, your messages resulted in "
        "5000 tokens. Please reduce the length of the messages.",
    ),
    Rule(
        "output-budget",
        KIND,
        r"unable to complete request: max_output_tokens|budget_exhausted|max_tokens or model output limit"
        r"|output limit was reached|could not finish the message because max_tokens"
        r"|incomplete_details|max_completion_tokens (?:was )?reached",
        "the model spent its tokens before it answered",
        "Could not finish the message because max_tokens or model output limit was reached. "
        "Please try again with higher max_tokens.",
    ),
    Rule(
        "client-side-validation",
        KIND,
        r"validation errors? for [a-z]\w*|errors\.pydantic\.dev|input should be a valid .{0,60}\[type=",
        "the client's own model refused the answer",
        "1 validation error for SUTResponse\ntext\n  Input should be a valid string "
        "[type=string_type, input_value=None, input_type=NoneType]",
    ),
)
CLIENT = (
    Rule(
        "unreadable-answer",
        KIND,
        r"is not valid json|jsondecode|expecting (?:value|',' delimiter|property name)|extra data: line"
        r"|unexpected token|unexpected end of json|unterminated string|quick accessor|failed to parse"
        r"|parsing error|outputparser|response is not in expected format|invalid json response"
        r"|json_validate_failed|unmarshal|invalid character '",
        "the client could not read the answer",
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    ),
    Rule(
        "client-bug",
        KIND,
        r"keyerror|attributeerror|indexerror|nameerror|zerodivisionerror|'nonetype' object"
        r"|cannot read propert|is not iterable|is not a function|nullpointerexception|nil pointer"
        r"|list index out of range|has no attribute",
        "a bug on the way, not an answer of the provider",
        "AttributeError: 'NoneType' object has no attribute 'headers'",
        "runpod-workers/worker-vllm#104",
    ),
    Rule(
        "empty-answer",
        KIND,
        r"empty response|no (?:content|choices|candidates|text|response) (?:in|was|were|returned|found|generated)"
        r"|returned no (?:content|text|choices)|image does not match|could not process image",
        "there was an answer with nothing in it",
        "ValueError: Empty response from model",
    ),
)
