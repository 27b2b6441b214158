"""Which fandoms a story belongs to: as stated, or as its names, its setting and its rights holders tell.

No fandom is the right answer for original fiction; a stated fandom that no list knows is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ..lexicon import Fandom, Lexicon, alternation, phrases
from ..model import Role, Span
from ..text import bare, fold
from .components import Component
from .draft import Draft
from .gazetteer import Fit, fits, hits
from .mentions import words_of

ORIGINAL = "Original Work"
ENOUGH = 2.0
"""Points of a fandom that nothing states."""
SHARE = 0.3
"""Part of a story's names that its fandom explains."""
FEW, MOST = 1.5, 0.6
"""Points of three and more people with everyday names, and the part of the names that they then make up."""
CROSSED = 3.0
"""Points that a fandom has beyond the people of those found before it."""
CROSSED_SHARE = 0.1
"""Part of the names that are left for a second fandom with three people."""
FRONT = (
    Role.TITLE,
    Role.BYLINE,
    Role.HEADER,
    Role.SUMMARY,
    Role.NOTE,
    Role.INLINE_NOTE,
    Role.CHAPTER_HEADING,
    Role.SIGNATURE,
)
_TAG_TAIL = re.compile(r"\s*\([^()]*\)$")


def run(draft: Draft) -> None:
    """Claim the fandoms of `draft`."""
    stated = list(_stated(draft))
    for title, span, rule, confidence in stated:
        draft.claim("fandoms", title, span, rule, confidence)
    titles = {t for t, _, _, c in stated if c >= 0.5}
    if any(bare(t) in _original() for t in titles):
        return
    if not titles and (at := _says_original(draft)):
        draft.claim("fandoms", ORIGINAL, at, "fandoms.original", 0.7)
        return
    for title, span, rule, confidence in _inferred(draft, titles):
        draft.claim("fandoms", title, span, rule, confidence)


Claim = tuple[str, Span | None, str, float]


def _stated(draft: Draft) -> Iterator[Claim]:
    """Fandoms of declared fields and header lines, then of the words around the story."""
    found = False
    for item in draft.declared("fandoms"):
        if isinstance(item.value, str):
            for title, known in _tagged(draft, item.value):
                found = True
                yield title, item.span, item.rule, item.confidence if known else min(item.confidence, 0.9)
    for where in (*(line.value for line in draft.header_lines("fandom")), *_below_media(draft)):
        for title, at, known in split_fandoms(draft, draft.quote(where)):
            found = True
            start = where.start + max(at, 0)
            span = Span(start, min(where.end, start + len(title))) if at >= 0 else where
            yield title, span, "header.fandom", 0.95 if known else 0.85
    if not found:
        yield from _phrased(draft)


def _below_media(draft: Draft) -> Iterator[Span]:
    """What stands behind the medium in a line such as "Category: Books » Harry Potter"."""
    for line in draft.header_lines("categories"):
        _, sign, title = draft.quote(line.value).rpartition("»")
        if sign and title.strip():
            yield Span(line.value.end - len(title.lstrip()), line.value.end)


def _tagged(draft: Draft, tag: str) -> Iterator[tuple[str, bool]]:
    """(title, known?) of a site's own tag: cut only into known fandoms, and a franchise is none of its parts."""
    plain = plain_title(tag) or tag
    parts = [(title, known) for title, _, known in split_fandoms(draft, tag)]
    if not any(known for _, known in parts) or any(title.startswith(f"{plain}:") for title, _ in parts):
        yield plain, False
    else:
        yield from parts


def plain_title(title: str) -> str:
    """A tag without its medium and author: "Merlin (TV)", "Emma - Jane Austen", "進撃の巨人 | Attack on Titan"."""
    title = title.split(" | ")[-1].strip()
    title = title.rsplit(" - ", 1)[0] if title.count(" - ") == 1 else title
    while (cut := _TAG_TAIL.sub("", title)) != title:
        title = cut
    return title.strip(" \"'*_.")


def known_fandom(draft: Draft, name: str) -> Fandom | None:
    """The fandom that `name` names, whatever medium stands behind it."""
    names = draft.lexicon.fandom_names
    for form in (name, plain_title(name), bare(name), bare(plain_title(name)), *name.split(" | ")):
        if fandom := names.get(fold(form.strip(" \"'*_."))):
            return fandom
    return None


def split_fandoms(draft: Draft, value: str) -> Iterator[tuple[str, int, bool]]:
    """(title, offset in `value` or -1, known?) of each fandom in a header's value."""
    value = " ".join(value.split())
    if fandom := known_fandom(draft, value):
        yield fandom.title, 0 if value.startswith(fandom.title) else -1, True
        return
    if bare(value) in _original():
        yield ORIGINAL, -1, True
        return
    whole, value = value, _behind().sub("", _ASIDE.sub("", value)).strip()
    if whole != value and (fandom := known_fandom(draft, value)):
        yield fandom.title, 0 if whole.startswith(fandom.title) else -1, True
        return
    pieces = [p for p in _between().split(value) if p.strip(" .,;")]
    known = [known_fandom(draft, p) for p in pieces]
    if len(pieces) > 1 and (any(known) or "cross" in whole.lower()):
        seen = set()
        for piece, fandom in zip(pieces, known, strict=True):
            if fandom and fandom.title not in seen:
                seen.add(fandom.title)
                yield fandom.title, -1, True
            elif not fandom and len(piece.split()) <= 6 and not (set(fold(piece).split()) & _loose(known)):
                yield plain_title(piece), value.find(plain_title(piece)), False
        return
    first = re.split(r"[;,]\s|\s[/+]\s|\.\s|\n", value)[0]
    title = _named_in(plain_title(first))
    if title and len(title) <= 60:
        yield title, value.find(title), False


def _named_in(title: str) -> str:
    """Without explanations behind a dash or a colon and a quoted title: `Radio Free Kettering: "Lost"`."""
    return re.split(r"\s--?\s|:\s+[\"']", title)[0].strip(" \"'*_.,")


def _loose(known: list[Fandom | None]) -> set[str]:
    """Words of the known fandoms: a piece that repeats one is a part of its name."""
    return {w for f in known if f for n in f.names for w in fold(n).split() if len(w) > 3} | {"crossover", "au"}


_ASIDE = re.compile(r"\s*\([^()]*\)")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"[\s,-]+{alternation(phrases('fandoms')['behind'])}\s*$", re.IGNORECASE)


@cache
def _between() -> re.Pattern[str]:
    spaced = [re.escape(b).replace(r"\ ", r"\s") for b in phrases("fandoms")["between"]]
    return re.compile("|".join(spaced) + r"|/|\s-\s", re.IGNORECASE)


@cache
def _original() -> frozenset[str]:
    return frozenset(bare(n) for n in phrases("fandoms")["original"])


def _around(draft: Draft) -> Iterator[Span]:
    return (b.span for b in draft.segments if b.role in FRONT)


def _says_original(draft: Draft) -> Span | None:
    """Where the words around the story say that it belongs to no fandom."""
    found = (_mine().search(draft.plain, s.start, s.end) for s in _around(draft))
    return next((Span(*m.span()) for m in found if m), None)


@cache
def _mine() -> re.Pattern[str]:
    groups = phrases("fandoms")
    kinds, cues = alternation(groups["original_kinds"]), alternation(groups["original_cues"])
    return re.compile(rf"\b(?<!the )(?:original\s+(?:[\w-]+\s+){{0,2}}{kinds}|{cues})\b", re.IGNORECASE)


@cache
def _told() -> tuple[re.Pattern[str], ...]:
    """Such as "a NAME fan story", "NAME belongs to", "I don't own NAME"."""
    groups = phrases("fandoms")
    name = r"[A-Z][\w'&-]*(?:[ :]{1,2}(?:(?:of|the|and|in|to|a|for|on)\s)*[A-Z0-9][\w'&-]*){0,6}"
    kind = re.compile(rf"\b[Aa]n?\s+(?P<name>{name})\s+{alternation(groups['kinds'])}\b")
    owned = re.compile(
        rf"(?:^|(?<=[.!?\n:*_(]))\W{{0,8}}(?P<name>{name})(?:\s+and\s+[\w\s']{{1,40}})?,?\s+(?:all\s+|still\s+)?{alternation(groups['owned'])}\b",
        re.M,
    )
    disowned = re.compile(rf"\b{alternation(groups['disowned'])}\s+(?P<name>{name})")
    return kind, owned, disowned


def _phrased(draft: Draft) -> Iterator[Claim]:
    """A fandom named in passing: known names in the words around the story, "a ... fan story", "... belongs to"."""
    seen: set[str] = set()
    for span in _around(draft):
        for pattern, rule in zip(_told(), ("fandoms.kind", "fandoms.owned", "fandoms.disowned"), strict=True):
            for match in pattern.finditer(draft.plain, span.start, span.end):
                name = _LABEL.sub("", " ".join(match["name"].split()))
                fandom = known_fandom(draft, name)
                title = fandom.title if fandom else _cased(name)
                if fold(name) in _refused() or (not fandom and _no_title(draft, name)) or title in seen:
                    continue
                seen.add(title)
                yield title, Span(*match.span("name")), rule, 0.85 if fandom else 0.7


@cache
def _refused() -> frozenset[str]:
    return frozenset(fold(w) for w in phrases("fandoms")["not_owned"])


_LABEL = re.compile(r"^(?:[A-Z][A-Z/ ]+|[Dd]isclaimers?|[Nn]otes?|A/N)[:.]\s+")


def _no_title(draft: Draft, name: str) -> bool:
    """One word alone, or the name of a known person, is no fandom that nobody knows."""
    words = name.split()
    return len(words) < 2 or any(h.last - h.first == len(words) for h in hits(words_of(name), draft.lexicon.aliases))


def _cased(name: str) -> str:
    return name.title() if name.isupper() and len(name) > 4 else name


def _inferred(draft: Draft, stated: set[str]) -> Iterator[Claim]:
    """Fandoms that explain the story's names, its setting and what is said of rights holders."""
    if draft.mentions is None:
        return
    found, named = fits(draft.mentions, draft.lexicon.aliases)
    support = _support(draft)
    explained: set[str] = set()
    for title in stated & found.keys():
        explained |= found[title].surfaces.keys()
    taken = set(stated)
    while best := _best(found, named, support, explained, taken):
        title, points, people, share = best
        taken.add(title)
        crossed = len(taken) > 1
        hint = support.get(title, (0.0, None))
        if _stands(people, points, share, crossed=crossed) or (people >= 1 and hint[0] >= 2 and not crossed):
            confidence = min(0.95, 0.5 + 0.06 * points + 0.2 * share)
            if crossed and not hint[0] and points < 6:
                confidence = min(confidence, 0.45)
            yield title, hint[1] or _first(draft, found[title]), "fandoms.names", round(confidence, 2)
            explained |= found[title].surfaces.keys()
        else:
            if people >= 2 and not crossed:
                yield title, _first(draft, found[title]), "fandoms.names", 0.3
            return


def _stands(people: int, points: float, share: float, *, crossed: bool) -> bool:
    """Is a fandom that nothing states told well enough by its people? Beside another it has more to explain."""
    if crossed:
        return points >= CROSSED and (share >= SHARE or (share >= CROSSED_SHARE and people > 2))
    return share >= SHARE and ((people >= 2 and points >= ENOUGH) or (people >= 3 and points >= FEW and share >= MOST))


def _best(
    found: dict[str, Fit],
    named: int,
    support: dict[str, tuple[float, Span | None]],
    explained: set[str],
    taken: set[str],
) -> tuple[str, float, int, float] | None:
    """The fandom with most points for names that none found before explains: title, points, people, share."""
    best: tuple[str, float, int, float] | None = None
    for title, fit in found.items():
        if title in taken:
            continue
        fresh = {s: n for s, n in fit.surfaces.items() if s not in explained}
        if not fresh:
            continue
        points = fit.score * len(fresh) / len(fit.surfaces) + support.get(title, (0.0, None))[0]
        people = max(1, round(len(fit.people) * len(fresh) / len(fit.surfaces)))
        share = sum(fresh.values()) / max(named, 1)
        if best is None or (points, share) > (best[1], best[3]):
            best = title, points, people, share
    return best


def _first(draft: Draft, fit: Fit) -> Span | None:
    """Where the first of a fandom's people is named."""
    mentions = draft.mentions
    at = min((mentions.runs[s].start, s) for s in fit.surfaces) if mentions and fit.surfaces else None
    return Span(at[0], at[0] + len(at[1])) if at else None


def _support(draft: Draft) -> dict[str, tuple[float, Span | None]]:
    """Fandom -> points for names of fandoms and rights holders around the story, words of the setting in it."""
    points: dict[str, tuple[float, Span | None]] = {}

    def add(fandom: Fandom, amount: float, span: Span | None) -> None:
        had, where = points.get(fandom.title, (0.0, None))
        points[fandom.title] = had + amount, where or span

    for span in _around(draft):
        counted: set[tuple[str, str]] = set()
        for fandom, amount, where in _named(draft, span):
            if (key := (fandom.title, fold(draft.quote(where)))) not in counted:
                counted.add(key)
                add(fandom, amount, where)
    if draft.mentions:
        settings = draft.lexicon.fandom_words
        for word in settings.keys() & draft.mentions.lower:
            for fandom in settings[word]:
                add(fandom, 0.5 / len(settings[word]), None)
        for surface, seen in draft.mentions.runs.items():
            for fandom in settings.get(fold(surface), ()):
                add(fandom, 1.0 / len(settings[fold(surface)]), Span(seen.start, seen.end))
    for part in re.split(r"[/\\!#]", draft.document.source.uri)[:-1]:
        if named := draft.lexicon.fandom_names.get(fold(part.replace("_", " "))):
            add(named, 2.0, None)
    return points


@cache
def _outside(lexicon: Lexicon) -> tuple[Mapping[tuple[str, ...], list[tuple[Fandom, float]]], Mapping[str, list[int]]]:
    """Names and owners of fandoms: folded words -> whom they speak for, and what each is worth; first word -> how
    many words those have that begin so, the most first.
    """
    named: dict[tuple[str, ...], list[tuple[Fandom, float]]] = {}
    sizes: dict[str, set[int]] = {}
    for fandom in lexicon.fandoms:
        for names, long, short in ((map(plain_title, fandom.names), 3.0, 1.5), (fandom.owners, 1.0, 1.0)):
            for name in names:
                words = tuple(bare(name).split())
                if words and len(name) > 1:
                    named.setdefault(words, []).append((fandom, long if len(words) > 1 else short))
                    sizes.setdefault(words[0], set()).add(len(words))
    return named, {word: sorted(found, reverse=True) for word, found in sizes.items()}


def _named(draft: Draft, span: Span) -> Iterator[tuple[Fandom, float, Span]]:
    """Names and owners of known fandoms within `span`; what is one word must be capitalised."""
    named, sizes = _outside(draft.lexicon)
    places = [found.span() for found in _WORD.finditer(draft.plain, span.start, span.end)]
    folded = [fold(draft.plain[start:end]) for start, end in places]
    for at, word in enumerate(folded):
        for size in sizes.get(word, ()):
            words, start = tuple(folded[at : at + size]), places[at][0]
            if len(words) == size and (size > 1 or draft.text[start].isupper()):
                for fandom, weight in named.get(words, ()):
                    yield fandom, weight, Span(start, places[at + size - 1][1])


_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


COMPONENT = Component("fandoms", needs=("segments", "header", "mentions"), gives=("fandoms",), run=run)
