"""Every threshold of the diagnosis, each with its reason."""

from datetime import timedelta

# --- one model ---------------------------------------------------------------------------------

# Fewer bare "not found" in a row may be a deploy at the provider.
DEPRECATED_MIN_RUN = 6

# Fewer may be a passing fault of the provider's validation.
CODE_FIX_MIN_ERRORS = 3

# Three in a row are one in a million at the usual 1 % of noise.
FAILING_MIN_RUN = 3

# Time-outs, 5xx and limits come in bursts of up to five; a shorter run that began today is
# watched first (simulated: 1.6 false warnings a day fall to .02).
FAILING_SURE_RUN = 6
FAILING_SURE_TIME = timedelta(hours=6)

DEGRADED_MIN_ERRORS = 3
# Ten points: below that nobody would act.
DEGRADED_MIN_INCREASE = 0.10

# That any of all models is told wrongly (Bonferroni); "twice the usual" gives eleven false alarms a day.
DEGRADED_CHANCE = 0.05

# Of all models of a provider: five points are many failures. A dozen providers and five causes
# are judged each day: one chance finding in weeks.
DEGRADED_PROVIDER_MIN_INCREASE = 0.05
DEGRADED_PROVIDER_CHANCE = 0.001
# Of all attempts of a provider: too many to wait a day for more.
DEGRADED_PROVIDER_SURE = 0.2

# Three of six failed is 19 to 81 %: below that there are too few attempts to tell.
HALF = 0.5
HALF_MIN_ATTEMPTS = 6
# Since it began: where that is, is chosen from what failed, so twice as many.
HALF_MIN_SINCE = 12

# Failing is over when so many successes since would be this rare had it gone on as before.
RECOVERED_CHANCE = 0.05

RECOVERED_MIN_SUCCESSES = 3

# --- a provider, the service -------------------------------------------------------------------

# Below it all of its models must be hit, and one model alone is never provider-wide.
PROVIDER_MIN_MODELS = 3
PROVIDER_SHARE = 0.5

# Nearly all at once: that is our own network, host or database, not ten providers.
SERVICE_SHARE_OF_PROVIDERS = 0.8
SERVICE_SHARE_OF_MODELS = 0.6

# Two stretches of trouble that lie closer together are one.
EPISODE_GAP = timedelta(hours=1)

# The scheduler tries a model every 30 to 180 minutes: so long it takes until all have noticed.
ONSET_REACH = timedelta(hours=3)

# Shorter losses may be a restart at the provider; missing credentials or money do not heal.
LOSS_MIN_TIME = timedelta(hours=1)

# Where credentials or money are missing, the last quarter need not be tried to know.
LOSS_SHARE = 0.75

# So many others with the same message work again: one may have been repaired alone.
SAME_AGAIN = 2

# Failing, answering and failing again: two may be two outages.
TURNS = 3

# Of the attempts at a time; single ones are retried by nobody's hand.
LOST_MIN_ATTEMPTS = 3

# A deploy loses the jobs of a moment; a runner that loses a tenth for an hour cannot do its work.
LOST_JOBS_SHARE = 0.1

# --- not attempted, nothing succeeds -----------------------------------------------------------

# A model's turn comes every 30 to 45 minutes, at most every 63 (p99): four are missed by then.
MIN_QUIET = timedelta(hours=3)

# Where the queue waits no longer, two turns without a try say that it has given up.
GIVEN_UP_INTERVALS = 2

# A child process can die without a document: one missing is nothing, three in a row are.
LOSS_INTERVALS = 3

# So many of a provider's models must have stopped together: the others may have ended before.
LOSS_MIN_MODELS = 3

# Where so many ended for causes that models do not have of their own, when is no matter.
LOSS_SHARED_CAUSES = 0.75

# Without a catalog: one or two documents before are no habit.
EXPECTED_MIN_ATTEMPTS = 3

# The same message of a model twice within a second is one failure, stored twice.
COPIES_WITHIN = timedelta(seconds=1)

# --- volume and results ------------------------------------------------------------------------

# Fewer than half of the usual attempts; below a hundred, chance alone may halve them. None at all
# where a hundred are usual is longer than a restart: 20 min at today's 300 an hour.
LOW_VOLUME = 0.5
LOW_VOLUME_MIN_EXPECTED = 100

# So many times a model's own baseline: no provider becomes ten times faster overnight.
IMPOSSIBLE_SPEED = 10.0

# --- the catalog -------------------------------------------------------------------------------

# Where the catalog lists next to nothing of what a provider is asked, its names do not fit.
LISTED_MIN_SHARE = 0.05

# Jobs that were queued when a model was disabled may still run.
DISABLED_GRACE = timedelta(hours=1)

# Where the catalog does not say when a model was disabled, only the newest attempts count.
DISABLED_UNKNOWN_SINCE = timedelta(hours=6)

# One or two of a model, a few of all, are a recheck.
DISABLED_MIN_ATTEMPTS = 3
DISABLED_MIN_ATTEMPTS_OF_ALL = 10

# More of the enabled models at once is more than tidying up.
DISABLED_SHARE = 0.10

PROBING_TOO_LONG = timedelta(days=4)
RETIRES_SOON = timedelta(days=14)
