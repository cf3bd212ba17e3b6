"""The provider failed or had no room."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.TRANSIENT_PROVIDER)
# A client that only supposes it knows nothing: "it may be overloaded".
_SUPPOSED = r"(?<!may be )(?<!might be )(?<!could be )(?<!be down or )(?<!be experiencing )"

NO_ROOM = _rule(
    "overloaded",
    "the provider has no room, or nothing is up that could answer",
    codes="engineoverloaded modeloverloaded serveroverloaded serviceoverloaded queueexceeded"
    " capacityexceeded insufficientsystemresource noavailableworkers modelnotready modelwarming",
    about="capacity|queue|busy|high|heavy|peak|unusual|excessive|increased|different model"
    "|no avail|no healthy|no active|no ready|no worker|no instance|no replica|is open"
    "|circuit|load|warming|start|scaling|paused|ready|running|degraded",
    says=f"{_SUPPOSED}overloaded|server overload|queue (?:is )?full|(?:at|over|out of|insufficient"
    r"|no|lack of|limited|not enough) (?:\w+ )?capacity\b|capacity (?:\w+ )?(?:exceeded|constraint"
    f"|exhausted|reached|is full)|{_SUPPOSED}(?:(?:high|heavy|peak|unusual|excessive|increased)"
    " (?:demand|load|traffic|volume))|(?:server|model|service|engine|system|instance|worker|node"
    r"|replica|backend|gpu)s? (?:is |are )?(?:currently |too |temporarily |very )?busy\b|busy[,.]"
    "|try a different model|no (?:available|healthy|active|ready) (?:worker|upstream|instance"
    "|replica|server|backend|node)|no (?:workers?|instances?|replicas?) available|circuits? (?:is"
    " )?open|currently loading|not ready for inference|cold start|degraded function|(?:model"
    "|endpoint|server|deployment|worker|engine) (?:'?<m>'? )?(?:is )?(?:still |currently"
    r" )?(?:being )?(?:loading|loaded|unloaded|warming|starting|scaling|paused|restarting)\b(?!"
    " failed)|(?:model|engine|endpoint|server) is not (?:yet )?ready|(?:deploy|deployment|endpoint"
    "|server|instance|engine|worker) is not running",
)
FAILED = _rule(
    "server-failed",
    "the provider or its gateway failed",
    codes="serviceunavailable internalserver internalserverexception internalfailure"
    " modelerrorexception modelstreamerrorexception internalservererror enginecore"
    " enginedead asyncenginedead",
    about="internal|had an error|processing your|backend err|cuda|crash|exited|died|kill|terminat"
    "|memory|device|able|failed to|our |stopped|issue|unexpected|web server|offline"
    "|down|gateway|origin|incomplete|upstream|mainten|overload|experienc|background",
    says="internal server error|server had an error|error (?:while )?processing your|unexpected"
    r" (?:\w+ )?error (?:has |was )?(?:occurred|on|in|handling|during|while|when)|an unexpected"
    r" error|(?:on|at) our (?:side|end)\b|encountered an issue|backend error|internal error (?:has"
    " )?(?:occurred|encountered)|(?:worker|engine|server|backend|runner|pod|container|replica"
    "|instance|node) (?:process )?(?:has |was )?(?:crashed|died|exited|killed|terminated|unexpectedly)"
    r"|temporarily unable|(?:failed|unable) to (?:start|launch|spawn|initiali[sz]e) (?:\w+"
    " ){0,3}(?:runner|engine|worker|server|backend|process|container|instance)|out of memory|(?:more|enough)"
    r" (?:\w+ )?memory|cuda error|device-side assert|process (?:has )?terminated|unexpectedly"
    " stopped|unable to process your request|system encountered an unexpected|web server is"
    " returning|'internal'|experiencing (?:issues|problems|difficult|technical)|service[ _](?:is"
    " )?(?:temporarily |currently )?unavailable|temporarily (?:unavailable|offline|down)"
    "|(?:currently|server|backend|model runner) (?:is )?unavailable|'unavailable'"
    r"|statuscode\.unavailable|bad ?gateway|gateway error|origin (?:web server|is unreachable)"
    "|invalid or incomplete response|upstream (?:error(?!:)|connect|prematurely)|(?:for|under"
    r"|undergoing) maintenance|is down\b|background loop (?:is|has)\b|(?:may|might|could) be"
    " (?:down or )?overloaded",
)
