"""Secrets of many lines or parts: private keys and JSON web tokens."""

import re

from healthcheck.redaction.rule import RedactionRule

_LABEL = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?"
# A block whose end was cut off: as many lines as look like key material, and the half line last.
_CUT_BODY = (
    r"(?:\s*+(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\n]*+)*+"
    r"(?:[\s\"'+,|>]*+[A-Za-z0-9+/=]{20,}+)*+"
    r"(?:[\s\"'+,|>]*+[A-Za-z0-9+/=]++(?=[^\S\n]*+(?:\.{3}|…|[\"'\]\[(<\\]|$|\n)))?+"
)

BLOCK_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="private-key",
        pattern=re.compile(
            rf"-{{4,5}}\s?BEGIN {_LABEL}\s?-{{4,5}}"
            rf"(?P<secret>[^-]*+(?:-{{1,3}}(?!-)[^-]*+)*+(?=-{{4,5}}\s?END )|{_CUT_BODY})"
        ),
        anchors=("private key",),
        why="PEM, OpenSSH and PGP blocks, also where the end was cut off",
        example="-----BEGIN PRIV‖ATE KEY-----\nMII‖EvFAKEBgkqhkiG9w0BAQEFAASCBKc\n"
        "-----END PRIVATE KEY-----",
        accepts=lambda match: any(character.isalnum() for character in match["secret"]),
    ),
    RedactionRule(
        id="private-key-body",
        pattern=re.compile(
            r"(?<![A-Za-z0-9+/=])(?:MII[A-Za-z0-9]{2}[A-Za-z0-9]IBADANBgkqhkiG9w0BAQEFAASC"
            r"|MII[A-Za-z0-9+/]{2}(?:Q|g|w|A)IBAAK[BC]|MHcCAQEEI|MHQCAQEEI|MIG[HT]AgEAMB"
            r"|MC4CAQAwBQYDK2VwBCIEI|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/=]*+"
            r"(?:\s{1,3}[A-Za-z0-9+/=]{40,}+)*+(?:\s{1,3}[A-Za-z0-9+/=]+(?=\s*-----END))?"
        ),
        anchors=(
            "mii",
            "mhccaqeei",
            "mhqcaqeei",
            "mig",
            "mc4caqawbqydk2vwbciei",
            "b3blbnnzac1rzxk",
        ),
        reach=0,
        why="key material that lost its BEGIN line still begins with the same bytes",
        example="key: MII‖EvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggFAKEoh1EtWhoT2MuYq",
    ),
    RedactionRule(
        id="putty-key",
        pattern=re.compile(
            r"Private-Lines:\s?\d{1,3}\s{1,4}(?P<secret>[A-Za-z0-9+/=]{4,}+(?:\s{1,4}[A-Za-z0-9+/=]{40,}+)*+"
            r"(?:\s{1,4}[A-Za-z0-9+/=]+(?=\s*Private-MAC))?)"
        ),
        anchors=("private-lines",),
        reach=0,
        why="PuTTY writes its private keys without any frame",
        example="Private-Lines: 1\nFAKE‖7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXsHj6mBf1gRa5=",
    ),
    RedactionRule(
        id="password-hash",
        pattern=re.compile(
            r"\$(?:2[abxy]|argon2(?:id|i|d)|scrypt|[1567y]|apr1|pbkdf2-sha\d{1,3}|bcrypt-sha256)\$"
            r"(?P<secret>[A-Za-z0-9./+=,$_-]{16,}+)"
            r"|\b(?:pbkdf2_sha\d{1,3}|scrypt|argon2|bcrypt(?:_sha256)?|SCRAM-SHA-\d{1,3})\$"
            r"(?P<secret_named>[A-Za-z0-9./+=,$:_-]{24,}+)"
            r"|(?<=[\"'])md5(?P<secret_md5>[0-9a-f]{32})(?=[\"'])"
            r"|\{(?:SSHA\d{0,3}|SMD5|CRYPT|PBKDF2[\w-]{0,10})\}(?P<secret_ldap>[A-Za-z0-9./+=$]{16,}+)"
        ),
        anchors=(
            "$2",
            "'md5",
            '"md5',
            "$argon2",
            "scrypt",
            "$1$",
            "$5$",
            "$6$",
            "$7$",
            "$y$",
            "$apr1$",
            "$pbkdf2",
            "pbkdf2_",
            "argon2$",
            "bcrypt",
            "scram-sha",
            "{ssha",
            "{smd5}",
            "{crypt}",
            "{pbkdf2",
        ),
        why="a hash of a password can be guessed offline",
        example="bench:$2y$05$FAKE‖7vQ2mTzKx9LwYbNc4uRdW3pLs8vBn5qWe1rTy6UiOp2AsD3f",
    ),
    RedactionRule(
        id="jwk-private-part",
        pattern=re.compile(
            r"[\"'](?:d|dp|dq|qi|p|q|k)[\"']\s?:\s?[\"'](?P<secret>[A-Za-z0-9_-]{40,}+)[\"']"
        ),
        anchors=('"d"', "'d'", '"k"', "'k'", '"p"', "'p'", '"q"', "'q'", '"dp"', '"dq"', '"qi"'),
        reach=0,
        why="JSON web keys: the private numbers of a key",
        example='{"kty": "EC", "d": "FAKE‖7vQ2mTzKx9LwYbNc4RdWGdyb3FYpXsHj6mBf1gRa5"}',
    ),
    RedactionRule(
        id="jwt",
        pattern=re.compile(
            r"(?<![A-Za-z0-9])(?:"
            r"e[yw][A-Za-z0-9_-]{10,}+(?:\.[A-Za-z0-9_-]*+){1,4}"
            r"|(?:eyJ(?:hbGci|0eXAi|raWQi|lbmMi|qa3Ui|4NXQi|jdHki|jcml0)|ewogICJ|eyAi)"
            r"[A-Za-z0-9_=-]*+)"
        ),
        anchors=("eyj", "ewo", "eya"),
        reach=0,
        why="JSON web tokens: whole, or cut off in any of their parts",
        example="token eyJ‖hbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJp‖c3MiOiJmYWtlIn0.FAKEF4T6Pqqry3ry",
        accepts=lambda match: match[0].startswith(("eyJ", "ewo", "eyA")),
    ),
)
