"""What the mail says of one problem: its title, age, models, action, links, proof."""

import re
from collections import defaultdict
from datetime import timedelta

from healthcheck.diagnosis import CATEGORIES, Category, Severity, State
from healthcheck.diagnosis.wording import from_to, listed, when
from healthcheck.report.contract import FindingPart, ProblemPart, Report
from healthcheck.report.sanitize import telling
from healthcheck.report.text_filters import WIDTH, Length, cut, cut_inside
from healthcheck.taxonomy import ErrorKind

DAY = timedelta(days=1)
EMPTY_MESSAGE = "(empty message)"
_FEW = (1, 2)
"""Of so many models, when it began stands in the details alone."""
_MOST_NAMED = 12
"""So many models of several providers are named; of more, how many of which."""
# One word is a code, not a sentence.
_INNER = re.compile(
    r"""['"](?:message|detail|error)['"]: *(?!['"][\w.-]+['"])(?:'([^']{10,})|"((?:[^"\\]|\\.){10,}))""",
    re.ASCII,
)
_SENTENCE_END = re.compile(r"[.!?](?: +|$)")
_ANNOUNCES = re.compile(
    r"(?i)\b(?:will|scheduled|planned|going to)\b.{0,40}\b(?:deprecat|retir|remov|sunset|discontinu|"
    r"decommission|shut|no longer)"
)
_CODE = re.compile(r"\b[45]\d\d\b")
_CALLING = re.compile(
    r"An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: "
)
_NAMED = re.compile(r"^([A-Z]\w+): (?=\1|Client error|Server error|Error code|[45]\d\d )")


class ProblemView:
    """A problem in sentences cut to size. `first` is its most urgent finding; `about`: whom that is about."""

    def __init__(self, report: Report, number: int, part: ProblemPart) -> None:
        self.report, self.number, self.part = report, number, part
        self.first = next(f for f in report.findings if f.id == part.findings[0])
        self.advised = next((a for a in report.recommended_actions if a.problem == part.id), None)
        self.command = self.advised.command or "" if self.advised else ""
        self.until = report.window.until
        self.title, self.about = cut(part.title, Length.TITLE), subject(self.first)
        self.is_critical = part.severity is Severity.CRITICAL
        begun = min(filter(None, (part.since, part.recurs_since)), default=self.until)
        self.day = (self.until - begun) // DAY + 1
        self.is_new = part.state is State.NEW

    def tags(self) -> str:
        """Critical or not; new, or how old."""
        part = self.part
        if self.is_new:
            age = "NEW"
        else:
            age = f"day {max(2, self.day)}" if part.since else "ongoing"
            age = "ended" if part.until else age + "+" * part.since_is_bound
            age += f", {part.new} new" if part.new else ""
        return f"CRITICAL {age}" if self.is_critical else age

    def since(self) -> str:
        """When it began, where that matters and the title does not have it; of what is over, its end."""
        part = self.part
        if part.since is None or part.category is Category.SILENT_SERVICE:
            return ""
        begin = when(part.since).removeprefix(f"{self.until.day} {self.until:%b} ")
        if part.until:
            return f"Lasted {from_to(part.since, part.until)}."
        many = len(part.models) not in _FEW
        at_least = "at least " if part.since_is_bound else ""
        wide = self.is_critical or many or at_least
        return f"Since {at_least}{begin}." if wide else ""

    def models(self) -> str:
        """By name, or how many of which provider, where the title does not name the only one."""
        part = self.part
        if len(part.models) < 2:  # noqa: PLR2004 - the title has it
            return ""
        if len(part.providers) == 1:
            names = [cut(each.model, Length.NAME) for each in part.models]
            few = CATEGORIES[part.category].wide or self.command or len(names) > _MOST_NAMED
            return listed(names, 3 if few else _MOST_NAMED)
        by_provider: dict[str, list[str]] = defaultdict(list)
        for each in part.models:
            by_provider[cut(each.provider, Length.NAME)].append(cut(each.model, Length.NAME))
        if len(part.models) <= _MOST_NAMED:
            return "; ".join(f"{name}: {', '.join(its)}" for name, its in by_provider.items())
        largest = sorted(by_provider.items(), key=lambda item: -len(item[1]))
        return ", ".join(f"{len(its)} of {name}" for name, its in largest)

    def inspections(self) -> list[tuple[str, str]]:
        """Where the state on our side is seen, and the commands that show it."""
        its = self.advised
        if not its or not its.shell:
            return []
        where = f"Inspect on {cut(its.host or 'the benchmark host', Length.NAME)}"
        log = [("The container may still be up", its.log)] if its.log else []
        return [(where, its.shell), *log]

    def to_watch(self) -> str:
        """All of it in a line, where it needs nobody; with the message if that announces an end."""
        is_joint, proof = len(self.part.findings) > 1, self.evidence()
        if is_joint:  # the evidence is that of the first alone
            proof = self.since() if self.part.until else f"{self.models()}."
        if _ANNOUNCES.search(self.first.message or ""):
            proof += f' "{self.message()}"'
        return ": ".join(filter(None, (self.title if is_joint else self.about, proof)))

    def evidence(self) -> str:
        """What proves it, by the most urgent of its findings."""
        return cut(self.first.evidence, Length.EVIDENCE)

    def message(self, most: int = Length.MESSAGE) -> str:
        """The provider's own words; those of a time-out are the client's."""
        kind, words = self.first.kind, _quoted(self.first.message or "")
        if kind is ErrorKind.TIMEOUT:
            return ""
        words = telling(words, most, kind)
        # What broke the connection stands last.
        shown = (cut_inside if kind is ErrorKind.NETWORK else _excerpt)(words, most)
        return shown if shown.strip() or self.first.message is None else EMPTY_MESSAGE


def _excerpt(words: str, most: int) -> str:
    """Cut after a sentence, which may take two lines more where there is room, or after a word."""
    if len(words) <= most:
        return words
    room = most + 2 * WIDTH if most > WIDTH else most
    ends = [end for its in _SENTENCE_END.finditer(words, most // 2) if (end := its.end()) <= room]
    if ends:
        return words[: ends[-1]].rstrip() + " …" * (ends[-1] < len(words))
    return cut(words, words.rfind(" ", most // 2, most) + 1 or most)


def subject(finding: FindingPart) -> str:
    """Whom a finding is about; nothing where it is the whole service."""
    return cut(" ".join(filter(None, (finding.provider, finding.model))), 2 * Length.NAME)


def who(finding: FindingPart) -> str:
    """The same, but what it is where it is about the whole service."""
    return subject(finding) or CATEGORIES[finding.category].word


def _quoted(message: str) -> str:
    """The sentence in a provider's answer, with its status code, without what SDKs put around it."""
    inner = [found[1] or found[2] for found in _INNER.finditer(message)]
    if inner:
        code = _CODE.search(message.partition("message")[0])
        words = max(inner, key=len).replace('\\"', '"')
        return f"{code[0] + ' ' if code else ''}{words}"
    return _NAMED.sub("", _CALLING.sub(r"\1: ", message))
