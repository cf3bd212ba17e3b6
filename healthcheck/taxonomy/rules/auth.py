"""The key is missing, wrong or expired, or may not do this."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.AUTH)
# A bare "key" or "token" is more often a JSON key or what a model answers with.
_CREDENTIAL = (
    r"(?:(?:x-)?(?:api|subscription|access|secret|bearer|auth|authentication|service|private"
    r"|account)[ _-]?(?:keys?|tokens?)|credentials?|secrets?|password|jwt)"
)
_BAD = (
    r"(?:invalid|incorrect|wrong|bad|expired|malformed|revoked|unknown|missing|disabled|deleted"
    r"|rejected)"
)

PLACE = _rule(
    "place-refused",
    "the provider refuses this place, project or network",
    codes="unsupportedcountryregionterritory servicedisabled apikeyserviceblocked",
    about="region|countr|location|territor|cloudflare|blocked|in project|api is|api has"
    "|virtual network|public access|ip |listed|firewall",
    says=r"(?:country|region|territory|location)\b[\w ,]{0,30} (?:is |are )?not (?:supported"
    "|allowed)|unsupported (?:countr|region|territor)|not (?:available|supported) in your"
    " (?:country|region)|attention required! . cloudflare|sorry, you have been blocked|has not"
    " been used in project|api (?:is|has) (?:not|been) (?:enabled|disabled)|virtual network|public"
    " access is disabled|firewall rules|ip (?:address )?(?:is )?(?:not (?:allowed|authorized|in"
    " the)|blocked|banned)|not (?:white|allow)-?listed",
)
CREDENTIALS: tuple[Rule, ...] = (
    _rule(
        "bad-key",
        "the key is missing, wrong or expired",
        codes="invalidapikey apikeyinvalid incorrectapikey missingapikey noapikey tokennotfound"
        " invalidauthentication invalidtoken tokenexpired expiredtoken invalidgrant invalidclient"
        " consumerinvalid unrecognizedclient invalidsignature signaturedoesnotmatch nocredentials"
        " invalidclienttokenid partialcredentials missingauthenticationtoken defaultcredentials"
        " refresherror tokenretrieval credentialretrieval profilenotfound",
        about="key|token|credential|secret|password|jwt|signature|environment variable|profile",
        says=rf"{_BAD} (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?(?:param|in '|'))|(?:no|without"
        rf" an?|a valid) (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?param)|{_CREDENTIAL}'?(?: \w+|"
        f" '[^']{{0,40}}'){{0,3}} (?:is|are|was|were|has|have|not|could not be|cannot be|isn't"
        "|must be) ?(?:been |not )?(?:invalid|incorrect|missing|expired|revoked|disabled|deleted"
        "|set|valid|found|required|verified|provided|configured|from a valid|active|leaked"
        f"|rejected|empty|unset)|{_CREDENTIAL}'?(?: header| field)? (?:expired|revoked|invalid"
        r"|missing|disabled|suspended|required|rejected)\b|(?:didn't|did not|must|please)"
        rf" (?:provide|supply|set|pass|specify) (?:an?|your|the) (?:valid )?(?:\w+ )?{_CREDENTIAL}"
        r"|(?:invalid|expired|revoked|missing|malformed) token\b(?! (?:count|limit|id|at|in)\b)"
        r"|token (?:has |is |was )?(?:been )?(?:expired|revoked|invalid)\b|unable to find token"
        "|security token included|api_key(?: client)?(?: option)? must be set|find a secret|key"
        r" (?:\w+ ){0,4}(?:was|is|has been) (?:revoked|rotated|expired|deleted|disabled)|key"
        r" (?:disabled|revoked|expired)|(?:missing|set the|\w+_key) environment variable"
        r"|\w{1,40}_(?:key|token|secret) (?:is|was) (?:not (?:set|found)|missing|unset)|user ?name"
        " or password|signature (?:expired|mismatch)|unable to (?:locate|load) credentials",
    ),
    _rule(
        "not-authenticated",
        "the provider does not know who is asking",
        codes="unauthenticated authenticationfailed",
        about="auth|sign|log|session|caller|user not found|aadsts|refresh",
        says="not authenticated|requires? authentication|unauthenticated|not (?:signed|logged) in|please log ?in"
        r"|unregistered callers|(?:missing|invalid|bad|no|without|expected) (?:an? )?(?:\w+"
        r" )?auth(?:entication|orization)?\b|auth(?:orization)? (?:header|required)|could not"
        " resolve authentication|authentication (?:failed|failure|required|fails|is required"
        r"|error)|reauthenticat|(?:failed to|could not|unable to) authenticate|aadsts\d|user not"
        " found|refresh failed",
    ),
)
DENIED = _rule(
    "denied-on-resource",
    "the caller lacks this permission; that the resource may be missing is a hedge",
    about="denied",
    says="permission '[^']{1,80}' (?:was )?denied|denied on resource",
)
PERMISSION: tuple[Rule, ...] = (
    _rule(
        "account-blocked",
        "the provider has blocked the account",
        codes="accountdeactivated userblocked",
        about="account|organi|project|user|workspace|access|operation",
        says=r"(?<!service )(?:account|organi[sz]ation|project|user|workspace)(?: [\w']+){0,6}? "
        "(?:has been|is|was|been) (?:disabled|suspended|deactivated|blocked|terminated|banned"
        r"|locked|flagged)|(?<!service )(?:account|organi[sz]ation|user)(?: (?!has\b)[\w'-]+)? "
        "(?:disabled|suspended|deactivated|blocked|terminated|banned)"
        "|access (?:is|was|has been) (?:terminated|suspended)"
        # What Bedrock answers to every request of a restricted account.
        "|operation: operation not allowed",
    ),
    _rule(
        "permission-denied",
        "the caller may not do this",
        codes="permissiondenied permissionerror accessdenied authorizationfailed"
        " insufficientscope insufficientpermissions accessterminated accessterminatederror",
        about="permi|scope|privilege|entitle|role|authori|access|gated|terms|forbid|allow|deny"
        "|polic|action|use case|account|organi|project|user|key|workspace|verified|blocked at",
        says="permission[ _]?denied|(?:lack|missing|insufficient|required|without|no|necessary"
        r"|needs?)\w* (?:\w+ ){0,2}(?:permission|scope|privilege|entitlement|data action)s?\b"
        r"|(?:does not|doesn't|don't) have (?:the |sufficient )?(?:\w+ )?(?:permission|role"
        r"|authori[sz]ation)|not entitled|(?:not|don't|doesn't|no) (?:currently )?have (?:\w+"
        " )?access|request access|gated repo|use case details|model terms|terms acceptance|access"
        " (?:is |was |has been )?(?:denied|restricted|forbidden|blocked|terminated|suspended"
        "|not (?:permitted|allowed|granted))"
        r"|access to (?:the |this )?model\b|access to [\w ]{1,40} (?:is|was|has been)"
        " (?:restricted|denied|blocked|forbidden|disabled|revoked)|not (?:been )?authori[sz]ed"
        r"|unauthori[sz]ed|forbidden\b|explicit deny|not (?:allowed|permitted) to (?:access|use"
        r"|sample|call|invoke|perform|make)|(?:disabled|denied|disallowed|blocked) by (?:\w+"
        r" ){0,2}(?:organization's )?policy|policy denies|key[\w ']{0,30} (?:suspended|deactivated"
        r"|blocked|terminated|banned|locked)|(?:account|organi[sz]ation|project|user|key|workspace)"
        r"[\w ']{0,30} (?:restricted|paused|archived)|organi[sz]ation has (?:disabled|blocked)"
        "|must be verified"
        "|(?:account|organi[sz]ation|email) (?:is )?(?:not (?:yet )?|un)verified"
        "|blocked at the (?:project|organi[sz]ation|account|team) level",
    ),
)
