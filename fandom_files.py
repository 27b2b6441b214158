"""One fandom a TOML file: those of data/fandoms, and beside them those that the owner keeps.

An owner's file has the same keys. One whose title or other name is a listed fandom's adds to that; any other is a
fandom of its own. It may also say in `[[refused]]` tables whom `ficdex learn` shall not ask about again.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from .errors import DataError
from .text import bare, fold

Row = dict[str, Any]
_LISTS = ("names", "owners", "words")
_FORMS = ("strong", "mid", "weak", "never")


class Person(NamedTuple):
    """A character of a fandom; forms are surface strings, `strong` > `mid` > `weak` in what they prove.

    The full name is strong; given name and surname are mid unless `weak` or `never` lists them. There are some 10,000
    of them: a named tuple is made three times as fast as a frozen dataclass.
    """

    name: str
    ao3: str
    gender: str
    strong: tuple[str, ...]
    mid: tuple[str, ...]
    weak: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fandom:
    """A fandom as data/fandoms/*.toml describes it.

    `names` are all its names and abbreviations, `owners` rights holders and makers, `words` words of the
    setting (they speak for the fandom and are never characters), `distinct` groups of people that are
    never merged, `pairs` pairing names ("Spuffy": ("Spike", "Buffy Summers")), `refused` names that the owner
    does not want to learn.
    """

    title: str
    ao3: str
    names: tuple[str, ...]
    owners: tuple[str, ...]
    words: tuple[str, ...]
    people: tuple[Person, ...]
    distinct: tuple[frozenset[str], ...]
    pairs: Mapping[str, tuple[str, ...]]
    refused: frozenset[str] = frozenset()


def parsed(path: Path) -> Row:
    """A TOML file.

    Raises:
        DataError: naming the file, if it cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise DataError(f"{path}: {problem}") from problem


def load_fandom(path: Path) -> Fandom:
    """One file of data/fandoms.

    Raises:
        DataError: naming the file, if it is no TOML or a key is missing.
    """
    return as_fandom(path, prepared(path))


def prepared(path: Path) -> Row:
    """A file with what each character's name yields: what the compiled gazetteer keeps.

    Raises:
        DataError: naming the file, if it is no TOML or a character has no name.
    """
    return _with_people(path, parsed(path))


def _with_people(path: Path, row: Row) -> Row:
    try:
        return {**row, "characters": [_person(person) for person in row["characters"]]}
    except KeyError as missing:
        raise DataError(f"{path}: {missing} is missing") from missing


def as_fandom(path: Path, row: Row) -> Fandom:
    """What the prepared file at `path` says.

    Raises:
        DataError: naming the file, if a key is missing.
    """
    try:
        return Fandom(
            title=row["title"],
            ao3=(tag := str(row.get("ao3", row["title"]))),
            names=tuple(dict.fromkeys([row["title"], tag, *row.get("names", ())])),
            owners=tuple(row.get("owners", ())),
            words=tuple(row.get("words", ())),
            people=tuple(
                Person(name, ao3, gender, tuple(strong), tuple(mid), tuple(weak))
                for name, ao3, gender, strong, mid, weak in row["characters"]
            ),
            distinct=tuple(frozenset(g) for g in row.get("distinct", ())),
            pairs={k: tuple(v) for k, v in row.get("pairs", {}).items()},
            refused=frozenset(bare(r["name"]) for r in row.get("refused", ())),
        )
    except KeyError as missing:
        raise DataError(f"{path}: {missing} is missing") from missing


def _person(row: Row) -> Person:
    """Full name strong; its first and last word mid, unless the row places them elsewhere."""
    name = row["name"]
    placed = {fold(f) for kind in _FORMS for f in row.get(kind, ())}
    words = name.split()
    derived = [w for w in (words[0], words[-1]) if len(words) > 1 and len(w) > 2 and fold(w) not in placed]
    mid = list(dict.fromkeys([*row.get("mid", ()), *derived]))
    alone = len(words) == 1
    return Person(
        name=name,
        ao3=str(row.get("ao3", name)),
        gender=row.get("gender", ""),
        strong=tuple(dict.fromkeys([*([] if alone else [name]), *row.get("strong", ())])),
        mid=tuple([name, *mid] if alone and fold(name) not in placed else mid),
        weak=tuple(row.get("weak", ())),
    )


# the owner's own


@dataclass(frozen=True, slots=True)
class OwnFandoms:
    """The owner's files: what they say, what is wrong with those that cannot be used, and `version`, which changes
    with whatever they say ("" without any).
    """

    fandoms: tuple[Fandom, ...] = ()
    problems: tuple[DataError, ...] = ()
    version: str = ""


def own_fandoms(folder: Path) -> OwnFandoms:
    """The owner's files in `folder`; one that cannot be used is a problem, and the rest is used all the same."""
    fandoms: list[Fandom] = []
    problems: list[DataError] = []
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        try:
            row = parsed(path)
            _check(path, row)
            fandoms.append(as_fandom(path, _with_people(path, row)))
            digest.update(json.dumps(row, sort_keys=True, default=str).encode())
        except DataError as problem:
            remedy = "mend the file or move it away; it is left out, all others are used"
            problems.append(DataError(f"{problem} ({remedy})"))
    return OwnFandoms(tuple(fandoms), tuple(problems), digest.hexdigest()[:8] if fandoms else "")


def _check(path: Path, row: Row) -> None:
    """Raise a DataError that names the key of an owner's file that is not what data/fandoms has there."""
    people = row.get("characters", [])
    pairs = row.get("pairs", {})
    named = {"title": [row.get("title", "?")]}
    for key, entries in (("characters", people), ("refused", row.get("refused", []))):
        if not isinstance(entries, list) or not all(isinstance(e, dict) and "name" in e for e in entries):
            raise DataError(f"{path}: each of `{key}` is a table with a `name`")
        named[f"name of {key}"] = [e["name"] for e in entries]
    named |= {key: row.get(key, []) for key in _LISTS}
    named |= {f"{key} of {p['name']!r}": p.get(key, []) for p in people for key in _FORMS}
    named |= {"distinct": _flat(row.get("distinct", []))}
    named |= {"pairs": _flat(pairs.values() if isinstance(pairs, dict) else None)}
    for key, values in named.items():
        if not isinstance(values, list) or not all(isinstance(v, str) and bare(v) for v in values):
            raise DataError(f"{path}: {key} must be made of words in quotation marks")


def _flat(groups: Any) -> Any:
    """The members of all groups; what is no list of lists as it is."""
    groups = list(groups) if groups is not None else None
    if groups is None or not all(isinstance(group, list) for group in groups):
        return None
    return [member for group in groups for member in group]


def with_own(listed: Iterable[Fandom], own: Iterable[Fandom]) -> list[Fandom]:
    """The listed fandoms with what the owner adds to them, then those that only the owner has."""
    found = list(listed)
    place = {fold(name): at for at, one in reversed(list(enumerate(found))) for name in one.names}
    for mine in own:
        at = place.get(fold(mine.title))
        if at is None:
            at = len(found)
            found.append(mine)
        else:
            found[at] = _joined(found[at], mine)
        place |= {fold(name): at for name in mine.names if fold(name) not in place}
    return found


def _joined(one: Fandom, more: Fandom) -> Fandom:
    """`one` with everything that `more` adds: a person of the same name gets its forms, any other is new."""
    theirs = {fold(p.name): p for p in more.people}
    known = {fold(p.name) for p in one.people}
    people = [_with_forms(p, theirs[fold(p.name)]) if fold(p.name) in theirs else p for p in one.people]
    return replace(
        one,
        names=_both(one.names, more.names),
        owners=_both(one.owners, more.owners),
        words=_both(one.words, more.words),
        people=(*people, *(p for key, p in theirs.items() if key not in known)),
        distinct=(*one.distinct, *more.distinct),
        pairs={**one.pairs, **more.pairs},
        refused=one.refused | more.refused,
    )


def _with_forms(one: Person, more: Person) -> Person:
    """A person with the forms that the owner adds; those that are listed keep the strength they have there."""
    placed = {*one.strong, *one.mid, *one.weak}
    strong, mid, weak = (tuple(f for f in forms if f not in placed) for forms in (more.strong, more.mid, more.weak))
    return one._replace(
        gender=one.gender or more.gender, strong=one.strong + strong, mid=one.mid + mid, weak=one.weak + weak
    )


def _both(one: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *more]))


def add(folder: Path, title: str, people: Sequence[Row], refused: Iterable[str] = ()) -> Path:
    """Write people and refused names of a fandom behind what its file in `folder` says; the file.

    What the owner wrote stays as it is. A file that takes no tables behind it (its `characters` are a list in
    brackets, or it is damaged) is left alone, and the next name is taken.

    Raises:
        DataError: if it cannot be written.
    """
    tables = [f"[[characters]]\n{_lines(person)}" for person in people]
    tables += [f"[[refused]]\n{_lines({'name': name})}" for name in refused]
    more = "\n".join(["", *tables])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path, text = _home(folder, title, more)
        partial = path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as problem:
        where = problem.filename or folder
        raise DataError(f"{where}: {problem.strerror}; FICDEX_FANDOMS names another folder") from problem
    return path


def _home(folder: Path, title: str, more: str) -> tuple[Path, str]:
    """The file that takes `more`, and its whole text with it."""
    stem = bare(title).replace(" ", "_").replace("'", "") or "fandom"
    number = 1
    while True:
        path = folder / (f"{stem}.toml" if number == 1 else f"{stem}_{number}.toml")
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else _lines({"title": title})
        if _holds(path, text + more, title):
            return path, text + more
        number += 1


def _holds(path: Path, text: str, title: str) -> bool:
    """Is `text` a sound file of the fandom?"""
    try:
        row = tomllib.loads(text)
        _check(path, row)
        return fold(str(row["title"])) == fold(title)
    except (ValueError, KeyError, DataError):
        return False


def _lines(row: Row) -> str:
    """Keys and values as TOML; its basic strings are those of JSON, but for DEL."""
    return "".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n".replace("\x7f", "\\u007f") for k, v in row.items())
