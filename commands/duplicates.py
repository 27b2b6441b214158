"""`ficdex duplicates`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ..cli import OK, Settings
from ..console import as_json, bold, dim, is_terminal, one_line, say, write
from ..text import counted

if TYPE_CHECKING:
    from ..index.catalog import Catalog
    from ..index.duplicates import Group


@click.command
@click.argument("works", nargs=-1, metavar="[WORK]...")
@click.option("--threshold", type=click.FloatRange(0.5, 1), default=0.8, help="How alike works are, 0.5 to 1 (0.8).")
@click.option("--limit", type=click.IntRange(min=0), default=50, help="How many groups to show (50).")
@click.option("--json", "json_", is_flag=True, help="Print the groups as JSON.")
@click.option("--link", is_flag=True, help="Make the WORKs, or else those of every group, editions of one work.")
@click.option("--unlink", is_flag=True, help="Take the WORKs out of their editions.")
@click.option("--dismiss", is_flag=True, help="Say that no two of the WORKs are one, so that none is suggested again.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before all groups are linked.")
@click.pass_obj
def command(
    settings: Settings,
    works: tuple[str, ...],
    threshold: float,
    limit: int,
    json_: bool,
    link: bool,
    unlink: bool,
    dismiss: bool,
    yes: bool,
) -> int:
    """Find works that are there twice; nothing is merged or deleted.

    Same bytes, same text, same page, nearly the same text, one title and author with one text in the other, or a
    work that is part of a longer one. The one to keep comes first, with the reason. The first run reads every story.

    \b
      ficdex duplicates --link 12 40       12 and 40 are editions of one work
      ficdex duplicates --unlink 40        takes it back
      ficdex duplicates --dismiss 12 17    these are two works
    """
    if link + unlink + dismiss > 1 or (works and not (link or unlink or dismiss)):
        raise click.UsageError("give one of --link, --unlink and --dismiss with the works that it is about")
    with settings.open(write=True) as catalog:
        ids = list(dict.fromkeys(catalog.find(work) for work in works))
        if (dismiss and len(ids) < 2) or (unlink and not ids) or (link and len(ids) == 1):
            raise click.UsageError("name the works, two at least for --link and --dismiss")
        if ids:
            said = _settle(catalog, ids, "link" if link else "unlink" if unlink else "dismiss")
            if settings.level >= 0:
                say(said)
            return OK
        with _progress(settings, catalog) as observe:
            groups = catalog.duplicates(threshold, observe)
        _show(catalog, groups[:limit], json_)
        if settings.level >= 0 and not json_:
            say(counted(len(groups), "group") + (f", {limit} shown; --limit shows more" if len(groups) > limit else ""))
        if link:
            _link_all(settings, catalog, groups, yes)
    return OK


def _settle(catalog: Catalog, ids: Sequence[int], what: str) -> str:
    """Do what the owner says of some works; what was done."""
    named = ", ".join(map(str, ids))
    if what == "link":
        catalog.link(ids)
        return f"{named} are editions of one work; `ficdex duplicates --unlink` takes one out again"
    if what == "dismiss":
        catalog.dismiss(ids)
        return f"{named} will not be suggested as one work again; `ficdex duplicates --link` takes it back"
    taken = [id_ for id_ in ids if catalog.unlink(id_)]
    return f"{', '.join(map(str, taken)) or 'none'} taken out of their editions"


def _link_all(settings: Settings, catalog: Catalog, groups: Sequence[Group], yes: bool) -> None:
    """Link the works of every group but those that are parts of others."""
    whole = [group for group in groups if group.kind != "part of"]
    if whole and not yes:
        click.confirm(f"Make editions of one work of each of {counted(len(whole), 'group')}?", abort=True, err=True)
    with catalog.transaction():
        for group in whole:
            catalog.link(group.ids)
    if settings.level >= 0:
        say(f"{counted(len(whole), 'group')} linked; works that are part of others are left as they are")


def _show(catalog: Catalog, groups: Sequence[Group], json_: bool) -> None:
    shown = [_described(catalog, group) for group in groups]
    if json_:
        as_json({"groups": shown})
        return
    for group in shown:
        write(bold(f"{group['kind']}, {group['similarity']:.0%}"))
        for n, work in enumerate(group["works"]):
            _show_work(work, dim(f"  {group['reason']}") if n == 0 else "")


def _show_work(work: Any, reason: str) -> None:
    by = f" by {one_line(', '.join(work['authors']))}" if work["authors"] else ""
    title = one_line(work["title"] or "(no title)")
    write(f"  {work['id']}  {title}{by}, {work['words']:,} words{reason}")
    write(f"      {work['format']}  {one_line(work['source'])}")


def _described(catalog: Catalog, group: Group) -> dict[str, Any]:
    """A group as it is printed: what is known of each of its works, the one to keep first."""
    keys = ("id", "title", "authors", "words", "source")
    return {
        "kind": group.kind,
        "similarity": round(group.likeness, 3),
        "keep": group.ids[0],
        "reason": group.reason,
        "works": [
            {**{key: record[key] for key in keys}, "format": catalog.format(id_)}
            for id_, record in zip(group.ids, catalog.records(group.ids), strict=True)
        ],
    }


@contextmanager
def _progress(settings: Settings, catalog: Catalog) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal while stories are read, nothing elsewhere."""
    if settings.level < 0 or not is_terminal():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=catalog.unsigned())
        yield lambda count: bar.advance(task, count)
