"""The provider failed or had no room."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.TRANSIENT_PROVIDER

OVERLOADED = (
    Rule(
        "overloaded",
        KIND,
        r"(?<!may be )(?<!might be )(?<!could be )(?<!down or )overloaded|overload_error"
        r"|(?:)_overloaded|server overload|over capacity"
        r"|at (?:full |max(?:imum)? )?capacity|out of capacity|(?:insufficient|no|lack of"
        r"|limited|not enough) (?:\w+ )?capacity|insufficient[_ ](?:\w+[_ ])?resource|capacity_exceeded|capacity (?:temporarily "
        r"|currently )?(?:exceeded"
        r"|constraint|exhausted|reached|limit|is full)|queue_exceeded|queue (?:is )?full|过载|负载(?:已"
        r"|过|较)|饱和|繁忙|访问量过|服务(?:暂时)?不可用",
        "the provider has more to do than it can",
        "503 UNAVAILABLE. {'error': {'code': 503, 'message': 'The model is overloaded. Please try "
        "again later.', 'status': 'UNAVAILABLE'}}",
    ),
    Rule(
        "busy",
        KIND,
        r"(?:high|heavy|peak|unusual|excessive|increased) (?:demand|load|traffic|volume)"
        r"|(?:server|model|service|engine|system|instance|worker|node|replica|backend"
        r"|gpu)s? (?:is |are )?(?:currently |too "
        r"|temporarily |very )?busy\b|\bbusy, |try a different model",
        "the provider is busy",
        'Invalid response received from deepinfra: {"error":{"message":"Model busy, retry later"}}',
        "truefoundry/models#862",
    ),
    Rule(
        "no-worker",
        KIND,
        r"no (?:available|healthy|active) (?:worker|upstream|instance|replica|server|backend"
        r"|node)|no_available_workers|no workers|no instances? available|no replicas"
        r"|circuits? open|no ready|noavailableworker|all workers",
        "no worker is up",
        '{"error":{"type":"Service Unavailable","code":"no_available_workers","message":"No '
        'available workers (all circuits open or unhealthy)"}}',
    ),
    Rule(
        "loading",
        KIND,
        r"currently loading|(?:model|endpoint|server|deployment"
        r"|worker) (?:<m>'? )?(?:is )?(?:still )?(?:being )?(?:loading|loaded|warming|starting"
        r"|initializing|scaling|paused|restarting)|(?:model|engine|endpoint"
        r"|server) is not (?:yet )?ready|not ready for inference"
        r"|modelnotready|model (?:is |was |has been )?unloaded|cold start|(?:deploy|deployment"
        r"|endpoint|server|instance|engine|worker) is not running|degraded function"
        r"|is in (?:a )?(?:stopped|pending|failed"
        r"|degraded) state",
        "the model is not up yet",
        '{"error":"Model meta-llama/Llama-2-13b-chat is currently loading","estimated_time":20.0}',
        "huggingface/transformers#32665",
    ),
)
FAILED = (
    Rule(
        "aws-service-failed",
        KIND,
        r"serviceunavailable|internalserverexception|modelerrorexception|modelstreamerror"
        r"|internalfailure|unable to process your request|system encountered an unexpected",
        "AWS says that its service failed",
        "litellm.APIConnectionError: Bad response code, expected 200: {'status_code': 400, "
        "'headers': {':exception-type': 'serviceUnavailableException'}, 'body': "
        'b\'{"message":"Bedrock is unable to process your request."}\'}',
    ),
    Rule(
        "server-error",
        KIND,
        r"internal server error|server had an error|had an error (?:while )?processing"
        r"|internal service error"
        r"|error_internal|unexpected (?:\w+ )?error (?:has |was )?(?:occurred|on|in|handling"
        r"|during|while|when)"
        r"|an unexpected error|statuscode\.(?:internal|unknown|data_loss|aborted)"
        r"|something went wrong|(?:on|at) our (?:side|end)\b|encountered an issue"
        r"|internal (?:failure|problem|fault)|backend error"
        r"|(?:worker|engine|server|backend|runner|pod|container|replica|instance|node)"
        r" (?:has |was )?(?:crashed|died"
        r"|killed)"
        r"|having (?:trouble|issues|problems)|experiencing (?:issues|problems|difficult|technical)"
        r"|temporarily unable|(?:failed|unable) to (?:start|launch|spawn"
        r"|initiali[sz]e) (?:\w+ ){0,3}"
        r"(?:runner|engine|worker|server|backend|process|container|instance)"
        r"|enginecore|enginedead|out of memory|cuda error|device-side assert|\bnccl|cublas"
        r"|(?:requires more|not enough|insufficient) (?:\w+ )?memory"
        r"|process (?:has )?terminated|background loop (?:has|is)\b|unexpectedly stopped|worker exited"
        r"|backend (?:is )?unavailable|unknown error, 520|web server is returning|'internal'"
        r"|processing error",
        "the provider failed",
        "API Request Failed: 500 <html>\n<head><title>500 Internal Server Error</title></head>",
        "cline/cline#2848",
    ),
    Rule(
        "unavailable",
        KIND,
        r"service[ _](?:is )?(?:temporarily |currently )?unavailable"
        r"|temporarily (?:unavailable|offline|down)|(?:currently|server|backend"
        r"|model runner) (?:is )?unavailable|statuscode\.unavailable|'unavailable'"
        r"|bad ?gateway|gateway error|origin web server"
        r"|invalid or incomplete response|origin (?:is )?unreachable|upstream (?:error|connect"
        r"|prematurely)|undergoing maintenance|down for maintenance"
        r"|under maintenance|outage|is down\b|(?:may|might|could) be (?:down or )?overloaded",
        "the provider or its gateway is down",
        'HTTP 502 Bad Gateway — Cloudflare: "The origin web server returned an invalid or '
        'incomplete response to Cloudflare."',
    ),
)
