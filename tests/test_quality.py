"""The scorer says what the labels mean: on the labels themselves, on faults, and beside the reference scorer."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from quality import phrasings, rename
from quality.calibration import Calibration
from quality.names import pairs
from quality.relevance import FOLDER, ndcg
from quality.score import Score
from quality.sets import SETS, LabelledSet

SHARED = Path(__file__).parent.parent.parent / "shared"
LABELS: dict[str, Any] = {
    "file": "a.txt",
    "title": "Low Tide",
    "authors": ["Fenn"],
    "betas": [{"name": "Odile", "role": "beta"}],
    "beta_status": "credited",
    "notes": [{"position": "start", "text": "Odile read it twice."}, {"position": "end", "text": "Please review!"}],
    "characters_main": [["Maren Holt", "Maren"]],
    "characters_present": [["Pim"]],
    "characters_mentioned": [["Old Tom"]],
    "not_characters": ["Odile"],
    "fandoms": [["The Sentinel"]],
    "relationships": ["Maren/Pim"],
    "rating": "PG",
    "summary": None,
}
RECORD: dict[str, Any] = {
    **{key: value for key, value in LABELS.items() if not key.startswith(("char", "not_", "file"))},
    "fandoms": ["The Sentinel"],
    "characters": [
        {"name": "Maren Holt", "as": ["Maren"], "stage": "main"},
        {"name": "Pim", "as": [], "stage": "present"},
        {"name": "Old Tom", "as": [], "stage": "mentioned"},
    ],
    "evidence": [],
}


def scored(**changes: Any) -> dict[str, float]:
    score = Score()
    score.work(LABELS, {**RECORD, **changes})
    return {field: figure.figure for field, figure in score.figures.items()}


def test_a_record_that_says_what_the_labels_say_is_right_in_everything() -> None:
    assert set(scored().values()) == {1.0}


@pytest.mark.parametrize(
    ("changes", "field", "figure"),
    [
        ({"title": "Tide"}, "title", 0.0),
        ({"title": "LOW TIDE!"}, "title", 1.0),
        ({"authors": []}, "authors", 0.0),
        ({"betas": [{"name": "Odile", "role": "editor"}]}, "beta role", 0.0),
        ({"betas": [{"name": "Odile", "role": "beta"}, {"name": "Tom", "role": "beta"}]}, "betas", 2 / 3),
        ({"beta_status": "none"}, "beta status", 0.0),
        ({"notes": LABELS["notes"][:1]}, "note blocks", 2 / 3),
        ({"notes": [LABELS["notes"][0], {**LABELS["notes"][1], "position": "chapter_end"}]}, "note position", 0.5),
        ({"characters": RECORD["characters"][:2]}, "characters", 0.8),
        ({"characters": [{"name": "Odile", "as": [], "stage": "main"}]}, "names are characters", 0.0),
        ({"characters": [{"name": "Maren", "as": [], "stage": "mentioned"}]}, "on stage or not", 0.0),
        ({"relationships": ["Pim/Maren Holt"]}, "relationships", 1.0),
        ({"relationships": ["Pim/Old Tom"]}, "relationships", 0.0),
        ({"fandoms": ["The Sentinel (TV)"]}, "fandoms", 1.0),
    ],
)
def test_a_fault_costs_the_figure_of_its_field(changes: dict[str, Any], field: str, figure: float) -> None:
    assert scored(**changes)[field] == pytest.approx(figure)


def test_a_work_that_was_not_found_is_wrong_in_everything_it_has() -> None:
    score = Score()
    score.work(LABELS, {})
    assert {f.figure for field, f in score.figures.items() if f.count} == {0.0}


def test_one_found_name_is_one_person_by_its_own_name_first() -> None:
    assert pairs([["Sam"], ["Sam Gamgee", "Sam"]], [["Sam Gamgee", "Sam"], ["Sam"]]) == [1, 0]


def test_a_phrasing_stands_in_a_story_behind_its_marker_or_within_the_prose() -> None:
    row = {"note": "Thanks to Odile.", "marker": "A/N:", "kind": "credit"}
    assert "\n\nA/N: Thanks to Odile.\n\n* * *\n\n" in phrasings.composed(row, 1)
    assert "move.\n\nThanks to Odile.\n\nThey went" in phrasings.composed({**row, "kind": "prose"}, 1)


def test_renaming_calls_the_same_person_the_same_everywhere() -> None:
    labels = {**LABELS, "nicknames": {"Maren Holt": ["Mar"]}}
    other, text = rename.renamed(labels, "MAREN ran. Maren Holt's dog, Pim, and Mar ran; Old Tom stayed.")
    (full, given), (pim,) = other["characters_main"][0], other["characters_present"][0]
    assert given in rename.WORDS
    assert pim != given
    assert other["nicknames"][full][0] in rename.INVENTED
    assert text.startswith(f"{given.upper()} ran. {full}'s dog, {pim}, and {other['nicknames'][full][0]} ran; ")


def test_a_confidence_is_held_against_what_was_right() -> None:
    claims = [
        {"field": "authors", "value": "Fenn", "confidence": 0.92, "rule": "byline", "start": None},
        {"field": "authors", "value": "Odd", "confidence": 0.55, "rule": "mail", "start": None},
        {"field": "authors", "value": "Lost", "confidence": 0.3, "rule": "mail", "start": None},
    ]
    calibration = Calibration()
    calibration.work(LABELS, {**RECORD, "authors": ["Fenn", "Odd"], "evidence": claims})
    counts = [(rate.right, rate.count) for rate in calibration.table["authors"]]
    assert counts == [(0, 1), (0, 0), (0, 0), (0, 0), (1, 1), (0, 0)]


@pytest.mark.skipif(not SHARED.exists(), reason="the reference corpus is not here")
@pytest.mark.parametrize("labelled", [s for s in SETS if s.name in ("stories", "usenet")], ids=lambda s: s.name)
def test_the_figures_are_those_of_the_reference_scorer(labelled: LabelledSet, tmp_path: Path) -> None:
    score, records = Score(), labelled.records()
    for labels, found in labelled.paired():
        score.work(labels, found)
    output = tmp_path / "out.jsonl"
    output.write_text("".join(json.dumps(record) + "\n" for record in records.values()))
    command = [sys.executable, SHARED / "score.py", labelled.folder / labelled.labels, output, "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = {field: figure.figure for field, figure in score.figures.items()}
    names = {"main character": "main characters", "stage": "on stage or not"}
    for field, row in theirs.items():
        if isinstance(row, dict) and field != "cast":
            assert ours[names.get(field, field)] == pytest.approx(row.get("rate", row.get("f1")), abs=0.0006)


def test_an_answer_gains_by_what_is_right_and_how_early_it_comes() -> None:
    assert ndcg(["a", "b", "x"], ["a"], ["b"]) == 1
    assert ndcg(["x", "y"], ["a"], []) == 0
    assert 0 < ndcg(["b", "a"], ["a"], ["b"]) < ndcg(["a", "x", "b"], ["a"], ["b"]) < 1


def test_the_right_answers_of_the_relevance_set_are_works_of_it() -> None:
    works = tomllib.loads((FOLDER / "works.toml").read_text())["work"]
    queries = tomllib.loads((FOLDER / "queries.toml").read_text())["query"]
    titles = [work["title"] for work in works]
    assert len(set(titles)) == len(titles)
    assert {t for q in queries for t in (*q["best"], *q.get("also", ()))} <= set(titles)
    assert len(queries) >= 60
