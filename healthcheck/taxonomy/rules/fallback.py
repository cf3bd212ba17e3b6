"""What tells only where nothing clearer is there: an SDK's classes, then general words."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import FEATURES, SOME_MODEL, SOME_PART
from healthcheck.taxonomy.rules.rule import Rule

CLASSES = (
    Rule(
        "class-auth",
        ErrorKind.AUTH,
        "an SDK's class for it",
        codes="authenticationerror unauthorizederror forbiddenerror authenticationexception "
        "unauthorized forbidden permissiondeniederror",
    ),
    Rule(
        "class-rate-limit",
        ErrorKind.RATE_LIMIT,
        "an SDK's class for it",
        codes="ratelimiterror ratelimit ratelimits toomanyrequestserror",
    ),
    Rule(
        "class-not-found",
        ErrorKind.HARD_MODEL,
        "an SDK's class for it",
        codes="notfounderror resourcenotfound resourcenotfoundexception notfound "
        "resourcedoesnotexist",
        about="not found",
        says=r"(?:resource|entity) (?:was )?not found",
    ),
    Rule(
        "class-server",
        ErrorKind.TRANSIENT_PROVIDER,
        "an SDK's class for it",
        codes="servererror apierrorinternal serviceunavailableerror internalerror "
        "internalservererror overloaded unavailable",
    ),
    Rule(
        "class-network",
        ErrorKind.NETWORK,
        "an SDK's class for it",
        codes="connecterror readerror writeerror closeerror connectionerror socketexception "
        "clientconnector clientoserror clientos clientpayload payloaderror clientconnectionreset "
        "maxretry ssl sslerror transporterror connectexception httpclient httpclienterror "
        "responsestreaming closedresource brokenresource endofstream protocolerror socketerror",
    ),
)
FALLBACK = (
    Rule(
        "quota",
        ErrorKind.RATE_LIMIT,
        "speaks of a quota and not of money",
        about="quota",
        says=r"quota",
    ),
    Rule(
        "invalid-request",
        ErrorKind.HARD_CAPABILITY,
        "the provider found the request invalid and did not say more",
        codes="invalidrequesterror invalidargument validationexception unprocessableentity "
        "unprocessableentityerror failedprecondition invalidrequest methodnotallowed "
        "invalidparametervalue",
        about="precondition|unprocessable|rejected",
        says=r"precondition|unprocessable|rejected (?:the|your|our|this) request",
    ),
    Rule(
        "not-supported",
        ErrorKind.HARD_CAPABILITY,
        "the request asks for something that is not offered",
        about="support|allowed|permitted|accepted|required|must|should|invalid|malformed|too ",
        says=r"unsupported|not supported|isn't supported|not (?:be )?(?:allowed|permitted|accepted)"
        r"|required?s?\b|must\b|should (?:be|not|have|contain)\b|invalid\b|malformed"
        r"|too (?:long|short|large|small|many)",
    ),
    Rule(
        "part-of-request",
        ErrorKind.HARD_CAPABILITY,
        "a demand on a part of our request",
        about=f"{SOME_PART}|use|provide|specify|pass|supply|set|choose|include|remove|no |prompt",
        says=rf"{SOME_PART}|no (?:{FEATURES})\b (?:\w+ )?(?:specified|provided|given|set)\b"
        r"|(?:use|provide|specify|pass|supply|set|choose|include|remove)"
        rf" (?:(?:a|an|the|one of|at least|only|your) )?(?:\w+ )?(?:{FEATURES})\b"
        r"|error in the prompt",
    ),
    Rule(
        "denied-model",
        ErrorKind.HARD_MODEL,
        "says no about the model",
        about=SOME_MODEL,
        says=SOME_MODEL,
    ),
    Rule(
        "try-again-later",
        ErrorKind.TRANSIENT_PROVIDER,
        "the provider asks for another try and does not say why",
        about="try",
        says=r"(?:try|retry)(?: your request)?(?: again)? (?:later|shortly|soon|in a )|please retry|try again\b(?! with)",
    ),
    Rule(
        "about-money",
        ErrorKind.BILLING,
        "speaks of money",
        about="billing|credit|balance|payment",
        says=r"(?:billing|credits?|balance|payment)\b",
    ),
    Rule(
        "about-credentials",
        ErrorKind.AUTH,
        "speaks of credentials",
        about="key|credential|authenticat|authoriz",
        says=r"\w*(?:api[ _-]?key|credential|authenticat|authoriz)",
    ),
    Rule(
        "about-the-connection",
        ErrorKind.NETWORK,
        "speaks of the connection",
        about="connect|socket|proxy|ssl|stream error",
        says=r"(?:connect(?:ion)?|socket|proxy|ssl)\b|stream error",
    ),
    Rule(
        "about-the-server",
        ErrorKind.TRANSIENT_PROVIDER,
        "speaks of the server",
        about="upstream|server|unavailable",
        says=r"\w*upstream|server\b|unavailable",
    ),
    Rule(
        "rejected-with-words",
        ErrorKind.HARD_CAPABILITY,
        "a bad request, with a reason that no other rule knows",
        about="400|request",
        says=r"bad ?_?request.{0,200}?'message': ?'[a-z<][^']{15,}"
        r"|(?:code|status)\W{0,4}400\b.{0,200}?'message': ?'[a-z<][^']{15,}",
    ),
    Rule(
        "litellm-connection",
        ErrorKind.NETWORK,
        "LiteLLM's class for whatever it does not know, and nothing else is there",
        codes="apiconnection",
    ),
)
