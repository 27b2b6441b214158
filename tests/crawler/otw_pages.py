"""Small pages in the structure of the OTW archive's, with words of our own."""

from __future__ import annotations

LAYOUT = """<html><head><title>{title}</title></head><body{body}><div id="outer" class="wrapper">
<div id="header" class="region"><ul class="primary navigation actions"><li><a href="/media">All Fandoms</a></li></ul>
<form class="new_user" action="/users/login"></form></div>
<div id="inner" class="wrapper"><div id="main" class="{kind} region" role="main">{main}</div></div></div>
</body></html>"""

ICONS = """<ul class="required-tags">
<li><a class="help"><span class="rating-teen rating" title="{rating}"><span
class="text">{rating}</span></span></a></li>
<li><a class="help"><span class="warning-yes warnings" title="Storms">
<span class="text">Storms, Cold Tea</span></span></a></li>
<li><a class="help"><span class="{category} category"><span class="text">{categories}</span></span></a></li>
<li><a class="help"><span class="{complete} iswip"><span class="text">Work</span></span></a></li></ul>"""

TAGS = """<ul class="tags commas">
<li class="warnings"><strong><a class="tag" href="/tags/w">Storms</a></strong></li>
<li class="warnings"><strong><a class="tag" href="/tags/v">Cold Tea</a></strong></li>
<li class="relationships"><a class="tag" href="/tags/r">Isolde/Wren (Tidewater)</a></li>
<li class="relationships"><a class="tag" href="/tags/s">Isolde &amp; Wren (Tidewater)</a></li>
<li class="characters"><a class="tag" href="/tags/c">Wren the Younger</a></li>
<li class="characters"><a class="tag" href="/tags/d">Wren</a></li>
<li class="freeforms"><a class="tag" href="/tags/f">Hurt/Comfort</a></li>
<li class="freeforms"><a class="tag" href="/tags/g">Warnings: see inside; mind the gap</a></li></ul>"""


def page(main: str, title: str = "Salt", kind: str = "works-show", body: str = ' class="logged-out"') -> str:
    return LAYOUT.format(main=main, title=title, kind=kind, body=body)


def blurb(
    number: int = 12,
    *,
    heading: str | None = None,
    date: str = '<p class="datetime">3 Mar 2021</p>',
    category: str = "category-multi",
    categories: str = "F/F, Gen",
    complete: str = "complete-no",
    tags: str = TAGS,
    kind: str = "work",
    behind: str = "",
) -> str:
    """A blurb of a listing; `heading` is the inside of its h4."""
    if heading is None:
        heading = f'<a href="/works/{number}">Salt {number}</a> by <!-- x --> <a rel="author" href="/users/a">Ann</a>'
    icons = ICONS.format(rating="Teen And Up Audiences", category=category, categories=categories, complete=complete)
    return f"""<li id="{kind}_{number}" class="{kind} blurb group" role="article"><!-- updated_at=1614556800 -->
    <div class="header module"><h4 class="heading">{heading}</h4>
    <h5 class="fandoms heading"><span class="landmark">Fandoms:</span>
    <a class="tag" href="/tags/t">Tidewater - Ambrose Lintel</a>, <a class="tag" href="/tags/u">Oh, Tides</a></h5>
    {icons}{date}</div>{tags}
    <blockquote class="userstuff summary"><p>It rained.</p><p>Then it <i>stopped</i>.</p></blockquote>
    <ul class="series"><li>Part <strong>2</strong> of <a href="/series/7">Salt, and Part 1 of it</a></li>
    <li>Part <strong>1</strong> of <a href="/series/8">Of</a></li></ul>
    <dl class="stats"><dt class="language">Language:</dt><dd class="language" lang="de">Deutsch</dd>
    <dt class="words">Words:</dt><dd class="words">1,234</dd>
    <dt class="chapters">Chapters:</dt><dd class="chapters"><a href="/works/{number}/chapters/3">2</a>/?</dd>
    <dt class="collections">Collections:</dt><dd class="collections"><a href="/works/{number}/collections">3</a></dd>
    <dt class="comments">Comments:</dt><dd class="comments"><a>5</a></dd>
    <dt class="kudos">Kudos:</dt><dd class="kudos"><a>1,006</a></dd>
    <dt class="bookmarks">Bookmarks:</dt><dd class="bookmarks"><a>7</a></dd>
    <dt class="hits">Hits:</dt><dd class="hits">80</dd></dl>{behind}</li>"""


def listing(*blurbs: str, pagination: str = "", **layout: str) -> str:
    return page(f'<ol class="work index group">{"".join(blurbs)}</ol>{pagination}', kind="works-index", **layout)


PAGINATION = """<ol class="pagination actions"><li><a href="/tags/t/works?page=2">2</a></li>
<li><a rel="next" href="/tags/t/works?page=3">3</a></li><li class="next"><a rel="next"
href="/tags/t/works?page=3">→</a>
</li></ol>"""

BOOKMARKER = """<div class="user module group"><h5 class="byline heading">Bookmarked by <a
href="/users/z">Zed</a></h5>
<p class="datetime">9 Sep 2022</p>
<ul class="meta tags commas"><li class="freeforms"><a class="tag">to reread</a></li></ul>
<blockquote class="userstuff notes"><p>Loved it.</p></blockquote></div>"""

WORK = """<ul class="work navigation actions">{navigation}<li class="share hidden"><a
href="/works/12/share">Share</a></li></ul>
<dl class="work meta group"><dt class="rating tags">Rating:</dt>
<dd class="rating tags"><ul class="commas"><li><a class="tag" href="/tags/x">Not Rated</a></li></ul></dd>
<dt class="fandom tags">Fandoms:</dt><dd class="fandom tags"><ul class="commas">
<li><a class="tag" href="/tags/t">Tidewater - Ambrose Lintel</a></li><li><a class="tag"
href="/tags/u">Oh, Tides</a></li></ul></dd>
<dt class="character tags">Character:</dt><dd class="character tags"><ul class="commas">
<li><a class="tag" href="/tags/c">Wren Lark</a></li></ul></dd>
<dt class="freeform tags">Additional Tags:</dt><dd class="freeform tags"><ul class="commas">
<li><a class="tag" href="/tags/f">Hurt/Comfort</a></li><li><a class="tag"
href="/tags/g">No Beta: We Die</a></li></ul></dd>
<dt class="language">Language:</dt><dd class="language" lang="xx-Test">Tidewaterish</dd>
<dt class="series">Series:</dt><dd class="series"><span class="series"><a class="previous"
href="/works/9">← Previous Work</a>
<span class="position">Part 3 of <a href="/series/7">The Salt Series</a></span></span>, <span class="series"><span
class="position">Part
 1 of <a href="/series/8">Tides, Low</a></span> <a class="next" href="/works/14">Next Work →</a></span></dd>
<dt class="collections">Collections:</dt><dd class="collections"><a href="/collections/y">Yule, Late</a></dd>
<dt class="stats">Stats:</dt><dd class="stats"><dl class="stats"><dt class="published">Published:</dt><dd
class="published">2020-03-04</dd
><dt class="status">Updated:</dt><dd class="status">2021-05-06</dd><dt class="words">Words:</dt><dd
class="words">3,210</dd
><dt class="chapters">Chapters:</dt><dd class="chapters">2/5</dd><dt class="kudos">Kudos:</dt><dd
class="kudos">6</dd></dl></dd></dl>
<div id="workskin"><div class="preface group"><h2 class="title heading">Salt</h2>
<h3 class="byline heading"><a rel="author" href="/users/a">Ann (annie)</a>, <a rel="author"
href="/users/o">orphan_account</a></h3>
<div class="summary module"><blockquote class="userstuff"><p>It rained.</p></blockquote></div></div>
<div id="chapters"><div class="chapter" id="chapter-2"><div class="chapter preface group"><h3 class="title">
<a href="/works/12/chapters/34">Chapter 2</a>: Ebb</h3><h3 class="byline heading"><a rel="author"
href="/users/b">Bea</a></h3></div>
<div class="userstuff module" role="article"><h3 class="landmark heading">Chapter Text</h3>
<p>It rained on Wren, who had no coat.</p><ol class="pagination"><li><a rel="next" href="/works/66">on</a></li></ol>
<dl class="stats"><dt>Words:</dt><dd>9</dd></dl></div></div></div></div>"""

ENTIRE = '<li class="chapter entire"><a href="/works/12?view_full_work=true">Entire Work</a></li>'

DOWNLOAD = """<html><body><div id="preface"><p class="message"><b>Salt</b><br>Posted originally on the <a
href="{origin}/">archive</a>
at <a href="{origin}/works/12">{origin}/works/12</a>.</p><div class="meta"><dl class="tags">
<dt>Rating:</dt><dd><a href="{origin}/tags/x">Mature</a></dd><dt>Archive Warning:</dt><dd>Storms, Cold Tea</dd>
<dt>Categories:</dt><dd><a href="{origin}/tags/F*s*F">F/F</a>, <a href="{origin}/tags/Gen">Gen</a></dd>
<dt>Series:</dt><dd>Part 2 of <a href="{origin}/series/7">Salt</a>, Part 1 of <a
href="{origin}/series/8">Tides, Part 1 of two</a></dd>
<dt>Language:</dt><dd>English</dd>
<dt>Stats:</dt><dd>Published: 2020-03-04 Completed: 2020-04-05 Words: 3,210 Chapters: 1/1</dd></dl>
<h1>Salt</h1><div class="byline">by {byline}</div></div></div>
<div id="chapters" class="userstuff"><div class="userstuff"><p>It rained.</p></div></div></body></html>"""

INDEX = """<h2 class="heading">Chapter Index for <a href="/works/12">Salt</a> by <a rel="author"
href="/users/a">Ann</a></h2>
<ol class="chapter index group" role="navigation">
<li><a href="/works/12/chapters/33">1. Flood</a> <span class="datetime">(2020-03-04)</span></li>
<li><a href="/works/12/chapters/34">2. Ebb</a> <span class="datetime">(2021-05-06)</span></li></ol>"""

ADULT = """<p class="caution">This work could have adult content. If you continue, you have agreed.</p>
<ul class="actions"><li><a href="/works/12?view_adult=true">Yes, Continue</a></li></ul>"""
