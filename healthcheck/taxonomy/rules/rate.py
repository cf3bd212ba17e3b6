"""More requests or tokens than allowed per unit of time."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.RATE_LIMIT

RATE = (
    Rule(
        "rate-limit-code",
        KIND,
        "the provider's code for too much at once",
        codes="ratelimited ratelimitexceeded ratelimitreached quotaexceeded toomanyrequests "
        "throttling throttled servicequotaexceeded requestlimitexceeded tokenquotareached "
        "requestquota tokenquota resourceexhausted usagelimitreached concurrencylimitexceeded",
    ),
    Rule(
        "rate-limit",
        KIND,
        "more requests or tokens than the limit",
        about="rate|too many|throttl|spike",
        says=r"rate[ -]limit(?:s|ed|ing)?\b|throttl\w+|spike arrest"
        r"|too many (?:[a-z-]+ )?(?:requests|tokens|calls|queries|connections)\b"
        r"|too many \w+ (?:in|within) (?:a|the|this) (?:short|given|last)"
        r"|(?:request|token|call|usage) rate (?:\w+ ){0,2}(?:too|increased|exceed)"
        r"|rate (?:was |is )?exceeded",
    ),
    Rule(
        "per-time",
        KIND,
        "a limit per minute, hour or day",
        about="per|/|tpm|rpm|rpd|tpd|qp|daily|hour|week|minute|limit|slow|too large for|every|each",
        says=r"(?:token|request|call|message|quer(?:y|ie))s?(?: limit)? ?(?:/|per|a|each|every) ?"
        r"(?:min|day|hour|second|month)|(?:i|o)?tpm\b|r?tpd\b|rp[md]\b|qp[ms]\b"
        r"|(?:daily|hourly|weekly|per-minute|minute|5-hour) (?:\w+ ){0,2}(?:quota|limit)"
        r"|per[ -](?:second|minute|hour|day)\b|limited to \d+ (?:api )?(?:calls|requests)"
        r"|limit of \d+ (?:requests|calls|queries)|limit:? \d+, (?:used:? \d+, )?requested"
        r"|request too large for|slow down",
    ),
    Rule(
        "quota-per-time",
        KIND,
        "a quota per unit of time is used up",
        about="quota|exhausted",
        says=r"resource (?:has been )?exhausted|quota exceeded for|quota (?:metric|limit|value)"
        r"|quota will reset|online_prediction_requests",
    ),
    Rule(
        "concurrency",
        KIND,
        "too many requests at the same time",
        about="concurren|in progress|maximum usage|simultaneous",
        says=r"concurren(?:t|cy)[\w ]{0,20} ?(?:request|limit|connection|quota)|too many concurrent"
        r"|(?:reached|exceed\w*|max\w*|over) [\w ]{0,30}concurrency\b"
        r"|already have (?:\w+ ){1,3}in progress|maximum usage size|simultaneous request",
    ),
    Rule(
        "usage-window",
        KIND,
        "the usage window of a subscription is spent",
        about="limit",
        says=r"usage limit|(?:hit|reached|exceeded) (?:your|the set|its|the usage) "
        r"(?:(?!token|context|output|max|time)[\w()-]+ ){0,3}limit\b|limit reached .{0,40}reset"
        r"|limit . resets|limit will reset",
    ),
)
