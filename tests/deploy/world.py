"""What a host talks to: a store, the AI and a mail server, on the loopback that hosts share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trustme
from deploy.openai_server import OpenAi, openai_server
from mail_servers import Login, SmtpServer, smtp_server
from pymongo import MongoClient
from stores import Store

DATABASE = "llm-bench"
CANARY = "c4nary"
"""Every secret of these tests has it in it."""
LOGIN = Login("clifford", "c4nary-smtp-Pa55word")
OPENAI_KEY = "sk-c4nary-openai-0123456789abcdefghijklmnop"
MONGODB_PASSWORD = "c4nary-mongodb-Pa55word"  # noqa: S105 - nothing but a test's own server takes it
READER = "operator@example.test"


@dataclass(frozen=True)
class World:
    """Servers that run."""

    mongodb_uri: str
    """Who may only read."""
    writer_uri: str
    openai: OpenAi
    mail: SmtpServer
    certificate: Path
    """Key and chain of the mail server."""
    authority: str
    """Who signed for it, as PEM."""


@contextmanager
def world(mongodb_uri: str, folder: Path) -> Iterator[World]:
    """Fill the store with days that end now, and serve."""
    store = Store(until=datetime.now(UTC))
    for days_ago in range(3):
        store.day("openai", "gpt-4o", attempts=24, failures=0, days_ago=days_ago)
        store.day("groq", "llama-3", attempts=24, failures=24, days_ago=days_ago)
    with MongoClient(mongodb_uri) as client:
        store.insert_into(client[DATABASE])
        for user, role in (("reader", "read"), ("writer", "readWrite")):
            roles = [{"role": role, "db": DATABASE}]
            client.admin.command("createUser", user, pwd=MONGODB_PASSWORD, roles=roles)
    signer, certificate = trustme.CA(), folder / "mail-server.pem"
    signer.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
    with (
        openai_server() as openai,
        smtp_server(tls="starttls", login=LOGIN, certificate=certificate) as mail,
    ):
        yield World(
            mongodb_uri=_as("reader", mongodb_uri),
            writer_uri=_as("writer", mongodb_uri),
            openai=openai,
            mail=mail,
            certificate=certificate,
            authority=signer.cert_pem.bytes().decode(),
        )


def _as(user: str, uri: str) -> str:
    return uri.replace("://", f"://{user}:{MONGODB_PASSWORD}@") + "?authSource=admin"
