"""The provider failed or had no room."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.TRANSIENT_PROVIDER
# A client that only supposes it knows nothing: "it may be overloaded".
_SUPPOSED = r"(?<!may be )(?<!might be )(?<!could be )(?<!be down or )(?<!be experiencing )"

NO_ROOM = (
    Rule(
        "overloaded",
        KIND,
        "the provider has more to do than it can",
        codes="engineoverloaded modeloverloaded serveroverloaded serviceoverloaded queueexceeded "
        "capacityexceeded insufficientsystemresource noavailableworkers",
        about="overload|capacity|queue",
        says=rf"{_SUPPOSED}overloaded|server overload|queue (?:is )?full"
        r"|(?:at|over|out of|insufficient|no|lack of|limited|not enough) (?:\w+ )?capacity\b"
        r"|capacity (?:\w+ )?(?:exceeded|constraint|exhausted|reached|is full)",
    ),
    Rule(
        "busy",
        KIND,
        "the provider is busy",
        about="busy|high|heavy|peak|unusual|excessive|increased|different model",
        says=rf"{_SUPPOSED}(?:(?:high|heavy|peak|unusual|excessive|increased) (?:demand|load"
        r"|traffic|volume))|(?:server|model|service|engine|system|instance|worker|node|replica"
        r"|backend|gpu)s? (?:is |are )?(?:currently |too |temporarily |very )?busy\b|busy[,.]"
        r"|try a different model",
    ),
    Rule(
        "not-ready",
        KIND,
        "nothing is up that could answer",
        codes="modelnotready modelwarming",
        about="no |open|load|warming|starting|scaling|paused|ready|running|degraded|cold",
        says=r"no (?:available|healthy|active|ready) (?:worker|upstream|instance|replica|server"
        r"|backend|node)|no (?:workers?|instances?|replicas?) available|circuits? (?:is )?open"
        r"|currently loading|not ready for inference|cold start|degraded function"
        r"|(?:model|endpoint|server|deployment|worker|engine) (?:'?<m>'? )?(?:is )?(?:still |currently )?"
        r"(?:being )?(?:loading|loaded|unloaded|warming|starting|scaling|paused|restarting)\b"
        r"|(?:model|engine|endpoint|server) is not (?:yet )?ready"
        r"|(?:deploy|deployment|endpoint|server|instance|engine|worker) is not running",
    ),
)
FAILED = (
    Rule(
        "server-failed",
        KIND,
        "the provider failed",
        codes="serviceunavailable internalserver internalserverexception internalfailure "
        "modelerrorexception modelstreamerrorexception internalservererror "
        "enginecore enginedead enginedeaderror",
        about="internal|error|crash|died|killed|terminated|memory|cuda|device|unable|failed to"
        "|our |unexpected|stopped|web server|issue",
        says=r"internal server error|server had an error|error (?:while )?processing your"
        r"|unexpected (?:\w+ )?error (?:has |was )?(?:occurred|on|in|handling|during|while|when)"
        r"|an unexpected error|(?:on|at) our (?:side|end)\b|encountered an issue|backend error"
        r"|internal (?:failure|service error)|internal error (?:has )?(?:occurred|encountered)"
        r"|(?:worker|engine|server|backend|runner|pod|container|replica|instance|node)"
        r" (?:process )?(?:has |was )?(?:crashed|died|killed|terminated|unexpectedly)"
        r"|temporarily unable|(?:failed|unable) to (?:start|launch|spawn|initiali[sz]e)"
        r" (?:\w+ ){0,3}(?:runner|engine|worker|server|backend|process|container|instance)"
        r"|out of memory|more (?:\w+ )?memory|cuda error|device-side assert"
        r"|process (?:has )?terminated|unexpectedly stopped|unable to process your request"
        r"|system encountered an unexpected|web server is returning|'internal'"
        r"|experiencing (?:issues|problems|difficult|technical)",
    ),
    Rule(
        "unavailable",
        KIND,
        "the provider or its gateway is down",
        about="unavailable|offline|down|gateway|origin|incomplete|upstream|maintenance|outage",
        says=r"service[ _](?:is )?(?:temporarily |currently )?unavailable"
        r"|temporarily (?:unavailable|offline|down)|(?:currently|server|backend|model runner)"
        r" (?:is )?unavailable|'unavailable'|statuscode\.unavailable|bad ?gateway|gateway error"
        r"|origin (?:web server|is unreachable)|invalid or incomplete response|upstream (?:error|connect|prematurely)"
        r"|(?:for|under|undergoing) maintenance|outage|is down\b|(?:may|might|could) be (?:down or )?overloaded",
    ),
)
