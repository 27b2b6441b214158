"""`ficdex review`."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from ..cli import OK, Settings
from ..console import bold, dim, marked, one_line, pressed, say, write
from ..errors import CorrectionError
from ..index.review import REVIEWED, Doubt, Queue

if TYPE_CHECKING:
    from ..index.catalog import Catalog
    from ..index.corrections import Change

AROUND = 110
"""Characters of the text shown on each side of a value's words."""
KEYS = "y right   n wrong   e other value   s later   u undo   q quit"


@click.command
@click.option("--field", "fields", multiple=True, type=click.Choice(REVIEWED), help="Only this field; may be repeated.")
@click.option("--below", type=click.FloatRange(0, 1), default=0.8, show_default=True, help="Only values less certain.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="How many values at the most.")
@click.pass_obj
def command(settings: Settings, fields: tuple[str, ...], below: float, limit: int) -> int:
    """Judge the least certain values, one key each; in a pipe, list them.

    \b
      y  the value is right, and stays so after every later import
      n  it is wrong
      e  type the right value (of a list: instead of this one)
      s  judge it another time        u  take the last answer back        q  end
    """
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    with settings.open(write=asks) as catalog:
        queue = catalog.doubts(fields or REVIEWED, below)[:limit]
        if not asks:
            for doubt in queue:
                quoted = "" if doubt.start is None else catalog.text(doubt.work)[doubt.start : doubt.end]
                cells = (doubt.work, doubt.field, doubt.name, f"{doubt.confidence:.2f}", doubt.rule, quoted)
                write("\t".join(one_line(cell) for cell in cells))
            return OK
        judged = Review(catalog, queue).run()
        if judged:
            from ..index.search import SearchIndex

            SearchIndex.open(catalog).catch_up()
    say(f"{judged} judged, {max(0, len(queue) - judged)} left" if queue else "nothing is in doubt")
    return OK


class Review:
    """Goes through a queue of doubts on a terminal."""

    def __init__(self, catalog: Catalog, doubts: list[Doubt]) -> None:
        self.catalog = catalog
        self.queue = Queue(doubts)

    def run(self) -> int:
        """Ask until the end or `q`; how many values were judged."""
        while doubt := self.queue.current:
            self.show(doubt)
            key = pressed()
            if key == "q":
                break
            if key == "s":
                self.queue.pass_over()
            elif key == "u":
                if not self.queue.undo(self.catalog):
                    say("there is no answer to take back")
            elif changes := _answer(doubt, key):
                self.queue.judge(self.catalog, changes)
        return self.queue.judged

    def show(self, doubt: Doubt) -> None:
        record = next(iter(self.catalog.records([doubt.work])))
        place = f"{self.queue.at + 1} of {len(self.queue.doubts)}"
        write()
        write(dim(f"{place}   work {doubt.work}: {one_line(record['title'] or '(no title)')}"))
        write(f"{doubt.field}: {bold(one_line(doubt.name))}  " + dim(f"{doubt.confidence:.2f}, {doubt.rule}"))
        if doubt.start is not None and doubt.end is not None:
            text = self.catalog.text(doubt.work)
            first = max(0, doubt.start - AROUND)
            shown = text[first : doubt.end + AROUND]
            write("  … " + marked(shown, [(doubt.start - first, doubt.end - first)]) + " …")
        write(dim(KEYS))


def _answer(doubt: Doubt, key: str) -> list[Change]:
    """The changes that a key makes; none if it is no answer."""
    return {"y": [doubt.right], "n": [doubt.wrong]}.get(key) or (_typed(doubt) if key == "e" else [])


def _typed(doubt: Doubt) -> list[Change]:
    """The changes that a typed value makes; none if it is empty or cannot be."""
    with contextlib.suppress(click.Abort):
        value = click.prompt(f"{doubt.field}", default="", show_default=False).strip()
        try:
            return doubt.instead(value) if value else []
        except CorrectionError as problem:
            say(problem)
    return []
