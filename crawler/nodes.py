"""Elements of a parsed page: their classes, what stands around them, the first of several that are there."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

NESTING = 40
"""Elements around one that are looked at; no page has reason to nest deeper."""


def classes(node: LexborNode) -> list[str]:
    """The classes of an element, of which text and comments have none."""
    return ((node.attributes or {}).get("class") or "").split()


def attribute(node: LexborNode, *names: str) -> str:
    """The first of some attributes that an element has, "" if it has none of them."""
    return next((value for name in names if (value := (node.attributes or {}).get(name))), "")


def around(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around one, innermost first."""
    outer = node.parent
    for _ in range(NESTING):
        if outer is None:
            return
        yield outer
        outer = outer.parent


def within(node: LexborNode, elements: Container[int]) -> bool:
    """Whether an element is one of `elements` (by `mem_id`), or inside of one."""
    return node.mem_id in elements or any(outer.mem_id in elements for outer in around(node))


def one_of(elements: Container[int]) -> Callable[[LexborNode], bool]:
    """A test that is true of `elements` (by `mem_id`)."""
    return lambda node: node.mem_id in elements


def outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """Those of some elements, in the page's order, that stand in none of the others."""
    kept: list[LexborNode] = []
    seen: set[int] = set()
    for node in nodes:
        if node.mem_id not in seen and not any(outer.mem_id in seen for outer in around(node)):
            kept.append(node)
        seen.add(node.mem_id)
    return kept


def ids(root: LexborHTMLParser | LexborNode, selectors: Iterable[str]) -> frozenset[int]:
    """The `mem_id` of every element below `root` that one of the selectors means."""
    return frozenset(node.mem_id for node in root.css(", ".join(selectors)))


def first(root: LexborHTMLParser | LexborNode, selectors: Iterable[str]) -> LexborNode | None:
    """The element of the first selector that means one."""
    return next((node for selector in selectors if (node := root.css_first(selector))), None)
