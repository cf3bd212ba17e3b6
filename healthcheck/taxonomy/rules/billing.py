"""The account has no money, or may spend none."""

from functools import partial

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_rule = partial(Rule, kind=ErrorKind.BILLING)

MONEY_SPENT: tuple[Rule, ...] = (
    _rule(
        "balance-spent",
        "the balance does not cover the request",
        codes="insufficientquota insufficientbalance insufficientcredit insufficientcredits"
        " insufficientfunds insufficientuserquota creditbalanceexhausted"
        " creditbalancetoolow billingnotactive billinghardlimitreached billingdisabled"
        " billingerror paymentrequired paymentrequirederror exceededcurrentquota"
        " notenoughbalance exceededbudget arrearage budgetexceeded invalidpaymentinstrument"
        " accessterminatedbilling outofcredits creditsexhausted",
        about="credit|balance|fund|money|prepa|pre-pa|usage|usd|diem|quota|package|bundle"
        "|allowance|afford",
        says=r"(?:insufficient|not enough|inadequate|negative|zero|low) (?:\w+ ){0,2}(?:balance"
        r"|credits?|funds?|money|usd|diem|quota)\b|balance (?:is |was |has )?(?:been )?(?:too low"
        r"|low\b|insufficient|not (?:enough|suffic)|exhausted|depleted|negative|empty|used up|run"
        " out)|credits? (?:balance )?(?:(?:has|have|are|is|been|now|all|limit) ){0,3}(?:exhausted"
        r"|depleted|used up|run out|too low|expired|insufficient|reached)|out of (?:\w+"
        r" ){0,2}(?:funds|money|credits?|balance|usage)|no (?:\w+ )?(?:credits|funds|balance)(?:"
        r" \w+)? (?:left|remaining|available)|requires more credits|can only afford|pre-?(?:pay"
        r"|paid|payment)\w* (?:credit|balance|fund|quota|package)|(?:usage|package|bundle"
        "|allowance) (?:is |has been |was )?(?:used up|exhausted|depleted)",
    ),
    _rule(
        "spending-limit",
        "a spending limit is reached",
        about="spend|budget|month|t cap|t limit|y limit|d limit|usage limit|regain",
        says=r"spend(?:ing)? (?:limit|cap|quota|budget)|(?:budget|cost|credit) (?:cap|limit)\b"
        r"|monthly (?:\w+ ){0,2}(?:limit|credits?|spend|budget)\b|key limit exceeded"
        "|hard limit|(?<!token )(?<!thinking )(?<!reasoning )budget (?:has been |is "
        "|was )?(?:exceeded|exhausted|spent|reached)|max budget|over budget"
        r"|reached your (?:\w+ ){0,2}api usage limits|you will regain",
    ),
    _rule(
        "unpaid",
        "an invoice is open, or billing is switched off",
        about="past|paid|invoice|pay|arrears|overdue|card|billing|account|balance|bill",
        says="(?:past|unpaid|outstanding|overdue) (?:due )?(?:invoice|bill|balance)"
        "|failure to pay|non-?payment|unpaid|in arrears|past due|overdue|payment instrument"
        "|payment (?:has |was )?(?:failed|declined)|update your payment"
        "|card (?:was |has been |is )?(?:declined|expired)|requires billing"
        r"|billing (?:is|account|to be|has|must|not|isn't)[\w ']{0,40}(?:disabled|enabled"
        "|closed|not|inactive|active)|enable billing|account is not active",
    ),
)
PLAN = _rule(
    "plan-too-small",
    "the plan or its credits do not cover the request",
    about="credit|plan|quota|billing|payment|subscri|trial|paid|wallet|top|fund|free|billed"
    "|upgrade|package",
    says=r"(?:no|any|without|out of|0|zero|more|enough|buy|add|purchase) (?:\w+ ){0,2}credits\b"
    "|credit_limit|(?:used|exhausted|depleted|exceeded|consumed|spent) (?:up )?(?:all )?(?:of"
    r" )?(?:your|the|available|included)[\w ,]{0,40}credit|exceeded (?:your |the |its )?current"
    r" quota|check your (?:plan and )?billing|billing details|(?:plan|subscription|package)\b[\w"
    r" ]{0,15} (?:has |is )?(?:expired|ended|inactive)|(?:requires?|needs?) an? (?:\w+"
    r" ){0,2}(?:subscription|plan)\b|not (?:available|included) (?:with|in|on) the [\w<>"
    r" ]{0,20}plan\b|trial (?:\w+ ){0,3}(?:ended|expired|over|paused)|upgrade (?:your|to) (?:\w+"
    r" ){0,2}(?:plan|account|subscription|plus|pro|premium)\b|payment (?:method|required)|paid"
    r" (?:plan|users?|accounts?|customers?)|billed users|wallet\b|top[ -]?up\b|add (?:more )?funds"
    r"|free (?:\w+ )?(?:quota|tier|usage|allowance|requests) (?:\w+ ){0,2}(?:used up|exhausted"
    "|exceeded|expired|ended)",
)
