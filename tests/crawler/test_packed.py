"""Tar, gz, bz2 and xz: members are read in their turn, within bounds, up to the damage."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ficdex.crawler import bounds
from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import HostileContent, ReadError, UnsupportedFormat
from ficdex.model import Document

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
STORY = b"It rained on the moths, and nobody minded."


def read(data: bytes, name: str) -> list[Document | ReadError]:
    return list(documents(Blob(name, data, name)))


def uris(found: list[Document | ReadError]) -> list[str]:
    return [item.source.uri if isinstance(item, Document) else item.uri for item in found]


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, link
    return info


def tar(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def stories(*names: str, form: int = tarfile.PAX_FORMAT) -> bytes:
    return tar(*((entry(name, size=len(STORY)), STORY) for name in names), form=form)


def test_members_of_a_tar_are_named_after_it() -> None:
    found = read(stories("./a.txt", "sub/b.txt", "sub/.hidden.txt"), "x.tar")
    assert uris(found) == ["x.tar!/a.txt", "x.tar!/sub/b.txt"]
    assert all(isinstance(item, Document) for item in found)


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_long_names_and_those_of_other_scripts_are_read_in_every_dialect(form: int) -> None:
    names = [f"{'long-folder/' * 12}story.txt", "ночь/мотылёк.txt"]
    assert uris(read(stories(*names, form=form), "x.tar")) == [f"x.tar!/{name}" for name in names]


@pytest.mark.parametrize("kind", PACKERS)
def test_a_packed_tar_is_read_like_a_plain_one(kind: str) -> None:
    found = read(PACKERS[kind](stories("a.txt", "b.txt")), f"x.tar.{kind}")
    assert uris(found) == [f"x.tar.{kind}!/a.txt", f"x.tar.{kind}!/b.txt"]


@pytest.mark.parametrize("kind", PACKERS)
def test_a_packed_story_is_named_after_its_file(kind: str) -> None:
    assert uris(read(PACKERS[kind](STORY), f"moths.txt.{kind}")) == [f"moths.txt.{kind}!/moths.txt"]


@pytest.mark.parametrize("kind", PACKERS)
def test_streams_laid_end_to_end_are_one_story(kind: str) -> None:
    (found,) = read(PACKERS[kind](STORY) + PACKERS[kind](b" Then it stopped."), f"moths.txt.{kind}")
    assert isinstance(found, Document)
    assert found.text.strip() == (STORY + b" Then it stopped.").decode()


def test_padding_behind_a_gzip_stream_is_left_out() -> None:
    (found,) = read(gzip.compress(STORY) + bytes(1000), "moths.txt.gz")
    assert isinstance(found, Document)
    assert found.text.strip() == STORY.decode()


@pytest.mark.parametrize(
    ("info", "error", "said"),
    [
        (entry("a.txt", tarfile.SYMTYPE, link="/etc/passwd"), UnsupportedFormat, "a link to /etc/passwd"),
        (entry("a.txt", tarfile.LNKTYPE, link="good.txt"), UnsupportedFormat, "a link to good.txt"),
        (entry("a.txt", tarfile.FIFOTYPE), UnsupportedFormat, "device or pipe"),
        (entry("a.txt", tarfile.CHRTYPE), UnsupportedFormat, "device or pipe"),
        (entry("/etc/a.txt"), HostileContent, "leads out of the archive"),
        (entry("sub/../../a.txt"), HostileContent, "leads out of the archive"),
    ],
)
def test_links_devices_and_names_that_lead_out_are_refused_and_the_rest_is_read(
    info: tarfile.TarInfo, error: type[ReadError], said: str
) -> None:
    refused, good = read(tar((info, b""), (entry("good.txt", size=len(STORY)), STORY)), "x.tar")
    assert type(refused) is error
    assert said in str(refused)
    assert isinstance(good, Document)


@pytest.mark.parametrize("kind", ["", *PACKERS])
def test_a_truncated_archive_gives_the_members_before_the_damage(kind: str) -> None:
    noise = "".join(random.Random(1).choices("abcdefgh \n", k=2_000_000)).encode()  # two blocks of bz2
    whole = tar((entry("a.txt", size=len(STORY)), STORY), (entry("b.txt", size=len(noise)), noise))
    data = PACKERS[kind](whole) if kind else whole
    first, error = read(data[: len(data) * 9 // 10], "x.tar")
    assert isinstance(first, Document)
    assert type(error) is ReadError
    assert str(error).startswith("x.tar: a damaged archive (it breaks off)")


@pytest.mark.parametrize("kind", PACKERS)
def test_a_truncated_story_is_an_error_that_names_it(kind: str) -> None:
    (error,) = read(PACKERS[kind](STORY)[:-9], f"moths.txt.{kind}")
    assert type(error) is ReadError
    assert f"moths.txt.{kind}: a damaged {kind} file" in str(error)


def test_a_damaged_header_ends_an_archive_with_an_error() -> None:
    whole = bytearray(stories("a.txt", "b.txt"))
    whole[1024:1030] = b"\xff" * 6
    first, error = read(bytes(whole), "x.tar")
    assert isinstance(first, Document)
    assert "damaged archive" in str(error)


@pytest.mark.parametrize("kind", PACKERS)
def test_a_bomb_is_refused_before_it_goes_off(kind: str) -> None:
    started = time.monotonic()
    (error,) = read(PACKERS[kind](bytes(200 << 20)), f"bomb.txt.{kind}")
    assert isinstance(error, HostileContent)
    assert time.monotonic() - started < 20


def test_a_packed_archive_is_refused_where_it_unpacks_to_too_much() -> None:
    members = ((entry(f"{n}.txt", size=4 << 20), bytes(4 << 20)) for n in range(20))
    *_, error = read(gzip.compress(tar(*members)), "x.tgz")
    assert isinstance(error, HostileContent)
    assert "unpacks to more than" in str(error)


def test_a_member_that_claims_ten_gigabytes_is_an_error() -> None:
    info = entry("huge.txt", size=10 << 30)
    found = read(info.tobuf(tarfile.GNU_FORMAT) + STORY, "x.tar")
    assert [type(item) for item in found] == [ReadError]


def test_a_header_of_a_gigabyte_is_not_read() -> None:
    for kind in (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
        header = entry("long", kind, size=1 << 30).tobuf(tarfile.GNU_FORMAT)
        (error,) = read(header + bytes(1 << 20), "x.tar")
        assert "absurdly long header" in str(error)


def test_a_header_full_of_digits_takes_no_time() -> None:
    digits = b"1" * (60 << 10)
    header = entry("pax", tarfile.XHDTYPE, size=len(digits)).tobuf(tarfile.USTAR_FORMAT)
    started = time.monotonic()
    read((header + digits) * 50, "x.tar")
    assert time.monotonic() - started < 5


def test_a_negative_size_is_an_error_and_no_circle() -> None:
    header = bytearray(entry("a.txt").tobuf(tarfile.USTAR_FORMAT))
    header[124:136] = b"\xff" * 11 + b"\x00"
    header[148:156] = b"%06o\0 " % tarfile.calc_chksums(bytes(header))[0]  # type: ignore[attr-defined]
    (error,) = read(bytes(header) + bytes(1024), "x.tar")
    assert "negative size" in str(error)


def test_sparse_members_are_refused() -> None:
    info = entry("a.txt", size=len(STORY))
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.name": "a.txt"}
    (error,) = read(tar((info, STORY)), "x.tar")
    assert isinstance(error, UnsupportedFormat)


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_MEMBERS", 5)
    *read_before, error = read(stories(*(f"{n}.txt" for n in range(7))), "x.tar")
    assert len(read_before) == 5
    assert isinstance(error, HostileContent)


def test_packed_things_nest_three_deep_and_no_deeper() -> None:
    data = STORY
    for _ in range(5):
        data = gzip.compress(data)
    (error,) = read(data, "x.txt.gz.gz.gz.gz.gz")
    assert isinstance(error, HostileContent)
    assert "nest deeper" in str(error)


def test_xz_that_asks_for_gigabytes_of_memory_is_refused() -> None:
    greedy = lzma.compress(STORY, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}])
    (error,) = read(greedy, "x.txt.xz")
    assert "damaged xz file" in str(error)


@given(st.binary(max_size=600), st.sampled_from([b"", b"\x1f\x8b\x08\0", b"BZh9", b"\xfd7zXZ\0\0\4"]))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_documents_or_an_error(data: bytes, magic: bytes) -> None:
    read(magic + data, "x.tar")


@given(st.binary(min_size=1, max_size=40), st.integers(0, 2000))
@settings(max_examples=200, deadline=None)
def test_a_tar_with_damage_anywhere_is_read_or_an_error(noise: bytes, at: int) -> None:
    whole = stories("a.txt", f"{'long-folder/' * 12}b.txt")
    read(whole[:at] + noise + whole[at + len(noise) :], "x.tar")
