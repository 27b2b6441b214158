"""A file with several stories becomes several works; a work with several chapters stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ficdex.pipeline import Extracted, extract_paths


def told(word: str, times: int = 6) -> str:
    return "".join(
        f"The {word} boat came in on the tide that evening, and nobody on the quay said a word about the {word} rope. "
        for _ in range(times)
    )


def works(tmp_path: Path, text: str, name: str = "collected.txt") -> list[Extracted]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = list(extract_paths([tmp_path / name]))
    assert all(isinstance(item, Extracted) for item in found)
    return [item for item in found if isinstance(item, Extracted)]


def story(title: str, word: str, author: str = "Fenn") -> str:
    head = f"Title: {title}\nAuthor: {author}\nRating: PG\n\nA/N: Thanks to {word.title()} for the beta."
    return f"{head}\n\n{told(word)}\n\n"


POST = "From: {who}@example.org ({who})\nSubject: {subject}\nDate: Mon, 08 Feb 1999 22:14:09 GMT\n\n{text}\n\n"


def test_headers_with_titles_of_their_own_begin_works(tmp_path: Path) -> None:
    found = works(tmp_path, "My Collected Fics\n\n" + story("Low Tide", "odile") + story("High Tide", "marit", "Quill"))
    assert [(w.work.title, w.work.authors) for w in found] == [("Low Tide", ("Fenn",)), ("High Tide", ("Quill",))]
    assert [w.work.source.uri.rpartition("#")[2] for w in found] == ["1", "2"]
    assert [[b.name for b in w.work.betas] for w in found] == [["Odile"], ["Marit"]]
    assert "story 2 of an anthology" in found[1].work.repairs


def test_each_story_is_cut_without_gaps_and_quotes_itself(tmp_path: Path) -> None:
    for one in works(tmp_path, story("Low Tide", "odile") + story("High Tide", "marit")):
        text, blocks = one.document.text, one.document.blocks
        assert [b.span.start for b in blocks] == [0, *(b.span.end for b in blocks[:-1])]
        assert blocks[-1].span.end == len(text)
        titles = [e for e in one.work.evidence if e.field == "title" and e.span]
        assert [text[e.span.start : e.span.end] for e in titles if e.span] == [one.work.title]


def test_posts_in_one_file_are_works_by_their_subjects(tmp_path: Path) -> None:
    text = POST.format(who="fenn", subject="FIC: Harbour", text=told("first")) + POST.format(
        who="quill", subject="NEW: Lighthouse (1/1)", text=told("other")
    )
    assert [w.work.title for w in works(tmp_path, text)] == ["Harbour", "Lighthouse"]


def test_a_long_preface_is_a_document_of_its_own(tmp_path: Path) -> None:
    found = works(tmp_path, told("prefatory", 20) + "\n\n" + story("Low Tide", "odile") + story("High Tide", "marit"))
    assert [w.work.title for w in found][1:] == ["Low Tide", "High Tide"]
    assert len(found) == 3


SONG = (
    f"Title: Low Tide\nAuthor: Fenn\n\n{told('odile')}\n\nSong: Harbour Lights\nTitle: Harbour Lights\n\n{told('sung')}"
)
MAILS = f"Harbour\nby Fenn\n\n{told('odile')}\n\nTo: Marit\nSubject: the boat\n\nCome home.\n\n{told('marit')}"


@pytest.mark.parametrize(
    "text",
    [
        story("Low Tide", "odile"),
        story("Low Tide (1/2)", "odile") + story("Low Tide (2/2)", "marit"),
        story("Low Tide - Chapter 1", "odile") + story("Low Tide - Chapter 2: Back", "marit"),
        story("Low Tide", "odile") + story("Chapter 2: Back", "marit") + story("Low Tide: Epilogue", "last"),
        "".join(POST.format(who="fenn", subject=f"FIC: Harbour ({n}/3)", text=told(f"{n}th")) for n in (1, 2, 3)),
        "".join(
            POST.format(who="fenn", subject=s, text=told(s))
            for s in ("Incoming TXT - The Long Harbour, Teaser", "The Long Harbour, Act I", "The Long Habour - Act Two")
        ),
        POST.format(who="fenn", subject="FIC: Harbour", text=told("first"))
        + POST.format(who="gull", subject="Re: FIC: Harbour", text=told("answered")),
        SONG,
        MAILS,
        "Recs\n\n" + "".join(f"Title: Fic {n}\nAuthor: Writer {n}\nSummary: It rains.\n\n" for n in range(9)),
        f"Harbour\nby Fenn\n\nChapter 1: Out\n\n{told('odile')}\n\nChapter 2: Back\n\n{told('marit')}",
        f"Contents\n\nLow Tide\nHigh Tide\n\nLow Tide\n\n{told('odile')}\n\nHigh Tide\n\n{told('marit')}",
    ],
    ids="one parts chapters named posts acts answer song mails recs headings contents".split(),
)
def test_one_work_stays_one(tmp_path: Path, text: str) -> None:
    assert len(works(tmp_path, text)) == 1
