"""`python -m quality.learn`: the weights of words that data/weights/ holds, learned from labelled texts.

Texts of the train half, and of ../shared/corpus where it is there; the test half is never read. What is learned is a
logistic regression over the words of a paragraph (extract/talk.py), and printed is how well it does on documents
that were left out.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ficdex.crawler.importer import documents, load
from ficdex.errors import FicdexError
from ficdex.extract import components
from ficdex.extract.draft import Draft
from ficdex.extract.talk import features
from ficdex.lexicon import DATA, Weights, lexicon
from ficdex.model import Document, Role
from ficdex.text import bare, straighten_same_length

from . import phrasings
from .sets import OWN, SETS, SHARED, LabelledSet

FOLDS = 4
LEAST_DOCUMENTS = 5
"""Documents that have a word, for it to be learned: a name of one story says nothing of others."""
LEAST_WEIGHT = 0.15
ROUNDS, RATE, DECAY = 8, 0.5, 1e-3
PIECE = 50
"""Words of a piece into which texts are cut that have no paragraphs."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph's features, the document it is of, and what it is."""

    document: str
    features: frozenset[str]
    is_it: bool


def talk_examples() -> Iterator[Example]:
    """Paragraphs of notes, and of stories."""
    for document, text, is_it in _paragraphs():
        yield Example(document, frozenset(features(straighten_same_length(text))), is_it)


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


def learned(examples: Sequence[Example]) -> Weights:
    """Logistic regression by AdaGrad; both kinds count the same.

    A paragraph's weights are divided by the root of their number, so that long ones are not surer for their length.
    """
    holders: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for name in example.features:
            holders[name].add(example.document)
    known = {name for name, found in holders.items() if len(found) >= LEAST_DOCUMENTS}
    counts = Counter(e.is_it for e in examples)
    weight = {True: 1.0, False: min(1.0, 2 * counts[True] / counts[False])}
    words: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(lambda: 1e-8)
    bias = -1.0
    order, rng = [(sorted(e.features & known), e.is_it) for e in examples], random.Random(1)
    for _ in range(ROUNDS):
        rng.shuffle(order)
        for names, is_it in order:
            share = 1 / math.sqrt(len(names) or 1)
            error = (_odds(bias + share * sum(words[n] for n in names)) - is_it) * weight[is_it]
            for name in names:
                slope = error * share + DECAY * words[name]
                steps[name] += slope * slope
                words[name] -= RATE * slope / math.sqrt(steps[name])
            bias -= 0.02 * error
    kept = {n: round(w, 1) for n, w in sorted(words.items()) if abs(w) >= LEAST_WEIGHT}
    return Weights(round(bias, 2), kept)


def _odds(z: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def score(found: Weights, names: Iterable[str]) -> float:
    known = [found.words[n] for n in names if n in found.words]
    return found.bias + (sum(known) / math.sqrt(len(known)) if known else 0.0)


def left_out(examples: Sequence[Example]) -> Iterator[str]:
    """How well documents are judged that were not learned from, by threshold."""
    names = sorted({e.document for e in examples})
    random.Random(0).shuffle(names)
    judged: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        held = set(names[fold::FOLDS])
        found = learned([e for e in examples if e.document not in held])
        judged += [(score(found, e.features), e.is_it) for e in examples if e.document in held]
    right = sum(is_it for _, is_it in judged)
    for least in (-1.0, -0.5, 0.0, 0.5, 1.0):
        hits = [is_it for value, is_it in judged if value > least]
        wrong = len(hits) - sum(hits)
        yield f"above {least:4}: {sum(hits) / right:.3f} of {right} found, {wrong} of {len(judged) - right} others"


def write(found: Weights, name: str, said: str) -> None:
    lines = [f"# {said} Written by `python -m quality.learn`.", f"bias = {found.bias}", "", "[words]"]
    lines += [f'"{word}" = {weight}' for word, weight in found.words.items()]
    (DATA / "weights" / f"{name}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


LEARNED: dict[str, tuple[Callable[[], Iterable[Example]], str]] = {
    "talk": (talk_examples, "What words say for and against an author's talk to readers."),
}


def main() -> None:
    for name, (examples, said) in LEARNED.items():
        rows = list(examples())
        print(f"{name}: {len(rows)} examples")
        for line in left_out(rows):
            print(" ", line)
        write(learned(rows), name, said)


if __name__ == "__main__":
    main()
