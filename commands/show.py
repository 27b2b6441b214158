"""`ficdex show`."""

from __future__ import annotations

import click

from ..cli import OK, Settings
from ..console import as_json, one_line, write
from ..show import evidence_lines, work_lines


@click.command
@click.argument("work")
@click.option("--evidence", is_flag=True, help="Show the words each value came from, and the losing candidates.")
@click.option("--json", "json_", is_flag=True, help="Print the work record as JSON.")
@click.pass_obj
def command(settings: Settings, work: str, evidence: bool, json_: bool) -> int:
    """Show a work, named by its id or title."""
    with settings.open() as catalog:
        id_ = catalog.find(work)
        record = catalog.record(id_)
        if json_:
            as_json({**record, "rejected": catalog.rejected(id_)} if evidence else record)
            return OK
        for line in work_lines(record, catalog.document(id_).repairs):
            write(line)
        if others := catalog.editions(id_):
            write("Also as " + ", ".join(f"{other} ({one_line(name)})" for other, name in others))
        if since := catalog.missing_since(id_):
            write(f"The file is gone since {since}.")
        if evidence:
            text = catalog.text(id_)
            write("\nEvidence")
            for line in evidence_lines(record["evidence"], text):  # type: ignore[arg-type]
                write(line)
            if rejected := catalog.rejected(id_):
                write("\nLosing candidates")
                for line in evidence_lines(rejected, text, "-"):
                    write(line)
    return OK
