"""Whatever a file holds, reading it gives Documents cut without gaps, or an error of ours, within bounds."""

from __future__ import annotations

import gzip
import io
import os
import random
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ficdex.crawler import blob as blob_module
from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import FileItem, Skipped, documents, load, walk
from ficdex.errors import FicdexError, HostileContent, ReadError
from ficdex.model import Document

from ..story_files import FILES, plain

SECONDS = 25.0
"""For all mutations of all files together."""
AN_ITEM = 20.0


def check(name: str, data: bytes) -> list[Document | ReadError]:
    """Read bytes under a name; every Document's blocks cut its text."""
    start = time.monotonic()
    found = list(documents(Blob(f"/fic/{name}", data, name)))
    assert time.monotonic() - start < AN_ITEM, name
    for item in found:
        if isinstance(item, Document):
            ends = [block.span.end for block in item.blocks]
            assert [block.span.start for block in item.blocks] == [0, *ends[:-1]]
            assert ends[-1] == len(item.text)
            item.text.encode("utf-8")
        else:
            assert isinstance(item, FicdexError)
            assert item.uri.startswith("/fic/"), item
            assert item.reason
    return found


def mutated(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Damage as disks, editors and transfers do it."""
    at, length = rng.randrange(len(data)), rng.randrange(1, 400)
    match rng.randrange(6):
        case 0:
            return bytes(b ^ (1 << rng.randrange(8)) if rng.random() < 0.005 else b for b in data)
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[at + length :]
        case 3:
            return data[:at] + data[at : at + length] * rng.randrange(2, 9) + data[at:]
        case 4:
            return data[:at] + rng.randbytes(length) + data[at:]
        case _:
            cut = rng.randrange(len(other))
            return data[:at] + other[cut : cut + 5 * length] + data[at + length :]


@pytest.mark.slow
def test_damaged_files_of_every_format_are_read_or_refused() -> None:
    """Budget: 30 s."""
    rng = random.Random(2_026)
    whole = {name: make() for name, make in FILES.items()}
    names = sorted(whole)
    started, rounds = time.monotonic(), 0
    while time.monotonic() - started < SECONDS and rounds < 6_000:
        name = names[rounds % len(names)]
        check(name, mutated(rng, whole[name], whole[rng.choice(names)]))
        rounds += 1
    assert rounds > 2 * len(names)


@pytest.mark.parametrize("name", FILES)
def test_files_cut_off_at_every_tenth_are_read_or_refused(name: str) -> None:
    data = FILES[name]()
    for tenth in range(10):
        check(name, data[: len(data) * tenth // 10])


@pytest.mark.parametrize(
    "claimed", ["a.epub", "a.docx", "a.mobi", "a.pdf", "a.zip", "a.tar", "a.gz", "a.warc", "a.mbox"]
)
def test_a_name_that_lies_does_not_hide_a_story(claimed: str) -> None:
    (found,) = check(claimed, plain().encode())
    assert isinstance(found, Document)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_a_line_of_fifty_megabytes_ends_in_time(name: str) -> None:
    line = b"<p>" * name.endswith("html") + b"the tide went out and " * (50_000_000 // 22)
    check(name, line)


def test_a_text_that_is_too_long_for_a_work_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_module, "LONGEST", 10_000)
    for name, data in (("a.txt", b"The tide. " * 2_000), ("a.html", b"<html><body><p>" + b"The tide. " * 2_000)):
        (found,) = documents(Blob(name, data, name))
        assert "is no one work; split it" in str(found)


def test_a_million_nested_tags_are_refused() -> None:
    (found,) = check("a.html", b"<html>" + b"<div>" * 1_000_000)
    assert isinstance(found, HostileContent)


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


BILLION = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.gz", gzip.compress(b"\0" * (300 << 20))),
        ("bomb.zip", archive({"a.txt": b"a" * (80 << 20)})),
        ("a.docx", archive({"word/document.xml": BILLION})),
        ("a.odt", archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": BILLION})),
        ("a.epub", archive({"mimetype": b"application/epub+zip", "META-INF/container.xml": BILLION})),
    ],
)
def test_what_would_unfold_without_end_is_refused(name: str, data: bytes) -> None:
    found = check(name, data)
    assert found
    assert all(isinstance(item, ReadError) for item in found)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "/etc/passwd.txt", "a/../../b.txt", "..\\b.txt", "a\nb\x1b[2J.txt"]
)
def test_members_with_hostile_names_write_nothing(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for item in check("a.zip", archive({name: plain().encode()})):
        assert isinstance(item, (Document, ReadError))
    assert not list(tmp_path.rglob("*"))


@pytest.mark.skipif(sys.platform == "win32", reason="made with POSIX calls")
def test_links_pipes_and_loops_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "tale.txt").write_text(plain(), encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    strange = tmp_path / "a\nb\x1b[31m\u202e.txt"
    strange.write_text(plain(), encoding="utf-8")
    found = list(walk([tmp_path]))
    files = [item for item in found if isinstance(item, FileItem)]
    assert {item.path.name for item in files} == {"tale.txt", strange.name}
    assert {Path(item.uri).name: item.reason for item in found if isinstance(item, Skipped)} == {
        "loop": "a link; import what it points to",
        "dangling.txt": "a link; import what it points to",
        "pipe.txt": "not a regular file",
    }
    assert all(list(documents(load(item.path, item.uri))) for item in files)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    (found,) = walk([tmp_path])
    closed.chmod(0o700)
    assert isinstance(found, ReadError)
    assert "check its permissions" in found.reason
