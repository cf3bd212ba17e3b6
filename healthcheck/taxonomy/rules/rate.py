"""More requests or tokens than allowed per unit of time."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.RATE_LIMIT

RATE = (
    Rule(
        "rate-limit-code",
        KIND,
        r"rate_limited|rate_limit_exceeded|rate_limit_error|ratelimitexceeded|ratelimitreached"
        r"|quota_exceeded|too_many_requests|toomanyrequests|throttl|servicequotaexceeded"
        r"|request_limit_exceeded|requestlimitexceeded|token_quota|user_rate_limit"
        r"|request_quota|token_quota_reached|rate_limit_quota|tokens_per_(?:min|day|hour)"
        r"|'(?:type|code)': ?'rate[_ ]limit'",
        "the provider's code for too much at once",
        "botocore.errorfactory.ThrottlingException: An error occurred (ThrottlingException) when "
        "calling the InvokeModel operation (reached max retries: 4): Please wait.",
    ),
    Rule(
        "grpc-resource-exhausted",
        KIND,
        r"resource_exhausted|resource (?:has been )?exhausted|quota exceeded for|quota_?metric"
        r"|check quota|generaterequestsper|quota limit of|online_prediction_requests"
        r"|quota (?:metric|value)",
        "a quota per unit of time is used up",
        "google.api_core.exceptions.ResourceExhausted: 429 Resource has been exhausted (e.g. check "
        "quota).",
        "google/generative-ai-docs#438",
    ),
    Rule(
        "rate-limit",
        KIND,
        r"rate[ -]limit(?:s|ed|ing)?\b(?!error)[\w ,':-]{0,60}(?:reached|exceeded|hit|for"
        r"|request|upstream|of|retry|wait|tier|by)|(?:reached|exceed(?:s|ed|ing)?|hit|over|above"
        r"|triggered) (?:the |your |our |a |its )?(?:[\w']+ ){0,4}rate[ -]limits?"
        r"|too many (?:[a-z]+-[a-z]+ |parallel |simultaneous )?(?:requests|tokens|calls|concurrent)"
        r"|\brate (?:was |is )?exceeded|per[ -](?:second|minute|hour|day) (?:\w+ ){0,2}limit"
        r"|burst (?:limit|capacity|rate)"
        r"|token bucket|temporarily rate-limited|spike arrest|too many \w+ (?:in|within) (?:a|the"
        r"|this)"
        r" (?:short|given|last)|(?:request|token|call|usage) rate (?:\w+ ){0,2}(?:too|increased)"
        r"|request was rate limited|rate-limited",
        "more requests or tokens than the limit",
        "Rate limit reached for gpt-4 in organization org-x on tokens per min (TPM): Limit 10000, "
        "Used 8554, Requested 3082. Please try again in 9.816s.",
    ),
    Rule(
        "per-time",
        KIND,
        r"(?:token|request|call|message|query|querie|rate)s?(?: limit)? ?(?:/|per|a"
        r"|each) ?(?:min|day|hour|second|month)|\b(?:tpm|rpm|rpd|tpd|qpm|qps|itpm|otpm)\b"
        r"|daily (?:quota|limit|request|usage|token|free)|(?:hourly|per-minute|minute|hour"
        r"|weekly|5-hour) (?:quota|limit)|limited to \d+ (?:api )?(?:calls|requests)"
        r"|limit of \d+ (?:requests|calls|queries)|(?:requests|calls|queries|messages) (?:every|in"
        r"|within)"
        r" \d+ ?(?:s|min|h)|request too large for|limit:? \d+, (?:used:? \d+, )?requested"
        r"|please slow down|slow down|限流|频率|速率限制|请求过多|过于频繁|并发(?:数|量|请求)?(?:超|过|限)",
        "a limit per minute, hour or day",
        '{"message":"You are using a Trial key, which is limited to 40 API calls / minute. You can '
        'continue to use the Trial key for free."}',
    ),
    Rule(
        "concurrency",
        KIND,
        r"concurren(?:t|cy)[\w ]{0,20} ?(?:request|limit|connection|quota)|too many concurrent"
        r"|already have (?:\w+ ){1,3}in progress"
        r"|maximum usage size|simultaneous requests|limit of concurrent"
        r"|(?:reached|exceed\w*|max\w*|over) [\w ]{0,30}concurrency\b",
        "too many requests at the same time",
        "Error code: 429 - {'error': {'message': 'Number of concurrent connections exceeded'}}",
    ),
    Rule(
        "usage-window",
        KIND,
        r"exceeded your [\w ]{0,30}usage|reached (?:the|its) (?:\w+ ){0,2}(?:usage|inference|request"
        r"|session|message|call) limit|usage limit (?:has been )?(?:reached|exceeded)|(?:hit"
        r"|reached|exceeded) your (?:[\w()-]+ ){0,3}limit|limit will reset"
        r"|usage_limit_reached|limit reached .{0,40}reset|quota will reset|limit . resets",
        "the usage window of a subscription is spent",
        "You've hit your limit · resets Apr 10 at 7am (America/Chicago)",
    ),
)
