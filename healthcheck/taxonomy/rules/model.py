"""The model is gone: never there, retired, or not offered this way any more."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.HARD_MODEL

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
        r"end[ -]of[ -](?:its )?(?:life|support|service)\b|end-of-life",
        "the model has reached its end of life",
        "An error occurred (ResourceNotFoundException) when calling the InvokeModel operation: "
        "This model version has reached the end of its life. Please refer to the AWS "
        "documentation for more details.",
        "aws-samples/amazon-bedrock-ai-karaoke#21",
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
        r"decommission|model_archived|model_deprecated|modeldeprecated|deprecated_model"
        r"|model_retired|model_?eol|model_?is_?deprecated|deployment_?deprecated",
        "the provider calls the model decommissioned",
        '{"error":{"message":"The model `gemma2-9b-it` has been decommissioned and is no longer '
        'supported. Please refer to https://console.groq.com/docs/deprecations",'
        '"type":"invalid_request_error","code":"model_decommissioned"}}',
        retired=True,
    ),
    Rule(
        "retired",
        KIND,
        r"(?:model|<m>|deployment|version|engine)[^{}]{0,90}? (?:has been|have been|was|is"
        r"|were|are|been) (?:now |already |being |permanently |officially )?(?:retired|sunset"
        r"|discontinued|shut ?down|shut off|removed|turned off|deprecated|withdrawn|phased out"
        r"|taken offline|obsolete|archived)",
        "the provider says that the model was withdrawn",
        "model 'command-r-plus' was removed on September 15, 2025",
        retired=True,
    ),
    Rule(
        "no-longer-available",
        KIND,
        r"no longer (?:available|offered|served|being served|accessible|exists?|hosted|active"
        r"|deployed)|(?:model|<m>)[^{}]{0,90}? (?:is|are) no longer (?:supported|maintained)",
        "the model is no longer available",
        "This model models/gemini-2.5-flash is no longer available to new users.",
        retired=True,
    ),
)
MISSING = (
    Rule(
        "model-not-found-code",
        KIND,
        r"model_not_found|modelnotfound|model_not_available|model_not_exist|no_available_model"
        r"|invalid_model\b|deploymentnotfound|modelnotavailable|model_unavailable"
        r"|unknown_model|model_not_allowed",
        "the provider's code for a missing model",
        "Error code: 404 - {'error': {'message': 'The model `gpt-4o` does not exist or you do not "
        "have access to it.', 'type': 'invalid_request_error', 'code': 'model_not_found'}}",
        "shobrook/wut#14",
    ),
    Rule(
        "does-not-exist",
        KIND,
        r"(?:model|deployment|<m>|inference profile|endpoint|engine)[^{}]{0,100}? (?:does not"
        r"|doesn't|did not|do not) exist\b|does not exist or you|model not exist"
        r"|no such (?:model|deployment)",
        "no such model",
        '{"error":{"message":"The API deployment for this resource does not exist. If you created '
        'the deployment within the last 5 minutes, please wait a moment and try again."}}',
        "chatboxai/chatbox#861",
    ),
    Rule(
        "model-not-found",
        KIND,
        r"(?:\bmodels?\b|\bdeployment|<m>)(?:'? ?'?<m>'?|[ :'(<][^{};,]{0,80}?)? (?:was |is "
        r"|were |be |could )?not (?:be )?found|model/deployment not found"
        r"|'not_found_error', 'message': 'model|not found[:,]? (?:the )?'?(?:model|<m>)"
        r"|(?:could not|couldn't|cannot|can't|unable to|failed to) find (?:the |a "
        r"|any )?(?:model|deployment|<m>)|not found for account"
        r"|could not resolve the (?:foundation )?model|try pulling it|unable to find model",
        "no such model",
        '{"error": {"message": "Model not found gpt-image-1-mini", "type": '
        '"invalid_request_error", "param": "model", "code": null}}',
    ),
    Rule(
        "anthropic-model-missing",
        KIND,
        r"not_found_error[^{}]{0,30}'message': ?'model:|'message': ?'model: ?(?:<m>|\w)",
        "the message is nothing but the name of the missing model",
        '{"type":"error","error":{"type":"not_found_error","message":"model: claude-instant"}}',
    ),
    Rule(
        "invalid-model",
        KIND,
        r"(?:invalid|unknown|unrecognized|incorrect|non-?existent) (?:model"
        r"|deployment)(?! (?:output|response|input|param))\b|not a valid model"
        r"|model (?:identifier|id|name)? ?(?:is|was) (?:invalid|incorrect|unknown|not valid"
        r"|not recognized)|model[_ ](?:id|name|identifier)[^{}]{0,20} (?:is )?invalid"
        r"|at 'modelid' failed|is not a recognized model",
        "no model of that name",
        "Error raised by bedrock service: An error occurred (ValidationException) when calling the "
        "InvokeModel operation: The provided model identifier is invalid.",
        "aws-samples/build-an-agentic-llm-assistant#6",
    ),
)
OFFER = (
    Rule(
        "needs-dedicated-endpoint",
        KIND,
        r"non-serverless model|create and start a new dedicated endpoint"
        r"|unable to access model|not (?:available|supported) (?:on|in|for"
        r"|as) (?:the )?serverless|requires a dedicated",
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
        r"|not available for integrator",
        "no provider behind the gateway serves this model",
        "Error code: 404 - {'error': {'message': 'No endpoints found for "
        "stepfun/step-3.5-flash:free.', 'code': 404}}",
    ),
    Rule(
        "not-offered",
        KIND,
        r"(?:model|models/|<m>)'?[^{}]{0,60}? (?:is|are|was) (?:not|currently not"
        r"|un) ?(?:currently |yet )?(?:supported|available|accessible|deployed|hosted|offered"
        r"|served|enabled)(?! (?:with|when|if)\b)|(?:model|<m>)'? (?:not|un) ?(?:supported"
        r"|available|accessible|deployed)|unsupported[ _]model|model (?:is )?not allowed"
        r"|model (?:'?<m>'? )?(?:is|has been) (?:currently )?(?:disabled|offline|unavailable)"
        r"|inaccessible, and/or not deployed|not (?:been )?deployed|(?:isn't|is not"
        r"|not) available (?:in|on) (?:this|the|your) (?:region|location|account|plan|project)"
        r"|not eligible for|not in the list of (?:available|supported|allowed)",
        "the provider does not offer this model",
        "fastapi.exceptions.HTTPException: 400: Model 'meta-llama/llama-3-1-70b-instruct' is not "
        "supported",
        "IBM/eval-assist#20",
    ),
)
