"""Messages that two rules claim: which one has to win, and why."""

import pytest

from healthcheck.taxonomy import classify
from healthcheck.taxonomy.classify import ranked
from healthcheck.taxonomy.evidence import cleaned

CONFLICTS = [
    (
        "the gateway's own sentence says more than the English status around it",
        "unexpected status 403 Forbidden: upstream failed; cause: 用户额度不足, 剩余额度: -0.02",
        "localized-billing",
        "permission-denied",
    ),
    (
        "quota of money, not of requests: the code says so although the class says rate limit",
        (
            "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current "
            "quota', 'type': 'insufficient_quota'}} rate_limit_exceeded"
        ),
        "balance-spent",
        "rate-limit",
    ),
    (
        "Gemini words a quota per minute like a lack of money; its metric tells",
        (
            "You exceeded your current quota, please check your plan and billing details. * Quota "
            "exceeded for metric: generate_content_free_tier_requests, limit: 0 RESOURCE_EXHAUSTED"
        ),
        "rate-limit",
        "plan-too-small",
    ),
    (
        "credits would raise the limit, yet the limit is what was hit",
        "Rate limit exceeded: free-models-per-day. Add more credits to unlock 1000 free requests",
        "quota-spent",
        "plan-too-small",
    ),
    (
        "the limit of a day is not one of a rate, which fewer attempts at once would keep",
        "429 Rate limit reached for model x on tokens per day (TPD): Limit 100000, Used 97050",
        "quota-spent",
        "rate-limit",
    ),
    (
        "what is owed says more than the status that asks for payment",
        "Error code: 402 - {'message': 'the card on file has expired', 'code': 'payment_required'}",
        "unpaid",
        "balance-spent",
    ),
    (
        "credits would lift the limit of a month, too",
        "Error code: 429 - weekly limit reached; upgrade your plan to add more credits",
        "quota-spent",
        "plan-too-small",
    ),
    (
        "the model was withdrawn, so its absence is more than a missing name",
        (
            "The model `llama2-70b` does not exist or you do not have access to it: it has been "
            "decommissioned."
        ),
        "retired",
        "model-not-found",
    ),
    (
        "the endpoint was withdrawn, and the model with it is not what the message says",
        "Generate API was removed on September 15 2025; this model was removed from it.",
        "other-endpoint-wanted",
        "retired",
    ),
    (
        "a parameter is deprecated, not the model",
        "`temperature` is deprecated for this model. The model is deprecated never.",
        "unknown-parameter",
        "retired",
    ),
    (
        "says access denied, but the model is a legacy one",
        "Access denied. This Model is marked by provider as Legacy",
        "retired",
        "permission-denied",
    ),
    (
        "OpenAI does not tell a missing model from a forbidden one: there is nothing to permit",
        "The model `gpt-4` does not exist or you do not have access to it.",
        "model-not-found",
        "permission-denied",
    ),
    (
        "the API does not know the model, which says more than the method it was asked for",
        (
            "models/gemini-pro is not found for API version v1beta, or is not supported for "
            "generateContent."
        ),
        "not-found-for-api-version",
        "other-endpoint-wanted",
    ),
    (
        "404, but the model is there under another endpoint",
        (
            "Error code: 404 - This is not a chat model and thus not supported in the "
            "v1/chat/completions endpoint. model_not_found"
        ),
        "other-endpoint-wanted",
        "model-not-found",
    ),
    (
        "no endpoint with the feature is no missing endpoint",
        "No endpoints found that support tool use. No endpoints found for x",
        "other-endpoint-wanted",
        "not-offered",
    ),
    (
        "the provider is overloaded, its 429 is no fault of ours",
        "429 Too Many Requests: The engine is currently overloaded, please try again later",
        "overloaded",
        "rate-limit",
    ),
    (
        "billing is switched off, which Google calls permission denied",
        "403 BILLING_DISABLED PERMISSION_DENIED: This API method requires billing to be enabled.",
        "unpaid",
        "permission-denied",
    ),
    (
        "the root is a failed connection, the deadline only ended the retries",
        (
            "Deadline of 60.0s exceeded while calling target function, last exception: 503 failed to "
            "connect to all addresses"
        ),
        "connection-lost",
        "timed-out",
    ),
    (
        "fetch failed is the shell, the timeout is the cause",
        "TypeError: fetch failed cause: HeadersTimeoutError: Headers Timeout Error",
        "timed-out",
        "connection-failed",
    ),
    (
        "a client supposes a load, the time that ran out is a fact",
        "Request timed out. The AI service may be experiencing high load. Error code: 503",
        "timed-out",
        "http-503",
    ),
    (
        "a connection behind a sign-in failed, the sign-in did not",
        "OAuth POST error: fetch failed, ETIMEDOUT; authentication is retried",
        "timed-out",
        "about-credentials",
    ),
    (
        "the stated status is worth more than the words around it",
        "Error code: 403 - the upstream server did it",
        "http-403",
        "about-the-server",
    ),
    (
        "a prompt that is too long is no parameter out of range",
        "maximum context length is 8192 tokens; max_tokens is too large: 9000",
        "too-long",
        "value-out-of-range",
    ),
    (
        "no quota per minute brings back prepaid credits, whatever code Google sends with it",
        (
            "Error code: 429 - {'error': {'code': 429, 'message': 'Your prepayment credits are "
            "depleted.', 'status': 'RESOURCE_EXHAUSTED'}}"
        ),
        "balance-spent",
        "rate-limit",
    ),
    (
        "Google denies a permission and only hedges that the model may be missing",
        (
            "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis"
            ".com/projects/help-my-setup/locations/us-east4/publishers/google/models/gemini-pro' "
            "(or it may not exist)."
        ),
        "denied-on-resource",
        "not-offered",
    ),
    (
        "a validation error inside of a 400 is the provider's, not the client's",
        (
            "litellm.BadRequestError: Fireworks_aiException - 1 validation error for "
            "ResponseFormatJSONObject: Extra inputs are not permitted"
        ),
        "unknown-parameter",
        "feature-lacking",
    ),
    (
        "one request above the limit per minute is no question of its length alone",
        (
            "Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested "
            "6294, please reduce your message size"
        ),
        "rate-limit",
        "not-supported",
    ),
    (
        "a host whose name is not known is no model that is not known",
        "model x failed, name or service not known",
        "dns",
        "not-offered",
    ),
    (
        "our own check says what the provider's words would say of it",
        "visible output empty after token budget was exhausted; retry with a larger output budget",
        "own-limits",
        "token-budget",
    ),
]


@pytest.mark.parametrize(("message", "winner", "loser"), [case[1:] for case in CONFLICTS])
def test_the_more_telling_rule_wins(message, winner, loser):
    claims = [verdict.rule for verdict in ranked(cleaned(message))]
    assert claims[0] == winner == classify(message).rule
    assert loser in claims
