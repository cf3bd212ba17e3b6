"""What the report says on days of the service as it runs today: five variants of each rule."""

import re
from datetime import timedelta

import pytest
from scene import (
    BAD_KEY,
    BUSY,
    NO_MONEY,
    NO_ROUTE,
    RETIRED,
    STRANGE,
    TOO_MANY,
    TOO_SLOW,
    UNSUPPORTED,
    UNTIL,
)
from service import BEDROCK, CLIFFORD, LEGACY, RATCHET, Fault, Runner, Service

from healthcheck.activity import ModelKey
from healthcheck.diagnosis import Category, Severity, State, diagnose, timelines
from healthcheck.diagnosis.record import records
from healthcheck.report.counts import Counts

GONE = (
    "NotFoundError: Error code: 404 - {'error': {'message': 'The model `{model}` does not exist or "
    "you do not have access to it.', 'type': 'invalid_request_error', 'code': 'model_not_found'}}"
)
PAGE = (
    "NotFoundError: Error code: 404 - <html><title>404 Not Found</title><h1>Not Found</h1></html>"
)
ROUTE = "Error code: 404 - {'message': 'no Route matched with those values'}"
TERMS = (
    "PermissionDeniedError: Error code: 403 - {'error': {'message': 'You must accept the terms of "
    "the model before you can use it.'}}"
)
BUDGET = "visible output empty after token budget was exhausted; reasoning tokens 64"
CHECK = "ValueError: output_tokens 0 <= 0 for {provider}"
TOO_FEW = "output_tokens 3 not within 10% of requested 64"
LEASE = "lease expired"
PROFILE = "ProfileNotFound: The config profile (bench) could not be found"
DEADLINE = "benchmark timed out after 120s"
INGEST = "Failed to post results to ingest API: 500"
TEMPERATURE = (
    "ValidationException: An error occurred (ValidationException) when calling the Converse "
    "operation: The model returned the following errors: `temperature` is deprecated for this model."
)
WRONG_CALL = "TypeError: Client.__init__() got an unexpected keyword argument 'proxies'"
INVOKING = "ValidationException: An error occurred (ValidationException) when calling the Converse operation:"
DENIED = (
    "AccessDeniedException: User: arn:aws:sts::1:assumed-role/bench/i-0 is not authorized to perform: "
    "bedrock:InvokeModel on resource: arn:aws:bedrock:us-west-2::x with an explicit deny in a policy"
)
UPSTREAM = (
    "Error code: 502 - {'detail': {'error': 'Upstream provider acme returned 401: invalid key'}}"
)
REGION = (
    "404 NOT_FOUND: Publisher Model projects/p/locations/europe-west9/models/{model} was not found or "
    "your project does not have access to it."
)
NOTHING = "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"
DEAD = Runner(45, "now", 9.0)


def days_ago(days: float):
    return UNTIL - timedelta(days=days)


def hours_ago(hours: float):
    return UNTIL - timedelta(hours=hours)


def told(diagnosis):
    """Each problem as severity, category, providers, number of models."""
    return [
        (p.severity.value, p.category.value, "+".join(p.providers), len(p.models))
        for p in diagnosis.problems
    ]


def actions(diagnosis) -> str:
    return " | ".join(p.action for p in diagnosis.problems if p.action)


def evidence(diagnosis) -> str:
    return " | ".join(f.evidence for f in diagnosis.findings)


class Case:
    """A day and its truth: the problems in order, and what their actions and evidence say."""

    def __init__(self, name, day, *problems, says=(), never=r"(?!)"):
        self.name, self.day, self.problems = name, day, list(problems)
        self.says, self.never = says, never

    def __repr__(self):
        return self.name


def one(*faults, **how):
    return Service().healthy().model("alpha", "m", *faults, **how)


def gamma(models, *faults, **how):
    return Service().healthy("alpha", "beta").models("gamma", models, *faults, **how)


def everywhere(models, *faults, **how):
    service = Service()
    for provider in ("alpha", "beta", "gamma"):
        service.models(provider, models, *faults, **how)
    return service


def why_not_attempted():
    return [
        Case(
            "a 401 two days ago, given up at once",
            one(Fault(50, 0, BAD_KEY, "auth")),
            ("warning", "failing_model", "alpha", 1),
            says=[
                r"Failed at 8 Mar 06:\d\d UTC: access denied\.",
                r"Given up after 1 attempt\.",
                r"then requeue it",
            ],
            never=r"(?i)disable|scheduler",
        ),
        Case(
            "a 404 five days ago",
            one(Fault(120, 0, GONE.replace("{model}", "m"), "hard_model")),
            ("warning", "deprecated_model", "alpha", 1),
            says=[r"Failed at 5 Mar 08:\d\d UTC: model not found\.", r"Disable it"],
        ),
        Case(
            "a rejected parameter, two tries as unknown, under ratchet",
            one(Fault(100, 0, UNSUPPORTED), runner=RATCHET),
            ("warning", "code_fix", "alpha", 1),
            says=[r"max_tokens", r"Given up after 2 attempts, not tried since", r"requeue"],
            never=r"(?i)\bdisable",
        ),
        Case(
            "an outage of an hour that ratchet made final",
            one(Fault(30, 29, BUSY, "transient_provider"), runner=RATCHET),
            ("warning", "failing_model", "alpha", 1),
            says=[r"provider unavailable", r"requeue"],
            never=r"(?i)\bdisable|scheduler",
        ),
        Case(
            "a gateway that lost its route for an hour, which is stored as a missing model",
            gamma(6, Fault(18, 17, ROUTE, "hard_model"))
            .model("gamma", "x", Fault(18, 17, ROUTE, "hard_model"))
            .unlisted("gamma", "x", runner=CLIFFORD, begin=15),
            ("warning", "provider_issue", "gamma", 6),
            says=[r"Requeue 6 models of gamma: others that failed at the same time succeed again"],
            never=r"(?i)\bdisable|our request",
        ),
        Case(
            "failures that pass, stored as what never does, hours apart at two providers",
            Service()
            .healthy()
            .model("alpha", "a", Fault(12, 0, BUSY, "hard_model"))
            .model("beta", "b", Fault(5, 0, TOO_MANY, "auth")),
            ("warning", "failing_model", "alpha+beta", 2),
            says=[
                r"Fix how the benchmark service stores such errors: .*; then requeue them\.",
                r"Given up after 1 attempt\. Stored as hard_model\..* Stored as auth\.",
            ],
            never=r"status page|\bdisable",
        ),
        Case(
            "no route for one model, stored as what never passes: rightly, if its base URL is wrong",
            Service().healthy().model("alpha", "a", Fault(12, 0, ROUTE, "hard_model")),
            ("warning", "failing_model", "alpha", 1),
            says=[r"Check the base URL configured for this model"],
            never=r"how the benchmark service stores",
        ),
        Case(
            "no failure at all: the scheduler",
            one(end=20),
            ("warning", "silent_model", "alpha", 1),
            says=[r"scheduler", r"no stored failure explains it"],
        ),
        Case(
            "given up twelve days ago, before everything that is compared",
            one(Fault(300, 0, BAD_KEY, "auth"), begin=320),
            ("warning", "failing_model", "alpha", 1),
            says=[r"access denied"],
        ),
        Case(
            "a key revoked two days ago at a whole provider",
            gamma(5, Fault(40, 0, BAD_KEY, "auth")),
            ("critical", "provider_issue", "gamma", 5),
            says=[r"access denied on all 5 models", r"then requeue its models"],
            never=r"(?i)\bdisable|scheduler",
        ),
        Case(
            "an outage of 75 minutes that ended a provider for good, under ratchet",
            gamma(5, Fault(30, 28.7, BUSY, "transient_provider"), runner=RATCHET),
            ("critical", "provider_issue", "gamma", 5),
            says=[r"provider unavailable", r"then requeue its models"],
            never=r"no action|scheduler",
        ),
        Case(
            "no credit for six days",
            gamma(5, Fault(150, 0, NO_MONEY, "billing")),
            ("critical", "provider_issue", "gamma", 5),
            says=[r"out of credit", r"[Aa]dd credit"],
        ),
        Case(
            "refused connections, while the queue waits six hours between its tries",
            Service()
            .healthy("alpha", "beta", "delta", "epsilon")
            .models("gamma", 6, Fault(26, 0, NO_ROUTE, "network")),
            ("critical", "provider_issue", "gamma", 6),
            says=[r"connection refused or lost on all 6 models; last success [^;]+ UTC\. "],
            never=r"given up|requeue",
        ),
        Case(
            "refused connections, stored as unknown: two tries, and the queue gives up",
            gamma(5, Fault(6, 0, NO_ROUTE)),
            ("critical", "provider_issue", "gamma", 5),
            says=[
                r"Check the address and port of gamma, .*; then requeue its models",
            ],
        ),
        Case(
            "a key revoked two hours ago: two turns are enough where the queue does not wait",
            gamma(12, Fault(2, 0, BAD_KEY, "auth")),
            ("critical", "provider_issue", "gamma", 12),
            says=[r"then requeue its models"],
        ),
        Case(
            "five failures that may pass: the queue waits four hours for the next try",
            one(Fault(7.6, 0, BUSY, "transient_provider")),
            ("warning", "failing_model", "alpha", 1),
            says=[r"No success in 5 attempts"],
            never=r"(?i)given up|requeue",
        ),
        Case(
            "the same of a provider, but that one model met an unknown error on the way",
            gamma(4, Fault(7.6, 0, BUSY, "transient_provider")).model(
                "gamma", "x", Fault(7.6, 7.2, BUSY, "transient_provider"), Fault(7.2, 0, STRANGE)
            ),
            ("critical", "provider_issue", "gamma", 5),
            says=[r"then requeue gamma x\."],
        ),
    ]


def little_evidence():
    added = {"promoted_at": hours_ago(10)}
    return [
        Case(
            "one clear message, nothing tried since",
            one(Fault(6, 0, RETIRED, "hard_model")),
            ("warning", "deprecated_model", "alpha", 1),
        ),
        Case(
            "terms to accept",
            one(Fault(6, 0, TERMS, "auth")),
            ("warning", "failing_model", "alpha", 1),
            says=[
                r"access not granted",
                r"Request access, accept the terms .* in the console of alpha",
            ],
        ),
        Case(
            "one vague message",
            one(Fault(7, 0, STRANGE)),
            ("warning", "failing_model", "alpha", 1),
            says=[r"in 2 attempts since .*: unrecognized error \(2\)\.", r"Read the error message"],
            never=r"(?i)\bdisable",
        ),
        Case(
            "young, and refused at its first try",
            one(Fault(99, 0, GONE.replace("{model}", "m"), "hard_model"), begin=10, catalog=added),
            ("warning", "failing_model", "alpha", 1),
            ("info", "catalog_change", "alpha", 1),
            says=[r"No success since it was added, 9 Mar 22:00 UTC", r"Find what added this model"],
        ),
        Case(
            "a passing failure just now is nothing",
            one(Fault(0.5, 0, BUSY, "transient_provider")),
        ),
        Case(
            "a clear message just now may be a deploy at the provider",
            one(Fault(0.8, 0, GONE.replace("{model}", "m"), "hard_model")),
        ),
    ]


def total_loss():
    return [
        Case(
            "three models, five hours of time-outs",
            gamma(3, Fault(5, 0, TOO_SLOW, "timeout")),
            ("critical", "provider_issue", "gamma", 3),
            says=[r"timed out on all 3 models"],
        ),
        Case(
            "mixed kinds at once",
            gamma(3, Fault(9, 0, BUSY, "transient_provider"))
            .model("gamma", "auth", Fault(9, 0, BAD_KEY, "auth"))
            .model("gamma", "odd", Fault(9, 0, STRANGE)),
            ("critical", "provider_issue", "gamma", 5),
        ),
        Case(
            "two hours are not yet a loss for sure, one time-out each",
            gamma(3, Fault(0.6, 0, TOO_SLOW, "timeout")),
        ),
        Case(
            "one by one over days for causes of their own",
            Service()
            .healthy("alpha", "beta")
            .model("gamma", "a", Fault(150, 0, RETIRED, "hard_model"))
            .model("gamma", "b", Fault(100, 0, UNSUPPORTED, "hard_capability"))
            .model("gamma", "c", Fault(30, 0, GONE.replace("{model}", "c"), "hard_model")),
            ("warning", "deprecated_model", "gamma", 2),
            ("warning", "code_fix", "gamma", 1),
        ),
        Case(
            "a wrong base URL",
            gamma(3, Fault(8, 0, PAGE, "hard_model")),
            ("critical", "provider_issue", "gamma", 3),
            says=[r"base URL"],
            never=r"(?i)\bdisable",
        ),
        Case(
            "everywhere at once: the network",
            everywhere(4, Fault(5, 0, NO_ROUTE, "network")),
            ("critical", "service_issue", "alpha+beta+gamma", 12),
            says=[r"Nothing succeeds", r"network"],
            never=r"(?i)\bdisable",
        ),
        Case(
            "everywhere but on the runner with a host of its own",
            everywhere(4, Fault(5, 0, NO_ROUTE))
            .healthy("bedrock", runner=BEDROCK)
            .models("delta", 4, Fault(5, 0, NO_ROUTE, "network")),
            ("critical", "service_issue", "alpha+beta+delta+gamma", 16),
            says=[
                r"16 of 20 models at 4 of 5 providers at once since [^;]*, not at bedrock: our side",
                r"proxy, firewall, .*; then requeue 12 models of 3 providers",
            ],
            never=r"attempts failed",
        ),
        Case(
            "everywhere since yesterday, while the queue waits between its tries",
            Service()
            .models("alpha", 4, Fault(40, 0, NO_ROUTE, "network"))
            .models("beta", 4, Fault(40, 0, TOO_SLOW, "timeout"))
            .models("gamma", 4, Fault(40, 0, BUSY, "transient_provider")),
            ("critical", "service_issue", "alpha+beta+gamma", 12),
            says=[r"Nothing succeeds", r"network"],
            never=r"No data|no action",
        ),
        Case(
            "every key revoked two days ago: no data, and the failures say why",
            everywhere(4, Fault(50, 0, BAD_KEY, "auth")),
            ("critical", "service_issue", "alpha+beta+gamma", 12),
            says=[r"most likely access denied", r"credentials", r"requeue"],
            never=r"No data|scheduler",
        ),
        Case(
            "every second request is rate limited for ten hours, until now",
            Service().healthy().models("delta", 8, Fault(10, 0, TOO_MANY, "rate_limit", every=2)),
            ("warning", "provider_issue", "delta", 8),
            says=[r"since 9 Mar 22:31 UTC; 78 of 158 attempts failed\."],
            never=r"every",
        ),
        Case(
            "a key of a provider with two models, on its second day",
            gamma(2, Fault(30, 0, BAD_KEY, "auth")),
            ("critical", "provider_issue", "gamma", 2),
            says=[r"[Aa]ccess denied on both models", r"requeue"],
        ),
        Case(
            "out of credit, and the last models met other causes of the account",
            gamma(4, Fault(30, 0, NO_MONEY, "billing"))
            .model("gamma", "x", Fault(28, 0, BAD_KEY, "auth"))
            .model("gamma", "y", Fault(27, 0, TOO_SLOW, "timeout")),
            ("critical", "provider_issue", "gamma", 6),
            says=[r"No requests succeed", r"out of credit on 4 of 6 models"],
            never=r"attempts failed",
        ),
    ]


def blocked_accounts():
    return [
        Case(
            f"the provider says: {message}",
            gamma(4, Fault(9, 0, message, kind)),
            ("critical", "provider_issue", "gamma", 4),
            says=[r"gamma: our account is blocked", r"what gamma wrote .*contact its support"],
            never=r"API key|our request",
        )
        for message, kind in (
            ("Your access was terminated due to violation of our policies", "rate_limit"),
            ("BadRequestError: Error code: 400 - This organization has been disabled.", "unknown"),
            (f"{INVOKING} Operation not allowed", "unknown"),
        )
    ] + [
        Case(
            "one model alone is not an account",
            one(Fault(9, 0, f"{INVOKING} Operation not allowed"), runner=BEDROCK),
            ("warning", "failing_model", "alpha", 1),
            says=[r"API key and its access to this model"],
            never=r"account",
        ),
    ]


def one_problem():
    return [
        Case(
            "all but one silent: the runner",
            everywhere(4, runner=DEAD).models("bedrock", 4, runner=BEDROCK),
            ("critical", "provider_issue", "alpha+beta+gamma", 12),
            says=[r"runner", r"\| 4 models not attempted since"],
            never=r"no requests succeed",
        ),
        Case(
            "models of two providers with one rejected parameter",
            Service()
            .healthy()
            .model("alpha", "a", Fault(20, 0, UNSUPPORTED, "hard_capability"))
            .model("alpha", "b", Fault(15, 0, UNSUPPORTED, "hard_capability"))
            .model("beta", "c", Fault(12, 0, UNSUPPORTED, "hard_capability")),
            ("warning", "code_fix", "alpha+beta", 3),
            says=[r"Send `max_completion_tokens` instead of `max_tokens`; then"],
        ),
        Case(
            "a rejected parameter at all models of a provider and one of another",
            Service()
            .healthy()
            .models("delta", 6, Fault(40, 0, UNSUPPORTED, "hard_capability"))
            .model("alpha", "a", Fault(40, 0, UNSUPPORTED, "hard_capability")),
            ("critical", "provider_issue", "alpha+delta", 7),
            says=[r"instead of `max_tokens` for alpha, delta", r"requeue their models"],
        ),
        Case(
            "one of two runners is dead, and each serves some models of every provider",
            Service()
            .healthy()
            .models("alpha2", 3)
            .model("alpha2", "x", end=10)
            .model("beta", "y", end=10)
            .model("gamma", "z", end=10),
            ("warning", "silent_model", "alpha2+beta+gamma", 3),
            says=[r"scheduler skips these models"],
        ),
        Case(
            "models of one provider that met one cause on different days",
            gamma(6)
            .model("gamma", "a", Fault(70, 0, TERMS, "auth"))
            .model("gamma", "b", Fault(20, 0, TERMS, "auth")),
            ("warning", "failing_model", "gamma", 2),
        ),
        Case(
            "three providers whose answers fail our check",
            Service()
            .healthy("delta", "epsilon")
            .models("alpha", 4, Fault(12, 0, CHECK, stage="validate"))
            .models("beta", 4, Fault(12, 0, CHECK, stage="validate"))
            .models("gamma", 4, Fault(12, 0, CHECK, stage="validate")),
            ("critical", "provider_issue", "alpha+beta+gamma", 12),
            says=[r"our check"],
        ),
        Case(
            "two providers without credit at the same time",
            Service()
            .healthy()
            .models("delta", 4, Fault(9, 0, NO_MONEY, "billing"))
            .models("epsilon", 4, Fault(8, 0, NO_MONEY, "billing")),
            ("critical", "provider_issue", "delta+epsilon", 8),
        ),
        Case(
            "two outages at different times are two",
            Service()
            .healthy()
            .models("delta", 4, Fault(20, 15, BUSY, "transient_provider"))
            .models("epsilon", 4, Fault(9, 4, BUSY, "transient_provider")),
            ("info", "provider_issue", "epsilon", 4),
            ("info", "provider_issue", "delta", 4),
        ),
        Case(
            "two outages of one provider are one, with the time of both",
            gamma(6, Fault(20, 18, BUSY, "transient_provider"), Fault(9, 7, TOO_SLOW, "timeout")),
            ("warning", "provider_issue", "gamma", 6),
            says=[r"from 9 Mar 23:\d\d UTC to .*, before that from 9 Mar 12:\d\d to 1\d:\d\d UTC;"],
        ),
        Case(
            "of more than two outages, each has its time",
            gamma(6, *(Fault(at, at - 1.5, BUSY, "transient_provider") for at in (22, 17, 12, 6))),
            ("warning", "provider_issue", "gamma", 6),
            says=[r"before that from 9 Mar 10:\d\d to 1\d:\d\d UTC, 9 Mar 15:.*, 9 Mar 20:.* UTC;"],
        ),
        Case(
            "a token budget too small for all models of a provider and one of another",
            Service()
            .healthy()
            .models("gamma2", 5, Fault(30, 0, BUDGET, "budget_exhausted", "validate"))
            .model("alpha", "a", Fault(30, 0, BUDGET, "budget_exhausted", "validate")),
            ("critical", "provider_issue", "alpha+gamma2", 6),
            says=[
                r"Give 6 models of 2 providers more tokens \(or unpublish them instead\); then requeue them"
            ],
        ),
        Case(
            "a call that our library does not take is no answer of the provider",
            gamma(5, Fault(9, 0, WRONG_CALL)),
            ("critical", "provider_issue", "gamma", 5),
            says=[
                r"our code fails before the request",
                r"Fix our code .*; then requeue its models",
            ],
            never=r"rejected|not accepted",
        ),
        Case(
            "it was repaired, and all but one provider were requeued",
            Service()
            .healthy()
            .models("delta", 4, Fault(12, 11, WRONG_CALL))
            .again(CLIFFORD, provider="delta", begin=10)
            .models("epsilon", 4, Fault(12, 11, WRONG_CALL)),
            ("critical", "provider_issue", "epsilon", 4),
            ("info", "provider_issue", "delta", 4),
            says=[r"Requeue 4 models of epsilon: others that failed at the same time succeed"],
            never=r"Fix our code",
        ),
        Case(
            "another call of ours was repaired: that says nothing of this one",
            Service()
            .healthy()
            .models("delta", 4, Fault(12, 11, WRONG_CALL.replace("proxies", "timeout")))
            .again(CLIFFORD, provider="delta", begin=10)
            .models("epsilon", 4, Fault(12, 11, WRONG_CALL)),
            ("critical", "provider_issue", "epsilon", 4),
            ("info", "provider_issue", "delta", 4),
            says=[r"Fix our code for epsilon .*; see the error message; then requeue its models"],
        ),
    ]


def coverage_and_volume():
    slow = Runner(300)
    return [
        Case(
            "a slice that is never scheduled",
            Service()
            .healthy()
            .models("delta", 20)
            .model("delta", "x", end=30)
            .model("delta", "y", end=30),
            ("warning", "silent_model", "delta", 2),
            says=[
                r"2 of 22 delta models are not attempted",
                r"scheduler skips 2 models of delta\.",
            ],
        ),
        Case(
            "every model a seventh as often",
            Service()
            .models("alpha", 5, begin=216, end=24)
            .models("beta", 5, begin=216, end=24)
            .again(slow),
            ("warning", "low_volume", "alpha+beta", 10),
            says=[r"far fewer attempts"],
            never=r"silent|not attempted since",
        ),
        Case(
            "one provider alone",
            Service().healthy("alpha", "beta").slower("gamma", 5, slow),
            ("warning", "low_volume", "gamma", 5),
            says=[r"instead of the usual 160 on 5 models", r"these models had to wait too long"],
        ),
        Case(
            "the largest provider alone",
            Service().healthy("alpha", models=2).slower("gamma", 12, Runner(200)),
            ("warning", "low_volume", "gamma", 12),
        ),
        Case(
            "one provider alone, one of whose models is retired",
            Service()
            .healthy("alpha", "beta")
            .slower("gamma", 6, slow)
            .model("gamma", "old", Fault(60, 0, RETIRED, "hard_model")),
            ("warning", "low_volume", "gamma", 6),
            ("warning", "deprecated_model", "gamma", 1),
        ),
        Case(
            "two of eight providers are one problem",
            Service()
            .healthy("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
            .slower("bedrock", 4, slow)
            .slower("vertex", 4, slow),
            ("warning", "low_volume", "bedrock+vertex", 8),
        ),
        Case(
            "the queue waited longer and longer in an outage that is over",
            gamma(6, Fault(23, 3, BUSY, "transient_provider")),
            ("info", "provider_issue", "gamma", 6),
        ),
        Case(
            "the queue waited longer and longer in an outage of all that is over",
            everywhere(5, Fault(23, 3, NO_ROUTE, "network")),
            ("info", "service_issue", "alpha+beta+gamma", 15),
        ),
        Case(
            "requeued five hours ago, with a new key",
            gamma(6, Fault(60, 0, BAD_KEY, "auth")).again(CLIFFORD, provider="gamma", begin=5),
        ),
        Case(
            "half of it was requeued, with a new key",
            gamma(6, Fault(60, 0, BAD_KEY, "auth"))
            .more("gamma", "gamma-0", begin=5)
            .more("gamma", "gamma-1", begin=5)
            .more("gamma", "gamma-2", begin=5),
            ("warning", "provider_issue", "gamma", 3),
            says=[
                r"Requeue 3 models of gamma: others",
                r"gamma: not requeued after a past failure: access denied, 3 models\.",
            ],
            never=r"[Cc]heck the API key",
        ),
        Case(
            "all but two were requeued the day before yesterday, with a new key",
            gamma(4, Fault(75, 50, BAD_KEY, "auth"), runner=BEDROCK)
            .model("gamma", "a", Fault(74, 0, BAD_KEY, "auth"))
            .model("gamma", "b", Fault(74, 0, BAD_KEY, "auth")),
            ("warning", "failing_model", "gamma", 2),
            says=[
                r"Requeue these models: others that failed at the same time succeed again",
                r"2 models of gamma: not requeued after a past failure: access denied\.",
            ],
            never=r"[Cc]heck the API key",
        ),
        Case(
            "most of it was requeued within the day, with a new key",
            gamma(4, Fault(20, 15, BAD_KEY, "auth"), end=15)
            .again(CLIFFORD, provider="gamma", begin=14)
            .model("gamma", "a", Fault(20, 0, BAD_KEY, "auth"))
            .model("gamma", "b", Fault(20, 0, BAD_KEY, "auth")),
            ("warning", "failing_model", "gamma", 2),
            ("info", "provider_issue", "gamma", 6),
            says=[r"Requeue these models: others that failed at the same time succeed again"],
        ),
        Case(
            "an outage is over for most of the models of a provider",
            gamma(4, Fault(17, 10, BUSY, "transient_provider"))
            .model("gamma", "a", Fault(17, 0, BUSY, "transient_provider"))
            .model("gamma", "b", Fault(17, 0, BUSY, "transient_provider")),
            ("warning", "failing_model", "gamma", 2),
            ("info", "provider_issue", "gamma", 6),
            says=[r"No success in \d+ attempts since .*: provider unavailable"],
        ),
        Case(
            "a permission that is denied at times, on one route, is no runner without a key",
            gamma(6, Fault(12, 0, DENIED, "auth", every=2), runner=BEDROCK),
            ("warning", "provider_issue", "gamma", 6),
            says=[r"Check what our key or role may do at gamma", r"some attempts of all 6 models"],
            never=r"runner|requeue",
        ),
        Case(
            "a server behind the provider refuses the provider",
            gamma(6).model("gamma", "a", Fault(9, 0, UPSTREAM, "auth")),
            ("warning", "failing_model", "gamma", 1),
            says=[r"Report it to gamma: .* not ours; then requeue it"],
            never=r"API key",
        ),
        Case(
            "a provider answers with nothing",
            gamma(6, Fault(9, 0, NOTHING)),
            ("critical", "provider_issue", "gamma", 6),
            says=[r"gamma: empty or unreadable answers, all 6 models", r"status page of gamma"],
            never=r"not recognized|unrecognized",
        ),
        Case(
            "all that were tried again work again, and the others wait for their turn",
            gamma(12, Fault(4, 0.4, BUSY, "transient_provider")),
            ("warning", "provider_issue", "gamma", 12),
            says=[r"\(\d still failing\)"],
        ),
        Case(
            "models that vanish together, where no message says that they are gone",
            gamma(6)
            .model("gamma", "x", Fault(6, 0, REGION.replace("{model}", "x"), "hard_model"))
            .model("gamma", "y", Fault(6, 0, REGION.replace("{model}", "y"), "hard_model"))
            .model("gamma", "z", Fault(6, 0, REGION.replace("{model}", "z"), "hard_model")),
            ("warning", "deprecated_model", "gamma", 3),
            says=[r"still have access to them: requeue those that we may use, disable the others"],
        ),
        Case(
            "the catalog was renamed, and the scheduler goes on with the old names",
            Service()
            .healthy()
            .listed("delta", 6, promoted_at=hours_ago(17))
            .unlisted("delta", "old/a")
            .unlisted("delta", "old/b")
            .unlisted("delta", "old/c"),
            ("critical", "provider_issue", "delta", 6),
            ("info", "catalog_change", "delta", 6),
            says=[
                r"since 9 Mar 15:00 UTC; attempted instead, .* catalog: old/a, old/b, old/c",
                r"names of delta in the catalog and in the scheduler's queue agree",
            ],
            never=r"runner",
        ),
        Case(
            "two models lack a permission, whatever the others met long before",
            gamma(4, Fault(95, 90, BUSY, "transient_provider"), runner=BEDROCK)
            .model("gamma", "a", Fault(74, 0, DENIED, "auth"))
            .model("gamma", "b", Fault(74, 0, DENIED, "auth")),
            ("warning", "failing_model", "gamma", 2),
            says=[r"Check the access of our key or role to these models"],
        ),
        Case(
            "a provider that was added a few days ago does not rest yet",
            gamma(6, begin=80, end=20),
            ("critical", "provider_issue", "gamma", 6),
        ),
        Case(
            "all but one provider were not attempted for most of the day, and are again",
            everywhere(4, end=18).again(CLIFFORD, begin=4).models("bedrock", 4, runner=BEDROCK),
            ("warning", "low_volume", "alpha+beta+gamma", 12),
        ),
        Case("a few attempts less are nothing", Service().healthy(end=0.7)),
        Case(
            "a small service has too few attempts to judge",
            Service().models("alpha", 2, begin=216, end=24).again(Runner(120)),
        ),
        Case("hourly since days: that is its cadence", Service().healthy(runner=Runner(60))),
    ]


def who_counts():
    disabled = {"enabled": False, "disabled_at": hours_ago(10), "disabled_reason": "retired"}
    probing = {"enabled": False, "status": "probing", "admission_started_at": days_ago(1)}
    return [
        Case(
            "jobs go on for disabled models",
            Service()
            .healthy()
            .models("delta", 30, Fault(9, 0, GONE, "unknown"), runner=LEGACY, catalog=disabled),
            ("warning", "disabled_model_attempted", "delta", 30),  # goes on, and costs money
            ("warning", "catalog_change", "delta", 30),
            says=[r"still attempted"],
        ),
        Case(
            "what was disabled during an outage that is over is to come back",
            gamma(9, Fault(14, 8, BUSY, "transient_provider"), runner=LEGACY).listed(
                "gamma", 3, enabled=False, disabled_at=hours_ago(10)
            ),
            ("warning", "catalog_review", "gamma", 3),
            ("info", "provider_issue", "gamma", 9),
            says=[r"Enable these models again"],
        ),
        Case(
            "also the day after, where the outage ended in the window",
            gamma(9, Fault(34, 22, BUSY, "transient_provider"), runner=LEGACY).listed(
                "gamma", 3, enabled=False, disabled_at=hours_ago(30)
            ),
            ("warning", "catalog_review", "gamma", 3),
            ("info", "provider_issue", "gamma", 9),
        ),
        Case(
            "what was disabled for its own sake or before the outage is not",
            gamma(9, Fault(14, 8, BUSY, "transient_provider"), runner=LEGACY)
            .listed("gamma", 3, enabled=False, disabled_at=hours_ago(30))
            .listed(
                "gamma", 3, enabled=False, disabled_at=hours_ago(10), disabled_class="hard_model"
            ),
            ("warning", "catalog_change", "gamma", 3),
            ("info", "provider_issue", "gamma", 9),
        ),
        Case(
            "candidates that fail are no health of ours",
            Service()
            .healthy()
            .models("delta", 30, Fault(20, 0, STRANGE), runner=LEGACY, begin=20, catalog=probing),
        ),
        Case(
            "a self-test that no catalog lists",
            Service().healthy().unlisted("alpha", "fake-hang", Fault(99, 0, TOO_SLOW, "timeout")),
        ),
        Case(
            "deprecated and left enabled: nothing is expected",
            Service().healthy().model("alpha", "old", end=100, catalog={"deprecated": True}),
        ),
        Case(
            "on probation it is published",
            Service()
            .healthy()
            .model("alpha", "p", Fault(60, 0, BAD_KEY, "auth"), catalog={"status": "probation"}),
            ("warning", "failing_model", "alpha", 1),
        ),
        Case(
            "promoted six minutes ago",
            Service().healthy().promoted("alpha", 12, hours=0.1),
            ("info", "catalog_change", "alpha", 12),
        ),
    ]


def the_catalog():
    off = {"enabled": False, "disabled_at": hours_ago(5)}
    return [
        Case(
            "one failing model was disabled",
            Service()
            .healthy()
            .model(
                "alpha",
                "bad",
                Fault(80, 0, GONE.replace("{model}", "bad"), "hard_model"),
                catalog={**off, "disabled_class": "hard_model"},
            ),
            ("info", "catalog_change", "alpha", 1),
            says=[r"1 of [\d,]+ enabled models disabled"],
        ),
        Case(
            "a model that works was disabled",
            Service().healthy().model("alpha", "fine", end=5.2, catalog=off),
            ("info", "catalog_change", "alpha", 1),
            says=[r"disabled: alpha fine\. Reasons: 1 without a reason\."],
        ),
        Case(
            "a whole provider was disabled",
            Service()
            .healthy(models=10)
            .models(
                "delta",
                2,
                end=30,
                catalog={
                    **off,
                    "disabled_reason": "phase_1 cleanup: delta duplicates what others have",
                },
            ),
            ("warning", "catalog_change", "delta", 2),
            says=[
                r"disabled: delta delta-0, delta delta-1\. Check it: ",
                r'all models of delta\. Reasons: 2 "phase_1 cleanup: delta duplicates what others have"\.',
            ],
        ),
        Case(
            "several were disabled for their successors",
            Service()
            .healthy(models=20)
            .listed("alpha", 2, **off, disabled_reason="superseded by b-1", successor_model="b-1")
            .listed("beta", 3, **off, disabled_reason="superseded by b-2", successor_model="b-2"),
            ("info", "catalog_change", "alpha+beta", 5),
            says=[r'Reasons: 5 "superseded by another model"\.'],
        ),
        Case(
            "a whole provider was disabled, as somebody decided and wrote down",
            Service()
            .healthy(models=10)
            .models(
                "delta",
                2,
                end=30,
                catalog={
                    **off,
                    "disabled_class": "policy",
                    "disabled_reason": "contract with delta ended, key deleted on purpose",
                },
            ),
            ("info", "catalog_change", "delta", 2),
            says=[
                r"disabled: delta delta-0, delta delta-1\. Reasons: 2 .contract with delta ended,"
            ],
        ),
        Case(
            "candidates that have been probing for a week",
            Service()
            .healthy()
            .listed("alpha", 3, enabled=False, status="probing", admission_started_at=days_ago(7)),
            ("info", "catalog_review", "alpha", 3),
        ),
        Case(
            "two spellings of one model",
            Service().healthy().model("alpha", "Org/Model").model("alpha", "org/model "),
            ("info", "catalog_review", "alpha", 1),
            says=[r"spelling"],
        ),
        Case(
            "retires in a week",
            one(catalog={"deprecation_date": days_ago(-7), "successor_model": "n"}),
            ("info", "retiring_model", "alpha", 1),
            says=[r"successor n"],
        ),
        Case(
            "past its date and still working",
            one(catalog={"deprecation_date": days_ago(5)}),
            ("info", "retiring_model", "alpha", 1),
        ),
        Case(
            "retires in a month",
            one(catalog={"deprecation_date": days_ago(-30)}),
        ),
    ]


def ours():
    return [
        Case(
            "a reasoning model and our token budget",
            one(Fault(8, 0, BUDGET, "budget_exhausted", "validate")),
            ("warning", "code_fix", "alpha", 1),
            says=[r"token budget"],
            never=r"(?i)\bdisable|retired",
        ),
        Case(
            "the same on its fourth day: for your information",
            one(Fault(90, 0, BUDGET, "budget_exhausted", "validate")),
            ("info", "code_fix", "alpha", 1),
        ),
        Case(
            "every answer fails our own check",
            one(Fault(14, 0, TOO_FEW, stage="validate"), runner=BEDROCK),
            ("warning", "code_fix", "alpha", 1),
            says=[r"our check"],
        ),
        Case(
            "our AWS profile is gone",
            Service().healthy().models("bedrock", 4, Fault(9, 0, PROFILE, "auth"), runner=BEDROCK),
            ("critical", "provider_issue", "bedrock", 4),
            says=[r"AWS profile"],
        ),
        Case(
            "a second runner without our AWS profile",
            Service()
            .healthy()
            .models("bedrock", 5, runner=BEDROCK)
            .again(LEGACY, Fault(100, 0, PROFILE, "auth"), begin=100, provider="bedrock"),
            ("warning", "provider_issue", "bedrock", 5),
            says=[
                r"Find the runner of bedrock that lacks the AWS profile",
                r"another runner",
                r"on all 5 models since at least 7 Mar 06:50 UTC; 40 of 280 attempts failed in this window\.",
            ],
            never=r"Restore",
        ),
        Case(
            "a second runner without our AWS profile, for one model",
            Service()
            .healthy()
            .models("bedrock", 5, runner=BEDROCK)
            .more("bedrock", "bedrock-0", Fault(9, 0, PROFILE, "auth"), begin=9, runner=BEDROCK),
            ("warning", "degraded_model", "bedrock", 1),
            says=[r"Find the runner of this model that lacks the AWS profile"],
        ),
        Case(
            "a second runner with another key",
            Service()
            .healthy()
            .models("groq", 5)
            .again(LEGACY, Fault(30, 0, BAD_KEY, "auth"), begin=30, provider="groq"),
            ("warning", "provider_issue", "groq", 5),
            says=[r"Find the runner of groq that lacks a valid API key"],
        ),
        Case(
            "a second runner with another key, for three days",
            Service()
            .healthy()
            .models("groq", 5)
            .again(LEGACY, Fault(70, 0, BAD_KEY, "auth"), begin=70, provider="groq"),
            ("warning", "provider_issue", "groq", 5),
            says=[r"Find the runner of groq", r"since at least 8 Mar"],
        ),
        Case(
            "our AWS profile was gone twice",
            Service()
            .healthy()
            .models(
                "bedrock",
                5,
                Fault(20, 17, PROFILE, "auth"),
                Fault(5, 0, PROFILE, "auth"),
                runner=BEDROCK,
            ),
            ("critical", "provider_issue", "bedrock", 5),
            says=[r"Restore the AWS profile"],
            never=r"another runner",
        ),
        Case(
            "leases that expire at a deploy",
            Service().healthy("alpha", "beta", "gamma", models=3).leases(LEASE, hours=6),
        ),
        Case(
            "a runner that loses jobs again and again",
            losing_jobs(9, 0),
            ("warning", "service_issue", "alpha+beta+gamma", 9),
            says=[
                r"Our job queue gave up \(lease expired\) at alpha, beta, gamma",
                r"Check the workers",
            ],
            never=r"alpha m|fail",
        ),
        Case(
            "a runner that lost jobs for some hours",
            losing_jobs(12, 4),
            ("info", "service_issue", "alpha+beta+gamma", 9),
            says=[
                r"72 of \d+ attempts lost from .*, of 9 models of 3 providers: our job queue gave up"
            ],
        ),
        Case(
            "our bridge refuses the results",
            Service()
            .healthy()
            .models("bedrock", 4, Fault(7, 0, INGEST, "unknown", "ingest"), runner=BEDROCK),
            ("critical", "service_issue", "bedrock", 4),
            says=[r"ingest bridge", r"our side"],
        ),
    ]


def losing_jobs(begin: int, end: int) -> Service:
    service = Service().healthy("alpha", "beta", "gamma", models=3)
    for hours in range(begin, end, -1):
        service.leases(LEASE, hours - 0.5)
    return service


def true_numbers():
    return [
        Case(
            "no visible token",
            one(visible_output_tokens=0, catalog={}),
            ("info", "implausible_results", "alpha", 1),
        ),
        Case(
            "three of 64 tokens",
            one(output_tokens=3, catalog={}),
            ("info", "implausible_results", "alpha", 1),
            says=[r"3 of 64"],
        ),
        Case(
            "hundred times as fast as usual",
            one(end=24, tokens_per_second=90.0, catalog={}).more(
                "alpha", "m", begin=24, tokens_per_second=9000.0
            ),
            ("info", "implausible_results", "alpha", 1),
            says=[r"9,000 tokens/s, usually 90"],
        ),
        Case(
            "twice as fast is possible",
            one(end=24, tokens_per_second=90.0, catalog={}).more(
                "alpha", "m", begin=24, tokens_per_second=180.0
            ),
        ),
        Case(
            "a runner's clock seven hours behind",
            Service().healthy().clock_off("delta", 4, hours=-7),
            ("info", "implausible_results", "", 0),
            says=[
                r"whole hours off: -7 h \(\d+ documents of delta\)\. Set the time zone of that runner"
            ],
            never=r"not attempted",
        ),
        Case(
            "a runner whose clock is wrong since it was rebuilt",
            Service().healthy().clock_off("delta", 4, hours=-4, begin=10),
            ("info", "implausible_results", "", 0),
            says=[r"whole hours off since 9 Mar 2\d:\d\d UTC: -4 h \(\d+ documents of delta\)"],
        ),
    ]


CASES = [
    case
    for rule in (
        why_not_attempted,
        little_evidence,
        total_loss,
        blocked_accounts,
        one_problem,
        coverage_and_volume,
        who_counts,
        the_catalog,
        ours,
        true_numbers,
    )
    for case in rule()
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_a_day_of_the_service(case, tmp_path):
    diagnosis = case.day.diagnose(tmp_path)
    assert told(diagnosis) == case.problems
    text = f"{evidence(diagnosis)} || {actions(diagnosis)} || {diagnosis.reason}"
    for pattern in case.says:
        assert re.search(pattern, text), f"{pattern} not in {text}"
    assert not re.search(case.never, text), text


def test_twelve_copies_of_one_failure_within_a_second_are_one(tmp_path):
    service = Service().healthy()
    for number in range(12):
        at = hours_ago(2) + timedelta(milliseconds=40 * number)
        service.store.error("alpha", "alpha-0", at, DEADLINE, kind="timeout", stage="timeout")
    diagnosis = service.diagnose(tmp_path)
    assert told(diagnosis) == []
    assert sum(line.errors for line in diagnosis.published.values()) == 12


def test_spellings_are_one_model_and_commands_name_each(tmp_path):
    gone = Fault(30, 0, RETIRED, "hard_model")
    service = Service().healthy().model("alpha", "Org/Old", gone).model("Alpha", "org/old", gone)
    diagnosis = service.diagnose(tmp_path)
    deprecated = [f for f in diagnosis.findings if f.category is Category.DEPRECATED_MODEL]
    assert [(f.provider, f.model) for f in deprecated] == [("Alpha", "org/old")]


@pytest.mark.parametrize(("others_end", "is_enough"), [(0, True), (60, False)])
def test_a_requeue_is_enough_where_others_succeeded_after_its_last_failure(
    tmp_path, others_end, is_enough
):
    outage, lasting = (Fault(80, end, BUSY, "transient_provider") for end in (78, 0))
    service = Service().models("alpha", 3, outage, end=others_end).model("alpha", "last", lasting)
    activity = service.activity(tmp_path)
    record = records(activity, timelines(activity))[ModelKey("alpha", "last")]
    assert (record.retries_exhausted, record.needs_requeue) == (True, is_enough)


def test_one_that_failed_with_few_of_its_provider_may_have_a_cause_of_its_own(tmp_path):
    outage, lasting = (Fault(80, end, BUSY, "transient_provider") for end in (78, 0))
    service = Service().healthy("alpha").model("alpha", "other", outage)
    activity = service.model("alpha", "last", lasting).activity(tmp_path)
    record = records(activity, timelines(activity))[ModelKey("alpha", "last")]
    assert (record.retries_exhausted, record.needs_requeue) == (True, False)


def test_a_failed_connection_is_quoted_with_its_reason_where_any_message_has_one(tmp_path):
    unclear, expired = "APIConnectionError: Connection error.", "certificate has expired"
    faults = Fault(5, 1, f"SSLError: {expired}", "network"), Fault(1, 0, unclear, "network")
    service = Service().healthy().models("gamma2", 4, *faults, runner=BEDROCK)
    service.store.error("alpha", "alpha-0", hours_ago(9), "SSLError: bad handshake", kind="network")
    (problem,) = service.diagnose(tmp_path).problems
    assert problem.findings[0].message == f"SSLError: {expired}"


def test_what_was_a_warning_and_is_critical_now_is_not_new(tmp_path):
    service = Service().healthy("alpha", "beta")
    service.models("gamma", 4, Fault(40, 0, BUSY, "transient_provider"), runner=BEDROCK)
    for name in ("x", "y"):
        service.model("gamma", name, Fault(12, 0, BUSY, "transient_provider"), runner=BEDROCK)
    problem = service.diagnose(tmp_path).problems[0]
    assert (problem.severity, problem.state) == (Severity.CRITICAL, State.ONGOING)


def test_low_volume_goes_on(tmp_path):
    service = Service().healthy("alpha", "beta").slower("gamma", 5, Runner(200), since=48)
    (finding,) = service.diagnose(tmp_path).findings
    assert (finding.category, finding.state) == (Category.LOW_VOLUME, State.ONGOING)


def test_the_end_of_low_volume_has_no_moment(tmp_path):
    service = Service().healthy("alpha", "beta").models("gamma", 5, end=48)
    service.again(Runner(200), provider="gamma", begin=48, end=24)
    (finding,) = service.again(CLIFFORD, provider="gamma").diagnose(tmp_path).resolved
    assert (finding.category, finding.until) == (Category.LOW_VOLUME, None)
    assert finding.evidence.endswith("and no stored failure explains it. No longer so.")


CERTIFICATE = (
    "SSLError: HTTPSConnectionPool(host='api.gamma.ai', port=443): Max retries exceeded with url: /v1 (Caused by "
    "SSLError(SSLCertVerificationError(1, 'certificate verify failed: certificate has expired')))"
)
NO_NAME = "ConnectError: [Errno -3] Temporary failure in name resolution"


@pytest.mark.parametrize(
    ("message", "title", "action"),
    [
        (CERTIFICATE, "TLS certificate or handshake error", r"certificate of gamma .*proxy"),
        (NO_NAME, "DNS lookup failed", r"resolves the name of gamma"),
        (NO_ROUTE, "connection refused or lost", r"address and port of gamma"),
        ("APIConnectionError: Connection error.", "connection failed", r"DNS, TLS, address"),
    ],
)
def test_a_failed_connection_is_told_by_what_broke_it(message, title, action, tmp_path):
    # The SDK's wrapping of the same error, stored last, says less.
    wrapped = Fault(0.9, 0, "APIConnectionError: Connection error.", "network")
    service = gamma(5, Fault(9, 0.9, message, "network"), wrapped, runner=BEDROCK)
    (problem,) = service.diagnose(tmp_path).problems
    assert problem.title == f"gamma: {title}, all 5 models, no requests succeed"
    assert re.search(action, problem.action)


CARD = "Error code: 402 - {'error': {'message': 'Payment required: the card on file has expired.'}}"
WEEKLY = (
    "Error code: 429 - {'error': {'message': 'Weekly token quota reached. It resets on Monday.'}}"
)
SPENT = (
    "Error code: 400 - {'error': {'message': 'You have reached your specified API usage limits.'}}"
)
FLAGGED = "Error code: 400 - {'error': {'message': 'Invalid prompt: your prompt was flagged.'}}"
UNVERIFIED = "Error code: 400 - {'error': {'message': 'Your organization must be verified.'}}"


@pytest.mark.parametrize(
    ("message", "kind", "words", "action"),
    [
        (CARD, "billing", "payment problem", "payment method"),
        (WEEKLY, "rate_limit", "quota used up", "a higher quota at "),
        (SPENT, "billing", "spending limit reached", "Raise the spending limit at "),
        (FLAGGED, "unknown", "blocked by the provider's content policy", "Change our prompt"),
        (UNVERIFIED, "auth", "account not verified", "Verify our account"),
    ],
)
def test_what_no_key_credit_or_pause_ends_has_a_remedy_of_its_own(
    message, kind, words, action, tmp_path
):
    fault = Fault(9, 0, message, kind)
    for service in (one(fault, runner=BEDROCK), gamma(5, fault, runner=BEDROCK)):
        (problem,) = service.diagnose(tmp_path).problems
        assert words in problem.title
        assert action in problem.action


def test_connections_that_broke_in_several_ways_are_not_told_by_one_of_them(tmp_path):
    faults = [Fault(9, 6, CERTIFICATE, "network"), Fault(6, 3, NO_ROUTE, "network")]
    service = gamma(5, *faults, Fault(3, 0, NO_NAME, "network"), runner=BEDROCK)
    (problem,) = service.diagnose(tmp_path).problems
    assert problem.title == "gamma: connection failed, all 5 models, no requests succeed"


def test_a_title_does_not_claim_all_attempts_where_some_succeed(tmp_path):
    limited = Fault(10, 0, TOO_MANY, "rate_limit", every=2)
    (problem,) = Service().healthy().models("delta", 8, limited).diagnose(tmp_path).problems
    assert problem.title == "delta: rate limited, some attempts of all 8 models"


@pytest.mark.parametrize(("idle", "last_success"), [(0, "7 Mar 19:"), (9, "7 Mar 10:")])
def test_what_fails_since_before_the_windows_began_with_its_first_known_failure(
    tmp_path, idle, last_success
):
    """Of an older day, its last failure is known; the last success may lie long before."""
    service = one(end=60 + idle).more("alpha", "m", Fault(60, 0, NO_MONEY, "billing"), begin=60)
    (finding,) = service.diagnose(tmp_path).findings
    assert hours_ago(60) < finding.since < hours_ago(48)
    assert finding.since_is_bound
    assert f"Last success {last_success}" in finding.evidence
    assert "UTC, 3 days ago." in finding.evidence


def test_what_retires_is_one_problem_whatever_its_provider_and_date(tmp_path):
    service = Service().healthy()
    service.model("alpha", "soon", catalog={"deprecation_date": days_ago(-2)})
    service.model("beta", "past", catalog={"deprecation_date": days_ago(7)})
    (problem,) = service.diagnose(tmp_path).problems
    assert (problem.severity, len(problem.findings)) == (Severity.INFO, 2)
    assert problem.title == "2 models of 2 providers: retirement date near or past, still working"


def test_models_that_never_worked_are_not_called_deprecated(tmp_path):
    added = {"created_at": hours_ago(20)}
    refused = Fault(20, 0, GONE, "hard_model")
    service = Service().healthy().models("delta", 8, refused, begin=19, catalog=added)
    service.model("delta", "gone", Fault(6, 0, RETIRED, "hard_model"))
    new, gone = service.diagnose(tmp_path).problems
    assert gone.title == "delta gone: likely deprecated"
    assert new.category is Category.FAILING_MODEL
    assert new.title == "8 models of delta: model not found, added 9 Mar 12:00 UTC, no success yet"
    assert new.action == (
        "Find what added these models (an import, a discovery run) and correct it there, or disable them."
    )
    evidence = new.findings[0].evidence
    assert evidence.endswith("No success since it was added, 9 Mar 12:00 UTC.")


def test_models_that_were_added_hours_apart_have_no_moment_in_the_title(tmp_path):
    refused, service = Fault(20, 0, GONE, "hard_model"), Service().healthy()
    for hour in (20, 15):
        added = {"created_at": hours_ago(hour)}
        service.model("delta", f"new-{hour}", refused, begin=hour - 1, catalog=added)
    (problem,) = service.diagnose(tmp_path).problems
    assert problem.title == "2 models of delta: model not found"


def test_a_model_that_is_only_served_another_way_is_not_called_missing(tmp_path):
    dedicated = (
        "Error code: 400 - Unable to access non-serverless model {model}. Create an endpoint."
    )
    service = gamma(
        2, Fault(20, 0, dedicated, "hard_model"), begin=19, catalog={"created_at": hours_ago(20)}
    )
    (problem,) = [p for p in service.diagnose(tmp_path).problems if p.severity is Severity.WARNING]
    assert problem.title.startswith("2 models of gamma: not offered this way, added 9 Mar 12:00")


def test_a_provider_whose_models_were_added_lately_says_when(tmp_path):
    added = {"created_at": days_ago(9), "promoted_at": days_ago(3)}
    service = Service().healthy()
    service.models("delta", 4, Fault(71, 0, BAD_KEY, "auth"), begin=71, catalog=added)
    (finding,) = service.diagnose(tmp_path).findings
    assert finding.evidence.endswith("no success since these models were added, 7 Mar 08:00 UTC.")


def test_a_start_of_which_only_a_bound_is_known_is_as_old_as_the_baseline_says(tmp_path):
    service = Service().healthy().models("bedrock", 5, runner=BEDROCK)
    service.again(LEGACY, Fault(216, 0, PROFILE, "auth"), begin=216, provider="bedrock")
    (problem,) = service.diagnose(tmp_path).problems
    assert problem.since_is_bound
    assert problem.since < days_ago(8)
    assert "since at least 2 Mar" in problem.findings[0].evidence


@pytest.mark.parametrize(("hours", "is_bound"), [(70, True), (47, False)])
def test_partial_failures_from_before_the_windows_began_then_or_earlier(tmp_path, hours, is_bound):
    limited = [Fault(hours, 0, TOO_MANY, "rate_limit", every=every) for every in (2, 3)]
    (problem,) = one(*limited, runner=BEDROCK).diagnose(tmp_path).problems
    assert problem.findings[0].count == 32
    assert problem.since_is_bound is is_bound
    assert problem.since <= hours_ago(48 if is_bound else 46)


def test_leases_that_expired_are_our_runners_and_no_time_outs_of_a_model(tmp_path):
    service = Service().healthy("alpha", "beta", models=3)
    for hours in (3, 6, 9):
        service.leases(LEASE, hours)
    activity = service.activity(tmp_path)
    lines = timelines(activity)
    made = Counts(activity, lines, diagnose(activity, lines).published).totals()
    assert (made.errors, made.expired_leases, made.not_stored) == (18, 18, 0)
    assert sum(line.at_the_provider.errors for line in lines.current.values()) == 0


def test_evidence_does_not_call_an_expired_lease_a_time_out(tmp_path):
    hung = Fault(9, 0, LEASE, "timeout", "timeout")
    (finding,) = one(hung, runner=BEDROCK).diagnose(tmp_path).findings
    assert "lease expired (18)" in finding.evidence
    assert "timed out" not in finding.evidence


def test_a_provider_counts_where_the_catalog_knows_its_models_by_other_names(tmp_path):
    service = Service().healthy().listed("delta", 6)
    for number in range(6):
        service.unlisted("delta", f"delta-{number}", Fault(9, 0, BUSY, "transient_provider"))
    diagnosis = service.diagnose(tmp_path)
    assert ("delta", Category.PROVIDER_ISSUE) in {
        (finding.provider, finding.category) for finding in diagnosis.findings
    }
    # Beside models that it does list, others are candidates that nobody publishes.
    few = Service().healthy().models("delta", 6)
    few.unlisted("delta", "candidate", Fault(9, 0, BUSY, "transient_provider"))
    assert not few.diagnose(tmp_path / "few").findings


def test_many_models_that_are_not_attempted_come_before_one_that_is_gone(tmp_path):
    service = Service().healthy("alpha", "beta", "gamma", models=4)
    for provider in ("alpha", "beta"):
        service.model(provider, "idle", end=8).model(provider, "idle-too", end=8)
    service.model("gamma", "gone", Fault(5, 0, GONE, "hard_model"))
    first, second = service.diagnose(tmp_path).problems
    assert (first.category, len(first.models)) == (Category.SILENT_MODEL, 4)
    assert second.category is Category.DEPRECATED_MODEL


@pytest.mark.parametrize(
    ("message", "kind", "severity"),
    [(GONE, "hard_model", Severity.WARNING), (BUSY, "transient_provider", Severity.INFO)],
)
def test_a_model_was_disabled_for_a_successor_that_fails(tmp_path, message, kind, severity):
    off = {"enabled": False, "disabled_at": hours_ago(5), "disabled_class": "policy"}
    service = Service().healthy()
    service.model("alpha", "old", end=5.2, catalog={**off, "successor_model": "new"})
    service.model("alpha", "new", Fault(5, 0, message, kind), begin=5)
    (found,) = (
        finding
        for finding in service.diagnose(tmp_path).findings
        if finding.category is Category.CATALOG_CHANGE and finding.aspect == "disabled"
    )
    assert found.severity is severity
    assert ("the successor of old fails" in found.evidence) is (severity is Severity.WARNING)
