"""`ficdex doctor`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from ..cli import FAILED, OK, Settings
from ..console import as_json, bold, dim, one_line, write
from ..errors import CatalogDamaged
from ..index.doctor import CHECKS, Result, examine
from ..index.findings import Check, Finding, Patient
from ..text import counted


@click.command
@click.option("--fix", is_flag=True, help="Mend what can be mended safely; works are never deleted.")
@click.option("--json", "json_", is_flag=True, help="Print the results as JSON.")
@click.pass_obj
def command(settings: Settings, fix: bool, json_: bool) -> int:
    """Look whether all is well with the catalogue, its indexes and its files.

    A line a check: ok, a note, or what is wrong, and what to do. Status 1: something is wrong that was not mended.
    """
    results = []
    for result in _results(settings, fix):
        results.append(result)
        if not json_:
            _show(result, settings.level)
    if json_:
        as_json({"checks": [_record(result) for result in results]})
    return FAILED if any(result.finding.wrong for result in results) else OK


def _results(settings: Settings, fix: bool) -> Iterator[Result]:
    """The results of all checks; of a file that cannot even be opened, that."""
    from ..lexicon import extractor_version

    try:
        with settings.open(write=True) as catalog:
            yield from examine(Patient(catalog, extractor_version()), (*CHECKS, CRAWL), fix=fix)
    except CatalogDamaged as problem:
        yield Result("file", Finding(str(problem), "a backup restores what was a catalogue", wrong=True))


def _show(result: Result, level: int) -> None:
    """A line of a check; with -q only of what is wrong, with -v each of what it is about."""
    finding = result.finding
    if level < 0 and not finding.wrong:
        return
    said = [f"{finding.grade:6}{result.name:13} {one_line(finding.said)}"]
    said += [f"mended: {result.done}"] if result.done else []
    said += [finding.remedy] if finding.remedy else []
    write(bold("; ".join(said)) if finding.wrong else "; ".join(said))
    for item in _listed(finding, level):
        write(dim(f"{'':20}{one_line(item)}"))


def _listed(finding: Finding, level: int) -> Iterable[str]:
    return finding.items if level > 0 else ()


def _record(result: Result) -> dict[str, object]:
    finding = result.finding
    return {
        "check": result.name,
        "grade": finding.grade,
        "said": finding.said,
        "remedy": finding.remedy,
        "mended": result.done,
        "items": list(finding.items),
    }


def _leases(patient: Patient) -> Finding:
    """Pages that a crawl had in hand when it was killed: none runs, since this run holds the lock."""
    from ..crawler import frontier
    from ..crawler.ledger import Ledger

    count = Ledger(patient.db).leased() if frontier.exists(patient.db) else 0
    if not count:
        return Finding("nothing left in hand")
    return Finding(f"{counted(count, 'page')} in hand of a crawl that was killed", "the next crawl takes them up")


def _release(patient: Patient) -> str:
    from ..crawler.clock import Clock
    from ..pipeline import frontier_of

    count = frontier_of(patient.catalog, Clock()).recover()
    return f"{counted(count, 'page')} waiting again"


CRAWL = Check("crawl", _leases, _release)
