"""Generated stores for property tests: clean, dirty, and at all edges of the windows."""

import math
import uuid
from datetime import UTC, datetime, timedelta

from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Timestamp
from bson_order import order
from hypothesis import strategies as st
from stores import UNTIL, Store

from healthcheck.activity import Lookback
from healthcheck.sources.limits import Limits
from healthcheck.sources.times import to_ms

LOOKBACK = Lookback(UNTIL, timedelta(days=1))
TWO_DAYS = Lookback(UNTIL, timedelta(days=2))

HOUR = 3_600_000
DAY = 24 * HOUR
_UNTIL = to_ms(UNTIL)
_ABSENT = object()

SMALL = Limits(
    failures_read=6,
    samples_per_window=4,
    message_characters=20,
    fewest_characters=15,
    name_characters=12,
)
ROOMY = Limits(message_characters=40, name_characters=12)
limits = st.sampled_from([SMALL, ROOMY])

junk = st.sampled_from(
    [None, 0, 7, Int64(2**40), -1.5, math.nan, True, [], ["openai"], {}, {"a": 1}, b"\x00\xff",
     Decimal128("1.5"), ObjectId(b"\x60" + b"\0" * 11), MinKey(), MaxKey(), Code("x"),
     Timestamp(1_700_000_000, 1), Binary.from_uuid(uuid.UUID(int=5))]
)  # fmt: skip

_clean_names = st.sampled_from(["openai", "groq", "a", "b", "Ünï/c", "z z"])
_odd_names = st.sampled_from(
    [
        "",
        "x" * 12,
        "x" * 13,
        "é" * 12,
        "é" * 13,
        "nul\0",
        "(unknown)",
        "\ufffd",
        "\U0001f600",
    ]
)
names = st.one_of(_clean_names, _clean_names, _clean_names, _odd_names, junk, st.just(_ABSENT))

_edges = st.one_of(
    st.sampled_from(
        [0, DAY, 2 * DAY, 3 * DAY, 8 * DAY, 9 * DAY, 18 * DAY, HOUR, 2 * HOUR, 23 * HOUR]
    ),
    st.integers(0, 60).map(lambda hours: hours * HOUR),
)
moments = st.one_of(
    st.integers(0, 2 * DAY),
    st.integers(0, 12).map(lambda n: 5 * HOUR + n * 60_000),
    st.tuples(_edges, st.sampled_from([-1, 0, 1, 2])).map(sum),
    st.integers(0, 20 * DAY),
    st.integers(-3 * DAY, 400 * DAY),
).map(lambda back: _UNTIL - back)
"""Milliseconds since 1970, most of them in or near the windows."""

_far = st.sampled_from(
    [0, -1, 253_402_300_799_999, 253_402_300_800_000, -62_135_596_800_000, -62_135_596_800_001,
     2**62, -(2**62), 4_102_444_800_000]
)  # fmt: skip


def _text(ms: int, shape: str, zone: int) -> str:
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms + zone * 60_000)
    sign, minutes = "-" if zone < 0 else "+", abs(zone)
    return local.strftime(shape).format(
        ms=f"{ms % 1000:03}", sign=sign, h=f"{minutes // 60:02}", m=f"{minutes % 60:02}"
    )


_shapes = st.sampled_from(
    ["%Y-%m-%dT%H:%M:%S.{ms}Z", "%Y-%m-%d %H:%M:%S.{ms}", "%Y-%m-%dT%H:%M:%S,{ms}999{sign}{h}:{m}",
     "%Y-%m-%dT%H:%M:%S.{ms}{sign}{h}{m}", "%Y-%m-%dT%H:%M{sign}{h}", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d",
     "%Y-%m-%dT%H", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S.{ms}Z\n", " %Y-%m-%d", "%Y-%m-%dT%H:%M:%S.{ms}z",
     "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%S.Z", "%Y-%m-%dT%H:%M:%S.{ms}0000000Z"]
)  # fmt: skip
texts = st.one_of(
    st.builds(_text, moments, _shapes, st.sampled_from([0, 60, 330, -300, -720, 14 * 60])),
    st.sampled_from(
        ["", "2025-02-30T00:00:00Z", "2024-02-29", "2023-02-29", "0000-01-01", "0001-01-01",
         "0001-01-01T00:00+01:00", "9999-12-31T23:59:59.999999", "9999-12-31T23:59-00:01",
         "2025-06-01T24:00:00Z", "2025-06-01T23:59:60Z", "2025-13-01", "yesterday", "2025-06-01\0",
         "２０２５-06-01", "2025-06-01T10:00:00\u00a0", "x" * 10_000]
    ),
)  # fmt: skip
times = st.one_of(
    moments.map(DatetimeMS), moments.map(DatetimeMS), moments.map(DatetimeMS),
    texts, _far.map(DatetimeMS), junk, st.just(_ABSENT),
)  # fmt: skip

_kinds = st.one_of(
    st.sampled_from(
        ["auth", "timeout", "hard_model", "unknown", "budget_exhausted", "", "Timeout"]
    ),
    st.just(_ABSENT),
    junk,
)
_stages = st.one_of(
    st.sampled_from(["generate", "validate", "log", "ingest", "other", ""]), junk, st.just(_ABSENT)
)
_messages = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.integers(18, 42).map(lambda n: "e" * n),
    st.integers(8, 42).map(lambda n: "\U0001f600é" * n),
    junk,
    st.just(_ABSENT),
)
_statuses = st.one_of(
    st.sampled_from(
        [429, 500, Int64(404), 503.0, 99, 600, 429.5, math.inf, "429", Decimal128("429")]
    ),
    junk,
    st.just(_ABSENT),
)


@st.composite
def identities(draw) -> object:
    """Mostly ObjectIds near the windows; else any type that can be an `_id`."""
    if draw(st.integers(0, 9)) < 7:
        seconds = draw(moments) // 1000
        return ObjectId(
            max(seconds, 0).to_bytes(4, "big") + draw(st.integers(0, 3)).to_bytes(8, "big")
        )
    return draw(identities_of_any_type)


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([2**31, Int64(2**53 + 1), -(2**63), 2**63 - 1]),
    st.floats(width=64),
    st.sampled_from(
        [Decimal128("0.5"), Decimal128("-1E+20"), Decimal128("Infinity"), Decimal128("3")]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    st.binary(max_size=3),
    st.builds(Binary, st.binary(max_size=3), st.sampled_from([5, 128])),
    moments.map(DatetimeMS),
    st.sampled_from(
        [
            DatetimeMS(2**62),
            DatetimeMS(-(2**62)),
            MinKey(),
            MaxKey(),
            Code("f"),
            Code("f", {"a": 1}),
        ]
    ),
    st.builds(Timestamp, st.integers(1, 2**32 - 1), st.integers(1, 5)),
    st.sampled_from([ObjectId(b"\0" * 12), ObjectId(b"\xff" * 12), ObjectId(b"\x80" + b"\0" * 11)]),
)
_documents = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), _scalars, max_size=3),
    lambda inner: st.dictionaries(
        st.sampled_from(["a", "b"]), st.one_of(inner, st.lists(_scalars, max_size=2)), max_size=2
    ),
    max_leaves=3,
)
identities_of_any_type = st.one_of(_scalars, _documents)


def _without_absent(document: dict) -> dict:
    return {key: value for key, value in document.items() if value is not _ABSENT}


_pairs = {"provider": names, "model_name": names}
_numbers = st.one_of(
    st.sampled_from(
        [0, 1, 47, 48, 64, 80, 81, 79.5, 0.0625, 12.345, -3, 1e12, Int64(2**40), math.inf]
    ),
    st.floats(0, 1000),
    junk,
    st.just(_ABSENT),
)
_RESULTS = ("visible_output_tokens", "output_tokens", "requested_tokens", "tokens_per_second")
FIELDS = {
    "errors": {
        "_id": identities(),
        **_pairs,
        "ts": times,
        "stage": _stages,
        "message": _messages,
        "error_kind": _kinds,
        "http_status": _statuses,
    },
    "successes": {
        "_id": identities(),
        **_pairs,
        **dict.fromkeys(("gen_ts", "run_ts"), times),
        **dict.fromkeys(_RESULTS, _numbers),
    },
    "entries": {
        "_id": identities().filter(lambda identity: not isinstance(identity, bool | int | float)),
        **dict.fromkeys(("provider", "model_id", "successor_model"), names),
        **dict.fromkeys(("status", "disabled_class"), names),
        **dict.fromkeys(
            ("enabled", "deprecated"),
            st.one_of(st.booleans(), junk, st.just(_ABSENT)),
        ),
        **dict.fromkeys(
            (
                "deprecation_date",
                "created_at",
                "disabled_at",
                "promoted_at",
                "admission_started_at",
            ),
            times,
        ),
        "disabled_reason": _messages,
    },
}


@st.composite
def _of(draw, collection: str) -> dict:
    """Any document of a collection; a strategy with a short name, as it is shown in warnings."""
    return _without_absent({field: draw(value) for field, value in FIELDS[collection].items()})


_few_names = st.sampled_from(["a", "b"])
_RUNNING = [
    {"_id": number, "provider": provider, "model_id": model, "enabled": True}
    for number, (provider, model) in enumerate([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")])
]
_zones = st.one_of(
    st.just(0),
    st.integers(-HOUR, HOUR),
    st.tuples(st.sampled_from([1, 2, -5, 14, 15]), st.integers(-121_000, 121_000)).map(
        lambda zone: zone[0] * HOUR + zone[1]
    ),
)
"""How far a clock is off, in milliseconds."""


@st.composite
def _clean_errors(draw) -> dict:
    at = draw(moments)
    return {
        "_id": ObjectId(
            max(at // 1000, 0).to_bytes(4, "big") + draw(st.integers(0, 9)).to_bytes(8, "big")
        ),
        "provider": draw(_clean_names),
        "model_name": draw(_clean_names),
        "ts": DatetimeMS(at + draw(_zones)),
        "stage": draw(st.sampled_from(["generate", "validate"])),
        "message": draw(st.sampled_from(["429 slow down", "500 upstream", "e" * 50])),
        "http_status": draw(st.sampled_from([None, 429])),
    }


@st.composite
def _clean_successes(draw) -> dict:
    at = draw(moments)
    return {
        "_id": ObjectId(
            max(at // 1000, 0).to_bytes(4, "big") + draw(st.integers(0, 9)).to_bytes(8, "big")
        ),
        "provider": draw(_clean_names),
        "model_name": draw(_clean_names),
        "run_ts": DatetimeMS(at - 1500),
        "gen_ts": DatetimeMS(at + draw(_zones)),
        "requested_tokens": 64,
        "output_tokens": draw(st.sampled_from([0, 47, 48, 64, 80, 81])),
        "visible_output_tokens": draw(st.sampled_from([0, 64])),
        "tokens_per_second": draw(st.floats(0.1, 900)),
    }


@st.composite
def _crowded_errors(draw) -> dict:
    """Many in one cell and at the same time: the `_id` alone decides which are samples."""
    return {
        "_id": draw(identities_of_any_type),
        "provider": "a",
        "model_name": "a",
        "ts": DatetimeMS(_UNTIL - 5 * HOUR + draw(st.integers(0, 1))),
        "message": str(draw(st.integers(0, 99))),
    }


@st.composite
def _at_the_margin(draw) -> dict:
    """Stored an hour before the oldest window begins, give or take a second."""
    begin = draw(st.sampled_from([LOOKBACK, TWO_DAYS])).begin
    seconds = to_ms(begin) // 1000 - 3600 + draw(st.integers(-1, 1))
    at = draw(st.sampled_from([to_ms(begin), _UNTIL - HOUR]))
    return {
        "_id": ObjectId(seconds.to_bytes(4, "big") + draw(st.integers(0, 99)).to_bytes(8, "big")),
        "provider": draw(_clean_names),
        "model_name": "a",
        "message": "e",
        **dict.fromkeys(("ts", "gen_ts", "run_ts"), DatetimeMS(at)),
    }


_old = st.one_of(
    st.integers(9 * DAY - 1, 9 * DAY + 1),
    st.integers(18 * DAY - 1, 18 * DAY + 1),
    st.integers(9 * DAY, 40 * DAY),
    st.integers(2 * DAY, 9 * DAY),
).map(lambda back: DatetimeMS(_UNTIL - back))


@st.composite
def _old_attempt(draw, collection: str) -> dict:
    """Before the judged windows, often of a pair that runs and is not attempted any more."""
    odd = draw(st.integers(0, 3)) == 0
    document = draw(_of(collection)) | {
        "provider": draw(names if odd else _few_names),
        "model_name": draw(_few_names),
    }
    dates = st.one_of(_old, _old, times)
    fields = [field for field in ("ts", "gen_ts", "run_ts") if field in document]
    return _without_absent(document | {field: draw(dates) for field in fields})


def _several(documents, most: int):
    return st.lists(documents, max_size=most, unique_by=lambda document: order(document["_id"]))


def _with_running(odd):
    """Entries that run, and others whose `_id` is none of theirs."""
    taken = {order(document["_id"]) for document in _RUNNING}
    return [*_RUNNING, *(entry for entry in odd if order(entry["_id"]) not in taken)]


_any_stores = st.builds(
    Store,
    until=st.just(UNTIL),
    errors=st.one_of(
        _several(st.one_of(_clean_errors(), _of("errors"), _at_the_margin()), 30),
        _several(st.one_of(_crowded_errors(), _crowded_errors(), _of("errors")), 30),
    ),
    metrics=_several(
        st.one_of(_clean_successes(), _clean_successes(), _of("successes"), _at_the_margin()), 20
    ),
    models=st.one_of(st.none(), _several(_of("entries"), 6)),
)
_silent_stores = st.builds(
    Store,
    until=st.just(UNTIL),
    errors=_several(st.one_of(_old_attempt("errors"), _old_attempt("errors"), _of("errors")), 20),
    metrics=_several(st.one_of(_old_attempt("successes"), _clean_successes()), 8),
    models=_several(_of("entries"), 2).map(_with_running),
)
stores = st.one_of(_any_stores, _silent_stores)
