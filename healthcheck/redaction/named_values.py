"""Values that only their name tells: `password=…`, `"client_secret": "…"`, `Passwort: …`."""

import re
from collections.abc import Iterator

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.plausibility import (
    has_signs,
    is_drawn,
    is_mixed,
    is_no_secret,
    is_variable,
    looks_random,
)
from healthcheck.redaction.rule import RedactionRule
from healthcheck.redaction.secret_names import Holds, holds

_NAME_SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_LONGEST_NAME = 60

_HAS = "is|was|has|set|changed|value|mismatch|expected|got|received|now|to|to be"
_ASSIGNED = (
    # a quoted name whose quoted value was put on a line of its own
    r"[\"']\]?\s?(?:=>|[:=])\s{0,4}\r?\n[ \t]{0,40}(?:string\(\d+\)[ ])?(?=[\"'])"
    # name: value, with a type between them, or the name in quotes, brackets or a call
    r"|[\"'`]{0,2}[\])]?(?:(?:\s?:\s?|[ ])(?:str|string|Optional\[str\]|SecretStr))?(?:[ ](?:is|was))?[ \t]{0,4}(?:=>|:=|[!=]?==?|:)[ \t]{0,40}"
    r"(?:string\(\d+\)[ ]|!!str[ ]|[\[(]{1,2}(?=[\w\"'])|@(?=[\"']))?"
    # words that say what a name has, before a quoted value
    rf"|[ ](?:{_HAS})(?:[ ](?:{_HAS}|from|but|of)){{0,3}}:?[ ](?=[\"'`])"
    # an entry with a name and a value, as JSON, YAML, HCL and XML write it
    r"|[\"']?(?:,\s{0,4}|\s{0,4}\n[ \t+~-]{1,20})(?:[\"']\w{1,20}[\"']\s?:\s?[\"'][^\"'\n]{0,40}[\"'],\s{0,4})?[\"']?\w{0,20}value[\"']?\s{0,4}[:=]\s?(?:\{\s?[\"']\w{1,20}[\"']\s?:\s?)?"
    r"|[\"'][^<>\n\"']{0,40}?\s(?:value|content)="
    # arguments, pairs and lists
    r"|[\"'],\s{0,4}(?=b?[\"'])"
    # an element
    r"|[\"']?(?:\s[^<>\n]{1,80})?>(?=[^<>\s]{4,4000}</)"
)
_LOOSE = (
    # the cells of a table; an element; a quoted word behind its name; the argument of a constructor
    r"(?:[ \t]{1,40}[|│┃][ \t]{0,40}|[|│┃][ \t]{1,40})|[ .-]{3,60}+(?![ .:=|-])|[ ]{0,4}\t[ \t]{0,8}|[ ](?=[\"'])|\((?:[\"'][^\"'\n]{0,80}[\"'],\s?){0,2}(?=[\"'])|[ ]?[({][ ]?value[ ]?[:=][ ]?(?=[\"'])"
    r"|</\w{1,8}>\s{0,8}(?:<[^<>\n]{1,80}>\s{0,8}){1,3}|[\"']\s?\n\s{0,4}\d{1,3}\)\s"
)
# Quoted: up to the same quote. Bare: up to where a pair of a query, a list or a call ends.
# A logger that cut the value took its closing quote as well.
_WRAPPED = r"(?:(?:Some|Just|Secret(?:Str|String|Bytes|Box)?|Password|Token)(?:::\w{1,8})?\(){0,2}"
_CUT = r"(?:…|\.{3})[ ]?[(\[\n](?![^\n\"'`]{0,200}(?P=quote))"
_QUOTED = rf"(?:[brufn]{{0,2}}|{_WRAPPED})(?P<quote>\"{{3}}|'{{3}}|\"\"(?=\w)|[\"'`])(?P<quoted>(?:\\.|(?!(?P=quote)|{_CUT})[^\\\n])*+)"
# Four groups of four letters are how mail services write the passwords of programs.
_BARE = (
    r"(?P<bare>\{(?:[^{}\s\"']|\}\})+\}(?=[;\s\"']|$)|(?-i:[a-z0-9]{4}(?: [a-z0-9]{4}){3})(?!\w)|"
    r"(?![a-z_][\w.]{0,80}[(\[])(?:(?!&[\w.-]{1,40}=|[,;]\s?[\w.-]{1,40}(?: [\w.-]{1,40})?\s?[=:])(?:[^\s\"'`\\<>\uff0c\uff1b\u3001\u3002]|>(?=[^\s<>\"'])))+(?<![,;.)\]}])(?<!\.\.\.))"
)
_BARE_KEY = r"(?P<bare>(?![a-z_][\w.]{0,80}(?:[(\[]|(?<=[a-z])=[a-z]))(?:(?!&[\w.-]{1,40}=)[^\s\"'`\\<>@,;|\0)\]}])+(?<![.:])(?<!\.\.\.))"
_PASSWORD, _KEY = (lazy_pattern(rf"(?i){_QUOTED}|{bare}") for bare in (_BARE, _BARE_KEY))
_VALUES = {Holds.PASSWORD: _PASSWORD, Holds.KEY: _KEY, Holds.SOME_KEY: _KEY}
# Shorter values are numbers and grammar, seldom passwords.
_LEAST = 4
_LEAST_LOOSE = 6
_LEAST_SOME, _LEAST_WORDS = 12, 9
_WORDS = lazy_pattern(r"(?=[\d_.-]*[A-Za-z])(?=.{9})[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+){2,}")
_SELF_NAMED = lazy_pattern(r"(?i)(?:secret|passw|token).*\d")
_PLAIN_BEFORE = lazy_pattern(
    r"(?:arn:aws[\w:/-]*:|checksum/|[Hh]ash \(|://[\w.%-]{0,40}:[\w.%-]{0,40})$"
)
# What gives access for certain, so that its value may be a word; a token may be one of a tokenizer.
_OPENING = lazy_pattern(r"(?i)key|jwt|(?:auth|access|refresh|hf)_?token(?!s)|(?-i:[A-Z]_TOKEN$)")
_LABEL_ENDS = lazy_pattern(r":\s")
_OPTION_NEXT = lazy_pattern(r"[ \t]*\\?[\s\0]\s*-")
_CHANGED = lazy_pattern(
    r"[\"']?(?:[ ]?(?:[-=]>|→|[!=]=)[ ]?|,?(?:[ ](?:to|but|was|got|received)){1,2}:?[ ])[\"'](?P<new>[^\"'\n]{4,})"
)
_NEXT_WORD = lazy_pattern(r"[ \t]+[\"'`]?[\w%](?![\w.-]{0,40}[:=])")
_NUMBER = lazy_pattern(r"(?:\d{1,6}(?:ms|[smhd]))+|\d{1,5}(?:\.\d{1,9})?")
# How people call a password or a key in their own language.
_LATIN = (
    "passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|hasło|heslo|lösenord|adgangskode"
    "|salasana|şifre|parola|mật khẩu|schlüssel|clé|clave|chave|jeton"
)
_OTHERS = "пароль|ключ|токен|密码|密碼|口令|密钥|密鑰|秘钥|令牌|パスワード|キー|トークン|비밀번호|암호|키|토큰"
_ASIAN = r"\u3000-\u303f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef"


class NamedValueRule(RedactionRule):
    """The rule whose pattern finds a name and what separates it from its value."""

    def _secrets(self, match: re.Match[str]) -> Iterator[tuple[int, int]]:
        text = match.string
        before = text[max(0, match.start() - _LONGEST_NAME) : match.start()]
        left = before[len(before.rstrip(_NAME_SIGNS)) :]
        name = left + match["name"]
        if not left and before.endswith(" ") and (words := before.split()) and words[-1].isalnum():
            name = f"{words[-1]}_{name}"
        kind = holds(name)
        value = _VALUES[kind].match(text, match.end()) if kind else None
        if value is None or _PLAIN_BEFORE.search(before):
            return
        group = "quoted" if value["quoted"] is not None else "bare"
        start, end = value.span(group)
        found = text[start:end]
        if kind is Holds.KEY and _OPENING.search(name):
            kind = Holds.PASSWORD  # no word follows that only speaks of a key
        if _is_secret(kind, name, match, value, found):
            yield start, end
        changed = kind is Holds.PASSWORD and _CHANGED.match(text, end)
        if changed and not _is_none(changed["new"]):
            yield changed.span("new")


def _is_secret(
    kind: Holds, name: str, head: re.Match[str], found: re.Match[str], value: str
) -> bool:
    quoted = found["quoted"] is not None
    flag, assigned = name.startswith("-"), head["assigned"] or " "
    listed = assigned.lstrip("\"'").startswith(",")
    # Where a value is written as it is, it may be made of the words that name it.
    literal = quoted or (assigned == "=" and (flag or name.isupper()))
    if (
        (head["flag"] is not None and not _is_argument(head, found, value, flag=flag))
        or _is_none(value)
        or (not quoted and _LABEL_ENDS.match(found.string, found.end()))
        or (_NUMBER.fullmatch(value) and not (value.isdigit() and name.endswith("password")))
        or (is_variable(value) and not literal)
    ):
        return False
    if (
        (head["loose"] is not None and not (flag and quoted))
        or (assigned[-1] == "[" and (" " in value or name.endswith("s")))
        or (listed and not flag and "alue" not in assigned and value.replace("_", "").isalpha())
    ):
        # A secret is an object of Kubernetes as well, and has a name.
        if kind is Holds.PASSWORD and not name.lower().endswith("secret"):
            return is_mixed(value)
        return looks_random(value, _LEAST_SOME) or has_signs(value)
    if kind is Holds.PASSWORD:
        # `password: swordfish` in YAML stands alone; in a sentence the next word follows.
        word = value.isalpha() and value[1:].islower() and "=" not in assigned
        return not (word and _NEXT_WORD.match(found.string, found.end()))
    return _is_key(kind, value, flag=flag)


def _is_argument(head: re.Match[str], found: re.Match[str], value: str, *, flag: bool) -> bool:
    # `--password swordfish` and `set my_token 4fK…`, but no sentence about a token.
    if flag:
        word = value.isalpha() and value.islower()
        return not word or _OPTION_NEXT.match(found.string, found.end()) is not None
    joined = head.string[head.start() - 1 : head.start()]
    return (joined.isalpha() or joined == "_") and (has_signs(value) or looks_random(value))


def _is_key(kind: Holds, value: str, *, flag: bool) -> bool:
    if kind is Holds.SOME_KEY:
        random = is_drawn(value) or looks_random(value, _LEAST_SOME)
        return random or bool(_SELF_NAMED.search(value))
    words = _WORDS.fullmatch(value) or (flag and len(value) >= _LEAST_WORDS and " " not in value)
    return is_drawn(value) or is_mixed(value) or bool(words)


def _is_none(value: str) -> bool:
    # After a space: the quote before it ended the name. Dashes begin an option, or a block of a key.
    return len(value) < _LEAST or value.startswith((" ", "--")) or is_no_secret(value)


def _is_foreign(match: re.Match[str]) -> bool:
    told = bool(match["open"]) or any(map(str.isdigit, match["secret"]))
    return told and len(match["secret"]) >= _LEAST_LOOSE


_HEAD = (
    # ASCII for the name: letters of all scripts take twice as long to compile.
    rf"(?i)(?P<name>(?a:[a-z0-9_-]{{2,50}}+))(?:\[\d{{0,4}}\])?"
    rf"(?:(?P<loose>{_LOOSE})|(?P<assigned>{_ASSIGNED})|(?P<flag>(?:[ \0]{{1,2}}|[ ]?\\?\r?\n[ \t]{{1,40}}(?:-[ ])?)(?=[^\s\"'\\-])))"
)

NAMED_VALUE_RULES = (
    # A password has no form of its own, nor have the keys of most services: their name tells it.
    NamedValueRule("named-secret", "pass|pwd|pw|secret|psk|token|credential|key|cred|auth|jwt|assertion|saml|code|verifier|cookie|pat", _HEAD),
    # People name their passwords and keys in their own language.
    RedactionRule("foreign-label", f"{_LATIN}|{_OTHERS}",
        rf"(?i)(?:(?<![a-z])(?:{_LATIN})|{_OTHERS})(?:\s?(?:d['e]\s?)?api)?[\"'`]?\s{{0,2}}"
        r"(?:(?:lautet|ist|est|es|é|è)(?:\s?[:=]|(?=\s))|[:=]|为|是|は|(?=\s?[\"'`“「«]))\s{0,3}(?P<open>[\"'`“「«])?\s?"
        rf"(?P<secret>(?:(?![,;&]\s?[\w.-]{{1,40}}\s?[=:])[^\s\"'`“”「」\\<>{_ASIAN}])+(?<![,;.)\]}}]))", _is_foreign),
)  # fmt: skip
