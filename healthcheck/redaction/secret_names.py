"""Judgements on a name: does what it names open something?"""

from enum import IntEnum
from functools import lru_cache

from healthcheck.lazy_pattern import lazy_pattern


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


_PART = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")

_OTHER = lazy_pattern(r"(?i)(device|auth\w*|invite)_?code|code_?verifier|(erlang|auth)_?cookie")
_JOINED_KEYS = (
    r"(?:api|access|secret|private|account|auth|app|master|license|subscription|shared|admin|"
    r"storage|service|encryption|signing|virtual|salt)keys?$"
)
_LAST_WORDS = lazy_pattern(r"[\w/ (-]+$")

# What stands before "key" where it opens nothing: a cache key, say.
_PLAIN_OWNERS = words("""
    primary foreign cache sort partition shard hash idempotency idempotent dedup deduplication public pub row range index unique composite
    object bucket s3 group lookup map dict join order metric label feature flag registry batch trace experiment run model error unknown
    missing extra duplicate dup kms data field param request blob file message event sha md sha1 sha256 host fingerprint short parent config
    translation i18n tracking etag queue lock rate document state record item session shared schema column property checkpoint checksum header
    dictionary json redis sorting kv dedupe rsa gpg pgp
""")

# The same before "token": a page token, say.
_PLAIN_TOKENS = words("""
    next page prev previous continuation eos bos pad stop unk mask sep cls special image unexpected sync cursor max min per num total think
    completion prompt input output cached reasoning
""")

# What ends a name that tells about a secret and is none itself.
_PLAIN_ENDS = words("""
    id ids name names type types path paths file files filename url uri endpoint count counts limit limits length len size usage used index
    version source mechanism method methods policy dir store algorithm alg expires expiry expiration ttl ref variable field param parameter
    format status error errors code codes scheme provider class required enabled valid exists hash uris urls at on in out budget per rate
    selector pressed down up press code word words board frame map pair threshold vault region agent server service required manager helper util utils
    test tests sock socket lifetime timeout age env var header missing exception found encryption
""")


# What an id is called.
_ID_NAMES = words("""
    id ids request req trace traceparent span revision rev commit digest sha md5 hash etag model organization organisation org project file
    session user account workspace tenant fingerprint checksum run job deployment version build image batch thread message endpoint host node
    pod container cache cursor public signature nonce objectid match serial kid cert certificate pubkey integrity x5t etag ray uuid guid ref
    sid index call response event item label name title path url uri
""")


class Holds(IntEnum):
    """What something of a name holds; the more certain, the less its value has to look like one."""

    NOTHING = 0
    SOME_KEY = 1
    KEY = 2
    PASSWORD = 3


# No tokenizer, secretary or bypass. The first that fits tells what a word of a name holds.
_KINDS = {
    Holds.PASSWORD: lazy_pattern(
        r"passw|passphrase|passcode|pwd|secret(?!a)|psk|pw$"
        r"|(?<!by)(?<!com)(?<!tres)(?<!sur)(?<!over)(?<!under)pass$"
    ),
    Holds.KEY: lazy_pattern(rf"token(?![il])|credential|jwt|assertion|saml|{_JOINED_KEYS}"),
    Holds.SOME_KEY: lazy_pattern(r"^(?:keys?|creds?|auth|pat)$"),
}


def parts_of(name: str) -> list[str]:
    """Return the words of a name in small letters: of `myApi_key2`, `my`, `api`, `key`, `2`."""
    return [part.lower() for part in _PART.findall(name)]


def names_plain(before: str) -> bool:
    """Tell whether the words before "key" or "token" make it one that opens nothing."""
    owner = _LAST_WORDS.search(before)
    last = parts_of(owner[0])[-1:] if owner else ()
    return any(part.rstrip("s") in _PLAIN_OWNERS | _PLAIN_TOKENS for part in last)


@lru_cache(maxsize=1024)
def holds(name: str) -> Holds:
    """Return what something of this name holds."""
    parts = parts_of(name)
    for index in range(len(parts) - 1, -1, -1):
        kind = _kind(parts[index])
        if kind is Holds.NOTHING:
            continue
        after, owner = parts[index + 1 :], parts[:index]
        if after == ["id"] and (
            parts[index] == "secret" or owner[-1:] in (["access"], ["private"])
        ):
            return Holds.SOME_KEY if parts[index] == "secret" else Holds.KEY
        plain = _PLAIN_TOKENS if "token" in parts[index] else _PLAIN_OWNERS
        owned = kind is not Holds.PASSWORD and owner and owner[-1].rstrip("s") in plain
        if owned or _PLAIN_ENDS.intersection(after[:1] + after[-1:]):
            return Holds.NOTHING
        if kind is Holds.SOME_KEY and owner and _kind(owner[-1] + "key") > Holds.SOME_KEY:
            return Holds.KEY
        return kind
    return Holds.KEY if _OTHER.search(name) else Holds.NOTHING


def _kind(part: str) -> Holds:
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(part)), Holds.NOTHING)


def names_id(name: str) -> bool:
    """Tell whether something of this name is an id, and opens nothing."""
    parts = parts_of(name)
    named = _ID_NAMES.intersection([name.lower(), *parts[-2:], *parts[:1]])
    return bool(named) or names_plain("_".join(parts[:-1]))
