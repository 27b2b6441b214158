"""What must not be possible, tried."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from ficdex.index.catalog import Catalog
from ficdex.index.search import SearchIndex
from ficdex.model import Block, Character, Credit, Document, Note, Series, Source, Span, Work
from ficdex.web import access, app
from ficdex.web.access import Access
from ficdex.web.ask import LARGEST_FORM, MOST_VALUES
from ficdex.web.guard import LONGEST_PATH, LONGEST_QUERY

from .conftest import PORT, Serve

TEMPLATES = Path(app.__file__).parent / "templates"


def token(client: TestClient, address: str = "/") -> str:
    found = re.search(r'name="token" value="(\w+)"', client.get(address).text)
    assert found
    return found[1]


@pytest.mark.parametrize("host", ["127.0.0.1:8432", "localhost:8432", "[::1]:8432", "LOCALHOST:8432"])
def test_the_address_it_listens_at_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8432", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8432", "", ":"]
)
@pytest.mark.parametrize("address", ["/", "/static/style.css", "/login"])
def test_another_host_is_refused(client: TestClient, host: str, address: str) -> None:
    assert client.get(address, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    ("host", "header", "known"),
    [
        ("0.0.0.0", "192.168.1.4:8432", True),
        ("0.0.0.0", "evil.example:8432", False),
        ("::", "[fe80::1]:8432", True),
        ("192.168.1.4", "192.168.1.4:8432", True),
        ("192.168.1.4", "localhost:8432", False),
        ("127.0.0.1", "192.168.1.4:8432", False),
    ],
)
def test_hosts_by_where_it_listens(host: str, header: str, known: bool) -> None:
    assert Access(host, 8432).knows_host(header) is known


def test_every_form_carries_a_token(client: TestClient) -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert "token" in form, template


POSTS = [at for m, at, _ in (*app.OPEN, *app.PAGES, *app.CHANGES) if m == "POST"]


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize("sent", [{}, {"token": ""}, {"token": "0" * 64}, {"token": "é"}])
def test_no_form_is_taken_without_its_token(client: TestClient, address: str, sent: dict[str, str]) -> None:
    client.get("/")
    assert client.post(address.replace("{id:int}", "1"), data=sent).status_code == 403


def test_the_token_of_one_session_is_none_for_another(serve: Serve) -> None:
    one, other = serve(), serve()
    stolen = token(one)
    other.get("/")
    assert other.post("/hide", data={"token": stolen}).status_code == 403
    assert one.post("/hide", data={"token": stolen}).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://evil.example:8432"])
def test_a_form_from_another_page_is_refused(client: TestClient, origin: str) -> None:
    assert client.post("/hide", data={"token": token(client)}, headers={"Origin": origin}).status_code == 403


def test_cookies_are_strict_and_closed_to_scripts(client: TestClient) -> None:
    first = client.get("/").headers["set-cookie"]
    hidden = client.post("/hide", data={"token": token(client)}).headers["set-cookie"]
    for cookie in (first, hidden):
        assert "samesite=strict" in cookie.lower()
        assert "httponly" in cookie.lower()


@pytest.mark.parametrize("address", ["/", "/nowhere", "/static/style.css", "/work/1", "/works.csv"])
def test_every_answer_says_what_a_browser_may_do(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_no_template_has_script_or_style_of_its_own() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|\|\s*safe\b|autoescape", text), template
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), template


HOSTILE = '"><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>'


def test_everything_is_escaped(path: Path, serve: Serve) -> None:
    values: dict[str, Any] = dict.fromkeys(
        ("title", "summary", "disclaimer", "rating", "status", "language", "published", "usage", "site_id"), HOSTILE
    )
    lists: dict[str, Any] = dict.fromkeys(
        ("authors", "fandoms", "relationships", "tags", "warnings", "categories", "collections"), (HOSTILE,)
    )
    source = Source(f"/shelf/{HOSTILE}", "text/plain", "1", 1)
    document = Document(source, HOSTILE, (Block(Span(0, len(HOSTILE))),), repairs=(HOSTILE,))
    with Catalog.open(path, write=True) as catalog:
        id_ = catalog.store(
            Work(
                source, (source.uri,), **values, **lists, url="javascript:alert(1)", notes=(Note(HOSTILE, "start"),),
                characters=(Character(HOSTILE, (HOSTILE,), "main"),), betas=(Credit(HOSTILE),),
                series=(Series(HOSTILE, 1),),
            ), document,
        ).id  # fmt: skip
        SearchIndex.open(catalog).catch_up()
    client = serve()
    query = {"q": HOSTILE, "has": f"tag:{HOSTILE}", "name": HOSTILE, "title": HOSTILE}
    pages = ["/", f"/work/{id_}", f"/work/{id_}/read?marks=1"]
    pages += [at for method, at, _ in app.PAGES if method == "GET" and "{" not in at and ".csv" not in at]
    locked = serve(password="harbour").get("/login", params={"to": f"/{HOSTILE}"})
    answers = [("/login", locked)] + [(at, client.get(at, params=asked)) for at in pages for asked in (None, query)]
    for address, answer in answers:
        tree = HTMLParser(answer.text)
        assert not tree.css("img, [onerror]"), address
        assert "49" not in re.findall(r"script&gt;(\d+)", answer.text), address
        scripts = [s for s in tree.css("script") if s.attributes.get("type") != "application/ld+json"]
        assert [s.attributes.get("src", "").partition("?")[0] for s in scripts] == ["/static/page.js"], address
        assert not [a for a in tree.css("a") if "javascript:" in str(a.attributes.get("href", ""))], address


@pytest.mark.parametrize(
    "address",
    [
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/",
        "/static/%2fetc%2fpasswd", "/static/..%5capp.py", "/templates/base.html", "/work/1/../../../etc/passwd",
    ],
)  # fmt: skip
def test_no_file_is_reached(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (404, 307)
    assert "import " not in answer.text
    assert "root:" not in answer.text


def test_an_address_has_bounds(client: TestClient) -> None:
    assert client.get("/?q=" + "x" * LONGEST_QUERY).status_code == 414
    assert client.get("/work/" + "9" * LONGEST_PATH).status_code == 414
    assert client.get("/work/" + "9" * (LONGEST_PATH - 6)).status_code == 404
    assert client.get("/?" + "a=1&" * (MOST_VALUES + 1)).status_code == 400
    assert client.get("/?q=" + "x" * 4_001).status_code == 400


def test_a_form_has_bounds(client: TestClient) -> None:
    known = token(client)
    assert client.post("/hide", data={"token": known, "x": "y" * LARGEST_FORM}).status_code == 413
    assert client.post("/hide", content=b"token=\xff\xfe").status_code == 400
    many = {f"k{n}": "1" for n in range(MOST_VALUES)}
    assert client.post("/hide", data={"token": known, **many}).status_code == 400


def test_nothing_is_shown_without_the_password(serve: Serve) -> None:
    client = serve(password="harbour")
    for method, at, _ in (*app.PAGES, *app.CHANGES):
        address = at.replace("{id:int}", "1").replace("{page:int}", "1")
        answer = (
            client.get(address) if method == "GET" else client.post(address, data={"token": token(client, "/login")})
        )
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/login"), address


def test_the_password_lets_in_and_leads_on(serve: Serve) -> None:
    client = serve(password="harbour")
    wanted = client.get("/work/1?x=1").headers["location"]
    known = token(client, wanted)
    assert client.post("/login", data={"token": known, "password": "harbor"}).status_code == 403
    answer = client.post("/login", data={"token": known, "password": "harbour", "to": "/work/1?x=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/work/1?x=1")
    assert client.get("/work/1").status_code == 200
    client.post("/logout", data={"token": token(client)})
    assert client.get("/work/1").status_code == 303


def test_passwords_cannot_be_tried_without_end(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve(password="harbour")
    known = token(client, "/login")
    tries = [client.post("/login", data={"token": known, "password": str(n)}).status_code for n in range(12)]
    assert tries == [403] * (access.TRIES - 1) + [429] * 3
    late = client.post("/login", data={"token": known, "password": "harbour"})
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) <= access.WINDOW
    now = access.time.monotonic()
    monkeypatch.setattr(access.time, "monotonic", lambda: now + access.WINDOW + 1)
    assert client.post("/login", data={"token": known, "password": "harbour"}).status_code == 303


def test_sessions_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MOST_SESSIONS", 3)
    locked = Access(password="harbour")
    made = [str(locked.enter("harbour")) for _ in range(5)]
    assert [locked.is_in(session) for session in made] == [False, False, True, True, True]


def test_only_what_is_known_may_be_asked_how(client: TestClient) -> None:
    assert client.put("/").status_code == 405
    assert client.post("/").status_code == 405
    assert client.get("/", headers={"Host": f"127.0.0.1:{PORT}", "X-Forwarded-Host": "evil.example"}).status_code == 200
