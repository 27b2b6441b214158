"""Dates in the formats of archives; what could be read two ways is not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.dates import day_first, iso_date

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
MONTH_FIRST = ["%m/%d/%y", "%m/%d/%Y", "%m.%d.%Y", "%m-%d-%y"]
DAY_FIRST = ["%d/%m/%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y"]
PLAIN = ["%d %b %Y", "%b %d %Y", "%b %d, %Y", "%B %d %Y", "%B %d, %Y", "%Y.%m.%d", "%Y-%m-%d", "%d %b %y"]


@settings(deadline=None)
@given(DAYS, st.sampled_from(PLAIN))
def test_a_named_month_or_a_leading_year_leaves_no_doubt(day: date, written: str) -> None:
    assert iso_date(f"Published: {day.strftime(written)} [Report]") == day.isoformat()


@settings(deadline=None)
@given(DAYS, st.sampled_from([*MONTH_FIRST, *DAY_FIRST]))
def test_numbers_are_read_in_the_sites_order(day: date, written: str) -> None:
    assert iso_date(day.strftime(written), written in DAY_FIRST) == day.isoformat()


@settings(deadline=None)
@given(DAYS, st.sampled_from([*MONTH_FIRST, *DAY_FIRST]))
def test_without_an_order_only_the_certain_is_said(day: date, written: str) -> None:
    certain = day.day > 12 or day.day == day.month
    assert iso_date(day.strftime(written)) == (day.isoformat() if certain else str(day.year))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["04/05/2007", "17/05/2007"], True),
        (["04/05/2007", "05/17/2007"], False),
        (["04/05/2007", "05/06/2007"], None),
        (["17/05/2007", "05/17/2007"], None),
        (["2007-05-17", "soon", "45/67/2007"], None),
    ],
)
def test_a_site_writes_all_its_dates_one_way(texts: list[str], expected: bool | None) -> None:
    assert day_first(texts) is expected


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2007", "2007", "1.2.3.4", "12/2007", "May 2007", "99/99/99", "3 of 4"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert iso_date(text) is None


@settings(deadline=None)
@given(st.text(max_size=40), st.none() | st.booleans())
def test_any_text_is_a_date_or_not(text: str, days_lead: bool | None) -> None:
    found = iso_date(text, days_lead)
    assert found is None or len(found) in (4, 10)
