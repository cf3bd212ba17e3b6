"""What a sentence says beyond its names and figures, where the data plainly says otherwise.

These are nets for what models get wrong, not proofs: a lie in words that nobody foresaw passes, and
stands beside the finding, its evidence and its message, which say what is so.
"""

import re
from collections.abc import Collection

from healthcheck.taxonomy import ErrorKind

LASTING, OVER = "lasting", "over"
"""The state of what a sentence is about."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_CAUSES = {
    ErrorKind.BILLING: _any(
        r"\bout of (?:credits?|money|funds)\b",
        r"\bno (?:credits?|money|funds)\b",
        r"\b(?:insufficient|exhausted|depleted)[ _](?:its |the |their )?(?:quota|funds|balance|credits?)",
        r"\bquota\b.{0,20}\b(?:exhausted|used up)",
        r"\bunpaid\b",
    ),
    ErrorKind.HARD_MODEL: _any(
        r"\bretired\b",
        r"\bdecommissioned\b",
        r"\bdeprecated\b",
        r"\bdiscontinued\b",
        r"\bsunset(?:ted)?\b",
        r"\bgone for good\b",
        r"\bend of (?:its |their )?life\b",
        r"\bno longer (?:exists?|offered)\b",
    ),
    ErrorKind.AUTH: _any(
        r"\bAPI keys? .{0,30}\b(?:invalid|incorrect|wrong|expired|revoked)",
        r"\b(?:invalid|incorrect|wrong|expired|revoked) (?:API )?(?:keys?|credentials?)\b",
        r"\baccess (?:is |was )?denied\b",
        r"\bunauthori[sz]ed\b",
        r"\b(?:passwords?|blocked us|banned us|account suspended)\b",
    ),
    ErrorKind.RATE_LIMIT: _any(r"\brate.limit(?:s|ed|ing)?\b", r"\bthrottl(?:ed|ing)\b"),
    ErrorKind.NETWORK: _any(r"\bnetwork (?:outages?|problems?|issues?|failures?|errors?)\b"),
    ErrorKind.TIMEOUT: _any(r"\btim(?:ed?|es|ing)[ -]?outs?\b"),
}
_OPEN = _any(
    r"\b(?:if|whether|unless|may|might|could|not|unrelated|rather than|in case|or|ensure|increase)\b"
)
"""A guess or a denial claims no cause."""
_WIDE = _any(r"\b(?:every|all) (?:of )?(?:the |our )?providers?\b")

_WELL = _any(
    r"(?<!not )\b(?:all|every|everything)\b(?! other| remaining| else)[^,;:]{0,40}"
    r"\b(?:well|fine|ok|okay|healthy|normal|normally|operational|succeeds?|succeeded|as usual|"
    r"as (?:it|they) should|as expected)\b(?! until| since)",
    r"\b(?:nothing|none)\b[^,;:]{0,20}\b(?:needs? attention|to worry about|to do)\b",
    r"\b(?:works?|working|runs?|running|operates?|operating) (?:fine|well|normally|again)\b",
    r"\bno (?:action|attention|problems?|issues?|intervention|concerns?|cause for concern)\b",
    r"\bno need (?:for|to)\b",
    r"\bnone of [^,;:]{0,40}\b(?:fails?|failing|affected|failed)\b",
    r"\bfalse (?:alarm|positive)\b",
    r"\b(?:can|may|could) (?:safely )?be ignored\b",
    r"\bignore (?:it|this|them|that|these)\b",
    r"\b(?:has|have) recovered\b",
    r"\b(?:is|are|was|were|been|already) (?:already |now |since )?(?:resolved|fixed|solved|over)\b",
    r"\b(?:succeeds?|back|online|well|available) (?:again|to normal)\b",
    r"\b(?:is|are|looks?|seems?) (?:now |all |fully |perfectly |completely )?"
    r"(?:healthy|fine|well|okay|harmless|normal|under control|stable|quiet|doing (?:great|well|fine))\b",
    r"\b(?:was|is) quiet\b",
    r"\b(?:healthy|quiet) day\b",
    r"\bnothing to (?:see|report)\b",
    r"\b(?:hiccups?|glitch|blip)\b",
    r"\b(?:has|have) (?:been |already )?(?:restored|reinstated|repaired)\b",
    r"\bfully (?:resolved|recovered|operational)\b",
    r"\b(?:zero|no) (?:errors?|failures?)\b",
    r"\bno longer (?:fails?|failing|an? (?:issue|problem))\b",
)
_EXCEPT = _any(
    r"\b(?:other|others|otherwise|rest|remaining|until|once|when|after|before|if|unless|not|but|confirm|verify|check|ensure|"
    r"except|apart from|aside from|should be|must be|will be|to be)\b"
)
_STILL = _any(r"\bstill\b", r"\bongoing\b", r"\bcontinues? to\b", r"\b(?:is|are) down\b")

_ORDER = _any(
    r"\b(?:rm|sudo|curl|wget|chmod|eval)\b",
    r"\b(?:delete|drop|wipe|erase|destroy|truncate|purge)\b[^,;:]*"
    r"\b(?:database|databases|collections?|backups?|disks?|data|servers?|logs?|history)\b",
    r"\b(?:send|e?-?mail|share|publish|paste|forward|disclose|reveal|hand)\b[^,;:]*"
    r"\b(?:keys?|passwords?|secrets?|credentials?|tokens?)\b",
    r"\b(?:disable|stop|turn off|silence)\b[^,;:]*"
    r"\b(?:health check|monitoring|alerts?|alarms?|reports?|security|encryption|TLS)\b",
)
_FRACTION = _any(
    r"(?<!first )(?<!second )\bhalf (?:of|the|its|their|our)\b",
    r"\b(?:thirds?|fourths?|fifths?|sixths?|eighths?|tenths?) of\b",
    r"\b(?:weeks|months|years)\b",
)
_SPAN = re.compile(r"(?<!last )(?<!past )\b(\d+)[ -](hour|day)s?\b", re.IGNORECASE)


def contradicts(
    sentence: str, kinds: Collection[ErrorKind], states: Collection[str], said: Collection[str]
) -> bool:
    """Whether it is at odds with the causes, the state and the words of what it is about."""
    if _ORDER.search(sentence) or _FRACTION.search(sentence):
        return True
    if LASTING in states and _WELL.search(sentence) and not _EXCEPT.search(sentence):
        return True
    if set(states) == {OVER} and _STILL.search(sentence):
        return True
    return _names_another_cause(sentence, kinds, said) or _names_another_span(sentence, said)


def _names_another_span(sentence: str, said: Collection[str]) -> bool:
    """A figure of the data is none of its spans of time."""
    told = " ".join(said)
    return any(
        not re.search(rf"\b{found[1]} {found[2][0].lower()}", told)
        for found in _SPAN.finditer(sentence)
    )


def _names_another_cause(
    sentence: str, kinds: Collection[ErrorKind], said: Collection[str]
) -> bool:
    """No kinds, or one that no rule knows, leave every cause open."""
    if not kinds or ErrorKind.UNKNOWN in kinds or _OPEN.search(sentence):
        return False
    named = [(kind, words) for kind, words in _CAUSES.items() if words.search(sentence)]
    if named and _WIDE.search(sentence):
        return True
    return any(
        kind not in kinds and not any(words.search(text) for text in said) for kind, words in named
    )
