"""Secrets of many lines or parts: private keys and JSON web tokens."""

from healthcheck.redaction.rule import rule

_LABEL = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?"
# A block whose end was cut off: as many lines as look like key material, and the half line last.
_CUT_BODY = (
    r"(?:\s*+(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\n]*+)*+"
    r"(?:[\s\"'+,|>]*+[A-Za-z0-9+/=]{20,}+)*+"
    r"(?:[\s\"'+,|>]*+[A-Za-z0-9+/=]++(?=[^\S\n]*+(?:\.{3}|…|[\"'\]\[(<\\]|$|\n)))?+"
)

BLOCK_RULES = (
    # PEM, OpenSSH and PGP blocks, also where the end was cut off.
    rule("private-key", "private key",
        rf"-{{4,5}}\s?BEGIN {_LABEL}\s?-{{4,5}}"
        rf"(?P<secret>[^-]*+(?:-{{1,3}}(?!-)[^-]*+)*+(?=-{{4,5}}\s?END )|{_CUT_BODY})", lambda match: any(character.isalnum() for character in match["secret"]), anywhere=True),
    # A hash of a password can be guessed offline.
    rule("password-hash", "$2|md5|$argon2|scrypt$|$scrypt|$1$|$5$|$6$|$7$|$y$|$apr1$|$pbkdf2|pbkdf2_|argon2$|bcrypt|scram-sha|{ssha|{smd5}|{crypt}|{pbkdf2",
        r"(?P<secret>\$(?:argon2(?:id|i|d)\$v=|(?:2[abxy]|scrypt|[1567y]|apr1|pbkdf2-sha\d{1,3}|bcrypt-sha256)\$"
        r"(?=[A-Za-z0-9./+=,$_-]{16}))[A-Za-z0-9./+=,$_-]++)"
        r"|\b(?:pbkdf2_sha\d{1,3}|scrypt|argon2|bcrypt(?:_sha256)?|SCRAM-SHA-\d{1,3})\$"
        r"(?P<secret_named>[A-Za-z0-9./+=,$:_-]{24,}+)"
        r"|(?<=[\"'])md5(?P<secret_md5>[0-9a-f]{32})(?=[\"'])"
        r"|\{(?:SSHA\d{0,3}|SMD5|CRYPT|PBKDF2[\w-]{0,10})\}(?P<secret_ldap>[A-Za-z0-9./+=$]{16,}+)"),
    # JSON web tokens: whole, or cut off in any of their parts.
    rule("jwt", "eyj|ewo|eya|e30.ey",
        r"(?<![A-Za-z0-9])(?:"
        r"(?:e[yw][A-Za-z0-9_-]{10,}+|e30)(?:\.[A-Za-z0-9_-]*+){1,4}"
        r"|(?:eyJ(?:hbGci|0eXAi|raWQi|lbmMi|qa3Ui|4NXQi|jdHki|jcml0)|ewogICJ|eyAi)"
        r"[A-Za-z0-9_=-]*+)", lambda match: match[0].startswith(("eyJ", "ewo", "eyA", "e30"))),
)  # fmt: skip
