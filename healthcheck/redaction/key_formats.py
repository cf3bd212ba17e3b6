"""The one table of key formats, what derives from it, and secrets of many lines or parts."""

import re
from typing import NamedTuple

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import is_placeholder, looks_random
from healthcheck.redaction.rule import RedactionRule

WORD = "A-Za-z0-9_-"
_ALNUM = "A-Za-z0-9"
_DOTTED = "A-Za-z0-9_.=+/~-"
_LONGER_THAN_WORDS = 16


class KeyFormat(NamedTuple):
    """A kind of key: how it begins, of which characters it goes on, and how many at least."""

    id: str
    prefixes: str
    alphabet: str = WORD
    # Fewer than a whole key has, as logs cut: 8 behind a prefix of its own, 20 where words begin so.
    least: int = 10
    # Whether what follows must look random; False behind a prefix of its own: a short part may not.
    drawn: bool = True

    @property
    def starts(self) -> tuple[str, ...]:
        """The prefixes, one by one."""
        return tuple(self.prefixes.split())


# Formats of providers come first: where two rows share a prefix, the first one names the key.
KEY_FORMATS = (
    KeyFormat("anthropic-key", "sk-ant-"),
    KeyFormat("openrouter-key", "sk-or-"),
    KeyFormat("openai-key", "sk-proj- sk-svcacct- sk-service- sk-admin- sk-None-", least=6, drawn=False),
    KeyFormat("openai-session", "sess- ek_", _ALNUM, 20),
    KeyFormat("secret-key", "sk- sk-lf- sk-live- sk-test-"),
    KeyFormat("aws-access-key", "AKIA ASIA ABIA ACCA", "A-Z0-9", drawn=False),
    KeyFormat("aws-session-token", "IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz AQoDYXdz", "A-Za-z0-9+/=_%-", 8, drawn=False),
    KeyFormat("bedrock-key", "ABSK bedrock-api-key-", "A-Za-z0-9+/=_-", 20),
    KeyFormat("google-api-key", "AIza", least=12, drawn=False),
    KeyFormat("google-token", "ya29. GOCSPX- 1//0 4/0A AQ.Ab8R", _DOTTED, 12, drawn=False),
    KeyFormat("groq-key", "gsk_", least=8, drawn=False),
    KeyFormat("xai-key", "xai-", least=20),
    KeyFormat("cerebras-key", "csk-"),
    KeyFormat("together-key", "tgp_v1_ tgp_v2_ tgp_ tgsk_", least=8, drawn=False),
    KeyFormat("fireworks-key", "fw_ fpk_", _ALNUM, 14),
    KeyFormat("databricks-token", "dapi dose dkea dsapi doauth", "0-9a-f-", 16),
    KeyFormat("anyscale-key", "esecret_ aph0_ ash0_", least=8, drawn=False),
    KeyFormat("lambda-key", "secret_", "A-Za-z0-9_.", 20),
    KeyFormat("runpod-key", "rpa_ rps_", _ALNUM, 16),
    KeyFormat("huggingface-token", "hf_ api_org_ hf_oauth_", _ALNUM, 12, drawn=False),
    KeyFormat("nvidia-key", "nvapi-", least=8, drawn=False),
    KeyFormat("perplexity-key", "pplx-", _ALNUM, 20),
    KeyFormat("replicate-token", "r8_", _ALNUM, 12),
    KeyFormat("voyage-key", "pa- al-", least=36),
    KeyFormat("github-token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", "A-Za-z0-9_", 16),
    KeyFormat("gitlab-token", "glpat- gldt- glrt- glptt- glcbt- glft- glimt- glagent- glsoat- gloas- glffct-", least=12),
    KeyFormat("slack-token", "xoxb- xoxp- xoxa- xoxr- xoxs- xoxc- xoxd- xoxe- xoxe. xapp-", "A-Za-z0-9.%-", drawn=False),
    KeyFormat("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ pk_test_ whsec_", "A-Za-z0-9+/="),
    KeyFormat("elevenlabs-key", "sk_", least=16),
    KeyFormat("mail-service-key", "SG. xkeysib- xsmtpsib- re_ md-", _DOTTED, 18),
    KeyFormat("message-service-key", "key- SK", "0-9a-f", 32),
    KeyFormat("package-token", "npm_ pypi-AgE rubygems_ cio dckr_pat_ dckr_oat_ oy2", least=20),
    KeyFormat("service-key", "lsv2_pt_ lsv2_sk_ ls__ sntrys_ sntryu_ sgp_ phc_ phx_ glsa_ glc_ NRAK- NRJS- hlx_ dt0c01. pk-lf- wandb_v1_ jina_ ctx7sk- tvly- fc- exa_ bce-v3/ALTAK- gpustack_ fal_ sk.eyJ", _DOTTED, 16),
    KeyFormat("platform-key", "pcsk_ shpat_ shpss_ dop_v1_ doo_v1_ hvs. hvb. lin_api_ ntn_ PMAK- figd_ fo1_ vcp_ vck_ nfp_ sbp_ sb_secret_ rnd_ pul- tskey- CFPAT- AGE-SECRET-KEY-1 EAACEdEose0cBA ops_eyJ HRKU- PRVT- pscale_ dp.pt. dp.st. tfp_ mdb_sa_sk_ eyJrIjoi cfut_ AKID LTAI v1.0- ATATT3x ATBB", _DOTTED, 20),
    KeyFormat("modal-token", "ak- as-", _ALNUM, 22),
)  # fmt: skip

STARTS = tuple(start for row in KEY_FORMATS for start in row.starts)
_MASK = r"(?:\*{2,}|\.{3,}|…+|•{2,}|\[\.\.\.\])"
# Fewer characters of a key tell nobody anything.
VISIBLE, _STARS = 3, 4
_NAMED_BEFORE = 24
_TOLD_BEFORE = lazy_pattern(r"(?i)(?:key|token|secret|bearer)\W{1,6}(?:is\s)?$|[:=(]\s?[\"']?$")


def _plausible(match: re.Match[str]) -> bool:
    body = match["body"]
    letters = body.replace("_", "").replace("-", "")
    word = letters.isalpha() and letters.islower() and len(body) < _LONGER_THAN_WORDS
    return not (word or is_placeholder(body))


def _random(match: re.Match[str]) -> bool:
    body = match["body"]
    before = match.string[max(0, match.start() - _NAMED_BEFORE) : match.start()]
    told = match[0].startswith("sk-") and not match.string.startswith("*", match.end())
    shown = any(map(str.isdigit, body)) or _TOLD_BEFORE.search(before) is not None
    return _plausible(match) and (looks_random(body, 8) or (told and shown))


def _masked(match: re.Match[str]) -> bool:
    head, mask = match["head"], match["mask"]
    start = next((start for start in STARTS if head.startswith(start)), None)
    shown = (head + match["tail"]).removeprefix(start or "")
    if is_placeholder(match[0]) or sum(map(str.isalnum, shown)) < VISIBLE:
        return False
    return start is not None or mask[:_STARS] == "*" * _STARS


def _one_of(starts: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(starts, key=len, reverse=True)))


def _rule_for(row: KeyFormat) -> RedactionRule:
    return RedactionRule(
        row.id,
        "|".join(row.starts).lower(),
        rf"(?<![A-Za-z0-9])(?:{_one_of(row.starts)})(?P<body>[{row.alphabet}]{{{row.least},}}+)",
        _random if row.drawn else _plausible,
    )


KEY_FORMAT_RULES = (
    *map(_rule_for, KEY_FORMATS),
    # The bot's number and 35 characters, in a path or alone.
    RedactionRule("telegram-token", ":a",
        r"(?<![0-9A-Za-z])(?:bot)?(?P<secret>\d{8,10}:A[A-Za-z0-9_-]{30,}+)", anywhere=True),
    # Secrets of applications carry Q~ as their mark.
    RedactionRule("azure-client-secret", "q~",
        r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])", anywhere=True),
    # What a mask leaves visible is still a part of the key.
    RedactionRule("masked-key", "**|..|…|••",
        rf"(?<![\w*-])(?P<head>(?:[A-Za-z0-9_-]|\.(?!\.)){{0,60}}+)(?P<mask>{_MASK})(?P<tail>[A-Za-z0-9_-]{{0,40}})(?![\w*-])", _masked, anywhere=True),
)  # fmt: skip

_LABEL = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?"
# A block whose end was cut off: as many lines as look like key material, and the half line last.
_CUT_BODY = (
    r"(?:\s*+(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\n]*+)*+"
    r"(?:[\s\"'+,|>]*+[A-Za-z0-9+/=]{20,}+)*+"
    r"(?:[\s\"'+,|>]*+[A-Za-z0-9+/=]++(?=[^\S\n]*+(?:\.{3}|…|[\"'\]\[(<\\]|$|\n)))?+"
)

BLOCK_RULES = (
    # PEM, OpenSSH and PGP blocks, also where the end was cut off.
    RedactionRule("private-key", "private key",
        rf"-{{4,5}}\s?BEGIN {_LABEL}\s?-{{4,5}}"
        rf"(?P<secret>[^-]*+(?:-{{1,3}}(?!-)[^-]*+)*+(?=-{{4,5}}\s?END )|{_CUT_BODY})", anywhere=True),
    # The rest of one whose beginning was cut off; an RSA key of 4096 bits has 50 lines.
    RedactionRule("private-key-end", "private key",
        r"(?<![A-Za-z0-9+/=])(?P<secret>[A-Za-z0-9+/=]{8,}+(?:(?:[\s\"'+,|>]|\\+[nr])++[A-Za-z0-9+/=]{4,}+){0,60}+)"
        rf"(?:[\s\"'+,|>]|\\+[nr])++(?=-{{4,5}}\s?END {_LABEL})", anywhere=True),
    # A hash of a password can be guessed offline.
    RedactionRule("password-hash", "$2|md5|$argon2|scrypt$|$scrypt|$1$|$5$|$6$|$7$|$y$|$apr1$|$pbkdf2|pbkdf2_|argon2$|bcrypt|scram-sha",
        r"(?P<secret>(?:\$|(?<!\w))(?:argon2(?:id?|d)?|2[abxy]|scrypt|[1567y]|apr1|pbkdf2[-_]sha\d{1,3}|bcrypt(?:[-_]sha256)?|SCRAM-SHA-\d{1,3})"
        r"\$(?:(?:[A-Za-z0-9./+=,$_-]|:(?=[A-Za-z0-9+/=]{16})){16,}+|v=\d+\$m=\d+,?))|(?<=[\"'])md5(?P<secret_md5>[0-9a-f]{32})(?=[\"'])"),
    # JSON web tokens, also cut off behind their head, which holds no secret.
    RedactionRule("jwt", "eyj|ewo|eya|e30.ey",
        r"(?<![A-Za-z0-9])(?:(?:eyJ|ewo|eyA)[A-Za-z0-9_-]{9,}+|e30)(?:\.[A-Za-z0-9_-]*+){1,4}"),
)  # fmt: skip
