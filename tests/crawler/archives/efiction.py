"""A small eFiction archive in the directory /archive/, in the default skin or one of bold labels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape
from urllib.parse import parse_qsl, urlsplit

from . import FANDOMS, NOT_FOUND, RATINGS, Answer, Story, page, stories, text

HOME = "/archive/"
A_PAGE = 20
SERIES = ("Tales of the Ferry", "Kettle Cycle", "After the Flood")
ROBOTS = "User-agent: *\nDisallow: /archive/user.php\nDisallow: /archive/reviews.php\nDisallow: /archive/admin\n"
OFF_LIMITS = (
    "user.php?action=login", "user.php?action=register", "reviews.php?type=ST&item=1", "contact.php?action=report",
    "admin.php", "search.php", "viewuser.php?action=favlist&uid=1", "authors.php?list=members",
)  # fmt: skip


class EFiction:
    """The archive; `truth` are its works by number.

    `date_format` is the archive's setting in strftime's letters; `bold` gives the skin without `span.label`.
    """

    def __init__(self, seed: int = 7, count: int = 200, date_format: str = "%d %b %Y", *, bold: bool = False) -> None:
        self.date_format, self.bold = date_format, bold
        self.truth = {story.number: _placed(story) for story in stories(seed, count)}
        self.authors = sorted({name for story in self.truth.values() for name in story.authors})
        self.categories = list(FANDOMS)

    def respond(self, path_with_query: str) -> Answer:
        """The answer to a GET of this path; consent is given in the query, as nothing is remembered."""
        url = urlsplit(path_with_query)
        query = dict(parse_qsl(url.query))
        if url.path == "/robots.txt":
            return text(ROBOTS)
        if not url.path.startswith(HOME):
            return NOT_FOUND
        answers = {
            "": self._home, "index.php": self._home, "browse.php": self._browse, "authors.php": self._authors,
            "viewuser.php": self._user, "viewseries.php": self._series, "viewstory.php": self._story,
            "user.php": self._login, "reviews.php": self._reviews,
        }  # fmt: skip
        answer = answers.get(url.path.removeprefix(HOME))
        return answer(query) if answer else NOT_FOUND

    def _home(self, query: dict[str, str]) -> Answer:
        return self._skinned("Welcome", "<div id='pagetitle'>Welcome</div><p>An archive of small stories.</p>")

    def _browse(self, query: dict[str, str]) -> Answer:
        kind, offset = query.get("type", ""), _number(query.get("offset"))
        found = list(self.truth.values())
        if kind == "categories" and "catid" not in query:
            rows = "".join(
                f"<div><a href='browse.php?type=categories&amp;catid={n}'>{escape(name)}</a> [40]</div>"
                for n, name in enumerate(self.categories, 1)
            )
            return self._skinned(
                "Categories", f"<div id='pagetitle'>Categories</div><div id='browseblock'>{rows}</div>"
            )
        if kind == "categories" and 0 < _number(query["catid"]) <= len(self.categories):
            number = _number(query["catid"])
            name = self.categories[number - 1]
            own = [story for story in found if story.fandom == name]
            return self._listing(name, own, f"browse.php?type=categories&amp;catid={number}&amp;", offset)
        if kind == "titles":
            letter = query.get("let", "")
            own = sorted((s for s in found if s.title.startswith(letter)), key=lambda s: s.title)
            links = "".join(f"<a href='browse.php?type=titles&amp;let={c}'>{c}</a>\n" for c in "ABENOST")
            terms = f"type=titles&amp;let={letter}&amp;" if letter else "type=titles&amp;"
            return self._listing("Titles", own, f"browse.php?{terms}", offset, f"<div id='alphabet'>{links}</div>")
        if kind == "recent":
            own = sorted(found, key=lambda s: s.updated, reverse=True)[:30]
            return self._listing("Most Recent", own, "browse.php?type=recent&amp;", offset)
        return self._skinned("Browse", "<div class='errortext'>Error! We encountered an error.</div>")

    def _authors(self, query: dict[str, str]) -> Answer:
        rows = "".join(
            f'<a href="viewuser.php?uid={n}">{escape(name)}</a> [2]<br />\n' for n, name in enumerate(self.authors, 1)
        )
        return self._skinned("Authors", f"<div id='pagetitle'>Authors</div><div id='memberblock'>{rows}</div>")

    def _user(self, query: dict[str, str]) -> Answer:
        number = _number(query.get("uid"))
        if not 0 < number <= len(self.authors):
            return self._skinned("", "<div class='errortext'>You are not authorized to access that function.</div>")
        name = self.authors[number - 1]
        profile = f"""<div id="profile"><div id="bio">{_label("Penname")}{escape(name)}<br />
            {_label("Real name")}secret {_label("Member Since")}04/05/2003</div></div>
            <div id="tabs"><span id='active'><a href="viewuser.php?action=storiesby&amp;uid={number}">Stories</a></span>
            <span><a href="viewuser.php?action=favlist&amp;uid={number}">Favorites</a></span></div>"""
        own = [story for story in self.truth.values() if name in story.authors]
        terms = f"viewuser.php?action=storiesby&amp;uid={number}&amp;"
        return self._listing(name, own, terms, _number(query.get("offset")), profile)

    def _series(self, query: dict[str, str]) -> Answer:
        number = _number(query.get("seriesid"))
        if not 0 < number <= len(SERIES):
            return NOT_FOUND
        own = [s for s in self.truth.values() if any(name == SERIES[number - 1] for name, _ in s.series)]
        title = f'{SERIES[number - 1]} by <a href="viewuser.php?uid=1">{escape(self.authors[0])}</a>'
        return self._listing(title, own, f"viewseries.php?seriesid={number}&amp;", _number(query.get("offset")))

    def _story(self, query: dict[str, str]) -> Answer:
        story = self.truth.get(_number(query.get("sid")))
        if barred := self._barred(story, query):
            title = f"<div id='pagetitle'>{escape(story.title) if story else ''}</div>"
            return self._skinned("", f"{title}<div style='text-align: center;' class='errortext'>{barred}</div>")
        assert story
        if query.get("action") == "printable":
            return self._printable(story, query.get("chapter", "all"))
        if "index" in query:
            return self._contents(story)
        chapter = _number(query.get("chapter")) or 1
        return self._chapter(story, chapter) if chapter <= len(story.chapters) else NOT_FOUND

    def _barred(self, story: Story | None, query: dict[str, str]) -> str:
        """What the archive says in the place of a work: nothing if it shows it."""
        if not story or story.state == "gone":
            return "That story does not exist on this archive.  You may <a href='search.php'>search</a> for it."
        if story.state == "unvalidated":
            return "Access denied. This story has not been validated by the adminstrators of this site."
        if story.state == "login":
            return "Registered Users Only<br />"
        warning = RATINGS.index(story.rating)
        link = f"viewstory.php?sid={story.number}&amp;"
        if story.rating == "NC-17" and query.get("ageconsent") != "ok":
            return f"Age Consent Required<br /><a href='{link}ageconsent=ok&amp;warning={warning}'>Adults only</a>"
        if story.rating == "R" and query.get("warning") != str(warning):
            return f"Not for children.<br /><a href='{link}warning={warning}'>Continue</a>"
        return ""

    def _listing(self, title: str, found: list[Story], terms: str, offset: int, above: str = "") -> Answer:
        blurbs = "".join(self._blurb(story) for story in found[offset : offset + A_PAGE])
        pages = ""
        if len(found) > A_PAGE:
            pages = "".join(
                f"<a href='{terms}offset={n}'>{n // A_PAGE + 1}</a> \n" for n in range(0, len(found), A_PAGE)
            )
            if offset + A_PAGE < len(found):
                pages += f" <a href='{terms}offset={offset + A_PAGE}' id='plnext'>[Next]</a>"
            pages = f'<div id="pagelinks">{pages}</div>'
        sort = (
            """<div id="sortform"><form method="POST"><select name="catid"><option>All</option></select></form></div>"""
        )
        inner = f'<div id="pagetitle">{title}</div>{above}{sort}<div class="sectionheader">Stories</div>{blurbs}{pages}'
        return self._skinned(title, inner, "windows-1252 declared, utf-8 meant")

    def _blurb(self, story: Story) -> str:
        """A story in a listing: `.listbox` with `.title`, `.content`, `.tail`; or bold labels and no classes inside."""
        head = f"{self._title_link(story)} by {self._author_links(story)}"
        report = f'[<a href="contact.php?action=report&amp;url=viewstory.php?sid={story.number}">Report This</a>]'
        contents = f'<a href="viewstory.php?sid={story.number}&amp;index=1">Table of Contents</a>'
        published, updated = self._dates(story)
        if self.bold:
            return f"""<div class="listbox odd clearfix"><h2>{head}</h2>
            <b>Rated:</b> {story.rating} &bull; {_reviews(3)}<br /><b>Summary:</b> <p>{escape(story.summary)}</p><br />
            <div class="storyinfo">{self._labels(story, linked=True)}<b>Published:</b> </b>{published} |
            <b>Updated:</b> {updated}<br />{report}</div></div>\n"""
        return f"""<div class="listbox odd"><div class="title">{head}
        {_label("Rated")}{story.rating} {_reviews(3)} New!</div>
        <div class="content">{_label("Summary")}<p>{escape(story.summary)}</p><br />
        {self._labels(story, linked=True, contents=contents)}</div>
        <div class="tail"><span class="label"> {report} Published: </span>{published} {_label("Updated")}{updated}</div>
        </div>\n"""

    def _labels(self, story: Story, *, linked: bool, contents: str = "") -> str:
        """Everything between the summary and the dates, label by label."""
        category = self.categories.index(story.fandom) + 1
        series = ", ".join(
            f'<a href="viewseries.php?seriesid={SERIES.index(n) + 1}">{n}</a>' if linked else n for n, _ in story.series
        )
        people = _listed(story.characters, "type=characters&amp;charid", linked=linked)
        genres = _listed(story.tags, "type=class&amp;type_id=1&amp;classid", linked=linked)
        warnings = _listed(("Rain",) if story.number % 3 else (), "type=class&amp;type_id=2&amp;classid", linked=linked)
        rows = (
            ("Categories", f"<a href='browse.php?type=categories&amp;catid={category}'>{escape(story.fandom)}</a>"),
            ("Characters", people), ("Genres", genres), ("Warnings", warnings), ("Challenges", "None"),
            ("Series", series or "None"), ("Chapters", f"{len(story.chapters)} {contents}"),
            ("Completed", "Yes" if story.complete else "No"), ("Word count", str(story.words)),
            ("Read", str(story.number * 10)),
        )  # fmt: skip
        mark = "<b>{}:</b> " if self.bold and linked else "<span class='label'>{}: </span> "
        return "<br />\n".join(mark.format(label) + value for label, value in rows) + "<br />\n"

    def _printable(self, story: Story, which: str) -> Answer:
        """All of it, or one chapter; the default form shows no rating."""
        published, updated = self._dates(story)
        numbers = range(1, len(story.chapters) + 1) if which == "all" else [_number(which)]
        index = "".join(
            f"<p><b>{n}.</b> <a href='#{n}'>{escape(story.chapters[n - 1].title)}</a> by {_first(story)}</p>\n"
            for n in numbers
        )
        address = f"http://archive.example{HOME}viewstory.php?sid={story.number}"
        inner = f"""{self._heading(story)}
        <div class="infobox"><div class="content">{_label("Summary")}{escape(story.summary)}<br />
        {self._labels(story, linked=False)}{_label(" Published")}{published} {_label("Updated")}{updated} </div></div>
        {_notes("Story Notes:", story.note)}{index if which == "all" else ""}
        {"".join(_printed(story, n) for n in numbers)}
        <div id="copyright">Disclaimer: All publicly recognizable characters are the property of their owners.</div>
        <div id="archivedat">This story archived at <a href="{address}">{address}</a></div>"""
        return _html(story.title, inner, _meant(story))

    def _contents(self, story: Story) -> Answer:
        published, updated = self._dates(story)
        rows = "".join(
            f'<p><b>{n}. <a href="viewstory.php?sid={story.number}&amp;chapter={n}">{escape(c.title)}</a> </b>by '
            f"{self._author_links(story)} {_reviews(1)}  (100 words)<br />\n{escape(c.note)}</p>\n"
            for n, c in enumerate(story.chapters, 1)
        )
        inner = f"""{self._heading(story)}<div id="sort"> {_reviews(3)}</div><div id="output">
        <div class="listbox"><div class="content">{_label("Summary")}{escape(story.summary)}<br />
        {_label("Rated")}{story.rating}<br />{self._labels(story, linked=True)}
        {_label(" Published")}{published} {_label("Updated")}{updated} </div></div>
        {_notes("Story Notes:", story.note)}{rows}</div>"""
        return self._skinned(story.title, inner, _meant(story))

    def _chapter(self, story: Story, number: int) -> Answer:
        chapter = story.chapters[number - 1]
        options = "".join(
            f"<option value='{n}'{' selected' if n == number else ''}>{n}. {escape(c.title)}</option>"
            for n, c in enumerate(story.chapters, 1)
        )
        own = f"viewstory.php?sid={story.number}&amp;"
        menu = f'<form name="jump"><select class="textbox" name="chapter">{options}</select></form>'
        turn = f'<a href="{own}textsize=0&amp;chapter={number + 1}" class="next">Next</a>'
        inner = f"""{self._heading(story)}<div class="storyinfo"> {_reviews(3)}<br />
        <a href="viewstory.php?action=printable&amp;sid={story.number}&amp;chapter=all">Printer</a></div>
        <div class="jumpmenu"><a href="{own}chapter={number}&amp;textsize=1">+</a>
        {menu if len(story.chapters) > 1 else ""}</div>
        {_notes("Story Notes:", story.note if number == 1 else "")}{_notes("Author's Chapter Notes:", chapter.note)}
        <div id="story"><span style="font-size: 100%;">{chapter.html}</span></div>
        {_notes("Chapter End Notes:", chapter.end_note)}
        <div id="prev"></div><div id="next">{turn if number < len(story.chapters) else ""}</div>
        <div class="respond">[<a href="user.php?action=favst&amp;add=1&amp;sid={story.number}">Favorite</a>]</div>
        <div id="reviewform">You must <a href="user.php?action=login">login</a> to review.</div>{_REVIEW}"""
        return self._skinned(story.title, inner, _meant(story))

    def _reviews(self, query: dict[str, str]) -> Answer:
        title = "Reviews For <a href='viewstory.php?sid=1'>A story</a> by <a href='viewuser.php?uid=1'>x</a>"
        return self._skinned("Reviews", f"<div id='pagetitle'>{title}</div>{_REVIEW}")

    def _login(self, query: dict[str, str]) -> Answer:
        form = '<form method="POST" action="user.php?action=login"><input name="penname"><input type="password"></form>'
        return self._skinned("Log In", f"<div id='pagetitle'>Member Login</div>{form}")

    def _heading(self, story: Story) -> str:
        title = self._title_link(story, plain=True)
        return f'<div id="pagetitle">{title} by {self._author_links(story)}</div>'

    def _title_link(self, story: Story, *, plain: bool = False) -> str:
        """A title; where the work has a warning, a listing's link asks first, by script."""
        address, title = f"viewstory.php?sid={story.number}", escape(story.title)
        if plain or (story.state != "login" and story.rating not in ("R", "NC-17")):
            return f'<a href="{address}">{title}</a>'
        if story.state == "login":
            address, asked = f"user.php?action=login&amp;sid={story.number}", "Registered Users Only - "
        else:
            consent = "ageconsent=ok&amp;" if story.rating == "NC-17" else ""
            address, asked = (
                f"{address}&amp;{consent}warning={RATINGS.index(story.rating)}",
                "Age Consent Required - it\\'s",
            )
        return f"""<a href="javascript:if(confirm('{asked}')) location = '{address}'">{title}</a>"""

    def _author_links(self, story: Story) -> str:
        numbered = ((self.authors.index(name) + 1, name) for name in story.authors)
        return ", ".join(f'<a href="viewuser.php?uid={n}">{escape(name)}</a>' for n, name in numbered)

    def _dates(self, story: Story) -> tuple[str, str]:
        return _shown(story.published, self.date_format), _shown(story.updated, self.date_format)

    def _skinned(self, title: str, inner: str, meant: str = "utf-8") -> Answer:
        """With menu, the random story of the sidebar, the archive's totals, and the foot."""
        menu = "".join(
            f'<li><a href="{where}">{what}</a></li>'
            for what, where in (
                ("Home", "index.php"), ("Most Recent", "browse.php?type=recent"), ("Titles", "browse.php?type=titles"),
                ("Categories", "browse.php?type=categories"), ("Authors", "authors.php?list=authors"),
                *((where, where.replace("&", "&amp;")) for where in OFF_LIMITS),
            )
        )  # fmt: skip
        body = f"""<div id="container"><ul id="menulist">{menu}</ul>{_ASIDE}<div id="mainpage">{inner}</div>
        <div id="footer">All stories belong to their authors.</div></div>"""
        return _html(title, body, meant)


def _placed(story: Story) -> Story:
    """A story of the base set as this archive has it: some locked, some gone, some in a series."""
    state = {5: "login", 11: "gone", 17: "unvalidated"}.get(story.number % 25, "open")
    if state == "open" and story.rating in ("R", "NC-17"):
        state = "adult"
    series = ((SERIES[story.number % 3], 0),) if story.number % 4 == 0 else ()
    last = story.chapters[-1]
    last = replace(last, end_note=last.end_note or story.end_note)
    return replace(story, state=state, series=series, end_note="", chapters=(*story.chapters[:-1], last))


def _meant(story: Story) -> str:
    return {3: "windows-1252", 6: "windows-1252 declared, utf-8 meant"}.get(story.number % 10, "utf-8")


def _html(title: str, body: str, meant: str) -> Answer:
    """A page in one of the three ways of archives: honest utf-8, honest windows-1252, and one called the other."""
    declared = "utf-8" if meant == "utf-8" else "ISO-8859-1"
    head = f'<title>{title}</title><meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    whole = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return page(whole, 200, "cp1252" if meant == "windows-1252" else "utf-8")


def _listed(names: tuple[str, ...], terms: str, *, linked: bool) -> str:
    """Names with commas between them; the printable form does not link them."""
    shown = (
        f"<a href='browse.php?{terms}={n}'>{escape(name)}</a>" if linked else escape(name)
        for n, name in enumerate(names, 1)
    )
    return ", ".join(shown) or "None"


def _label(name: str) -> str:
    return f'<span class="label">{name}: </span>'


def _reviews(count: int) -> str:
    return f'[<a href="reviews.php?type=ST&amp;item=1">Reviews</a> - <a href="reviews.php?type=ST">{count}</a>]'


def _first(story: Story) -> str:
    return escape(story.authors[0])


def _printed(story: Story, number: int) -> str:
    """A chapter of the printable form; unclosed spans in the notes' titles are the engine's own."""
    chapter = story.chapters[number - 1]
    return f"""<div class='chaptertitle'><a name='{number}'></a>{escape(chapter.title)} by {_first(story)}</div>
    {_notes("Author's Notes:", chapter.note, closed=False)}<div class='chapter'>{chapter.html}</div>
    {_notes("End Notes:", chapter.end_note, closed=False)}<div class='toplink'><a href='#1'>Back to index</a></div>\n"""


def _notes(title: str, note: str, *, closed: bool = True) -> str:
    if not note:
        return ""
    named = f"<div class='title'><span class='label'>{title}{'</span>' if closed else ''}</div>"
    return f"<div class='notes'>{named}<div class='noteinfo'>{escape(note)}</div></div>\n"


_REVIEW = f"""<div class="listbox"><div class="content">{_label("Reviewer")}somebody {_label("Date")}1 Jan 2010
{_label("Title")}Chapter 1<p>Great story, Neal!</p></div></div>"""
_ASIDE = f"""<div id="featured"><a href="viewstory.php?sid=1">Featured</a> by <a href="viewuser.php?uid=1">One</a> |
{_label("Rated")}PG<br />{_label("Category")}Any<br />{_label("Summary")}Short.</div><div id="infoblock">
{_label("Members")}90 {_label("Chapters")}25318 {_label("Word count")}47323633 {_label("Completed")}12</div>"""


def _shown(day: date, date_format: str) -> str:
    return day.strftime(date_format)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
