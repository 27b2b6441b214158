"""WARC: what a crawler fetched is read as if it were fetched just now; all but stories is passed over."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import HostileContent, NoStory, ReadError
from ficdex.model import Document

PROSE = "Willow put the kettle on and waited for the moths. Tara counted them, forty in all, and one was a leaf. " * 5
PAGE = f"<html><head><title>Moth Season</title></head><body><h1>Moth Season</h1><p>{PROSE}</p></body></html>".encode()
PLACE = "https://moths.example/fic/season.html"


def record(body: bytes, target: str = PLACE, kind: str = "response", media_type: str = "application/http") -> bytes:
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {target}\r\nWARC-Date: 2021-05-04T03:02:01Z\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def answer(body: bytes, media_type: str = "text/html", status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{more}\r\n".encode() + body


def read(data: bytes, name: str = "x.warc") -> list[Document | ReadError]:
    return list(documents(Blob(name, data, name)))


def one(data: bytes, name: str = "x.warc") -> Document:
    (found,) = read(data, name)
    assert isinstance(found, Document), found
    return found


def test_a_page_is_a_work_under_its_address() -> None:
    found = one(record(answer(PAGE)))
    assert found.source.uri == f"x.warc!/{PLACE}"
    assert found.source.retrieved == "2021-05-04T03:02:01Z"
    assert [e.value for e in found.declared if e.field == "url"] == [PLACE]
    assert "Willow put the kettle on" in found.text


def test_records_packed_one_by_one_or_all_together_are_read_alike() -> None:
    records = [record(answer(PAGE)), record(answer(PAGE), "https://moths.example/2")]
    for data in (b"".join(records), b"".join(map(gzip.compress, records)), gzip.compress(b"".join(records))):
        assert [type(found) for found in read(data)] == [Document, Document]


def test_what_the_answer_says_of_its_charset_counts() -> None:
    page = PAGE.replace(b"kettle", "чайник".encode("koi8-r"))
    assert "чайник" in one(record(answer(page, "text/html; charset=koi8-r"))).text


def test_bodies_packed_or_cut_for_the_way_are_put_together() -> None:
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (100, PAGE[:100], len(PAGE) - 100, PAGE[100:])
    packed = gzip.compress(PAGE)
    texts = [
        one(record(body)).text
        for body in (
            answer(PAGE),
            answer(chunks, more="Transfer-Encoding: chunked\r\n"),
            answer(packed, more="Content-Encoding: gzip\r\n"),
        )
    ]
    assert texts.count(texts[0]) == 3


@pytest.mark.parametrize(
    "passed_over",
    [
        record(answer(b"", status="302 Found", more="Location: /elsewhere\r\n")),
        record(answer(PAGE, status="404 Not Found")),
        record(answer(PAGE), kind="revisit"),
        record(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        record(b"software: x\r\n", kind="warcinfo", media_type="application/warc-fields"),
        record(answer(b"\x89PNG", "image/png")),
        record(answer(b"User-agent: *", "text/plain"), "https://moths.example/robots.txt"),
        record(b"moths.example. A 1.2.3.4", "dns:moths.example", media_type="text/dns"),
        record(PAGE, "http://[broken", "resource", "text/html"),
    ],
)
def test_all_but_answered_pages_is_passed_over(passed_over: bytes) -> None:
    assert one(passed_over + record(answer(PAGE))).source.uri == f"x.warc!/{PLACE}"


def test_resources_texts_and_books_are_read_too() -> None:
    found = read(
        record(PAGE, "https://moths.example/1", "resource", "text/html")
        + record(answer(PROSE.encode(), "text/plain"), "https://moths.example/2.txt")
        + record(answer(b"PK\x03\x04", "application/epub+zip"), "https://moths.example/3.epub")
    )
    assert [type(item) for item in found] == [Document, Document, ReadError]
    assert "https://moths.example/3.epub" in str(found[2])


@pytest.mark.parametrize(
    "said",
    [answer(b"<html><body><p>Sign my guestbook!</p></body></html>"), answer(b"ads.example, 7, DIRECT", "text/plain")],
)
def test_a_page_or_text_without_a_story_is_skipped_with_the_reason(said: bytes) -> None:
    (found,) = read(record(said))
    assert isinstance(found, NoStory)
    assert found.uri == f"x.warc!/{PLACE}"


def test_a_known_engine_s_page_gets_its_address_from_the_record() -> None:
    page = (
        '<html><body><div id="workskin"><dl class="work meta group"><dt>Rating:</dt><dd class="rating tags">'
        '<a class="tag" href="/tags/x/works">Teen And Up Audiences</a></dd></dl><h2 class="title heading">Moth</h2>'
        '<h3 class="byline heading"><a rel="author" href="/users/o">Odette</a></h3>'
        f'<div id="chapters"><div class="userstuff"><p>{PROSE}</p></div></div></div></body></html>'
    )
    found = one(record(answer(page.encode()), "https://archiveofourown.org/works/12?view_adult=true"))
    assert ("site_id", "ao3:12") in {(e.field, e.value) for e in found.declared}


def test_a_record_that_breaks_off_is_an_error_behind_those_before_it() -> None:
    first, second = record(answer(PAGE)), record(answer(PAGE), "https://moths.example/2")
    for data in (first + second[:-300], gzip.compress(first) + gzip.compress(second)[:-30]):
        before, error = read(data)
        assert isinstance(before, Document)
        assert type(error) is ReadError
        assert "x.warc" in str(error)
        assert "breaks off" in str(error)


def test_damaged_records_are_named_and_the_rest_is_read() -> None:
    found = read(
        record(b"no head at all", "https://moths.example/1")
        + record(answer(b"no gzip", more="Content-Encoding: gzip\r\n"), "https://moths.example/2")
        + record(answer(PAGE))
    )
    assert [type(item) for item in found] == [ReadError, ReadError, Document]
    assert [item.uri for item in found[:2] if isinstance(item, ReadError)] == [
        "x.warc!/https://moths.example/1",
        "x.warc!/https://moths.example/2",
    ]


def test_a_wrong_length_is_an_error_and_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = record(answer(PAGE)).replace(b"Content-Length: ", b"Content-Length: 9")
    assert all(isinstance(item, ReadError) for item in read(wrong + record(answer(PAGE))))
    short = record(answer(PAGE)).replace(f"Content-Length: {len(answer(PAGE))}".encode(), b"Content-Length: 70")
    read(short + record(answer(PAGE)))
    assert capsys.readouterr() == ("", "")


def test_a_header_or_a_chunk_without_end_is_refused() -> None:
    started = time.monotonic()
    endless = b"WARC/1.0\r\nWARC-Type: " + b"x" * (8 << 20)
    (error,) = read(endless)
    assert isinstance(error, HostileContent)
    (error,) = read(gzip.compress(b"WARC/1.0\r\n" + bytes(300 << 20)))
    assert isinstance(error, HostileContent)
    assert time.monotonic() - started < 20


def test_a_page_that_unpacks_to_a_bomb_is_refused() -> None:
    (error,) = read(record(answer(gzip.compress(bytes(90 << 20)), more="Content-Encoding: gzip\r\n")))
    assert isinstance(error, ReadError)
    assert PLACE in str(error)


@given(st.binary(min_size=1, max_size=30), st.integers(0, 1500))
@settings(max_examples=200, deadline=None)
def test_damage_anywhere_is_read_or_an_error(noise: bytes, at: int) -> None:
    whole = record(answer(PAGE)) + record(answer(PAGE), "https://moths.example/2")
    read(whole[:at] + noise + whole[at + len(noise) :])
