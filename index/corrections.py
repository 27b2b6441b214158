"""The owner's changes: parsed, checked against the field's shape, applied over what was extracted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import CorrectionError
from ..fields import BY_QUERY, FIELDS, Field
from ..model import ROLES, Record
from ..text import bare

Op = Literal["=", "+=", "-=", "unset"]

_CHANGE = re.compile(r"(?P<field>\w[\w-]*?)\s*(?P<op>\+=|-=|=)(?P<value>.*)", re.DOTALL)
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_CHOICES = {
    "status": ("complete", "in-progress"),
    "rating_level": ("general", "teen", "mature", "explicit"),
    "beta_status": ("credited", "unbetaed", "self", "seeking", "none"),
}
_SETTABLE = {"betas", "characters", "series", "chapters"}


@dataclass(frozen=True, slots=True)
class Change:
    """One correction of a field; `value` is JSON of the field's shape, one of a list's values for += and -=."""

    field: str
    op: Op
    value: Any = None


def parse(text: str) -> Change:
    """`title="X"`, `beta+=Trisha:brit-picker`, `betas-=Joan`, `fandoms=A; B`.

    Raises:
        CorrectionError: naming the field, and what it can hold.
    """
    found = _CHANGE.fullmatch(text.strip())
    if not found:
        raise CorrectionError(f'{text!r} is no correction; write field=value, for example title="A Tale"')
    field = field_named(found.group("field"))
    op: Any = found.group("op")
    value = found.group("value").strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    is_list = field.shape in ("list", "people") or field.key in ("characters", "series")
    if op != "=" and not is_list:
        raise CorrectionError(f"{field.key} has one value: use {field.key}=...")
    if op == "=" and is_list:
        return Change(field.key, op, [_value(field, v.strip()) for v in value.split(";") if v.strip()])
    return Change(field.key, op, _value(field, value) if value else None)


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
    field = BY_QUERY.get(name.lower().replace("-", "_"))
    if not field or not field.editable or (field.shape == "objects" and field.key not in _SETTABLE):
        able = ", ".join(f.key for f in FIELDS if f.editable and (f.shape != "objects" or f.key in _SETTABLE))
        raise CorrectionError(f"{name!r} cannot be corrected; these can: {able}")
    return field


def _value(field: Field, value: str) -> Any:
    key = field.key
    if key in _CHOICES and value not in _CHOICES[key]:
        raise CorrectionError(f"{key} is one of {', '.join(_CHOICES[key])}, not {value!r}")
    if field.shape == "date" and not _DATE.fullmatch(value):
        raise CorrectionError(f"{key} is a date YYYY, YYYY-MM or YYYY-MM-DD, not {value!r}")
    if field.shape == "number":
        if not value.replace(",", "").isdigit():
            raise CorrectionError(f"{key} is a whole number, not {value!r}")
        return int(value.replace(",", ""))
    if key == "betas":
        name, _, role = value.rpartition(":") if value.rpartition(":")[2] in ROLES else (value, "", "beta")
        return {"name": name.strip(), "role": role}
    if key == "characters":
        return {"name": value, "as": [], "stage": "present", "mentions": 0}
    if key == "series":
        name, _, place = value.rpartition("#")
        return {"name": (name or place).strip(), "position": int(place) if name and place.strip().isdigit() else None}
    if key == "chapters":
        return _chapters(value)
    return value


def _chapters(value: str) -> dict[str, int | None]:
    published, _, planned = value.partition("/")
    if not published.isdigit() or (planned and planned != "?" and not planned.isdigit()):
        raise CorrectionError(f"chapters is written 3/5 or 3/?, not {value!r}")
    return {"published": int(published), "planned": int(planned) if planned.isdigit() else None}


def apply(record: Record, changes: Iterable[Change]) -> Record:
    """A copy of an extracted record with the owner's changes, oldest first."""
    result = dict(record)
    for change in changes:
        if change.op == "unset":
            result[change.field] = record[change.field]
        elif change.op == "=":
            result[change.field] = change.value
        else:
            kept: list[Any] = [v for v in result[change.field] if not _same(v, change.value)]  # type: ignore[attr-defined]
            result[change.field] = [*kept, change.value] if change.op == "+=" else kept
        if change.field == "betas" and result["betas"] and result["beta_status"] != "credited":
            result["beta_status"] = "credited"
    return result


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a list are one: people and characters by name, whatever their role."""
    if isinstance(one, dict) and isinstance(other, dict):
        same_role = "role" not in one or other.get("role") in ("beta", one.get("role"))
        return bare(one["name"]) == bare(other["name"]) and same_role
    return bare(str(one)) == bare(str(other))
