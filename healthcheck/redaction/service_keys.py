"""Keys of other services that a benchmark's host may hold, as far as their form tells them."""

import re

from healthcheck.redaction.key_format import key_format
from healthcheck.redaction.rule import RedactionRule

_ALNUM = r"[A-Za-z0-9]"

SERVICE_KEY_RULES: tuple[RedactionRule, ...] = (
    key_format(
        "github-token",
        r"gh[pousr]_|github_pat_",
        body=r"[A-Za-z0-9_]",
        why="GitHub: personal, OAuth, app and refresh tokens",
        example="token ghp‖_LF7FAKEKnpPh5WJHyd2FEwuj0vV9KFQuyId8",
        anchors=("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        least=16,
    ),
    key_format(
        "gitlab-token",
        r"gl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|soat|oas|ffct)-(?:t\d_)?",
        why="GitLab: personal, deploy, runner and job tokens",
        example="token glp‖at-FAKEx7Qm2TzKx9LwYbNc",
        anchors=(
            "glpat-",
            "gldt-",
            "glrt-",
            "glptt-",
            "glcbt-",
            "glft-",
            "glimt-",
            "glagent-",
            "glsoat-",
            "gloas-",
            "glffct-",
        ),
        least=12,
    ),
    key_format(
        "slack-token",
        r"xox[a-z](?:\.xox[a-z])?-|xapp-",
        body=r"[A-Za-z0-9%-]",
        why="Slack: tokens of bots, users and apps",
        example="token xox‖b-123456789012-FAKE7vQ2mTzKx9LwYbNc4RdW",
        anchors=("xox", "xapp-"),
        least=10,
        random=False,
    ),
    RedactionRule(
        id="webhook-path",
        # A client may name the host in another place than the path.
        pattern=re.compile(
            r"(?i)(?:/services/(?=T[A-Z0-9]{5,12}/B[A-Z0-9]{5,12}/)|hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/"
            r"|/api/(?:v\d+/)?webhooks/(?=\d{8})"
            r"|/webhookb2/|outlook\.office\.com/webhook/"
            r"|chat\.googleapis\.com/v1/spaces/[\w-]+/messages\?"
            r"|hooks\.zapier\.com/hooks/catch/|open\.feishu\.cn/open-apis/bot/v2/hook/"
            r"|events\.pagerduty\.com/integration/|hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/"
            r"|hc-ping\.com/|maker\.ifttt\.com/trigger/\w+/(?:json/)?with/key/)"
            r"(?P<secret>[^\s\"'<>\\)`]{8,}+)"
        ),
        anchors=(
            "hooks.",
            "/services/t",
            "hook.",
            "webhook",
            "pagerduty",
            "chat.googleapis",
            "hook/",
            "hc-ping",
            "ifttt",
        ),
        why="whoever knows the path of a webhook may post to it",
        example="POST https://hooks.slack.com/services/T00‖000000/B00000000/FAKEi25clthN4R0yxK11",
    ),
    key_format(
        "stripe-key",
        r"[spr]k_(?:live|test)_|whsec_",
        body=r"[A-Za-z0-9+/=]",
        why="Stripe: secret, restricted and publishable keys, and the secrets of webhooks",
        example="sent rk_‖live_FAKE7vQ2mTzKx9LwYbNc4RdW",
        anchors=("k_live_", "k_test_", "whsec_"),
        least=10,
    ),
    key_format(
        "elevenlabs-key",
        r"sk_(?:live_|test_)?",
        why="ElevenLabs: sk_ and 48 hex digits; Stripe and others write sk_ too",
        example="sent sk_‖fa4ed5fde09eb09524b0dd53dee164a375521431fa4e",
        anchors=("sk_",),
        least=16,
    ),
    key_format(
        "sendgrid-key",
        r"SG\.",
        body=r"[A-Za-z0-9_.-]",
        why="SendGrid: the mail service's keys",
        example="sent SG.‖FAKE7vQ2mTzKx9LwYbNc4R.dWGdyb3FYpXsHj6mBf1gRa5uEiQoXw",
        anchors=("sg.",),
        least=20,
    ),
    key_format(
        "mail-service-key",
        r"key-(?=[0-9a-f]{32})|xkeysib-|xsmtpsib-|re_(?=\w{8}_)|md-(?=[A-Za-z0-9_-]{22}\b)",
        why="Mailgun, Brevo, Resend and Mandrill",
        example="sent key‖-fa4ed5fde09eb09524b0dd53dee164a3",
        anchors=("key-", "xkeysib-", "xsmtpsib-", "re_", "md-"),
        least=18,
    ),
    RedactionRule(
        id="twilio-key",
        pattern=re.compile(r"(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])"),
        anchors=("sk",),
        reach=0,
        why="Twilio: SK and 32 hex digits (AC and 32 hex digits is the account: an id)",
        example="sent SK‖fa4ed5fde09eb09524b0dd53dee164a3",
    ),
    key_format(
        "package-token",
        r"npm_|pypi-(?=AgE)|rubygems_|cio(?=[A-Za-z0-9]{32}\b)|dckr_(?:pat|oat)_|oy2(?=[a-z0-9]{43})",
        why="npm, PyPI, RubyGems, crates.io, Docker Hub and NuGet",
        example="token npm‖_FAKE7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXsHj",
        anchors=("npm_", "pypi-", "rubygems_", "cio", "dckr_", "oy2"),
        least=20,
    ),
    RedactionRule(
        id="telegram-token",
        pattern=re.compile(r"(?<![0-9A-Za-z])(?:bot)?(?P<secret>\d{8,10}:A[A-Za-z0-9_-]{30,}+)"),
        anchors=(":a",),
        reach=14,
        why="Telegram: the bot's number and 35 characters, in a path or alone",
        example="https://api.telegram.org/bot123456789:‖AAFAKE7vQ2mTzKx9LwYbNc4RdWGdyb3FYpX/send",
    ),
    RedactionRule(
        id="discord-token",
        pattern=re.compile(
            r"[MNO](?<![\w.-].)[A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,45}(?![\w-])"
        ),
        anchors=(".",),
        why="Discord: three parts, the first being the bot's number in base64",
        example="token MTE‖yFAKEzNDU2Nzg5MDEyMzQ1.GFAKE1.xYz0123456789abcdefghijklmnop",
    ),
    key_format(
        "observability-key",
        r"lsv2_(?:pt|sk)_|ls__|sntr[yu]s_|sgp_|phc_|phx_|glsa_|glc_|NRAK-|NRJS-|hlx_|dt0c01\."
        r"|pk-lf-|wandb_v\d_",
        body=r"[A-Za-z0-9_.=+/-]",
        why="LangSmith, Langfuse, Sentry, PostHog, Grafana, New Relic, Weights & Biases",
        example="sent lsv‖2_pt_fa4ed5fde09eb09524b0dd53dee164a3_fa4ed5fde0",
        anchors=(
            "lsv2_",
            "ls__",
            "sntr",
            "sgp_",
            "phc_",
            "phx_",
            "glsa_",
            "glc_",
            "nrak-",
            "nrjs-",
            "hlx_",
            "dt0c01.",
            "pk-lf-",
            "wandb_v",
        ),
        least=16,
    ),
    key_format(
        "search-key",
        r"jina_|ctx7sk-|tvly-|fc-(?=[0-9a-f]{20})|exa_|bce-v3/ALTAK-|gpustack_|fal_|sk\.eyJ",
        why="search and embedding services that models are benchmarked with (Jina, Tavily, …)",
        example="sent jin‖a_fa4ed5fde09eb09524b0dd53dee164aXyZ",
        anchors=("jina_", "ctx7sk-", "tvly-", "fc-", "exa_", "altak-", "gpustack_", "fal_", "sk.e"),
        least=16,
    ),
    key_format(
        "platform-key",
        r"pcsk_|shpat_|shpss_|dop_v1_|doo_v1_|hvs\.|hvb\.|lin_api_|ntn_|PMAK-|figd_|fo1_|vcp_|vck_"
        r"|nfp_|sbp_|sb_secret_|rnd_|pul-|tskey-[a-z]+-|A3T[A-Z0-9]-|CFPAT-|AGE-SECRET-KEY-1"
        r"|EAACEdEose0cBA|ops_eyJ|HRKU-|PRVT-|pscale_(?:tkn|pw|oauth)_|dp\.[a-z]{2}\.|tfp_"
        r"|ak-(?=[A-Za-z0-9]{22}\b)|as-(?=[A-Za-z0-9]{22}\b)|mdb_sa_sk_|eyJrIjoi|cfut_|AKID(?=[A-Za-z0-9]{28})|LTAI|v1\.0-(?=\w{24})"
        r"|AT(?:ATT3x|BB)(?=[A-Za-z0-9]{4})",
        body=r"[A-Za-z0-9_.=+/-]",
        why="Pinecone, DigitalOcean, Vault, Supabase, Tailscale, Alibaba, Tencent and other platforms",
        example="sent pcs‖k_FAKE7_vQ2mTzKx9LwYbNc4RdWGdyb3FYpXsHj6mBf1gRa5",
        anchors=(
            "pcsk_",
            "shpat_",
            "shpss_",
            "_v1_",
            "hvs.",
            "hvb.",
            "lin_api_",
            "ntn_",
            "pmak-",
            "figd_",
            "fo1_",
            "vcp_",
            "vck_",
            "nfp_",
            "sbp_",
            "sb_secret_",
            "rnd_",
            "pul-",
            "tskey-",
            "a3t",
            "cfpat-",
            "age-secret",
            "eaacede",
            "ops_eyj",
            "hrku-",
            "prvt-",
            "pscale_",
            "dp.",
            "tfp_",
            "ak-",
            "as-",
            "mdb_sa_sk_",
            "eyjrijoi",
            "cfut_",
            "akid",
            "ltai",
            "v1.0-",
            "atatt",
            "atbb",
        ),
        least=20,
    ),
    RedactionRule(
        id="azure-client-secret",
        pattern=re.compile(
            r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])"
        ),
        anchors=("q~",),
        reach=4,
        why="Microsoft Entra: secrets of applications carry Q~ as their mark",
        example="sent abc‖8Q~FAKE7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXs",
    ),
)
