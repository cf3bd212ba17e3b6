"""What tells only where nothing clearer is there: an SDK's classes, then general words."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import FEATURES, SOME_MODEL, SOME_PART
from healthcheck.taxonomy.rules.rule import Rule

_CLASSES = {
    ErrorKind.AUTH: (
        "authenticationerror unauthorizederror forbiddenerror authenticationexception"
        " unauthorized forbidden permissiondeniederror"
    ),
    ErrorKind.RATE_LIMIT: "ratelimiterror ratelimit ratelimits toomanyrequestserror",
    ErrorKind.HARD_MODEL: (
        "notfounderror resourcenotfound resourcenotfoundexception notfound resourcedoesnotexist"
    ),
    ErrorKind.TRANSIENT_PROVIDER: (
        "servererror apierrorinternal serviceunavailableerror internalerror"
        " internalservererror overloaded unavailable"
    ),
    ErrorKind.NETWORK: (
        "connecterror readerror writeerror closeerror connectionerror socketexception"
        " clientconnector clientoserror clientos clientpayload payloaderror clientconnectionreset"
        " maxretry ssl sslerror transporterror connectexception httpclient httpclienterror"
        " responsestreaming closedresource brokenresource sendrequest endofstream protocolerror socketerror"
    ),
}
CLASSES = tuple(
    Rule(
        f"class-{kind}".replace("_", "-"),
        "an SDK's class for it",
        kind,
        codes=codes,
    )
    for kind, codes in _CLASSES.items()
)
FALLBACK: tuple[Rule, ...] = (
    Rule(
        "quota",
        "speaks of a quota and not of money",
        ErrorKind.RATE_LIMIT,
        about="quota",
        says="quota",
    ),
    Rule(
        "invalid-request",
        "the provider found the request invalid and did not say more",
        ErrorKind.HARD_CAPABILITY,
        codes="invalidrequesterror invalidargument validationexception unprocessableentity"
        " unprocessableentityerror failedprecondition invalidrequest methodnotallowed"
        " invalidparametervalue",
        about="precondition|unprocessable|rejected",
        says="precondition|unprocessable|rejected (?:(?:the|your|our|this) )?(?:request|payload)",
    ),
    Rule(
        "not-supported",
        "the request asks for something that is not offered",
        ErrorKind.HARD_CAPABILITY,
        about="support|allowed|permitted|accepted|requir|must|should|invalid|malformed|too "
        f"|{SOME_PART}|use|provide|specify|pass|supply|set|choose|include|remove|no |prompt",
        says="unsupported|not supported|isn't supported|not (?:be )?(?:allowed|permitted|accepted)"
        r"|required?s?\b|must\b|should (?:be|not|have|contain)\b|invalid\b|malformed|too (?:long"
        f"|short|large|small|many)|{SOME_PART}|(?:use|provide|specify|pass|supply|set|choose"
        rf"|include|remove) (?:(?:a|an|the|one of|at least|only|your) )?(?:\w+ )?(?:{FEATURES})\b"
        "|error in the prompt",
    ),
    Rule(
        "denied-model",
        "says no about the model",
        ErrorKind.HARD_MODEL,
        about=f"{SOME_MODEL}|not found",
        says=f"{SOME_MODEL}|(?:resource|entity) (?:was )?not found",
    ),
    Rule(
        "about-credentials",
        "speaks of credentials",
        ErrorKind.AUTH,
        about="key|credential|authenticat|authoriz",
        says=r"\w*(?:api[ _-]?key|credential|authenticat|authoriz)",
    ),
    Rule(
        "about-the-connection",
        "speaks of the connection",
        ErrorKind.NETWORK,
        about="internet|terminated|connect|socket|proxy|ssl|stream error|network",
        says=r"(?:connect(?:ion)?|socket|proxy|ssl)\b|terminated$|stream error"
        "|check your (?:internet|network)|network connection",
    ),
    Rule(
        "about-the-server",
        "speaks of the server, or asks for another try",
        ErrorKind.TRANSIENT_PROVIDER,
        about="upstream|server|unavailable|wrong|try",
        says=r"\w*upstream|server\b|unavailable|something went wrong|please retry|(?:try|retry)(?:"
        r" your request)?(?: again)? (?:later|shortly|soon|in a )|try again\b(?! with)",
    ),
    Rule(
        "rejected-with-words",
        "a bad request, with a reason that no other rule knows",
        ErrorKind.HARD_CAPABILITY,
        about="400|request",
        says="bad ?_?request.{0,200}?'message': ?'[a-z<][^']{15,}"
        r"|400\b.{0,200}?(?<!\w)(?!provider ret|status code|bad request|error occ"
        "|client)[a-z']+ (?:[a-z']+ ){2}[a-z']+",
    ),
    Rule(
        "litellm-connection",
        "LiteLLM's class for whatever it does not know, and nothing else is there",
        ErrorKind.NETWORK,
        codes="apiconnection",
    ),
)
