"""The review queue: the least certain values, judged by one key each, as `ficdex review` does on a terminal."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import RedirectResponse, Response

from ..errors import CorrectionError
from ..index.catalog import Catalog
from ..index.corrections import Change
from ..index.review import REVIEWED, Doubt
from . import render
from .ask import Ask
from .shelf import Shelf

_BLANK_LINES = re.compile(r"\n\s*\n")
AROUND = 220
"""Characters of the text shown on each side of a value's words."""


def show(shelf: Shelf, ask: Ask, problem: str = "") -> Response:
    """The next value to judge."""
    fields = _fields(ask)
    with ask.desk.lock:
        queue = ask.desk.of(shelf.catalog, fields)
        doubt, at, judged, length = queue.current, queue.at, queue.judged, len(queue.doubts)
    shown: dict[str, Any] = {"doubt": None}
    if doubt:
        shown = {"doubt": doubt, "work": next(iter(shelf.catalog.records([doubt.work])), None)}
        shown |= _around(shelf.catalog, doubt)
    return render.page(
        ask, "review.html", 400 if problem else 200, problem=problem, at=at, judged=judged, length=length,
        fields=fields, reviewed=REVIEWED, **shown,
    )  # fmt: skip


def _fields(ask: Ask) -> tuple[str, ...]:
    chosen = {value for name, value in ask.values if name == "field"}
    return tuple(field for field in REVIEWED if field in chosen)


def _around(catalog: Catalog, doubt: Doubt) -> dict[str, Any]:
    """The words that a value came from, with the text around them."""
    if doubt.start is None or doubt.end is None:
        return {"before": "", "words": "", "after": ""}
    text = catalog.text(doubt.work)
    cut = {
        "before": text[max(0, doubt.start - AROUND) : doubt.start],
        "words": text[doubt.start : doubt.end],
        "after": text[doubt.end : doubt.end + AROUND],
    }
    return {where: _BLANK_LINES.sub("\n", part) for where, part in cut.items()}


def answer(shelf: Shelf, ask: Ask) -> Response:
    """A key was pressed."""
    try:
        with ask.desk.lock:
            _act(shelf, ask, ask.form.get("key", ""))
    except CorrectionError as problem:
        return show(shelf, ask, str(problem))
    return RedirectResponse(ask.address, 303)


def _act(shelf: Shelf, ask: Ask, key: str) -> None:
    """What a key does; an answer to what is not asked any more does nothing.

    Raises:
        CorrectionError: if the field cannot hold what was typed.
    """
    queue = ask.desk.of(shelf.catalog, _fields(ask))
    if key == "again":
        ask.desk.queue = None
    elif key == "u":
        with ask.shelves.writing() as catalog:
            queue.undo(catalog)
    elif (doubt := queue.current) and ask.form.get("at") == str(queue.at):
        if key == "s":
            queue.pass_over()
        elif changes := _changes(doubt, key, ask.form.get("value", "").strip()):
            with ask.shelves.writing() as catalog:
                queue.judge(catalog, changes)


def _changes(doubt: Doubt, key: str, typed: str) -> list[Change]:
    """What an answer changes; nothing if it is none."""
    if key == "e":
        return doubt.instead(typed) if typed else []
    return {"y": [doubt.right], "n": [doubt.wrong]}.get(key, [])
