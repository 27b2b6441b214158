"""Pages of the OTW archive that stand in the place of a work: gates, locks, errors."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory, StandIn, State
from ...lexicon import tables
from ..markup import inline
from .otw_fields import own
from .otw_urls import origin, resolved

BEGINNING = 400
"""Characters of #main in which a page says that it is no work; what comes later may be anybody's words."""
SHORT = 2_000
"""Characters of a page that is nothing but a notice."""
_GATES: tuple[tuple[str, State, str], ...] = (
    ("adult", "gated_adult", "this is the archive's adult gate, not the work; save the page behind Proceed"),
    ("locked", "gated_login", "the work is locked; save it while logged in"),
    ("unrevealed", "gated_login", "the work is unrevealed; it will be there when its collection is"),
    ("overload", "retry", "the archive could not show the page just then; ask for it again later"),
    ("gone", "gone", "the archive says that there is no such work (deleted?)"),
)
"""In the order asked: name in data/phrases/otw.toml, state, reason."""


def is_notice(tree: LexborHTMLParser) -> bool:
    """A page of an overloaded archive, which has nothing of the engine's but the words."""
    heads = [inline(tree.css_first("title")).lower(), inline(tree.css_first("h1, h2")).lower()]
    if not any(_says(head, "overload") for head in heads):
        return False
    said = inline(tree.body).lower()
    names = (name for names in tables("otw")["titles"].values() for name in names)
    return len(said) < SHORT and any(name in said or name in heads[0] for name in names)


def adult_gate(tree: LexborHTMLParser, uri: str) -> StandIn | None:
    """The gate before a work for adults, which shows the work's blurb too."""
    cautions = own(tree.css("#main p.caution, #main p.warning, #main p.notice"))
    if any(_says(inline(node).lower(), "adult") for node in cautions):
        return _stand_in(tree, uri, "adult")
    return None


def barred(tree: LexborHTMLParser, uri: str) -> NoStory:
    """What a page without a work or a listing is: a StandIn with its state, or a page like any other."""
    main = tree.css_first("#main") or tree.body
    said = inline(main)
    lowered = said[:BEGINNING].lower()
    if tree.css_first('#main form[action*="/users/login"]'):
        return _stand_in(tree, uri, "locked")
    for name, _, _ in _GATES:
        if _says(lowered, name):
            return _stand_in(tree, uri, name)
    return NoStory(uri, f"a page of the archive without a work: {said[:80]}")


def _says(lowered: str, gate: str) -> bool:
    return any(phrase in lowered for phrase in tables("otw")["gates"][gate])


def _stand_in(tree: LexborHTMLParser, uri: str, gate: str) -> StandIn:
    state, reason = next((state, reason) for name, state, reason in _GATES if name == gate)
    proceed = next(_ways_on(tree, uri), None) if gate == "adult" else None
    return StandIn(uri, reason, state, proceed)


def _ways_on(tree: LexborHTMLParser, uri: str) -> Iterator[str]:
    """Absolute URLs behind the adult gate."""
    base = uri if uri.startswith(("http://", "https://")) else f"{origin(uri, tree)}/"
    for link in own(tree.css('#main a[href*="view_adult=true"]')):
        if url := resolved(base, link.attributes.get("href")):
            yield url
