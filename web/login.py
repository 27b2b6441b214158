"""The password, where one was set."""

from __future__ import annotations

from math import ceil
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from . import render
from .access import COOKIE
from .ask import Ask
from .search import own
from .shelf import Shelf


def address(ask: Ask) -> str:
    """The login page that leads on to what was asked for."""
    return f"/login?{urlencode({'to': ask.address})}"


def form(shelf: Shelf, ask: Ask) -> Response:
    """The form, for who is not in yet."""
    if ask.access.is_in(ask.session):
        return RedirectResponse(own(ask.value("to", "/")), 303)
    return render.page(ask, "login.html", to=own(ask.value("to", "/")), said="")


def enter(shelf: Shelf, ask: Ask) -> Response:
    """A password was sent."""
    to = own(ask.form.get("to", "/"))
    session = ask.access.enter(ask.form.get("password", ""))
    if session:
        response: Response = RedirectResponse(to, 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="strict")
        return response
    if wait := ask.access.wait():
        said = f"Too many wrong passwords. Try again in {ceil(wait)} seconds."
        response = render.page(ask, "login.html", 429, to=to, said=said)
        response.headers["Retry-After"] = str(ceil(wait))
        return response
    return render.page(ask, "login.html", 403, to=to, said="That is not the password.")


def leave(shelf: Shelf, ask: Ask) -> Response:
    """Out again."""
    ask.access.leave(ask.session)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
