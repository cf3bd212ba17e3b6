"""The way to the provider: names, certificates, connections, waiting."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

# "Failed to connect: timed out" is an answer that did not come in time.
_NOT_IN_TIME = r"(?!(?: to [\w.:/<>-]+)?(?: port \d+)?: [\w ]{0,30}time[ _-]?d?[ _-]?out)"

# A name that is not known is never a model or a part of the request.
NAMES = (
    Rule(
        "dns",
        ErrorKind.NETWORK,
        r"getaddrinfo|\benotfound|eai_again|name or service not known|name resolution"
        r"|nodename nor servname|failed to resolve|(?:could not|couldn't"
        r"|cannot) resolve (?:host|proxy|address|domain|'?[\w-]+\.[\w-]+)|unknownhost"
        r"|no such host|dial tcp: lookup|dns (?:error|lookup|resol|fail|server|query)|failed host lookup"
        r"|no address associated|nameresolutionerror|could not contact dns"
        r"|err_name_not_resolved|dnsexception|nxdomain|temporary failure in name"
        r"|unable to resolve host|name does not resolve|gaierror|unresolvedaddress|dns:"
        r"|server (?:dns )?address could not be found",
        "the name could not be resolved",
        "httpx.ConnectError: [Errno -3] Temporary failure in name resolution",
    ),
)
NETWORK = (
    Rule(
        "tls",
        ErrorKind.NETWORK,
        r"certificate[ _]verif|(?:)certificateerror|sslcertverification|sslerror|\[ssl|ssl: "
        r"|ssl handshake|tls handshake (?:fail|err)|tls: |self[- ]signed"
        r"|unable to get (?:local )?issuer|unable_to_verify|unable_to_get_issuer"
        r"|certificate has expired|cert_has_expired|depth_zero|x509|sslexception|sslhandshake"
        r"|wrong version number|unexpected_eof|eof occurred in violation|bad record mac"
        r"|ssl connection could not|certificate (?:is|signed|chain|authority|unknown|required"
        r"|expired|not)|pkix path|err_tls|err_ssl|ssl routines|tlsv1|invalid peer certificate"
        r"|handshakeexception|schannel|remote certificate|handshake failed"
        r"|unable to verify the first",
        "the TLS handshake failed",
        "litellm.APIError: APIError: OpenrouterException - [SSL: CERTIFICATE_VERIFY_FAILED] "
        "certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1028).",
        "BerriAI/litellm#9848",
    ),
    Rule(
        "refused",
        ErrorKind.NETWORK,
        r"connection (?:was )?refused|econnrefused|actively refused|assign requested address"
        r"|network is (?:unreachable"
        r"|down)|ehostunreach|enetunreach|no route to host|host is (?:unreachable|down)"
        r"|failed to establish a new connection|(?:cannot|can't|could not|couldn't|unable to"
        rf"|failed to) connect\b{_NOT_IN_TIME}|could not connect to the endpoint"
        r"|endpointconnectionerror|all connection attempts failed|newconnectionerror"
        r"|tunnel connection|proxyerror|err_connection_refused|connection attempt failed"
        r"|failedtoopensocket|(?:cannot|can't|could not|couldn't|unable to|failed to) reach\b"
        r"|no internet|err_internet"
        r"|net::err_(?!name)|err_network\b|err_(?:tunnel|proxy|network|address)_\w+"
        r"|destination host|client(?:connector)?error: cannot connect",
        "nobody took the connection",
        "Error: connect ECONNREFUSED 127.0.0.1:11434",
    ),
    Rule(
        "reset",
        ErrorKind.NETWORK,
        r"connection (?:has been |is |was |to [\w.:-]+ )?(?:reset|aborted|lost|broken|closed"
        r"|dropped|terminated|interrupted|shut)|econnreset|econnaborted|epipe\b|broken pipe"
        r"|socket hang up|server disconnected|remote end closed|remote host closed"
        r"|remotedisconnected|peer closed|closed connection|incomplete (?:chunked )?read"
        r"|other side closed|und_err_socket|premature close|incompleteread|chunkedencoding"
        r"|remoteprotocolerror|connection broken|stream (?:was |has been )?(?:reset|closed"
        r"|disconnected)|unexpected (?:eof|end of (?:file|stream|input))"
        r"|response ended prematurely|transferencoding|forcibly closed|forced the closure|强迫关闭"
        r"|connection ended"
        r"|socket (?:closed|was closed|is closed)|closed by (?:the )?(?:remote|server|peer"
        r"|foreign)|typeerror: terminated|stream removed|goaway|rst_stream|incomplete envelope"
        r"|transport (?:closed|error|connection)|unexpectedly closed|not closed cleanly"
        r"|disconnected before"
        r"|\beof: |serverdisconnected|connection ?terminated|stream ?reset\b|state connectionstate"
        r"|http2?protocolerror|stream ended(?! without)"
        r"|underlying connection was closed|err_connection_(?:reset|closed)|err_http2"
        r"|(?:)protocolerror|: eof\b|stream disconnected|stream error: stream id",
        "the connection broke off",
        "APIConnectionError: GeminiException - Server disconnected without sending a response.",
    ),
)
TIMEOUT = (
    Rule(
        "deadline",
        ErrorKind.TIMEOUT,
        r"deadline[ _]?(?:was )?exceeded|deadline of|deadline expired|deadline has elapsed"
        r"|gateway time-?out|gateway_timeout|upstream (?:request )?time"
        r"|operation was (?:aborted due to timeout|canceled due to)"
        r"|request was cancell?ed due to|httpclient\.timeout|client\.timeout|(?:took|takes|taking"
        r"|needed) too long"
        r"|not (?:received|completed|returned|finished) (?:in time|within|in \d)"
        r"|exceed\w* (?:\w+ ){0,2}(?:time limit|(?:allowed|maximum|max|execution"
        r"|processing) time)\b"
        r"|(?:time limit|wait time) (?:was |has been )?(?:exceeded|reached)|took (?:longer"
        r"|more) than|deadline reached|aborted after \d|longer than \d+ ?s|did not (?:respond"
        r"|complete|finish|return"
        r"|receive|start|begin|answer|reply|produce|load)[\w ,]{0,40} (?:in time|within|before)"
        r"|\bno (?:\w+ ){0,2}(?:response|answer|reply|data|tokens?|output|chunks?|events?|bytes"
        r"|activity|progress)\b(?! (?:left|available|remaining))[\w ]{0,20} (?:within|after|in|for|since) (?:\w+ ){0,2}\d"
        r"|no response (?:received )?within|exceeded (?:\w+ ){0,2}\d+(?:\.\d+)? ?(?:s|secs?|seconds?|mins?|minutes?)\b(?! of)"
        r"|(?:stream|request|response|connection|generation|download)\w* (?:has |is |was )?"
        r"(?:stalled|hung|stuck)\b|请求超时|超时",
        "the time that was given ran out",
        'Post "https://api.openai.com/v1/chat/completions": context deadline exceeded '
        "(Client.Timeout exceeded while awaiting headers)",
    ),
    Rule(
        "timed-out",
        ErrorKind.TIMEOUT,
        r"(?:)timed[ _-]?out|timing out|time[ -]out\b|timed-out|(?:read|connect|connection|request"
        r"|response|headers?|body|write|pool|idle|socket|sock_read|stream|gateway|server"
        r"|provider|call)[ _]?time-?out|timeout_error|(?:)timeouterror|(?:)timeoutexception"
        r"|etimedout"
        r"|esockettimedout|und_err_\w+_timeout|timeout (?:of|was|has|is|exceeded|error|expired"
        r"|after|awaiting|while|waiting|on|reached|occurred|period|during|for|hit)"
        r"|exceeded (?:the |its )?(?:\w+ )?timeout|apitimeout|: timeout(?![\w=])"
        r"|\btimeout: (?!\d|none)|asyncio\.timeout|due to timeout|timeout!",
        "no answer in time",
        "litellm.Timeout: APITimeoutError - Request timed out. error_str: Request timed out.",
    ),
)
WRAPPED = (
    Rule(
        "connection-failed",
        ErrorKind.NETWORK,
        r"fetch failed|network[ _]?error|connection_error|failed to fetch|error sending request"
        r"|max retries exceeded|no response received|error communicating with"
        r"|connection ?error[.!]|connection error$|i/o error on|network (?:issue|problem"
        r"|failure|connection)|the connection errored|network request failed|net/http:"
        r"|connection (?:failed|failure)|error connecting"
        r"|an error occurred while sending the request|\bload failed"
        r"|check your (?:internet|network)|网络",
        "the connection failed",
        "TypeError: fetch failed",
        "google-gemini/gemini-cli#21923",
    ),
)
