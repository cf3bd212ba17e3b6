"""The account has no money, or may spend none."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

KIND = ErrorKind.BILLING

CODES = (
    Rule(
        "insufficient-quota",
        KIND,
        r"insufficient_quota|insufficientquota|credit_balance|insufficient_(?:balance|credit"
        r"|fund|user_quota)|billing_not_active|billing_hard_limit|payment_required"
        r"|exceeded_current_quota|billing_error|not_enough_balance"
        r"|access_terminated_billing|arrearage|invalid_payment_instrument|billing_disabled"
        r"|budget_exceeded|budgetexceeded|spend_limit|out_of_credits|budgetexceedederror",
        "the provider's code for an account without money",
        "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check "
        "your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': "
        "'insufficient_quota'}}",
    ),
    Rule(
        "insufficient-balance",
        KIND,
        r"insufficient (?:account )?(?:balance|credit|fund|usd|quota|diem)"
        r"|balance is (?:too low|insufficient|not)|not enough (?:credit|balance|fund|money)"
        r"|requires more credits|can only afford|余额不足|欠费|账户余额|额度不足|额度已|配额(?:不足|已用)|充值"
        r"|(?:low|negative|zero"
        r"|no) (?:account )?balance\b|balance (?:has )?(?:run out|exhaust)",
        "the balance does not cover the request",
        "402 Insufficient Balance",
        "continuedev/continue#11787",
    ),
    Rule(
        "credits-depleted",
        KIND,
        r"credits? (?:balance )?(?:has |have |are |is )?(?:been |now |all )?(?:exhausted|depleted"
        r"|used up|run out)|(?:usage|package|bundle|allowance) (?:is |has been |was )?(?:used up"
        r"|exhausted|depleted)|(?:run|ran|running) out of (?:\w+ )?(?:funds|money|credits?|balance)"
        r"|\bout of (?:extra |included |free )?usage"
        r"|pre-?(?:pay|paid|payment)\w* (?:credit|balance|fund|quota|package)\w*",
        "prepaid credits are gone, whatever code comes with it",
        "Error code: 429 - {'error': {'code': 429, 'message': 'Your prepayment credits are "
        "depleted. Please go to AI Studio to top up.', 'status': 'RESOURCE_EXHAUSTED'}}",
    ),
    Rule(
        "spending-limit",
        KIND,
        r"spend(?:ing)? (?:limit|cap|quota|budget)|(?:budget|cost|usage|credit) cap\b"
        r"|monthly limit|monthly (?:included )?(?:credit|spend|budget"
        r"|usage limit)|key limit exceeded|(?<!token )(?<!thinking )(?<!reasoning )budget"
        r" (?:has been |is |was )?(?:exceeded|exhausted|spent|reached)|exceed(?:s|ed"
        r"|ing)?[\w ']{0,30} budget|over (?:its |your )?budget|credit limit|hard limit"
        r"|reached your (?:specified )?(?:\w+ )?api usage limits"
        r"|usage limits?\. you will regain|max budget",
        "a spending limit is reached",
        "412 Account x is suspended, possibly due to reaching the monthly spending limit or "
        "failure to pay past invoices.",
        "pollinations/pollinations#12136",
    ),
    Rule(
        "unpaid",
        KIND,
        r"past (?:due )?invoices|failure to pay|non-?payment|unpaid|in arrears|past due|overdue"
        r"|payment (?:has )?failed|payment instrument|update your payment|valid payment method"
        r"|\bcard (?:was |has been |is )?(?:declined|expired)|(?:outstanding|open"
        r"|pending) invoices?",
        "an invoice or a means of payment is open",
        "Your account has unpaid invoices; please update your payment details.",
    ),
    Rule(
        "billing-disabled",
        KIND,
        r"requires billing|billing (?:is|account|to be|has)[\w ']{0,40}(?:disabled|enabled"
        r"|closed|not|inactive)|enable billing|billing must be|account is not active"
        r"|billing (?:not|isn't) (?:enabled|active|set)",
        "billing is switched off",
        "403 This API method requires billing to be enabled. Please enable billing on project "
        "#12345 by visiting https://console.developers.google.com/billing/enable then retry.",
    ),
)
PHRASES = (
    Rule(
        "credits-exhausted",
        KIND,
        r"credits? (?:has|have|are|is|balance|limit|quota) ?(?:been |has |is )?(?:exhaust"
        r"|deplet|used|expired|insuff|too low|reached|run out)|(?:no|any|without|out of"
        r"|run out of|0|zero|more|enough|buy|add|purchase|free) (?:more |remaining |available "
        r"|api |additional |trial )?credits|(?:used|exhausted|depleted|exceeded|consumed"
        r"|spent) (?:up )?(?:all )?(?:of )?(?:your|the|available"
        r"|included)[\w ,]{0,40}(?:credit|balance|budget|free tier|allowance)|top[ -]?up"
        r"|add (?:more )?funds"
        r"|free (?:\w+ )?(?:quota|tier|usage|allowance|requests) (?:has been |have been |is "
        r"|was )?(?:used up|exhausted|exceeded|expired|ended)"
        r"|recharge your|credit_limit",
        "the credits are used up",
        "You have no credits remaining. Add credits to continue using the API.",
    ),
    Rule(
        "check-your-plan",
        KIND,
        r"exceeded (?:your |the |its )?current quota|check your (?:plan and )?billing"
        r"|plan and billing details|billing details"
        r"|(?:plan|subscription|package)\b[\w ]{0,15} (?:has |is )?(?:expired|ended)"
        r"|(?:requires?|needs?) an? (?:active |paid |valid )?(?:\w+ )?(?:subscription|plan)\b"
        r"|(?:plan|subscription) does not (?:yet |currently )?(?:include|cover|have|allow)"
        r"|subscription (?:is )?required|upgrade to (?:\w+ )?(?:plus|pro|premium|an? paid)\b"
        r"|subscription (?:has )?(?:expired|ended|inactive|is not active)"
        r"|\btrial (?:period )?(?:has |is |have )?(?:been )?(?:ended|expired|over|paused)"
        r"|free trial"
        r"|upgrade your (?:plan|account|subscription)|payment method|payment required"
        r"|billing (?:page|issue|problem|error)|paid (?:plan|users|accounts|customers)"
        r"|billed users|\bwallet\b|(?:your"
        r"|monthly) (?:usage )?quota (?:is|has been) (?:exhaust|exceed)",
        "the plan does not cover the request",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
)
