"""What a site states in fields of its own keeps its shape on the way into the record, its words in the evidence."""

from __future__ import annotations

from ficdex.crawler.blob import DocumentBuilder
from ficdex.extract import extract
from ficdex.lexicon import lexicon
from ficdex.model import Document, Role, Source, Span, Work


def made(story: str = "", /, **fields: list[str]) -> tuple[Document, Work]:
    """A work of a site that declares `fields`, each a line of its header."""
    builder = DocumentBuilder()
    for field, values in fields.items():
        start = builder.length + len(field) + 2
        builder.add(f"{field.capitalize()}: {', '.join(values)}", role=Role.HEADER, rule="site.tags", end="\n")
        for value in values:
            builder.declare(field, value, f"site.{field}", 0.99, Span(start, start + len(value)))
            start += len(value) + 2
    builder.add(story, role=Role.STORY, chapter=1)
    source = Source("x.html", "text/html", "", 0)
    document = Document(source, "".join(builder.parts), tuple(builder.blocks), tuple(builder.declared))
    return document, extract(document, lexicon())


def quotes(found: tuple[Document, Work], field: str) -> list[str]:
    document, work = found
    spans = [e.span for e in work.evidence if e.field == field and e.rule == f"site.{field}"]
    return [document.text[s.start : s.end] for s in spans if s]


def test_lines_whose_values_are_declared_are_not_cut_again() -> None:
    work = made(tags=["Hurt/Comfort", "Vorta - Freeform", "one; two"], categories=["F/M", "Gen"])[1]
    assert work.tags == ("Hurt/Comfort", "Vorta - Freeform", "one; two")
    assert work.categories == ("F/M", "Gen")


def test_lines_of_a_header_that_nothing_declares_are_read() -> None:
    builder = DocumentBuilder()
    builder.add("Rating: Teen\nBeta: Odile", role=Role.HEADER)
    builder.declare("rating", "Teen", "site.rating", 0.99, Span(8, 12))
    builder.add("It rained.", role=Role.STORY)
    source = Source("x.html", "text/html", "", 0)
    document = Document(source, "".join(builder.parts), tuple(builder.blocks), tuple(builder.declared))
    assert [b.name for b in extract(document, lexicon()).betas] == ["Odile"]


def test_a_franchise_is_none_of_its_parts() -> None:
    tags = ["Star Trek", "Star Trek: The Original Series", "Star Trek: Deep Space Nine"]
    assert made(fandoms=tags)[1].fandoms == tuple(tags)


def test_a_fandom_that_no_list_knows_keeps_its_commas() -> None:
    assert made(fandoms=["Oh, Tidewater (TV)", "No Fandom"])[1].fandoms == ("Oh, Tidewater", "No Fandom")


def test_two_tags_for_one_fandom_are_one_fandom_and_both_evidence() -> None:
    found = made(fandoms=["Star Trek: Deep Space Nine", "ds9 - Fandom"])
    assert found[1].fandoms == ("Star Trek: Deep Space Nine",)
    assert quotes(found, "fandoms") == ["Star Trek: Deep Space Nine", "ds9 - Fandom"]


def test_friends_and_lovers_are_two_relationships() -> None:
    tags = ["Isolde/Wren (Tidewater)", "Isolde & Wren (Tidewater)", "Sisters - Relationship", "past A/B, C/D"]
    found = made(relationships=tags)
    assert found[1].relationships == ("Isolde/Wren", "Isolde & Wren", "Sisters - Relationship", "past A/B, C/D")
    assert quotes(found, "relationships") == tags


def test_a_name_of_many_words_is_a_name_if_a_tag_says_so() -> None:
    found = made(characters=["Me Hani Ika Hali Ka Po", "Quark (Star Trek)"])
    assert [c.name for c in found[1].characters] == ["Me Hani Ika Hali Ka Po", "Quark"]
    assert quotes(found, "characters") == ["Me Hani Ika Hali Ka Po", "Quark (Star Trek)"]


STORY = 'The rain had Isolde by the collar. "Come in," said Isolde, and Wren followed Isolde to the fire. ' * 6


def test_a_tag_gives_a_person_of_the_story_the_full_name() -> None:
    found = made(STORY, characters=["Isolde Lark (Tidewater)", "The Heron | Wren Tarn"])
    cast = {c.name: c for c in found[1].characters}
    assert cast.keys() == {"Isolde Lark", "Wren Tarn"}
    assert cast["Isolde Lark"].forms == ("Isolde",)
    assert cast["Isolde Lark"].mentions == 18
    assert quotes(found, "characters") == ["Isolde Lark (Tidewater)", "The Heron | Wren Tarn"]


def test_a_first_name_that_two_tags_share_is_neither_of_them() -> None:
    found = made(STORY, characters=["Isolde Lark", "Isolde Thorne"])
    cast = {c.name: c for c in found[1].characters}
    assert cast.keys() == {"Isolde", "Wren", "Isolde Lark", "Isolde Thorne"}
    assert cast["Isolde Lark"].mentions == 0


def test_a_tag_goes_by_the_plain_name_of_its_person() -> None:
    found = made(fandoms=["Bleach"], characters=["Kurosaki Ichigo", "Kuchiki Rukia"])
    assert [c.name for c in found[1].characters] == ["Ichigo Kurosaki", "Rukia Kuchiki"]
    assert quotes(found, "characters") == ["Kurosaki Ichigo", "Kuchiki Rukia"]


def test_another_of_the_same_name_is_somebody_else() -> None:
    story = 'Spock raised an eyebrow. "Well," said Spock, and Kirk laughed at Spock, as Kirk did. ' * 6
    tags = ["Spock", "Spock Prime", "James T. Kirk"]
    names = {c.name for c in made(story, fandoms=["Star Trek: The Original Series"], characters=tags)[1].characters}
    assert names == {"Spock", "Spock Prime", "James T. Kirk"}


def test_a_site_may_call_its_author_anonymous_a_program_may_not() -> None:
    assert made(authors=["Anonymous", "orphan_account"])[1].authors == ("Anonymous", "orphan_account")
    builder = DocumentBuilder()
    builder.add("It rained.", role=Role.STORY)
    builder.declare("authors", "Anonymous", "epub.dc.creator", 0.85)
    document = Document(Source("x", "x", "", 0), "".join(builder.parts), tuple(builder.blocks), tuple(builder.declared))
    assert extract(document, lexicon()).authors == ()


def test_a_tag_with_an_initial_names_whom_the_story_calls_by_a_short_form() -> None:
    story = "Fred put the kettle on. “Tacos,” said Fred. Angel Investigations was closed, and Fred was glad of it."
    work = made(story, fandoms=["Angel: the Series"], characters=["Fred B."])[1]
    assert [(c.name, c.mentions > 0) for c in work.characters] == [("Winifred Burkle", True)]


def test_a_tag_that_begins_with_somebody_of_the_fandom_names_a_character() -> None:
    tags = ["Luna Lovegood sees it coming", "my writing", "i miss Draco"]
    work = made("Harry Potter laughed. It rained on Harry.", fandoms=["Harry Potter"], tags=tags)[1]
    assert [(c.name, c.stage) for c in work.characters][1:] == [("Luna Lovegood", "mentioned")]


def test_where_characters_have_a_list_of_their_own_tags_name_none() -> None:
    work = made("It rained.", fandoms=["Harry Potter"], characters=["Harry Potter"], tags=["Luna Lovegood lives"])[1]
    assert [c.name for c in work.characters] == ["Harry Potter"]
