"""Stories of any number and length from a seed: a Zipf vocabulary, dialogue, names, headers, notes, betas."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from .formats import PLAIN, Format

WORDS = 4_000
"""Words a story, as design.md's figures are stated."""
VOCABULARY = 30_000
CASTS = (
    ("Buffy the Vampire Slayer", ("Willow", "Spike", "Buffy", "Xander", "Tara", "Dawn", "Giles")),
    ("Harry Potter", ("Hermione", "Ron", "Harry", "Ginny", "Luna", "Neville", "Remus")),
    ("Stargate Atlantis", ("Rodney", "Sheppard", "Teyla", "Ronon", "Elizabeth", "Zelenka")),
    ("The Glass Harbour", ("Maren", "Oswin", "Tibb", "Callow", "Idony", "Perrin")),
)
BETAS = ("Trisha", "moth_and_lamp", "Lady of Ombre", "quill77", "Big Dave", "the_third_sock")
SYLLABLES = [a + b for a in "b c d f g h l m n p r s t v w th sh st br".split() for b in "a e i o u ai ou er".split()]


def vocabulary(rng: random.Random) -> list[str]:
    """Invented words of one to four syllables, short ones first, as frequent words are short."""
    words: dict[str, None] = dict.fromkeys("the and to a of he she was it in that her his had said you i on".split())
    while len(words) < VOCABULARY:
        longest = 1 + min(3, len(words) // 2_000 + 1)
        words["".join(rng.choices(SYLLABLES, k=rng.randint(1, longest)))] = None
    return list(words)


class Stories:
    """An endless shelf: story n is the same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.seed = seed
        self.words = vocabulary(random.Random(seed))
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def story(self, number: int, length: int = WORDS) -> str:
        rng = random.Random(f"{self.seed}/{number}")
        fandom, cast = rng.choice(CASTS)
        title = " ".join(w.capitalize() for w in rng.sample(self.words[200:9_000], 3))
        beta = rng.choice(BETAS)
        head = (
            f"Title: {title}\nAuthor: writer{number % 997}\nFandom: {fandom}\n"
            f"Rating: {rng.choice(['PG', 'PG-13', 'R'])}\n"
            f"Pairing: {cast[0]}/{cast[1]}\nSummary: {' '.join(rng.sample(self.words, 20))}.\n\n"
            f"A/N: Thanks to {beta} for the beta. {' '.join(rng.sample(self.words, 30))}.\n\n"
        )
        return head + "\n\n".join(self._paragraphs(rng, cast, length)) + "\n\nThe End\n\nA/N: Reviews are love.\n"

    def _paragraphs(self, rng: random.Random, cast: tuple[str, ...], length: int) -> Iterator[str]:
        words = iter(rng.choices(self.words, cum_weights=self.weights, k=length))
        for number in itertools.count():
            sentences = []
            for _ in range(rng.randint(1, 5)):
                sentence = list(itertools.islice(words, rng.randint(6, 20)))
                if not sentence:
                    break
                if rng.random() < 0.5:
                    sentence[rng.randrange(len(sentence))] = rng.choice(cast)
                sentences.append(f"{sentence[0].capitalize()} {' '.join(sentence[1:])}.")
            if not sentences:
                return
            if number % 3 == 0:
                yield f'"{sentences[0][:-1]}," said {rng.choice(cast)}. {" ".join(sentences[1:])}'
            else:
                yield " ".join(sentences)

    def write(
        self, folder: Path, count: int, length: int = WORDS, first: int = 0, formats: Sequence[Format] = (PLAIN,)
    ) -> None:
        """`count` stories as files, a hundred a folder, in the formats in turn."""
        for number in range(first, first + count):
            place = folder / f"{number // 100:04}"
            place.mkdir(parents=True, exist_ok=True)
            suffix, made = formats[number % len(formats)]
            (place / f"story{number:06}.{suffix}").write_bytes(made(self.story(number, length)))
