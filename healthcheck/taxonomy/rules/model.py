"""The model is gone: never there, retired, or not offered this way any more."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.HARD_MODEL
# What may stand between a model and what is said of it: no other object, and no other sentence,
# as in "calling model x: the project was archived".
_STILL = r"(?:[^{}:=]|:(?! \w+ \w+ )|(?<!error)=)"

UNKNOWN_TO_API = (
    Rule(
        "not-found-for-api-version",
        KIND,
        r"is not found for api version|call listmodels",
        "the API does not know this model",
        "404 models/gemini-pro is not found for API version v1beta, or is not supported for "
        "generateContent. Call ListModels to see the list of available models.",
    ),
)
RETIRED = (
    Rule(
        "end-of-life",
        KIND,
        r"end[ -]of[ -](?:its )?(?:life|support|service)\b|end-of-life|(?:retirement|sunset"
        r"|shutdown) date"
        r"|(?:model|<m>)'? access (?:has )?ended",
        "the model has reached its end of life",
        "{'status': False, 'message': \"The model 'meta/llama-3.1-8b-instruct' has "
        'reached its end of life on 2026-08-26T09:00:00Z and is no longer available."}',
        "sepandhaghighi/mytext#113",
        retired=True,
    ),
    Rule(
        "bedrock-legacy",
        KIND,
        r"marked by provider as legacy|upgrade to an active model",
        "a legacy model that this account did not use lately",
        "An error occurred (ResourceNotFoundException) when calling the Converse operation: Access "
        "denied. This Model is marked by provider as Legacy and you have not been actively using "
        "the model in the last 15 days. Please upgrade to an active model on Amazon Bedrock",
        "awslabs/llmeter#35",
        retired=True,
    ),
    Rule(
        "decommissioned",
        KIND,
        r"(?:)decommission|model_archived|model_deprecated|modeldeprecated|deprecated_model"
        r"|model_retired|model_?eol|model_?is_?deprecated|deployment_?deprecated"
        r"|(?:)modeldeprecat",
        "the provider calls the model decommissioned",
        '{"error":{"message":"The model `gemma2-9b-it` has been decommissioned and is no longer '
        'supported. Please refer to https://console.groq.com/docs/deprecations",'
        '"type":"invalid_request_error","code":"model_decommissioned"}}',
        retired=True,
    ),
    Rule(
        "retired",
        KIND,
        rf"(?:model|<m>|deployment|version|engine){_STILL}{{0,90}}?"
        r" (?:has been|have been|was|is"
        r"|were|are|been) (?:now |already |being |permanently |officially )?(?:retired|sunset"
        r"|discontinued|shut ?down|shut off|removed|turned off|deprecated|withdrawn|phased out"
        r"|taken offline|obsolete|archived|superseded|replaced by|delisted|unpublished|deleted"
        r"|taken down|gone)"
        r"|\bwe(?:'ve| have)? (?:discontinued|retired|deprecated|sunset|decommissioned"
        r"|withdrawn) (?!the|our|support)"
        r"|may have been retired|model(?: version|'? ?'?<m>'?)? has expired|(?:alpha|beta|preview"
        r"|free|promotional|stealth) (?:period"
        r"|phase|version)[^{}]{0,60}? (?:has |is )?(?:ended|over|expired)\b|已下线|已弃用|已废弃"
        r"|模型.{0,40}已(?:停用|停止|退役|下架)",
        "the provider says that the model was withdrawn",
        '{ "code": "400", "message": "Model meta.llama-3.1-70b-instruct 1.0.0 is retired" }',
        "oracle/ai-optimizer#263",
        retired=True,
    ),
    Rule(
        "no-longer-available",
        KIND,
        r"we (?:no longer|do not|don't) (?:host|offer|serve|provide)\b|no longer (?:available"
        r"|offered|served|being served|accessible|exists?|hosted|active"
        r"|deployed|listed|in service)|(?:model|<m>)[^{}]{0,90}? (?:is|are) no longer (?:supported"
        r"|maintained)",
        "the model is no longer available",
        "Claude Sonnet 4.5 is no longer available. Please switch to Claude Sonnet 4.6.",
        "router-for-me/CLIProxyAPI#1651",
        retired=True,
    ),
)
MISSING = (
    Rule(
        "model-not-found-code",
        KIND,
        r"model_not_found|modelnotfound|model_not_available|model_not_exist|no_available_model"
        r"|invalid_model\b|deploymentnotfound|modelnotavailable|model_unavailable"
        r"|unknown_model|model_not_allowed|model_not_supported|(?:)modelnotsupported"
        r"|unavailable_model|invalid_model_\w+|nosuchmodel|model_does_not_exist",
        "the provider's code for a missing model",
        "Error code: 404 - {'error': {'message': 'The model `gpt-4o` does not exist or you do not "
        "have access to it.', 'type': 'invalid_request_error', 'code': 'model_not_found'}}",
        "shobrook/wut#14",
    ),
    Rule(
        "does-not-exist",
        KIND,
        rf"(?:model|deployment|<m>|inference profile|endpoint|engine"
        rf"|(?<!api )version){_STILL}{{0,100}}? (?:does not"
        r"|doesn't|did not|do not) exist\b|does not exist or you|model not exist"
        r"|no such (?:model|deployment)|no (?!fallback)(?:[\w-]+ )?(?:models?"
        r"|deployment) (?:[\w'<>-]+ ){0,5}"
        r"(?:found|located|exists?|matche[sd]|matching|named|called|loaded|deployed|configured"
        r"|registered|installed)\b|模型.{0,40}不存在|no (?:\w+ )?(?:deployments?|routes?|backends?"
        r"|mapping) (?:found )?for (?:the )?(?:\w+ )?(?:model|<m>)"
        r"|不存在的模型|不存在该?模型",
        "no such model",
        '{"error":{"message":"The API deployment for this resource does not exist. If you created '
        'the deployment within the last 5 minutes, please wait a moment and try again."}}',
        "chatboxai/chatbox#861",
    ),
    Rule(
        "model-not-found",
        KIND,
        rf"(?:\bmodels?\b|\bdeployment|<m>)(?:'? ?'?<m>'?"
        rf"|[ :'(<](?:(?![;,]){_STILL}){{0,80}}?)? (?:was |is "
        r"|were |be |could )?not (?:be )?found|model/deployment not found"
        r"|'not_found_error', 'message': 'model|not found[:,]? (?:the )?'?(?:model|<m>)"
        r"|(?:could not|couldn't|cannot|can't|unable to|failed to|not (?:been )?able to) (?:find"
        r"|locate)"
        r" (?:[\w-]+ ){0,5}(?:model|deployment|<m>)|not found for account"
        r"|specified function [^{}]{0,100}not found|repository not found"
        r"|revision not found"
        r"|could not resolve the (?:foundation )?model|try pulling it|unable to find model",
        "no such model",
        '{"error": {"message": "Model not found gpt-image-1-mini", "type": '
        '"invalid_request_error", "param": "model", "code": null}}',
    ),
    Rule(
        "anthropic-model-missing",
        KIND,
        r"not_found_error[^{}]{0,30}'message': ?'model: |'message': ?'model: ?[^' ]{1,120}(?:'|$)",
        "the message is nothing but the name of the missing model",
        '{"type":"error","error":{"type":"not_found_error","message":"model: claude-instant"}}',
    ),
    Rule(
        "invalid-model",
        KIND,
        r"(?:invalid|unknown|unrecogni[sz]ed|incorrect|non-?existent|unavailable|wrong|bad)"
        r" (?:(?!(?:for|in|of|with|by|from|to|on|value|response|answer) )[\w-]+ ){0,2}(?:models?"
        r"|deployment)(?! (?:output|response|input|param))\b"
        r"|not an? (?:valid|supported|known|recogni[sz]ed|available|allowed|public) model"
        r"|model (?:identifier|id|name)? ?(?:is|was) (?:invalid|incorrect|wrong|unknown|not valid"
        r"|not recognized)|model[_ ](?:id|name|identifier)[^{}]{0,20} (?:is )?invalid\b(?! json)"
        r"|at 'modelid' failed|(?:supported|available|valid|allowed|permitted) (?:\w+ ){0,2}model"
        r" (?:names?|ids?|identifiers?) (?:are|is|include)\b|(?:unexpected|malformed|illegal) model"
        r" (?:name|id|identifier)\b|there is no '?model(?:_?name)?'? (?:with|named|called)\b",
        "no model of that name",
        "400 deepseek/deepseek-coder is not a valid model ID",
        "continuedev/continue#10758",
    ),
)
OFFER = (
    Rule(
        "needs-dedicated-endpoint",
        KIND,
        r"non-serverless model|create and start a new dedicated endpoint"
        r"|dedicated[ _]endpoint[^{}]{0,120}? not[ _]running|unable to access model"
        r"|not (?:available|supported) (?:on|in|for"
        r"|as) (?:the )?serverless|requires a dedicated"
        r"|only available (?:as|on|through|via) an? (?:dedicated|provisioned|private)",
        "the provider no longer offers the model this way",
        "Unable to access non-serverless model mistralai/Mixtral-8x7B-Instruct-v0.1. Please visit "
        "https://api.together.ai/ to create and start a new dedicated endpoint for the model.",
    ),
    Rule(
        "no-provider",
        KIND,
        r"no endpoints? (?:found|available) for|no allowed providers|supported by any provider"
        r"|no provider (?:available|found)|not supported by provider|no available (?:channel"
        r"|provider|deployment)|no providers? (?:support|offer|serv)|无可用渠道"
        r"|not available for integrator|(?:没有|无|暂无)(?:可用)?(?:的)?渠道",
        "no provider behind the gateway serves this model",
        '"No endpoints found for nousresearch/hermes-3-llama-3.1-405b:free."',
        "vyancharuk/nodejs-api-boilerplate#16",
    ),
    Rule(
        "not-offered",
        KIND,
        rf"(?:model|models/|<m>)'?{_STILL}{{0,60}}? (?:is|are|was) (?:not|currently not"
        r"|un) ?(?:currently |yet )?(?:supported|available|accessible|deployed|hosted|offered"
        r"|served|enabled)(?! (?:with|when|if)\b)|(?:model|<m>)'? (?:not|un) ?(?:supported"
        r"|available|accessible|deployed)|unsupported[ _]model|model (?:is )?not allowed"
        r"|model (?:'?<m>'? )?(?:(?:is|has been) (?:currently )?)?(?:disabled|offline|unavailable)\b"
        r"|inaccessible, and/or not deployed|not (?:been )?deployed|(?:isn't|is not"
        r"|not) available (?:in|on) (?:this|the|your) (?:region|location|account|plan|project)"
        r"|not (?:offered|served|hosted) (?:in|here|by|on)\b"
        r"|not (?:one of|among) (?:the |our )?(?:\w+ )?models\b|not eligible for"
        r"|not in the list of (?:available|supported|allowed)",
        "the provider does not offer this model",
        "fastapi.exceptions.HTTPException: 400: Model 'meta-llama/llama-3-1-70b-instruct' is not "
        "supported",
        "IBM/eval-assist#20",
    ),
    Rule(
        "model-not-there",
        KIND,
        r"<no:model>",
        "whatever the words, it is the model that is not there",
        "The model 'Publisher: , Format: OpenAI, Name: gpt-35-turbo, Version: 2024-05-13, Source: "
        ", SourceAccount: ' of account deployment is not supported.",
        "microsoft/azurechat#447",
    ),
)
