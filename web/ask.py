"""A request as pages see it, and how it is read within bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .access import COOKIE, Access, new_session
from .desk import Desk
from .shelf import Shelf, Shelves

LARGEST_FORM = 256 * 1024
MOST_VALUES = 200
"""Bytes of a form, and values that a form or an address may have."""
LARGEST = (1 << 63) - 1
HIDDEN = "ficdex-hidden"
LEVELS = ("general", "teen", "mature", "explicit")


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked: parts of the path, values of the address and of a form; by whom."""

    path: str
    parts: Mapping[str, str]
    values: tuple[tuple[str, str], ...]
    form: Mapping[str, str]
    session: str
    is_new: bool
    hidden: tuple[str, ...]
    access: Access
    shelves: Shelves
    desk: Desk

    @property
    def address(self) -> str:
        """The path with its values."""
        return f"{self.path}?{urlencode(self.values)}" if self.values else self.path

    def value(self, name: str, default: str = "") -> str:
        """The last value of that name in the address."""
        return dict(self.values).get(name, default)

    def number(self, name: str, default: int = 1) -> int:
        """A number in the path; one that is too large for an id becomes the largest."""
        return min(int(self.parts.get(name, default)), LARGEST)

    @property
    def token(self) -> str:
        """What this page's forms carry."""
        return self.access.token(self.session)


Page: TypeAlias = Callable[[Shelf, Ask], Response]
"""Makes a page; runs in a thread of its own."""


async def asked(request: Request, access: Access, shelves: Shelves, desk: Desk) -> Ask:
    """The request, read; a form's token and origin are checked.

    Raises:
        HTTPException: if it is too large, or a form that is not one of ours.
    """
    session = request.cookies.get(COOKIE, "")
    form = await _form(request) if request.method == "POST" else {}
    if request.method == "POST" and not access.is_ours(session, form.get("token", ""), request.headers.get("origin")):
        raise HTTPException(403, "This form is not from a page of this server, or too old. Load the page again.")
    hidden = request.cookies.get(HIDDEN, "").split("+")
    return Ask(
        request.url.path,
        {name: str(value) for name, value in request.path_params.items()},
        _pairs(request.url.query),
        form,
        session or new_session(),
        not session,
        tuple(level for level in LEVELS if level in hidden),
        access,
        shelves,
        desk,
    )


async def _form(request: Request) -> dict[str, str]:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise HTTPException(413, f"A form may have {LARGEST_FORM:,} bytes.")
    try:
        return dict(_pairs(body.decode()))
    except UnicodeDecodeError as problem:
        raise HTTPException(400, "The form is not in UTF-8.") from problem


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    try:
        found = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_VALUES)
    except ValueError as problem:
        raise HTTPException(400, f"More than {MOST_VALUES} values.") from problem
    return tuple((name, value.replace("\r\n", "\n").replace("\0", "")) for name, value in found)
