"""Words that prose is checked with."""
# ruff: noqa: SIM905 - as lists with a word a line they would be a thousand lines

import re

VENDORS = frozenset(
    """
    ai21 aleph alibaba amazon anthropic anyscale aws azure baichuan baidu baseten bedrock
    bytedance cerebras chatgpt claude cloudflare codestral codex cohere databricks davinci dbrx
    deepinfra deepmind deepseek devstral ernie fireworks friendli gemini gemma github glm google
    gpt grok groq haiku hermes huggingface hunyuan ibm jamba kimi llama magistral meta microsoft
    minimax ministral mistral mixtral moonshot moonshotai nebius nemotron novita nvidia ollama
    openai openrouter opus palmyra perplexity phi pixtral qwen qwq reka replicate sambanova
    scaleway siliconflow snowflake sonnet starcoder stepfun vertex vertexai vicuna watsonx
    wizardlm xai zhipu lambda gcp togetherai deepgram upstage
    """.split()
)
"""Makers, hosts and families of models. One that the data does not name is an invention."""

BEGINNERS = frozenset(
    """
    a about above access according account accounts across action actions active actually add
    adding address adjust advise after again against align all allow almost already also
    alternatively although always an analyse analyze and announce another any apart api apparently
    apply approximately are around arrange as ask assign assume at attempts audit authenticate
    authentication availability avoid back balance base based be because become been before behind
    being below benchmark best better between beyond billing both bring but buy by calling calls
    can cancel capacity cause causes change check clear clearly close code collect comment compare
    complete concerning configuration configure confirm confirmed connect connection connections
    connectivity consider consult contact continue contract correct could create credentials
    credit critical currently cut daily data day decide decommissioned decrease default degraded
    delay delete deprecated deprecation despite determine direct disable disabled disabling
    discuss do does downgrade draft drop due during each early easy edit either elsewhere email
    enable end endpoint endpoints ensure errors escalate especially essentially establish evaluate
    even eventually every everything evidence evidently examine except exclude expect expired
    explain export extend failed failing fails failure failures few file fill final finally find
    findings first fix fixes fixing follow following for force fortunately four free frequent from
    full fund funding further generally get give given go good group half handle have hence here
    hold host how however huge identify if ignore immediate immediately improve in include
    including increase inform infrastructure inspect instead insufficient internal introduce
    invalid investigate is isolate issue issues it its just keep key keys known lack largely last
    lastly later latest leave less let like likely limit limits list little load local log logs
    long look lost low lower main mainly maintain make many map mark may maybe meanwhile measure
    mend message messages might migrate mind minor missing mitigate model models modify monitor
    more moreover most mostly move much multiple must my name near nearly necessary need needed
    neither network never new newest newly next no none normal not notably note nothing notice
    notify now number obtain obviously of often old on once ongoing only open operations operator operators engineers users
    or order ordinary other others otherwise our outage outages outdated over overall own
    parameter parameters particularly past patch pause pay paying payment payments pending perform
    perhaps permission permissions pick plan please point possible possibly postpone potential
    previous primarily prior prioritise prioritize priority probably problem problems proceed
    prompt promptly provide provider providers pull push put quick quickly quota raise rate rates
    rather reach read real reason reasons rebalance recent recharge recommend reconfigure record
    recover recovered recovery reduce refer refresh refund refused regarding register reinstate
    related release reliable rely remaining remove rename renew repair repeat repeated replace
    replenish report reports request requests require resolve resolved response responses restart
    restore results resume retire retired retirement retry return revert review revise rewrite
    right roll rotate run running same save schedule scheduler second secondly secure see seek
    send separate serious server servers service services set settle several severe shift short
    should show significant silence silent similarly simple simply since single slow so solve some
    sort source speak specific spend split stale start status stay steady still stop storage store
    strong subsequently substitute succeed successes successor such sudden suddenly suggest
    support sure surprisingly suspect sustained swap switch system take talk target team tell
    temporarily temporary ten test that the their then there therefore these they think third this
    those though three throttle throttling throughout thus ticket time timeouts today tokens
    tomorrow too top total toward towards trace traffic transient treat trouble try turn two types
    typical unable unavailable under understand undo unfortunately unknown unless unlike unlikely
    unrelated unsupported until unusual up update upgrade urgent us usage use usual usually
    validate various verify very via view wait warn warning warnings was watch way we well were
    what when where whereas whether which while who whole why wide widen will window with within
    without work would wrong yes yesterday you your
    abandon accept acknowledge adapt adopt allocate anticipate apart aside attach attempt automate
    awaiting besides bill block book bump cached caution checking choose clean communicate configured
    congestion convert cross-check deactivate debug deem deploying deploys details document
    downtime drill drops engage enter examine extra false faulty file flag focus forward
    generic grant granted guard hopefully identical implementing inconsistent incorrect
    incompatible insert inspect invalidate kindly leaving leverage link locate log manage
    mismatched mitigating mixed mostly names needing nonetheless notify observe off open optimize
    opt outdated pin post prefer preview prevent proactively procure prune purchase push
    reactivate reassess reauthorize rebuild recheck reconsider redesign reduced reenable regenerate
    reissue relax relaunch reload remedy rephrase replacing reported reproduce reschedule reserve
    restrict retest return reverify rewire root route routine safe sanity-check saturated scale
    scattered schedule scope server-side settled sign spread stabilize standard step strip subscribe
    suggested summarize supply surface sync tag tally temporal terminate then tighten timing tune
    turning unless unblock unexpected unify uninterrupted upload validation
    verification vet visit wherever wrap write
    additionally affected alongside attention anything automatic begin brief budget chat completions
    consecutive consequently consistent consistently conversely cost dedicated deploy deployment
    detect disruption documentation done elevated enhance error errors established execute existing
    frequently health healthy helpful high higher impact implement importantly incident incidents
    inference intermittent legacy long-standing manually maximum mixed multi normally numerous
    observed occasional offline operational originally partial payload performance persistent
    prepare production query rapidly reconnect redeploy referring rejected repeatedly rerun reset
    responses roughly root runs significantly similar sometimes specifically spike streaming
    supported suspended systems table top-up track transition unsuccessful unresolved update
    updates using valid version versions widespread work working works affects
    """.split()
)
"""What a sentence may begin with, beside a name of the data: any other capital may be a name."""

TECHNICAL = frozenset(
    "AI API APIs CA CPU DNS GPU HTML HTTP HTTPS I IAM ID IDs IP JSON LLM LLMs MongoDB OK SDK SSL TCP TLS URL URLs "
    "UTC".split()
)

DOTTED = frozenset({"e.g", "i.e", "and/or", "either/or", "on/off"})

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

NUMBERS = (
    {word: number for number, word in enumerate(_UNITS)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {
        f"{ten}-{unit}": 10 * number + digit
        for number, ten in enumerate(_TENS, start=2)
        for digit, unit in enumerate(_UNITS[1:10], start=1)
    }
)

MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|"
        "sep september|oct october|nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}

FREE_NUMBERS = frozenset({"zero", "one"})
"""They stand for words as well, as in "this one", and inflate nothing."""

ENDINGS = re.compile(r"\w{4,}(?:ly|ing|tion|tions|ment|ness|ity|able|ible|ed)")
"""Of ordinary words, and rarely of a name."""

VERBS = frozenset("is are was were has have had fails failed retired went says".split())
"""What follows the name of someone who acts."""

INEXACT = frozenset(
    """
    billion billions double doubled dozen dozens hundred hundreds hundredth
    million millions percentage quadruple quarter quarters scores
    tenfold thousand thousands threefold thrice trillion triple tripled twice twofold
    """.split()
)
"""Figures in words that no figure of the data can bear out."""
