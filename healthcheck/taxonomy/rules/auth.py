"""The key is missing, wrong or expired, or may not do this."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.AUTH
# A bare "key" or "token" is more often a JSON key or what a model answers with.
_CREDENTIAL = (
    r"(?:(?:x-)?(?:api|subscription|access|secret|bearer|auth|authentication|service|private"
    r"|account)[ _-]?(?:keys?|tokens?)|credentials?|secrets?|password|jwt)"
)
_BAD = (
    r"(?:invalid|incorrect|wrong|bad|expired|malformed|revoked|unknown|missing|disabled|deleted"
    r"|rejected)"
)

PLACE = (
    Rule(
        "region-blocked",
        KIND,
        "the provider refuses requests from this place",
        codes="unsupportedcountryregionterritory",
        about="region|country|location|cloudflare|blocked",
        says=r"(?:country|region|territory|location)\b[\w ,]{0,30} (?:is |are )?not (?:supported"
        r"|allowed)|not (?:available|supported) in your (?:country|region)"
        r"|attention required! . cloudflare|sorry, you have been blocked",
    ),
    Rule(
        "service-disabled",
        KIND,
        "the service is not switched on for this project or network",
        codes="servicedisabled apikeyserviceblocked",
        about="project|api |virtual network|public access|ip |listed|firewall",
        says=r"has not been used in project|api (?:is|has) (?:not|been) (?:enabled|disabled)"
        r"|virtual network|public access is disabled|firewall rules|ip (?:address )?(?:is )?"
        r"(?:not (?:allowed|authorized|in the)|blocked|banned)|not (?:white|allow)-?listed",
    ),
)
CREDENTIALS = (
    Rule(
        "bad-key-code",
        KIND,
        "the provider's code for a bad key",
        codes="invalidapikey apikeyinvalid incorrectapikey missingapikey noapikey tokennotfound "
        "invalidauthentication invalidtoken tokenexpired expiredtoken invalidgrant invalidclient "
        "consumerinvalid unrecognizedclient invalidsignature signaturedoesnotmatch nocredentials "
        "invalidclienttokenid partialcredentials missingauthenticationtoken defaultcredentials "
        "refresherror tokenretrieval credentialretrieval profilenotfound accountdeactivated",
    ),
    Rule(
        "bad-key",
        KIND,
        "the key is missing, wrong or expired",
        about="key|token|credential|secret|password|jwt|signature|environment variable|profile",
        says=rf"{_BAD} (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?(?:param|in '|'))"
        rf"|(?:no|without an?|a valid) (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?param)"
        rf"|{_CREDENTIAL}'?(?: \w+| '[^']{{0,40}}'){{0,3}} (?:is|are|was|were|has|have|not|could"
        r" not be|cannot be|isn't|must be) ?(?:been |not )?(?:invalid|incorrect|missing|expired"
        r"|revoked|disabled|deleted|set|valid|found|required|verified|provided|configured"
        r"|from a valid|active|leaked|rejected|empty|unset)"
        rf"|{_CREDENTIAL}'?(?: header| field)? (?:expired|revoked|invalid|missing|disabled"
        r"|suspended|required|rejected)\b"
        r"|(?:didn't|did not|must|please) (?:provide|supply|set|pass|specify) (?:an?|your|the)"
        rf" (?:valid )?(?:\w+ )?{_CREDENTIAL}"
        r"|(?:invalid|expired|revoked|missing|malformed) token\b(?! (?:count|limit|id|at|in)\b)"
        r"|token (?:has |is |was )?(?:been )?(?:expired|revoked|invalid)\b|unable to find token"
        r"|security token included|api_key(?: client)?(?: option)? must be set|find a secret"
        r"|key (?:\w+ ){0,4}(?:was|is|has been) (?:revoked|rotated|expired|deleted|disabled)"
        r"|key (?:disabled|revoked|expired)|(?:missing|set the|\w+_key) environment variable"
        r"|\w{1,40}_(?:key|token|secret) (?:is|was) (?:not (?:set|found)|missing|unset)"
        r"|user ?name or password|signature (?:expired|mismatch)|signature [\w ]{0,30}does not match"
        r"|unable to (?:locate|load) credentials|config profile",
    ),
    Rule(
        "not-authenticated",
        KIND,
        "the provider does not know who is asking",
        codes="unauthenticated authenticationfailed",
        about="auth|sign|log|session|caller|user not found|aadsts|refresh",
        says=r"not authenticated|unauthenticated|not (?:signed|logged) in|sign in (?:to|again)"
        r"|please log ?in|login required|session (?:has )?expired|unregistered callers"
        r"|(?:missing|invalid|bad|no|without|expected) (?:an? )?(?:\w+ )?auth(?:entication"
        r"|orization)?\b|auth(?:orization)? (?:header|required)|could not resolve authentication"
        r"|authentication (?:failed|failure|required|fails|is required|error)|reauthenticat"
        r"|(?:failed to|could not|unable to) authenticate|aadsts\d|user not found|refresh failed",
    ),
)
DENIED = (
    Rule(
        "denied-on-resource",
        KIND,
        "the caller lacks this permission; that the resource may be missing is a hedge",
        about="denied",
        says=r"permission '[^']{1,80}' (?:was )?denied|denied on resource",
    ),
)
PERMISSION = (
    Rule(
        "permission-denied",
        KIND,
        "the caller lacks a permission",
        codes="permissiondenied permissionerror accessdenied authorizationfailed userblocked "
        "insufficientscope insufficientpermissions accessterminated accessterminatederror",
        about="permission|scope|privilege|entitle|role|authori",
        says=r"permission[ _]?denied|(?:lack|missing|insufficient|required|without|no|necessary"
        r"|needs?)\w* (?:\w+ ){0,2}(?:permission|scope|privilege|entitlement|data action)s?\b"
        r"|(?:does not|doesn't|don't) have (?:the |sufficient )?(?:\w+ )?(?:permission|role"
        r"|authori[sz]ation)|not entitled",
    ),
    Rule(
        "no-access",
        KIND,
        "the account has no access",
        about="access|gated|use case|terms",
        says=r"(?:not|don't|doesn't|no) (?:currently )?have (?:\w+ )?access|no access to"
        r"|request access|gated repo|use case details|model terms|terms acceptance"
        r"|access (?:is |was |has been )?(?:denied|restricted|forbidden|blocked|terminated"
        r"|suspended)|access to (?:the |this )?model\b|access to [\w ]{1,40} (?:is|was|has been)"
        r" (?:restricted|denied|blocked|forbidden|disabled|revoked)",
    ),
    Rule(
        "not-authorized",
        KIND,
        "the caller may not do this",
        about="authori|forbidden|allowed|permitted|deny|polic",
        says=r"not (?:been )?authori[sz]ed|unauthori[sz]ed|forbidden\b|explicit deny"
        r"|not (?:allowed|permitted) to (?:access|use|sample|call|invoke|perform|make)"
        r"|(?:disabled|denied|disallowed|blocked) by (?:\w+ ){0,2}(?:organization's )?policy"
        r"|policy denies",
    ),
    Rule(
        "account-blocked",
        KIND,
        "the account is blocked or not verified",
        about="account|organi|project|user|key|workspace|verified|blocked at",
        says=r"(?:account|organi[sz]ation|project|user|key|workspace)[\w ']{0,30} (?:has been |is "
        r"|was |been )?(?:disabled|suspended|deactivated|blocked|terminated|banned|restricted"
        r"|locked|flagged|paused|archived)|must be verified|(?:account|organi[sz]ation|email)"
        r" (?:is )?(?:not (?:yet )?|un)verified"
        r"|blocked at the (?:project|organi[sz]ation|account|team) level",
    ),
)
