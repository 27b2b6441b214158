"""Every file of data/fandoms holds what the lexicon relies on."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from ficdex.lexicon import DATA, Fandom, Person, load_fandom
from ficdex.text import fold

FILES = sorted((DATA / "fandoms").glob("*.toml"))
KEYS = {"title", "ao3", "names", "owners", "words", "characters", "distinct", "pairs"}
PERSON_KEYS = {"name", "ao3", "gender", "strong", "mid", "weak", "never"}


@pytest.fixture(params=FILES, ids=[p.stem for p in FILES])
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def fandom(path: Path) -> Fandom:
    return load_fandom(path)


def firm(person: Person) -> set[str]:
    """The folded forms that mean this person by themselves."""
    return {fold(form).removeprefix("the ") for form in (*person.strong, *person.mid)}


def kin(fandom: Fandom, one: str, other: str) -> bool:
    """May the two share a form, because a group says that they are never merged?"""
    return any({one, other} <= group for group in fandom.distinct)


def test_a_file_has_no_key_that_nobody_reads(path: Path) -> None:
    row = tomllib.loads(path.read_text(encoding="utf-8"))
    assert row.keys() <= KEYS
    for person in row["characters"]:
        assert person.keys() <= PERSON_KEYS, person["name"]


def test_people_of_a_fandom_have_different_names(fandom: Fandom) -> None:
    counts = Counter(fold(p.name) for p in fandom.people)
    assert [name for name, count in counts.items() if count > 1] == []


def test_a_firm_form_means_one_person_unless_a_group_keeps_its_bearers_apart(fandom: Fandom) -> None:
    bearer: dict[str, str] = {}
    doubtful = []
    for person in fandom.people:
        for form in firm(person):
            other = bearer.setdefault(form, person.name)
            if other != person.name and not kin(fandom, other, person.name):
                doubtful.append((form, other, person.name))
    assert doubtful == []


def test_every_person_can_be_found_by_some_form(fandom: Fandom) -> None:
    assert [p.name for p in fandom.people if not (p.strong or p.mid or p.weak)] == []


def test_an_alias_has_two_letters_at_least(fandom: Fandom) -> None:
    short = [
        form
        for person in fandom.people
        for form in (*person.strong, *person.mid, *person.weak)
        if sum(c.isalnum() for c in form) < 2 and form != person.name
    ]
    assert short == []


def test_an_alias_is_a_name_and_no_fragment(fandom: Fandom) -> None:
    for person in fandom.people:
        for form in (*person.strong, *person.mid, *person.weak):
            assert fold(form).removeprefix("the ").split(), (person.name, form)
            assert form == " ".join(form.split()), (person.name, form)


def test_gender_is_m_f_n_or_untold(fandom: Fandom) -> None:
    assert {p.gender for p in fandom.people} <= {"m", "f", "n", ""}


def test_groups_and_pairs_name_people_of_the_file(fandom: Fandom) -> None:
    known = {p.name for p in fandom.people}
    members = {name for group in (*fandom.distinct, *fandom.pairs.values()) for name in group}
    assert members <= known
    assert all(len(group) > 1 for group in (*fandom.distinct, *fandom.pairs.values()))


def test_words_of_the_setting_are_no_people(fandom: Fandom) -> None:
    people = {form for person in fandom.people for form in firm(person)}
    assert [w for w in fandom.words if fold(w) in people] == []


def test_a_fandom_has_words_and_owners_and_a_few_people(fandom: Fandom) -> None:
    assert len(fandom.people) >= 10
    assert len(fandom.words) >= 8
    assert fandom.owners


def test_no_two_files_describe_one_fandom() -> None:
    titles = Counter(fold(load_fandom(p).title) for p in FILES)
    assert [title for title, count in titles.items() if count > 1] == []


def test_the_gazetteer_knows_the_fandoms_that_most_is_written_for() -> None:
    fandoms = [load_fandom(p) for p in FILES]
    people = [p for f in fandoms for p in f.people]
    assert len(fandoms) >= 90
    assert len(people) >= 5_000
