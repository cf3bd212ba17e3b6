"""Values that a name in another language tells: `Passwort: …`, `密码: …`."""

from re import Match

from healthcheck.redaction.plausibility import is_named_id, is_placeholder, is_prose, is_reference
from healthcheck.redaction.rule import rule

_LATIN = (
    "passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|hasło|heslo|lösenord|adgangskode"
    "|salasana|şifre|parola|mật khẩu|schlüssel|clé|clave|chave|jeton"
)
_OTHERS = "пароль|ключ|токен|密码|密碼|口令|密钥|密鑰|秘钥|令牌|パスワード|キー|トークン|비밀번호|암호|키|토큰"
_LEAST = 6
_ASIAN = r"\u3000-\u303f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef"


def _value(match: Match[str]) -> bool:
    value = match["secret"]
    if is_placeholder(value) or is_reference(value) or is_named_id(value) or is_prose(value):
        return False
    return len(value) >= _LEAST and any(c.isdigit() for c in value)


FOREIGN_LABEL_RULES = (
    # People name their passwords and keys in their own language.
    rule("foreign-label", f"{_LATIN}|{_OTHERS}",
        rf"(?i)(?:(?<![a-z])(?:{_LATIN})|{_OTHERS})(?:\s?(?:d['e]\s?)?api)?[\"'`]?\s{{0,2}}"
        r"(?:[:=]|为|是|は)\s{0,3}[\"'`“「]?"
        rf"(?P<secret>(?:(?![,;&]\s?[\w.-]{{1,40}}\s?[=:])[^\s\"'`“”「」\\<>{_ASIAN}])+(?<![,;.)\]}}]))", _value),
)  # fmt: skip
