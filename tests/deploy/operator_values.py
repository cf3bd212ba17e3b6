"""What the operator of a test host gives to the role, and what stood there before."""

from deploy.host import Host
from deploy.world import LOGIN, OPENAI_KEY, READER, World

ENV = "/opt/llm-benchmarks/.env"
HOME = "/opt/llm-health-check"
OWN_ENV = f"{HOME}/current/env"
MSMTPRC = f"{HOME}/current/msmtprc"
NOTICE_MSMTPRC = "/etc/llm-health-check/msmtprc"
HOST_MSMTPRC = "/etc/msmtprc"
STATE = "/var/lib/llm-health-check"
SERVICE = "llm-health-check.service"
TIMER = "llm-health-check.timer"
FAILURE = "llm-health-check-failure@llm-health-check.service"
TEMPLATES = (SERVICE, TIMER, "llm-health-check-failure@.service")
SENDER = "clifford@example.test"
FALLBACK = "fallback@example.test"
AUTHORITY = "/etc/ssl/authority-of-the-tests.pem"

FOREIGN = """\
# The benchmark service's own settings.
export BENCHMARK_WORKERS=8
export PROVIDER_KEY='c4nary-provider: #1'   # kept

MONGODB_URI={uri}
TRAILING=blank \t
"""


def values(world: World) -> dict[str, object]:
    """Return the role's variables for a host of that world."""
    return {
        "healthcheck_settings": {
            "OPENAI_BASE_URL": world.openai.url,
            "NOTIFY_EMAIL": READER,
            "MAIL_FROM": SENDER,
        },
        "healthcheck_secrets": {"MONGODB_URI": world.mongodb_uri, "OPENAI_API_KEY": OPENAI_KEY},
        "healthcheck_notify_email": FALLBACK,
        "healthcheck_smtp_host": world.mail.host,
        "healthcheck_smtp_port": world.mail.port,
        "healthcheck_smtp_user": LOGIN.user,
        "healthcheck_smtp_password": LOGIN.password,
        "healthcheck_smtp_from": SENDER,
        "healthcheck_smtp_tls_trust_file": AUTHORITY,
    }


def prepare(host: Host, world: World) -> None:
    """Put the benchmark service's .env there, as it stands on a host before the first deploy."""
    host.run("useradd --system --user-group benchmark && mkdir -p /opt/llm-benchmarks")
    host.write(ENV, FOREIGN.format(uri=world.writer_uri), mode="0640", owner="benchmark:benchmark")
    host.write(AUTHORITY, world.authority)
