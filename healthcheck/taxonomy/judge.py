"""From a message and its hints to a verdict."""

from healthcheck.taxonomy.evidence import cleaned
from healthcheck.taxonomy.kinds import ErrorKind, Verdict, stored
from healthcheck.taxonomy.rules import CLEAR, VAGUE
from healthcheck.taxonomy.status import meaning, told
from healthcheck.taxonomy.table import Table

TABLES = (Table(CLEAR), Table(VAGUE))


def classify(
    message: object,
    *,
    http_status: object = None,
    exc_type: object = None,
    stored_kind: object = None,
) -> ErrorKind:
    """Return the kind of an error message; the hints count only where the message is not clear."""
    return judge(message, http_status=http_status, exc_type=exc_type, stored_kind=stored_kind).kind


def judge(
    message: object,
    *,
    http_status: object = None,
    exc_type: object = None,
    stored_kind: object = None,
) -> Verdict:
    """Return kind, rule and reason: clear words, a status told, vague words, then the hints."""
    text = cleaned(message, exc_type)
    rule = TABLES[0].first(text)
    if rule is not None:
        return Verdict(rule.kind, rule.id, rule.why, rule.retired, clear=True)
    status = told(text)
    kind = meaning(status)
    if kind is not None:
        return Verdict(kind, f"http-{status}", "the message names this HTTP status")
    rule = TABLES[1].first(text)
    if rule is not None:
        return Verdict(rule.kind, rule.id, rule.why, rule.retired)
    kind = meaning(http_status)
    if kind is not None:
        return Verdict(kind, f"http-{http_status}", "the HTTP status stored with it")
    kind = stored(stored_kind)
    if kind is not ErrorKind.UNKNOWN:
        return Verdict(kind, "stored-kind", "only the writer's guess")
    return Verdict(ErrorKind.UNKNOWN, "none", "nothing in it tells")
