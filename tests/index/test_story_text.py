"""Which stories hold a phrase, and how much it says of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.errors import SearchIndexError
from ficdex.index import story_text
from ficdex.index.catalog import Catalog


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        yield catalog.db


def found(db: sqlite3.Connection, text: str, words: str, *, prefix: bool = False) -> bool:
    db.execute("INSERT INTO story_index(story_index) VALUES ('delete-all')")
    story_text.add(db, 1, text)
    hits = story_text.match(db, words, prefix=prefix)
    assert all(weight > 0 for _, weight in hits)
    return [id_ for id_, _ in hits] == [1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The tide went out.", "TIDE"),
        ("Au café.", "cafe"),
        ("Au cafe\u0301.", "café"),
        ("She was stroking, my ego!", "stroking my ego"),
        ("I don’t know.", "don't"),
        ("He said “no”.", '"no"'),
        ("snake_case", "snake"),
        ("彼女は魔法少女だった。", "魔法少女"),
        ("彼女は魔法少女だった。", "女"),
        ("彼女は魔法少女", "女"),
        ("猫", "猫"),
        ("She said 魔法少女 twice", "said 魔法少女 twice"),
        ("She said 魔法少女 twice", "魔法少女 twice"),
        ("𠮷野家", "野家"),
        ("a\0b tide", "tide"),
    ],
)
def test_a_phrase_is_found(db: sqlite3.Connection, text: str, words: str) -> None:
    assert found(db, text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The tide went out.", "tides"),
        ("She was stroking my poor ego.", "stroking my ego"),
        ("魔法と少女", "魔法少女"),
        ("少年と女", "少女"),
        ("The tide went out.", ""),
        ("The tide went out.", '"*" ^ - ( NEAR'),
        ("The tide went out.", "tide OR dry"),
        ("The tide went out.", "text: tide"),
    ],
)
def test_only_the_very_words_are_found(db: sqlite3.Connection, text: str, words: str) -> None:
    assert not found(db, text, words)


def test_a_beginning_is_found_where_it_is_asked_for(db: sqlite3.Connection) -> None:
    assert found(db, "A refrigerator hummed.", "a refrig", prefix=True)
    assert not found(db, "A refrigerator hummed.", "refrig")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet=st.characters()), words=st.text(alphabet=st.characters()))
def test_any_text_is_indexed_and_any_words_are_asked_for(db: sqlite3.Connection, text: str, words: str) -> None:
    found(db, text, words)
    story_text.remove(db, 1, text)
    db.execute("INSERT INTO story_index(story_index) VALUES ('integrity-check')")
    assert story_text.match(db, words) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), run=st.text(alphabet="魔法少女猫と", min_size=1, max_size=8))
def test_every_piece_of_a_run_without_blanks_is_found(db: sqlite3.Connection, data: st.DataObject, run: str) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert found(db, f"So: {run}.", run[start:end])
    wanted = data.draw(st.text(alphabet="魔法少女猫と", min_size=1, max_size=4))
    assert found(db, f"So: {run}.", wanted) == (wanted in run)


def test_the_rarer_word_weighs_more_and_a_common_one_the_same_everywhere(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_text, "COMMON", 3)
    for id_ in range(1, 21):
        text = "tide " * id_ if id_ < 6 else ("kettle moth" if id_ == 6 else "dry")
        story_text.add(db, id_, text)
        db.execute("INSERT INTO works(id, uri, kind, first_seen, changed, seq) VALUES (?1, ?1, '', '', '', 0)", (id_,))
        db.execute("INSERT INTO story_text VALUES (?, '', '', '')", (id_,))
    tide = story_text.match(db, "tide")
    assert [id_ for id_, _ in tide] == [1, 2, 3, 4, 5]
    assert len({weight for _, weight in tide}) == 1
    assert story_text.match(db, "kettle moth")[0][1] > tide[0][1]


def test_a_damaged_index_says_what_to_do(db: sqlite3.Connection) -> None:
    db.execute("DROP TABLE story_index")
    with pytest.raises(SearchIndexError, match="reindex"):
        story_text.match(db, "tide")
