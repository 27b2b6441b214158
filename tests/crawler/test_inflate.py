"""Bodies are unpacked within bounds, in whatever pieces they come."""

from __future__ import annotations

import gzip
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.inflate import MEMBERS, unpack
from ficdex.errors import BadAnswer

TEXT = random.Random(1).randbytes(20_000) * 10
PACKED = gzip.compress(TEXT, mtime=0)


def unpacked(data: bytes, step: int = 1000, limit: int = 8 << 20, encoding: str = "gzip") -> bytes:
    chunks = (data[start : start + step] for start in range(0, len(data), step))
    return unpack("http://a.test/", encoding, chunks, limit, 200)


def kind(data: bytes, **options: int) -> str:
    with pytest.raises(BadAnswer) as caught:
        unpacked(data, **options)
    return caught.value.kind


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 100), st.binary(max_size=20))
def test_members_in_any_pieces_are_one_body(bodies: list[bytes], step: int, more: bytes) -> None:
    packed = b"".join(map(gzip.compress, bodies))
    assert unpacked(packed, step) == b"".join(bodies)
    assert unpacked(packed + b"\0" + more, step) == b"".join(bodies)  # what is no gzip is left out


@given(st.integers(1, len(PACKED) - 1), st.integers(10, 5000))
def test_no_beginning_of_gzip_is_a_body(length: int, step: int) -> None:
    assert kind(PACKED[:length], step=step) == "truncated"
    assert kind(PACKED + PACKED[: max(2, length)], step=step) == "truncated"


@given(st.binary(min_size=1, max_size=200), st.integers(1, 50))
def test_any_bytes_are_a_body_or_an_error(data: bytes, step: int) -> None:
    try:
        unpacked(data, step)
    except BadAnswer as error:
        assert error.kind in ("encoding", "truncated")  # noqa: PT017


@given(st.integers(10, len(PACKED) - 1), st.integers(1, 255))
def test_a_changed_byte_never_goes_through(place: int, change: int) -> None:
    damaged = bytearray(PACKED)
    damaged[place] ^= change
    assert kind(bytes(damaged)) in ("encoding", "truncated", "ratio")


def test_nothing_at_all_is_an_empty_body() -> None:
    assert unpacked(b"") == b""


def test_the_limit_is_exact() -> None:
    assert len(unpacked(PACKED, limit=len(TEXT))) == len(TEXT)
    assert kind(PACKED, limit=len(TEXT) - 1) == "too_big"


def test_what_grows_too_much_is_refused_and_little_may_grow_as_it_likes() -> None:
    assert kind(gzip.compress(bytes(1 << 20))) == "ratio"
    assert unpacked(gzip.compress(bytes(60_000))) == bytes(60_000)


def test_members_without_number_are_refused() -> None:
    assert unpacked(gzip.compress(b"") * MEMBERS) == b""
    assert kind(gzip.compress(b"") * (MEMBERS + 1)) == "ratio"


def test_no_more_is_read_than_needed_to_refuse() -> None:
    read = itertools.count()
    with pytest.raises(BadAnswer):
        unpack("http://a.test/", "", (b"x" * 100 for _ in read), 1000, 200)
    assert next(read) == 11
