"""The statistics agree with SciPy's and with what the papers print."""

import pytest
import scipy  # its parts are loaded when they are used
from hypothesis import given
from hypothesis import strategies as st

from healthcheck.diagnosis.statistics import (
    fisher_greater,
    highest,
    wilson_interval,
)

_tables = st.tuples(st.integers(1, 400), st.integers(1, 400)).flatmap(
    lambda tried: st.tuples(
        st.integers(0, tried[0]), st.just(tried[0]), st.integers(0, tried[1]), st.just(tried[1])
    )
)


@given(_tables)
def test_fisher_is_scipys(table):
    failed, tried, failed_there, tried_there = table
    expected = scipy.stats.fisher_exact(
        [[failed, tried - failed], [failed_there, tried_there - failed_there]], "greater"
    ).pvalue
    assert fisher_greater(*table) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_fisher_takes_millions():
    assert 0 < fisher_greater(1_200, 100_000, 10_000, 1_000_000) < 1e-6


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_is_scipys(failed, tried):
    failed = min(failed, tried)
    expected = scipy.stats.binomtest(failed, tried).proportion_ci(method="wilson")
    assert wilson_interval(failed, tried) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_of_small_counts():
    assert wilson_interval(3, 3) == pytest.approx((0.44, 1.0), abs=0.01)
    assert wilson_interval(0, 24) == pytest.approx((0.0, 0.14), abs=0.01)


def test_the_highest_span_is_the_last_of_equals():
    assert highest([1, -2, 3, -1, 2, -9, 4, -1]) == (6, 6)
    assert highest([1, -1, 1]) == (0, 2)
    assert highest([0, -1]) is None
