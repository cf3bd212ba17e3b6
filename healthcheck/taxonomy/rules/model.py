"""The model is gone: never there, retired, or not offered this way any more."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.negation import MODEL
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.HARD_MODEL)
# What may stand between a model and what is said of it: no other object, and no other sentence,
# as in "calling model x: the project was archived".
_STILL = r"(?:[^{}:=]|:(?! \w+ \w+ )|(?<!error)=)"

UNKNOWN_TO_API = _rule(
    "not-found-for-api-version",
    "the API does not know this model",
    about="api version|listmodels",
    says="is not found for api version|call listmodels",
)
RETIRED = _rule(
    "retired",
    "the provider says that the model was withdrawn",
    codes="modeldecommissioned modeldeprecated modelretired",
    about="retire|sunset|continu|shut|remov|off|deprecat|withdraw|phase|obsolet|archiv"
    "|supersed|delet|taken|gone|decommission|legacy|end|active model|no longer",
    says=f"(?:model|<m>|deployment|version|engine){_STILL}{{0,90}}? (?:has been|have been|was|is"
    "|were|are|been) (?:now |already |being |permanently |officially )?(?:retired|sunset"
    "|discontinued|shut ?down|shut off|removed|turned off|deprecated|withdrawn|phased out|obsolete"
    r"|archived|superseded|deleted|taken down|gone)\b|decommission|we(?:'ve| have)?"
    " (?:discontinued|retired|sunset) (?!the|our|support)|end[ -]of[ -](?:its |the )?(?:life"
    r"|support|service)\b|marked by provider as legacy|upgrade to an active model|no longer"
    " (?:available|offered|served|being served|accessible|exists?|hosted|active|deployed|listed|in"
    " (?:our|the|service))|(?:model|<m>)[^{}]{0,90}? (?:is|are) no longer (?:supported|maintained)",
    retired=True,
)
MISSING = _rule(
    "model-not-found",
    "no such model",
    codes="modelnotfound modelnotavailable modelnotexist invalidmodel deploymentnotfound"
    " unknownmodel modelnotallowed modelnotsupported nosuchmodel modeldoesnotexist"
    " modelunavailable providermodelnotfound noavailablemodel unsupportedmodel",
    about="exist|no |not found|not be found|not_found|not able|find|locate|pulling|invalid"
    "|unknown|recogni|incorrect|unavailable|wrong|bad |unexpected|valid|not a"
    "|at 'modelid|model name|model id|': 'model|':'model|404 model",
    says="(?:model|deployment|<m>|inference profile|endpoint|engine|(?<!api"
    rf" )version){_STILL}{{0,100}}? (?:does not|doesn't|did not|do not) exist\b|does not exist or"
    r" you|models? not exist|no such (?:model|deployment)|no (?!fallback)(?:[\w-]+ )?(?:models?"
    r"|deployment) (?:[\w'<>-]+ ){0,5}(?:found|exists?|matche[sd]|matching|named|called|loaded"
    r"|deployed|configured|installed)\b|there is no '?model(?:_?name)?'? (?:with|named|called)|no"
    r" (?:\w+ )?(?:deployments?|routes?|mapping) (?:found )?for (?:the )?(?:\w+ )?(?:model|<m>)"
    rf"|(?:models?\b|deployment|<m>)(?:'? ?'?<m>'?|[ :'(<](?:(?![;,]){_STILL}){{0,80}}?)? (?:was "
    "|is |were |be |could )?not (?:be )?found|model/deployment not found|not found[:,]? (?:the"
    " )?'?(?:model|<m>)|not found for account|try pulling it|(?:could not|couldn't|cannot|can't"
    r"|unable to|failed to|not (?:been )?able to) (?:find|locate) (?:[\w-]+ ){0,5}(?:model"
    "|deployment|<m>)|not_found_error[^{}]{0,30}'message': ?'model: |'?message': ?'model: ?[^'"
    " ]{1,120}(?:'|$)|404 model: |(?:invalid|unknown|unrecogni[sz]ed|incorrect|non-?existent"
    "|unavailable|wrong|bad|unexpected) (?:(?!(?:for|in|of|with|by|from|to|on|value|response"
    r"|answer) )[\w-]+ ){0,2}(?:models?|deployment)(?! (?:output|response|input|param))\b|not an?"
    " (?:valid|supported|known|recogni[sz]ed|available|allowed|public) model|model (?:identifier"
    "|id|name)? ?(?:is|was) (?:invalid|incorrect|wrong|unknown|not valid|not recogni[sz]ed)"
    r"|model[_ ](?:id|name|identifier)[^{}]{0,20} (?:is )?invalid\b(?! json)|at 'modelid' failed"
    r"|(?:supported|available|valid|allowed|permitted) (?:\w+ ){0,2}model (?:names?|ids?"
    r"|identifiers?) (?:are|is|include)\b",
)
OFFER = _rule(
    "not-offered",
    "the provider does not offer this model, or not this way",
    about="dedicated|endpoint|provider|integrator|support|availab|unable to acc|accessible|deploy"
    f"|host|offer|served|serverless|enabled|disabled|offline|eligible|models|version|{MODEL}",
    says="non-serverless model|new dedicated endpoint|unable to access model|requires a dedicated"
    "|only available (?:as|on|through|via) an? (?:dedicated|provisioned|private)|no endpoints?"
    " (?:found|available) for|no allowed providers|supported by any provider|not supported by"
    " provider|not available for integrator|inference provider information|(?:model|models/"
    f"|<m>)'?{_STILL}{{0,60}}? (?:is|are|was) (?:not|currently not|un) ?(?:currently |yet"
    " )?(?:supported|available|accessible|deployed|hosted|offered|served|enabled)(?! (?:with|when"
    r"|if)\b)|(?:model|<m>)'? (?:not|un) ?(?:supported|available|accessible|deployed)|unsupported"
    " model|(?:model|version) (?:'?<m>'? )?(?:(?:is|has been) (?:currently )?)?(?:disabled|offline"
    r"|unavailable)\b|not (?:been )?deployed|(?:isn't|not) (?:available|offered) (?:in|on) (?:this"
    "|the|your) (?:region|location|account|plan|project)|not eligible for|not (?:one of|among)"
    rf" (?:the |our )?(?:\w+ )?models\b|{MODEL}",
)
