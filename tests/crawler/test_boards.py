"""Threads of boards give what their first writer told; answers, profiles and signatures stay away."""

from __future__ import annotations

import pytest

from ficdex.crawler.blob import Blob
from ficdex.crawler.importer import documents
from ficdex.errors import NoStory, ReadError
from ficdex.model import Document

FIRST = " ".join(f"They counted {n} gulls on the wall, and the sea came up the steps." for n in range(2, 30))
SECOND = " ".join(f"On the {n}th morning the ferry was there, and nobody got on." for n in range(4, 24))

PHPBB3 = (
    '<div id="p{n}" class="post"><div class="inner"><dl class="postprofile"><dt><a class="username">{author}</a></dt>'
    '<dd>Posts: 41</dd></dl><div class="postbody"><h3><a>Re: Low Water</a></h3><p class="author">by {author}</p>'
    '<div class="content">{text}</div><div class="signature">My banner</div></div></div></div>'
)
PHPBB2 = (
    '<tr><td class="row1"><span class="name"><b>{author}</b></span><br><span class="postdetails">Posts: 41</span></td>'
    '<td class="row1"><table><tr><td><span class="postdetails">Posted: Fri</span></td></tr>'
    '<tr><td><span class="postbody">{text}</span><span class="gensmall">My banner</span></td></tr></table></td></tr>'
)
VBULLETIN = (
    '<table id="post{n}"><tr><td><a class="bigusername">{author}</a><div class="smallfont">Posts: 41</div></td>'
    '<td><div id="post_message_{n}">{text}</div><div>My banner</div></td></tr></table>'
)
SMF = (
    '<div class="post_wrapper"><div class="poster"><h4><a>{author}</a></h4>Posts: 41</div><div class="postarea">'
    '<div class="post"><div class="inner" id="msg_{n}">{text}</div></div><div class="signature">My banner</div>'
    "</div></div>"
)
ENGINES = {"phpBB 3": PHPBB3, "phpBB 2": PHPBB2, "vBulletin": VBULLETIN, "SMF": SMF}


def thread(engine: str, *posts: tuple[str, str]) -> str:
    made = (ENGINES[engine].format(n=n, author=author, text=text) for n, (author, text) in enumerate(posts, 1))
    rows = "".join(made)
    return f"<html><body><h1>Low Water</h1>{f'<table>{rows}</table>' if engine == 'phpBB 2' else rows}</body></html>"


def read(markup: str) -> Document | ReadError:
    (found,) = documents(Blob("saved.html", markup.encode(), "saved.html"))
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_writers_long_posts_are_the_story(engine: str) -> None:
    posts = (("Annie", FIRST), ("Gull", f"I cried on the bus. {FIRST}"), ("Annie", "Thanks!"), ("Annie", SECOND))
    document = read(thread(engine, *posts))
    assert isinstance(document, Document)
    assert [e.value for e in document.declared if e.field == "authors"] == ["Annie"]
    assert FIRST in document.text
    assert SECOND in document.text
    for words in ("on the bus", "Thanks", "Posts: 41", "My banner"):
        assert words not in document.text


@pytest.mark.parametrize("engine", ENGINES)
def test_talk_is_no_story(engine: str) -> None:
    assert isinstance(read(thread(engine, ("Annie", "What are you reading?"), ("Gull", FIRST))), NoStory)
