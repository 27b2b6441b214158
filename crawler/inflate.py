"""A body unpacked within bounds, whatever the server packed into it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator

from ..errors import BadAnswer

PIECE = 64 << 10
SMALL = 64 << 10  # a page as short as this may repeat itself as much as it likes
MEMBERS = 1000  # bgzip ends a member every 64 KiB; thousands of empty ones only burn time
MAGIC = b"\x1f\x8b"


def unpack(url: str, encoding: str, chunks: Iterable[bytes], limit: int, ratio: int) -> bytes:
    """The body that `chunks` are, given its Content-Encoding: none or gzip (RFC 1952), nothing else is asked for.

    Never holds more than `limit` bytes of it and a piece. Behind the last gzip member anything but a further
    one is left out, as browsers do: what stood before it passed its checksum.

    Raises:
        BadAnswer: "encoding" (another one, or damaged), "truncated" (gzip without its end), "too_big" (more
            than `limit` bytes), "ratio" (more than `ratio` times what was sent).
    """
    if encoding in ("", "identity"):
        pieces = iter(chunks)
    elif encoding in ("gzip", "x-gzip"):
        pieces = _gunzip(url, chunks, ratio)
    else:
        raise BadAnswer(url, "encoding", f"the server packs it as {encoding[:40]!r}, though only gzip was asked for")
    body = io.BytesIO()
    for piece in pieces:
        if body.tell() + len(piece) > limit:
            raise BadAnswer(url, "too_big", f"it holds more than {limit:,} bytes; save the page and import the file")
        body.write(piece)
    return body.getvalue()


def _gunzip(url: str, chunks: Iterable[bytes], ratio: int) -> Iterator[bytes]:
    member, members = zlib.decompressobj(31), 1
    taken = given = 0
    pending = b""
    stream = iter(chunks)
    for chunk in stream:
        taken += len(chunk)
        pending += chunk
        full = False
        while pending or full:
            if member.eof:
                if len(pending) < len(MAGIC):
                    break  # the rest of what may be a magic number comes with the next chunk
                if not pending.startswith(MAGIC):
                    _drain(stream)
                    return
                member, members = zlib.decompressobj(31), members + 1
            piece = _inflated(url, member, pending)
            full = len(piece) == PIECE  # then zlib may hold more, with all its input taken
            pending = member.unused_data if member.eof else member.unconsumed_tail
            given += len(piece)
            if members > MEMBERS or given > max(SMALL, ratio * (taken - len(pending))):
                raise BadAnswer(url, "ratio", f"it unpacks to more than {ratio} times its size, as a bomb does")
            yield piece
    if taken and not member.eof:
        raise BadAnswer(url, "truncated", "its gzip data breaks off before the end")


def _inflated(url: str, member: zlib._Decompress, data: bytes) -> bytes:
    try:
        return member.decompress(data, PIECE)
    except zlib.error as error:
        raise BadAnswer(url, "encoding", f"its gzip data is damaged ({error})") from None


def _drain(stream: Iterator[bytes]) -> None:
    """Read to the end, so that the connection can be used again."""
    for _ in stream:
        pass
