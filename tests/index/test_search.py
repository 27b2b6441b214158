"""What a catalogue's search finds, in which order, and how its index keeps in step and mends itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ficdex.errors import QueryError, SearchIndexError
from ficdex.index.catalog import Catalog
from ficdex.index.embedded import Embedded
from ficdex.index.search import SearchIndex
from ficdex.model import Block, Chapters, Character, Credit, Document, Note, Series, Source, Span, Work


def put(catalog: Catalog, name: str, text: str = "", **values: Any) -> int:
    source = Source(f"/shelf/{name}", "text/plain", name, len(text))
    text = text or f"Nothing happens in {name}."
    document = Document(source, text, (Block(Span(0, len(text))),))
    return catalog.store(Work(source, (source.uri,), **values), document).id


def kettle(catalog: Catalog) -> int:
    return put(
        catalog,
        "kettle.txt",
        "Willow filled the kettle. “Don’t you dare,” said Tara Maclay, leaning on the refrigerator.",
        title="A Kettle for Two Sinners",
        authors=("Mina Oakes", "João Sá"),
        fandoms=("Buffy the Vampire Slayer",),
        characters=(Character("Willow Rosenberg", ("Red", "Will"), "main"), Character("Tara Maclay")),
        relationships=("Spike/Willow Rosenberg",),
        notes=(Note("Hugs to Petra, who keeps feeding my vanity.", "start"), Note("More running soon.", "end")),
        betas=(Credit("Petra"), Credit("Odd Ludwig", "brit-picker")),
        beta_status="credited",
        tags=("Hurt/Comfort",),
        rating="PG-13",
        rating_level="teen",
        status="complete",
        language="en-GB",
        words=12_000,
        chapters=Chapters(3, 5),
        published="2003-05-17",
        series=(Series("Household Goods", 2),),
    )


def clef(catalog: Catalog) -> int:
    return put(
        catalog,
        "clef.txt",
        "The refrigerators hummed. 魔法少女 slept beneath the willow tree.",
        title="Clef",
        authors=("Joan",),
        summary="He was running away from the café.",
        words=300,
        published="2003",
    )


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.db", create=True, write=True) as catalog:
        yield catalog


@pytest.fixture
def shelf(catalog: Catalog) -> SearchIndex:
    """Two works, each in a segment of its own."""
    for add in (kettle, clef):
        add(catalog)
        SearchIndex.open(catalog).catch_up()
    return SearchIndex.open(catalog)


KETTLE, CLEF = 1, 2


@pytest.mark.parametrize(
    ("query", "ids"),
    {
        "beta:petra": [KETTLE],
        'note:"feeding my vanity"': [KETTLE],
        'note:"my feeding vanity"': [],
        'note:"feeding vanity"~1': [KETTLE],
        'note:"vanity more"': [],
        "text:refrigerator character:tara": [KETTLE],
        "character:red": [KETTLE],
        'character:="willow rosenberg"': [KETTLE],
        "character:=willow": [],
        "author:joao": [KETTLE],
        "AUTHOR:JOÃO": [KETTLE],
        "sinner": [KETTLE],
        "run": [KETTLE, CLEF],
        "cafe": [CLEF],
        "character:reds": [],
        "willow": [KETTLE, CLEF],
        "willow tara": [KETTLE],
        "tara OR joan": [KETTLE, CLEF],
        "willow -tara": [CLEF],
        "NOT tara": [CLEF],
        "willow NOT (tara OR joan)": [],
        "willow -text:tree": [KETTLE],
        "-text:tree -beta:nobody": [KETTLE],
        "refrig*": [KETTLE, CLEF],
        "summary:runn*": [CLEF],
        "brit-pick*": [],
        "refr?gerat*": [KETTLE, CLEF],
        "title:k*tle": [KETTLE],
        "text:refridgerator~2": [KETTLE, CLEF],
        "text:*ettle": [KETTLE],
        "beta:odd": [],
        "credit:odd": [KETTLE],
        "brit-picker:odd": [KETTLE],
        'brit-picker:"odd ludwig"': [KETTLE],
        "editor:odd": [],
        "brit-picker:*": [KETTLE],
        "editor:*": [],
        "main:willow": [KETTLE],
        "main:tara": [],
        "on-stage:tara": [KETTLE],
        "mentioned:tara": [],
        'main:="willow rosenberg"': [KETTLE],
        "main:wil*": [KETTLE],
        "mentioned:*": [],
        "character:wills": [KETTLE],
        'character:"the redhead"': [KETTLE],
        "main:wills": [KETTLE],
        "mentioned:wills": [],
        "wills": [KETTLE],
        "redhead": [],
        "fandom:btvs": [KETTLE],
        "btvs": [KETTLE],
        "relationship:spike/willow": [KETTLE],
        'ship:"Willow Rosenberg & Spike"': [KETTLE],
        'ship:"willow x spike"': [KETTLE],
        'ship:"willow/tara"': [],
        'ship:"willow/willow"': [],
        'ship:"wills/william the bloody"': [KETTLE],
        "ship:willow": [KETTLE],
        'ship:="willow rosenberg/spike"': [KETTLE],
        'ship:="willow/spike"': [],
        'ship:"willow spike"~3': [],
        "crossover:yes": [],
        "crossover:no": [KETTLE, CLEF],
        "status:wip": [],
        "status:finished": [KETTLE],
        'rating:"teen and up"': [KETTLE],
        "language:english": [KETTLE],
        "added:<2 days": [KETTLE, CLEF],
        "added:>2 days": [],
        "published:>10 years ago": [KETTLE, CLEF],
        "published:<1 week": [],
        "*": [KETTLE, CLEF],
        "petar~2": [KETTLE],
        "beta:petrra~": [KETTLE],
        "魔法": [CLEF],
        "don't": [KETTLE],
        "don’t": [KETTLE],
        "relationship:willow/spike": [KETTLE],
        "tag:hurt/comfort": [KETTLE],
        "words:>10k": [KETTLE],
        "words:300": [CLEF],
        "chapters:3": [KETTLE],
        "published:2003": [KETTLE, CLEF],
        "published:2003-05": [KETTLE],
        "published:>2003-04": [KETTLE],
        "updated:<2020": [],
        "beta:*": [KETTLE],
        "-beta:*": [CLEF],
        "text:*": [KETTLE, CLEF],
        "rating:teen": [KETTLE],
        "rating:pg-13": [KETTLE],
        "language:en": [KETTLE],
        "status:complete": [KETTLE],
        'series:"household goods"': [KETTLE],
        "source:clef": [CLEF],
        "id:2": [CLEF],
        "id:99": [],
    }.items(),
)
def test_a_query_finds_the_works_it_means(shelf: SearchIndex, query: str, ids: list[int]) -> None:
    assert list(shelf.ids(query)) == ids
    assert shelf.find(query).total == len(ids)


def test_a_name_is_not_widened_where_the_fandom_is_another(catalog: Catalog) -> None:
    firefly = put(catalog, "a", fandoms=("Firefly",), characters=(Character("Willow Rosenberg"),))
    index = SearchIndex.open(catalog)
    assert (list(index.ids("character:wills")), list(index.ids("character:willow"))) == ([], [firefly])


def test_what_a_new_gazetteer_knows_is_taken_up(catalog: Catalog) -> None:
    kettle(catalog)
    catalog.db.execute("DELETE FROM aliases")
    index = SearchIndex.open(catalog)
    assert list(index.ids("character:wills")) == []
    catalog.learn_aliases()
    assert list(index.ids("character:wills")) == [KETTLE]


def test_a_fandom_that_no_work_has_any_more_takes_its_aliases_along(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "one.db", create=True, write=True) as catalog:
        catalog.remove(kettle(catalog))
    with Catalog.open(tmp_path / "one.db") as catalog:
        assert catalog.db.execute("SELECT count(*) FROM aliases").fetchone() == (0,)


def test_a_pairing_by_its_name_is_both_people_of_one_relationship(catalog: Catalog) -> None:
    buffy, other = "Buffy the Vampire Slayer", ("Buffy Summers/Angel", "Spike/Drusilla")
    found = put(catalog, "a", fandoms=(buffy,), relationships=("Buffy Summers/Spike",))
    put(catalog, "b", fandoms=(buffy,), relationships=other)
    index = SearchIndex.open(catalog)
    assert [list(index.ids(q)) for q in ("ship:spuffy", "spuffy", 'ship:"buffy/spike"')] == [[found]] * 3


def test_what_a_name_was_taken_for_is_said(shelf: SearchIndex) -> None:
    hits = shelf.find("character:red OR fandom:btvs")
    assert [(w.word, w.name) for w in hits.widened] == [
        ("red", "Willow Rosenberg"), ("btvs", "Buffy the Vampire Slayer"),
    ]  # fmt: skip


def test_who_is_asked_for_by_name_ranks_above_who_is_called_so(catalog: Catalog) -> None:
    alias = put(catalog, "a", fandoms=("Buffy the Vampire Slayer",), characters=(Character("Dawn Summers"),))
    named = put(catalog, "b", fandoms=("Buffy the Vampire Slayer",), characters=(Character("Niblet"),))
    assert [hit.id for hit in SearchIndex.open(catalog).find("character:niblet").hits] == [named, alias]


def test_fields_of_the_catalogue_rank_above_the_story(shelf: SearchIndex) -> None:
    assert [hit.id for hit in shelf.find("willow").hits] == [KETTLE, CLEF]


def test_a_whole_title_ranks_above_one_that_holds_it(catalog: Catalog) -> None:
    longer = put(catalog, "a", title="The Winter Garden of Ice")
    whole = put(catalog, "b", title="Winter Garden")
    index = SearchIndex.open(catalog)
    index.catch_up()
    assert [hit.id for hit in index.find("winter garden").hits] == [whole, longer]


def test_hits_come_in_pages_and_their_number_is_exact(catalog: Catalog) -> None:
    ids = [put(catalog, f"{n}.txt", title=f"Lamp {9 - n}", words=n) for n in range(9)]
    index = SearchIndex.open(catalog)
    index.catch_up()
    page = index.find("lamp", limit=3, offset=2, sort="title")
    assert (page.total, [hit.id for hit in page.hits]) == (9, [ids[6], ids[5], ids[4]])


@pytest.mark.parametrize(
    ("sort", "ids"),
    {"title": [1, 2], "author": [2, 1], "words": [1, 2], "updated": [1, 2], "added": [2, 1]}.items(),
)
def test_hits_can_be_sorted(shelf: SearchIndex, sort: str, ids: list[int]) -> None:
    assert [hit.id for hit in shelf.find("text:*", sort=sort).hits] == ids


def test_an_unknown_order_is_refused(shelf: SearchIndex) -> None:
    with pytest.raises(SearchIndexError, match="right would be score"):
        shelf.find("willow", sort="beauty")


def test_hits_show_where_the_words_stand(shelf: SearchIndex) -> None:
    (hit,) = shelf.find('note:"feeding my vanity" text:kettle').hits
    shown = {s.field: [s.text[a:b] for a, b in s.marks] for s in hit.snippets}
    assert shown == {"notes": ["feeding my vanity"], "text": ["kettle"]}


def test_a_hit_shows_whom_an_alias_meant(shelf: SearchIndex) -> None:
    (hit,) = shelf.find("character:wills").hits
    assert [(s.field, [s.text[a:b] for a, b in s.marks]) for s in hit.snippets] == [
        ("characters", ["Willow Rosenberg"])
    ]


def test_a_changed_work_is_found_by_its_new_words_only(catalog: Catalog, shelf: SearchIndex) -> None:
    put(catalog, "clef.txt", "All new.", title="Treble")
    assert shelf.catch_up() == 1
    assert (list(shelf.ids("clef -source:clef")), list(shelf.ids("title:treble"))) == ([], [CLEF])
    assert list(shelf.ids("text:*")) == [KETTLE, CLEF]


def test_a_removed_work_is_not_found(catalog: Catalog, shelf: SearchIndex) -> None:
    catalog.remove(KETTLE)
    assert shelf.catch_up() == 1
    assert [list(shelf.ids(q)) for q in ("willow", "words:>0", "-nothing", "title:*")] == [[CLEF]] * 4


def test_catching_up_twice_does_nothing(shelf: SearchIndex) -> None:
    assert shelf.catch_up() == 0


def test_many_small_changes_stay_right_across_segments(catalog: Catalog) -> None:
    index = SearchIndex.open(catalog)
    for n in range(12):
        put(catalog, f"{n}.txt", f"The kettle number {n}.", title=f"Lamp {n}", words=n)
        put(catalog, "same.txt", f"The kettle, take {n}.", title=f"Draft {n}")
        index.catch_up()
    assert index.find("text:kettle").total == 13
    assert index.find("draft").total == 1
    assert index.find("title:lamp -words:>5 text:kettle").total == 6


def test_an_empty_catalogue_has_no_hits(catalog: Catalog) -> None:
    assert SearchIndex.open(catalog).find("willow").total == 0


def folder(index: SearchIndex) -> Path:
    assert isinstance(index.engine, Embedded)
    return index.engine.folder.path


def test_what_an_interrupted_command_left_behind_is_found(catalog: Catalog, shelf: SearchIndex) -> None:
    put(catalog, "third.txt", title="Third")
    assert SearchIndex.open(catalog).find("third").total == 1


def test_a_missing_index_is_built_by_the_search(catalog: Catalog) -> None:
    kettle(catalog)
    assert SearchIndex.open(catalog).find("willow").total == 1


@pytest.mark.parametrize("kept", [0, 20, 200])
def test_a_damaged_index_is_rebuilt(catalog: Catalog, shelf: SearchIndex, kept: int) -> None:
    for path in folder(shelf).iterdir():
        if path.suffix != ".json":
            path.write_bytes(path.read_bytes()[:kept])
    assert list(SearchIndex.open(catalog).ids("willow")) == [KETTLE, CLEF]


def test_a_damaged_index_is_rebuilt_while_catching_up(catalog: Catalog, shelf: SearchIndex) -> None:
    for path in folder(shelf).glob("*.toc"):
        path.write_bytes(b"nonsense")
    put(catalog, "third.txt", title="Third")
    assert SearchIndex.open(catalog).catch_up() == 3


@pytest.mark.parametrize("stamp", ['{"schema": 0, "catalog": "/x", "seq": 1}', "{", "[]", '{"seq": 1}'])
def test_an_index_of_another_version_or_catalogue_is_rebuilt(catalog: Catalog, shelf: SearchIndex, stamp: str) -> None:
    (folder(shelf) / "ficdex.json").write_text(stamp)
    assert SearchIndex.open(catalog).catch_up() == 2


def test_an_index_ahead_of_its_catalogue_is_rebuilt(catalog: Catalog, shelf: SearchIndex) -> None:
    catalog.db.execute("UPDATE meta SET value = 1 WHERE key = 'seq'")
    assert SearchIndex.open(catalog).catch_up() == 2


def test_the_index_is_closed_to_others(shelf: SearchIndex) -> None:
    assert folder(shelf).stat().st_mode & 0o777 == 0o700


def test_an_index_that_others_could_have_written_is_not_opened(catalog: Catalog, shelf: SearchIndex) -> None:
    folder(shelf).chmod(0o777)
    assert SearchIndex.open(catalog).catch_up() == 2
    assert folder(shelf).stat().st_mode & 0o777 == 0o700


def test_a_link_to_another_index_is_replaced(catalog: Catalog, shelf: SearchIndex, tmp_path: Path) -> None:
    folder(shelf).rename(tmp_path / "elsewhere")
    folder(shelf).symlink_to(tmp_path / "elsewhere")
    assert SearchIndex.open(catalog).catch_up() == 2
    assert not folder(shelf).is_symlink()
    assert (tmp_path / "elsewhere").is_dir()


def test_no_place_for_the_index_says_what_to_do(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(SearchIndexError, match="XDG_CACHE_HOME"):
        SearchIndex.open(catalog)


def test_while_another_process_writes_the_index_search_goes_on(catalog: Catalog, shelf: SearchIndex) -> None:
    put(catalog, "third.txt", title="Third")
    with shelf.engine.folder.locked() as mine:
        assert mine
        other = SearchIndex.open(catalog)
        assert (other.catch_up(), other.find("willow").total) == (0, 2)
        with pytest.raises(SearchIndexError, match="another run"):
            other.rebuild()


def test_an_interrupted_rebuild_leaves_the_old_index(
    catalog: Catalog, shelf: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shelf.engine, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shelf.rebuild()
    assert SearchIndex.open(catalog).find("willow").total == 2


def test_a_relationship_of_many_has_a_place_for_each(catalog: Catalog) -> None:
    crowd = "/".join(f"Ada {n}" for n in range(40))
    id_ = put(catalog, "crowd", relationships=("Ada/Ben", crowd, "Ben/Cal"))
    index = SearchIndex.open(catalog)
    assert list(index.ids('ship:"ada 3/ada 2/ada 39"')) == [id_]
    assert list(index.ids("ship:ada/cal")) == []
    assert list(index.ids("ship:ben/cal")) == [id_]


def test_a_query_that_takes_too_long_is_ended(shelf: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ficdex.index.search_leaves.LONGEST", -1.0)
    for query in ("title:kettle", "text:k?ttle", "ship:spike/willow"):
        with pytest.raises(QueryError, match="two seconds"):
            shelf.find(query)


def test_a_beginning_that_stands_for_too_many_words_is_cut_and_says_so(catalog: Catalog) -> None:
    put(catalog, "many", title=" ".join(f"word{n:05}" for n in range(2_000)))
    index = SearchIndex.open(catalog)
    index.catch_up()
    started = time.monotonic()
    assert index.find("title:w*").cut == ("w",)
    assert time.monotonic() - started < 2


PIECES = st.sampled_from([
    "willow", "tara", "-", "(", ")", '"', "*", "~", "OR ", "NOT ", " ", "title:", "words:", "text:", "note:",
    "published:", ">", "10k", "2003-05", "é", "’", "魔", "\x00", "/", "=", "a", "id:", "?", "ship:", "added:", "months",
    "main:", "brit-picker:", "@", "crossover:", "yes",
])  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(query=st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)))
def test_nothing_that_is_typed_raises_anything_but_a_query_error(shelf: SearchIndex, query: str) -> None:
    try:
        found = shelf.find(query)
    except QueryError:
        return
    assert found.total == len(list(shelf.ids(query)))
