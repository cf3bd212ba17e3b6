"""Words that tell only where nothing clearer is there: an SDK's classes, an API's general codes."""

from healthcheck.taxonomy.denial import FEATURES
from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

CLASSES = (
    Rule(
        "class-auth",
        ErrorKind.AUTH,
        r"(?:)authenticationerror|(?:)unauthorizederror|(?:)forbiddenerror"
        r"|(?:)authenticationexception",
        "an SDK's class for it",
        "openai.AuthenticationError: <!DOCTYPE html>",
    ),
    Rule(
        "class-rate-limit",
        ErrorKind.RATE_LIMIT,
        r"(?:)ratelimiterror|(?:)rate[ _-]?limit|resourceexhausted|(?:)quota",
        "an SDK's class for it",
        "openai.RateLimitError: <!DOCTYPE html>",
    ),
    Rule(
        "class-not-found",
        ErrorKind.HARD_MODEL,
        r"(?:)notfounderror|resourcenotfound|resource not found|statuscode\.not_found"
        r"|\bnot_found\b|(?:)not_found_error|entity was not found|\bnotfound\b"
        r"|resource_?does_?not_?exist",
        "an SDK's class for it",
        "openai.NotFoundError: <!DOCTYPE html>",
    ),
    Rule(
        "class-server",
        ErrorKind.TRANSIENT_PROVIDER,
        r"(?:)servererror|(?:)serviceunavailableerror|api_error|server_error"
        r"|internal_server_error|internal[_ ]?error\b",
        "an SDK's class for it",
        "openai.InternalServerError: <!DOCTYPE html>",
    ),
    Rule(
        "class-timeout",
        ErrorKind.TIMEOUT,
        r"\btimeout\b(?!=)|\w+timeout:",
        "an SDK's class for it",
        "litellm.Timeout: ",
    ),
    Rule(
        "class-network",
        ErrorKind.NETWORK,
        r"(?:)connecterror|(?:)(?<!litellm\.api)(?<!exceptions\.api)connectionerror"
        r"(?!: (?:litellm|\w{0,40}exception|apiconnection)\b)|connection error|stream error"
        r"|(?:)socketexception"
        r"|(?:)(?:read|write|closed)error\b"
        r"|socketerror|clientconnector|clientoserror|(?:)payloaderror|payload is not completed"
        r"|(?:)connection(?:reset|refused|aborted)error|(?:)closeerror|(?:)maxretryerror"
        r"|(?:)ssl(?:eof)?error|brokenpipe|(?:)transporterror|(?:)connectexception|httpclienterror"
        r"|responsestreaming|(?:)(?:closed|broken)resource|endofstream",
        "an SDK's class for it",
        "openai.APIConnectionError: ",
    ),
)
REFUSED = (
    Rule(
        "try-again-later",
        ErrorKind.TRANSIENT_PROVIDER,
        r"(?:try|retry)(?: your request)?(?: again)? (?:later|shortly|soon|in a (?:few|moment"
        r"|minute|while|bit))",
        "the provider asks for another try and does not say why",
        "We could not finish that. Please try again later.",
    ),
    Rule(
        "invalid-request",
        ErrorKind.HARD_CAPABILITY,
        r"invalid_request_error|invalid_argument|invalidargument|validationexception"
        r"|unprocessable|failed_?precondition|invalidrequest|bad_request|paramvalidation"
        r"|rejected (?:the|your|our|this) request|request is not valid|invalid_?parameter_?value|method_?not_?(?:allowed|implemented)|notimplemented",
        "the provider found the request invalid and did not say more",
        '{"error": {"code": 400, "message": "Precondition check failed.", "status": '
        '"FAILED_PRECONDITION"}}',
    ),
    Rule(
        "not-supported",
        ErrorKind.HARD_CAPABILITY,
        r"unsupported|not supported|isn't supported|not (?:be )?(?:allowed|permitted|accepted)"
        r"|\brequired?s?\b|\bmust\b|\bshould (?:be|not|have|contain)\b|cannot be used|\binvalid\b"
        r"|\bunexpected (?:value|type|role)|malformed|illegal|strongly recommended|too (?:long"
        r"|short|large|small|many)",
        "the request asks for something that is not offered",
        "The value of seed was illegal.",
    ),
    Rule(
        "part-of-request",
        ErrorKind.HARD_CAPABILITY,
        rf"<doubt:part>|\bno (?:{FEATURES})\b (?:\w+ )?(?:specified|provided|given|set|defined"
        rf"|passed)\b"
        r"|(?:use|provide|specify|pass|supply|set|choose|include|remove|omit|disable)"
        rf" (?:(?:a|an|the|one of|at least|only|your) )?(?:\w+ )?(?:{FEATURES})\b",
        "a demand on a part of our request",
        "Please use a valid role: user, model.",
    ),
    Rule(
        "denied-model",
        ErrorKind.HARD_MODEL,
        r"<doubt:model>",
        "says no about the model",
        "That model will be no longer among ours.",
    ),
    Rule(
        "about-money",
        ErrorKind.BILLING,
        r"\bbilling\b|\bcredits?\b|\bbalance\b|\bpayment\b",
        "speaks of money",
        "Something about your balance.",
    ),
    Rule(
        "about-credentials",
        ErrorKind.AUTH,
        r"(?:)api[ _-]?key|(?:)credential|authenticat|(?:)authoriz",
        "speaks of credentials",
        "Set OPENAI_API_KEY first.",
    ),
    Rule(
        "about-the-connection",
        ErrorKind.NETWORK,
        r"\bconnect(?:ion)?\b|\bsocket\b|\bproxy\b|\bdns\b|\btls\b|\bssl\b",
        "speaks of the connection",
        "Trouble with the proxy.",
    ),
    Rule(
        "about-the-server",
        ErrorKind.TRANSIENT_PROVIDER,
        r"(?:)upstream|\bserver\b|(?:)unavailable|try again|(?<!\.)retry\b(?!\.\w)",
        "speaks of the server or of another try",
        "Upstream request failed.",
    ),
    Rule(
        "rejected-with-words",
        ErrorKind.HARD_CAPABILITY,
        r"bad ?_?request.{0,200}?'message': ?'[a-z<][^']{15,}|(?:code"
        r"|status)\W{0,4}400\b.{0,200}?'message': ?'[a-z<][^']{15,}",
        "a bad request, with a reason that no other rule knows",
        "BadRequestError: Error code: 400 - {'error': {'message': 'Frobnication went sideways'}}",
    ),
    Rule(
        "provider-returned-error",
        ErrorKind.TRANSIENT_PROVIDER,
        r"provider returned (?:an )?error|provider_error|upstream_error",
        "a gateway passes on an error and does not say which",
        "400 Provider returned error",
        "campfirein/byterover-cli#43",
    ),
    Rule(
        "litellm-connection",
        ErrorKind.NETWORK,
        r"(?:)apiconnectionerror",
        "LiteLLM's class for whatever it does not know, and nothing else is there",
        "litellm.APIConnectionError: OpenrouterException - ",
    ),
)
