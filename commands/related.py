"""`ficdex related`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import as_json, say, table, write


@click.command
@click.argument("work")
@click.option("--limit", type=click.IntRange(1, 1_000), default=10, show_default=True, help="How many works to show.")
@click.option("--json", "json_", is_flag=True, help="Print the works as JSON.")
@click.option("--ids", is_flag=True, help="Print their ids, one a line.")
@click.pass_obj
def command(settings: Settings, work: str, limit: int, json_: bool, ids: bool) -> int:
    """Show works like a WORK, named by its id or title, and what they share with it.

    Works of its series and works that one names as belonging to the other come first; then what shares authors,
    betas, relationships, fandoms and characters, the rarer the better.
    """
    from ..index.related import related

    with settings.open() as catalog:
        found = related(catalog.db, catalog.find(work), limit)
        records = {record["id"]: record for record in catalog.records(like.id for like in found)}
    if ids:
        for like in found:
            write(str(like.id))
    elif json_:
        keys = ("id", "title", "authors", "fandoms", "words")
        as_json([
            {**{key: records[like.id][key] for key in keys}, "score": round(like.score, 3), "why": list(like.why)}
            for like in found
        ])  # fmt: skip
    else:
        table(
            ("id", "title", "author", "why"),
            [
                (like.id, records[like.id]["title"] or "", _authors(records[like.id]), "; ".join(like.why))
                for like in found
            ],
        )
    if not found:
        say("no work has anything in common with it")
    return OK


def _authors(record: dict[str, object]) -> str:
    authors = record["authors"]
    assert isinstance(authors, list)
    return ", ".join(authors)
