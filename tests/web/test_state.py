"""What a search page's address says, and back."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from ficdex.errors import QueryError
from ficdex.web.state import EVERYTHING, LAST, Choice, State


def back(state: State) -> State:
    return State.of(parse_qsl(state.url().partition("?")[2]))


STATES = [
    State(),
    State('note:"my cat" -moth', page=3),
    State("&=+#?/", (Choice("fandom", "A & B: C"), Choice("beta", "x:y", wanted=False)), "words", 2),
]


@pytest.mark.parametrize("state", STATES)
def test_the_address_holds_the_whole_state(state: State) -> None:
    assert back(state) == state


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("page=0&sort=nonsense&has=fandom&not=:x&has=nofacet:y", State()),
        ("page=²", State()),
        ("page=99999999999999999", State(page=LAST)),
        ("q=+moth+", State("moth")),
        ("has=year:2003&has=year:2003", State(choices=(Choice("year", "2003"),))),
    ],
)
def test_what_is_nonsense_in_an_address_is_left_out(address: str, state: State) -> None:
    assert State.of(parse_qsl(address)) == state


def test_a_choice_toggles_and_its_opposite_takes_its_place() -> None:
    wanted, barred = Choice("rating", "teen"), Choice("rating", "teen", wanted=False)
    state = State("moth", page=4).toggled(wanted)
    assert (state.choices, state.page) == ((wanted,), 1)
    assert state.toggled(barred).choices == (barred,)
    assert state.toggled(wanted).choices == ()


@pytest.mark.parametrize(
    ("state", "query"),
    [
        (State(), EVERYTHING),
        (State("a OR b"), "a OR b"),
        (State("a OR b", (Choice("fandom", "X"),)), '(a OR b) fandom:="X"'),
        (State("", (Choice("rating", "teen", wanted=False),)), f"{EVERYTHING} -level:teen"),
    ],
)
def test_a_state_is_a_query(state: State, query: str) -> None:
    assert state.query() == query


def test_hidden_ratings_are_left_out() -> None:
    assert State("moth").query(["explicit"]) == "(moth) -level:explicit"


def test_an_error_points_into_what_was_typed() -> None:
    with pytest.raises(QueryError) as problem:
        State('moth "', (Choice("fandom", "X"),)).query()
    assert (problem.value.query, problem.value.position) == ('moth "', 5)


def test_without_words_the_newest_come_first() -> None:
    assert (State().order, State("moth").order, State("moth", sort="title").order) == ("added", "score", "title")
