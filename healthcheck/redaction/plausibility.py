"""Judgements on a single value: could this be a real secret, or is it a word or a placeholder?"""

import re
from itertools import pairwise

from healthcheck.lazy_pattern import lazy_pattern
from healthcheck.redaction.secret_names import words

# Nothing this long is a placeholder; it also bounds the work of a judgment.
_LONG = 200

# Nothing this long is a word, an id or a path either; where one value is refused, the next is
# looked for inside of it, so that what may be refused has to be short.
VERY_LONG = 600

_PLACEHOLDER = lazy_pattern(
    r"""
    [*•●.…x_#\-\s]*                                   # nothing but mask
    | (.)\1*                                          # one character, again and again
    | <[^>]*>? | \$[a-z_]+ | \$\{.* | \$\(.* | \$env:.*
    # to be filled in by a template; ODBC puts what holds odd characters in braces as well
    | \{(?!(?=[^{}]*\d|[^{}]+\}\}\w)(?![a-z_.]+\d{0,2}(?:[!:]|\}(?!\})))(?:[^{}\s"'()\[\]]|\}\})+\}?$).* | %\(?\w*\)?s? | \[.*
    | \*+\w+\*+                                         # masked and named
    | (?:optional|union|annotated|secretstr|str|bytes)\b.*
    | (?:sk-|pk-|rk-|[a-z]{2,4}_)(?:(?:proj|ant|or|api\d*|v\d)-)*[*•.…x]*
    | [a-z]{0,6}-?(?:your|insert|enter|replace|put|paste|my(?=[-_ ])|our(?=[-_ ])|the(?=[-_ ]))
      (?:[-_ ]?[a-z]{1,15}){0,4}
    | (?:your|my|put|insert|change|replace)[-_ ]?(?:me|it|this|own) | [a-z_-]*[-_]here
    | (?:os\.|process\.|self\.|cls\.|settings\.|config\.|cfg\.|args\.|env\.|kwargs|secrets\.|
       getenv|getpass|environ|import\.meta|request\.|options\.|var\.|local\.|data\.|vault:|env:|
       secretref:|keyref:|file:).*
    """,
    re.VERBOSE | re.DOTALL,
)
# A variable of a shell, and a sentence that a program shouts.
_SHOUTED = lazy_pattern(r"\$[A-Z_][A-Z0-9_]*|[A-Z]+(?:_[A-Z]+){3,}")

_VARIABLE = lazy_pattern(
    r"(?i)(?=[a-z_.-]*(?:key|token|secret|passw|pwd|cred))[a-z_.]+(?:_\d)?(?:\(.*)?"
)

_WORDS = words("""
    none null nil undefined true false nan na n/a yes no on off unset empty blank missing invalid valid wrong incorrect required optional
    expired revoked disabled enabled rejected denied failed failure error unknown unsupported redacted hidden masked filtered removed omitted
    sanitized secret secrets password passwd passphrase pwd pass token tokens key keys apikey value values credential credentials string str
    bytes int integer number bool boolean object any text type default header headers scheme auth authentication authorization bearer basic
    digest negotiate not is are was were must has have had should can cannot could may will please provided given set unauthorized
    unauthenticated forbidden found usage count limit limits exceeded name id field parameter param and or but the a an in of for to with from
    by as at this that it your env environment variable client server service user username example placeholder changeme request response
    unexpected mismatch malformed rotated changed verified created updated deleted successfully ok okay here test see check use using used
    leave public private access refresh vault option flag argument switch dummy fake unused ollama lm-studio lmstudio not-needed
    notgiven not_given not_set no-key
""")

_PROSE = lazy_pattern(
    r"(?i)\b(?:is|are|was|must|should|cannot|can't|isn't|not|required|invalid|incorrect|missing|expired|"
    r"field|least|too|short|please|failed|does|doesn't|provided|unable|wrong|has|have|been|the|your|for|and|from)\b"
)
_PROSE_WORDS = 2

_RUN = lazy_pattern(r"[A-Za-z0-9]+")
_REFERENCE = lazy_pattern(
    r"arn:|(?:AKIA|ASIA)[A-Z0-9]{8,}/|projects/|https?://|s3://|gs://|accounts/|models/|/(?:[\w.@-]+/)*[\w.@-]*$|[A-Z]:\\|~/|"
    r"\./|(?:[\w.-]+/)+[\w.-]+\.[a-z]{2,5}$|0x[0-9A-Fa-f]{1,40}$|data:|(?:19|20)\d\d-?[01]\d-?[0-3]\d(?:[T_ ][\d:.]*Z?)?$"
)
_IDENTIFIED = lazy_pattern(
    r"[a-z]{1,12}-(?:[0-9a-f]{8}|[0-9a-f]{17})$|(?:org|proj|req|msg|chatcmpl|resp|run|thread|asst|file|batch|user|team|toolu|call|cmpl|gen|"
    r"job|ft|ftjob|conv|srvtoolu|msgbatch|trace|span|evt|acct|cus|step|vs|item|rs|fc|wrkspc|apikey|key|request|workspace|"
    r"project|session|model|account)[-_:]"
)
_BASE64 = lazy_pattern(r"[A-Za-z0-9+/]{32,}={0,2}")
_DRAWN = lazy_pattern(r"[A-Za-z0-9]{12,}")
_LETTERS_ONLY = 14
_FEWEST_PAIRS = 8
_LONG_WORD = 8
# In words four of five pairs are common ones, in drawn lots one of eight.
_WORDLIKE = 0.35
_COMMON_PAIRS = frozenset(
    form(pair)
    for form in (str.lower, str.upper, str.title)
    for pair in words("""
    th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be
    ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni
    ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke
""")
)
_PAIR = lazy_pattern(r"(?=[A-Za-z][A-Za-z0-9]|\d[A-Za-z])")
_DIGIT = lazy_pattern(r"\d")
_CAMEL = lazy_pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
UUID = lazy_pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_placeholder(value: str) -> bool:
    """Tell whether a value only stands where a secret would."""
    if len(value) > _LONG:
        return False
    bare = value.strip(" \t\r\n.,;:!?'\"`()")
    lowered = bare.lower()
    return lowered in _WORDS or bool(_PLACEHOLDER.fullmatch(lowered) or _SHOUTED.fullmatch(bare))


def is_variable(value: str) -> bool:
    """Tell whether a value is the name of something that holds a secret."""
    return len(value) <= _LONG and _VARIABLE.fullmatch(value) is not None


def _is_reference(value: str) -> bool:
    """Tell whether a value is the place of something: an ARN, a resource, an address, a path."""
    if len(value) > VERY_LONG or _REFERENCE.match(value[:_LONG]) is None:
        return False
    # Base64 has slashes as well; folders are not named by drawn lots.
    drawn = _BASE64.fullmatch(value) and any(map(has_all_kinds, _DRAWN.findall(value)))
    return not drawn


def _is_prose(value: str) -> bool:
    """Tell whether a value of several words is a sentence and no pass phrase."""
    return " " in value and len(_PROSE.findall(value[:_LONG])) >= _PROSE_WORDS


def is_no_secret(value: str) -> bool:
    """Tell whether a value is a placeholder, the place of something, an id that says so, or a sentence."""
    named_id = len(value) <= _LONG and _IDENTIFIED.match(value) is not None
    return named_id or is_placeholder(value) or _is_reference(value) or _is_prose(value)


def looks_random(value: str, length: int = 10) -> bool:
    """Tell whether some run of letters and digits, `length` or longer, reads like drawn lots."""
    if len(value) > VERY_LONG:
        return True
    return any(_is_mixed(run) for run in _RUN.findall(value) if len(run) >= length)


def is_drawn(value: str) -> bool:
    """Tell whether a value reads like drawn lots: its letters do not follow each other as in words."""
    head = value[:_LONG]
    pairs = len(_PAIR.findall(head))
    plain = sum(map(_COMMON_PAIRS.__contains__, map("".join, pairwise(head))))
    return min(pairs, len(set(head))) >= _FEWEST_PAIRS and plain < _WORDLIKE * pairs


def has_all_kinds(value: str) -> bool:
    """Tell whether a value has capitals, small letters and digits."""
    return value != value.lower() and value != value.upper() and _DIGIT.search(value) is not None


def has_signs(value: str) -> bool:
    """Tell whether a value holds signs that people put into passwords, and digits."""
    return any(sign in "!@#$%^&*" for sign in value) and any(map(str.isdigit, value))


def is_mixed(value: str) -> bool:
    """Tell whether a value mixes letters with digits or signs, or reads like drawn lots, as no word does."""
    letters, digits = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    signs = sum(sign in "!@#$%^&*+?~|" for sign in value)
    mixed = letters > 1 and digits + signs > (len(value) < _LONG_WORD) and " " not in value
    return mixed or looks_random(value, 6)


def _is_mixed(run: str) -> bool:
    digits = sum(map(str.isdigit, run))
    if 0 < digits < len(run):
        return True
    if digits or run.islower() or run.isupper():
        return False
    # Letters only: words of CamelCase are long, drawn letters change case all the time.
    return len(run) >= _LETTERS_ONLY and len(_CAMEL.findall(run)) * 3 > len(run)
