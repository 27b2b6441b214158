"""A home page of 2003 with its stories, as people made them by hand, and the traps that such places have.

/~ann/index.html         welcome, sections, guestbook, links elsewhere
/~ann/FANDOM/index.html  the section's stories with their summaries
/~ann/FANDOM/NAME.html   a story; NAME_1.html, NAME_2.html ... with "Next Chapter" where it has several
/~ann/when/2004/5        a calendar that has a next month for ever
/~ann/loop/loop/loop/    every folder has itself inside
?PHPSESSID=              in every link from the sections, another on each page
"""

from __future__ import annotations

import re
from html import escape
from zlib import crc32

from . import FANDOMS, NOT_FOUND, Answer, Story, page, stories

HOME = "/~ann/"
AUTHOR = "Ann Larkspur"
WELCOME = """Welcome to my little corner of the web! Here you will find all of my fan fiction, sorted by fandom, with
the newest first. New stories have been added to the Merlin page. Please sign my guestbook and tell me what you think of
these stories. This site is best viewed with your browser's window wide open. Last updated in March."""


class HomePage:
    """The home page; `truth` are its stories by number, all by AUTHOR."""

    def __init__(self, seed: int = 7, count: int = 200) -> None:
        self.truth = {story.number: story for story in stories(seed, count)}
        self.sections = {re.sub(r"\W+", "", name).lower(): name for name in FANDOMS}
        self._pages: dict[str, tuple[Story, int]] = {}
        for story in self.truth.values():
            for number, path in enumerate(self.paths(story), 1):
                self._pages[path] = (story, number)

    def paths(self, story: Story) -> list[str]:
        """The path of each chapter."""
        folder = next(folder for folder, name in self.sections.items() if name == story.fandom)
        stem = f"{HOME}{folder}/{re.sub(r'[^a-z]', '', story.title.lower())}{story.number}x"
        several = len(story.chapters) > 1
        return [f"{stem}_{n}.html" if several else f"{stem}.html" for n in range(1, len(story.chapters) + 1)]

    def respond(self, path_with_query: str) -> Answer:
        """The answer to a GET of this path; session ids are the server's toy and change nothing."""
        path = path_with_query.partition("?")[0]
        if path in self._pages:
            return self._chapter(*self._pages[path])
        if path in (HOME, f"{HOME}index.html"):
            return self._welcome()
        if re.fullmatch(rf"{re.escape(HOME)}(?:loop/)+", path):
            return _html("Loop", '<p><a href="loop/">Down again</a></p>')
        if found := re.fullmatch(rf"{re.escape(HOME)}(\w+)/(?:index\.html)?", path):
            return self._section(found[1], path) if found[1] in self.sections else NOT_FOUND
        if found := re.fullmatch(rf"{re.escape(HOME)}when/([0-9]{{4}})/([0-9]{{1,2}})", path):
            return _calendar(int(found[1]), int(found[2]))
        return _OTHERS.get(path.removeprefix(HOME), NOT_FOUND)

    def _welcome(self) -> Answer:
        rows = "".join(f'<LI><A HREF="{f}/index.html">{escape(name)}</A>\n' for f, name in self.sections.items())
        return _html(
            "Ann's Fiction",
            f"""<H1>Ann's Fiction</H1><P>{WELCOME}<UL>{rows}</UL>
            <P><A HREF="guestbook.html">Sign my guestbook</A> | <A HREF="links.html">Links</A> |
            <A HREF="mailto:ann@example.org">E-mail me</A> | <A HREF="members.html">Members</A> |
            <A HREF="when/2004/5">Chat nights</A> | <A HREF="loop/">The Loop</A> | <A HREF="moved.html">Old stuff</A>
            <P><A HREF="http://elsewhere.example/~bea/">Bea's page</A> <A HREF="all.zip">All stories in one file</A>
            <A HREF="/cgi-bin/count.cgi"><IMG SRC="counter.gif"></A>""",
        )

    def _section(self, folder: str, path: str) -> Answer:
        """Half of the entries have their summary in the same paragraph, half below; links carry a session."""
        session = f"?PHPSESSID={crc32(path.encode()):08x}"
        rows = ""
        for story in (s for s in self.truth.values() if s.fandom == self.sections[folder]):
            first = self.paths(story)[0].rpartition("/")[2]
            linked = f'<A HREF="{first}{session}">{escape(story.title)}</A> ({story.rating})'
            told = escape(story.summary)
            rows += f"<P>{linked} - {told}\n" if story.number % 2 else f"<P>{linked}\n<P>{told}\n"
        back = '<P><A HREF="../index.html">Back to the main page</A>'
        return _html(self.sections[folder], f"<H1>{self.sections[folder]}</H1>{rows}{back}")

    def _chapter(self, story: Story, number: int) -> Answer:
        paths, chapter = self.paths(story), story.chapters[number - 1]
        header = f"""<H1>{escape(story.title)}</H1><B>by {AUTHOR}</B><BR><BR>
        <B>Rating:</B> {story.rating}<BR><B>Fandom:</B> {escape(story.fandom)}<BR>
        <B>Summary:</B> {escape(story.summary)}<BR>{f"<B>A/N:</B> {story.note}<BR>" if story.note else ""}<BR>"""
        turn = ""
        if number < len(paths):
            turn = f'<A HREF="{paths[number].rpartition("/")[2]}">Next Chapter &gt;&gt;</A>'
        several = " ".join(
            f'<A HREF="{path.rpartition("/")[2]}">{n}</A>' for n, path in enumerate(paths, 1) if len(paths) > 1
        )
        feet = f"""<P>{several} {turn} <P><A HREF="index.html">Back to {escape(story.fandom)}</A>
        <A HREF="guestbook.html">Leave a review</A> <A HREF="mailto:ann@example.org">Feedback</A>"""
        title = f"<H2>{escape(chapter.title)}</H2>" if len(paths) > 1 else ""
        prose = "".join(f"<P>{escape(p, quote=False)}\n" for p in chapter.paragraphs)
        return _html(story.title, f"{header if number == 1 else ''}{title}{prose}{feet}")


def _html(title: str, body: str) -> Answer:
    """Capitals, paragraphs that are never closed, windows-1252 and no word about it."""
    whole = f"<HTML><HEAD><TITLE>{escape(title)}</TITLE></HEAD>\n<BODY BGCOLOR=#FFFFFF>\n{body}\n</BODY></HTML>"
    return page(whole, 200, "cp1252")


def _calendar(year: int, month: int) -> Answer:
    days = "".join(f'<TD><A HREF="{HOME}when/{year}/{month}/{day}">{day}</A></TD>' for day in range(1, 32))
    after = f"{year + month // 12}/{month % 12 + 1}"
    return _html(
        f"{month}/{year}", f'<TABLE><TR>{days}</TR></TABLE><A HREF="{HOME}when/{after}" REL="next">Next &raquo;</A>'
    )


_ENTRIES = "".join(
    f"""<P>Name: Reader {n}<BR>Email: hidden<BR>Date: {n} May 2003<BR>
    I loved your stories so much. Please write more of them soon!"""
    for n in range(1, 9)
)
_OTHERS = {
    "guestbook.html": _html("Ann's Guestbook", f"<H1>Guestbook</H1>{_ENTRIES}"),
    "links.html": _html("Links", "<UL>" + '<LI><A HREF="http://elsewhere.example/">A page I like</A>' * 9 + "</UL>"),
    "members.html": _html(
        "Members only", '<FORM METHOD=POST>Password: <INPUT TYPE="password"><INPUT TYPE=submit></FORM>'
    ),
    "moved.html": _html("404 Not Found", "<H1>Not Found</H1><P>The requested URL was not found on this server."),
}
"""Pages that are no stories: the last comes with status 200 all the same."""
