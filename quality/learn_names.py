"""`python -m quality.learn_names`: what speaks for and against a person's name, learned from labelled texts.

Of litbank, the stories and the train half, with the gazetteer and without; the test half is never read. Writes
data/weights/name.toml, whose sums are log-odds: confidences of characters that no list knows follow from them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ficdex.crawler.importer import documents, load
from ficdex.errors import FicdexError
from ficdex.extract import characters, components
from ficdex.extract.draft import Draft
from ficdex.extract.forms import forms
from ficdex.extract.names import around, chance, features, refusal
from ficdex.lexicon import Lexicon, Weights, lexicon
from ficdex.model import Document

from .learn import FOLDS, write
from .names import bare, forms_of
from .score import cast_of
from .sets import NOTHING_KNOWN, SETS

LOOSE = 0.5
"""How little weights are kept small."""
BINS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01))


@dataclass(frozen=True, slots=True)
class Example:
    """A form that may be a name: the document it is of, its features, and whether it is one."""

    document: str
    features: dict[str, float]
    is_name: bool


def examples() -> Iterator[Example]:
    for labelled in SETS:
        for row in labelled.rows() if labelled.name in ("litbank", "stories", "train") and labelled.is_there else ():
            if "characters_main" in row and (path := labelled.path(row)).is_file():
                try:
                    found = [d for d in documents(load(path)) if isinstance(d, Document)]
                except FicdexError:
                    continue
                for known in (lexicon(), NOTHING_KNOWN) if len(found) == 1 else ():
                    yield from _of_work(row, found[0], known)


def _of_work(row: Any, document: Document, known: Lexicon) -> Iterator[Example]:
    draft = Draft(document, known)
    for component in components():
        if component.name == "characters":
            break
        component.run(draft)
    if draft.mentions is None:
        return
    cast, mentions = characters.listed_cast(draft)
    found = forms(mentions, cast.taken)
    beside = around(found.values(), listed=bool(cast.figures))
    gold = {bare(form) for person in cast_of(row) for form in person}
    parts = {word for form in gold for word in form.split()}
    spare = {bare(f) for o in row.get("characters_optional", ()) for f in (o if isinstance(o, list) else forms_of(o))}
    for form in found.values():
        names = {bare(form.display), bare(form.text)}
        is_name = bool(names & gold)
        open_ = not is_name and (names & spare or (len(form.words) == 1 and names & parts))
        if not open_ and not refusal(form, known.fandom_words):
            yield Example(row["file"], dict(features(form, mentions, beside)), is_name)


def learned(rows: Sequence[Example]) -> Weights:
    """Logistic regression."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectors = DictVectorizer()
    model = LogisticRegression(C=LOOSE, max_iter=1_000)
    model.fit(vectors.fit_transform([e.features for e in rows]), [e.is_name for e in rows])
    words = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    return Weights(round(float(model.intercept_[0]), 2), {name: round(float(w), 2) for name, w in words})


def left_out(rows: Sequence[Example]) -> Iterator[str]:
    """How well documents are judged that were not learned from: F1, and what is right of each bin of confidence."""
    names = sorted({e.document for e in rows})
    random.Random(0).shuffle(names)
    judged: list[tuple[float, bool]] = []
    for part in range(FOLDS):
        held = set(names[part::FOLDS])
        found = learned([e for e in rows if e.document not in held])
        judged += [(_chance(found, e), e.is_name) for e in rows if e.document in held]
    right = sum(is_name and sure >= 0.5 for sure, is_name in judged)
    wrong = sum(is_name != (sure >= 0.5) for sure, is_name in judged)
    yield f"F1 {2 * right / (2 * right + wrong):.3f}"
    for low, high in BINS:
        found_here = [is_name for sure, is_name in judged if low <= sure < high]
        if found_here:
            yield f"{low:.2f} to {min(high, 1):.2f}: {sum(found_here) / len(found_here):.2f} of {len(found_here)}"


def _chance(found: Weights, example: Example) -> float:
    return chance(found.bias + sum(found.words[name] * value for name, value in example.features.items()))


def main() -> None:
    rows = list(examples())
    print(f"{len(rows)} examples")
    for line in left_out(rows):
        print(" ", line)
    write(learned(rows), "name", "What speaks for and against a person's name.", by="quality.learn_names")


if __name__ == "__main__":
    main()
