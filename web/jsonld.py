"""A work as schema.org says it, for the head of its page."""

from __future__ import annotations

from typing import Any

from ..model import Record


def described(record: Record) -> dict[str, Any]:
    """A CreativeWork; what the record does not say is left out."""
    work: Any = record
    found = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "name": work["title"],
        "author": [_person(name) for name in work["authors"]],
        "editor": [_person(beta["name"]) for beta in work["betas"]],
        "character": [_person(person["name"]) for person in work["characters"] if person["stage"] != "mentioned"],
        "isBasedOn": [{"@type": "CreativeWork", "name": title} for title in work["fandoms"]],
        "isPartOf": [_series(series) for series in work["series"]],
        "abstract": work["summary"],
        "keywords": work["tags"],
        "contentRating": work["rating"],
        "inLanguage": work["language"],
        "datePublished": work["published"],
        "dateModified": work["updated"],
        "creativeWorkStatus": work["status"],
        "url": work["url"],
    }
    return {key: value for key, value in found.items() if value}


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _series(series: dict[str, Any]) -> dict[str, Any]:
    place = {"position": series["position"]} if series["position"] else {}
    return {"@type": "CreativeWorkSeries", "name": series["name"], **place}
