"""PDF: lines become paragraphs again, without running titles; downloads of the archive give their tags."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import HostileContent, ReadError, UnsupportedFormat
from ficdex.model import Document, Layout

LEADING = 15
FULL = "The kettle sang on the stove while the moths came in by the window one after the"
"""A line that reaches the right edge."""


@dataclass(frozen=True)
class At:
    """A line of a page: its text, where it begins, its size, and how far it is below the one before it."""

    text: str
    left: int = 72
    size: int = 11
    below: int = LEADING


def pdf(*pages: list[At], encrypt: str = "", info: str = "") -> bytes:
    """A PDF of lines in Courier, the one font whose widths need no table."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    kids = []
    for page in pages:
        y, shown = 760, []
        for line in page:
            y -= line.below
            text = line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            shown.append(f"BT /F1 {line.size} Tf {line.left} {y} Td ({text}) Tj ET")
        content = "\n".join(shown)
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 700 792]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    objects.append(f"<<{info}>>")
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    made += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    trailer = f"<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R{encrypt}>>"
    return made + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


def read(data: bytes) -> list[Document | ReadError]:
    return list(documents(Blob("moths.pdf", data, "moths.pdf")))


def one(*pages: list[At], info: str = "") -> Document:
    (found,) = read(pdf(*pages, info=info))
    assert isinstance(found, Document), found
    return found


def paragraphs(*pages: list[At]) -> list[str]:
    found = one(*pages)
    return [found.text[b.span.start : b.span.end].strip() for b in found.blocks]


def test_lines_are_joined_and_gaps_part_paragraphs() -> None:
    page = [At(FULL), At("other."), At("Willow counted.", below=28), At(FULL, below=28), At("moon.")]
    assert paragraphs(page) == [f"{FULL} other.", "Willow counted.", f"{FULL} moon."]


def test_indented_first_lines_part_paragraphs_where_no_gap_does() -> None:
    page = [line for _ in range(3) for line in (At(FULL[:-2], left=90), At(FULL), At("moon went down."))]
    assert paragraphs(page) == [f"{FULL[:-2]} {FULL} moon went down."] * 3


def test_short_lines_are_paragraphs_where_nothing_else_parts_them() -> None:
    page = [At(FULL), At("other."), At("“Forty,” said Tara."), At("“Forty-one.”"), At(FULL), At("moon.")]
    assert paragraphs(page) == [f"{FULL} other.", "“Forty,” said Tara.", "“Forty-one.”", f"{FULL} moon."]


def test_a_paragraph_goes_on_over_the_page() -> None:
    assert paragraphs([At(FULL), At(FULL)], [At("other one."), At("Tara slept.", below=28)]) == [
        f"{FULL} {FULL} other one.",
        "Tara slept.",
    ]


def test_words_cut_in_two_are_one_again_and_those_with_hyphens_keep_theirs() -> None:
    cut = FULL[:-3] + "won-"
    page = [
        At("She was well-known there."),
        At(cut, below=28),
        At("der of it"),
        At(FULL[:-3] + "well-", below=28),
        At("known one."),
    ]
    assert paragraphs(page)[1:] == [f"{FULL[:-3]}wonder of it", f"{FULL[:-3]}well-known one."]


def test_running_titles_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            At("Moth Season", 250),
            At(f"{word} {FULL}"[:80], below=40),
            At(f"{word} other."),
            At(f"Page {n} of 4", 300, below=600),
        ]
        for n, word in enumerate(("One", "Two", "Three", "Four"), 1)
    ]
    said = " ".join(paragraphs(*pages))
    assert "Moth Season" not in said
    assert "Page" not in said
    assert said.count(" other.") == 4


def test_verse_and_headers_stay_lines() -> None:
    page = [At("Title: Moths"), At("Rating: PG"), At(FULL, below=28), At("other."), At(FULL, below=28), At("moon.")]
    assert paragraphs(page)[0] == "Title: Moths\nRating: PG"


def test_large_lines_are_headings() -> None:
    found = one([At("Moth Season", size=20), At(FULL, below=40), At("other.")])
    assert found.blocks[0].layout is Layout.HEADING


def test_title_and_author_of_the_file_are_declared_unless_a_program_wrote_them() -> None:
    def declared(info: str) -> dict[str, Any]:
        return {e.field: e.value for e in one([At(FULL)], info=info).declared}

    assert declared("/Title(Moth Season)/Author(Odette)") == {"title": "Moth Season", "authors": "Odette"}
    assert declared("/Title(Microsoft Word - moths.doc)/Author(User)") == {}


PREFACE = [
    At("Moth Season", 250),
    At("Posted originally on the Archive of Our Own at http://archiveofourown.org/works/77."),
    At("Rating: Teen And Up Audiences", 60, below=30),
    At("Archive Warning: No Archive Warnings Apply", 60, below=18),
    At("Fandom: Buffy the Vampire Slayer", 60, below=18),
    At("Characters: Willow Rosenberg, Tara Maclay", 60, below=18),
    At("Additional Tags: Moths, Tea, An evening at home, Counting, Windows that stay open,", 60, below=18),
    At("Kettles", 190),
    At("Language: English", 60),
    At("Series: Part 2 of Summer Evenings", 60, below=18),
    At("Stats: Published: 2013-05-04 Completed: 2013-06-05 Chapters: 2/2 Words: 1234", 60, below=18),
]
TITLES = [
    At("Moth Season", 280, 14),
    At("by Odette, Odile", 280, below=30),
    At("Summary", 60, below=28),
    At("Forty moths come in.", 86, below=45),
    At("Notes", 60, below=45),
    At("For everybody who left the light on.", 86, below=45),
    At("See the end of the work for more notes", 60, below=45),
]


def test_a_download_of_the_archive_gives_its_tags_and_notes() -> None:
    night = ["Night fell.", "Tara slept.", "Willow slept.", "The kettle cooled.", "The moths did not sleep."]
    found = one(
        PREFACE,
        TITLES,
        [
            At("Chapter 1: Dusk", 260, 14),
            At("Chapter Notes", 60, below=28),
            At("Tea!", 86, below=45),
            At("Dusk fell.", 86, below=60),
        ],
        [At("Chapter 2", 260, 14), *(At(line, 86, below=28) for line in night)],
        [
            At("End Notes", 60),
            At("Thanks to Willow.", 86, below=45),
            At("Please drop by the Archive and comment to let", 86, below=45),
        ],
    )
    said = {(e.field, str(e.value)) for e in found.declared if e.rule.startswith("otw.")}
    assert {
        ("title", "Moth Season"), ("authors", "Odette"), ("authors", "Odile"), ("rating", "Teen And Up Audiences"),
        ("tags", "Kettles"), ("tags", "Windows that stay open"), ("characters", "Tara Maclay"), ("language", "en"),
        ("site_id", "ao3:77"), ("published", "2013-05-04"), ("updated", "2013-06-05"), ("words", "1234"),
        ("summary", "Forty moths come in."), ("series", "Series(name='Summer Evenings', position=2)"),
    } <= said  # fmt: skip
    notes = [(found.text[b.span.start : b.span.end].strip(), b.chapter, b.position) for b in found.blocks if b.position]
    assert notes == [
        ("For everybody who left the light on.", None, "start"),
        ("Tea!", 1, "chapter_start"),
        ("Thanks to Willow.", None, "end"),
    ]
    assert "drop by" not in found.text
    assert [found.text[b.span.start : b.span.end].strip() for b in found.blocks if b.rule == "otw.chapter"] == [
        "Dusk fell.",
        *night,
    ]


def test_encrypted_scanned_and_damaged_files_say_what_to_do() -> None:
    locked = "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + "11" * 32 + ">/U<" + "22" * 32 + ">>>"
    for data, said in (
        (pdf([At(FULL)], encrypt=locked), "without its password"),
        (pdf([]), "text recognition"),
        (b"%PDF-1.4\nnothing", "damaged PDF"),
    ):
        (error,) = read(data)
        assert isinstance(error, ReadError)
        assert said in error.reason
        assert error.uri == "moths.pdf"


def test_without_the_extra_the_reason_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ficdex.crawler.confined.find_spec", lambda library: None)
    (error,) = read(pdf([At(FULL)]))
    assert isinstance(error, UnsupportedFormat)
    assert "pip install 'ficdex[pdf]'" in error.reason


def test_a_stream_that_inflates_without_end_is_an_error() -> None:
    bomb = zlib.compress(b"BT /F1 9 Tf (moth) Tj ET " * (8 << 20), 9)
    data = pdf([At(FULL)])
    at = data.index(b"<</Length ")
    end = data.index(b"endstream", at)
    data = data[:at] + b"<</Length %d/Filter/FlateDecode>>\nstream\n" % len(bomb) + bomb + b"\n" + data[end:]
    (found,) = read(data)
    assert isinstance(found, (Document, HostileContent, ReadError))
