"""The owner's changes: parsed, checked against the field's shape, applied over what was extracted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ..errors import CorrectionError
from ..fields import BY_QUERY, FIELDS, ROLES, Field
from ..model import Record
from ..text import bare

Op = Literal["=", "+=", "-=", "unset"]

_CHANGE = re.compile(r"(?P<field>\w[\w-]*?)\s*(?P<op>\+=|-=|=)(?P<value>.*)", re.DOTALL)
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18}")
_COUNTS = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}|\?))?")
_PLACE = re.compile(r"(?P<name>.*\S)\s*#(?P<place>[0-9]{1,9})", re.DOTALL)
_SEPARATOR = re.compile(r"(?<!;);(?!;)")
_CHOICES = {
    "status": ("complete", "in-progress"),
    "rating_level": ("general", "teen", "mature", "explicit"),
    "beta_status": ("credited", "unbetaed", "self", "seeking", "none"),
}
_FORMS = {
    "language": (re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"), "a BCP 47 tag such as en or pt-BR"),
    "url": (re.compile(r"https?://[^\s/]+\S*"), "a web address, https://..."),
    "site_id": (re.compile(r"[\w.-]+:\S+"), "written SITE:NUMBER, such as ao3:123"),
}
_SETTABLE = {"characters", "series", "chapters"}
"""Of the fields with objects, those that have a short form to type."""
_NEVER_EMPTY = {"words", "chapters", "beta_status"}


@dataclass(frozen=True, slots=True)
class Change:
    """One correction of a field; `value` is JSON of the field's shape, one of a list's values for += and -=."""

    field: str
    op: Op
    value: Any = None

    def __str__(self) -> str:
        if self.op == "unset":
            return f"{self.field} unset"
        values = self.value if isinstance(self.value, list) else [self.value]
        return f"{self.field}{self.op}{'; '.join(map(_typed, values))}"


def written(value: Any) -> str:
    """A value of the record, or a whole list, as it is typed behind `field=` to say the same."""
    if isinstance(value, list):
        return "; ".join(_typed(v).replace(";", ";;") for v in value)
    return _typed(value)


def _typed(value: Any) -> str:
    """A value as it is typed."""
    match value:
        case None:
            return ""
        case {"role": role, "name": name}:
            return f"{name}:{role}" if role != "beta" or ":" in name else str(name)
        case {"published": published, "planned": planned}:
            return f"{published}/{planned if planned is not None else '?'}"
        case {"name": name, "position": int(place)}:
            return f"{name} #{place}"
        case {"name": name}:
            return str(name)
    return str(value)


def parse(text: str) -> Change:
    """`title="X"`, `beta+=Trisha:brit-picker`, `betas-=Joan`, `fandoms=A; B` (a semicolon in a value is doubled).

    Raises:
        CorrectionError: naming the field, and what it can hold.
    """
    found = _CHANGE.fullmatch(text.strip())
    if not found:
        raise CorrectionError(f'{text!r} is no correction; write field=value, for example title="A Tale"')
    field = field_named(found.group("field"))
    op: Any = found.group("op")
    value = _unquoted(found.group("value").strip())
    if _is_list(field):
        if op == "=":
            parts = (v.strip().replace(";;", ";") for v in _SEPARATOR.split(value))
            return Change(field.key, op, [_value(field, v) for v in parts if v])
        if not value:
            raise CorrectionError(f"{field.key}{op} needs a value; {field.key}= empties the list")
        return Change(field.key, op, _value(field, value))
    if op != "=":
        raise CorrectionError(f"{field.key} has one value: use {field.key}=...")
    if not value and field.key not in _NEVER_EMPTY:
        return Change(field.key, op, None)
    return Change(field.key, op, _value(field, value))


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _is_list(field: Field) -> bool:
    return field.shape in ("list", "people") or field.key in ("characters", "series")


def unset(name: str) -> Change:
    """Back to what was extracted.

    Raises:
        CorrectionError: if there is no such field.
    """
    return Change(field_named(name).key, "unset")


def field_named(name: str) -> Field:
    """The field with this key, column or query name.

    Raises:
        CorrectionError: listing those that can be corrected.
    """
    named = name.strip().lower().replace("-", "_")
    field = BY_QUERY.get(named) or next((f for f in FIELDS if named in (f.key, f.column)), None)
    if not field or not can_be_set(field):
        able = ", ".join(f.key for f in FIELDS if can_be_set(f))
        raise CorrectionError(f"{name!r} cannot be corrected; these can: {able}")
    return field


def can_be_set(field: Field) -> bool:
    """Whether a field has a form that can be typed, and is not the catalogue's own."""
    return field.editable and (field.shape != "objects" or field.key in _SETTABLE)


def _value(field: Field, value: str) -> Any:
    key = field.key
    if key in _CHOICES and value not in _CHOICES[key]:
        raise CorrectionError(f"{key} is one of {', '.join(_CHOICES[key])}, not {value!r}")
    if key in _FORMS and not _FORMS[key][0].fullmatch(value):
        raise CorrectionError(f"{key} is {_FORMS[key][1]}, not {value!r}")
    if field.shape == "date" and not _is_date(value):
        raise CorrectionError(f"{key} is a date YYYY, YYYY-MM or YYYY-MM-DD, not {value!r}")
    if field.shape == "number":
        if not _NUMBER.fullmatch(value):
            raise CorrectionError(f"{key} is a whole number, not {value!r}")
        return int(value.replace(",", ""))
    match key:
        case "betas":
            return _credit(value)
        case "characters":
            return {"name": value, "as": [], "stage": "present", "mentions": 0}
        case "series":
            found = _PLACE.fullmatch(value)
            return {"name": found["name"] if found else value, "position": int(found["place"]) if found else None}
        case "chapters":
            return _chapters(value)
    return value


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return True


def _credit(value: str) -> dict[str, str]:
    name, colon, role = (part.strip() for part in value.rpartition(":"))
    if not colon:
        name, role = value, "beta"
    if role not in ROLES or not name:
        raise CorrectionError(f"betas holds NAME or NAME:ROLE, not {value!r}; roles are {', '.join(ROLES)}")
    return {"name": name, "role": role}


def _chapters(value: str) -> dict[str, int | None]:
    found = _COUNTS.fullmatch(value)
    if not found:
        raise CorrectionError(f"chapters is written 3/5 or 3/?, not {value!r}")
    planned = found.group(2)
    return {"published": int(found.group(1)), "planned": int(planned) if planned not in (None, "?") else None}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A record with the owner's changes over it; `said` holds the owner's values of each field that was changed."""

    record: Record
    said: dict[str, list[Any]]

    def keeps(self, item: Record) -> bool:
        """Whether an extracted claim still stands, said by the extractor and not unsaid by the owner."""
        field = str(item["field"])
        if field not in self.said:
            return True
        value: Any = self.record[field]
        return isinstance(value, list) and any(_is_same(field, item["value"], v) for v in value)


def apply(extracted: Record, changes: Iterable[Change]) -> Corrected:
    """What was extracted, with the owner's changes, oldest first."""
    record, said = dict(extracted), dict[str, list[Any]]()
    for change in changes:
        _apply(record, said, change, extracted)
    if "betas" in said and "beta_status" not in said:
        _follow(record, said)
    return Corrected(record, said)


def _apply(record: Record, said: dict[str, list[Any]], change: Change, extracted: Record) -> None:
    field, value = change.field, change.value
    if change.op == "unset":
        record[field] = extracted[field]
        said.pop(field, None)
    elif change.op == "=":
        record[field] = value
        said[field] = list(value) if isinstance(value, list) else [value]
    else:
        combine = _with if change.op == "+=" else _without
        record[field] = combine(field, record[field], value)  # type: ignore[arg-type]
        said[field] = combine(field, said.get(field, ()), value)


def _with(field: str, values: Sequence[Any], new: Any) -> list[Any]:
    """The owner's way to write a value stands where the same one stood; a character keeps what is known of it."""
    at = next((n for n, v in enumerate(values) if _is_same(field, v, new)), None)
    if at is None:
        return [*values, new]
    kept = {**values[at], "name": new["name"]} if field == "characters" else new
    return [*values[:at], kept, *values[at + 1 :]]


def _without(field: str, values: Sequence[Any], old: Any) -> list[Any]:
    """Without `old`; a person named without a role goes in every role, a series without a place in any."""
    if field == "betas" and old["role"] == "beta":
        return [v for v in values if bare(v["name"]) != bare(old["name"])]
    return [v for v in values if not _is_same(field, v, old)]


def _follow(record: Record, said: dict[str, list[Any]]) -> None:
    """The status follows the owner's credits: somebody is credited, or nobody any more."""
    status = record["beta_status"]
    if record["betas"]:
        status = "credited"
    elif status == "credited":
        status = "none"
    if status != record["beta_status"]:
        record["beta_status"] = status
        said["beta_status"] = [status]


def _is_same(field: str, one: Any, other: Any) -> bool:
    """Whether two values of a list are one: people by name and role, characters and series by name."""
    if isinstance(one, dict) and isinstance(other, dict):
        same_role = field != "betas" or one["role"] == other["role"]
        return bare(one["name"]) == bare(other["name"]) and same_role
    return bare(str(one)) == bare(str(other))
