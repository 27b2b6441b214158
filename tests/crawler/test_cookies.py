"""Cookies by RFC 6265, for one host alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.cookies import HEADER, MOST, Jar

NOW = 1_800_000_000.0


def after(*lines: str, path: str = "/", secure: bool = False, now: float = NOW) -> str:
    jar = Jar("www.a.test")
    for line in lines:
        jar.learn(line, "/dir/page", NOW)
    return jar.header(path, secure, now)


def test_a_later_cookie_takes_the_place_of_an_earlier_one() -> None:
    assert after("a=1; Path=/", "b=2; Path=/", "a=3; Path=/") == "b=2; a=3"


@pytest.mark.parametrize("line", ["a=1; Path=/; Max-Age=0", "a=1; Path=/; Max-Age=-5"])
def test_a_cookie_is_taken_back_by_its_age(line: str) -> None:
    assert after("a=1; Path=/", line) == ""


@pytest.mark.parametrize("date", ["Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21-Oct-2015 07:28:00 GMT"])
def test_a_cookie_is_taken_back_by_its_date(date: str) -> None:
    assert after("a=1; Path=/", f"a=1; Path=/; Expires={date}") == ""


def test_a_cookie_ends_with_its_time_and_age_goes_before_date() -> None:
    line = "a=1; Path=/; Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT"
    assert (after(line, now=NOW + 59), after(line, now=NOW + 61)) == ("a=1", "")


@pytest.mark.parametrize(
    ("line", "path", "sent"),
    [
        ("a=1", "/dir/other", True),
        ("a=1", "/dir", True),
        ("a=1", "/", False),
        ("a=1; Path=/x", "/x/y", True),
        ("a=1; Path=/x", "/xy", False),
        ("a=1; Path=x", "/dir/page", True),
    ],
)
def test_a_cookie_is_for_its_path(line: str, path: str, sent: bool) -> None:
    assert bool(after(line, path=path)) == sent


def test_a_secure_cookie_waits_for_https() -> None:
    line = "a=1; Path=/; Secure"
    assert (after(line), after(line, secure=True)) == ("", "a=1")


@pytest.mark.parametrize("domain", ["b.test", "sub.www.a.test", "ww.a.test", "est"])
def test_a_cookie_for_another_host_is_dropped(domain: str) -> None:
    assert after(f"a=1; Path=/; Domain={domain}") == ""


@given(st.lists(st.text(max_size=60)), st.text(max_size=20))
def test_any_header_is_taken_or_dropped(lines: list[str], path: str) -> None:
    jar = Jar("a.test")
    for line in lines:
        jar.learn("a=1;" + line, "/" + path, NOW)
        jar.learn("b=1; Expires=" + line, "/" + path, NOW)
    assert jar.header("/" + path, True, NOW).isascii()


def test_a_jar_does_not_grow_without_end() -> None:
    sent = after(*(f"n{number}=1; Path=/" for number in range(100)))
    assert (sent.count("="), sent.rpartition(" ")[2]) == (MOST, "n99=1")
    assert 4000 < len(after(*(f"n{number}={'x' * 4000}; Path=/" for number in range(10)))) <= HEADER
