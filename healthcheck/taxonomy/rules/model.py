"""The model is gone: never there, retired, or not offered this way any more."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import MODEL
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.HARD_MODEL
# What may stand between a model and what is said of it: no other object, and no other sentence,
# as in "calling model x: the project was archived".
_STILL = r"(?:[^{}:=]|:(?! \w+ \w+ )|(?<!error)=)"

UNKNOWN_TO_API = (
    Rule(
        "not-found-for-api-version",
        KIND,
        "the API does not know this model",
        about="api version|listmodels",
        says=r"is not found for api version|call listmodels",
    ),
)
RETIRED = (
    Rule(
        "retired",
        KIND,
        "the provider says that the model was withdrawn",
        codes="modeldecommissioned modeldeprecated modelretired",
        about="retired|sunset|discontinu|shut|removed|turned off|deprecated|withdrawn|phased out"
        "|obsolete|archived|superseded|deleted|taken down|gone|decommission|expired|legacy"
        "|end of|end-of|active model",
        says=rf"(?:model|<m>|deployment|version|engine){_STILL}{{0,90}}? (?:has been|have been|was"
        r"|is|were|are|been) (?:now |already |being |permanently |officially )?(?:retired|sunset"
        r"|discontinued|shut ?down|shut off|removed|turned off|deprecated|withdrawn|phased out"
        r"|obsolete|archived|superseded|deleted|taken down|gone)\b|decommission"
        r"|we(?:'ve| have)? (?:discontinued|retired|sunset) (?!the|our|support)"
        r"|end[ -]of[ -](?:its |the )?(?:life|support|service)\b"
        r"|marked by provider as legacy|upgrade to an active model"
        r"|(?:alpha|beta|preview|free|stealth) (?:period|phase|version)[^{}]{0,60}? (?:has |is )?"
        r"(?:ended|over|expired)\b",
        retired=True,
    ),
    Rule(
        "no-longer-available",
        KIND,
        "the model is no longer available",
        about="no longer",
        says=r"no longer (?:available|offered|served|being served|accessible|exists?|hosted|active"
        r"|deployed|listed|in (?:our|the|service))|(?:model|<m>)[^{}]{0,90}? (?:is|are) no longer"
        r" (?:supported|maintained)|we no longer (?:host|offer|serve|provide|support)",
        retired=True,
    ),
)
MISSING = (
    Rule(
        "model-not-found-code",
        KIND,
        "the provider's code for a missing model",
        codes="modelnotfound modelnotavailable modelnotexist invalidmodel deploymentnotfound "
        "unknownmodel modelnotallowed modelnotsupported nosuchmodel modeldoesnotexist "
        "modelunavailable noavailablemodel unsupportedmodel",
    ),
    Rule(
        "does-not-exist",
        KIND,
        "no such model",
        about="exist|no such|no |there is no",
        says=rf"(?:model|deployment|<m>|inference profile|endpoint|engine|(?<!api )version)"
        rf"{_STILL}{{0,100}}? (?:does not|doesn't|did not|do not) exist\b|does not exist or you"
        r"|models? not exist|no such (?:model|deployment)|no (?!fallback)(?:[\w-]+ )?(?:models?"
        r"|deployment) (?:[\w'<>-]+ ){0,5}(?:found|exists?|matche[sd]|matching|named|called|loaded"
        r"|deployed|configured|installed)\b|there is no '?model(?:_?name)?'? (?:with|named|called)"
        r"|no (?:\w+ )?(?:deployments?|routes?|mapping) (?:found )?for (?:the )?(?:\w+ )?"
        r"(?:model|<m>)",
    ),
    Rule(
        "model-not-found",
        KIND,
        "no such model",
        about="not found|not be found|not_found|not able|find|pulling",
        says=rf"(?:models?\b|deployment|<m>)(?:'? ?'?<m>'?|[ :'(<](?:(?![;,]){_STILL}){{0,80}}?)?"
        r" (?:was |is |were |be |could )?not (?:be )?found|model/deployment not found"
        r"|not found[:,]? (?:the )?'?(?:model|<m>)|not found for account|try pulling it"
        r"|(?:could not|couldn't|cannot|can't|unable to|failed to|not (?:been )?able to)"
        r" (?:find|locate) (?:[\w-]+ ){0,5}(?:model|deployment|<m>)",
    ),
    Rule(
        "anthropic-model-missing",
        KIND,
        "the message is nothing but the name of the missing model",
        about="model: ",
        says=r"not_found_error[^{}]{0,30}'message': ?'model: |'?message': ?'model: ?[^' ]{1,120}"
        r"(?:'|$)|404 model: ",
    ),
    Rule(
        "invalid-model",
        KIND,
        "no model of that name",
        about="model name|supported model|invalid|unknown|unrecogni|incorrect|existent|unavailable|wrong|valid|unexpected",
        says=r"(?:invalid|unknown|unrecogni[sz]ed|incorrect|non-?existent|unavailable|wrong|bad"
        r"|unexpected) (?:(?!(?:for|in|of|with|by|from|to|on|value|response|answer) )[\w-]+ )"
        r"{0,2}(?:models?|deployment)(?! (?:output|response|input|param))\b"
        r"|not an? (?:valid|supported|known|recogni[sz]ed|available|allowed|public) model"
        r"|model (?:identifier|id|name)? ?(?:is|was) (?:invalid|incorrect|wrong|unknown|not valid"
        r"|not recogni[sz]ed)|model[_ ](?:id|name|identifier)[^{}]{0,20} (?:is )?invalid\b(?! json)"
        r"|at 'modelid' failed|(?:supported|available|valid|allowed|permitted) (?:\w+ ){0,2}model"
        r" (?:names?|ids?|identifiers?) (?:are|is|include)\b",
    ),
)
OFFER = (
    Rule(
        "needs-dedicated-endpoint",
        KIND,
        "the provider no longer offers the model this way",
        about="serverless|dedicated|unable to access",
        says=r"non-serverless model|new dedicated endpoint|unable to access model"
        r"|not (?:available|supported) (?:on|in|for|as) (?:the )?serverless|requires a dedicated"
        r"|only available (?:as|on|through|via) an? (?:dedicated|provisioned|private)",
    ),
    Rule(
        "no-provider",
        KIND,
        "no provider behind the gateway serves this model",
        about="no endpoint|provider|integrator|allowed",
        says=r"no endpoints? (?:found|available) for|no allowed providers|supported by any provider"
        r"|not supported by provider|not available for integrator|inference provider information",
    ),
    Rule(
        "not-offered",
        KIND,
        "the provider does not offer this model",
        about="support|available|accessible|deployed|hosted|offered|served|enabled|disabled"
        "|offline|allowed|eligible|one of",
        says=rf"(?:model|models/|<m>)'?{_STILL}{{0,60}}? (?:is|are|was) (?:not|currently not|un) ?"
        r"(?:currently |yet )?(?:supported|available|accessible|deployed|hosted|offered|served"
        r"|enabled)(?! (?:with|when|if)\b)|(?:model|<m>)'? (?:not|un) ?(?:supported|available"
        r"|accessible|deployed)|unsupported model|model (?:is )?not allowed"
        r"|model (?:'?<m>'? )?(?:(?:is|has been) (?:currently )?)?(?:disabled|offline|unavailable)"
        r"\b|not (?:been )?deployed|(?:isn't|not) (?:available|offered) (?:in|on) (?:this|the|your)"
        r" (?:region|location|account|plan|project)|not eligible for"
        r"|not (?:one of|among) (?:the |our )?(?:\w+ )?models\b",
    ),
    Rule(
        "model-not-there",
        KIND,
        "whatever the words, it is the model that is not there",
        about=MODEL,
        says=MODEL,
    ),
)
