"""Values that their place tells: the one argument of a call, an attribute, a line of .netrc."""

import re

from healthcheck.redaction.plausibility import (
    UUID,
    is_named_id,
    is_placeholder,
    looks_random,
    names_plain_key,
    names_plain_token,
)
from healthcheck.redaction.rule import RedactionRule

PLACED_VALUE_RULES: tuple[RedactionRule, ...] = (
    RedactionRule(
        id="credential-call",
        pattern=re.compile(
            r"(?:Credentials?|SecretStr|SecretBytes|Token|ApiKey|Auth|Client(?:V\d)?|OpenAI|Anthropic|Groq|Together|Mistral(?:AI)?|"
            r"Cohere|Cerebras|Fireworks|Replicate|Voyage(?:AI)?|login|configure|authenticate)"
            r"\([\"'](?P<secret>[^\"'\s]{12,}+)[\"']"
            r"|(?:Key|Plain|Password|Basic|Secret)(?:Credentials?|Auth)\("
            r"(?:[\"'][^\"'\n]{0,80}[\"'],\s?){1,3}[\"'](?P<secret_last>[^\"'\s]{6,}+)[\"']"
        ),
        anchors=("('", '("'),
        reach=20,
        why="keys as the only argument of a call, or as the last one behind a name",
        example="AzureKeyCredential('0fa‖4e09b1c2d3e4f5061728394a5b6c7')",
        accepts=lambda match: (
            looks_random(match["secret"], 12)
            if match["secret"]
            else looks_random(match["secret_last"], 4)
        ),
    ),
    RedactionRule(
        id="key-before-name",
        pattern=re.compile(
            r"(?<![A-Za-z0-9+/=_.-])(?P<secret>[A-Za-z0-9+/=_.-]{20,400}+)[\"'`]?"
            r"(?:[ ]is[ ](?:not[ ])?(?:an?|the|no)[ ](?:[\w-]{1,20}[ ]){0,4}?(?:[Kk]ey|[Tt]oken|[Ss]ecret)\b"
            r"|[ ]?:[ ](?:[Ii]nvalid|[Ee]xpired|[Uu]nknown|[Bb]ad)[ ](?:api[ ]|API[ ]|access[ ])?(?:[Kk]ey|[Tt]oken)\b"
            r"|(?:[ ](?:read[ ]|taken[ ])?(?:from|via|in)[ ](?:the[ ])?(?:env(?:ironment)?[ ])?"
            r"(?:variable[ ])?|[ ]\()[\"'`$]?(?P<owner>[A-Z][A-Z0-9_]{0,40})_(?:KEY|TOKEN|SECRET)\b)"
        ),
        anchors=(
            "_key",
            "_token",
            "_secret",
            " is a ",
            " is an ",
            " is no",
            " is the ",
            ": invalid ",
            ": expired ",
            ": unknown ",
            ": bad ",
        ),
        why="a message says behind the key what it was: a variable, or no valid key",
        example="tried fa4ed5fde09eb095‖24b0dd53dee164a375521431 from TOGETHER_API_KEY",
        accepts=lambda match: (
            looks_random(match["secret"], 20)
            and not is_named_id(match["secret"])
            and not names_plain_token(match["owner"] or "")
            and not names_plain_key(match["owner"] or "")
        ),
    ),
    RedactionRule(
        id="key-as-address",
        pattern=re.compile(
            r"(?<![A-Za-z0-9])(?:url|host|endpoint|base)[\"']?\s?[:=]\s?[\"'](?P<secret>[A-Za-z0-9_-]{28,200}+)[\"'/]"
        ),
        anchors=("url", "host", "endpoint", "base"),
        reach=0,
        why="key and address were given the wrong way round: no host is that long without a dot",
        example="OpenAI(base_url='0fa4e09b‖1c2d3e4f5061728394a5b6c7/v1')",
        accepts=lambda match: (
            looks_random(match["secret"], 20) and not is_named_id(match["secret"])
        ),
    ),
    RedactionRule(
        id="attribute-value",
        pattern=re.compile(
            r"(?i)\b(?:key|name|id)=[\"'][\w.:-]{0,60}(?:key|token|secret|password|pwd)[\w.:-]{0,10}"
            r"[\"'][^<>\n]{0,40}?\s(?:value|content)=[\"'](?P<secret>[^\"'\n]{4,}+)[\"']"
        ),
        anchors=("value=", "content="),
        why="secrets in XML attributes",
        example='<add key="OpenAIApiKey" value="FAKE‖7vQ2mTzKx9LwYbNc4RdW" />',
        accepts=lambda match: not is_placeholder(match["secret"]),
    ),
    RedactionRule(
        id="value-before-name",
        pattern=re.compile(
            r"(?i)[\"']value[\"']\s?:\s?[\"'](?P<secret>[^\"'\s]{8,1000}+)[\"']\s?\}?,\s{0,20}"
            r"[\"'](?:name|key)[\"']\s?:\s?[\"'][\w.-]{0,60}(?:key|token|secret|password)[\"']"
        ),
        anchors=("'value", '"value'),
        reach=0,
        why="an entry whose name stands behind its value",
        example='{"value": "FAKE‖7vQ2mTzKx9LwYbNc4RdW", "name": "OPENAI_API_KEY"}',
        accepts=lambda match: looks_random(match["secret"], 6),
    ),
    RedactionRule(
        id="netrc-password",
        pattern=re.compile(r"\blogin\s+[^\s]{1,128}\s+password\s+(?P<secret>[^\s]+)"),
        anchors=("login",),
        reach=0,
        why=".netrc: the password follows its name without any sign",
        example="machine api.example.com login bench password FAKE‖netrc77",
        accepts=lambda match: not is_placeholder(match["secret"]),
    ),
    RedactionRule(
        id="refused-input",
        pattern=re.compile(
            r"(?im)^(?P<owner>[\w.-]{0,60}?)(?:key|token|secret|password|passwd|pwd)(?:\.[\w.-]{1,40})?\r?\n"
            r"[ ]{1,8}[^\n]{0,300}?\binput_value=b?(?P<quote>[\"'])(?P<secret>(?:(?!(?P=quote))[^\n]){4,}+)"
        ),
        anchors=("input_value=",),
        why="pydantic repeats the value that it refuses, below the name of its field",
        example="api_key\n  String should be shorter [type=string_too_long, input_value='FAKE‖7vQ2mTzKx9']",
        accepts=lambda match: (
            looks_random(match["secret"], 6)
            and not names_plain_key(match["owner"])
            and not names_plain_token(match["owner"])
            and not is_named_id(match["secret"])
        ),
    ),
    RedactionRule(
        id="path-token",
        pattern=re.compile(
            r"(?i)/[\w-]{0,20}?(?:reset|invit(?:e|ation)|verif(?:y|ication)|activat(?:e|ion)|confirm(?:ation)?|"
            r"magic|hooks?)(?:[_-][\w-]{1,20})?/"
            r"(?P<secret>[a-z0-9_~-]{20,200}+)(?![\w./-]*\.[a-z])"
        ),
        anchors=("reset", "invit", "verif", "activat", "confirm", "magic", "hook"),
        reach=21,
        why="a link that works for whoever has it",
        example="https://app.example.com/reset-password/FAKE‖7vQ2mTzKx9LwYbNc4RdW",
        accepts=lambda match: (
            looks_random(match["secret"], 16)
            and not is_named_id(match["secret"])
            and not UUID.fullmatch(match["secret"])
        ),
    ),
    RedactionRule(
        id="element-value",
        pattern=re.compile(
            r"(?i)<(?:\w+:)?(?:password|passwd|pwd|secret|api-?_?key|token|signatureprovided|\w{1,20}secret|\w{1,20}token"
            r"|\w{0,20}(?:secret|access|private|account)[_-]?(?:access[_-]?)?key)>"
            r"(?P<secret>[^<\s]{4,}+)<"
        ),
        anchors=("<",),
        reach=0,
        why="elements of XML that are named like a secret",
        example="<password>FAKE‖hunter2</password>",
        accepts=lambda match: not is_placeholder(match["secret"]),
    ),
)
