"""The application: which address leads to which page, and what errors say."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ..errors import CatalogBusy, CorrectionError, FicdexError, NoSuchWork
from ..index.connection import explained
from . import correct, login, people, reading, render, review, search, work
from .access import COOKIE, Access
from .ask import Ask, Page, asked
from .desk import Desk
from .guard import Guard
from .shelf import Shelves

Endpoint = Callable[[Request], Awaitable[Response]]
OPEN: tuple[tuple[str, str, Page], ...] = (("GET", "/login", login.form), ("POST", "/login", login.enter))
"""Pages that need no password."""
PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", search.search),
    ("GET", "/works.csv", search.csv),
    ("POST", "/hide", search.hide),
    ("GET", "/work/{id:int}", work.show),
    ("GET", "/work/{id:int}/read", reading.read),
    ("GET", "/work/{id:int}/read/{page:int}", reading.read),
    ("GET", "/people", people.people),
    ("GET", "/person", people.person),
    ("GET", "/fandoms", people.fandoms),
    ("GET", "/fandom", people.fandom),
    ("GET", "/overview", people.overview),
    ("GET", "/imports", correct.imports),
    ("POST", "/logout", login.leave),
)
CHANGES: tuple[tuple[str, str, Page], ...] = (
    ("POST", "/work/{id:int}/set", correct.correct),
    ("POST", "/work/{id:int}/undo", correct.undo),
    ("GET", "/review", review.show),
    ("POST", "/review", review.answer),
)
"""Pages that correct the catalogue: there are none when it is only read."""
FAILURES: dict[type[FicdexError], tuple[int, str]] = {
    NoSuchWork: (404, "There is no such work"),
    CatalogBusy: (503, "The catalogue is being written to"),
    CorrectionError: (400, "This cannot be"),
    FicdexError: (500, "Something is wrong"),
}


def create(path: Path, access: Access) -> Starlette:
    """The application for the catalogue at `path`."""
    shelves, desk = Shelves(path), Desk()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        warming = asyncio.create_task(shelves.warmed(search.warm))
        yield
        await warming
        shelves.close()

    def endpoint(page: Page, *, is_open: bool = False) -> Endpoint:
        async def answer(request: Request) -> Response:
            ask = await asked(request, access, shelves, desk)
            if not is_open and not access.is_in(ask.session):
                return RedirectResponse(login.address(ask), 303)
            try:
                response = await shelves.run(lambda shelf: page(shelf, ask))
            except FicdexError as problem:
                response = _failed(ask, problem)
            except sqlite3.Error as problem:
                response = _failed(ask, explained(path, problem))
            if ask.is_new and COOKIE not in response.headers.get("set-cookie", ""):
                response.set_cookie(COOKIE, ask.session, httponly=True, samesite="strict")
            return response

        return answer

    pages = PAGES if access.read_only else PAGES + CHANGES
    routes = [Route(at, endpoint(page, is_open=True), methods=[m]) for m, at, page in OPEN]
    routes += [Route(at, endpoint(page), methods=[m]) for m, at, page in pages]
    static = Mount("/static", StaticFiles(directory=render.HERE / "static"))
    return Starlette(
        routes=[*routes, static],
        middleware=[Middleware(Guard, access=access)],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


def _failed(ask: Ask, problem: FicdexError) -> Response:
    """What went wrong, as a page."""
    status, title = next(said for kind, said in FAILURES.items() if isinstance(problem, kind))
    return render.page(ask, "error.html", status, title=title, said=str(problem))


async def _refused(request: Request, problem: Exception) -> Response:
    """A page for what Starlette or `asked` refuses; it knows nothing of the catalogue."""
    status, said = (problem.status_code, problem.detail) if isinstance(problem, HTTPException) else (500, "")
    made = render.environment().get_template("refused.html").render(status=status, said=said)
    return HTMLResponse(made, status)
