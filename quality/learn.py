"""`python -m quality.learn`: the weights of words that data/weights/ holds, learned from labelled texts.

Texts of the train half, and of ../shared/corpus where it is there; the test half is never read. What is learned is a
logistic regression over the words of a paragraph (extract/talk.py), and printed is how well it does on documents
that were left out.
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ficdex.crawler.importer import documents, load
from ficdex.errors import FicdexError
from ficdex.extract import components, told
from ficdex.extract.draft import Draft
from ficdex.extract.gazetteer import given_names
from ficdex.extract.naming import LEAST_WORDS, SPEECH
from ficdex.extract.notes import words_of
from ficdex.extract.talk import features
from ficdex.lexicon import DATA, Weights, lexicon
from ficdex.model import Document, Role
from ficdex.text import bare, fold, straighten_same_length

from . import phrasings
from .sets import OWN, SETS, SHARED, LabelledSet, text_document

FOLDS = 4
LEAST_WEIGHT = 0.15
PIECE = 50
"""Words of a piece into which texts are cut that have no paragraphs."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Way:
    """How something is learned: how little weights are kept small, and how many documents must have a feature."""

    loose: float
    least: int


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph's features, the document it is of, and what it is."""

    document: str
    features: frozenset[str]
    is_it: bool


def talk_examples() -> Iterator[Example]:
    """Paragraphs of notes and of stories, as segmentation asks of them: speech and short lines are told otherwise."""
    for document, text, is_it in _paragraphs():
        if not SPEECH.match(text) and len(text.split()) >= LEAST_WORDS:
            yield Example(document, frozenset(features(straighten_same_length(text))), is_it)


def credit_examples() -> Iterator[Example]:
    """Names in notes, credited and not."""
    for row, found in _noted():
        draft = Draft(found, lexicon())
        for component in components():
            component.run(draft)
        right = [bare(form) for beta in row.get("betas", ()) for form in (beta["name"], *beta.get("alternatives", ()))]
        free = {
            bare(n["name"] if isinstance(n, dict) else n) for n in row.get("betas_optional", row.get("optional", ()))
        }
        bound = [e.span for e in draft.claims("betas") if e.span and e.rule != "credits.told"]
        known = {" ".join(words) for words in lexicon().aliases.named} - given_names().keys()
        for block in draft.with_role(*NOTES):
            for candidate in told.candidates(draft.plain, words_of(draft, block) or block.span, bound):
                name = bare(draft.quote(candidate.span))
                is_it = any(name == known or _within(name, known) for known in right)
                if is_it or (name not in free and fold(name) not in known):
                    yield Example(row.get("file", row.get("note", "")), candidate.features, is_it)


def _within(name: str, known: str) -> bool:
    """Whether one of two names is a part of the other: "Joe", "Joe from Leeds"."""
    return f" {name} " in f" {known} " or f" {known} " in f" {name} "


def _noted() -> Iterator[tuple[Any, Document]]:
    """Labels and the document that they are of: phrasings in their small stories, works."""
    for number, row in enumerate(phrasings.rows(OWN / "train" / "phrasings.toml")):
        yield row, text_document(phrasings.composed(row, number).encode(), f"{number}.txt")
    for labelled in SETS:
        for row in labelled.rows() if labelled.name in ("train", "stories", "phrasings") and labelled.is_there else ():
            if (path := labelled.path(row)).is_file():
                yield from ((row, found) for found in _documents(path))


def _paragraphs() -> Iterator[tuple[str, str, bool]]:
    for row in phrasings.rows(OWN / "train" / "phrasings.toml"):
        yield row["note"], row["note"], row["kind"] != "prose"
    for labelled in SETS:
        if labelled.name in ("train", "stories") and labelled.is_there:
            yield from _of_works(labelled)
    for path in sorted((SHARED / "litbank").glob("*.txt")):
        for found in _documents(path):
            yield from ((path.name, piece, False) for piece in _pieces(found.text))
    for path in sorted((SHARED / "usenet").glob("*.txt")):
        for found in _documents(path):
            yield from ((path.name, text, False) for text in _middle(found))


def _documents(path: Path) -> Iterator[Document]:
    try:
        yield from (found for found in documents(load(path)) if isinstance(found, Document))
    except (FicdexError, OSError):
        return


def _of_works(labelled: LabelledSet) -> Iterator[tuple[str, str, bool]]:
    """The paragraphs of labelled works that are in a note, and those that are story and in nothing else."""
    for row in labelled.rows():
        path = labelled.path(row)
        if not path.is_file():
            continue  # a member of an archive, or a folder
        notes = [bare(note["text"]) for note in row["notes"]]
        other = [bare(text) for text in _beside(row)]
        for found in _documents(path):
            draft = Draft(found, lexicon())
            for component in components():
                component.run(draft)
            for block in draft.segments:
                text = draft.quote(block.span).strip()
                words = bare(text)
                if len(words.split()) < 4:
                    continue
                if any(words in note for note in notes):
                    yield row["file"], text, True
                elif block.role is Role.STORY and not any(words in text or text in words for text in other):
                    yield row["file"], text, False


def _beside(row: Any) -> Iterator[str]:
    """What labels say of a work that is neither note nor story."""
    for note in row.get("notes_optional", ()):
        yield note["text"] if isinstance(note, dict) else note
    yield from (row[key] for key in ("summary", "disclaimer_text") if row.get(key))


def _pieces(text: str) -> Iterator[str]:
    held: list[str] = []
    for sentence in _SENTENCE.split(text):
        held += sentence.split()
        if len(held) >= PIECE:
            yield " ".join(held)
            held = []


def _middle(found: Document) -> Iterator[str]:
    """Paragraphs far from both ends, where old stories have nothing but story."""
    length = len(found.text)
    for block in found.blocks:
        if length / 4 < block.span.start < length * 3 / 4 and 4 < len(block.span) < 2_000:
            yield found.text[block.span.start : block.span.end]


def learned(examples: Sequence[Example], way: Way) -> Weights:
    """Logistic regression with both kinds counting alike.

    A paragraph's features count 1 divided by the root of their number, so that long ones are no surer for that.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    holders: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for name in example.features:
            holders[name].add(example.document)
    known = {name for name, found in holders.items() if len(found) >= way.least}
    rows = [dict.fromkeys(sorted(e.features & known), 1 / math.sqrt(len(e.features & known) or 1)) for e in examples]
    counts = Counter(e.is_it for e in examples)
    weight = {True: 1.0, False: min(1.0, 2 * counts[True] / counts[False])}
    vectors = DictVectorizer()
    model = LogisticRegression(C=way.loose, class_weight=weight, max_iter=1_000, solver="lbfgs")
    model.fit(vectors.fit_transform(rows), [e.is_it for e in examples])
    words = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
    kept = {name: round(float(w), 1) for name, w in sorted(words.items()) if abs(w) >= LEAST_WEIGHT}
    return Weights(round(float(model.intercept_[0]), 2), kept)


def left_out(examples: Sequence[Example], way: Way) -> Iterator[str]:
    """How well documents are judged that were not learned from, by threshold."""
    names = sorted({e.document for e in examples})
    random.Random(0).shuffle(names)
    judged: list[tuple[float, bool]] = []
    for part in range(FOLDS):
        held = set(names[part::FOLDS])
        found = learned([e for e in examples if e.document not in held], way)
        judged += [(found.odds(e.features), e.is_it) for e in examples if e.document in held]
    right = sum(is_it for _, is_it in judged)
    for least in (-1.0, -0.5, 0.0, 0.5, 1.0):
        hits = [is_it for value, is_it in judged if value > least]
        wrong = len(hits) - sum(hits)
        yield f"above {least:4}: {sum(hits) / right:.3f} of {right} found, {wrong} of {len(judged) - right} others"


def write(found: Weights, name: str, said: str, by: str = "quality.learn") -> None:
    lines = [f"# {said} Written by `python -m {by}`.", f"bias = {found.bias}", "", "[words]"]
    lines += [f'"{word}" = {weight}' for word, weight in found.words.items()]
    (DATA / "weights" / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


NOTES = (Role.NOTE, Role.INLINE_NOTE)

LEARNED: dict[str, tuple[Callable[[], Iterable[Example]], Way, str]] = {
    "talk": (talk_examples, Way(10, 5), "What words say for and against an author's talk to readers."),
    "credit": (credit_examples, Way(30, 3), "What words around a name say for and against its being credited."),
}


def main() -> None:
    for name in sys.argv[1:] or LEARNED:
        examples, way, said = LEARNED[name]
        rows = list(examples())
        print(f"{name}: {len(rows)} examples")
        for line in left_out(rows, way):
            print(" ", line)
        write(learned(rows, way), name, said)


if __name__ == "__main__":
    main()
