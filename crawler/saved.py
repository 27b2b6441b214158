"""Where a saved page came from: what browsers write into it, and addresses as the Wayback Machine rewrites them."""

from __future__ import annotations

import re

_KEPT = re.compile(r"(?:https?:)?(?://web\.archive\.org)?/web/[0-9]{1,14}(?:[a-z]{2}_)?/(?P<address>(?:https?:)?//\S+)")
_SAVED = re.compile(
    rb"<!--\s*(?:saved from url=\([0-9]{1,6}\)|Page saved with SingleFile\s+url:\s*)(?P<address>https?://[^\s>]{1,2000})",
    re.IGNORECASE,
)
HEAD = 4_096
"""Bytes at the beginning of a page within which browsers say where they saved it from."""


def original(address: str) -> str:
    """An address without the Wayback Machine's in front of it."""
    found = _KEPT.match(address)
    return found["address"] if found else address


def saved_from(data: bytes) -> str:
    """The address that Internet Explorer, Chrome or SingleFile saved a page from; "" if it does not say."""
    found = _SAVED.search(data[:HEAD])
    return original(found["address"].decode("ascii", "ignore")) if found else ""
