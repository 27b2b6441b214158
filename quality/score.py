"""Scores records against labels, field by field, by the definitions of the labels (tests/quality/README.md)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ficdex.lexicon import lexicon

from .names import Forms, Rate, Tally, bare, fold, forms_of, pairs, unwanted, words

Labels = Mapping[str, Any]
"""What a reader finds in a work; a field that is not there is not scored."""
Figures = dict[str, Rate | Tally]

ALIKE, PLACED = 0.9, 0.5
"""Overlap (F1 of words) from which on a note is right as a block, and from which on its position is compared."""
STAGES = ("characters_main", "characters_present", "characters_mentioned")


class Score:
    """Figures over works, and what was wrong where."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self.said: dict[str, list[str]] = defaultdict(list)

    def rate(self, field: str, ok: bool, said: str = "") -> None:
        figure = self.figures.setdefault(field, Rate())
        assert isinstance(figure, Rate)
        figure.add(ok)
        if not ok and said:
            self.said[field].append(said)

    def tally(self, field: str, right: int, wrong: Sequence[str], missed: Sequence[str], file: str = "") -> None:
        self.count(field, right, len(wrong), len(missed))
        if wrong or missed:
            self.said[field].append(f"{file}: wrong {list(wrong)}, missed {list(missed)}")

    def count(self, field: str, right: int, wrong: int, missed: int) -> None:
        figure = self.figures.setdefault(field, Tally())
        assert isinstance(figure, Tally)
        figure.add(right, wrong, missed)

    def values(
        self, field: str, file: str, gold: list[Forms], found: list[Forms], spare: Iterable[Forms] = ()
    ) -> list[int | None]:
        """A list of the record against the labels'; returns which gold value each found one is."""
        match = pairs(gold, found)
        missed = [forms[0] for g, forms in enumerate(gold) if g not in match]
        self.tally(field, len(gold) - len(missed), unwanted(found, match, spare), missed, file)
        return match

    def work(self, labels: Labels, record: Labels) -> None:
        """One work; an empty record is one that was not found."""
        file = labels["file"]
        self.rate("found", bool(record), file)
        for field, compare in _COMPARED:
            if field in labels:
                compare(self, labels, record)


def _title(score: Score, labels: Labels, record: Labels) -> None:
    right = {bare(t) for t in (labels["title"], *labels.get("title_alternatives", ())) if t}
    got = record.get("title")
    ok = bare(got) in right or (labels["title"] is None and not got)
    score.rate("title", bool(record) and ok, f"{labels['file']}: {labels['title']!r}, got {got!r}")


def _authors(score: Score, labels: Labels, record: Labels) -> None:
    gold = labels["authors"]
    if gold is None:
        return
    others = labels.get("author_alternatives") or labels.get("authors_alternatives") or []
    forms = [[author, *_also(author, gold, others)] for author in gold]
    score.values("authors", labels["file"], forms, [forms_of(a) for a in record.get("authors") or []])


def _also(author: str, gold: Sequence[str], others: Any) -> Iterator[str]:
    if isinstance(others, dict):
        named = others.get(author, ())
        yield from [named] if isinstance(named, str) else named
    else:
        yield from (o for o in others if len(gold) == 1 or words(o).keys() <= words(author).keys())


def _betas(score: Score, labels: Labels, record: Labels) -> None:
    gold = [[b["name"], *b.get("alternatives", ())] for b in labels["betas"]]
    spare = [
        [b["name"], *b.get("alternatives", ())] if isinstance(b, dict) else [b]
        for b in labels.get("betas_optional", ())
    ]
    found = record.get("betas") or []
    match = score.values("betas", labels["file"], gold, [forms_of(b) for b in found], spare)
    for credit, g in zip(found, match, strict=True):
        if g is not None:
            want = labels["betas"][g]
            roles = {want.get("role", "beta"), *_listed(want.get("role_alternatives"))}
            score.rate("beta role", credit.get("role") in roles, f"{labels['file']}: {want}, got {credit}")


def _status(score: Score, labels: Labels, record: Labels) -> None:
    right = {labels["beta_status"], *labels.get("beta_status_alternatives", ())}
    got = record.get("beta_status")
    score.rate("beta status", got in right, f"{labels['file']}: {labels['beta_status']}, got {got}")


def _notes(score: Score, labels: Labels, record: Labels) -> None:
    gold, found = labels["notes"], record.get("notes") or []
    have = [words(note.get("text")) for note in found]
    every = sum(have, Counter())
    spare = sum((words(o["text"] if isinstance(o, dict) else o) for o in labels.get("notes_optional", ())), Counter())
    want = [max(map(words, _variants(note)), key=lambda w: _held(w, every)) for note in gold]
    wanted = sum(want, Counter())
    right = (wanted & every).total()
    score.count("note words", right, ((every - wanted) - spare).total(), wanted.total() - right)
    paired = _paired(want, have)
    good = {g for g, (_, overlap) in paired.items() if overlap >= ALIKE}
    used = {n for n, _ in paired.values()}
    loose = [found[n]["text"] for n, h in enumerate(have) if n not in used and (h - spare).total() > 0.3 * h.total()]
    missed = [gold[g]["text"] for g in range(len(gold)) if g not in good]
    score.tally("note blocks", len(good), [t[:90] for t in loose], [t[:90] for t in missed], labels["file"])
    for g, note in enumerate(gold):
        at = str(found[paired[g][0]].get("position", "")).split("_")[0] if g in paired else None
        score.rate(
            "note position", at == note["position"].split("_")[0], f"{labels['file']}: {note['position']}, got {at}"
        )


def _place(position: object) -> str:
    """start, end, inline, or chapter for both of its ends."""
    return str(position or "").split("_")[0]


def _variants(note: Labels) -> list[str]:
    return [v for v in (note["text"], note.get("text_repaired"), *_listed(note.get("text_alternatives"))) if v]


def _held(want: Counter[str], every: Counter[str]) -> float:
    return (want & every).total() / max(1, want.total())


def _paired(want: list[Counter[str]], have: list[Counter[str]]) -> dict[int, tuple[int, float]]:
    """Gold note -> the found one that it is most like, one to one, and the overlap of their words (F1)."""
    overlaps = {
        (g, n): 2 * (w & h).total() / (w.total() + h.total())
        for g, w in enumerate(want)
        for n, h in enumerate(have)
        if w and h
    }
    alike = sorted(((overlap, g, n) for (g, n), overlap in overlaps.items()), reverse=True)
    paired: dict[int, tuple[int, float]] = {}
    for overlap, g, n in alike:
        if overlap >= PLACED and g not in paired and n not in {used for used, _ in paired.values()}:
            paired[g] = (n, overlap)
    return paired


def cast_of(labels: Labels) -> list[Forms]:
    """The labelled people with every form that this text uses: those on stage first."""
    nicknames = labels.get("nicknames") or {}
    people = [list(forms) for stage in STAGES for forms in labels.get(stage, ())]
    return [[*forms, *(n for form in forms for n in _listed(nicknames.get(form)))] for forms in people]


def _characters(score: Score, labels: Labels, record: Labels) -> None:
    file, gold = labels["file"], cast_of(labels)
    on_stage = len(labels["characters_main"]) + len(labels.get("characters_present", ()))
    spare = [_listed(f) for f in (*labels.get("characters_optional", ()), *labels.get("characters_implied", ()))]
    found = record.get("characters") or []
    forms = [forms_of(c) for c in found]
    match = score.values("characters", file, gold, forms, spare)
    known = any(fold(form) in lexicon().fandom_names for forms in labels.get("fandoms", ()) for form in forms)
    missed = sum(g not in match for g in range(len(gold)))
    wrong = len(unwanted(forms, match, spare))
    score.count(f"characters, fandom {'listed' if known else 'unknown'}", len(gold) - missed, wrong, missed)
    for g, main in enumerate(labels["characters_main"]):
        score.rate("main characters", g in match, f"{file}: {main[0]}")
    for character, m in zip(found, match, strict=True):
        if m is not None and labels.get("stage_scored", True):
            stage = character.get("stage")
            score.rate(
                "on stage or not", (stage != "mentioned") == (m < on_stage), f"{file}: {gold[m][0]}, got {stage}"
            )
    bad = {bare(n) for n in labels.get("not_characters", ())} - {bare(n) for forms in gold for n in forms}
    for name in (forms_of(c)[0] for c in found):
        score.rate("names are characters", bare(name) not in bad, f"{file}: {name}")


def _fandoms(score: Score, labels: Labels, record: Labels) -> None:
    found = [forms_of(f) for f in record.get("fandoms") or []]
    if found or labels.get("fandom_stated") is not False:
        score.values("fandoms", labels["file"], [list(f) for f in labels["fandoms"]], found)


def _relationships(score: Score, labels: Labels, record: Labels) -> None:
    cast = cast_of(labels)
    gold = {_pairing(_listed(r)[0], cast): _listed(r)[0] for r in labels["relationships"] or ()}
    found = {_pairing(r, cast): r for r in record.get("relationships") or ()}
    wrong = [found[key] for key in found.keys() - gold.keys()]
    missed = [gold[key] for key in gold.keys() - found.keys()]
    score.tally("relationships", len(gold) - len(missed), wrong, missed, labels["file"])


def _pairing(text: str, cast: list[Forms]) -> frozenset[object]:
    """The people of a pairing, whatever their order, as members of the cast where they can be told."""

    def who(side: str) -> object:
        key = bare(side)
        exact = [n for n, forms in enumerate(cast) if key in {bare(form) for form in forms}]
        initial = [n for n, forms in enumerate(cast) if len(key) < 3 and any(bare(f).startswith(key) for f in forms)]
        return exact[0] if exact else initial[0] if len(initial) == 1 else key

    return frozenset(who(s) for s in re.split(r"\s*[/&\u00d7]\s*|\s+x\s+", text.split(" (")[0]) if s.strip())


def _rating(score: Score, labels: Labels, record: Labels) -> None:
    right = {bare(r) for r in (labels["rating"], *labels.get("rating_alternatives", ()))}
    got = record.get("rating")
    score.rate("rating", bool(record) and bare(got) in right, f"{labels['file']}: {labels['rating']!r}, got {got!r}")


def _summary(score: Score, labels: Labels, record: Labels) -> None:
    want, got = words(labels["summary"]), words(record.get("summary"))
    same = 2 * (want & got).total() >= ALIKE * (want.total() + got.total())
    score.rate("summary", bool(record) and same, f"{labels['file']}: {fold(record.get('summary'))[:90]!r}")


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


_COMPARED: tuple[tuple[str, Callable[[Score, Labels, Labels], None]], ...] = (
    ("title", _title),
    ("authors", _authors),
    ("betas", _betas),
    ("beta_status", _status),
    ("notes", _notes),
    ("characters_main", _characters),
    ("fandoms", _fandoms),
    ("relationships", _relationships),
    ("rating", _rating),
    ("summary", _summary),
)
