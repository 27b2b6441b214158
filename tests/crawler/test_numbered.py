"""What names of files say of the place of a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.numbered import LAST, place_of


@pytest.mark.parametrize(
    ("stem", "work", "number", "total"),
    [
        ("ch01", "", 1, None),
        ("Chapter 12", "", 12, None),
        ("harbour_2of3", "harbour", 2, 3),
        ("Harbour (2_3)", "harbour", 2, 3),
        ("Harbour [2-3] final", "harbour", 2, 3),
        ("2 of 3 - Harbour", "", 2, 3),
        ("Harbour - Part II", "harbour", 2, None),
        ("HarbourPart2", "harbour", 2, None),
        ("Harbour, chapter three", "harbour", 3, None),
        ("chapter_one", "", 1, None),
        ("Kapitel IV - Heim", "", 4, None),
        ("Capítulo 2", "", 2, None),
        ("Глава 3", "", 3, None),
        ("Teil 2 von 5", "", 2, 5),
        ("Harbour Chapter 3_ The Thing, a firefly fanfic _ FanFiction", "harbour", 3, None),
        ("prologue", "", 0, None),
        ("Harbour - Epilogue", "harbour", LAST, None),
    ],
)
def test_a_word_or_a_total_says_that_a_number_counts_parts(
    stem: str, work: str, number: int, total: int | None
) -> None:
    place = place_of(stem)
    assert place
    assert (place.work, place.number, place.total, place.sure) == (work, number, total, True)


@pytest.mark.parametrize(
    ("stem", "work", "number", "title"),
    [
        ("story_1", "story", 1, ""),
        ("s_1182930_4", "s 1182930", 4, ""),
        ("03 - The Lake", "", 3, "The Lake"),
        ("07", "", 7, ""),
        ("Catch 22", "catch", 22, ""),
    ],
)
def test_any_other_number_may_count_parts(stem: str, work: str, number: int, title: str) -> None:
    place = place_of(stem)
    assert place
    assert (place.work, place.number, place.title, place.sure) == (work, number, title, False)


@pytest.mark.parametrize(
    "stem",
    ["1999", "Chi", "chopin", "part of me", "Se7en", "Harbour", "2003-1999", "tide000123", "ch1234", ""],
)
def test_years_and_words_that_begin_like_a_chapter_count_none(stem: str) -> None:
    assert place_of(stem) is None


@given(st.text(max_size=80))
def test_any_name_is_read(stem: str) -> None:
    place = place_of(stem)
    assert place is None or 0 <= place.number <= LAST
