"""The way to the provider: names, certificates, connections, waiting."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.NETWORK)
# "Failed to connect: timed out" is an answer that did not come in time.
_NOT_IN_TIME = r"(?!(?: to [\w.:/<>-]+)?(?: port \d+)?: [\w ]{0,30}time[ _-]?d?[ _-]?out)"

WIRE = _rule(
    "dns",
    "the name could not be resolved",
    codes="enotfound eaiagain getaddrinfo gaierror nameresolution unknownhost"
    " errnamenotresolved nxdomain",
    about="lookup|resol|name|dns|tcp|no such host|address associated",
    says="name or service not known|name resolution|nodename nor servname|no such host"
    "|failed to resolve|(?:could not|couldn't|cannot|unable to) resolve (?:host|proxy"
    r"|address|domain|'?[\w-]+\.[\w-]+)|(?:dns|tcp:?) (?:error|lookup|resol|fail|server"
    "|query)|failed host lookup|no address associated|temporary failure in name",
)
NETWORK: tuple[Rule, ...] = (
    _rule(
        "tls",
        "the TLS handshake failed",
        codes="certificateverifyfailed sslcertverification ssleof certificate unexpectedeof"
        " sslhandshake unabletogetissuercert selfsignedcertinchain depthzeroselfsignedcert",
        about="certificate|ssl|tls|x509|handshake|record mac|signed|issuer|eof|verify",
        says="certificate[ _](?:verif|has expired|is|signed|chain|authority|unknown|required"
        "|expired|not)|(?:ssl|tls)(?:error)?: |ssl (?:handshake|routines|connection)"
        "|tls handshake|eof occurred in violation|x509|bad record mac|handshake failed"
        "|self[- ]signed|unable to (?:get (?:local )?issuer|verify the first)",
    ),
    _rule(
        "connection-lost",
        "the connection was refused or broke off",
        codes="econnrefused ehostunreach enetunreach connectionrefused newconnection"
        " endpointconnection proxyerror errnetwork errconnectionrefused errinternetdisconnected"
        " econnreset econnaborted epipe brokenpipe remotedisconnected serverdisconnected"
        " remoteprotocol incompleteread chunkedencoding transferencoding goaway connectionreset"
        " connectionaborted connectionterminated rststream errhttp2protocol unexpectedeoferror",
        about="unexpected|prematur|decod|terminated|empty reply|err_|refused|assign requested|network is|no route|establish|connect|reach|tunnel"
        "|pipe|hang up|closed|read|stream|transport|eof|ended",
        says="connection (?:was )?refused|actively refused|assign requested address|network is"
        " (?:unreachable|down)|no route to host|failed to establish a new connection|(?:cannot"
        rf"|can't|could not|couldn't|unable to|failed to) (?:connect|reach)\b{_NOT_IN_TIME}|all"
        " connection attempts failed|tunnel connection|err_(?:tunnel|proxy|network|address"
        r"|internet|connection_(?:refused|failed))\w*|connection (?:has been |is |was |to [\w.:-]+"
        " )?(?:reset|aborted|lost|broken|closed|dropped|terminated|interrupted|shut)|broken pipe"
        "|socket hang up|server disconnected|remote (?:end|host) closed|peer closed|closed"
        r" connection|other side closed|premature(?:ly)? clos\w+|incomplete (?:chunked )?read"
        "|stream (?:was |has been )?(?:reset|closed|disconnected|removed)|unexpected (?:eof|end of"
        r" (?:file|stream))|: eof\b|response ended prematurely|error decoding response body"
        "|transfer closed|empty reply from|err_http2|not closed cleanly|disconnected before"
        r"|\w+exception - connection error"  # LiteLLM's, behind an InternalServerError of its own
        "|stream"
        r" ?reset\b|transport (?:closed|error)|state connectionstate|(?:forcibly|unexpectedly)"
        " closed|typeerror: terminated",
    ),
)
TIMEOUT = _rule(
    "timed-out",
    "no answer in time",
    kind=ErrorKind.TIMEOUT,
    codes="deadlineexceeded etimedout esockettimedout timeouterror timeoutexception"
    " readtimeout readtimeouterror connecttimeout connecttimeouterror apitimeout"
    " apitimeouterror headerstimeouterror pooltimeout writetimeout sockettimeout"
    " servertimeout sockettimeoutexception readtimeoutexception asynciotimeout"
    " modeltimeout errconnectiontimedout gatewaytimeout requesttimeout"
    " underrheaderstimeout underrconnecttimeout underrbodytimeout",
    about="deadline|tim|long|stalled|hung|stuck|within|exceed|not |no |more than|within|before",
    says=r"deadline (?:of \S{1,12} )?(?:was )?exceeded|gateway time-?out|upstream (?:request"
    r" )?time|(?:took|takes|taking|needed) (?:too long|(?:longer|more) than)|longer than \d+ ?s"
    r"|not (?:received|completed|returned|finished) (?:in time|within|in \d)|exceed\w* (?:\w+"
    " ){0,2}(?:time limit|(?:allowed|maximum|max|execution|processing) time)|max wait time|did not"
    r" (?:respond|complete|finish|return|receive|start|answer|reply|produce)[\w ,]{0,40} (?:in"
    r" time|within|before)|no (?:\w+ ){0,2}(?:response|answer|reply|data|tokens?|output|chunks?"
    r"|events?|bytes|activity|progress)\b(?! (?:left|available|remaining))[\w ]{0,20} (?:within"
    r"|after|in|for|since) (?:\w+ ){0,2}\d|exceed\w* (?:\w+ ){0,2}\(?\d+(?:\.\d+)? ?(?:m?s|secs?"
    r"|seconds?|mins?|minutes?)\b(?! of)|(?:stream|request|response|connection|generation"
    r"|download)\w* (?:has |is |was )?(?:stalled|hung|stuck)\b|time limit|tim(?:ed|ing|e)["
    r" _-]?out\b(?! ?=)(?!:? none)|und_err_\w+_timeout|\w+[ _]timeout\b(?! ?=)",
)
WRAPPED = _rule(
    "connection-failed",
    "the connection failed",
    about="fetch|network|connection|sending request|retries|communicating|connecting",
    says="fetch failed|failed to fetch|network[ _]?error|connection_error|error sending request"
    "|max retries exceeded|error (?:communicating with|connecting)|the connection errored"
    "|connection ?error(?:[.!]|$)|network (?:issue|problem|failure)|connection (?:failed|failure"
    "|attempt failed)",
)
