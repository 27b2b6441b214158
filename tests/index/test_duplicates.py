"""Works that are there twice: found for the right reason, kept apart where the owner says so."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ficdex.errors import NoSuchWork
from ficdex.index import signatures
from ficdex.index.catalog import Catalog
from ficdex.index.corrections import parse
from ficdex.index.duplicates import Group
from ficdex.model import Block, Document, Source, Span, Work
from ficdex.text import count_words


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as opened:
        yield opened


def story(seed: int, words: int = 600) -> str:
    """A story of its own words."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 8))) for _ in range(2000)]
    return " ".join(chance.choices(vocabulary, k=words))


def edited(text: str, every: int) -> str:
    return " ".join("other" if n % every == 0 else word for n, word in enumerate(text.split(), 1))


def put(catalog: Catalog, text: str, sha256: str = "", media_type: str = "text/plain", **values: Any) -> int:
    uri = f"/shelf/{catalog.last_seq()}.txt"
    document = Document(
        Source(uri, media_type, sha256 or uri, len(text), origin=uri), text, (Block(Span(0, len(text))),)
    )
    work = Work(document.source, (uri,), **{"title": uri, "words": count_words(text), "extractor": "1", **values})
    return catalog.store(work, document).id


def found(catalog: Catalog, threshold: float = 0.8) -> list[tuple[str, tuple[int, ...]]]:
    return [(group.kind, group.ids) for group in catalog.duplicates(threshold)]


def only(catalog: Catalog) -> Group:
    (group,) = catalog.duplicates(0.8)
    return group


def test_different_stories_are_no_duplicates(catalog: Catalog) -> None:
    for seed in range(12):
        put(catalog, story(seed))
    assert found(catalog) == []


def test_the_same_bytes_are_found(catalog: Catalog) -> None:
    a, b = (put(catalog, story(1), sha256="aa") for _ in range(2))
    assert only(catalog) == Group("same bytes", 1.0, (a, b), "was here first")


def test_works_of_one_file_are_not_the_same_bytes(catalog: Catalog) -> None:
    put(catalog, story(1), sha256="aa")
    put(catalog, story(2), sha256="aa")
    assert found(catalog) == []


def test_case_white_space_quotes_and_punctuation_make_no_difference(catalog: Catalog) -> None:
    text = story(1) + " she didn't say 'no'"
    put(catalog, text)
    put(catalog, text.upper().replace(" ", "\n\n").replace("'", "’") + "!")
    assert [kind for kind, _ in found(catalog)] == ["same text"]


def test_another_header_makes_no_difference(catalog: Catalog) -> None:
    put(catalog, f"Title: Low Tide\nAuthor: Fenn\n\n{story(1)}")
    put(catalog, f"{story(7, 80)}\n\n{story(1)}\n\nThe End. Feedback welcome.")
    assert [kind for kind, _ in found(catalog)] == ["same text"]


def test_a_shared_disclaimer_makes_no_duplicates(catalog: Catalog) -> None:
    for seed in (1, 2):
        put(catalog, f"{story(7, 120)}\n\n{story(seed, 60)}")
    assert found(catalog) == []


def test_a_few_changed_words_make_a_near_duplicate_with_its_true_likeness(catalog: Catalog) -> None:
    text = story(1, 1000)
    put(catalog, text)
    put(catalog, edited(text, 60))
    group = only(catalog)
    a, b = (signatures.compared(t).shingles for t in (text, edited(text, 60)))
    assert (group.kind, group.likeness) == ("near-duplicate", len(a & b) / len(a | b))


def test_the_threshold_says_how_alike(catalog: Catalog) -> None:
    text = story(1, 1000)
    put(catalog, text)
    put(catalog, edited(text, 30))
    assert found(catalog) == []
    assert [kind for kind, _ in found(catalog, 0.6)] == ["near-duplicate"]


def test_a_story_inside_an_anthology_is_part_of_it(catalog: Catalog) -> None:
    part = put(catalog, story(1, 1500))
    whole = put(catalog, "\n\n".join(story(seed, 1500) for seed in (2, 1, 3, 4)))
    other = put(catalog, story(3, 1500))
    assert found(catalog) == [("part of", (whole, part, other))]


def test_a_first_chapter_of_the_same_title_and_author_is_an_older_edition(catalog: Catalog) -> None:
    named = {"title": "Low Tide", "authors": ("Fenn",)}
    put(catalog, story(1, 1000), **named)
    put(catalog, story(1, 1000) + story(2, 3000), **named)
    group = only(catalog)
    assert (group.kind, group.ids, group.reason) == ("same title and author", (2, 1), "has more text")


def test_the_same_title_and_author_alone_are_no_reason(catalog: Catalog) -> None:
    for seed in (1, 2):
        put(catalog, story(seed), title="Low Tide", authors=("Fenn",))
    assert found(catalog) == []


@pytest.mark.parametrize("page", [{"site_id": "ao3:12"}, {"url": "https://archive.example/12"}])
def test_one_page_is_one_work_whatever_its_text(catalog: Catalog, page: dict[str, str]) -> None:
    for seed in (1, 2):
        put(catalog, story(seed), **page)
    assert [kind for kind, _ in found(catalog)] == ["same page"]


def test_stubs_are_not_alike_by_their_text(catalog: Catalog) -> None:
    for _ in range(2):
        put(catalog, "The story is gone.")
    assert found(catalog) == []


def test_chinese_is_compared_by_character(catalog: Catalog) -> None:
    text = "".join(random.Random(1).choices([chr(c) for c in range(0x4E00, 0x5200)], k=400))
    put(catalog, text)
    put(catalog, text[:200] + "海" + text[201:] + "。")
    assert [kind for kind, _ in found(catalog)] == ["near-duplicate"]


def test_many_copies_are_one_group(catalog: Catalog) -> None:
    ids = {put(catalog, story(1)) for _ in range(40)}
    assert set(only(catalog).ids) == ids


def test_a_group_is_as_sure_as_its_weakest_tie(catalog: Catalog) -> None:
    text = story(1, 1000)
    for copy in (text, text, edited(text, 60)):
        put(catalog, copy, sha256=str(len(copy)))
    assert only(catalog).kind == "near-duplicate"


# signatures


def test_hashes_stay_what_they_are_or_maker_is_raised() -> None:
    assert signatures.compared("One two three four five.").shingles == {10741600079444730162}


def test_signatures_of_another_maker_are_made_anew(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    put(catalog, story(1))
    catalog.duplicates(0.8)
    monkeypatch.setattr(signatures, "MAKER", signatures.MAKER + 1)
    assert catalog.unsigned() == 1


def test_a_second_run_reads_nothing_again(catalog: Catalog) -> None:
    for seed in (1, 1, 2):
        put(catalog, story(seed))
    done: list[int] = []
    catalog.duplicates(0.8, done.append)
    catalog.duplicates(0.8, done.append)
    assert (done, catalog.unsigned()) == ([3], 0)


def test_a_changed_text_is_read_and_compared_again(catalog: Catalog) -> None:
    put(catalog, story(1, 1000))
    uri = "/shelf/a.txt"
    for text, kinds in ((edited(story(1, 1000), 60), ["near-duplicate"]), (story(2), [])):
        document = Document(Source(uri, "text/plain", "1f", len(text), origin=uri), text, (Block(Span(0, len(text))),))
        catalog.store(Work(document.source, (uri,), title="Low Tide", extractor="1"), document)
        assert [kind for kind, _ in found(catalog)] == kinds


def test_a_removed_work_leaves_nothing(catalog: Catalog) -> None:
    a, b = put(catalog, story(1, 1000)), put(catalog, edited(story(1, 1000), 60))
    catalog.duplicates(0.8)
    catalog.link([a, b])
    catalog.remove(a)
    left = [catalog.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("signatures", "compared")]
    assert (left, catalog.editions(b), found(catalog)) == ([1, 0], [], [])


# which to keep


@pytest.mark.parametrize(
    ("better", "reason"),
    [
        ({"words": 9000}, "has more text"),
        ({"updated": "2020-02-03"}, "is newer"),
        ({"media_type": "application/epub+zip"}, "comes in a richer format"),
        ({"media_type": "text/html", "site_id": "ao3:1"}, "comes in a richer format"),
        ({"summary": "A tide goes out."}, "has more fields"),
    ],
)
def test_the_better_one_is_kept_and_the_reason_said(catalog: Catalog, better: dict[str, Any], reason: str) -> None:
    put(catalog, story(1))
    put(catalog, story(1), **better)
    group = only(catalog)
    assert (group.ids, group.reason) == ((2, 1), reason)


def test_what_the_owner_corrected_is_kept(catalog: Catalog) -> None:
    put(catalog, story(1))
    put(catalog, story(1))
    catalog.correct(2, [parse("rating=PG")])
    assert (only(catalog).ids, only(catalog).reason) == ((2, 1), "has your corrections")


def test_a_work_whose_file_is_gone_is_not_kept(catalog: Catalog) -> None:
    put(catalog, story(1))
    put(catalog, story(1))
    catalog.mark_missing(["/shelf/0.txt"])
    assert (only(catalog).ids, only(catalog).reason) == ((2, 1), "its file is there")


# the owner's word


def test_linked_works_are_editions_and_not_suggested_again(catalog: Catalog) -> None:
    put(catalog, story(1))
    put(catalog, story(1), media_type="application/epub+zip")
    catalog.link([1, 2])
    assert (found(catalog), catalog.editions(1)) == ([], [(2, "EPUB")])


def test_a_further_copy_of_editions_is_suggested_with_them(catalog: Catalog) -> None:
    for _ in range(3):
        put(catalog, story(1))
    catalog.link([1, 2])
    assert found(catalog) == [("same text", (1, 2, 3))]


def test_linking_joins_editions(catalog: Catalog) -> None:
    for seed in range(4):
        put(catalog, story(seed))
    for pair in ([1, 2], [3, 4], [2, 3]):
        catalog.link(pair)
    assert [id_ for id_, _ in catalog.editions(1)] == [2, 3, 4]


def test_unlinking_takes_one_out_and_the_last_two_apart(catalog: Catalog) -> None:
    for _ in range(3):
        put(catalog, story(1))
    catalog.link([1, 2, 3])
    assert [catalog.unlink(1), catalog.unlink(1)] == [True, False]
    assert (catalog.editions(1), catalog.editions(2)) == ([], [(3, "TXT")])
    catalog.unlink(2)
    assert catalog.editions(3) == []


def test_a_work_that_left_its_editions_can_found_others(catalog: Catalog) -> None:
    for seed in range(4):
        put(catalog, story(seed))
    catalog.link([1, 2, 3])
    catalog.unlink(1)
    catalog.link([1, 4])
    assert ([i for i, _ in catalog.editions(1)], [i for i, _ in catalog.editions(2)]) == ([4], [3])


def test_dismissed_works_are_not_suggested_again_until_linked(catalog: Catalog) -> None:
    for _ in range(2):
        put(catalog, story(1))
    catalog.dismiss([2, 1])
    assert found(catalog) == []
    catalog.link([1, 2])
    catalog.unlink(1)
    assert found(catalog) == [("same text", (1, 2))]


def test_two_works_that_are_none_do_not_meet_through_a_third(catalog: Catalog) -> None:
    for _ in range(3):
        put(catalog, story(1))
    catalog.dismiss([1, 2])
    assert found(catalog) == [("same text", (1, 3))]


def test_a_dismissed_part_is_not_suggested_again(catalog: Catalog) -> None:
    put(catalog, story(1, 1500))
    put(catalog, story(1, 1500) + " " + story(2, 4000))
    catalog.dismiss([1, 2])
    assert found(catalog) == []


def test_only_works_of_the_catalogue_are_linked(catalog: Catalog) -> None:
    put(catalog, story(1))
    for settle in (catalog.link, catalog.dismiss):
        with pytest.raises(NoSuchWork, match="99"):
            settle([1, 99])
    assert catalog.editions(1) == []
