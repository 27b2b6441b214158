"""`ficdex search`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import click

from ..cli import OK, Settings
from ..console import as_json, bold, dim, is_terminal, marked, one_line, say, write
from ..fields import people
from ..text import counted

if TYPE_CHECKING:
    from ..index.hits import Hits

SORTS = ("score", "title", "author", "words", "updated", "added")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many hits to show.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many hits to pass over.")
@click.option("--sort", type=click.Choice(SORTS), default="score", show_default=True, help="The order of the hits.")
@click.option("--json", "json_", is_flag=True, help="Print the hits as JSON.")
@click.option("--ids", is_flag=True, help="Print the ids of all hits, one a line, for `ficdex export --ids -`.")
@click.pass_obj
def command(
    settings: Settings, query: tuple[str, ...], limit: int, offset: int, sort: str, json_: bool, ids: bool
) -> int:
    """Find works by what stands in their fields, notes and text.

    \b
      vampire motel                 both words, anywhere
      "thanks to my cat"            a phrase
      beta:trisha -fandom:angel     in a field, and not in another
      title:moth* OR note:moth      a beginning; either of two
      text:refrigerator             only in the story
      words:>10000 published:2003   numbers and dates
    """
    from ..index.search import SearchIndex

    words = " ".join(query)
    with settings.open() as catalog:
        index = SearchIndex.open(catalog)
        if ids:
            for id_ in index.ids(words):
                write(str(id_))
            return OK
        hits = index.find(words, limit=limit, offset=offset, sort=cast("Any", sort))
        records = {r["id"]: r for r in catalog.records([h.id for h in hits.hits])}
    shown = [(hit, records[hit.id]) for hit in hits.hits if hit.id in records]
    if json_:
        as_json(_answer(hits, [_plain(hit, record) for hit, record in shown]))
    elif is_terminal():
        for hit, record in shown:
            _card(hit, record)
    else:
        for _, record in shown:
            write("\t".join(one_line(c) for c in _row(record)))
    for line in _remarks(hits):
        say(line)
    if hits.total and settings.level >= 0 and is_terminal():
        pages = f", {offset + 1} to {offset + len(shown)} shown" if hits.total > len(shown) else ""
        say(counted(hits.total, "work") + pages)
    return OK


def _answer(hits: Hits, shown: list[dict[str, object]]) -> dict[str, object]:
    widened = [{"word": w.word, "name": w.name, "fandom": w.fandom} for w in hits.widened]
    meant = [{"query": query, "total": total} for query, total in hits.meant]
    return {"total": hits.total, "hits": shown, "widened": widened, "cut": list(hits.cut), "meant": meant}


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


def _plain(hit: Any, record: Any) -> dict[str, object]:
    keys = ("id", "title", "authors", "fandoms", "words", "betas", "source")
    snippets = [{"field": s.field, "text": s.text, "marks": [list(m) for m in s.marks]} for s in hit.snippets]
    return {**{k: record[k] for k in keys}, "score": round(hit.score, 3), "snippets": snippets}


def _card(hit: Any, record: Any) -> None:
    """A hit as a person reads it: what it is, then why it was found."""
    _, title, authors, fandoms, words, betas = _row(record)
    write(
        f"{record['id']:>5}  {bold(one_line(title or '(no title)'))}" + (f"  by {one_line(authors)}" if authors else "")
    )
    facts = [str(fandoms), f"{words:,} words", f"beta: {betas}" if betas else ""]
    write(" " * 7 + dim(one_line(" · ".join(f for f in facts if f))))
    for snippet in hit.snippets:
        write(" " * 7 + f"{dim(snippet.field + ':')} {marked(snippet.text, snippet.marks)}")
