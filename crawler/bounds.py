"""How much a container may unpack to: a member of it, and all of it; no declared size is ever trusted."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import HostileContent

LARGEST_MEMBER = 64 << 20
LARGEST_WHOLE = 1 << 30
RATIO = 200
"""Packed bytes may become so many times as many (crawling.md's bound for pages), above MEMBER_FLOOR."""
MEMBER_FLOOR = 1 << 20
MOST_MEMBERS = 100_000


def allowed(packed: int) -> int:
    """The bytes that a member of `packed` bytes may unpack to."""
    return min(LARGEST_MEMBER, max(MEMBER_FLOOR, packed * RATIO))


def beyond(uri: str, size: int) -> HostileContent:
    """The error for a member that unpacks to more than `size` bytes."""
    return HostileContent(uri, f"it unpacks to more than {size >> 20} MB; unpack it yourself if you trust it")


@dataclass(slots=True)
class Whole:
    """What a container has given so far, and the bytes that it may give."""

    uri: str
    most: int = LARGEST_WHOLE
    size: int = 0
    members: int = 0

    def add(self, size: int) -> None:
        """Count bytes.

        Raises:
            HostileContent: if they are too many.
        """
        self.size += size
        if self.size > self.most:
            raise HostileContent(
                self.uri, f"it unpacks to more than {self.most >> 20} MB; unpack it and import that if you trust it"
            )

    def another(self, members: int = 1) -> None:
        """Count members.

        Raises:
            HostileContent: if they are too many.
        """
        self.members += members
        if self.members > MOST_MEMBERS:
            raise HostileContent(self.uri, f"more than {MOST_MEMBERS:,} members; split the archive")


def whole_of(uri: str, packed: int) -> Whole:
    """The bounds of a container that is packed as one stream of `packed` bytes."""
    return Whole(uri, min(LARGEST_WHOLE, max(MEMBER_FLOOR, packed * RATIO)))
