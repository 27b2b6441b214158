"""The passages that show why a work was found."""

from __future__ import annotations

import time

import pytest

from ficdex.index.hits import Snippet
from ficdex.index.query import parse
from ficdex.index.query_tree import terms
from ficdex.index.search_layout import stem
from ficdex.index.snippets import WIDTH, snippets


def shown(query: str, text: str, **record: object) -> list[Snippet]:
    return snippets({"id": 1, **record}, lambda _: text, list(terms(parse(query))), stem)


def marked(query: str, text: str) -> list[str]:
    return [s.text[a:b] for s in shown(query, text) for a, b in s.marks]


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("kettle", "The Kettle sang.", ["Kettle"]),
        ("cafe", "At the Café.", ["Café"]),
        ("running", "She runs; he was running.", ["runs", "running"]),
        ("run", "A runt on the runway.", []),
        ("tara", "Tara's book. Guitara.", ["Tara's"]),
        ('"the old well"', "The old, well -- the old well.", ["The old, well", "the old well"]),
        ("kett*", "Kettles and kettledrums.", ["Kettles", "kettledrums"]),
        ("don't", "I don’t.", ["don’t"]),
        ("魔法", "彼女は魔法少女だった。", ["魔法"]),
        ("spike/willow", "Willow saw Spike.", ["Willow", "Spike"]),
        ("k?ttl*", "A skittle. Kettles, kettle.", ["Kettles", "kettle"]),
        ("text:*wood", "Redwood, woods, wood.", ["Redwood", "wood"]),
        ("title:kettle", "The kettle sang.", []),
        ("-kettle sang", "The kettle sang.", ["sang"]),
    ],
)
def test_the_words_that_were_asked_for_are_marked(query: str, text: str, marks: list[str]) -> None:
    assert marked(query, text) == marks


def test_the_passage_with_most_of_the_words_is_shown() -> None:
    text = "The lamp stood there. " + "So it went on. " * 60 + "A lamp, a kettle, a clef." + " And on." * 60
    (snippet,) = shown("lamp kettle clef", text)
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["lamp", "kettle", "clef"]


def test_a_snippet_is_short_and_of_whole_words() -> None:
    text = "penguin " * 500 + "kettle " + "penguin " * 500
    (snippet,) = shown("kettle", text)
    assert len(snippet.text) <= WIDTH
    assert set(snippet.text.split()) == {"penguin", "kettle"}


def test_notes_and_summary_and_story_have_a_snippet_each() -> None:
    notes = [{"text": "Tea for all."}, {"text": "No kettle was hurt."}]
    found = shown("kettle", "The kettle sang.", notes=notes, summary="A kettle.")
    assert [(s.field, s.text) for s in found] == [
        ("notes", "No kettle was hurt."),
        ("summary", "A kettle."),
        ("text", "The kettle sang."),
    ]


def test_names_that_a_hit_does_not_show_are_said() -> None:
    cast = [{"name": "Tara Maclay", "as": []}, {"name": "Willow Rosenberg", "as": ["Red"]}]
    found = shown(
        'character:red ship:"spike/willow" tag:tea', "", characters=cast, relationships=["Spike/Willow"], tags=["Tea"]
    )
    assert [(s.field, s.text, [s.text[a:b] for a, b in s.marks]) for s in found] == [
        ("characters", "Willow Rosenberg (Red)", ["Red"]),
        ("relationships", "Spike/Willow", ["Spike", "Willow"]),
        ("tags", "Tea", ["Tea"]),
    ]


def test_a_field_that_was_not_asked_is_not_shown() -> None:
    assert [s.field for s in shown("summary:kettle", "The kettle sang.", summary="A kettle.")] == ["summary"]


def test_line_ends_become_blanks() -> None:
    assert [s.text for s in shown("kettle", "a\nkettle\r\nb")] == ["a kettle  b"]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "kettle " * 150_000, "kettle" * 150_000, "é’" * 500_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.monotonic()
    shown('kettle "kettle a" k*', text)
    assert time.monotonic() - started < 3
