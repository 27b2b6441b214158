"""What our writer writes, Whoosh reads as if its own had written it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from ficdex.index import search_writer
from ficdex.index.search_layout import LAYOUT
from ficdex.index.search_writer import Writer

WORDS = ["moth", "moths", "ada", "zürich", "夜", "x" * 50, "red", "the"]
SHELF = st.lists(
    st.dictionaries(
        st.sampled_from(["title", "notes", "characters"]),
        st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), min_size=1, max_size=3),
        max_size=3,
    ),
    max_size=12,
)


def write(folder: Path, shelf: list[dict[str, list[str]]]) -> FileIndex:
    """A new index of the shelf's works, in one commit."""
    index = FileIndex.create(FileStorage(str(folder)), LAYOUT)
    add(index, shelf)
    return FileIndex(FileStorage(str(folder)), schema=LAYOUT)


def add(index: FileIndex, shelf: list[dict[str, list[str]]], first: int = 0) -> None:
    writer = Writer(index)
    for number, texts in enumerate(shelf, first):
        writer.add_document(**{key: [some] for key, some in texts.items()}, n_id=number, title_order=b"t%d" % number)
    writer.commit()


@contextmanager
def reading(index: FileIndex) -> Iterator[Any]:
    reader = index.reader()
    try:
        yield reader
    finally:
        reader.close()


def held(reader: Any) -> dict[tuple[str, str], list[tuple[int, list[int]]]]:
    """(field, term) -> (document, positions) of everything in an index."""
    found = {}
    for field, term in reader.all_terms():
        matcher, postings = reader.postings(field, term), []
        while matcher.is_active():
            postings.append((matcher.id(), matcher.value_as("positions")))
            matcher.next()
        found[field, term.decode()] = postings
    return found


def wanted(shelf: list[dict[str, list[str]]]) -> dict[tuple[str, str], list[tuple[int, list[int]]]]:
    found: dict[tuple[str, str], list[tuple[int, list[int]]]] = {}
    for number, texts in enumerate(shelf):
        for field, values in texts.items():
            kind = LAYOUT[field]
            for term, places in kind.postings([values]):
                found.setdefault((field, term), []).append((number, kind.format.decode_positions(places)))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shelf=SHELF, run=st.sampled_from([1, 2_000, 1 << 26]))
def test_whoosh_reads_every_posting_however_often_runs_went_to_disk(
    shelf: list[dict[str, list[str]]],
    run: int,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search_writer, "RUN", run)
    with reading(write(tmp_path_factory.mktemp("index"), shelf)) as reader:
        assert held(reader) == wanted(shelf)
        assert reader.doc_count_all() == len(shelf)


def test_a_term_of_many_works_is_read_across_its_blocks(tmp_path: Path) -> None:
    shelf = [{"title": ["moth"], "notes": ["moth " * (n % 7 + 1)]} for n in range(1_000)]
    with reading(write(tmp_path, shelf)) as reader:
        assert held(reader) == wanted(shelf)
        info = reader.term_info("title", b"moth")
        assert (info.doc_frequency(), info.min_id(), info.max_id()) == (1_000, 0, 999)
        matcher = reader.postings("title", "moth")
        matcher.skip_to(777)
        assert matcher.id() == 777


def test_a_segment_that_whoosh_merges_keeps_its_postings(tmp_path: Path) -> None:
    index = write(tmp_path, [{"title": ["red moth"]}, {"title": ["the red"]}])
    writer = Writer(index)
    writer.add_document(title=[["moth"]], n_id=2)
    writer.commit(optimize=True)
    with reading(FileIndex(FileStorage(str(tmp_path)), schema=LAYOUT)) as reader:
        ((segment, _),) = reader.leaf_readers()
        ids = segment.column_reader("n_id", translate=False).load()
        assert {term: {ids[n] for n, _ in posts} for (_, term), posts in held(reader).items()} == {
            "=moth": {2}, "=red moth": {0}, "=the red": {1}, "moth": {0, 2}, "red": {0, 1}, "the": {1},
        }  # fmt: skip


def test_columns_are_kept_beside_the_words(tmp_path: Path) -> None:
    with reading(write(tmp_path, [{"title": ["moth"]}, {}])) as reader:
        ((segment, _),) = reader.leaf_readers()
        assert list(segment.column_reader("n_id", translate=False).load()) == [0, 1]
        assert segment.column_reader("title_order", translate=False)[1] == b"t1"


def test_a_cancelled_commit_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = write(tmp_path, [{"title": ["moth"]}])
    before = set(tmp_path.iterdir())
    writer = Writer(index)
    writer.add_document(title=[["other"]], n_id=1)
    writer.cancel()
    with reading(FileIndex(FileStorage(str(tmp_path)), schema=LAYOUT)) as reader:
        assert reader.doc_count_all() == 1
    assert before <= set(tmp_path.iterdir())
