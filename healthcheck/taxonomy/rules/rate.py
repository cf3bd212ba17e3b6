"""More requests or tokens than allowed per unit of time."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.RATE_LIMIT)

RATE = _rule(
    "rate-limit",
    "more at once or per unit of time than the limit",
    codes="ratelimited ratelimitexceeded ratelimitreached quotaexceeded toomanyrequests throttling"
    " throttled servicequotaexceeded requestlimitexceeded tokenquotareached requestquota"
    " tokenquota resourceexhausted usagelimitreached concurrencylimitexceeded",
    about="rate|too |throttl|pm|pd|daily|the set|requested|limited|limit of|limit:|resets|limit reached|slow"
    "|quota|exhaust|concurren|usage|progress|your|its|min|day|spike|predict|simult"
    "|hour|week|second|month",
    says=r"rate[ -]limit(?:s|ed|ing)?\b|throttl\w+|spike arrest|too many (?:[a-z-]+ )?(?:requests"
    r"|tokens|calls|queries|connections)\b|too many \w+ (?:in|within) (?:a|the|this) (?:short"
    r"|given|last)|(?:request|token|call|usage) rate (?:\w+ ){0,2}(?:too|increased|exceed)|rate"
    " (?:was |is )?exceeded|(?:token|request|call|message|quer(?:y|ie))s?(?: limit)? ?(?:/|per|a"
    r"|each|every) ?(?:min|day|hour|second|month)|(?:i|o)?tpm\b|r?tpd\b|rp[md]\b|(?:daily|hourly"
    r"|weekly|per-minute|minute|5-hour) (?:\w+ ){0,2}(?:quota|limit)|per[ -](?:second|minute|hour"
    r"|day)\b|limited to \d+ (?:api )?(?:calls|requests)|limit of \d+ (?:requests|calls|queries)"
    r"|limit:? \d+, (?:used:? \d+, )?requested|request too large for|slow down|(?:accounts?|keys?)"
    " (?:is|are) (?:currently |temporarily )?limited|resource (?:has been )?exhausted|quota"
    " exceeded for|quota (?:metric|limit|value)|quota will reset|online_prediction_requests"
    r"|concurren(?:t|cy)[\w ]{0,20} ?(?:request|limit|connection|quota)|(?:reached|exceed\w*"
    r"|max\w*|over) [\w ]{0,30}concurrency\b|already have (?:\w+ ){1,3}in progress|maximum usage"
    " size|simultaneous request|usage limit|(?:hit|reached|exceeded) (?:your|the set|its|the"
    r" usage) (?:(?!token|context|output|max|time)[\w()-]+ ){0,3}limit\b|limit reached"
    " .{0,40}reset|limit . resets",
)
