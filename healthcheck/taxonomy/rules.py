"""The rules in the order in which they are believed: here conflicts between them are settled."""

from typing import NamedTuple

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import FEATURES, MODEL, PART, SOME_MODEL, SOME_PART


class Rule(NamedTuple):
    """What says a kind: one of `codes`, or `says`.

    `codes` are identifiers in lower case without `_` and `-`, separated by spaces: they match
    `insufficient_quota`, `InsufficientQuota` and `InsufficientQuotaError` alike. `says` is a regular
    expression over the cleaned message (see `evidence`), from the beginning of a word. `retired`
    marks rules about a model's end of life.
    """

    id: str
    kind: ErrorKind
    why: str
    codes: str = ""
    says: str = ""
    retired: bool = False


# A bare "key" or "token" is more often a JSON key or what a model answers with.
_SETTING = "parameter|option|argument|field|setting"
_CREDENTIAL = (
    r"(?:(?:x-)?(?:api|subscription|access|secret|bearer|auth|authentication|service|private"
    r"|account)[ _-]?(?:keys?|tokens?)|credentials?|secrets?|password|jwt)"
)
_BAD = (
    r"(?:invalid|incorrect|wrong|bad|expired|malformed|revoked|unknown|missing|disabled|deleted"
    r"|rejected)"
)
# As an environment names it: a "stop_key" is a parameter, and a "pad_token" a model's.
_KEY_VARIABLE = r"\w{1,40}_api_(?:key|token)\b"
# What may stand between a model and what is said of it: no other object, and no other sentence,
# as in "calling model x: the project was archived".
_STILL = r"(?:[^{}:=]|:(?! \w+ '?\w+'? )|(?<!error)=)"
# A client that only supposes it knows nothing: "it may be overloaded".
_SUPPOSED = r"(?<!may be )(?<!might be )(?<!could be )(?<!be down or )(?<!be experiencing )"
# "Failed to connect: timed out" is an answer that did not come in time.
_NOT_IN_TIME = r"(?!(?: to [\w.:/<>-]+)?(?: port \d+)?: [\w ]{0,30}time[ _-]?d?[ _-]?out)"

# What validates our request, in our process or at the provider, and a client that validates its settings; what
# else is validated is an answer.
REQUEST_TYPE = (
    r"(?!\w*(?:answer|result|(?:response|output)(?:body|schema)?\b))"
    r"(?:\w*(?:request|body|responseformat)\w*|\w*(?:input|config|param(?:eter)?s?|options?|settings?|tools?"
    r"|declaration|schema)\b)"
)
_CLIENT_TYPE = r"\w*chat(?:openai|anthropic|google\w*|groq|bedrock\w*|vertexai)\b"

# Whom a provider blocks, and what it does to them; what it does to content is a filter's.
_ACCOUNT = "(?:account|organi[sz]ation|project|user|workspace|team|subscription)"
_BLOCKED = (
    "(?:disabled|suspended|deactivated|blocked|terminated|banned|locked|flagged|under review"
    r"|restricted(?! (?:to|from|by|in|for)\b))"
)
# What ends and breaks off by itself.
_LINE = "connection|stream|session|socket|websocket|request"

# What gateways say in Chinese. Providers and other gateways say all in English.
_CHINESE = {
    ErrorKind.BILLING: "余额|欠费|额度|充值|配额不足",
    ErrorKind.AUTH: (
        "(?:令牌|密钥|凭证|身份|签名).{0,12}(?:无效|过期|错误|不正确|不存在|失败)|无效的(?:令牌|密钥)|未授权|鉴权|认证失败|无权|权限|白名单|允许访问的列表"
    ),
    ErrorKind.HARD_MODEL: (
        "模型.{0,40}(?:不存在|已(?:停用|停止|退役|下架))|不存在的?模型|不支持的?模型|已下线|已弃用|(?:无|没有|暂无)可?用?的?渠道"
    ),
    ErrorKind.HARD_CAPABILITY: "不支持|不支援|参数.{0,20}(?:错误|无效|不合法|不正确|有误)",
    ErrorKind.TRANSIENT_PROVIDER: (
        "过载|容量.{0,4}(?:上限|不足|已满)|负载(?:已|过|较)|饱和|繁忙|挤爆|访问量过|服务(?:暂时)?不可用"
    ),
    ErrorKind.RATE_LIMIT: "限流|频率|速率限制|请求过多|过于频繁|并发.{0,4}(?:超|过|限)",
    ErrorKind.TIMEOUT: "超时",
    # "Please check the network" stands behind whatever failed.
    ErrorKind.NETWORK: (
        r"(?<!检查)(?<!检查您的)(?<!检查你的)网络|连接(?:失败(?! ?[1-5]\d\d)|中断|被)|响应中断|强迫关闭"
    ),
}

# What is stated: the first one that matches decides.
PRIMARY: tuple[Rule, ...] = (
    # No provider said it.
    Rule("own-limits", ErrorKind.HARD_CAPABILITY, "our own profile or adapter does not fit this model",
        says=r"visible output (?:text is )?empty|visible_output_tokens \d|output_tokens \d+ <=|"
        r"output_tokens \d+ not within|unsupported model_name"),
    Rule("own-lease", ErrorKind.TIMEOUT, "our own queue gave up waiting for the result",
        says="lease expired"),
    Rule("own-store", ErrorKind.UNKNOWN, "our own store or metrics failed, and the provider has answered",
        says="failed to post results to ingest api|duplicate key error|output_tokens not int"),
    # A proxy that fails or cannot connect is a failed connection. Inside a 5xx it is the provider's proxy, and a
    # firewall that numbers its attacks stands before the provider.
    Rule("own-proxy", ErrorKind.AUTH, "our own proxy or firewall denies the provider's host",
        says=r"\A(?!.*\b50[0234]\b).*?(?:tunnel connection failed: 40[37]\b|40[37] from proxy after connect|"
        r"connect tunnel failed, response 40[37]\b|proxy response \(40[37]\)|\w{0,20}proxyerror: 40[37]\b|"
        r"tunneling socket could not be established, statuscode=40[37]\b|proxy return(?:s|ed) (?:response code |'http/[\d.]+ )40[37]\b|"
        r"proxy auth(?:entication|orization) required|prevents your request from being allowed|"
        r"url could not be retrieved\b.{0,600}?access denied|"
        "cache access denied|egress proxying is denied|administrator of this proxy|"
        r"host not in allowlist:|web page blocked\b(?!.{0,300}attack id)|web filter (?:violation|block)|"
        "application control violation|fortiguard (?:intrusion|web)|your internet usage policy|"
        r"zscaler to protect you|security by zscaler|access denied \(policy_denied|system policy has denied access|"
        "because of its content categori|in accordance with (?:company|corporate) policy|"
        r"based on your (?:corporate|organi[sz]ation's) access policies|this site is blocked due to content)"),
    # An answer, whatever code comes with it.
    Rule("filtered", ErrorKind.UNKNOWN, "a filter or safety system stopped prompt or answer",
        codes="contentfilter contentfiltered contentpolicyviolation contentpolicy cyberpolicy "
        "invalidprompt prohibitedcontent blockreason datainspectionfailed "
        "responsibleaipolicyviolation guardrailintervened safetyratings promptblocked "
        "moderationblocked sensitivewordsdetected",
        says="content[ -]?(?:filter|polic|moderation|management policy)|content exists risk|"
        "(?:response|prompt|output|content|input) (?:was |is |has been )?(?:filtered|flagged|"
        "blocked)|(?<!account has been )(?<!organization has been )flagged (?:as|by|for)|"
        "safety (?:system|filter|setting)|"
        "(?:prohibited|disallowed|inappropriate|sensitive|unsafe|nsfw|harmful) (?:content|"
        "information|words)|usage (?:policy|guidelines)|new_sensitive|prompt injection|"
        r"blocked by (?:\w+ ){0,2}(?:safety|content|our|guardrail)|"
        r"(?<!disabled for )(?<!suspended for )(?<!potentially )violat(?:es|ing) our\b|"
        "(?:finish|stop)_?reason[^{}]{0,20}(?:safety|recitation|prohibited|refusal)|"
        "model (?:has )?(?:refused|declined) (?:to (?:answer|respond|comply|generate|continue)|"
        r"your prompt)\b"),
    # Names fields and parameters.
    Rule("broken-answer", ErrorKind.UNKNOWN, "the model returned an unusable response",
        says=rf"validation errors? for (?!{REQUEST_TYPE}|{_CLIENT_TYPE})_?[a-z]\w*|"
        r"without (?:any |valid ){1,2}content\b|missing finish.?reason|(?:model|it) (?:produced|"
        "generated|returned) (?:an? )?(?:invalid|malformed|empty) (?:content|output|completion|"
        "answer|json)"),
    # "too many tokens" is no rate where it speaks of one prompt.
    Rule("token-budget", ErrorKind.HARD_CAPABILITY, "the model spent our tokens before it answered",
        codes="lengthfinishreason budgetexhausted maxtokensreached",
        says="unable to complete request: max_output_tokens|token budget (?:was |"
        "is )?(?:exhausted|spent)|because max_tokens|incomplete_details|"
        r"finish_?reason'?[:=(] ?'?length|reached (?:its|the|your) (?:\w+ )?token limit before"),
    Rule("too-long", ErrorKind.HARD_CAPABILITY, "longer than the model takes",
        codes="contextlengthexceeded stringabovemaxlength requesttoolarge contextwindowexceeded "
        "maxprompttokensexceeded contextoverflow payloadtoolarge prompttoolong "
        "requestentitytoolarge tokenslimitreached maxtokensperrequest",
        says="(?:maximum|max) (?:context|prompt|input|sequence)|context[ _](?:length|window|size|"
        r"limit|overflow)|(?:prompt|input|context|conversation|messages?)(?: \([^)]{0,30}\))? "
        r"(?:is |are )?too (?:long|large)\b|request (?:(?:entity|body|size|"
        r"is) )*too large\b(?! for)|too many (?:input |prompt )?tokens(?::| for)|"
        "input token count|input length|(?:prompt|input|sequence|"
        r"context)s? (?:tokens? )?(?:length |count )*(?:of \d+ )?exceed|"
        "reduce (?:the length of (?!max)|your prompt)|number of input tokens|"
        r"\d+ input tokens\b(?! per)|current length is \d|payload too large|size limit exceeded|"
        r"max(?:imum)?(?: of)? \d+ (?:input )?tokens (?:per|in a) request"),
    # Comes with 402, the words of a rate limit, and those of a balance.
    Rule("unpaid", ErrorKind.BILLING, "an invoice is open, or billing is switched off",
        codes="billingnotactive billingdisabled arrearage invalidpaymentinstrument "
        "accessterminatedbilling",
        says="(?:past|unpaid|outstanding|overdue) (?:due )?(?:invoice|bill|balance)|"
        "failure to pay|non-?payment|in arrears|past due|payment (?:has |was )?(?:failed|"
        "declined)|card (?:on file )?(?:(?:was|has|been|is) ){0,2}(?:declined|expired)|"
        r"billing (?:is|account|to be|has|must|not|isn't)[\w ']{0,40}(?:disabled|enabled|closed|"
        "not|active)|enable billing|account is not active"),
    Rule("balance-spent", ErrorKind.BILLING, "the balance does not cover the request",
        codes="insufficientquota insufficientbalance insufficientcredit insufficientcredits "
        "insufficientfunds insufficientuserquota creditbalanceexhausted creditbalancetoolow "
        "billinghardlimitreached billingerror paymentrequired exceededcurrentquota "
        "notenoughbalance exceededbudget budgetexceeded outofcredits creditsexhausted",
        says=r"(?:insufficient|not enough|inadequate|negative|zero|low) (?:\w+ ){0,2}(?:balance|"
        r"credits?|funds?|money|usd|diem|quota)\b|balance (?:is |was |has )?(?:been )?(?:too low|"
        r"low\b|insufficient|not (?:enough|suffic)|exhausted|depleted|negative|empty|used up|"
        "run out)|credits? (?:balance )?(?:(?:has|have|are|is|been|now|all|"
        "limit) ){0,3}(?:exhausted|depleted|used up|run out|too low|expired|insufficient|"
        r"reached)|out of (?:\w+ ){0,2}(?:funds|money|credits?|balance|usage)|"
        r"no (?:\w+ )?(?:credits|funds|balance)(?: \w+)? (?:left|remaining|available)|"
        r"pre-?pa(?:y|id)\w* (?:credit|balance|fund|quota|package)|(?:usage|package|bundle|"
        "allowance) (?:is |has been |was )?(?:used up|exhausted|depleted)"),
    Rule("spending-limit", ErrorKind.BILLING, "a spending limit is reached",
        says=r"spend(?:ing)? (?:limit|cap|quota|budget)|(?:budget|cost|credit) (?:cap|limit)\b|"
        r"monthly (?:\w+ ){0,2}(?:limit|credits?|spend|budget)\b|key limit exceeded|hard limit|"
        "(?<!token )(?<!thinking )(?<!reasoning )budget (?:has been |is |was )?(?:exceeded|"
        r"exhausted|spent|reached)|reached your (?:\w+ ){0,2}api usage limits"),
    # A host's name that is not known is no model that is not known.
    Rule("dns", ErrorKind.NETWORK, "the name could not be resolved",
        codes="enotfound eaiagain getaddrinfo gaierror nameresolution unknownhost "
        "errnamenotresolved nxdomain",
        says=r"name or service not known|name resolution(?!: ?\d)|nodename nor servname|"
        "no such host|failed to resolve|unable to determine ip address|(?:could not|couldn't|cannot|unable to) resolve (?:host|"
        r"proxy|address|domain|'?[\w-]+\.[\w-]+)|(?:dns|tcp:?) (?:error|lookup|resol|fail|server|"
        "query)|no address associated"),
    # Comes with the words of a missing model or of a denial.
    Rule("unverified", ErrorKind.AUTH, "the provider wants to know who we are first",
        says=r"(?:account|organi[sz]ation|identity|email|phone)(?: \w+)? (?:must be |"
        "needs? to be |(?:is |has )?(?:not |un)(?:been |yet )?)verified|(?:verify|"
        "complete verification of) (?:the|your) (?:account|organi[sz]ation|identity|email|"
        r"phone)\b"),
    Rule("not-enabled", ErrorKind.AUTH, "an application, an agreement or a switch in the console is missing",
        codes="servicedisabled apikeyserviceblocked modeltermsrequired modelnotopen gatedrepo",
        says="has not been used in project|api (?:is|has) (?:not|been) (?:enabled|disabled)|"
        rf"(?<!or )(?<!or your )(?<!or the )(?:{_ACCOUNT}|key) [^.]{{0,60}}?(?:does|do)(?: not|n't) have "
        "access to (?:the |this )?model|(?<!or )you (?:do not|don't) have access to the model with|"
        "gated repo|use case details|model terms\\b|terms acceptance|model access has not|"
        r"(?<!not )(?<!n't )(?<!you )accept (?:(?:the|our) (?:\w+ )?(?:terms|licen[cs]e|agreement)|tos)\b|"
        rf"{_ACCOUNT}[\w' ]{{0,40}} not (?:been )?(?:white|allow)-?listed (?:for|to use)|"
        r"your request (?:for|to) access\b[^.:{}]{0,80} is (?:pending|awaiting)|"
        "enable this model in the org"),
    # A gate before the provider's API, that never saw the key: what it says is short, its page long.
    Rule("place-refused", ErrorKind.AUTH, "a gate refuses where the request comes from, or its client",
        codes="unsupportedcountryregionterritory apikeyipaddressblocked apikeyhttpreferrerblocked",
        says=r"(?:country|region|territory|location)\b[\w ,]{0,30} not (?:supported|allowed)|"
        "unsupported (?:countr|region|territor)|not (?:available|supported) in your (?:country|"
        "region|location)|based on your location|geo[ -]?(?:restricted|blocked)\\b(?! \\w)|"
        "attention required! . cloudflare|you have been blocked|(?:request|web page) blocked|"
        "check your network settings|request not allowed|virtual network|public access is disabled|"
        # "ip address (198.51.100.24) is not in the list", "ip allowlist"; an "edge ip" is the provider's.
        r"(?<!edge )(?<!private )(?<!/)ip(?:v[46]|/token)?(?:[ _]address)?:? (?:\(?[\da-f.:/]{3,45}\)?,? )?"
        r"(?:\w+ ){0,3}?(?:(?:not|doesn't) (?:match|in the|allowed|permitted|authori[sz]ed|white)|"
        r"blocked|banned|restrict|(?:allow|access)[ -]?list|acl\b)(?!.{0,80}(?:too many|rate[ -]limit))|"
        r"unauthori[sz]ed (?:\w+ )?ip\b|requests from referr?er|prohibited by organi[sz]ation|"
        r"conditional access polic|blocked by (?:[\w']+ ){0,3}(?:network|access) polic|"
        r"not (?:white|allow)-?listed|permissiondeniederror: error code: 0000$|reference #\d+\.\w+\."),
    Rule("wrong-host", ErrorKind.AUTH, "our project or key is served by another host or region",
        codes="incorrecthostname",
        says=r"incorrect regional host ?name|invalid hostname: (?:<m>|\S*aiplatform)|scoped to a valid region|"
        "restrictendpointusage"),
    # Says "not available" and "no longer available" of a model that is there, elsewhere.
    Rule("wrong-region", ErrorKind.HARD_CAPABILITY, "the model is not served in the region that we call",
        says=r"\A(?!.*(?:\bretired\b|end of (?:its )?life|decommission|discontinued)).*?\b(?:(?<!temporarily )(?:not|"
        r"isn't|no longer) (?:\w+ ){0,2}?(?:servable|served|supported|available|offered|hosted)|unavailable) in "
        r"(?!your\b|any\b|all\b)(?:[\w<>-]+ ){0,2}?(?:region|location)s?\b"
        rf"(?!.{{0,60}}(?:demand|capacity|again|retry|temporar))(?=.*{MODEL})|"
        r"(?:model|<m>)'? (?:is )?only (?:available|supported|offered|served) in (?:[\w<>-]+ ){0,3}?"
        r"(?:region|location)s?\b"),
    # Names the API's methods, too.
    Rule("not-found-for-api-version", ErrorKind.HARD_MODEL, "the API does not know this model",
        says="is not found for api version"),
    # The model is there, elsewhere: comes with 404 and `model_not_found`.
    Rule("other-endpoint-wanted", ErrorKind.HARD_CAPABILITY, "this model is served another way",
        codes="unsupportedapiformodel operationnotsupported unknownoperation "
        "unsupportedoperation unimplemented",
        says="only (?:supported|available) (?:in|with|via|through|on|at|"
        r"using) (?:the )?'?/?(?:v1/)?(?:responses|chat|completions|messages|\w+ api)|(?:needs|"
        r"requires) the (?:\w+ ){1,2}(?:api|endpoint)\b|(?<!to )use (?:the )?'?/?v1/(?:responses|"
        "chat/|completions|messages)|not an? (?:valid )?(?:chat|completions?|text|"
        "text generation|multimodal|vision|language|instruct|embeddings?|generative|"
        r"chat completion|reasoning)s? model|only [\w -]{1,30} models? (?:can|may|is|are)\b|"
        "(?:use|using|used|call|with) an? (?:base|embeddings?|chat|completions?|instruct|image|"
        r"audio) model (?:with|on|in|through|via|for) (?:the )?(?:[\w/]+ )?(?:api|endpoint)|"
        r"operation does not work with|not implemented|unknown (?:\w+ )?action|(?:not|cannot|"
        "can't) (?:be )?(?:accessible|accessed|called|served|used|supported|available|"
        r"invoked) (?:via|through|with|in|by|on|over|using) (?:the |this )?[\w/'.-]{1,40}[ "
        r"/]?(?:api|endpoint|predict|completions|mode\b|method|operation)|not supported (?:for|"
        r"by|in|on) (?:the )?(?:\w+ )?(?:api|endpoint|task|format|operation|method|streaming|"
        r"\w+content)\b|(?:unsupported|not supported) for (?!models?\b|provider|(?:this|"
        "your) (?:account|region|project|organi[sz]ation|location|country|plan|request|"
        r"environment|tier|workspace|key))\w|on-demand throughput|api (?:was|has been|is|"
        "will be) (?:now )?(?:removed|retired|deprecated|sunset|shut|discontinued)|(?:endpoint|"
        r"route|(?:api|anthropic|schema|header)[ -]version)(?:, [\w ]{0,24})?:? "
        r"(?:'?[\w/.<>-]+'? )?(?:was|has been|is) (?:now )?(?:removed|retired|deprecated|"
        "no longer)|(?:legacy|deprecated) (?:api|sdk)|no endpoints? (?:found )?(?:that (?:can |"
        "could )?(?:support|handle)|matching your|with|supporting)"),
    # No API has seen the request: the gateway before it answers, and names no model.
    Rule("no-route", ErrorKind.TRANSIENT_PROVIDER, "the provider's gateway has no route for the request",
        says=r"no (?:route|api|route and no api) (?:matched|found) with those values|"
        r"404[ :-]{1,3}(?:no such app\b|(?:page|route|web ?site|application) not found)(?! for)|"
        r"'message': ?'application not found'|tunnel \S+\.\S+ not found|default backend - 404|"
        r"404 \(backend notfound|could not be found on vercel|(?:404 not found|not found</h1>).{0,80}(?:nginx|"
        r"openresty|apache)|unable to identify proxy|no context-path matches|requested route \('"),
    Rule("wrong-path", ErrorKind.HARD_CAPABILITY, "the path does not exist there: a wrong base URL or endpoint",
        codes="unknownurl",
        says="unsupported native api path|(?:unknown|unrecognized|invalid) (?:request )?(?:url|"
        "path|route|endpoint)|no handler found|no static resource|cannot (?:post|get) /|(?:page|"
        r"path|route|url|endpoint)(?: (?:post:|get:)?'?/\S{1,100})? (?:was |is )?not found|'?(?:detail|error|"
        "message)'?: ?'not found'(?! *, *'(?:type|code|status)': *'(?:model|not_found))|'(?:get|"
        r"post) /\S{1,200} http/[\d.]+' 40[45]\b|no route (?:matche[sd]|found)"),
    # A parameter is deprecated, not the model.
    Rule("unknown-parameter", ErrorKind.HARD_CAPABILITY, "a parameter that is not known, or not any more",
        codes="extraforbidden unknownparameter unsupportedparameter unsupportedvalue",
        says="unrecogni[sz]ed (?:request argument|key|field|parameter|argument|option|propert)|"
        "unexpected (?:keyword argument|parameter|field|property)|unknown[ _](?:parameter|field|"
        "name|argument|option)|extra inputs are not permitted|additional properties|"
        "(?:deprecated|no longer (?:supported|available|accepted)) (?:for|with|by|on|in) (?:this|"
        "the|your) model"),
    Rule("retired-parameter", ErrorKind.HARD_CAPABILITY, "a parameter was withdrawn, not the model",
        codes="parameterretired parameterdeprecated parameterremoved",
        says=rf"(?:(?<!model )(?:{_SETTING}) '?(?!model\b|refers)[\w.]+'?|"
        rf"(?<![\w'])'?(?!model\b)[\w.]{{1,60}}'? (?:{_SETTING}))(?: (?!models?\b)[\w']+){{0,6}}? "
        r"(?:retired|sunset|deprecated|removed|discontinued|no longer|end[ -]of[ -]life)\b"),
    # Says more than "does not exist" and than "access denied".
    Rule("retired", ErrorKind.HARD_MODEL, "the provider says that the model was withdrawn",
        codes="modeldecommissioned modeldeprecated modelretired",
        says=f"(?:model|<m>|deployment|version|engine){_STILL}{{0,90}}? (?:was|is|were|are|"
        "been) (?:now |already |being |permanently |officially )?(?:retired|sunset|discontinued|"
        "shut ?down|shut off|removed|turned off|deprecated|withdrawn|phased out|obsolete|"
        r"archived|superseded|deleted|taken down|gone)\b|decommission|we(?:'ve|"
        " have)? (?:discontinued|retired|sunset) (?!the|our|support)|end[ -]of[ -](?:its |"
        r"the )?(?:life|support|service)\b|marked by provider as legacy|no longer (?:available|"
        "offered|served|being served|accessible|exists?|hosted|active|deployed|listed|in (?:our|"
        "the|service))|(?:model|<m>)[^{}]{0,90}? (?:is|are) no longer (?:supported|maintained)",
        retired=True),
    # "... or you do not have access to it" is a hedge.
    Rule("model-not-found", ErrorKind.HARD_MODEL, "no such model",
        codes="modelnotfound modelnotavailable modelnotexist invalidmodel deploymentnotfound "
        "unknownmodel modelnotallowed modelnotsupported nosuchmodel modeldoesnotexist "
        "modelunavailable providermodelnotfound noavailablemodel unsupportedmodel",
        says="(?:model|deployment|<m>|inference profile|endpoint|engine|"
        rf"(?<!api )version){_STILL}{{0,100}}? (?:does not|doesn't|did not|do not) exist\b|"
        r"models? not exist|no such (?:model|deployment)|no (?!fallback)(?:[\w-]+ )?(?:models?|"
        r"deployment) (?:[\w'<>-]+ ){0,5}(?:found|exists?|matche[sd]|matching|named|called|"
        r"loaded|deployed|configured|installed)\b|there is no '?model(?:_?name)?'? (?:with|named|"
        r"called)|no (?:\w+ )?(?:deployments?|routes?|mapping) (?:found )?for (?:the )?(?:\w+ "
        rf")?(?:model|<m>)|(?:models?\b|deployment|<m>)(?:[ :'(<](?:(?![;,]){_STILL}){{0,80}}?)? "
        "not (?:be )?found|not found[:,]? (?:the )?'?(?:model|<m>)|not found for account|"
        "(?:could not|couldn't|cannot|can't|unable to|failed to|not (?:been )?able to) (?:find|"
        r"locate) (?:[\w-]+ ){0,5}(?:model|deployment|<m>)|'?message': ?'model: ?[^' "
        "]{1,120}(?:'|$)|404 model: |(?:invalid|unknown|unrecogni[sz]ed|incorrect|non-?existent|"
        "unavailable|wrong|bad|unexpected) (?:(?!(?:for|in|of|with|by|from|to|on|value|response|"
        r"answer) )[\w-]+ ){0,2}(?:models?|deployment)(?! (?:output|response|input|param))\b|"
        "not an? (?:valid|supported|known|recogni[sz]ed|available|allowed|public) model|"
        r"at 'modelid' failed|(?:supported|available|valid|allowed|permitted) (?:\w+ ){0,2}model "
        r"(?:names?|ids?|identifiers?) (?:are|is|include)\b"),
    # Calls itself a rate limit.
    Rule("overloaded", ErrorKind.TRANSIENT_PROVIDER, "the provider has no room, or nothing is up that could answer",
        codes="engineoverloaded modeloverloaded serveroverloaded serviceoverloaded queueexceeded "
        "capacityexceeded insufficientsystemresource noavailableworkers modelnotready "
        "modelwarming",
        says=f"{_SUPPOSED}overloaded|queue (?:is )?full|(?:at|over|out of|insufficient|no|"
        r"lack of|limited|not enough) (?:\w+ )?capacity\b|capacity (?:\w+ )?(?:exceeded|"
        f"constraint|exhausted|reached|is full)|{_SUPPOSED}(?:(?:high|heavy|peak|unusual|"
        "excessive|increased) (?:demand|load|traffic|volume))|(?:server|model|service|engine|"
        "system|instance|worker|node|replica|backend|gpu)s? (?:is |are )?(?:currently |too |"
        r"temporarily |very )?busy\b|no (?:available|healthy|active|ready) (?:worker|upstream|"
        "instance|replica|server|backend|node)|no (?:workers?|instances?|replicas?) available|"
        "circuits? (?:is )?open|currently loading|degraded function|(?:model|endpoint|server|"
        "deployment|worker|engine) (?:'?<m>'? )?(?:is )?(?:still |"
        "currently )?(?:being )?(?:loading|loaded|unloaded|warming|starting|scaling|paused|"
        r"restarting)\b(?! failed)|(?:model|engine|endpoint|server) is not (?:yet )?ready|"
        "(?:deploy|deployment|endpoint|server|instance|engine|worker) is not running"),
    # Sells credits and plans that would raise the limit.
    Rule("quota-spent", ErrorKind.RATE_LIMIT, "what a day, a week or a month allows is used up",
        says=r"(?:daily|weekly|monthly|5-hour) (?:\S+ ){0,3}(?:quota|limit)|per[ _-]?(?:day|week|"
        r"month)\b|(?:token|request|call|message|quer(?:y|ie))s?(?: limit)? ?(?:/|a|each|"
        r"every) ?(?:day|week|month)|[iort]{0,2}[rt]pd\b"),
    Rule("rate-limit", ErrorKind.RATE_LIMIT, "more at once or per unit of time than the limit",
        codes="ratelimited ratelimitexceeded ratelimitreached quotaexceeded toomanyrequests "
        "throttling throttled servicequotaexceeded requestlimitexceeded tokenquotareached "
        "requestquota tokenquota resourceexhausted usagelimitreached concurrencylimitexceeded",
        says=r"rate[ -]limit(?:s|ed|ing)?\b|throttl\w+|spike arrest|"
        r"too many (?:[a-z-]+ )?(?:requests|tokens|calls|queries|connections)\b|"
        r"too many \w+ (?:in|within) (?:a|the|this) (?:short|given|last)|(?:request|token|call|"
        r"usage) rate (?:\w+ ){0,2}(?:too|increased|exceed)|rate (?:was |is )?exceeded|(?:token|"
        "request|call|message|quer(?:y|ie))s?(?: limit)? ?(?:/|per|a|each|every) ?(?:min|hour|"
        r"second)|(?:hourly|minute) (?:\w+ ){0,2}(?:quota|limit)|per[ -](?:second|minute|hour)\b|"
        r"limited to \d+ (?:api )?(?:calls|requests)|limit of \d+ (?:requests|calls|queries)|"
        r"limit:? \d+, (?:used:? \d+, )?requested|slow down|(?:accounts?|keys?) (?:is|"
        "are) (?:currently |temporarily )?limited|resource (?:has been )?exhausted|"
        "quota exceeded for|quota (?:metric|limit|value)|concurren(?:t|"
        r"cy)[\w ]{0,20} ?(?:request|limit|connection|quota)|(?:reached|exceed\w*|max\w*|"
        r"over) [\w ]{0,30}concurrency\b|already have (?:\w+ ){1,3}in progress|usage limit|"
        "(?:hit|reached|exceeded) (?:your|the set|its|the usage) (?:(?!token|context|output|max|"
        r"time)[\w()-]+ ){0,3}limit\b|[iort]{0,2}[rt]pm\b"),
    Rule("upstream-refused", ErrorKind.AUTH, "inside a 5xx: a server behind the provider refuses the provider itself",
        says=r"\b5\d\d\b.{0,120}?upstream (?:[\w.-]+ ){0,3}?(?:returned|responded|answered|"
        r"rejected|replied)(?: with)?(?: an?)?(?: (?:http|status|code|error))* ?(?:40[13]\b|"
        r"4\d\d\b.{0,100}?(?:api key|credential|authenticat))"),
    # Comes with the words of a bad token.
    Rule("clock-refused", ErrorKind.AUTH, "the provider refuses the time in our request",
        codes="requesttimetooskewed requestexpired",
        says="iat and exp|(?:token|jwt)(?: was)? (?:used too (?:early|late)|issued in the future)|"
        "(?:clock|time)[ -]?skew|signature expired: |signature not yet (?:current|valid)|"
        "not yet valid|reasonable timeframe|request time and the current time"),
    # A client states it before any request, a provider where no key arrived; inside a 5xx it is not our key.
    Rule("unset-key", ErrorKind.AUTH, "no key is set where our client looks for it",
        says=r"\A(?!.*(?:\b5\d\d\b|(?:invalid|incorrect|expired|revoked|wrong|not valid)\b|"
        r"(?:deactivated|deleted|disabled|unauthorized|not recognized|user not found)\b.*\b(?:set|provide|add) .*"
        rf"{_KEY_VARIABLE})).*?(?<![a-z0-9_])(?:"
        r"api_key client option must be set|missing credentials\. please pass|missing key inputs argument|"
        r"could not resolve authentication method|(?:didn't|did not|must) provide an api key|no api key (?:\w+ ){0,2}(?:"
        r"provided|found|set|configured|specified|available)\b|"
        r"missing (?:\w+ )?api key\b(?! \w*(?:perm|scope))|no api_key or |api[_ ]key is (?:missing|unset|empty|"
        r"not set)(?=[.,:;]|$| or empty)|(?:set|missing|provide|add|export) (?:\w+ ){0,2}(?:environment variable:? )?"
        rf"'?{_KEY_VARIABLE}|'?{_KEY_VARIABLE}'?(?: environment variable)? (?:is |was )?(?:not (?:set|found|"
        rf"provided|configured|defined)|missing|unset|empty)\b|keyerror: '{_KEY_VARIABLE}')|"
        r"(?:illegal|invalid) header value b'(?:bearer)? ?'"),
    Rule("unsendable-key", ErrorKind.AUTH, "our key holds what no header may hold",
        says="(?:illegal|invalid) header value b'"),
    Rule("bad-key", ErrorKind.AUTH, "the key is missing, wrong or expired",
        codes="invalidapikey apikeyinvalid incorrectapikey missingapikey noapikey tokennotfound "
        "invalidauthentication invalidtoken tokenexpired expiredtoken invalidgrant invalidclient "
        "consumerinvalid unrecognizedclient invalidsignature signaturedoesnotmatch nocredentials "
        "invalidclienttokenid partialcredentials missingauthenticationtoken defaultcredentials "
        "refresherror tokenretrieval credentialretrieval profilenotfound",
        says=rf"{_BAD} (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?(?:param|in '|'))|(?:no|"
        rf"without an?|a valid) (?:\w+ )?{_CREDENTIAL}\b(?! (?:supplied )?param)|"
        rf"{_CREDENTIAL}'?(?: \w+| '[^']{{0,40}}'){{0,3}} (?:is|are|was|were|has|have|not|"
        "could not be|cannot be|isn't|must be) ?(?:been |not )?(?:invalid|incorrect|missing|"
        "expired|revoked|disabled|deleted|set|valid|found|required|verified|provided|configured|"
        f"from a valid|active|leaked|rejected|empty|unset)|{_CREDENTIAL}'?(?: header|"
        r" field)? (?:expired|revoked|invalid|missing|disabled|suspended|required|rejected)\b|"
        "(?:didn't|did not|must|please) (?:provide|supply|set|pass|specify) (?:an?|your|"
        rf"the) (?:valid )?(?:\w+ )?{_CREDENTIAL}|(?:invalid|expired|revoked|missing|"
        r"malformed) token\b(?! (?:count|limit|id|at|in)\b)|token (?:has |is |"
        r"was )?(?:been )?(?:expired|revoked|invalid)\b|unable to find token|"
        r"security token included|find a secret|key (?:\w+ ){0,4}(?:was|is|has been) (?:revoked|"
        "rotated|expired|deleted|disabled)|key (?:disabled|revoked|expired)|(?:missing|set the|"
        r"\w+_key) environment variable|\w{1,40}_(?:key|token|secret) (?:is|was) (?:not (?:set|"
        "found)|missing|unset)|user ?name or password|signature (?:expired|mismatch)|"
        "unable to locate credentials"),
    Rule("not-authenticated", ErrorKind.AUTH, "the provider does not know who is asking",
        codes="unauthenticated authenticationfailed",
        says="not authenticated|requires? authentication|not (?:signed|logged) in|please log ?in|"
        r"unregistered callers|(?:missing|invalid|bad|no|without|expected) (?:an? )?(?:\w+ "
        r")?auth(?:entication|orization)?\b|auth(?:orization)? (?:header|required)|"
        "authentication (?:failed|failure|required|fails|"
        "is required|error)|reauthenticat|(?:failed to|could not|unable to) authenticate|"
        "user not found|refresh failed"),
    Rule("plan-too-small", ErrorKind.BILLING, "the plan or its credits do not cover the request",
        says="(?:no|any|without|out of|0|zero|more|enough|buy|add|"
        r"purchase) (?:\w+ ){0,2}credits\b|exceeded (?:your |the |its )?current quota|(?:plan|"
        r"subscription|package)\b[\w ]{0,15} (?:expired|ended|inactive)|(?:requires?|"
        r"needs?) an? (?:\w+ ){0,2}(?:subscription|plan)\b|not (?:available|included) (?:with|in|"
        r"on) the [\w<> ]{0,20}plan\b|trial (?:\w+ ){0,3}(?:ended|expired|over|paused)|"
        r"upgrade (?:your|to) (?:\w+ ){0,2}(?:plan|account|subscription|plus|pro|premium)\b|"
        "payment (?:method|required)|paid (?:plan|users?|accounts?|customers?)|billed users|"
        r"wallet\b|top[ -]?up\b|add (?:more )?funds|free (?:\w+ )?(?:quota|tier|usage|allowance|"
        r"requests) (?:\w+ ){0,2}(?:used up|exhausted|exceeded|expired|ended)"),
    # Stands inside an English "Forbidden" or "Internal Server Error".
    *(
        Rule(f"localized-{kind}".replace("_", "-"), kind, "said in Chinese", says=says)
        for kind, says in _CHINESE.items()
    ),
    Rule("denied-on-resource", ErrorKind.AUTH, "the caller lacks this permission; that the resource may be missing is a hedge",
        says="denied on resource"),
    Rule("not-offered", ErrorKind.HARD_MODEL, "the provider does not offer this model, or not this way",
        says="non-serverless model|unable to access model|only available (?:as|on|through|"
        "via) an? (?:dedicated|provisioned|private)|no endpoints? (?:found|available) for|"
        f"no allowed providers|(?:model|<m>)'?{_STILL}{{0,60}}? (?:is|are|was) (?:not|"
        "currently not|un) ?(?:currently |yet )?(?:supported|available|accessible|deployed|"
        r"hosted|offered|served|enabled)(?! (?:with|when|if)\b)|unsupported model|(?:model|"
        "version) (?:'?<m>'? )?(?:(?:is|has been) (?:currently )?)?(?:disabled|offline|"
        r"unavailable)\b|(?:isn't|not) (?:available|offered) (?:in|on) (?:this|the|"
        "your) (?:region|location|account|plan|project)|not eligible for|not (?:one of|"
        rf"among) (?:the |our )?(?:\w+ )?models\b|{MODEL}"),
    Rule("account-blocked", ErrorKind.AUTH, "the provider has blocked the account",
        codes="accountdeactivated userblocked accountsuspended organizationrestricted",
        says=rf"(?<!service )(?:{_ACCOUNT}|consumer '[\w:<>-]+')(?: (?!{_LINE})[\w':<>-]+){{0,6}}? "
        rf"(?:has been|is|was|been) (?:\w+ly )?{_BLOCKED}|(?<!service )(?:account|organi[sz]ation|user)"
        rf"(?: (?!has\b|{_LINE})[\w'-]+)? {_BLOCKED}|(?:suspended|disabled) (?:your|this) (?:account|organi[sz]ation)"
        r"\b|access (?:is|was|has been) (?:terminated|suspended|restricted due)|operation: operation not allowed"),
    Rule("permission-denied", ErrorKind.AUTH, "the caller may not do this",
        codes="permissiondenied permissionerror accessdenied authorizationfailed "
        "insufficientscope insufficientpermissions accessterminated",
        says="permission[ _]?denied|(?:lack|missing|insufficient|required|without|no|necessary|"
        r"needs?)\w* (?:\w+ ){0,2}(?:permission|scope|privilege|entitlement|data action)s?\b|"
        r"(?:does not|doesn't|don't) have (?:the |sufficient )?(?:\w+ )?(?:permission|role|"
        r"authori[sz]ation)|not entitled|(?:not|don't|doesn't|no) (?:currently )?have (?:\w+ )?access|"
        "access (?:is |was |has been )?(?:denied|restricted|forbidden|blocked|terminated|suspended|"
        r"not (?:permitted|allowed|granted))|access to (?:the |this )?model\b|access to [\w ]{1,40} "
        "(?:is|was|has been) (?:restricted|denied|blocked|forbidden|disabled|revoked)|"
        r"not (?:been )?authori[sz]ed|unauthori[sz]ed|forbidden\b|not (?:allowed|"
        "permitted) to (?:access|use|sample|call|invoke|perform|make)|(?:disabled|denied|"
        r"disallowed|blocked) by (?:\w+ ){0,2}(?:organization's )?policy|policy denies|"
        rf"key\b(?! ')[\w ']{{0,30}} {_BLOCKED}|(?:{_ACCOUNT}|key)[\w ']{{0,30}} (?:restricted|paused|archived)|"
        rf"organi[sz]ation has (?:disabled|blocked)|must be verified|blocked at the {_ACCOUNT} level"),
    Rule("unsupported-parameter", ErrorKind.HARD_CAPABILITY, "parameters that do not go with this model or with each other",
        codes="unsupportedparams invalidvalue",
        says="unsupported[ _]?(?:parameter|value|field|argument|param|role|message|option|type|"
        r"format|thinking|content|media|modality|image|file|mime|input|output)|is unsupported\b|"
        "(?:not|isn't|aren't) (?:be )?(?:currently |yet )?(?:supported|enabled|available|allowed|"
        "permitted|compatible|applicable) (?:with|for|by|on|in|"
        r"when(?: using)?) (?:\w+ ){0,3}(?:models?\b|models?/|'?<m>)|mutually exclusive|"
        r"use only one|only one of |not both\b|incompatible with|(?:cannot|can't|must not|"
        r"may not|should not) be (?:set|specified|passed|included)\b"),
    Rule("value-out-of-range", ErrorKind.HARD_CAPABILITY, "a value outside of what the model takes",
        says=r"max_?(?:completion_?|output_?|new_?)?tokens?'?(?: \(?\d+\)?| of \d+)?:? (?:is too|"
        "must|should|cannot|can't|value|needs|has to|exceed|is (?:less|greater|larger|higher|"
        r"invalid|required|not)|\()|maximum tokens you requested|m(?:ax|in)imum value (?:of|for)|"
        "thinking[ _.](?:budget|level|type|mode|config)|budget_tokens|enable_thinking|"
        "reasoning[._ ]effort|reasoning (?:is )?(?:mandatory|required)|"
        "expected (?:a )?(?:value(?! at line)|number|minimum|maxlength|string(?! or bytes)|array|"
        "object|integer|boolean|one of)|must be (?:less|greater|between|in the range|in range|"
        "at least|at most|an? (?:string|number|integer|positive|boolean|list|float|array|object)|"
        "one of|either|>|<|set to)|(?<!index )out of range|maximum number of items|invalid value|"
        r"should be (?:less|greater|between|in)\b|must be -?\d"),
    Rule("malformed-request", ErrorKind.HARD_CAPABILITY, "the request does not fit the schema",
        codes="literalerror invalidparameter paramvalidation parametervalidation",
        says=r"missing (?:'?[\w.]+'? ){0,3}(?:parameter|field|argument|propert)|missing either|"
        r"field required|(?:required|missing) (?:key|field|propert|parameter)\w*|"
        r"must provide an? '?(?!api|auth|key|valid)\w+'? (?:parameter|field)|param incorrect|"
        "without its required|(?:must not|cannot|must) be (?:non-)?empty|"
        "malformed (?:input )?request|input should be |failed to (?:satisfy constraint|"
        "deserialize)|must contain the word 'json'|(?:badly|improperly) formed|"
        rf"invalid request data|validation errors? for {REQUEST_TYPE}|unable to submit request|could not parse the json body|"
        "does not match (?:the )?schema|invalid requests?(?: for| type| schema| definition|"
        rf" parameter| body|\b:)|invalid '?(?:{FEATURES})\b(?! (?:api|auth|connectioninputs|"
        r"streaminputs)|: expected| (?:\w+ ){0,2}(?:response|answer|output))|chat[ _]?template|"
        "template_error|(?:must|should) alternate|conversation must|(?:first|last) message must|"
        r"(?:unexpected|last|next) (?:\w+ )?role\b|tool_use_failed|tool-call-parser|"
        "must be followed by|without (?:a )?(?:corresponding|matching|preceding)|"
        r"provider not provided|'[\w.\[\]]+' is (?:a )?required"),
    Rule("feature-lacking", ErrorKind.HARD_CAPABILITY, "the model lacks the feature that was asked for",
        says="(?:model|<m>)'? (?:is |was )?not capable of|(?:model|<m>)'? (?:does not|"
        "doesn't) have|(?:does not|doesn't|do not|don't|cannot|can't|"
        "did not) (?:currently )?(?:support|accept|process|take|handle|allow|declare|implement|"
        r"understand)\b(?! (?:this|your|the) (?:request|region|country|location))|modalit(?:y|"
        r"ies)\b|unknown variant '|only (?:be )?(?:supported|available|allowed) (?:by|with|for|"
        r"in|when|on) |only supports?\b|(?:can|may|must|could|should) only (?:be|have|contain|"
        r"use)\b|only the default|(?:embeddings?|chat|completions?|text)[ -]only\b|"
        f"at most 0 (?:image|audio|video)|{PART}"),
    # The root of a deadline that ended its retries.
    Rule("tls", ErrorKind.NETWORK, "the TLS handshake failed",
        codes="certificateverifyfailed sslcertverification ssleof certificate unexpectedeof "
        "sslhandshake unabletogetissuercert selfsignedcertinchain depthzeroselfsignedcert",
        says="certificate[ _](?:verif|has expired|is|signed|chain|authority|unknown|required|"
        "expired|not)|(?:ssl|tls)(?:error)?: |ssl (?:handshake|routines|connection)|"
        "tls handshake|eof occurred in violation|handshake failed|self[- ]signed|"
        "unable to (?:get (?:local )?issuer|verify the first)"),
    Rule("connection-lost", ErrorKind.NETWORK, "the connection was refused or broke off",
        codes="econnrefused ehostunreach enetunreach connectionrefused newconnection "
        "endpointconnection proxyerror errnetwork errconnectionrefused errinternetdisconnected "
        "econnreset econnaborted epipe brokenpipe remotedisconnected serverdisconnected "
        "remoteprotocol incompleteread chunkedencoding transferencoding goaway connectionreset "
        "connectionaborted connectionterminated rststream errhttp2protocol",
        says="connection (?:was )?refused|actively refused|assign requested address|"
        "network is (?:unreachable|down)|no route to host|(?:cannot|can't|could not|couldn't|"
        rf"unable to|failed to) (?:connect|reach)\b{_NOT_IN_TIME}|all connection attempts failed|"
        "tunnel connection|err_(?:tunnel|proxy|network|address|internet|connection_(?:refused|"
        r"failed))\w*|connection (?:has been |is |was |to [\w.:-]+ )?(?:reset|aborted|lost|"
        "broken|closed|dropped|terminated|interrupted|shut)|broken pipe|socket hang up|"
        r"server disconnected|closed connection|other side closed|premature(?:ly)? clos\w+|"
        "stream (?:was |has been )?(?:reset|closed|disconnected|removed)|unexpected (?:eof|"
        r"end of (?:file|stream))|: eof\b|response ended prematurely|"
        "error decoding response body|transfer closed|empty reply from|err_http2|"
        r"not closed cleanly|\w+exception - connection error|stream ?reset\b|transport (?:closed|"
        "error)|state connectionstate|(?:forcibly|unexpectedly) closed|typeerror: terminated"),
    # The cause of a failed fetch.
    Rule("timed-out", ErrorKind.TIMEOUT, "no answer in time",
        codes="deadlineexceeded etimedout esockettimedout timeouterror timeoutexception "
        "readtimeout connecttimeout apitimeout headerstimeouterror pooltimeout writetimeout "
        "sockettimeout servertimeout asynciotimeout modeltimeout errconnectiontimedout "
        "gatewaytimeout requesttimeout underrheaderstimeout underrconnecttimeout "
        "underrbodytimeout",
        says=r"deadline (?:of \S{1,12} )?(?:was )?exceeded|(?:took|takes|taking|"
        "needed) (?:too long|(?:longer|more) than)|not (?:received|completed|returned|"
        r"finished) (?:in time|within|in \d)|exceed\w* (?:\w+ ){0,2}(?:allowed|maximum|max|"
        "execution|processing) time|max wait time|did not (?:respond|complete|finish|return|"
        r"receive|start|answer|reply|produce)[\w ,]{0,40} (?:in time|within|before)|"
        r"no (?:\w+ ){0,2}(?:response|answer|reply|data|tokens?|output|chunks?|events?|bytes|"
        r"activity|progress)\b(?! (?:left|available|remaining))[\w ]{0,20} (?:within|after|in|"
        r"for|since) (?:\w+ ){0,2}\d|exceed\w* (?:\w+ ){0,2}\(?\d+(?:\.\d+)? ?(?:m?s|secs?|"
        r"seconds?|mins?|minutes?)\b(?! of)|(?:stream|request|response|connection|generation|"
        r"download)\w* (?:has |is |was )?(?:stalled|hung|stuck)\b|time limit|tim(?:ed|ing|"
        r"e)[ _-]?out\b(?! ?=)(?!:? none)|\w+[ _]timeout\b(?! ?=)"),
    Rule("server-failed", ErrorKind.TRANSIENT_PROVIDER, "the provider or its gateway failed",
        codes="serviceunavailable internalserver internalfailure modelerrorexception "
        "modelstreamerrorexception enginecore enginedead asyncenginedead",
        says=r"internal server error|error (?:while )?processing your|unexpected (?:\w+ )?error "
        "(?:has |was )?(?:occurred|on|in|handling|during|while|when)|an unexpected error|(?:on|"
        r"at) our (?:side|end)\b|encountered an issue|backend error|"
        "internal error (?:has )?(?:occurred|encountered)|(?:worker|engine|server|backend|runner|"
        "pod|container|replica|instance|node) (?:process )?(?:has |was )?(?:crashed|died|exited|"
        "killed|terminated|unexpectedly)|temporarily unable|(?:failed|unable) to (?:start|launch|"
        r"spawn|initiali[sz]e) (?:\w+ ){0,3}(?:runner|engine|worker|server|backend|process|"
        r"container|instance)|out of memory|(?:more|enough) (?:\w+ )?memory|cuda error|"
        "unable to process your request|web server is returning|experiencing (?:issues|problems|"
        "difficult|technical)|service[ _](?:is )?(?:temporarily |currently )?unavailable|"
        "temporarily (?:unavailable|offline|down)|bad ?gateway|origin (?:web server|"
        "is unreachable)|invalid or incomplete response|upstream (?:error(?!:)|connect|"
        r"prematurely)|(?:for|under|undergoing) maintenance|is down\b|background loop (?:is|"
        r"has)\b|(?:may|might|could) be (?:down or )?overloaded"),
    Rule("connection-failed", ErrorKind.NETWORK, "the connection failed",
        says="fetch failed|failed to fetch|network[ _]?error|connection_error|"
        "error sending request|max retries exceeded|error (?:communicating with|connecting)|"
        "connection ?error(?:[.!]|$)|network (?:issue|problem|failure)|connection (?:failed|"
        "failure|attempt failed)"),
)  # fmt: skip
# What tells only where nothing is stated, and no HTTP status either: an SDK's classes, then general words.
_CLASSES = {
    ErrorKind.AUTH: "authenticationerror authenticationexception unauthorized forbidden",
    ErrorKind.RATE_LIMIT: "ratelimit ratelimits",
    ErrorKind.HARD_MODEL: "notfound resourcenotfound resourcedoesnotexist",
    ErrorKind.TRANSIENT_PROVIDER: "servererror apierrorinternal internalerror overloaded unavailable",
    ErrorKind.NETWORK: "connecterror readerror writeerror closeerror connectionerror "
    "socketexception clientconnector clientos clientpayload payloaderror clientconnectionreset "
    "maxretry ssl transporterror connectexception httpclient responsestreaming closedresource "
    "brokenresource sendrequest endofstream protocolerror socketerror",
}
FALLBACK: tuple[Rule, ...] = (
    Rule("unreadable-answer", ErrorKind.UNKNOWN, "the client could not read the answer",
        codes="jsondecode jsonparseerror outputparserexception jsonvalidatefailed emptyresponse "
        "badresponse parseerror apiresponsevalidationerror",
        says="not valid json|unexpected (?:token|end of json|line format)|quick accessor|"
        "(?:failed|unable) to parse|invalid json[: ](?:in|from|resp)|(?:could not|cannot|"
        r"can't) (?:be )?(?:read|parsed?|decoded?)\b|unmarshal|expecting (?:value|property name|"
        "',')|expected value at line|invalid character '|(?:invalid|malformed|bad|unexpected|"
        r"unreadable|empty) (?:\w+ )?response\b(?! (?:code|status))|response (?:body |"
        "data )?(?:is |was )?(?:invalid|malformed|truncated|incomplete|empty)|(?:contain(?:s|ed)|"
        r"has|had|with|returned) no (?:content|choices|candidates|text|output)\b|(?:no|"
        "empty) (?:content|choices|candidates|text|response) (?:in|was|were|returned|found|"
        "generated)|unable to process (?:the )?(?:input )?image"),
    Rule("client-bug", ErrorKind.UNKNOWN, "a bug on the way, not an answer of the provider",
        codes="assertionerror keyerror attributeerror indexerror nameerror zerodivisionerror "
        "modulenotfound filenotfound importerror unboundlocal unicodedecodeerror "
        "unicodeencodeerror recursionerror nullreference nullpointer statistics typeerror",
        says=r"'nonetype'|must be str\b|nil pointer|invalid literal for|values to unpack|"
        r"sequence of \d+ bytes|too many open files|type validation failed: value|"
        "index out of range|indices must be|update sequence|not json serializable"),
    *(
        Rule(f"class-{kind}".replace("_", "-"), kind, "an SDK's class for it", codes)
        for kind, codes in _CLASSES.items()
    ),
    Rule("quota", ErrorKind.RATE_LIMIT, "speaks of a quota and not of money",
        says="quota"),
    Rule("invalid-request", ErrorKind.HARD_CAPABILITY, "the provider found the request invalid and did not say more",
        codes="invalidargument validationexception unprocessableentity failedprecondition "
        "invalidrequest methodnotallowed invalidparametervalue",
        says="unprocessable|rejected (?:(?:the|your|our|this) )?(?:request|payload)"),
    Rule("not-supported", ErrorKind.HARD_CAPABILITY, "the request asks for something that is not offered",
        says="unsupported|not supported|isn't supported|not (?:be )?(?:allowed|permitted|"
        r"accepted)|required?s?\b|must\b|should (?:be|not|have|contain)\b|invalid\b|malformed|"
        f"too (?:long|short|large|small|many)|{SOME_PART}|(?:use|provide|specify|pass|supply|set|"
        "choose|include|remove) (?:(?:a|an|the|one of|at least|only|"
        rf"your) )?(?:\w+ )?(?:{FEATURES})\b|error in the prompt"),
    Rule("denied-model", ErrorKind.HARD_MODEL, "says no about the model",
        says=f"{SOME_MODEL}|(?:resource|entity) (?:was )?not found"),
    Rule("about-credentials", ErrorKind.AUTH, "speaks of credentials",
        says=r"\w*(?:api[ _-]?key|credential|authenticat|authoriz)"),
    Rule("about-the-connection", ErrorKind.NETWORK, "speaks of the connection",
        says=r"(?:connect(?:ion)?|socket|proxy|ssl)\b|terminated$|stream error"),
    Rule("about-the-server", ErrorKind.TRANSIENT_PROVIDER, "speaks of the server, or asks for another try",
        says=r"\w*upstream|server\b|unavailable|something went wrong|please retry|(?:try|"
        r"retry)(?: your request)?(?: again)? (?:later|shortly|soon|in a )|try again\b(?! with)"),
    Rule("rejected-with-words", ErrorKind.HARD_CAPABILITY, "a bad request, with a reason that no other rule knows",
        says="bad ?_?request.{0,200}?'message': ?'[a-z<][^']{15,}|"
        r"400\b.{0,200}?(?<!\w)(?!provider ret|status code|bad request|error occ|"
        "client)[a-z']+ (?:[a-z']+ ){2}[a-z']+"),
    Rule("litellm-connection", ErrorKind.NETWORK, "LiteLLM's class for whatever it does not know, and nothing else is there",
        codes="apiconnection"),
)  # fmt: skip
RULES: tuple[Rule, ...] = (*PRIMARY, *FALLBACK)
