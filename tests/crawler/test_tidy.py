"""Traces of other programs in plain text are taken away where they are certain, and what is sound stays."""

from __future__ import annotations

import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.crawler.tidy import tidy, without_mail_codes
from ficdex.model import Document

from .tongues import NARROW, story

WORDS = "the tide came in over the flats and nobody on the pier had thought to count the boats before the fog".split()


def tidied(text: str) -> tuple[str, list[str]]:
    repairs: list[str] = []
    return tidy(text, repairs), repairs


def read(data: bytes) -> Document:
    (document,) = documents(Blob("a.txt", data, "a.txt"))
    assert isinstance(document, Document)
    return document


def wrapped(lines: int) -> list[str]:
    """Lines of one long sentence."""
    return [" ".join(WORDS[n % 7 : n % 7 + 11]) for n in range(lines)]


def paged(foot: str, head: str = "", pages: int = 4) -> str:
    lines = wrapped(30 * pages)
    made = [head] if head else []
    for page in range(pages):
        made += ["", *lines[30 * page : 30 * page + 30], "", foot.format(page + 1), *(["", head] if head else [])]
    return "\n".join(made)


@pytest.mark.parametrize("foot", ["- {} -", "Page {}", "page {} of 4", "{}", "      – {} –"])
def test_page_numbers_go_and_the_sentence_runs_on(foot: str) -> None:
    text, repairs = tidied(paged(foot))
    assert [line for line in text.split("\n") if line.strip()] == wrapped(120)
    assert "\n\n" not in text.strip()
    assert repairs == ["page numbers removed"]


def test_a_running_title_goes_but_for_the_first() -> None:
    text, _ = tidied(paged("Page {}", "SALT by Marit"))
    assert text.count("SALT by Marit") == 1
    assert text.startswith("SALT by Marit")


def test_numbers_of_chapters_stay() -> None:
    chapters = "\n\n".join(f"{n}\n\n" + "\n".join(wrapped(20)) + "\nso it ended." for n in range(1, 6))
    assert tidied(chapters) == (chapters, [])
    assert tidied(chapters.replace("\n1\n", "\n- 1 -\n"))[1] == []


def test_a_blank_behind_every_line_goes() -> None:
    paragraphs = ["\n".join([*wrapped(9), "and then it was over."]) for _ in range(3)]
    text, repairs = tidied("\n\n\n".join(p.replace("\n", "\n\n") for p in paragraphs))
    assert [p.strip() for p in text.split("\n\n") if p.strip()] == paragraphs
    assert repairs == ["double spacing removed"]


def test_short_paragraphs_are_not_taken_for_double_spacing() -> None:
    text = "\n\n".join(["“No,” she said.", "He laughed.", "Nobody answered him."] * 10)
    assert tidied(text) == (text, [])


def test_codes_of_mail_are_decoded() -> None:
    text = story("french", 600).replace("\n\n", " \n\n")
    document = read(quopri.encodestring(text.encode("cp1252")))
    assert document.text.split() == text.split()
    assert "quoted-printable decoded" in document.repairs


@pytest.mark.parametrize(
    "data", [b"see http://x.example/?id=2081 \n" * 5, b"====\nTitle\n====\n=20\n=20\n", b"E=MC2, a=20 b=30\n" * 4]
)
def test_signs_of_equality_are_no_codes(data: bytes) -> None:
    assert without_mail_codes(data) == data


def test_entities_become_characters() -> None:
    text, repairs = tidied("&quot;Don&#8217;t&quot;,&nbsp;she said &mdash; R&D; &nothing; &#1;")
    assert text == '"Don’t", she said — R&D; &nothing; &#1;'
    assert repairs == ["entities decoded"]


def test_one_entity_alone_may_be_meant() -> None:
    assert tidied("Write &amp; for an ampersand.") == ("Write &amp; for an ampersand.", [])


def test_scattered_tags_go() -> None:
    text, repairs = tidied("He was <i>not</i> amused.<br>\n<b><i>Never</i></b> had he <I>been</I>.")
    assert text == "He was not amused.\nNever had he been."
    assert repairs == ["tags removed"]


def test_hearts_and_comparisons_are_no_tags() -> None:
    text = "I <3 you, and a < b > c, <i> think; <sarcasm>sure</sarcasm>."
    assert tidied(text) == (text, [])


def test_bbcode_goes_and_brackets_stay() -> None:
    text, _ = tidied("[center][b]Salt[/b][/center]\n[i]It rained.[/i] [A/N: sorry] [b is a letter")
    assert text == "Salt\nIt rained. [A/N: sorry] [b is a letter"


def test_dots_doubled_for_news_are_single_again() -> None:
    assert tidied("One\n..hidden\nTwo\n.\n") == ("One\n.hidden\nTwo\n", ["doubled dots of news removed"])
    assert tidied("One\n...and on\n.")[1] == []


def test_a_text_quoted_throughout_is_the_text() -> None:
    assert tidied("> Salt\n>\n> It rained.\n> All day.")[0] == "Salt\n\nIt rained.\nAll day."
    answer = "She wrote:\n> Salt\n> It rained.\n> All day.\nYes."
    assert tidied(answer) == (answer, [])


@given(st.sampled_from(sorted(NARROW)), st.integers(0, 10_000), st.integers(10, 1_500))
def test_sound_text_is_left_alone(language: str, seed: int, length: int) -> None:
    text = story(language, length, seed)
    assert tidied(text) == (text, [])


@pytest.mark.parametrize("piece", ["<i>", "[i]", " ", "> ", "&", "=20\n", "1\n", "a\n\n", "<p> ", "\n.", "- 1 -\n\n"])
def test_a_million_of_anything_takes_little_time(piece: str) -> None:
    tidied(piece * 300_000)
