"""More requests or tokens than allowed per unit of time."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.RATE_LIMIT)

RATE = _rule(
    "rate-limit",
    "more at once or per unit of time than the limit",
    codes="ratelimited ratelimitexceeded ratelimitreached quotaexceeded toomanyrequests"
    " throttling throttled servicequotaexceeded requestlimitexceeded tokenquotareached"
    " requestquota tokenquota resourceexhausted usagelimitreached"
    " concurrencylimitexceeded",
    about="rate|too |throttl|per|/|pm|pd|limit|slow|quota|exhaust|concurren|usage|progress|each"
    "|every|min|day|spike|predict|simult|hour|second|month",
    says=r"rate[ -]limit(?:s|ed|ing)?\b|throttl\w+|spike arrest"
    r"|too many (?:[a-z-]+ )?(?:requests|tokens|calls|queries|connections)\b"
    r"|too many \w+ (?:in|within) (?:a|the|this) (?:short|given|last)"
    r"|(?:request|token|call|usage) rate (?:\w+ ){0,2}(?:too|increased|exceed)"
    "|rate (?:was |is )?exceeded|(?:token|request|call|message|quer(?:y"
    "|ie))s?(?: limit)? ?(?:/|per|a|each|every) ?(?:min|day|hour|second|month)"
    r"|(?:i|o)?tpm\b|r?tpd\b|rp[md]\b|(?:daily|hourly|weekly|per-minute|minute"
    r"|5-hour) (?:\w+ ){0,2}(?:quota|limit)|per[ -](?:second|minute|hour|day)\b"
    r"|limited to \d+ (?:api )?(?:calls|requests)"
    r"|limit of \d+ (?:requests|calls|queries)|limit:? \d+, (?:used:? \d+, )?requested"
    "|request too large for|slow down|(?:accounts?|keys?) (?:is|are) (?:currently |temporarily )?limited|resource (?:has been )?exhausted"
    "|quota exceeded for|quota (?:metric|limit|value)|quota will reset"
    r"|online_prediction_requests|concurren(?:t|cy)[\w ]{0,20} ?(?:request|limit"
    r"|connection|quota)|(?:reached|exceed\w*|max\w*|over) [\w ]{0,30}concurrency\b"
    r"|already have (?:\w+ ){1,3}in progress|maximum usage size|simultaneous request"
    "|usage limit|(?:hit|reached|exceeded) (?:your|the set|its|the usage) (?:(?!token"
    r"|context|output|max|time)[\w()-]+ ){0,3}limit\b|limit reached .{0,40}reset"
    "|limit . resets",
)
