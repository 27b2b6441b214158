"""Works in pieces: which files, posts and members become one work, and which stay what they are."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ficdex.pipeline import Extracted, extract_paths

PROSE = (
    "The {0} boat came in on the {0} tide, and nobody on the quay said a word about it until the {0} rope was fast.\n\n"
    "“You're late,” said Marit to the {0} man in the bow, and threw him the {0} line without looking up.\n"
)


def prose(word: str) -> str:
    return PROSE.format(word)


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def works(folder: Path, *, join: bool = True) -> list[Extracted]:
    found = list(extract_paths([folder], join=join))
    assert all(isinstance(item, Extracted) for item in found), found
    return [item for item in found if isinstance(item, Extracted)]


def names(work: Extracted) -> list[str]:
    return [Path(part).stem for part in work.work.parts]


def chapters(folder: Path) -> None:
    write(
        folder,
        ch01=f"HARBOUR\nby Fenn\n\nA/N: Odile is my beta.\n\nChapter One: Out\n\n{prose('first')}",
        ch02=f"Chapter Two: Back\n\nA/N: Thanks for the reviews!\n\n{prose('second')}",
        ch10=f"Chapter Three: Home\n\n{prose('last')}\nTHE END\n\nThat's it, thank you for reading! Please review.\n",
    )


def test_chapter_files_are_one_work_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    chapters(tmp_path)
    (tmp_path / "ch10.txt").rename(tmp_path / "ch3.txt")
    (one,) = works(tmp_path)
    assert names(one) == ["ch01", "ch02", "ch3"]
    assert (one.work.title, one.work.authors, one.work.chapters.published) == ("HARBOUR", ("Fenn",), 3)
    assert one.work.chapter_titles == ("Chapter One: Out", "Chapter Two: Back", "Chapter Three: Home")
    assert [(n.position, n.chapter) for n in one.work.notes] == [("start", None), ("chapter_start", 2), ("end", None)]


def test_a_joined_text_is_its_parts_laid_end_to_end(tmp_path: Path) -> None:
    chapters(tmp_path)
    (tmp_path / "ch10.txt").rename(tmp_path / "ch03.txt")
    (one,) = works(tmp_path)
    alone = [w.document.text for w in works(tmp_path, join=False)]
    assert one.document.text == "".join(alone)
    assert [one.document.text[p.span.start : p.span.end] for p in one.document.parts] == alone
    assert [b for part in one.document.by_part() for b in part] == list(one.document.blocks)
    for claim in one.work.evidence:
        if claim.span and isinstance(claim.value, str) and claim.field == "title":
            assert one.document.text[claim.span.start : claim.span.end] == claim.value


def test_a_gap_is_named(tmp_path: Path) -> None:
    write(tmp_path, **{f"tide_{n}of5": f"Tide ({n}/5)\n\n{prose(str(n))}" for n in (1, 2, 4, 5)})
    (one,) = works(tmp_path)
    assert "missing: part 3" in one.work.repairs
    assert (one.work.chapters.published, one.work.chapters.planned) == (4, 5)


def test_a_few_of_many_parts_stay_by_themselves(tmp_path: Path) -> None:
    write(tmp_path, **{f"tide_{n}of7": f"Tide ({n}/7)\n\n{prose(str(n))}" for n in (2, 4, 7)})
    assert [names(w) for w in works(tmp_path)] == [["tide_2of7"], ["tide_4of7"], ["tide_7of7"]]


def test_no_join_leaves_every_file_a_work(tmp_path: Path) -> None:
    chapters(tmp_path)
    assert [names(w) for w in works(tmp_path, join=False)] == [["ch01"], ["ch02"], ["ch10"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Title: Harbour\nAuthor: Fenn", "Title: Lighthouse\nAuthor: Fenn"),
        ("Harbour\nby Fenn", "Harbour\nby Odile"),
    ],
    ids=["title", "author"],
)
def test_texts_that_state_another_title_or_author_are_not_joined(tmp_path: Path, first: str, second: str) -> None:
    write(tmp_path, part1=f"{first}\n\n{prose('one')}", part2=f"{second}\n\n{prose('two')}")
    assert len(works(tmp_path)) == 2


def test_numbers_alone_join_only_what_says_more(tmp_path: Path) -> None:
    write(tmp_path / "apart", story_1=prose("one"), story_2=prose("two"))
    write(
        tmp_path / "titled",
        tide1=f"Title: Low Tide\nAuthor: Fenn\n\n{prose('one')}",
        tide2=f"Title: Low Tide\nAuthor: Fenn\n\n{prose('two')}",
    )
    assert sorted(names(w) for w in works(tmp_path)) == [["story_1"], ["story_2"], ["tide1", "tide2"]]


def test_a_second_copy_from_a_browser_is_no_second_part(tmp_path: Path) -> None:
    text = f"Title: Low Tide\nAuthor: Fenn\n\n{prose('one')}\n{prose('more')}"
    write(tmp_path, **{"Low Tide (1)": text, "Low Tide (2)": text + "\nA line was added.\n"})
    assert len(works(tmp_path)) == 2


def test_prologue_and_epilogue_stand_around_the_chapters(tmp_path: Path) -> None:
    write(
        tmp_path,
        Epilogue=f"Epilogue\n\n{prose('late')}",
        Prologue=f"HARBOUR\nby Fenn\n\nPrologue\n\n{prose('early')}",
        chapter1=f"Chapter 1\n\n{prose('one')}",
        chapter2=f"Chapter 2\n\n{prose('two')}",
    )
    (one,) = works(tmp_path)
    assert names(one) == ["Prologue", "chapter1", "chapter2", "Epilogue"]


def test_members_of_an_archive_are_joined_as_files_are(tmp_path: Path) -> None:
    chapters(tmp_path / "tale")
    with zipfile.ZipFile(tmp_path / "tale.zip", "w") as archive:
        for name in ("ch01", "ch02"):
            archive.write(tmp_path / "tale" / f"{name}.txt", f"tale/{name}.txt")
        archive.writestr("other.txt", f"Lighthouse\nby Odile\n\n{prose('other')}")
    found = [item for item in extract_paths([tmp_path / "tale.zip"]) if isinstance(item, Extracted)]
    assert sorted(len(w.work.parts) for w in found) == [1, 2]


POST = (
    "From fenn@example.org Mon Feb  8 22:14:09 1999\nFrom: fenn@example.org (Fenn)\nSubject: {subject}\n"
    "Date: Mon, 08 Feb 1999 22:14:09 GMT\n\n{text}\n\n"
)


def test_posts_of_a_mailbox_are_joined_by_their_subjects(tmp_path: Path) -> None:
    posts = [("FIC: Harbour (2/2) [PG]", "two"), ("FIC: Lighthouse (1/1)", "lone"), ("FIC: Harbour (1/2) [PG]", "one")]
    box = "".join(POST.format(subject=s, text=prose(word)) for s, word in posts)
    (tmp_path / "list.mbox").write_text(box, encoding="utf-8")
    found = {w.work.title: w for w in works(tmp_path)}
    assert {title: len(w.work.parts) for title, w in found.items()} == {"Harbour": 2, "Lighthouse": 1}
    assert [part.rpartition("#")[2] for part in found["Harbour"].work.parts] == ["3", "1"]


@pytest.mark.parametrize("name", ["{word}", "msg{n:04}"])
@pytest.mark.parametrize("others", [3, 60])
def test_posts_saved_one_a_file_are_joined_by_their_subjects(tmp_path: Path, name: str, others: int) -> None:
    posts = [("Re: FIC: Harbour (2/2)", "salt"), ("FIC: Moor (1/2)", "peat"), ("FIC: Harbour (1/2)", "brine")]
    posts += [("FIC: Moor (2/2)", "bog"), *((f"FIC: Lamp {'x' * n}", f"wick{'x' * n}") for n in range(others))]
    for n, (subject, word) in enumerate(posts):
        text = f"From: fenn@example.org (Fenn)\nSubject: {subject}\n\n{prose(word)}"
        write(tmp_path, **{name.format(n=n, word=word): text})
    found = {tuple(Path(part).stem for part in w.work.parts) for w in works(tmp_path) if len(w.work.parts) > 1}
    harbour, moor = ((2, "brine"), (0, "salt")), ((1, "peat"), (3, "bog"))
    assert found == {tuple(name.format(n=n, word=word) for n, word in parts) for parts in (harbour, moor)}


def test_a_note_before_the_rule_of_a_later_post_is_that_chapters(tmp_path: Path) -> None:
    write(
        tmp_path,
        tide_1of2=f"From: fenn@example.org (Fenn)\nSubject: Tide (1/2)\n\n* * *\n\n{prose('one')}",
        tide_2of2=f"From: fenn@example.org (Fenn)\nSubject: Tide (2/2)\n\nSorry for the wait, my modem died! "
        f"Disclaimer in part 1.\n\n* * *\n\n{prose('two')}\nTHE END\n\nComments are welcome.\n-- \nFenn, at sea\n",
    )
    (one,) = works(tmp_path)
    assert [(n.position, n.chapter, n.text.split()[0]) for n in one.work.notes] == [
        ("chapter_start", 2, "Sorry"),
        ("end", None, "Comments"),
    ]


def test_pages_of_one_site_are_joined_by_their_chapters(tmp_path: Path) -> None:
    page = (
        '<html><body><div id="outer"><div id="inner"><div id="main" class="region"><dl class="work meta group">'
        '<dt>Chapters:</dt><dd class="chapters">2/2</dd></dl><h2 class="title heading">Harbour</h2>'
        '<h3 class="byline heading"><a rel="author" href="/users/fenn">Fenn</a></h3>'
        '<ul><li class="chapter entire"><a href="/works/77?view_full_work=true">Entire Work</a></li></ul>'
        '<div id="chapters"><div class="chapter" id="chapter-{n}"><h3 class="title"><a href="/works/77/chapters/{n}">'
        'Chapter {n}</a></h3><div class="userstuff module" role="article"><p>{text}</p></div></div></div>'
        "</div></div></div></body></html>"
    )
    for n, word, name in ((2, "second", "a"), (1, "first", "zz")):
        (tmp_path / f"{name}.html").write_text(page.format(n=n, text=prose(word)), encoding="utf-8")
    (one,) = works(tmp_path)
    assert (one.work.site_id, names(one)) == ("ao3:77", ["zz", "a"])
