"""The account has no money, or may spend none."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

KIND = ErrorKind.BILLING

MONEY_SPENT = (
    Rule(
        "insufficient-quota",
        KIND,
        "the provider's code for an account without money",
        codes="insufficientquota insufficientbalance insufficientcredit insufficientcredits "
        "insufficientfunds insufficientuserquota creditbalanceexhausted creditbalancetoolow "
        "billingnotactive billinghardlimitreached billingdisabled billingerror paymentrequired "
        "paymentrequirederror exceededcurrentquota notenoughbalance arrearage budgetexceeded "
        "invalidpaymentinstrument accessterminatedbilling outofcredits creditsexhausted",
    ),
    Rule(
        "balance-spent",
        KIND,
        "the balance does not cover the request",
        about="credit|balance|fund|money|prepa|pre-pa|usage|wallet|afford|insufficient|package",
        says=r"(?:insufficient|not enough|inadequate|negative|zero|low) (?:\w+ ){0,2}"
        r"(?:balance|credits?|funds?|money|usd|diem|quota)\b"
        r"|balance (?:is |was |has )?(?:been )?(?:too low|low\b|insufficient|not (?:enough|suffic)"
        r"|exhausted|depleted|negative|empty|used up|run out)"
        r"|credits? (?:balance )?(?:(?:has|have|are|is|been|now|all|limit) ){0,3}(?:exhausted"
        r"|depleted|used up|run out|too low|expired|insufficient|reached)"
        r"|out of (?:\w+ ){0,2}(?:funds|money|credits?|balance|usage)"
        r"|no (?:\w+ )?(?:credits|funds|balance)(?: \w+)? (?:left|remaining|available)"
        r"|no (?:remaining |available )(?:credits|funds|balance)"
        r"|requires more credits|can only afford"
        r"|pre-?(?:pay|paid|payment)\w* (?:credit|balance|fund|quota|package)"
        r"|(?:usage|package|bundle|allowance) (?:is |has been |was )?(?:used up|exhausted|depleted)",
    ),
    Rule(
        "spending-limit",
        KIND,
        "a spending limit is reached",
        about="spend|budget|month|cap|limit",
        says=r"spend(?:ing)? (?:limit|cap|quota|budget)|(?:budget|cost|credit) (?:cap|limit)\b"
        r"|monthly (?:\w+ ){0,2}(?:limit|credits?|spend|budget)\b|key limit exceeded|hard limit"
        r"|(?<!token )(?<!thinking )(?<!reasoning )budget (?:has been |is |was )?(?:exceeded"
        r"|exhausted|spent|reached)"
        r"|exceed\w* (?:(?!token|thinking|reasoning|max)\w+ ){0,3}budget\b|max budget"
        r"|reached your (?:\w+ ){0,2}api usage limits|you will regain",
    ),
    Rule(
        "unpaid",
        KIND,
        "an invoice or a means of payment is open",
        about="invoice|pay|arrears|overdue|past due|card",
        says=r"(?:past|unpaid|outstanding|overdue) (?:due )?(?:invoice|bill|balance)"
        r"|failure to pay|non-?payment|unpaid|in arrears|past due|overdue|payment instrument"
        r"|payment (?:has |was )?(?:failed|declined)|update your payment"
        r"|card (?:was |has been |is )?(?:declined|expired)",
    ),
    Rule(
        "billing-disabled",
        KIND,
        "billing is switched off",
        about="billing|account is not active",
        says=r"requires billing|billing (?:is|account|to be|has|must|not|isn't)[\w ']{0,40}"
        r"(?:disabled|enabled|closed|not|inactive|active)|enable billing|account is not active",
    ),
)
PLAN = (
    Rule(
        "credits-wanted",
        KIND,
        "credits are what the provider asks for",
        about="credit",
        says=r"(?:no|any|without|out of|0|zero|more|enough|buy|add|purchase) (?:\w+ ){0,2}credits\b"
        r"|credit_limit|(?:used|exhausted|depleted|exceeded|consumed|spent) (?:up )?(?:all )?"
        r"(?:of )?(?:your|the|available|included)[\w ,]{0,40}credit",
    ),
    Rule(
        "plan-too-small",
        KIND,
        "the plan does not cover the request",
        about="plan|current quota|billing|payment|subscri|trial|paid|wallet|top|fund|free|billed|allowance",
        says=r"exceeded (?:your |the |its )?current quota|check your (?:plan and )?billing"
        r"|billing details|(?:plan|subscription|package)\b[\w ]{0,15} (?:has |is )?(?:expired"
        r"|ended|inactive)|(?:requires?|needs?) an? (?:\w+ ){0,2}(?:subscription|plan)\b"
        r"|(?:plan|subscription) (?:does not|doesn't|is required)"
        r"|trial (?:\w+ ){0,3}(?:ended|expired|over|paused)"
        r"|upgrade (?:your|to) (?:\w+ ){0,2}(?:plan|account|subscription|plus|pro|premium)\b"
        r"|payment (?:method|required)|paid (?:plan|users?|accounts?|customers?)|billed users"
        r"|wallet\b|top[ -]?up\b|add (?:more )?funds"
        r"|free (?:\w+ )?(?:quota|tier|usage|allowance|requests) (?:\w+ ){0,2}(?:used up|exhausted"
        r"|exceeded|expired|ended)|(?:used|exhausted|exceeded|consumed|spent) (?:up )?(?:all )?"
        r"(?:of )?(?:your|the|included)[\w ,]{0,30}(?:balance|free tier|allowance)",
    ),
)
