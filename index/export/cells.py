"""Values of a record as cells of a table, and back again without loss."""

from __future__ import annotations

import json
from typing import Any

from ...fields import FIELDS
from ...model import Record

BY_COLUMN = {f.column: f for f in FIELDS}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(record: Record, column: str, separator: str) -> str:
    """One column of a work; lists joined by `separator`, in which a value's own separator is written twice."""
    field = BY_COLUMN[column]
    value: Any = record[field.key]
    if value is None:
        return ""
    if field.key == "chapters":
        return f"{value['published']}/{value['planned'] if value['planned'] is not None else '?'}"
    if field.key == "stats":
        return joined([f"{name}: {count}" for name, count in value.items()], separator)
    if isinstance(value, list):
        return joined([item_text(field.key, item) for item in value], separator)
    return str(value)


def item_text(key: str, item: Any) -> str:
    """One value of a list: "Old Tom (brit-picker)", "Watches #1", a note's words, "during: ..."."""
    if isinstance(item, str):
        return item
    if key == "betas":
        return str(item["name"] if item["role"] == "beta" else f"{item['name']} ({item['role']})")
    if key == "series":
        return f"{item['name']} #{item['position']}" if item["position"] is not None else str(item["name"])
    if key == "notes":
        return str(item["text"])
    if key == "related":
        return f"{item['kind']}: {item['text']}"
    if key == "characters":
        return str(item["name"])
    return json.dumps(item, ensure_ascii=False)


def joined(items: list[str], separator: str) -> str:
    """Items in one cell; the separator's sign within an item is doubled, so that `split` is the way back."""
    sign = separator.strip() or separator
    return separator.join(item.replace(sign, sign * 2) for item in items)


def split(text: str, separator: str = "; ") -> list[str]:
    """The items of a cell that `joined` made."""
    sign = separator.strip() or separator
    items, at = [""], 0
    while at < len(text):
        if text.startswith(sign * 2, at):
            items[-1] += sign
            at += 2 * len(sign)
        elif text.startswith(separator, at):
            items.append("")
            at += len(separator)
        else:
            items[-1] += text[at]
            at += 1
    return items if text else []


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
