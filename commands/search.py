"""`ficdex search`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import click

from ..cli import OK, Settings
from ..console import as_json, bold, dim, is_terminal, marked, one_line, say, table, write
from ..fields import people
from ..text import counted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..index.catalog import Catalog
    from ..index.hits import Hit, Hits, Sort
    from ..index.search import SearchIndex
    from ..model import Record

Facets = dict[str, list[tuple[str, int]]]
SORTS = ("score", "title", "author", "words", "updated", "added")


def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Fields, and behind a field's colon the names in the catalogue."""
    from click.shell_completion import CompletionItem

    from ..errors import FicdexError
    from ..index.suggesting import completions

    before = ctx.params.get("query") or ()
    try:
        with Settings(ctx.find_root().params.get("catalog")).open() as catalog:
            return [CompletionItem(word) for word in completions(catalog.db, before, incomplete)]
    except FicdexError:
        return []


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, shell_complete=complete)
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many hits to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many hits to pass over.")
@click.option("--sort", type=click.Choice(SORTS), default="score", show_default=True, help="The order of the hits.")
@click.option("--json", "form", flag_value="json", help="Print the hits as JSON.")
@click.option("--csv", "form", flag_value="csv", help="Print the hits as CSV, in the columns of `ficdex export`.")
@click.option(
    "--ids", "form", flag_value="ids", help="Print the ids of all hits, one a line, for `ficdex export --ids -`."
)
@click.option("--facets", metavar="NAMES", help="Count the hits by fandom, character, beta, ... instead; by commas.")
@click.option("--save", metavar="NAME", help="Keep the query under a name; @NAME stands for it in any query.")
@click.option("--saved", is_flag=True, help="List the saved searches.")
@click.option("--forget", metavar="NAME", help="Take a saved search back.")
@click.pass_obj
def command(
    settings: Settings, query: tuple[str, ...], limit: int, offset: int, sort: str, form: str | None,
    facets: str | None, save: str | None, saved: bool, forget: str | None,
) -> int:  # fmt: skip
    """Find works by what stands in their fields, notes and text.

    \b
      vampire motel                 both words, anywhere
      "thanks to my cat"            a phrase
      beta:trisha -fandom:angel     in a field, and not in another
      title:moth* OR note:moth      a beginning; either of two
      ship:"spike/willow"           a pairing, in any order
      text:refrigerator             only in the story
      words:>10k updated:<6 months  numbers and dates
    """
    from ..index.search import SearchIndex

    if saved or forget:
        return _saved(settings, forget)
    words = " ".join(query)
    if not words:
        raise click.UsageError("nothing to search for; `ficdex search '*'` finds every work")
    if save:
        _save(settings, save, words)
    with settings.open() as catalog:
        index = SearchIndex.open(catalog)
        if form == "ids":
            for id_ in index.ids(words):
                write(str(id_))
            return OK
        hits = index.find(words, limit=limit, offset=offset, sort=cast("Sort", sort))
        records = {record["id"]: record for record in catalog.records([hit.id for hit in hits.hits])}
        counts = _facets(catalog, index, words, facets)
    shown = [(hit, records[hit.id]) for hit in hits.hits if hit.id in records]
    _print(hits, shown, form, counts)
    if settings.level >= 0 or not hits.total:
        for line in _remarks(hits):
            say(line)
    if hits.total and settings.level >= 0 and is_terminal():
        which = f", {offset + 1} to {offset + len(shown)} shown" if hits.total > len(shown) else ""
        say(counted(hits.total, "work") + which)
    return OK


def _facets(catalog: Catalog, index: SearchIndex, query: str, names: str | None) -> Facets | None:
    """How often the hits have each value of some fields; None if nobody asked."""
    if not names:
        return None
    from ..index.facets import NAMES, facets

    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in NAMES:
            raise click.UsageError(f"no facet {name!r}; these are: {', '.join(NAMES)}")
    return facets(catalog.db, list(index.ids(query)), wanted)


def _save(settings: Settings, name: str, query: str) -> None:
    from ..index.saved import SavedSearches

    with settings.open(write=True) as catalog:
        SavedSearches(catalog).save(name, query)


def _saved(settings: Settings, forget: str | None) -> int:
    """The saved searches, or one less."""
    from ..index.saved import SavedSearches

    if forget:
        with settings.open(write=True) as catalog:
            SavedSearches(catalog).forget(forget)
        return OK
    with settings.open() as catalog:
        table(("name", "query"), [(f"@{name}", query) for name, query in SavedSearches(catalog).all()])
    return OK


def _print(hits: Hits, shown: Sequence[tuple[Hit, Any]], form: str | None, facets: Facets | None) -> None:
    if form == "json":
        as_json(_answer(hits, shown) | ({} if facets is None else {"facets": facets}))
    elif form == "csv":
        _csv([record for _, record in shown])
    elif facets is not None:
        table(("facet", "value", "works"), [(name, *one) for name, counts in facets.items() for one in counts])
    elif is_terminal():
        for hit, record in shown:
            _card(hit, record)
    else:
        for _, record in shown:
            write("\t".join(one_line(c) for c in _row(record)))


def _csv(records: list[Record]) -> None:
    from ..index.export import Options, exporters

    sys.stdout.reconfigure(newline="", errors="replace")  # type: ignore[union-attr]
    exporters()["csv"].write(iter(records), sys.stdout, Options())


def _answer(hits: Hits, shown: Sequence[tuple[Hit, Any]]) -> dict[str, object]:
    return {
        "total": hits.total,
        "hits": [_plain(hit, record) for hit, record in shown],
        "widened": [{"word": w.word, "name": w.name, "fandom": w.fandom} for w in hits.widened],
        "cut": list(hits.cut),
        "meant": [{"query": query, "total": total} for query, total in hits.meant],
    }


def _plain(hit: Hit, record: Any) -> dict[str, object]:
    keys = ("id", "title", "authors", "fandoms", "words", "betas", "source")
    snippets = [{"field": s.field, "text": s.text, "marks": [list(m) for m in s.marks]} for s in hit.snippets]
    return {**{k: record[k] for k in keys}, "score": round(hit.score, 3), "snippets": snippets}


def _remarks(hits: Hits) -> Iterator[str]:
    """What a person should know of how the query was taken."""
    for word in dict.fromkeys(w.word for w in hits.widened):
        names = [f"{w.name} ({w.fandom})" if w.name != w.fandom else w.name for w in hits.widened if w.word == word]
        yield f"{word}: also {', '.join(names)}"
    for word in hits.cut:
        yield f"{word}: stands for more words than were looked for; write more of it"
    if not hits.total:
        yield "no work was found" + ("" if hits.meant else "; try fewer words, or a beginning with *")
    for query, count in hits.meant:
        yield f"did you mean {query} ({counted(count, 'work')})"


def _row(record: Any) -> list[object]:
    return [
        record["id"], record["title"] or "", ", ".join(record["authors"]), ", ".join(record["fandoms"]),
        record["words"], people(record["betas"]),
    ]  # fmt: skip


def _card(hit: Hit, record: Any) -> None:
    """A hit as a person reads it: what it is, then why it was found."""
    _, title, authors, fandoms, words, betas = _row(record)
    write(
        f"{record['id']:>5}  {bold(one_line(title or '(no title)'))}" + (f"  by {one_line(authors)}" if authors else "")
    )
    facts = [str(fandoms), f"{words:,} words", f"beta: {betas}" if betas else ""]
    write(" " * 7 + dim(one_line(" · ".join(f for f in facts if f))))
    for snippet in hit.snippets:
        write(" " * 7 + f"{dim(snippet.field + ':')} {marked(snippet.text, snippet.marks)}")
