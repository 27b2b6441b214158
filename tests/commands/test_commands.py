"""The command line: what it prints where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex import cli
from ficdex.index.export.cells import guarded, joined, split

SAMPLES = Path(__file__).parent.parent.parent / "data" / "samples"


class Result:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def ficdex(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command line on a catalogue of its own."""
    monkeypatch.setenv("FICDEX_CATALOG", str(tmp_path / "c.db"))

    def run(*arguments: str | Path) -> Result:
        with pytest.raises(SystemExit) as ended:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return Result(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def filled(ficdex, samples: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    shutil.copy(samples, tmp_path / "c.db")
    return ficdex


def test_a_search_prints_plain_lines_in_a_pipe(filled) -> None:  # type: ignore[no-untyped-def]
    lines = filled("search", "beta:odile").out.splitlines()
    assert [line.split("\t")[1] for line in lines] == ["Moth Season"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("beta:odile", "Moth Season"),
        ("beta:ODILE -fandom:firefly", "Moth Season"),
        ('note:"eleven commas"', "Moth Season"),
        ("text:hedge character:red", "Moth Season"),
        ("title:moth* AND NOT beta:trisha", "Moth Season"),
        ("(hedge OR nothingness) buffy", "Moth Season"),
        ("author:fernseed", "STABLE HAND"),
        ("published:2012-03", "A Kettle for Two"),
        ("words:>100 series:appliances", "A Kettle for Two"),
        ("clochette_rouillee", "La clef sous le paillasson"),
    ],
)
def test_queries_find_what_is_meant(filled, query: str, title: str) -> None:  # type: ignore[no-untyped-def]
    hits = json.loads(filled("search", "--json", query).out)["hits"]
    assert title in [h["title"] for h in hits]


def test_snippets_say_why(filled) -> None:  # type: ignore[no-untyped-def]
    (hit,) = json.loads(filled("search", "--json", 'note:"eleven commas"').out)["hits"]
    (snippet,) = hit["snippets"]
    assert [snippet["text"][a:b] for a, b in snippet["marks"]] == ["eleven commas"]


def test_what_a_name_was_taken_for_is_said(filled) -> None:  # type: ignore[no-untyped-def]
    found = filled("search", "character:wills")
    assert found.out.count("\n") >= 1
    assert "wills: also Willow Rosenberg (Buffy the Vampire Slayer)" in found.err
    (said,) = json.loads(filled("search", "--json", "character:wills").out)["widened"]
    assert said["name"] == "Willow Rosenberg"


def test_a_misspelling_is_answered_by_what_was_meant(filled) -> None:  # type: ignore[no-untyped-def]
    assert "did you mean beta:Odile (1 work)" in filled("search", "beta:odlie").err
    (meant,) = json.loads(filled("search", "--json", "beta:odlie").out)["meant"]
    assert meant == {"query": "beta:Odile", "total": 1}


def test_no_hits_are_no_failure(filled) -> None:  # type: ignore[no-untyped-def]
    result = filled("search", "zeppelin")
    assert (result.code, result.out) == (0, "")
    assert "no work" in result.err


@pytest.mark.parametrize(
    "wrong", [("search", "(moth"), ("search", "colour:red"), ("set", "1", "colour=red"), ("show",), ("nonsense",)]
)
def test_wrong_usage_ends_with_2_and_no_traceback(filled, wrong: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    result = filled(*wrong)
    assert result.code == 2
    assert "Traceback" not in result.err


def test_a_missing_work_ends_with_1(filled) -> None:  # type: ignore[no-untyped-def]
    assert filled("show", "Nothing Such").code == 1


def test_a_bad_item_does_not_stop_the_rest(ficdex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 not a zip at all")
    (tmp_path / "good.txt").write_text("Low Tide\n\nThe tide went out, and nobody said a word.")
    result = ficdex("import", tmp_path / "bad.zip", tmp_path / "good.txt")
    assert result.code == 1
    assert "bad.zip" in result.err
    assert len(ficdex("search", "tide").out.splitlines()) == 1


def test_two_writers_are_refused_with_3(filled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from ficdex.index.lock import Lock

    lock = Lock(tmp_path / "c.db")
    assert filled("set", "1", "rating=PG").code == 3
    lock.release()


def test_control_characters_never_reach_the_terminal(ficdex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    title = "Tide\u202e of \u009b31m Doom"
    (tmp_path / "a.txt").write_text(f"Title: {title}\nAuthor: Fenn\n\nThe tide went out.", encoding="utf-8")
    ficdex("import", tmp_path / "a.txt")
    for command in (("show", "1"), ("search", "doom"), ("read", "1"), ("show", "1", "--evidence")):
        assert not {"\u202e", "\u009b", "\x1b"} & set(ficdex(*command).out)


def test_set_undo_and_show(filled) -> None:  # type: ignore[no-untyped-def]
    assert filled("set", "Moth Season", 'title="Moths"', "beta+=Tom:brit-picker").code == 0
    shown = filled("show", "Moths").out
    assert "Odile, Tom (brit-picker)" in shown
    assert len(filled("search", "brit-picker:tom").out.splitlines()) == 1
    filled("undo")
    assert filled("search", "beta:tom").out == ""


def test_the_evidence_quotes_the_text(filled) -> None:  # type: ignore[no-untyped-def]
    record = json.loads(filled("show", "Moth Season", "--json").out)
    text = filled("read", "Moth Season").out
    for item in record["evidence"]:
        if item["start"] is not None:
            assert text[item["start"] : item["end"]] == item["quote"]


def test_csv_reads_back(filled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    filled("export", "-o", tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert data.count(b"\r\n") >= len(rows) + 1
    by_title = {row["title"]: row for row in rows}
    assert split(by_title["A Kettle for Two"]["betas"]) == ["Marigold Fenn (brit-picker)", "hollow_crown"]
    assert by_title["A Kettle for Two"]["chapters"] == "2/2"


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "md"])
def test_every_format_writes_every_work(filled, tmp_path: Path, name: str) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / f"out.{name}"
    assert filled("export", "-o", target).code == 0
    assert "Moth Season" in target.read_text(encoding="utf-8")
    assert not list(tmp_path.glob(".out*"))


def test_found_ids_are_exported(filled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "ids").write_text(filled("search", "--ids", "fandom:potter").out)
    out = filled("export", "--ids", tmp_path / "ids", "--fields", "title").out
    assert sorted(out.split("\r\n")[1:3]) == ["La clef sous le paillasson", "The Understairs Society"]


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=5), st.sampled_from(["; ", ", ", "|", " / "])
)
def test_lists_in_cells_read_back_without_loss(items: list[str], separator: str) -> None:
    sign = separator.strip()
    kept = [i for i in items if not i.startswith(sign) and not i.endswith(sign)]
    assert split(joined(kept, separator), separator) == kept


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_guarded(formula: str) -> None:
    assert guarded(formula) == f"'{formula}"


def test_extract_prints_the_record_without_a_catalogue(ficdex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    record = json.loads(ficdex("extract", SAMPLES / "moth_season.txt", "--jsonl").out)
    assert record["title"] == "Moth Season"
    assert record["source"].endswith("moth_season.txt")
    assert not (tmp_path / "c.db").exists()
    text = ficdex("extract", SAMPLES / "moth_season.txt", "--text").out
    assert text[record["evidence"][0]["start"] or 0 :]


def test_reindex_reextract_stats_backup_open_run(filled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert "14 works" in filled("reindex").err
    assert filled("reextract", "--all").code == 0
    assert json.loads(filled("stats", "--json").out)["works"] == 14
    assert filled("backup", tmp_path / "copy.db").code == 0
    assert filled("open", "Moth Season", "--print").out.strip().endswith("moth_season.txt")
    assert filled("remove", "--yes", "Moth Season").code == 0
    assert filled("search", "beta:odile").out == ""


def test_the_owners_sample_shows_what_the_product_is_for(ficdex, corpus: Path) -> None:  # type: ignore[no-untyped-def]
    ficdex("-q", "import", corpus / "sample")
    for query in ("beta:trisha", 'note:"stroking my ego"', "text:refrigerator character:tara"):
        assert "A Tale of Two Sinners" in ficdex("search", query).out
    record = json.loads(ficdex("show", "A Tale", "--json").out)
    cast = {c["name"]: c for c in record["characters"]}
    assert {"Willow Rosenberg", "Spike", "Tara Maclay", "Buffy Summers", "Xander Harris", "Dawn Summers"} <= cast.keys()
    assert "Red" in cast["Willow Rosenberg"]["as"]
    assert "Slayer" in " ".join(cast["Buffy Summers"]["as"])
    assert all(cast[n]["stage"] != "mentioned" for n in ("Willow Rosenberg", "Spike"))
    assert not {"Trisha", "Sisyphus", "Aunt Ada", "Ada", "Lady of Shallot", "Shallot"} & cast.keys()
    assert record["fandoms"] == ["Buffy the Vampire Slayer"]
    assert record["related"][0]["chapters"] == [10, 11]
    assert record["beta_status"] == "credited"
    assert record["notes"][0]["text"].startswith("this was written to explain")


def test_a_fault_in_extraction_costs_one_item(ficdex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from ficdex import extract as package

    real = package.extract

    def broken(document, lexicon):  # type: ignore[no-untyped-def]
        if "cursed" in document.text:
            raise IndexError("a fault")
        return real(document, lexicon)

    monkeypatch.setattr(package, "extract", broken)
    (tmp_path / "a.txt").write_text("Low Tide\n\nA cursed story, nobody reads it.")
    (tmp_path / "b.txt").write_text("High Tide\n\nA story that somebody reads.")
    result = ficdex("import", tmp_path / "a.txt", tmp_path / "b.txt")
    assert result.code == 1
    assert "a.txt" in result.err
    assert len(ficdex("search", "tide").out.splitlines()) == 1


def test_evidence_of_every_sample_can_be_shown(filled) -> None:  # type: ignore[no-untyped-def]
    for record in map(json.loads, filled("export", "--format", "jsonl").out.splitlines()):
        shown = filled("show", str(record["id"]), "--evidence")
        assert shown.code == 0
        assert "Evidence" in shown.out


def test_a_site_s_counters_are_shown_one_by_one(ficdex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    blurb = (
        '<ol><li class="work blurb group" id="work_1"><div class="header module"><h4 class="heading">'
        '<a href="/works/1">Moth Season</a> by <a rel="author" href="/users/odile/pseuds/odile">odile</a></h4></div>'
        '<dl class="stats"><dt>Words:</dt><dd class="words">9</dd><dt>Kudos:</dt><dd class="kudos">3</dd></dl></li>'
    )
    listing = tmp_path / "listing.html"
    listing.write_text(f"<html><body>{blurb}</ol></body></html>", encoding="utf-8")
    assert ficdex("import", listing).code == 0
    assert "kudos 3" in ficdex("show", "Moth Season", "--evidence").out
