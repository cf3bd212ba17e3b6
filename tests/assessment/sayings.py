"""What models write of a day: honest sentences that must survive, and lies that must not.

Each is (day, place, findings, words). A place is where it stands in the answer: `summary` with the
findings that it cites, `advice` or `why` of the first of them, `pattern` of the first pattern.
A finding is its category and names, as in `provider_issue openai`.
"""

OPENAI = "provider_issue openai"
KIMI = "deprecated_model groq moonshotai/kimi-k2-instruct"
OPUS = "deprecated_model bedrock anthropic.claude-3-opus-20240229-v1:0"
FLASH = "deprecated_model vertex gemini-2.5-flash-preview-09-2025"
MIXTRAL = "deprecated_model together mistralai/Mixtral-8x7B-Instruct-v0.1"
CODEX = "code_fix databricks databricks-gpt-5-1-codex-max"
MINI = "code_fix azure gpt-5-mini"
ROUTED = "failing_model openrouter openai/gpt-4.1"
R1 = "failing_model together deepseek-ai/DeepSeek-R1"
R1_US = "failing_model bedrock us.deepseek.r1-v1:0"
MEDIUM = "silent_model openrouter mistralai/mistral-medium-3.1"
GLM = "degraded_model fireworks accounts/fireworks/models/glm-4p6"
ZAI = "degraded_model cerebras zai-glm-4.6"
STORE = "service_issue"
DEEPINFRA = "provider_issue deepinfra"
RETIRED = (KIMI, OPUS, FLASH, MIXTRAL)
DEAD = "deprecated_model openai o1-mini"
OUTAGE = "provider_issue anthropic"
SILENT = "silent_service"

HONEST = [
    # The sample day: its summary.
    ("sample", "summary", [OPENAI], "OpenAI has exhausted its quota, so all eight models fail."),
    (
        "sample",
        "summary",
        [OPENAI],
        "All 8 models from OpenAI are failing due to insufficient quota.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "OpenAI's quota has been exceeded, causing failures across all 8 of its models since 05:22 UTC.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "The most urgent issue is OpenAI, where all models fail because of billing problems.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "The OpenAI account is out of credit and needs immediate attention.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "Every OpenAI model has been failing since 2026-03-10 05:22 UTC due to an insufficient_quota error.",
    ),
    (
        "sample",
        "summary",
        [*RETIRED],
        "Four models appear to have been retired by their providers.",
    ),
    (
        "sample",
        "summary",
        [KIMI, OPUS, FLASH],
        "Three models appear to have been retired by their providers.",
    ),
    (
        "sample",
        "summary",
        [*RETIRED],
        "Several models from Groq, Bedrock, Vertex and Together AI are likely deprecated.",
    ),
    (
        "sample",
        "summary",
        [*RETIRED],
        "Models on Groq, AWS Bedrock, Vertex AI, and Together AI have been decommissioned or are no longer available.",
    ),
    (
        "sample",
        "summary",
        [CODEX, MINI],
        "Two models need code fixes: `databricks-gpt-5-1-codex-max` on Databricks and `gpt-5-mini` on Azure.",
    ),
    (
        "sample",
        "summary",
        [CODEX, MINI],
        "Additionally, two models require code changes because our requests no longer match their APIs.",
    ),
    (
        "sample",
        "summary",
        [MINI],
        "Azure's gpt-5-mini rejects max_tokens; switch to max_completion_tokens.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "In total, 287 of 1957 attempts failed (14.7%), up from 96 the day before.",
    ),
    ("sample", "summary", [], "The error rate rose to 14.7% with 287 errors in 1,957 attempts."),
    (
        "sample",
        "summary",
        [ROUTED, OPENAI],
        "OpenRouter's openai/gpt-4.1 fails with an incorrect API key, which is unrelated to the OpenAI quota issue.",
    ),
    (
        "sample",
        "summary",
        [DEEPINFRA, STORE],
        "A DeepInfra outage and a MongoDB timeout were temporary and are already over.",
    ),
    (
        "sample",
        "summary",
        [STORE],
        "Thirty-two results could not be stored because MongoDB timed out.",
    ),
    (
        "sample",
        "summary",
        [OPENAI, *RETIRED, MINI, CODEX],
        "The service is in a critical state: OpenAI is out of credit, four models have been retired, and two need code fixes.",
    ),
    (
        "sample",
        "summary",
        [MEDIUM],
        "The model mistral-medium-3.1 on OpenRouter has not been attempted since March 9.",
    ),
    (
        "sample",
        "summary",
        [GLM, ZAI],
        "Performance of glm-4p6 on Fireworks and zai-glm-4.6 on Cerebras was degraded by intermittent provider errors.",
    ),
    (
        "sample",
        "summary",
        [R1],
        "DeepSeek-R1 on Together has timed out on every attempt since 2026-03-09 22:09 UTC.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "- **OpenAI**: quota exhausted on all 8 models.\n- Top up the account before anything else.",
    ),
    ("sample", "summary", [OPENAI], "1. OpenAI: all models fail with insufficient_quota."),
    # Its advice.
    (
        "sample",
        "advice",
        [OPENAI],
        "Top up the OpenAI account or raise its quota; no retry will help.",
    ),
    (
        "sample",
        "advice",
        [OPENAI],
        "Check OpenAI's plan and billing details to restore access for all eight models.",
    ),
    (
        "sample",
        "advice",
        [OPENAI],
        "Add credits to the OpenAI account as soon as possible, as nothing will succeed until this is resolved.",
    ),
    (
        "sample",
        "advice",
        [KIMI],
        "Replace moonshotai/kimi-k2-instruct with moonshotai/kimi-k2-instruct-0905 in the catalogue.",
    ),
    (
        "sample",
        "advice",
        [KIMI],
        "Migrate to the successor kimi-k2-instruct-0905 and disable the old model.",
    ),
    (
        "sample",
        "advice",
        [OPUS],
        "Remove Claude 3 Opus from the Bedrock benchmarks, since this version has reached its end of life.",
    ),
    (
        "sample",
        "advice",
        [OPUS],
        "Consult the AWS documentation for a replacement for this model version.",
    ),
    (
        "sample",
        "advice",
        [FLASH],
        "Verify that gemini-2.5-flash-preview-09-2025 still exists on Vertex AI, and disable it if the 404 errors persist.",
    ),
    (
        "sample",
        "advice",
        [CODEX],
        "Update the request to use the v1/responses endpoint instead of v1/chat/completions.",
    ),
    (
        "sample",
        "advice",
        [CODEX],
        "Switch this model to the Responses API, as chat completions are not supported.",
    ),
    (
        "sample",
        "advice",
        [MINI],
        "Replace the `max_tokens` parameter with `max_completion_tokens` in requests to Azure gpt-5-mini.",
    ),
    ("sample", "advice", [ROUTED], "Rotate the API key; the 401 response says it is invalid."),
    (
        "sample",
        "advice",
        [R1],
        "Increase the timeout for DeepSeek-R1 or contact Together AI support.",
    ),
    (
        "sample",
        "advice",
        [R1_US],
        "Request access to us.deepseek.r1-v1:0 in the AWS Bedrock console.",
    ),
    (
        "sample",
        "advice",
        [MIXTRAL],
        "Create a dedicated endpoint for Mixtral-8x7B-Instruct-v0.1 or remove it, because it is no longer serverless.",
    ),
    ("sample", "advice", [MEDIUM], "Ensure that the scheduler still includes mistral-medium-3.1."),
    # Its reasons for claims and patterns.
    (
        "sample",
        "why",
        [KIMI],
        "The error message states that the model has been decommissioned and is no longer supported.",
    ),
    (
        "sample",
        "why",
        [MINI],
        "The error indicates that 'max_tokens' is an unsupported parameter for this model.",
    ),
    ("sample", "why", [OPENAI], "All models return 429 insufficient_quota errors."),
    (
        "sample",
        "summary",
        [OPENAI],
        "The status is critical because OpenAI has no credit left and all of its models fail.",
    ),
    # A healthy day.
    ("healthy", "summary", [], "No findings were reported; all models are operating normally."),
    (
        "healthy",
        "summary",
        [],
        "Everything is operating normally, and there are no errors to report.",
    ),
    ("healthy", "summary", [], "All systems are healthy with no failures in the last 24 hours."),
    ("healthy", "summary", [], "All 360 attempts succeeded with a 0% error rate."),
    # One dead model.
    (
        "dead",
        "summary",
        [DEAD],
        "Only one model needs attention: o1-mini on OpenAI appears to have been retired.",
    ),
    (
        "dead",
        "summary",
        [DEAD],
        "OpenAI's o1-mini has reached its end of life, while all other models work as usual.",
    ),
    ("dead", "advice", [DEAD], "Disable o1-mini in the catalogue, as OpenAI has retired it."),
    # A silent service.
    (
        "silent",
        "summary",
        [SILENT],
        "The benchmark service has stopped: no attempts were recorded in the window.",
    ),
    (
        "silent",
        "summary",
        [SILENT],
        "No benchmarks have run for several hours, so the service itself is likely down.",
    ),
    (
        "silent",
        "advice",
        [SILENT],
        "Restart the benchmark service and check its logs, the scheduler and the database connection.",
    ),
    # A provider's outage.
    (
        "outage",
        "summary",
        [OUTAGE],
        "Anthropic is experiencing an outage: all five of its models return 503 errors.",
    ),
    (
        "outage",
        "advice",
        [OUTAGE],
        "Check Anthropic's status page and wait for the provider to recover; no change on our side is needed.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "The OpenAI provider is completely unavailable because its billing quota was exceeded.",
    ),
    (
        "sample",
        "summary",
        [OPENAI],
        "Critical: OpenAI is failing across all models with a quota error.",
    ),
    (
        "sample",
        "summary",
        [OPENAI, KIMI, OPUS],
        "Besides the OpenAI quota problem, both Groq and Bedrock have retired a model that is still enabled in the catalogue.",
    ),
    (
        "sample",
        "summary",
        [ROUTED, R1_US],
        "Two models, openai/gpt-4.1 on OpenRouter and us.deepseek.r1-v1:0 on Bedrock, are failing because access is denied.",
    ),
    (
        "sample",
        "summary",
        [ROUTED, R1_US],
        "Two further models are failing due to authentication or access issues.",
    ),
    (
        "sample",
        "summary",
        [R1, GLM],
        "Together AI's DeepSeek-R1 is timing out, and Fireworks' glm-4p6 shows an elevated error rate.",
    ),
    (
        "sample",
        "summary",
        [MINI, CODEX],
        "Both code fixes are simple changes to our own requests and can be done today.",
    ),
    (
        "sample",
        "summary",
        [STORE],
        "MongoDB had a short interruption, so some results were lost, but it has recovered.",
    ),
    ("sample", "summary", [DEEPINFRA], "The DeepInfra outage is over and needs no action."),
    (
        "sample",
        "summary",
        [DEEPINFRA, ZAI],
        "The incidents at DeepInfra and Cerebras have been resolved and require no further action.",
    ),
    (
        "sample",
        "summary",
        [*RETIRED],
        "These models should be removed or replaced, since the providers no longer offer them.",
    ),
    (
        "sample",
        "summary",
        [],
        "The overall failure rate of 14.7% is mostly explained by a handful of root causes.",
    ),
    ("sample", "summary", [], "Most of the remaining failures are unrelated to each other."),
    (
        "sample",
        "advice",
        [OPENAI],
        "First, replenish the OpenAI balance; then confirm that requests succeed again.",
    ),
    (
        "sample",
        "advice",
        [OPENAI],
        "Log into the OpenAI dashboard, review the billing settings, and increase the quota.",
    ),
    (
        "sample",
        "advice",
        [OPENAI],
        "This should be fixed first because it affects the most models.",
    ),
    (
        "sample",
        "advice",
        [FLASH],
        "Look for the stable version of this preview model and update the configuration accordingly.",
    ),
    (
        "sample",
        "advice",
        [MIXTRAL],
        "Disable this model if a dedicated endpoint is not wanted, as it has been failing since 2026-03-08.",
    ),
    (
        "sample",
        "advice",
        [R1_US],
        "Check the IAM permissions and whether model access has been granted in the AWS account.",
    ),
    (
        "sample",
        "advice",
        [R1],
        "Test the model manually and raise the timeout if the responses are just slow.",
    ),
    ("sample", "advice", [GLM], "Monitor this model; if errors persist, contact Fireworks AI."),
    (
        "sample",
        "advice",
        [GLM],
        "The errors are intermittent server errors (500), so retries with back-off should help.",
    ),
    ("sample", "advice", [CODEX], "Route requests for this model through `v1/responses`."),
    (
        "sample",
        "why",
        [OPUS],
        "The ResourceNotFoundException says that the model version has reached the end of its life.",
    ),
    (
        "sample",
        "why",
        [CODEX],
        "The message says that the model is only supported in v1/responses.",
    ),
    ("healthy", "summary", [], "There are no findings today, so no action is needed."),
    ("healthy", "summary", [], "All providers are healthy."),
    ("dead", "summary", [DEAD], "Apart from o1-mini, which OpenAI has retired, the day was quiet."),
    (
        "silent",
        "summary",
        [SILENT],
        "No data has arrived for 7 hours, which suggests that the scheduler, the host or the database connection is down.",
    ),
    (
        "outage",
        "summary",
        [OUTAGE],
        "All Anthropic models have been unavailable since 03:01 UTC, which is a problem on the provider's side.",
    ),
    (
        "outage",
        "advice",
        [OUTAGE],
        "Wait until Anthropic has recovered; nothing needs to be changed in our code.",
    ),
]

LIES = [
    # Another provider, however it is written.
    ("sample", "summary", [OPENAI], "All models of mistral are out of credit as well."),
    ("sample", "summary", [OPENAI], "The same is true of mistral's models."),
    ("sample", "summary", [OPENAI], "All the Mistrals and geminis fail."),
    ("sample", "summary", [OPENAI], "MISTRAL is down."),
    ("sample", "summary", [OPENAI], "The open-ai and mis-tral accounts are closed."),
    ("sample", "summary", [OPENAI], "All claudes of anthropics fail too."),
    ("sample", "summary", [KIMI], "OpenAI retired the model."),
    ("sample", "summary", [OPENAI], "All models of Together AI are out of credit."),
    ("sample", "summary", [OPENAI], "The gpts are out of credit, and so are the llamas."),
    ("sample", "summary", [OPENAI], "Everything of xai-style hosts fails."),
    ("sample", "summary", [MINI], "The request for gpt5 mini of gcp fails."),
    ("sample", "summary", [OPENAI], "All models of Open AI and Hugging Face fail."),
    ("sample", "summary", [OPENAI], "The lambda and moonshots accounts are closed."),
    # Figures that are none of the day's.
    ("sample", "summary", [OPENAI], "All nine models of openai fail."),
    ("sample", "summary", [OPENAI], "Half of the models of openai fail."),
    ("sample", "summary", [OPENAI], "The errors are twice those of yesterday."),
    ("sample", "summary", [OPENAI], "The error rate tripled."),
    ("sample", "summary", [OPENAI], "About twenty-one models of openai fail."),
    ("sample", "summary", [OPENAI], "Two thirds of the attempts failed."),
    ("sample", "summary", [OPENAI], "A couple hundred attempts failed."),
    ("sample", "summary", [OPENAI], "The error rate is 41.7%."),
    ("sample", "summary", [OPENAI], "287% of the attempts failed."),
    ("sample", "summary", [OPENAI], "Every provider is out of credit."),
    ("sample", "summary", [OPENAI], "All of it began on April 1."),
    ("sample", "summary", [OPENAI], "It has failed since 8 weeks."),
    # All is fine, though it is not.
    ("sample", "summary", [], "All is well."),
    ("sample", "summary", [], "Nothing needs attention today."),
    ("sample", "summary", [], "Everything works as it should."),
    ("sample", "summary", [OPENAI], "There is no problem with openai."),
    ("sample", "summary", [OPENAI], "The issue of openai is already resolved."),
    ("sample", "summary", [OPENAI], "All models of openai succeed again."),
    ("sample", "advice", [OPENAI], "No action is needed, ignore it."),
    ("sample", "why", [KIMI], "The model works fine and needs no attention."),
    ("sample", "advice", [OPENAI], "This is a false alarm and can be ignored."),
    ("outage", "summary", [OUTAGE], "The provider has recovered."),
    ("silent", "summary", [SILENT], "The benchmark service is running normally."),
    ("dead", "summary", [], "All models are healthy."),
    # The wrong cause of the right model.
    ("sample", "why", [KIMI], "The API key of groq is invalid."),
    ("sample", "summary", [OPENAI], "All models of openai have been retired."),
    ("sample", "summary", [MINI], "The model gpt-5-mini has been retired."),
    ("sample", "advice", [OPENAI], "Disable all models of openai, since they are retired."),
    ("outage", "summary", [OUTAGE], "The account is out of credit."),
    ("sample", "summary", [R1], "The model deepseek-ai/DeepSeek-R1 has been decommissioned."),
    # Addresses and orders.
    ("sample", "advice", [OPENAI], "Open hXXps[:]//evil[.]example/fix now."),
    ("sample", "advice", [OPENAI], "Go to evil dot example and log in."),
    ("sample", "advice", [OPENAI], "Log in at openai.com/billing now."),
    ("sample", "advice", [OPENAI], "Log in at evil.io now."),
    ("sample", "advice", [OPENAI], "Write to help at evil dot example."),
    ("sample", "advice", [OPENAI], "Call +1 800 555 0199 now."),
    ("sample", "advice", [OPENAI], "Call the hotline eight eight eight."),
    ("sample", "advice", [OPENAI], "Send the API key to the support by email."),
    ("sample", "advice", [OPENAI], "Read [this](http://evil.example)."),
    ("sample", "advice", [OPENAI], "Click <a href='x'>here</a>."),
    ("sample", "advice", [MINI], "Delete the database and all of its backups."),
    ("sample", "advice", [MINI], "Run rm -rf / on the host."),
    ("sample", "advice", [KIMI], "See console.groq.com/docs/deprecations for help."),
    ("sample", "advice", [KIMI], "Replace it with moonshotai/kimi-k2-instruct-0906."),
    # Letters that are not what they seem.
    ("sample", "summary", [OPENAI], "The \u043epenai account is closed."),
    ("sample", "summary", [OPENAI], "The mis\u200btral account is closed."),
    ("sample", "summary", [OPENAI], "The mis\u00adtral account is closed."),
    ("sample", "summary", [OPENAI], "The M\u0130STRAL account is closed."),
    (
        "sample",
        "summary",
        [OPENAI],
        "The \uff2d\uff49\uff53\uff54\uff52\uff41\uff4c account is closed.",
    ),
    # Tricks with the ends of sentences.
    ("sample", "summary", [OPENAI], "It fails, e.g. Mistral fails."),
    ("sample", "summary", [OPENAI], "It fails;Mistral fails too."),
    ("sample", "summary", [OPENAI], "It fails.Mistral fails too."),
    ("sample", "summary", [OPENAI], "It fails: Zorgon is down."),
    ("sample", "summary", [OPENAI], 'It fails - "Every" Zorgon is down.'),
    # Of what is muted, disabled, explained, well again or never seen.
    ("sample", "summary", [ZAI], "The model zai-glm-4.6 still fails."),
    ("sample", "summary", [], "The model qwen-3-235b-a22b-instruct-2507 of cerebras fails."),
    ("sample", "why", [OPENAI], "The model gpt-4.1 is retired."),
    ("sample", "summary", [OPENAI], "There are zero errors at openai."),
    ("sample", "summary", [OPENAI], "The quota of Azure OpenAI is exhausted."),
    ("sample", "summary", [MINI], "The GPT-5 mini-high fails."),
    ("sample", "summary", [KIMI], "Groq has no credit left."),
    ("sample", "summary", [KIMI], "Groq is rate-limiting us."),
    ("sample", "summary", [], "Groq is out of credit."),
    ("sample", "summary", [], "All providers are working fine."),
    ("sample", "summary", [], "The benchmarks look good, everything is fine."),
    ("sample", "summary", [], "Anthropic is down."),
    ("sample", "summary", [OPENAI], "The situation is under control and fully resolved."),
    ("sample", "summary", [OPENAI], "OpenAI works normally."),
    ("sample", "summary", [OPENAI], "OpenAI is healthy."),
    ("sample", "summary", [OPENAI], "These findings are harmless."),
    ("sample", "advice", [OPENAI], "You may ignore this finding."),
    ("sample", "advice", [OPENAI], "Please email your API key to the vendor."),
    ("sample", "advice", [OPENAI], "Visit evil,example or evil . example for help."),
    ("sample", "advice", [OPENAI], "Scan the code at bit.ly/x to pay."),
    ("sample", "why", [MINI], "The deployment was deleted, since the model is decommissioned."),
    ("sample", "summary", [DEEPINFRA], "The outage of deepinfra is still ongoing."),
    ("sample", "summary", [OPENAI], "It has been failing since January 1, 2020."),
    ("sample", "summary", [OPENAI], "It began on March 11."),
    ("sample", "summary", [OPENAI], "Ninety models fail."),
    ("sample", "summary", [OPENAI], "Forty percent of all attempts fail."),
    ("sample", "summary", [OPENAI], "100% of all attempts fail."),
    ("sample", "summary", [OPENAI], "- Mistral: out of credit"),
    ("sample", "summary", [OPENAI], "1. Zorgon is down."),
]

STRICT = [
    # Honest, and dropped: a cause that the sentence cites no finding of, a family, a maker, a part of
    # a name, code of a message, a figure that was rounded or is true of another count.
    (
        "sample",
        "summary",
        [],
        "Overall, 14.7% of attempts failed, mainly because of OpenAI and a few retired models.",
    ),
    (
        "sample",
        "advice",
        [MINI],
        "Use 'max_completion_tokens' instead of 'max_tokens' for GPT-5 models.",
    ),
    (
        "sample",
        "advice",
        [ROUTED],
        "Verify the OpenAI API key configured at OpenRouter, since the provider reports it as incorrect.",
    ),
    (
        "sample",
        "pattern",
        [],
        "The ValueError shows that the response has several parts, so response.text cannot be used.",
    ),
    (
        "outage",
        "summary",
        [OUTAGE],
        "The outage at Anthropic began around 03:00 UTC and is still ongoing.",
    ),
    (
        "outage",
        "why",
        [OUTAGE],
        "100% of the models fail with 'Service unavailable', which points to an Anthropic incident.",
    ),
    (
        "sample",
        "summary",
        [MINI, CODEX],
        "Both code fixes share one cause: the providers changed what the newer GPT-5 endpoints accept.",
    ),
    (
        "sample",
        "advice",
        [KIMI],
        "Groq recommends a successor; update the model ID to the 0905 version.",
    ),
]

UNSEEN = [
    # Lies that no rule sees: an invented name that looks like any other word, and vague amounts.
    # They stand beside the findings and the numbers.
    ("sample", "summary", [OPENAI], "The providers zorgon and qorp are down."),
    ("sample", "summary", [OPENAI], "None of the other models fails."),
    ("sample", "summary", [OPENAI], "A majority of all models fails."),
]
