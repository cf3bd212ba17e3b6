"""The provider failed or had no room."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.TRANSIENT_PROVIDER

OVERLOADED = (
    Rule(
        "overloaded",
        KIND,
        r"overloaded|overload_error|engine_overloaded|server overload|over capacity|at (?:full |max(?:imum)? )?capacity"
        r"|out of capacity|(?:insufficient|no|lack of|limited|not enough) (?:\w+ )?capacity|capacity_exceeded|capacity (?:exceeded|constraint)"
        r"|queue_exceeded|queue is full|过载|繁忙",
        "the provider has more to do than it can",
        "503 UNAVAILABLE. {'error': {'code': 503, 'message': 'The model is overloaded. Please try "
        "again later.', 'status': 'UNAVAILABLE'}}",
    ),
    Rule(
        "busy",
        KIND,
        r"(?:high|heavy|peak|unusual|excessive|increased) (?:demand|load|traffic|volume)|(?:server|model|service|engine|system)s? (?:is |are )?"
        r"(?:currently |too |temporarily |very )?busy\b|\bbusy, |try a different model",
        "the provider is busy",
        'Invalid response received from deepinfra: {"error":{"message":"Model busy, retry later"}}',
        "truefoundry/models#862",
    ),
    Rule(
        "no-worker",
        KIND,
        r"no (?:available|healthy|active) (?:worker|upstream|instance|replica|server|backend|node)|no_available_workers|no workers"
        r"|no instances? available|no replicas|circuits? open|no ready|noavailableworker|all workers",
        "no worker is up",
        '{"error":{"type":"Service Unavailable","code":"no_available_workers","message":"No '
        'available workers (all circuits open or unhealthy)"}}',
    ),
    Rule(
        "loading",
        KIND,
        r"currently loading|(?:model|endpoint|server|deployment|worker) (?:<m>'? )?(?:is )?(?:still )?(?:being )?(?:loading|loaded|warming|starting|initializing|scaling|paused|restarting)"
        r"|model is not ready|not ready for inference|modelnotready|cold start|degraded function|is in (?:a )?(?:stopped|pending|failed|degraded) state",
        "the model is not up yet",
        '{"error":"Model meta-llama/Llama-2-13b-chat is currently loading","estimated_time":20.0}',
        "huggingface/transformers#32665",
    ),
)
FAILED = (
    Rule(
        "aws-service-failed",
        KIND,
        r"serviceunavailable|internalserverexception|modelerrorexception|modelstreamerror|internalfailure"
        r"|unable to process your request|system encountered an unexpected",
        "AWS says that its service failed",
        "litellm.APIConnectionError: Bad response code, expected 200: {'status_code': 400, "
        "'headers': {':exception-type': 'serviceUnavailableException'}, 'body': "
        "b'{\"message\":\"Bedrock is unable to process your request.\"}'}",
    ),
    Rule(
        "server-error",
        KIND,
        r"internal server error|internal_server_error|internal_error|\bserver_error|server had an error|had an error (?:while )?processing"
        r"|internal (?:service )?error|error_internal|unexpected (?:server )?error (?:has )?(?:occurred|on)|an unexpected error|statuscode\.(?:internal|unknown|data_loss|aborted)"
        r"|something went wrong|encountered an issue|enginecore|enginedead|out of memory|process (?:has )?terminated|unexpectedly stopped|worker exited|backend (?:is )?unavailable|unknown error, 520|web server is returning|'internal'|processing error",
        "the provider failed",
        "The server had an error processing your request. Sorry about that!",
    ),
    Rule(
        "unavailable",
        KIND,
        r"service[ _](?:is )?(?:temporarily |currently )?unavailable|temporarily (?:unavailable|offline|down)|(?:currently|server|backend|model runner) (?:is )?unavailable|statuscode\.unavailable"
        r"|'unavailable'|try again later|bad gateway|gateway error|origin web server|invalid or incomplete response|origin (?:is )?unreachable"
        r"|upstream (?:error|connect|failed|server|prematurely)|undergoing maintenance|down for maintenance|under maintenance|outage|is down\b",
        "the provider or its gateway is down",
        'HTTP 502 Bad Gateway — Cloudflare: "The origin web server returned an invalid or '
        'incomplete response to Cloudflare."',
    ),
)
