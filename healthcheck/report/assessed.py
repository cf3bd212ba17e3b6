"""How the mail tells of the AI: what it says, what it took, or why it was not there."""

from healthcheck.diagnosis.wording import several
from healthcheck.report.contract import Analysis, Report
from healthcheck.report.phrases import cut
from healthcheck.report.story import Assessed

_SUMMARY = 900
_SENTENCE = 420
_NAME = 80


def assessed(report: Report) -> Assessed:
    """Nothing at all where the AI was not asked."""
    its = report.analysis
    if its.error is not None:
        told = f"{its.error} The report is made from the rules alone."
        return Assessed(missing=cut(told, _SENTENCE), usage=_usage(its))
    if its.source == "rules":
        return Assessed()
    nothing = None if its.summary else "Nothing of its summary was borne out by the data."
    return Assessed(
        summary=cut(its.summary, _SUMMARY) if its.summary else None,
        rating=" ".join(filter(None, (nothing, _rating(report)))) or None,
        usage=_usage(its),
    )


def _rating(report: Report) -> str | None:
    """An opinion, where it is not the report's own status; the rules decide."""
    its = report.analysis
    if its.status == report.status:
        return None
    why = f": {its.reason}" if its.reason else "."
    return cut(f"The AI itself would call it {its.status}{why} The findings decide.", _SENTENCE)


def _usage(its: Analysis) -> str | None:
    told = [f"AI: {cut(its.model or '', _NAME)}"]
    if its.input_tokens is not None and its.output_tokens is not None:
        told.append(f"{its.input_tokens} tokens in, {its.output_tokens} out")
    if its.cost_usd is not None:
        told.append(f"about {its.cost_usd:.4f} USD")
    if its.request_id:
        told.append(f"request {its.request_id}")
    if its.dropped_claims:
        told.append(f"{several(its.dropped_claims, 'unsupported claim')} dropped")
    return ", ".join(told) + "." if len(told) > 1 else None
