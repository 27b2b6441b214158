"""A small archive of the OTW engine: listings of 20 blurbs, works whole and by chapter, and every gate there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from zlib import crc32

from . import NOT_FOUND, Answer, Chapter, Story, moved, page, stories, text

A_PAGE = 20
SERIES = ("Tales of the Ferry", "Kettle Cycle", "After the Flood")
COLLECTIONS = ("small_fest", "winter_exchange")
LEVELS = {
    "G": "General Audiences", "PG": "Teen And Up Audiences", "PG-13": "Teen And Up Audiences",
    "R": "Mature", "NC-17": "Explicit",
}  # fmt: skip
WARNING = "No Archive Warnings Apply"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ROBOTS = """User-agent: *
Disallow: /works? # all works at once
Disallow: /autocomplete/
Disallow: /downloads/
Disallow: /external_works/
Disallow: /bookmarks/search?
Disallow: /people/search?
Disallow: /tags/search?
Disallow: /works/search?
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A work's fields as this engine names them."""

    story: Story
    address: int
    rating: str
    category: str
    relationship: str
    kudos: int
    anonymous: bool
    collection: str

    @property
    def adult(self) -> bool:
        return self.rating in ("Mature", "Explicit")

    @property
    def chapters(self) -> str:
        """ "2/2", or "2/?" of a work that goes on."""
        count = len(self.story.chapters)
        return f"{count}/{count if self.story.complete else '?'}"


class AO3:
    """The archive; `truth` are its works by their number in URLs.

    `errors`: one work's page in ten is the server's "Error 503", with status 200; `error_page()` is that page.
    """

    def __init__(self, seed: int = 7, count: int = 200, *, errors: bool = False) -> None:
        self.errors = errors
        self.truth = {shown.address: shown for shown in map(_shown, stories(seed, count))}

    def respond(self, path_with_query: str) -> Answer:
        """The answer to a GET of this path by somebody who is not logged in and has no cookies."""
        url = urlsplit(path_with_query)
        query, steps = dict(parse_qsl(url.query)), [unquote(step) for step in url.path.split("/")[1:]]
        offset = (max(1, _number(query.get("page", "1"))) - 1) * A_PAGE
        match steps:
            case ["robots.txt"]:
                return text(ROBOTS)
            case [""] | ["media"]:
                return _html("Home", '<h2 class="heading">Welcome</h2>' + self._tags(), "home")
            case ["tags", tag, "works"]:
                return self._listing(_tag(tag), url.path, offset, lambda w: _tag(tag) in _all_tags(w))
            case ["users", user, "works"] | ["users", user, "pseuds", _, "works"]:
                return self._listing(user, url.path, offset, lambda w: user in w.story.authors and not w.anonymous)
            case ["series", number] if 0 < _number(number) <= len(SERIES):
                name = SERIES[_number(number) - 1]
                return self._listing(name, url.path, offset, lambda w: any(n == name for n, _ in w.story.series))
            case ["collections", name, "works"] if name in COLLECTIONS:
                return self._listing(name, url.path, offset, lambda w: w.collection == name)
            case ["users", "login"]:
                return _html("New Session", _LOGIN, "sessions-new system session")
            case ["works", number, *rest]:
                return self._work(self.truth.get(_number(number)), rest, path_with_query, query)
        return _missing()

    def error_page(self) -> Answer:
        """What the server says when it is busy, with a status that says nothing of it."""
        said = '<h2 class="heading">Error 503</h2><h3 class="heading">The page was responding too slowly.</h3>'
        return _html("Page responding too slowly.", said, "system errors error-503")

    def chapter_address(self, shown: Shown, number: int) -> int:
        """The number that a chapter has in URLs."""
        return shown.address * 10 + number

    def _link(self, shown: Shown, number: int) -> str:
        return f"/works/{shown.address}/chapters/{self.chapter_address(shown, number)}"

    def _tags(self) -> str:
        fandoms = sorted({shown.story.fandom for shown in self.truth.values()})
        return "<ul>" + "".join(f"<li>{_linked(name)}</li>" for name in fandoms) + "</ul>"

    def _work(self, shown: Shown | None, rest: list[str], path: str, query: dict[str, str]) -> Answer:
        if not shown or shown.story.state == "gone":
            return _missing()
        if self.errors and crc32(path.encode()) % 10 == 0:
            return self.error_page()
        if shown.story.state == "login":
            return moved("/users/login?restricted=true")
        if shown.story.state == "unrevealed":
            said = "This work is part of an ongoing challenge and will be revealed soon!"
            details = f'You can find details here: <a href="/collections/{COLLECTIONS[0]}">a fest</a>'
            return _html("Unrevealed Work", f'<p class="notice">{said} {details}</p>', "works-show", noindex=True)
        if rest == ["navigate"]:
            return self._navigate(shown)
        if shown.adult and query.get("view_adult") != "true":
            return self._gate(shown, path)
        chapters = range(1, len(shown.story.chapters) + 1)
        if not rest:
            whole = query.get("view_full_work") == "true" or len(chapters) == 1
            return self._page(shown, list(chapters) if whole else [1])
        own = {str(self.chapter_address(shown, n)): n for n in chapters}
        return self._page(shown, [own[rest[1]]]) if rest[0] == "chapters" and rest[-1] in own else _missing()

    def _gate(self, shown: Shown, path: str) -> Answer:
        """The adult gate: its Proceed link is the page that was asked for, with consent; a blurb is under it."""
        proceed = escape(f"{path}{'&' if '?' in path else '?'}view_adult=true")
        said = f"""<h2 class="landmark heading">Adult Content Warning</h2>
        <p class="caution">This work could have adult content. If you continue, you have agreed that you are willing to
        see such content.</p><ul class="actions" role="navigation"><li><a href="{proceed}">Yes, Continue</a></li>
        <li><a href="javascript:history.back()">No, Go Back</a></li></ul>"""
        return _html(shown.story.title, f'{said}<ol class="work index group">{_blurb(shown)}</ol>', "works-show")

    def _navigate(self, shown: Shown) -> Answer:
        rows = "".join(
            f'<li><a href="{self._link(shown, n)}">{n}. {escape(c.title)}</a> '
            f'<span class="datetime">({shown.story.published})</span></li>'
            for n, c in enumerate(shown.story.chapters, 1)
        )
        title = f'<a href="/works/{shown.address}">{escape(shown.story.title)}</a> by {_byline(shown)}'
        inner = f'<h2 class="heading">Chapter Index for {title}</h2><ol class="chapter index group">{rows}</ol>'
        return _html("Chapter Index", inner, "works-navigate")

    def _listing(self, title: str, path: str, offset: int, wanted: Callable[[Shown], bool]) -> Answer:
        """Newest first; the deleted are not there, the unrevealed are mysteries, the locked have their lock."""
        found = [w for w in self.truth.values() if w.story.state != "gone" and wanted(w)]
        if not found:
            return _missing()
        found.sort(key=lambda w: (w.story.updated, w.address), reverse=True)
        blurbs = "\n".join(map(_blurb, found[offset : offset + A_PAGE]))
        here, last = offset // A_PAGE + 1, (len(found) - 1) // A_PAGE + 1
        shown = f"{offset + 1} - {min(offset + A_PAGE, len(found))} of {len(found)} Works in"
        inner = f"""<h2 class="heading">{shown} <a class="tag" href="{path}">{escape(title)}</a></h2>
        <ul class="user navigation actions"><li><a class="rss" href="/tags/8474/feed.atom">RSS Feed</a></li></ul>
        {_pages(path, here, last) if last > 1 else ""}<h3 class="landmark heading">Listing Works</h3>
        <ol class="work index group">{blurbs}</ol>"""
        return _html(title, inner, "works-index filtered")

    def _page(self, shown: Shown, numbers: list[int]) -> Answer:
        story = shown.story
        several = len(story.chapters) > 1
        address = f"/works/{shown.address}"
        actions = f'<li class="download"><a href="/downloads/{shown.address}/x.epub?updated_at=1">EPUB</a></li>'
        if several and len(numbers) == 1:
            actions += f'<li class="chapter entire"><a href="{address}?view_full_work=true">Entire Work</a></li>'
            if numbers[0] < len(story.chapters):
                after = self._link(shown, numbers[0] + 1)
                actions += f'<li class="chapter next"><a href="{after}#workskin">Next Chapter</a></li>'
        chapters = "".join(self._chapter(shown, n) if several else _text(story.chapters[0]) for n in numbers)
        last = numbers[-1] == len(story.chapters)
        inner = f"""<div class="work"><ul class="work navigation actions">{actions}</ul>{_meta(shown)}
        <div id="workskin"><div class="preface group"><h2 class="title heading">{escape(story.title)}</h2>
        <h3 class="byline heading">{_byline(shown)}</h3>
        {_module("summary", story.summary)}{_module("notes", story.note)}</div>
        <div id="chapters" role="article">{chapters}</div>
        <div class="afterword preface group">{_end_notes("work", story.end_note) if last else ""}
        <div id="series" class="series module"><h3 class="heading">Series this work belongs to:</h3></div>
        </div></div></div>
        <div id="feedback" class="feedback"><ol class="thread"><li class="comment"><blockquote class="userstuff">
        <p>Neal would be so proud!</p></blockquote></li></ol></div>"""
        return _html(f"{story.title} - {story.fandom}", inner, "works-show", noindex=story.noindex)

    def _chapter(self, shown: Shown, number: int) -> str:
        chapter = shown.story.chapters[number - 1]
        link = self._link(shown, number)
        title = "" if chapter.title == f"Chapter {number}" else f": {escape(chapter.title)}"
        return f"""<div class="chapter" id="chapter-{number}"><div class="chapter preface group">
        <h3 class="title"><a href="{link}">Chapter {number}</a>{title}</h3>{_module("notes", chapter.note)}</div>
        {_text(chapter)}{_end_notes(f"chapter_{number}", chapter.end_note, around=True)}</div>"""


def _shown(story: Story) -> Shown:
    """A story of the base set as this archive has it."""
    number = story.number
    states = {3: "login", 9: "unrevealed", 14: "gone"}
    state = states.get(number % 20, "open")
    rating = LEVELS[story.rating]
    if state == "open" and rating in ("Mature", "Explicit"):
        state = "adult"
    names = tuple(f"{SERIES[n]}" for n in range(3) if number % (4 + n) == 0)
    series = tuple((name, number // 4 + 1) for name in names)
    anonymous = number % 13 == 0
    authors = () if anonymous else ("orphan_account",) if number % 17 == 0 else story.authors
    chapters = story.chapters
    if len(chapters) == 1:
        chapters = (replace(chapters[0], note="", end_note=""),)
    changed = replace(story, state=state, series=series, authors=authors, chapters=chapters, noindex=number % 19 == 0)
    first, second = story.characters
    collection = COLLECTIONS[number % 2] if number % 5 == 0 or state == "unrevealed" or anonymous else ""
    return Shown(
        changed, 1_000 + number * 7, rating, "Gen" if number % 2 else "M/M", f"{first}/{second}", number * 3, anonymous,
        collection,
    )  # fmt: skip


def _all_tags(shown: Shown) -> set[str]:
    story = shown.story
    return {story.fandom, shown.rating, shown.relationship, *story.characters, *story.tags}


def _blurb(shown: Shown) -> str:
    story = shown.story
    head = f'<li id="work_{shown.address}" class="work blurb group work-{shown.address}" role="article">'
    if story.state == "unrevealed":
        return f"""{head}<div class="mystery header module"><h4 class="heading">Mystery Work</h4><h5>Part of
        <a href="/collections/{shown.collection}">{shown.collection}</a></h5></div>
        <blockquote class="userstuff summary"><p>This is part of an ongoing challenge and will be revealed soon!</p>
        </blockquote></li>"""
    lock = '<img alt="(Restricted)" title="Restricted" src="/images/lockblue.png" />' if story.state == "login" else ""
    day = f"{story.updated.day:02} {MONTHS[story.updated.month - 1]} {story.updated.year}"
    series = "".join(
        f'<li>Part <strong>{place}</strong> of <a href="/series/{SERIES.index(name) + 1}">{name}</a></li>'
        for name, place in story.series
    )
    count = f'<a href="/works/{shown.address}/chapters/1">{len(story.chapters)}</a>' if len(story.chapters) > 1 else "1"
    return f"""{head}<div class="header module"><h4 class="heading">
    <a href="/works/{shown.address}">{escape(story.title)}</a>
    by {_byline(shown)} {lock}</h4>
    <h5 class="fandoms heading"><span class="landmark">Fandoms:</span> {_linked(story.fandom)} &nbsp;</h5>
    <ul class="required-tags"><li>{_symbol("rating", shown.rating)}</li><li>{_symbol("warnings", WARNING)}</li>
    <li>{_symbol("category", shown.category)}</li>
    <li>{_symbol("iswip", "Complete Work" if story.complete else "Work in Progress")}</li></ul>
    <p class="datetime">{day}</p></div><h6 class="landmark heading">Tags</h6><ul class="tags commas">
    <li class='warnings'><strong>{_linked(WARNING)}</strong></li>{_items("relationships", (shown.relationship,))}
    {_items("characters", story.characters)} {_items("freeforms", story.tags)}</ul>
    <h6 class="landmark heading">Summary</h6>
    <blockquote class="userstuff summary"><p>{escape(story.summary)}</p></blockquote>
    <h6 class="landmark heading">Series</h6><ul class="series">{series}</ul>
    <dl class="stats"><dt class="language">Language:</dt><dd class="language" lang="en">English</dd>
    <dt class="words">Words:</dt><dd class="words">{story.words:,}</dd><dt class="chapters">Chapters:</dt>
    <dd class="chapters">{count}/{shown.chapters.partition("/")[2]}</dd><dt class="kudos">Kudos:</dt>
    <dd class="kudos"><a href="/works/{shown.address}#kudos">{shown.kudos:,}</a></dd></dl></li>"""


def _meta(shown: Shown) -> str:
    story = shown.story
    rows = (
        ("rating", "Rating", (shown.rating,)), ("warning", "Archive Warning", (WARNING,)),
        ("category", "Category", (shown.category,)), ("fandom", "Fandom", (story.fandom,)),
        ("relationship", "Relationship", (shown.relationship,)), ("character", "Characters", story.characters),
        ("freeform", "Additional Tags", story.tags),
    )  # fmt: skip
    tags = "".join(
        f'<dt class="{kind} tags">{label}:</dt><dd class="{kind} tags">'
        f'<ul class="commas">{_items("", names)}</ul></dd>\n'
        for kind, label, names in rows
        if names
    )
    series = ", ".join(
        f'<span class="series"><span class="position">Part {place} of <a href="/series/{SERIES.index(name) + 1}">{name}'
        f"</a></span></span>"
        for name, place in story.series
    )
    series = f'<dt class="series">Series:</dt><dd class="series">{series}</dd>' if series else ""
    changed = ""
    if len(story.chapters) > 1:
        label = "Completed" if story.complete else "Updated"
        changed = f'<dt class="status">{label}:</dt><dd class="status">{story.updated}</dd>'
    return f"""<dl class="work meta group">{tags}<dt class="language">Language:</dt>
    <dd class="language" lang="en">English</dd>{series}<dt class="stats">Stats:</dt><dd class="stats"><dl class="stats">
    <dt class="published">Published:</dt><dd class="published">{story.published}</dd>{changed}
    <dt class="words">Words:</dt><dd class="words">{story.words:,}</dd>
    <dt class="chapters">Chapters:</dt><dd class="chapters">{shown.chapters}</dd>
    <dt class="kudos">Kudos:</dt><dd class="kudos">{shown.kudos:,}</dd></dl></dd></dl>"""


def _text(chapter: Chapter) -> str:
    landmark = '<h3 class="landmark heading" id="work">Chapter Text</h3>'
    return f'<div class="userstuff module" role="article">{landmark}{chapter.html}</div>'


def _module(kind: str, words: str) -> str:
    if not words:
        return ""
    quote_ = f'<blockquote class="userstuff"><p>{escape(words)}</p></blockquote>'
    return f'<div class="{kind} module"><h3 class="heading">{kind.capitalize()}:</h3>{quote_}</div>'


def _end_notes(of: str, words: str, *, around: bool = False) -> str:
    if not words:
        return ""
    quote_ = f'<blockquote class="userstuff"><p>{escape(words)}</p></blockquote>'
    notes = f'<div id="{of}_endnotes" class="end notes module"><h3 class="heading">Notes:</h3>{quote_}</div>'
    return f'<div class="chapter preface group">{notes}</div>' if around else notes


def _items(kind: str, names: tuple[str, ...]) -> str:
    return " ".join(
        f"<li class='{kind}'>{_linked(name)}</li>" if kind else f"<li>{_linked(name)}</li>" for name in names
    )


def _linked(tag: str) -> str:
    return f'<a class="tag" href="/tags/{_in_url(tag)}/works">{escape(tag)}</a>'


def _in_url(tag: str) -> str:
    """The engine writes what would be a step of the path as *s*, *a*, *d*, *q*, *h*."""
    return quote(tag.replace("/", "*s*").replace("&", "*a*").replace(".", "*d*"), safe="*")


def _tag(step: str) -> str:
    return step.replace("*s*", "/").replace("*a*", "&").replace("*d*", ".")


def _symbol(kind: str, title: str) -> str:
    shown = f'<span class="{kind}-any {kind}" title="{title}"><span class="text">{title}</span></span>'
    return f'<a class="help symbol question modal" href="/help/symbols-key.html">{shown}</a>'


def _byline(shown: Shown) -> str:
    if shown.anonymous:
        return "Anonymous"
    return ", ".join(
        f'<a rel="author" href="/users/{quote(name)}/pseuds/{quote(name)}">{escape(name)}</a>'
        for name in shown.story.authors
    )


def _pages(path: str, here: int, last: int) -> str:
    linked = "".join(
        f'<li><a href="{path}?page={n}">{n}</a></li>' if n != here else f'<li><span class="current">{n}</span></li>'
        for n in range(1, last + 1)
    )
    after = f'<li class="next"><a rel="next" href="{path}?page={here + 1}">Next &#8594;</a></li>' if here < last else ""
    return f'<ol role="navigation" class="pagination actions" title="pagination">{linked}{after}</ol>'


_LOGIN = """<div id="signin"><h3 class="heading">Sorry!</h3><p>This work is only available to registered users of the
Archive. If you already have an account, log in now.</p><form class="new_user" action="/users/login" method="post">
<input type="text" name="user[login]" /><input type="password" name="user[password]" /></form></div>"""


def _html(title: str, inner: str, kind: str, status: int = 200, *, noindex: bool = False) -> Answer:
    robots = '<meta name="robots" content="noindex" /><meta name="googlebot" content="noindex" />' if noindex else ""
    whole = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8" />{robots}
    <title>{escape(title)} | Archive of Our Own</title></head><body class="logged-out"><div id="outer" class="wrapper">
    <header id="header" class="region"><h1 class="heading"><a href="/">Archive of Our Own</a></h1>
    <nav><ul class="primary navigation actions"><li><a href="/media">All Fandoms</a></li>
    <li><a href="/works">Works</a></li><li><a href="/works/search">Search</a></li>
    <li><a href="/users/login">Log In</a></li></ul></nav></header>
    <div id="inner" class="wrapper"><div id="main" class="{kind} region" role="main">{inner}</div></div>
    <div id="footer" class="region"><a href="/tos">Terms of Service</a></div></div></body></html>"""
    answer = page(whole, status)
    return status, {**answer[1], "Content-Type": "text/html; charset=utf-8"}, answer[2]


def _missing() -> Answer:
    said = '<h2 class="heading">Error 404</h2><h3 class="heading">The page you were looking for doesn\'t exist.</h3>'
    return _html("404 Error", said, "system errors error-404", NOT_FOUND[0])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
