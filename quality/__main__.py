"""`make quality`: how well ficdex extracts, beside the bars of docs/quality.md.

python -m quality [--show FIELD] [--set NAME]...     FIELD: print what was wrong in it; exit status 1 below a floor
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from . import phrasings, rename
from .calibration import Calibration, lines
from .names import Average, Rate, Tally
from .relevance import relevance
from .score import Score
from .sets import NOTHING_KNOWN, OWN, SETS, LabelledSet, document, record

BUILD = Path(__file__).parent.parent / "build"
FLOORS = Path(__file__).with_name("floors.toml")
BY = ("format", "language", "difficulty")

Column = dict[str, Rate | Tally | Average]


class Report:
    """The figures of every set, the set's name their column."""

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}
        self.groups: dict[str, dict[str, Column]] = defaultdict(dict)
        self.said: dict[str, list[str]] = defaultdict(list)
        self.calibration = Calibration()

    def add(self, name: str, score: Score) -> None:
        self.columns[name] = score.figures
        for field, said in score.said.items():
            self.said[field] += said

    def works(self, labelled: LabelledSet) -> None:
        """A set's own figures, by format, language and difficulty too, and what its claims were worth."""
        whole, parts = Score(), {by: defaultdict[str, Score](Score) for by in BY}
        false: Counter[str] = Counter()
        for labels, found in labelled.paired():
            whole.work(labels, found)
            self.calibration.work(labels, found)
            false["notes"] += len(found.get("notes", ()))
            false["betas"] += len(found.get("betas", ()))
            for by in BY:
                if by in labels and labelled.name in ("train", "test", "stories"):
                    parts[by][str(labels[by])].work(labels, found)
        if labelled.name == "litbank":
            whole.figures["false notes"], whole.figures["false credits"] = (
                Tally(wrong=false["notes"]),
                Tally(wrong=false["betas"]),
            )
        self.add(labelled.name, whole)
        for by in BY:
            for value, score in parts[by].items():
                self.groups[by][f"{labelled.name}: {value}"] = score.figures

    def phrasings(self, half: str) -> None:
        score = Score()
        for labels, found in phrasings.paired(OWN / half / "phrasings.toml"):
            score.work(labels, found)
        self.add(f"{half} phrasings", score)

    def unknown(self, labelled: LabelledSet) -> None:
        """Characters without anything known of fandoms."""
        score = Score()
        for labels in labelled.rows():
            score.work(labels, record(document(labelled.path(labels)), NOTHING_KNOWN))
        self.add(f"{labelled.name}, no gazetteer", score)

    def search(self) -> None:
        """How well search ranks, over a catalogue of its own."""
        figure, self.said["nDCG"] = relevance()
        self.columns["search"] = {"nDCG": figure}

    def renamed(self, sets: list[LabelledSet]) -> None:
        before, after = Score(), Score()
        for labelled in sets:
            rename.test(labelled, before, after)
        self.columns["no gazetteer"], self.columns["renamed"] = before.figures, after.figures

    def print(self) -> None:
        names = list(self.columns)
        fields = dict.fromkeys(field for column in self.columns.values() for field in column)
        for at in range(0, len(names), 4):
            some = names[at : at + 4]
            print(f"\n{'':30}" + "".join(f"{name:>24}" for name in some))
            for field in fields:
                cells = [_cell(self.columns[name].get(field)) for name in some]
                if any(cells):
                    print(f"{field:30}" + "".join(f"{cell:>24}" for cell in cells))
        print("\nshare right of what was claimed, by confidence")
        for line in lines(self.calibration.table):
            print(line)

    def write(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        columns = {name: _plain(column) for name, column in self.columns.items()}
        groups = {by: {name: _plain(column) for name, column in found.items()} for by, found in self.groups.items()}
        table = {f: [[round(r.figure, 3), r.count] for r in rates] for f, rates in self.calibration.table.items()}
        rows = {**columns, "by": groups, "calibration": table}
        path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def undercut(self) -> list[str]:
        """What is below its floor, in words; a floor of a set that is not here is passed over."""
        said = []
        for name, floors in tomllib.loads(FLOORS.read_text(encoding="utf-8")).items():
            for field, floor in floors.items() if name in self.columns else ():
                figure = self.columns[name].get(field)
                if figure is None or figure.figure < floor:
                    said.append(f"{name}, {field}: {figure.figure if figure else 0:.3f} is below {floor}")
        return said


def _cell(figure: Rate | Tally | Average | None) -> str:
    return f"{figure.figure:.3f} of {figure.count}" if figure else ""


def _plain(column: Column) -> dict[str, dict[str, float | int]]:
    plain: dict[str, dict[str, float | int]] = {}
    for field, figure in column.items():
        plain[field] = {"figure": round(figure.figure, 4), "of": figure.count}
        if isinstance(figure, Tally):
            plain[field]["recall"] = round(figure.recall, 4)
    return plain


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m quality", description=__doc__.split("\n")[0] if __doc__ else "")
    asked.add_argument("--show", default="", help="print what was wrong in this field")
    asked.add_argument("--set", action="append", default=[], help="only this set; may be given again")
    options = asked.parse_args()
    os.environ["FICDEX_FANDOMS"] = os.devnull  # what the owner has added is no part of what is measured
    report = Report()
    sets = [s for s in SETS if s.is_there and (not options.set or s.name in options.set)]
    for labelled in sets:
        report.works(labelled)
        if labelled.name == "litbank":
            report.unknown(labelled)
    for half in ("train", "test"):
        if (OWN / half / "phrasings.toml").exists() and (not options.set or half in options.set):
            report.phrasings(half)
    if not options.set or "search" in options.set:
        report.search()
    report.renamed([s for s in sets if s.name in ("train", "test", "stories")])
    report.print()
    report.write(BUILD / "quality.json")
    for line in report.said.get(options.show, ()):
        print(f"  {line}")
    for missing in (s for s in SETS if not s.is_there):
        print(f"{missing.name}: {missing.folder / missing.labels} is not here; left out")
    for line in report.undercut():
        print(line, file=sys.stderr)
    return bool(report.undercut())


if __name__ == "__main__":
    sys.exit(main())
