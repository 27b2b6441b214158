"""When a host may be asked again."""

from __future__ import annotations

from email.utils import formatdate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.politeness import (
    FIRST_BACKOFF,
    LONGEST_BACKOFF,
    LONGEST_PARK,
    STRIKES,
    Host,
    retry_after,
)

NOW = 1_100_000_000.0


def host(delay: float = 5.0) -> Host:
    return Host(1, "archive.test", delay, delay)


def test_the_next_request_waits_for_the_delay_and_up_to_half_as_much_again() -> None:
    waits = set()
    for seed in range(50):
        one = host()
        one.rest(NOW, Random(seed))
        waits.add(one.wait(NOW))
    assert 5.0 <= min(waits) < 5.2
    assert 7.3 < max(waits) <= 7.5


def test_a_slow_host_is_asked_slowly() -> None:
    one = host()
    one.rest(NOW, Random(1))
    one.answered(NOW, latency=4.0)
    assert one.next_at == NOW + 20


def test_a_very_slow_host_is_waited_for_a_minute_at_the_most() -> None:
    one = host()
    one.answered(NOW, latency=50.0)
    assert one.wait(NOW) == 60


def test_each_refusal_is_one_step_back_from_half_a_minute_to_an_hour() -> None:
    one, steps = host(), []
    for _ in range(9):
        one.refused(NOW, "status 429")
        steps.append(one.cur_delay)
    assert steps[:4] == [FIRST_BACKOFF, 60, 120, 240]
    assert steps[-1] == LONGEST_BACKOFF


def test_the_delay_eases_every_ten_successes_and_never_below_the_least() -> None:
    one = host()
    one.refused(NOW, "status 503")
    for _ in range(10):
        one.answered(NOW, 0.1)
    assert one.cur_delay == FIRST_BACKOFF * 0.75
    for _ in range(500):
        one.answered(NOW, 0.1)
    assert one.cur_delay == 5.0


def test_five_refusals_in_a_row_park_the_host() -> None:
    one = host()
    for _ in range(STRIKES - 1):
        one.refused(NOW, "status 503")
    assert not one.parked_until
    one.refused(NOW, "status 503")
    assert one.parked_until == NOW + LONGEST_BACKOFF
    assert "status 503" in one.park_reason


def test_a_success_between_refusals_starts_the_count_anew() -> None:
    one = host()
    for _ in range(3):
        for _ in range(STRIKES - 1):
            one.refused(NOW, "status 503")
        one.answered(NOW, 0.1)
    assert not one.parked_until


def test_retry_after_is_waited_for_in_full() -> None:
    one = host()
    one.refused(NOW, "status 429", 1800.0)
    assert one.wait(NOW) == 1800


def test_a_retry_after_of_more_than_an_hour_parks() -> None:
    one = host()
    one.refused(NOW, "status 429", 7200.0)
    assert one.parked_until == NOW + 7200
    one.refused(NOW, "status 429", 1e9)
    one.believe(NOW)
    assert one.wait(NOW) <= LONGEST_PARK


def test_a_refusal_makes_no_wait_shorter() -> None:
    one = host()
    one.refused(NOW, "status 429", 1800.0)
    one.refused(NOW, "robots.txt cannot be read")
    assert one.wait(NOW) == 1800
    one.park(NOW + 7200, "status 429")
    one.park(NOW + 3600, "5 times in a row")
    assert (one.wait(NOW), one.park_reason) == (7200, "status 429")


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("7", 7), (" 120 ", 120), (formatdate(NOW + 60, usegmt=True), 60), ("0", None), ("-5", None), ("soon", None),
        (formatdate(NOW - 60, usegmt=True), None), ("", None), (None, None), ("1e9", None), ("٧", None),
        ("120.0", 120), ("7, 120", 120), ("7,", None),
        ("1000000000", 1e9), ("Wed, 99 Foo 2099 99:99:99 GMT", None), ("9" * 200, None),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date_that_is_yet_to_come(stated: str | None, seconds: float | None) -> None:
    assert retry_after(stated, NOW) == seconds


@given(st.text())
def test_no_retry_after_raises(stated: str) -> None:
    found = retry_after(stated, NOW)
    assert found is None or found > 0


@given(st.floats(0, 1e10), st.floats(0, 1e10), st.integers(0, 4), st.floats(1, 3600))
def test_a_stored_time_is_never_waited_for_longer_than_can_be_meant(
    next_at: float, now: float, strikes: int, delay: float
) -> None:
    one = Host(1, "archive.test", delay, delay, next_at=next_at, strikes=strikes)
    one.believe(now)
    assert 0 <= one.wait(now) <= max(LONGEST_BACKOFF * 1.5, 60) + 1e-6


def test_a_clock_that_was_set_back_a_day_costs_one_delay_and_no_day() -> None:
    one = host()
    one.rest(NOW, Random(1))
    one.believe(NOW - 86_400)
    assert 5 <= one.wait(NOW - 86_400) <= 60
    assert one.wait(NOW - 86_400 + 60) == 0


def test_no_delay_goes_below_a_second() -> None:
    one = host(5.0)
    one.slow_to(0.01)
    assert one.min_delay == 1.0
