"""Values that their place tells: in a header, an address, a call or a command."""

import re

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.columns import ColumnRule
from healthcheck.redaction.encoded_secrets import decoded
from healthcheck.redaction.plausibility import (
    UUID,
    has_signs,
    is_drawn,
    is_mixed,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import Holds, holds, names_id, words

_SEPARATOR = (
    r"(?:[\"'`]?\]?\s{0,3}(?:=>|[:=])\s{0,3}[\[({]?|[\"'`],\s?|\s(?=[\"']))(?:b(?=[\"'`]))?[\"'`]?"
)
_SCHEMES = words("bearer basic token apikey api-key key negotiate ntlm oauth ssws geniekey hmac")
_IN_PARTS = words("digest aws4-hmac-sha256 hawk signature sharedaccesssignature")
# What a server asks for, not what a client sends; the next one in a list of names of headers.
_NO_TOKEN = lazy_pattern(r"(?i)(?:realm|error|scope|charset|resource_metadata)=|x-")
# Words in a row, or words and a number: no word of a sentence about bearers.
_PARTS = lazy_pattern(r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+){2,}$|[A-Za-z]+[-_.][A-Za-z0-9]*\d$")


def _authorization(match: re.Match[str]) -> bool:
    scheme, secret = (match["scheme"] or "").lower(), match["secret"]
    if scheme in _IN_PARTS or secret.lower() in _IN_PARTS | _SCHEMES or _NO_TOKEN.match(secret):
        return False
    alone = not scheme and match["end"] is not None and not secret.isalpha()
    return scheme in _SCHEMES or alone or looks_random(secret, 9 if scheme else 6)


def _bearer(match: re.Match[str]) -> bool:
    secret = match["secret"].rstrip(".")
    told = match["alone"] or (match["told"] and _PARTS.match(secret))
    return bool(told or is_mixed(secret)) and not _NO_TOKEN.match(secret)


# An address up to a password; a number is a port.
_LOGIN = r"://[^\s/:@\"'<>?#\[\]]{0,256}+:(?!\d{1,5}[/?#,;'\"`)\]}|])"
# What the names of files end with, and no domain does.
_FILES = (
    r"(?:png|jpe?g|gif|svg|webp|ico|json|ya?ml|txt|tar|gz|zip|py|js|ts|html|service|timer|socket|mount|"
    r"target|scope|slice|gguf|ggml|safetensors|onnx|bin|csv|jsonl|log|whl)\b"
)
_LEAST, _LONGEST_LABEL = 4, 40
_LABEL = lazy_pattern(r"(?:^|\s)([\w-]+) $")
# A port, and what docker publishes one as.
_PORT = lazy_pattern(r"\d{4,5}|(?:[\d.]+:)?\d{2,5}:\d{2,5}(?:/\w+)?")


def _secrets(match: re.Match[str]) -> list[str]:
    return [v for name, v in match.groupdict().items() if v and name.startswith("secret")]


def _pair(match: re.Match[str]) -> bool:
    unsure = match["secret_listed"] or match["secret_told"]
    return unsure is None or is_mixed(unsure)


def _given(match: re.Match[str]) -> bool:
    return all(len(v) >= _LEAST and not _PORT.fullmatch(v) for v in _secrets(match))


def _spoken(match: re.Match[str]) -> bool:
    sure = match.groupdict().get("sure") is not None
    return (sure or all(map(is_mixed, _secrets(match)))) and _given(match)


def _query(match: re.Match[str]) -> bool:
    value, in_query = match["secret"], match["query"] is not None
    return looks_random(value, 8 if in_query or "sig" in match[0].lower() else 16)


def _named_behind(match: re.Match[str]) -> bool:
    kind = holds(match["name"].replace(" ", "_"))
    label = _LABEL.search(match.string[max(0, match.start() - _LONGEST_LABEL) : match.start()])
    if not kind or not _given(match) or (label is not None and names_id(label[1])):
        return False
    if match["quote"]:
        return kind > Holds.SOME_KEY and is_mixed(match["secret"])
    sure = match["told"] or kind > Holds.SOME_KEY
    return bool(sure) and looks_random(match["secret_bare"], 20)


def _refused(match: re.Match[str]) -> bool:
    kind = holds(match["name"])
    return bool(kind) and (_spoken(match) if kind is Holds.SOME_KEY else _given(match))


POSITIONAL_SECRET_RULES = (
    # What an Authorization header carries, whatever its scheme.
    RedactionRule("authorization", "authorization",
        rf"(?i)authorization(?:[ _-]?header)?{_SEPARATOR}"
        r"(?:(?P<scheme>[a-z][a-z0-9-]{1,24})(?:[ \t]{1,4}|\+))?"
        r"(?P<secret>(?:(?!&[\w.-]{1,40}=)[^\s\"'`,;<>\\()\[\]{}])++)(?P<end>[\"'`]?[ ]?(?:\n|$|[,;}]))?", _authorization),
    # A bearer token outside of its header.
    RedactionRule("bearer-token", "bearer",
        r"(?i)(?P<alone>(?<=[\"'])bearer[ ](?=[^\s\"']+\s?(?:\\n)?[\"']))?(?P<told>\bbearer(?:[\s:=,]{1,3}|\+))?[\"']?(?P<secret>[a-z0-9._~+/=|-]{6,}+)",
        _bearer),
    # User and password in base64, outside of their header.
    RedactionRule("basic-auth", "basic|plain",
        r"(?i)(?:basic|plain)(?:[ \t+]{1,3}|_auth\s?[=:]\s?)[\"']?(?P<secret>[A-Za-z0-9+/_-]{8,}+={0,2})", lambda match: ":" in (decoded(match["secret"]) or "")),
    # A request that was signed can be sent again while its signature holds.
    RedactionRule("request-signature", "sign|response=",
        r"(?i)(?<![a-z])sign(?:ature(?:provided)?)?(?:[_-]?\d{1,3})?[\"']?\s{0,2}[:=>]\s{0,2}[\"']?"
        r"(?:(?:t=\d{1,12},)?(?:v\d|sha-?\d{1,3}|hmac|keyid)[=:])?"
        r"(?P<secret>[0-9a-f]{40,128}+|[a-z0-9+/]{26,27}(?:=|%3D){1,2}|[a-z0-9+/]{43}(?:=|%3D))(?![a-z0-9+/=])|response=\"(?P<secret_digest>[0-9a-f]{32})\""),
    # User and password as curl, requests and other programs take them.
    RedactionRule("user-password-pair", "-u|--user|--proxy-user|--auth|--cert|auth|basicauth|digestauth|proxyauth|ntlmauth|login|logon|credential|creds|jdbc:oracle|netloc|userinfo|authority|sshpass|mysql",
        r"(?<![\w-])(?:-u|--user|--proxy-user|--auth|-U|--cert)(?:[ =]{1,2}|\s?\\\n\s{0,8}|[\"'],\s?)[\"']?[^\s:\"']{0,128}[\"']?:[\"']?"
        r"(?P<secret_curl>[^\s\"']+)"
        r"|(?i:(?:(?:(?<![a-z])auth(?:enticate)?|(?:basic|digest|proxy|ntlm)auth|credentials?|creds)[\"']?\s{0,12}(?:[=:]\s?)?\(\s?|(?<=\.)log[io]n\(\s?(?:[a-z_.]{1,40}(?=,))?)(?:[\"'][^\"'\n]{0,128}[\"'])?,\s?)"
        r"[\"'](?P<secret_pair>[^\"'\n]+)[\"']"
        r"|(?i:(?<![a-z])auth[\"']?\s?[=:]\s?)\[\s?[\"'][^\"'\n]{0,128}[\"'],\s?[\"'](?P<secret_listed>[^\"'\n]+)[\"']\s?\]"
        r"|(?i:netloc|userinfo|authority)[\"']?\s?[:=]\s?[\"']?[^\s:@/\"']{0,128}:"
        r"(?P<secret_parsed>(?!\d{1,5}[\"'])[^\s\"'@]{4,}+)[@\"']"
        r"|(?i:sshpass\s-p|mysql\w{0,8}\s[^\n]{0,80}?\s-p(?=\S))\s?(?:(?P<quote>[\"'])(?P<secret_phrase>[^\n\"']{4,}+)(?P=quote)|(?P<secret_given>[^\s\"']{4,}+))"
        r"|(?i:(?<![a-z])(?:credentials?|creds|auth|logon|login)(?:\s?[:=]\s?|\s)[\[(\"']{0,2})[\w.@-]{2,40}(?:\s/\s|[:/])(?P<secret_told>[^\s\"'\\,;)\]}/]{6,80}+)(?![/.:])"
        r"|jdbc:oracle:thin:[^\s:@/\"']{1,128}/(?P<secret_jdbc>[^\s@/\"']+)@", _pair),
    # The value of a cookie; its attributes say nothing about anyone.
    RedactionRule("set-cookie", "set-cookie",
        rf"(?i)set-cookie{_SEPARATOR}[\w.-]{{1,80}}=(?P<secret>[^\s;,\"'\\]{{4,}}+)"),
    # What a client sends back: every pair of it.
    RedactionRule("cookie", "cookie|\ttrue\t|\tfalse\t",
        rf"(?i)(?<!set[_-])(?<![a-z0-9])cookies?{_SEPARATOR}"
        r"(?P<secret>[\w.-]{1,80}=[^\s;,\"'\\]*+(?:;\s?[\w.-]{1,80}=[^\s;,\"'\\]*+)*+"
        r"|(?<=\{)[^{}\n]{6,2000}+(?=\}))"
        # a line of a browser's file of cookies
        r"|\t(?:TRUE|FALSE)\t[^\t\n]{1,200}\t(?:TRUE|FALSE)\t\d{1,20}\t[^\t\n]{1,200}\t(?P<secret_filed>[^\s]{6,4000}+)"
        r"|(?<=<)Cookie\s[\w.-]{1,80}=(?P<secret_shown>[^\s;,\"'\\>]{6,4000}+)"),
    # Cookies that hold a session, wherever they stand.
    RedactionRule("session-cookie", "__cf|_cfuvid|cf_clearance|phpsess|jsession|session|connect.sid|csrftoken|xsrf-|awsalb|.aspxauth|__secure-|__host-",
        r"(?i)(?:(?<![\w-])(?:__cf\w+|_cfuvid|cf_clearance|\w{0,4}sess(?:ion)?id|connect\.sid|[cx]srf-?token|awsalb\w*|__(?:secure|host)-[\w.-]+|\.aspxauth)"
        r"|(?<=[\w.-][._-])session(?==[^\s;\"']{24,600}+;))=(?P<secret>[^\s;,\"'\\>?#]{6,}+)"),
    # Basic auth in a web address.
    RedactionRule("url-password", "://",
        r"(?:(?<=http)|(?<=https)|(?<=wss)|(?<=ws))" + _LOGIN + r"(?P<secret>[^\s/\"<>]{1,512}(?<![\s/]))@(?=[\w\[-])"),
    # Passwords of databases, queues and mail servers; they may hold @ and / unescaped.
    RedactionRule("uri-password", "://",
        r"(?<!http)(?<!https)(?<!wss)(?<!ws)" + _LOGIN + r"(?P<secret>(?:(?!://)[^\s\"<>?]){1,512})@(?=[\w\[%/-])"),
    # An address that was cut off behind a password: a port has no letters.
    RedactionRule("cut-password", "://",
        _LOGIN + r"(?P<secret>[^\s/@\\\"'<>]{6,256}+)(?=@?(?:\s*$|[\"']))",
        lambda match: any(map(str.isalpha, match["secret"])) and any(map(str.isdigit, match["secret"]))),
    # A token in the user's place: Sentry's DSNs, git over https.
    RedactionRule("url-token", "://",
        r"://(?P<secret>[^\s/:@\"'<>?#]{16,512}+)(?::[^\s/:@\"'<>?#]{0,512}+)?@(?=[\w-])", lambda match: looks_random(match["secret"], 12) or is_drawn(match["secret"])),
    # User and password before a host, without the scheme of an address.
    RedactionRule("pair-before-host", "@",
        r"(?<![\w./:@%-])[\w.-]{1,64}:(?P<secret>[^\s:/@\"'<>=,;(){}\[\]]{6,128}+)"
        r"@(?=\d{1,3}(?:\.\d{1,3}){3}\b|(?!v?\d)[\w-]{1,63}(?:(?:\.[\w-]{1,63}){1,4}|:\d))"
        r"|\w@(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}:(?P<secret_mailed>[^\s:/@\"'<>=,;(){}\[\]]{6,128}+)", lambda match: looks_random(match["secret"] or match["secret_mailed"], 6), anywhere=True, yields=True),
    # Addresses of people and of service accounts.
    RedactionRule("email", "@",
        r"(?<![\w.+%@-])(?<!//)(?!(?:git|hg|svn)@)(?:\w[\w.+%&'-]*+|\"[^\"\n@]{1,64}\")@(?!v?\d+\.\d+|\d{8}\.|self\.)"
        rf"(?>(?:\w(?:[\w-]{{0,61}}\w)?\.){{1,8}}(?!{_FILES})(?:[^\W\d_]{{2,24}}|xn--[a-z0-9-]{{2,40}}))"
        # org-123@github.com:acme/bench.git is a remote, q@k.transpose(…) multiplies
        r"(?![\w@]|\.\w|:[\w.-]{1,80}/|(?<=[a-z]{5})\()", anywhere=True, yields=True),
    # Keys and signatures in the query of an address.
    RedactionRule("query-key", "key=|key[|appid=|code=|sig=|signature=|auth=|session=|sid=|hmac=|ticket=|hash=|sign=|magic=|invite=",
        r"(?i)(?:(?P<query>(?<=[?&;]))(?:key|appid|code|auth|session|sid|hmac|ticket|hash|sign|magic|invite)|"
        r"(?<![a-z0-9_])(?:key|sig|signature)(?:\[\d{1,2}\])?|(?:(?<=x-amz-)|(?<=x-goog-))signature)=(?:b(?=[\"']))?[\"']?"
        r"(?P<secret>[a-z0-9._~+/%=-]{8,}+)", _query),
    # Keys as the only argument of a call, or as the last one behind a name.
    RedactionRule("credential-call", '(\'|("|login |credential|auth(|directoryentry|securestring|secretstr(|secretbytes(|__construct(|connect(|_bind(|_login(',
        r"(?:(?<=Credential)|(?<=Credentials)|(?<=SecretStr)|(?<=SecretBytes)|(?<=Token)|(?<=ApiKey)|(?<=Auth)|(?<=Client)|(?<=ClientV2)|"
        r"(?<=AI)|(?<=Anthropic)|(?<=Groq)|(?<=Together)|(?<=Mistral)|(?<=Cohere)|(?<=Cerebras)|(?<=Fireworks)|(?<=Replicate)|"
        r"(?<=login)|(?<=configure)|(?<=authenticate))\([\"'](?P<secret>(?![a-z+]{2,20}://)[^\"'\s]{12,}+)[\"']"
        r"|login\s(?:--[\w-]+\s){0,3}(?P<secret_typed>[\w.-]{20,}+)(?!/)"
        r"|(?:Credentials?|Auth|DirectoryEntry|__construct|_bind|_login|connect\([\"'][^\"'\n]{0,80}[\"'],\s{0,20}(?=[\"']))\(?"
        r"(?:[\"'][^\"'\n]{0,80}[\"'],\s{0,20}){1,3}[\"'](?P<secret_last>[^\"'\s]{6,}+)[\"']|(?:SecureString\s|Secret(?:Str|Bytes)\()b?[\"'](?P<secret_secure>[^\"'\n]{6,}+)[\"']",
        lambda match: looks_random(match["secret"] or match["secret_typed"] or "", 12) or looks_random(match["secret_last"] or "", 4) or match["secret_secure"] is not None),
    # A comparison, an entry, a comment or a message says behind a value what it is.
    RedactionRule("value-before-name", "key|token|secret|pass|pwd|cred",
        r"(?:(?P<quote>[\"'`])(?P<secret>[^\"'`\n]{4,200}+)(?P=quote)|(?<![\w+/=.:-])(?P<secret_bare>[A-Za-z0-9+/=_.-]{20,400}+)[\"'`]?)"
        r"(?:(?:\s[!=]==?|\s{1,4}\#|\s?\(|\s?:\s(?=[Ii]nvalid|[Ee]xpired|[Uu]nknown|[Bb]ad|[Ww]rong)|\s?\}?,\s{0,20}[\"'](?:name|key)[\"']\s?:)\s{0,2}[\"'`$]?(?:[\w.]{1,40}\([^()\n]{0,40}\)\.|(?:[\w-]{1,20}\s){1,2}?)?"
        r"|\s(?P<told>is|was|as)\s(?:[\w-]{1,20}\s){0,4}?|\s(?:for|from|in|via|to|while|read|taken)\s(?:[\w-]{1,20}\s){0,4}?)"
        r"[\"'`$]?(?P<name>(?:\b[\w-]{1,20}[ ])?-{0,2}[\w.-]{0,40}(?i:key|token|secret|pass|pwd|cred)[\w-]{0,20})", _named_behind, anywhere=True),
    # Pydantic repeats the value that it refuses, below the name of its field.
    RedactionRule("refused-input", "input_value=",
        r"(?m)^(?P<name>[\w.-]{1,80})\r?\n[ ]{1,8}[^\n]{0,300}?\binput_value=b?(?P<quote>[\"'])(?P<secret>(?:(?!(?P=quote))[^\n]){4,}+)", _refused, anywhere=True),
    # A parser or a shell repeats what it cannot read: a key in the wrong place, or a half of a line of .env.
    RedactionRule("unread-value", "header value|invalid literal|could not convert|name near |line |export: ",
        r"(?:invalid literal for \w{1,20}\(\)[^:\n]{0,40}:|could not convert string to \w{1,20}:|name near|[Hh]eader value:?)\s(?:b(?=[\"']))?[\"'](?P<secret>[^\"'\n\\]{8,400}+)"
        r"|(?:line \d{1,6}|export): (?P<secret_typed>[^\s:]{8,400}+): (?:command not found|bad variable name|not found|not a valid)",
        lambda match: any(looks_random(v, 12) or has_signs(v) for v in _secrets(match))),
    # A link that works for whoever has it.
    RedactionRule("path-token", "reset|invit|verif|activat|confirm|magic|hook",
        r"(?i)(?:reset|invit(?:e|ation)|verif(?:y|ication)|activat(?:e|ion)|confirm(?:ation)?|magic|hooks?(?:\.[\w.-]{3,60}(?:/[\w-]{1,20}){0,3})?)"
        r"(?:[_-][\w-]{1,20})?/(?P<secret>[a-z0-9_~-]{20,200}+)(?![\w./-]*\.[a-z])", lambda match: looks_random(match["secret"], 16) and not UUID.fullmatch(match["secret"])),
    # Whoever knows the path of a webhook may post to it.
    RedactionRule("webhook-path", "/services/t|/workflows/t|/triggers/t|/api/webhooks|/api/v|/webhookb2|/hook/|chat.googleapis|events.pagerduty|hc-ping",
        r"(?i)(?:/(?:services|workflows|triggers)/(?=T[A-Z0-9]{5,12}/[AB]?[A-Z0-9]{5,16}/)|/api/(?:v\d+/)?webhooks/(?=\d{8})|/webhookb2/|/hook/(?=[^\s?#]*\d)"
        r"|chat\.googleapis\.com/v1/spaces/[\w-]+/messages\?|events\.pagerduty\.com/integration/|hc-ping\.com/)(?P<secret>[^\s\"'<>\\)`]{8,}+)"),
    # One-letter flags mean a password with these programs only.
    RedactionRule("command-password", "mongo|docker login|podman login|az login|oc login|sqlcmd|unzip|zip|7z|redis-cli|http|ldap|snmp|net use|htpasswd",
        r"(?<!\w)(?:(?:mongo\w{0,6}|(?:docker|podman|az|oc)\slogin|sqlcmd|unzip|zip|7z)[\s\"',]{1,4}(?:[^\n]{0,200}?[\s\"'])?-[pP]"
        r"|redis-cli\s(?:[^\n]{0,200}?\s)?-a|https?\s(?:[^\n]{0,200}?\s)?-a\s{1,2}[^\s:\"']{0,128}:"
        r"|ldap\w{3,8}:?\s(?:[^\n]{0,200}?\s)?-w|snmp\w{2,8}\s(?:[^\n]{0,200}?\s)?-c|htpasswd\s-\w{0,4}b\w{0,4}\s\S{1,99}\s\S{1,64}|net\suse\s(?:[A-Za-z*]:?\s)?\\\\\S{1,200}\s(?=[^\n/]\S*\s[^\n]{0,40}/user))(?:[ =]|[\"'],\s?)?"
        r"(?!--)(?:\"(?P<secret_double>[^\"\n]+)\"|'(?P<secret_single>[^'\n]+)'|(?P<secret>[^\s\"']+))", _given),
    # Redis, SQL, IMAP, POP and FTP say the password as a word of a command.
    RedactionRule("protocol-password", 'auth |setuser |machine |\'auth\'|"auth"|masterauth |requirepass |login |user |pass |identified ',
        r"\bAUTH[ ](?:[\w.@-]{1,64}[ ])?[\"']?(?P<secret>[^\s\"'\\]{6,128}+)"
        r"|\b(?:masterauth|requirepass)[ ][\"']?(?P<secret_redis>[^\s\"'\\]{4,128}+)"
        r"|[\"'](?:AUTH[\"'],\s?|auth[\"'],\s{0,4}[\"']?args[\"']?:\s?\[\s?)(?:[\"'][^\"'\n]{0,128}[\"'],\s?)?"
        r"[\"'](?P<secret_args>[^\"'\n]{4,128}+)[\"']"
        r"|(?P<sure>\bIDENTIFIED\s(?:WITH\s\S{1,40}\s)?(?:BY|AS)\s[\"'](?P<secret_sql>[^\"'\n]{4,128}+)"
        r"|\bSETUSER\s\S{1,64}\s(?:[^\s>]{1,20}\s){0,4}>(?P<secret_acl>\S{4,128}+))"
        r"|\bLOGIN[ ][^\s,]{1,128}[ ][\"']?(?P<secret_imap>[^\s\"'\\]{6,128}+)"
        r"|(?:(?<=> )|(?<=\n)|(?<=^))PASS[ ](?P<secret_pop>[^\s\"'\\/.]{4,128}+)[ ]*\r?(?=\n|$)"
        r"|(?i:\buser(?:name)?:?\s[^\s,;]{1,128}(?:[,;]|\s/)?\s(?:and\s|with\s|the\s){0,2}pass(?:word|wd)?:?\s)(?P<secret_ftp>[^\s\"'\\,;]{4,128}+)", _spoken),
    # Values below their name: tables, CSV, the names and the values of an INSERT.
    ColumnRule("column", "key|token|secret|pass|pwd|credential", r"(?i)\)\s{0,4}(?:values|,)\s{0,4}\("),
    # A text whose start was cut off may begin with the end of a secret.
    RedactionRule("cut-value", "...|…",
        r"(?<![^\s\"'=])(?:\.{3}|…)(?P<secret>[^\s\"'`]{8,400}+)(?P<close>[\"'])?",
        lambda match: looks_random(match["secret"], 6 if match["close"] else 8) or (bool(match["close"]) and has_signs(match["secret"]))),
)  # fmt: skip
