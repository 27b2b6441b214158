"""A parsed page as blocks: what a browser would show as paragraphs, headings, rules and lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..errors import HostileContent
from ..model import Layout, Position, Role, Span
from .blob import DocumentBuilder

DEEPEST = 500
"""Levels of nesting that are followed; pages need 30, bombs have a million."""
NESTING = 10_000
"""Levels of nesting that are parsed: 0.1 s for the parser, 9 s at ten times as many."""
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]{0,30})")
_CLOSES_ITSELF = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)(?P<name>[a-zA-Z][\w:-]{0,40})"
    r"(?P<rest>(?:\s[^<>]*)?)/>"
)
_SELF_CLOSING = frozenset(
    "p li dd dt tr td th thead tbody tfoot option br hr img input meta link area base col embed source track"
    " wbr".split()
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer"
    " form h1 h2 h3 h4 h5 h6"
    " header hr html legend li main nav ol p pre section summary table tbody td tfoot"
    " th thead tr ul".split()
)
_SILENT = frozenset(
    "script style noscript template head title iframe object embed svg math select option button textarea input"
    " form map audio video canvas nav".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EMPHASIS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "small": "small",
    "center": "center",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
_DIVIDER = re.compile(r"[\s\W_]{1,60}$|(?:[xXoO]\s*){3,}$")
_LEFT_OVER = re.compile(r"[\s|\[\]]+")
"""What stood between links that were left out."""
LONGEST_KEY = 30
"""Characters of a cell that names what the next one holds."""
_TERM = re.compile(r"[^\n:]{1,30}")
_KEY = re.compile(r"[^\n:]{1,40}:$")

Skip = Callable[[LexborNode], bool]


@dataclass(slots=True)
class Piece:
    """A block on its way: its text, how it is laid out, and how many of its letters have which emphasis."""

    parts: list[str] = field(default_factory=list)
    level: int = 0
    emphasis: dict[str, int] = field(default_factory=dict)
    letters: int = 0
    context: frozenset[str] = frozenset()
    names: bool = False
    """Whether it is a legend, a term of definitions, or the first of two cells: its value stands behind it."""

    def text(self) -> str:
        lines = (_BLANKS.sub(" ", line).strip(" ") for line in "".join(self.parts).split("\n"))
        return "\n".join(lines).strip("\n")

    def styles(self) -> frozenset[str]:
        most = 0.9 * self.letters
        return self.context | {name for name, count in self.emphasis.items() if count >= most > 0}


def hidden(node: LexborNode) -> bool:
    """Whether a browser would not show the element; anti-theft paragraphs are hidden like this."""
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


class _Walker:
    """Walks the tree without recursion, collecting pieces."""

    def __init__(self, skip: Skip) -> None:
        self.skip = skip
        self.piece = Piece()
        self.emphasis: list[str] = []
        self.pre = 0
        self.breaks = 0

    def pieces(self, root: LexborNode) -> Iterator[Piece | None]:
        """Every piece under `root` in order; None is a rule."""
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        depth = 0
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                depth -= 1
                yield from self._leave(tag)
                continue
            if tag == "-text":
                yield from self._text(node.text_content or "")
                continue
            if tag in _SILENT or tag.startswith(("-", "_", "!")) or depth > DEEPEST or hidden(node) or self.skip(node):
                continue
            if tag == "br":
                self.breaks += 1
                self.piece.parts.append("\n")
                continue
            yield from self._enter(node, tag)
            depth += 1
            stack.append((node, True))
            children = []
            child = node.child
            while child is not None:
                children.append((child, False))
                child = child.next
            stack.extend(reversed(children))
        yield from self._flush()

    def _flush(self) -> Iterator[Piece]:
        piece, self.piece, self.breaks = self.piece, Piece(context=self.piece.context), 0
        if piece.letters:
            yield piece

    def _text(self, text: str) -> Iterator[Piece]:
        text = _CONTROLS.sub("", text.replace("\xa0", " "))
        return self._preformatted(text) if self.pre else self._words(_BLANKS.sub(" ", text))

    def _preformatted(self, text: str) -> Iterator[Piece]:
        for number, paragraph in enumerate(_BLANK_LINES.split(text)):
            if number:
                yield from self._flush()
            yield from self._words(paragraph)

    def _words(self, text: str) -> Iterator[Piece]:
        if not text.strip():
            self.piece.parts.append(text if self.piece.letters else "")
            return
        if self.breaks >= 2:
            yield from self._flush()
        self.breaks = 0
        letters = len(text.strip())
        self.piece.parts.append(text)
        self.piece.letters += letters
        for name in set(self.emphasis):
            self.piece.emphasis[name] = self.piece.emphasis.get(name, 0) + letters

    def _enter(self, node: LexborNode, tag: str) -> Iterator[Piece | None]:
        if tag in _BLOCKS:
            yield from self._flush()
            if tag == "hr":
                yield None
            self.piece.level = _HEADINGS.get(tag, 0)
        if tag == "pre":
            self.pre += 1
        if name := _EMPHASIS.get(tag):
            self.emphasis.append(name)
        if tag not in _BLOCKS:
            return  # what is within a line changes nothing about its block
        centred = (node.attributes.get("align") or "").lower() == "center" or "text-align:center" in (
            node.attributes.get("style") or ""
        ).replace(" ", "")
        self.piece.names = tag in ("dt", "legend") or (tag in ("td", "th") and _names_value(node))
        self.piece.context = frozenset(
            s for s, there in (("center", centred or "center" in self.emphasis), ("list", tag == "li")) if there
        )

    def _leave(self, tag: str) -> Iterator[Piece]:
        if tag in _BLOCKS:
            yield from self._flush()
            self.piece.level = 0
            self.piece.context = frozenset(("center",)) if "center" in self.emphasis else frozenset()
        if tag == "pre":
            self.pre -= 1
        if (name := _EMPHASIS.get(tag)) and name in self.emphasis:
            self.emphasis.remove(name)


def _names_value(cell: LexborNode) -> bool:
    """Whether a cell is a few words before the only other cell of its row."""
    row = cell.parent
    cells = [c for c in row.iter() if c.tag in ("td", "th")] if row and row.tag == "tr" else []
    return len(cells) == 2 and cells[0] == cell and 0 < len(inline(cell)) <= LONGEST_KEY and bool(inline(cells[1]))


def never(node: LexborNode) -> bool:
    """Skips nothing."""
    return False


def lines_of(root: LexborNode, skip: Skip = never) -> str:
    """The text below `root`, a line for each block of it."""
    return "\n\n".join(p.text() for p in _Walker(skip).pieces(root) if p)


def inline(node: LexborNode | None) -> str:
    """The text of an element on one line; "" for None."""
    return _CONTROLS.sub("", " ".join((node.text(deep=True) or "").split())) if node else ""


def add_markup(
    builder: DocumentBuilder,
    root: LexborNode,
    *,
    skip: Skip = never,
    role: Role | None = None,
    chapter: int | None = None,
    position: Position | None = None,
    rule: str = "",
) -> Span | None:
    """Add everything below `root` as blocks; returns the span of all of them.

    A table cell or definition that names a key ("Rating:") takes its value onto the same line.
    """
    first: int | None = None
    last = 0
    held = ""
    for piece in _Walker(skip).pieces(root):
        text = piece.text() if piece else ""
        if piece and piece.names and _TERM.fullmatch(text):
            text += ":"
        if piece and text and _KEY.fullmatch(text) and not piece.level:
            held = f"{held}\n{text}".strip("\n")
            continue
        if held:
            text = f"{held} {text}".rstrip()
            held = ""
        if not text or _LEFT_OVER.fullmatch(text):
            if piece is None and builder.blocks and builder.blocks[-1].layout is not Layout.SEPARATOR:
                builder.add("* * *", Layout.SEPARATOR, rule="html.hr")
            continue
        layout = Layout.PARAGRAPH
        if piece and piece.level:
            layout = Layout.HEADING
        elif _DIVIDER.match(text):
            layout = Layout.SEPARATOR
        span = builder.add(
            text,
            layout,
            role=role,
            chapter=chapter,
            position=position,
            level=piece.level if piece else 0,
            styles=piece.styles() if piece else frozenset(),
            rule=rule,
        )
        if span:
            first, last = span.start if first is None else first, span.end
    if builder.blocks and builder.blocks[-1].rule == "html.hr":
        builder.drop_last()
    return Span(first, last) if first is not None else None


def closed(xml: str) -> str:
    """XML with every element that closes itself as HTML has it; else all that follows would be within it."""
    return _CLOSES_ITSELF.sub(r"<\g<name>\g<rest>></\g<name>>", xml)


def parse(text: str, uri: str) -> LexborHTMLParser:
    """A page's tree; whatever the text, there is one.

    Raises:
        HostileContent: naming `uri`, if elements nest so deep that the parser, quadratic in that, would not end.
    """
    if text.count("<") > NESTING and _nesting(text) > NESTING:
        raise HostileContent(uri, f"its elements nest more than {NESTING:,} deep; no story does")
    return LexborHTMLParser(text)


def _nesting(text: str) -> int:
    """How deep elements nest, at the most; those that close by themselves are not counted."""
    deepest = depth = 0
    for tag in _TAG.finditer(text):
        if tag.group("name").lower() not in _SELF_CLOSING:
            depth = max(0, depth - 1) if tag.group("close") else depth + 1
            deepest = max(deepest, depth)
    return deepest
