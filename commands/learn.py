"""`ficdex learn`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..cli import OK, Settings
from ..console import as_json, bold, dim, marked, one_line, one_piece, pressed, say, write
from ..text import bare

if TYPE_CHECKING:
    from ..index.catalog import Catalog
    from ..index.strangers import Stranger
    from ..lexicon import Lexicon

AROUND = 90
"""Characters of the text shown on each side of a name."""
KEYS = "y add   n never ask again   s later   q quit"


@click.command
@click.argument("fandom", required=False)
@click.option("--accept", multiple=True, metavar="NAME", help="Add this person; may be repeated.")
@click.option("-y", "--yes", is_flag=True, help="Add all of them without asking.")
@click.option("--works", "least", type=click.IntRange(1), default=2, show_default=True, help="Named by so many works.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many people at the most.")
@click.option("--json", "json_", is_flag=True, help="As JSON.")
@click.pass_obj
def command(
    settings: Settings, fandom: str | None, accept: tuple[str, ...], yes: bool, least: int, limit: int, json_: bool
) -> int:
    """Add people to the gazetteer whom works of FANDOM, or of all, name and it lacks.

    \b
      y  add the person to your file of the fandom; extraction knows it from then on
      n  not somebody of the fandom: never ask again
      s  ask another time        q  end

    In a pipe, list them.
    """
    from ..lexicon import lexicon

    settings.own_fandoms()
    with settings.open() as catalog:
        known = lexicon()
        title = catalog.fandom_called(fandom, known) if fandom else None
        if fandom and title is None:
            raise click.UsageError(f"no work is of a fandom {fandom!r}; `ficdex stats` names the most frequent")
        found = catalog.strangers(known, title, least)
        lesson = Lesson(catalog, known, found)
        if accept or yes:
            lesson.accept(_called(found, accept) if accept else found[:limit])
        elif json_ or not (sys.stdin.isatty() and sys.stdout.isatty()):
            lesson.list(found[:limit], json_=json_)
            return OK
        else:
            lesson.ask(found[:limit])
    lesson.say_what_changed()
    return OK


def _called(found: Sequence[Stranger], names: Sequence[str]) -> list[Stranger]:
    """The people that the owner names, by any of their forms."""
    chosen = []
    for name in names:
        same = [s for s in found if bare(name) == bare(s.name)]
        same = same or [s for s in found if bare(name) in {bare(form) for form in s.forms}]
        if len(same) != 1:
            problem = "several people are called" if same else "nobody is listed who is called"
            raise click.UsageError(f"{problem} {name!r}; `ficdex learn FANDOM` lists them")
        chosen += same
    return list({id(s): s for s in chosen}.values())


@dataclass(slots=True)
class Lesson:
    """Shows people that no list knows, and writes those that are accepted into the owner's files."""

    catalog: Catalog
    known: Lexicon
    found: list[Stranger]
    added: int = 0
    refused: int = 0
    files: dict[Path, None] = field(default_factory=dict)

    def accept(self, chosen: Sequence[Stranger]) -> None:
        """Add these people to the files of their fandoms."""
        from ..fandom_files import add
        from ..index.strangers import as_row
        from ..places import fandoms_path

        for title in dict.fromkeys(s.fandom for s in chosen):
            rows = [as_row(s, self.found, self.known) for s in chosen if s.fandom == title]
            self.files[add(fandoms_path(), title, rows)] = None
            self.added += len(rows)

    def refuse(self, one: Stranger) -> None:
        """Note that a name is nobody of its fandom, under all its forms."""
        from ..fandom_files import add
        from ..places import fandoms_path

        self.files[add(fandoms_path(), one.fandom, (), (one.name, *one.aliases))] = None
        self.refused += 1

    def ask(self, queue: Sequence[Stranger]) -> None:
        """Ask about each person until the end or `q`."""
        at = 0
        while at < len(queue):
            self.show(at, queue)
            key = pressed()
            if key == "q":
                return
            if key == "y":
                self.accept([queue[at]])
            elif key == "n":
                self.refuse(queue[at])
            at += key in ("y", "n", "s")

    def show(self, at: int, queue: Sequence[Stranger]) -> None:
        one = queue[at]
        write()
        write(dim(f"{at + 1} of {len(queue)}   {one_line(one.fandom)}"))
        also = f", also {', '.join(map(one_line, one.aliases))}" if one.aliases else ""
        works = "1 work" if len(one.works) == 1 else f"{len(one.works)} works"
        write(f"{bold(one_line(one.name))}{also}  " + dim(f"named {one.mentions} times in {works}"))
        for _, text, mark in self.quoted(one):
            write("  … " + marked(text, [mark]) + " …")
        write(dim(KEYS))

    def list(self, people: Sequence[Stranger], *, json_: bool) -> None:
        """One person a line: fandom, name, works, mentions, other forms, an example."""
        if json_:
            as_json([self.as_object(one) for one in people])
            return
        for one in people:
            example = next((text for _, text, _ in self.quoted(one)), "")
            cells = (one.fandom, one.name, len(one.works), one.mentions, ", ".join(one.aliases), example)
            write("\t".join(map(one_line, cells)))

    def as_object(self, one: Stranger) -> dict[str, Any]:
        """A person as JSON."""
        return {
            "fandom": one.fandom,
            "name": one.name,
            "as": list(one.aliases),
            "mentions": one.mentions,
            "works": sorted(one.works),
            "examples": [{"work": work, "text": one_piece(text)} for work, text, _ in self.quoted(one)],
        }

    def quoted(self, one: Stranger) -> Iterator[tuple[int, str, tuple[int, int]]]:
        """(work, the text around a name of the person, where the name stands in that), a few works' each."""
        for work, start, end in self.catalog.places(one):
            text, first = self.catalog.text(work), max(0, start - AROUND)
            yield work, text[first : end + AROUND], (start - first, end - first)

    def say_what_changed(self) -> None:
        """The closing line: how many were added, where, and what to do next."""
        if not self.found:
            say("the works name nobody often whom the gazetteer lacks")
        for path in self.files:
            say(f"{path}: written")
        if self.files:
            say(f"{self.added} added, {self.refused} refused; `ficdex reextract` brings the works up to date")
