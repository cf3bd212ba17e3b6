"""The way to the provider: names, certificates, connections, waiting."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

# "Failed to connect: timed out" is an answer that did not come in time.
_NOT_IN_TIME = r"(?!(?: to [\w.:/<>-]+)?(?: port \d+)?: [\w ]{0,30}time[ _-]?d?[ _-]?out)"

WIRE = (
    Rule(
        "dns",
        ErrorKind.NETWORK,
        "the name could not be resolved",
        codes="enotfound eaiagain getaddrinfo gaierror nameresolution unknownhost "
        "errnamenotresolved nxdomain",
        about="lookup|resol|name or service|nodename|dns|no such host|address associated|host lookup",
        says=r"name or service not known|name resolution|nodename nor servname|no such host"
        r"|failed to resolve|(?:could not|couldn't|cannot|unable to) resolve (?:host|proxy|address"
        r"|domain|'?[\w-]+\.[\w-]+)|(?:dns|tcp:?) (?:error|lookup|resol|fail|server|query)"
        r"|failed host lookup|no address associated|temporary failure in name",
    ),
)
NETWORK = (
    Rule(
        "tls",
        ErrorKind.NETWORK,
        "the TLS handshake failed",
        codes="certificateverifyfailed sslcertverification ssleof certificate unexpectedeof "
        "sslhandshake unabletogetissuercert selfsignedcertinchain depthzeroselfsignedcert",
        about="certificate|ssl|tls|x509|handshake|bad record|self-signed|self signed|issuer",
        says=r"certificate[ _](?:verif|has expired|is|signed|chain|authority|unknown|required"
        r"|expired|not)|(?:ssl|tls)(?:error)?: |ssl\]|ssl (?:handshake|routines|connection)"
        r"|tls handshake|eof occurred in violation|x509|bad record mac|handshake failed"
        r"|self[- ]signed|unable to (?:get (?:local )?issuer|verify the first)",
    ),
    Rule(
        "refused",
        ErrorKind.NETWORK,
        "nobody took the connection",
        codes="econnrefused ehostunreach enetunreach connectionrefused newconnection "
        "endpointconnection proxyerror errnetwork errconnectionrefused errinternetdisconnected",
        about="err_|refused|assign requested|network is|no route|establish|connect|reach|tunnel",
        says=r"connection (?:was )?refused|actively refused|assign requested address|network is"
        r" (?:unreachable|down)|no route to host|host is (?:unreachable|down)|failed to establish a"
        r" new connection|(?:cannot|can't|could not|couldn't|unable to|failed to) (?:connect|reach)"
        rf"\b{_NOT_IN_TIME}|all connection attempts failed|tunnel connection"
        r"|err_(?:tunnel|proxy|network|address|internet|connection_(?:refused|failed))\w*",
    ),
    Rule(
        "reset",
        ErrorKind.NETWORK,
        "the connection broke off",
        codes="econnreset econnaborted epipe brokenpipe remotedisconnected serverdisconnected "
        "remoteprotocol incompleteread chunkedencoding transferencoding goaway connectionreset "
        "connectionaborted connectionterminated rststream errhttp2protocol unexpectedeoferror",
        about="connection|pipe|hang up|disconnected|closed|read|stream|transport|eof|ended",
        says=r"connection (?:has been |is |was |to [\w.:-]+ )?(?:reset|aborted|lost|broken|closed"
        r"|dropped|terminated|interrupted|shut)|broken pipe|socket hang up|server disconnected"
        r"|remote (?:end|host) closed|peer closed|closed connection|other side closed"
        r"|premature(?:ly)? clos\w+|incomplete (?:chunked )?read|stream (?:was |has been )?(?:reset"
        r"|closed|disconnected|removed)|unexpected (?:eof|end of (?:file|stream))|: eof\b"
        r"|response ended prematurely|error decoding response body|not closed cleanly"
        r"|disconnected before|stream ?reset\b|transport (?:closed|error)|state connectionstate"
        r"|socket (?:was )?closed|(?:forcibly|unexpectedly) closed|typeerror: terminated",
    ),
)
TIMEOUT = (
    Rule(
        "deadline",
        ErrorKind.TIMEOUT,
        "the time that was given ran out",
        codes="deadlineexceeded",
        about="deadline|time|long|more than|stalled|hung|stuck|within|after|exceed|received",
        says=r"deadline (?:of \S{1,12} )?(?:was )?exceeded|gateway time-?out|upstream (?:request )?time"
        r"|(?:took|takes|taking|needed) (?:too long|(?:longer|more) than)|longer than \d+ ?s"
        r"|not (?:received|completed|returned|finished) (?:in time|within|in \d)"
        r"|exceed\w* (?:\w+ ){0,2}(?:time limit|(?:allowed|maximum|max|execution|processing) time)"
        r"|max wait time|did not (?:respond|complete|finish|return|receive|start|answer|reply"
        r"|produce)[\w ,]{0,40} (?:in time|within|before)"
        r"|no (?:\w+ ){0,2}(?:response|answer|reply|data|tokens?|output|chunks?|events?|bytes"
        r"|activity|progress)\b(?! (?:left|available|remaining))[\w ]{0,20} (?:within|after|in|for"
        r"|since) (?:\w+ ){0,2}\d|exceed\w* (?:\w+ ){0,2}\(?\d+(?:\.\d+)? ?(?:m?s|secs?|seconds?"
        r"|mins?|minutes?)\b(?! of)|(?:stream|request|response|connection|generation|download)\w*"
        r" (?:has |is |was )?(?:stalled|hung|stuck)\b|time limit",
    ),
    Rule(
        "timed-out",
        ErrorKind.TIMEOUT,
        "no answer in time",
        codes="etimedout esockettimedout timeouterror timeoutexception readtimeout "
        "readtimeouterror connecttimeout connecttimeouterror apitimeout apitimeouterror "
        "headerstimeouterror pooltimeout writetimeout sockettimeout servertimeout "
        "sockettimeoutexception readtimeoutexception asynciotimeout modeltimeout "
        "errconnectiontimedout gatewaytimeout requesttimeout underrheaderstimeout "
        "underrconnecttimeout underrbodytimeout",
        about="tim",
        says=r"tim(?:ed|ing|e)[ _-]?out\b(?! ?=)(?!:? none)|und_err_\w+_timeout"
        r"|\w+[ _]timeout\b(?! ?=)",
    ),
)
WRAPPED = (
    Rule(
        "connection-failed",
        ErrorKind.NETWORK,
        "the connection failed",
        about="fetch|network|connection|sending request|retries|communicating|connecting",
        says=r"fetch failed|failed to fetch|network[ _]?error|connection_error|error sending request"
        r"|max retries exceeded|error (?:communicating with|connecting)|the connection errored"
        r"|connection ?error(?:[.!]|$)|network (?:issue|problem|failure|connection)"
        r"|connection (?:failed|failure|attempt failed)|check your (?:internet|network)",
    ),
)
