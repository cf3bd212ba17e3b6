"""The key is missing, wrong or expired, or may not do this."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.AUTH
# A bare "key" or "tokens" is more often a JSON key or a number of tokens.
_CREDENTIAL = (
    r"(?:(?:x-)?(?:api|subscription|access|secret|bearer|auth|service|private|account)[ _-]?"
    r"(?:keys?|tokens?)|\btoken|credentials?|secrets?|password)"
)

PLACE = (
    Rule(
        "region-blocked",
        KIND,
        r"unsupported[_ ](?:countr|region|territor)|location is not supported|(?:country"
        r"|territory) (?:is )?not (?:supported|allowed)|country, region|not (?:available"
        r"|supported) in your (?:country|region)|attention required! . cloudflare"
        r"|sorry, you have been blocked|not supported in your",
        "the provider refuses requests from this place",
        "Error code: 403 - {'error': {'code': 'unsupported_country_region_territory', 'message': "
        "'Country, region, or territory not supported'}}",
    ),
    Rule(
        "service-disabled",
        KIND,
        r"service_disabled|has not been used in project|api (?:is|has) (?:not|been) (?:enabled"
        r"|disabled)|aka.ms/cogsvc|virtual network|public access is disabled|firewall rules"
        r"|\bip(?: address)? (?:is |was |has been )?(?:blocked|banned|denied)|not (?:white"
        r"|allow)-?listed|ip (?:address )?(?:is )?not (?:allowed|authorized|in the)"
        r"|api_key_service_blocked"
        r"|are blocked\b",
        "the service is not switched on for this project or network",
        '{"code":"403","message":"A Virtual Network is configured for this resource. Please '
        "use the correct endpoint for making requests. Check https://aka.ms/cogsvc-vnet for "
        'more details."}',
        "continuedev/continue#12547",
    ),
)
CREDENTIALS = (
    Rule(
        "aws-credentials",
        KIND,
        r"security token included in the request|unrecognizedclientexception|expiredtoken"
        r"|signature [\w ]{0,30}does not match|signature mismatch|invalidsignature"
        r"|invalidclienttokenid|signaturedoesnotmatch"
        r"|missingauthenticationtoken|incompletesignature|unable to locate credentials"
        r"|nocredentials|partialcredentials|config profile|profilenotfound|token has expired"
        r"|sso session|tokenretrieval|credentialretrieval|could not load credentials"
        r"|optinrequired|credentialsprovider|invalididentitytoken|unable to load credentials"
        r"|refresh failed|assume ?role",
        "the AWS credentials are missing, wrong or expired",
        "An error occurred (UnrecognizedClientException) when calling the InvokeModel operation: "
        "The security token included in the request is invalid.",
    ),
    Rule(
        "google-credentials",
        KIND,
        r"default ?credentials|refresherror|invalid jwt|jwt (?:has |is )?(?:expired|invalid)"
        r"|access_token_"
        r"|oauth ?2?(?: access)? token|oauth|service account (?:key|file)|consumer_invalid"
        r"|access_token_scope|api keys are not supported",
        "the Google credentials are missing, wrong or expired",
        "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.",
    ),
    Rule(
        "bad-key-code",
        KIND,
        r"invalid_api_key|api_key_invalid|authentication_error|invalid_authentication"
        r"|authentication_token|account_deactivated|invalid_issuer|token_expired|expired_token"
        r"|invalid_token|missing_api_key|no_api_key|find a secret|incorrect_api_key"
        r"|invalid_grant|invalid_client\b|invalidauthenticationtoken|token_not_found"
        r"|unable to find token",
        "the provider's code for a bad key",
        '401 {"error":{"type":"authentication_error","message":"invalid x-api-key"}}',
    ),
    Rule(
        "bad-key",
        KIND,
        rf"(?:invalid|incorrect|wrong|bad|expired|malformed|revoked|unknown|missing|no"
        rf"|without an?|valid) (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?(?:param|in '|'))",
        "the key is missing, wrong or expired",
        "status_code: 401, body: {'message': 'invalid api token'}",
        "cohere-ai/cohere-toolkit#857",
    ),
    Rule(
        "key-is-bad",
        KIND,
        rf"{_CREDENTIAL}(?: \w+| '[^']{{0,40}}'){{0,3}} (?:is|are|was|were|has|have|not"
        rf"|could not be|cannot be|isn't) ?(?:been |not )?"
        r"(?:invalid|incorrect|missing|expired|revoked|disabled|deleted|set|valid|found"
        r"|required|verified|provided|configured|from a valid|active|leaked)"
        rf"|{_CREDENTIAL}'?(?: header| field)? (?:expired|revoked|invalid|missing|disabled"
        rf"|suspended|required|rejected)\b|(?:)(?:api|access|auth|secret|bearer|subscription|client|hf)_(?:key|token|secret) (?:is|was) (?:not set|not found"
        r"|not defined|missing|unset|empty)"
        rf"|(?:didn't|did not|must"
        r"|please) (?:provide|supply|set|pass|specify) (?:an?|your|a valid"
        r"|the) (?:valid )?(?:\w+ )?"
        rf"{_CREDENTIAL}|missing environment variable|environment variable"
        rf"|user ?name or password|signature expired|access to [\w ]{{1,40}} (?:has been"
        rf"|was) (?:removed"
        rf"|revoked)|\bkey (?:\w+ ){{0,4}}(?:was|is|has been) (?:revoked|rotated|expired|deleted"
        rf"|disabled)|\bkey (?:disabled|revoked|expired)|member of an organization"
        rf"|api_key(?: client)?(?: option)? must be set"
        rf"|could not resolve authentication",
        "the key is missing, wrong or expired",
        "openai.OpenAIError: The api_key client option must be set either by passing api_key to "
        "the client or by setting the OPENAI_API_KEY environment variable",
    ),
    Rule(
        "not-authenticated",
        KIND,
        r"not authenticated|not signed in|sign in (?:to|again)|session (?:has )?expired"
        r"|credential was not|unregistered callers|invalid auth|(?:missing|invalid|bad|no"
        r"|without|expected) (?:an? )?(?:\w+ )?auth(?:entication|orization)?\b"
        r"|authorization header|auth header|(?<!version: )header is (?:required|missing)"
        r"|no auth credentials"
        r"|no cookie auth|authentication (?:failed|failure|required|fails|is required|error)"
        r"|authorization required"
        r"|aadsts\d|(?:not|failed to|unable to) refresh (?:the )?(?:\w+ )?token"
        r"|failed to authenticate|unauthenticated|could not (?:authenticate|validate)"
        r"|authentication fails|login required|please log ?in|not logged in|log in to"
        r"|reauthenticat|user not found|unable to authenticate|no user or org id found"
        r"|(?:令牌|密钥|凭证|身份|签名).{0,12}(?:无效|过期|错误|不正确|不存在|失败)|无效的(?:令牌|密钥)"
        r"|未授权|鉴权失败|认证失败|无权|权限不足|没有权限",
        "the provider does not know who is asking",
        '{ "error": { "message": "Not authenticated", "type": "invalid_request_error" } }',
        "xtekky/gpt4free#3446",
    ),
)
DENIED = (
    Rule(
        "denied-on-resource",
        KIND,
        r"permission '[^']{1,80}' (?:was )?denied|denied on resource|iam_permission",
        "the caller lacks this permission; that the resource may be missing is a hedge",
        "Error Code: 403, Message: Permission 'aiplatform.endpoints.predict' denied on resource "
        "'//aiplatform.googleapis.com/projects/help-my-setup/locations/us-east4/publishers/google/"
        "models/gemini-pro' (or it may not exist)., Status: PERMISSION_DENIED",
        "rpurinton/gemini-php#4",
    ),
)
PERMISSION = (
    Rule(
        "permission-denied",
        KIND,
        r"permission[ _]?denied|permission_error|permissiondenied|(?:lack|missing"
        r"|insufficient|required|without|no|necessary|needs?)\w* (?:\w+ )?(?:permission|scope"
        r"|privilege|role|entitlement)s?\b|does not have (?:the )?(?:\w+ )?(?:permission|role"
        r"|authori[sz]ation)"
        r"|authorizationfailed"
        r"|insufficient_scope|missing scopes",
        "the caller lacks a permission",
        "Error code: 401 - {'error': {'code': 'PermissionDenied', 'message': 'Principal does "
        "not have access to API/Operation.'}}",
        "microsoft/PromptWizard#18",
    ),
    Rule(
        "no-access",
        KIND,
        r"(?:not|don't|doesn't|no) (?:currently )?have (?:\w+ )?access|no access to|request access"
        r"|not have access|not been granted|gated repo|use case details|must (?:accept|agree)"
        r"|in the authorized list|model terms|accept the (?:terms|license)|terms[_ ](?:required"
        r"|acceptance)",
        "the account has no access",
        "API Error: 403 You don't have access to the model with the specified model ID.",
        "anthropics/claude-code#591",
    ),
    Rule(
        "not-authorized",
        KIND,
        r"not (?:been )?authori[sz]ed|unauthori[sz]ed|authorizationerror|access ?denied"
        r"|access (?:is|was|has been) (?:denied|restricted|forbidden|blocked|terminated|suspended)"
        r"|accessdenied|access_terminated"
        r"|access to (?:the |this )?model\b|\bforbidden\b|not (?:allowed|permitted"
        r"|entitled) to (?:access|use|sample|call|invoke|perform|make)|request_forbidden"
        r"|access to [\w ]{1,40} (?:is|was|has been) (?:restricted|denied|blocked|forbidden"
        r"|disabled)"
        r"|explicit deny|disallowed by policy|(?:blocked|denied|rejected) by (?:\w+ )?policy"
        r"|(?:token|tenant|audience|issuer)\b[\w ]{0,40} (?:does not|doesn't) match|not entitled"
        r"|polic(?:y|ies) (?:denies|denied|blocks|forbids)",
        "the caller may not do this",
        "An error occurred (ValidationException) when calling the InvokeModel operation: Your "
        "account is not authorized to invoke this API operation.",
    ),
    Rule(
        "account-blocked",
        KIND,
        r"(?:account|organization|project|user|key|workspace)[\w ']{0,30} (?:has been |is "
        r"|was |been )?(?:disabled|suspended|deactivated|blocked|terminated|banned|restricted"
        r"|locked|flagged|paused|archived)|blocked_api_access|user_blocked|must be verified"
        r"|(?:account"
        r"|organi[sz]ation|email) (?:is )?(?:not (?:yet )?|un)verified"
        r"|verify (?:your )?organization"
        r"|verified to (?:use|stream|generate)"
        r"|blocked at the (?:project|organi[sz]ation|account|team) level",
        "the account is blocked or not verified",
        "400 Your organization must be verified to stream this model. Please go to: "
        "https://platform.openai.com/settings/organization/general",
        "continuedev/continue#8209",
    ),
)
