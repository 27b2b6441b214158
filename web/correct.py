"""Corrections, the import that is under way, and what else changes or watches the catalogue."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ..errors import CorrectionError
from ..index.corrections import Change, field_named, parse, unset
from . import render, work
from .ask import Ask
from .shelf import Shelf

LINES = 40
"""Lines of the import log that are shown."""


def change(field: str, op: str, value: str) -> Change:
    """What a form says, as `ficdex set` and `unset` understand it.

    Raises:
        CorrectionError: if the field cannot hold it.
    """
    key = field_named(field).key
    if op == "unset":
        return unset(key)
    if op not in ("=", "+=", "-="):
        raise CorrectionError(f"{op!r} does nothing to {key}")
    return parse(f'{key}{op}"{value.strip()}"')


def correct(shelf: Shelf, ask: Ask) -> Response:
    """A field of a work was corrected."""
    id_, field = ask.number("id"), ask.form.get("field", "")
    try:
        made = change(field, ask.form.get("op", "="), ask.form.get("value", ""))
    except CorrectionError as problem:
        return work.show(shelf, ask, str(problem))
    with ask.shelves.writing() as catalog:
        catalog.correct(id_, [made])
    return RedirectResponse(f"/work/{id_}#{made.field}", 303)


def undo(shelf: Shelf, ask: Ask) -> Response:
    """The last correction of a work is taken back."""
    id_ = ask.number("id")
    with ask.shelves.writing() as catalog:
        catalog.undo(id_)
    return RedirectResponse(f"/work/{id_}", 303)


def imports(shelf: Shelf, ask: Ask) -> Response:
    """How the newest import is going."""
    works = shelf.catalog.db.execute("SELECT count(*) FROM works").fetchone()[0]
    return render.page(ask, "imports.html", progress=shelf.catalog.progress(LINES), works=works)
