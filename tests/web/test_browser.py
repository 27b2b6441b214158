"""The pages in a real Chromium; screenshots go to build/screens, to be looked at."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ficdex.index.catalog import Catalog
from ficdex.web.access import Access
from ficdex.web.app import create

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (Debian: apt-get install chromium)"),
]
SCREENS = Path(__file__).parent.parent.parent / "build" / "screens"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"width": 390, "height": 844}
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def site(path: Path) -> Iterator[str]:
    """The address of a server of the samples."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listening:
        access = Access("127.0.0.1", int(listening.getsockname()[1]))
        server = uvicorn.Server(uvicorn.Config(create(path, access), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{access.port}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Open]:
    """Opens a page; what the browser complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(address: str, **how: Any) -> Any:
        context = chromium.new_context(viewport=how.pop("viewport", {"width": 1280, "height": 900}), **how)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.goto(site + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def shot(page: Any, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


def fits(page: Any) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_reader_searches_combines_facets_and_reads(visit: Open) -> None:
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("words:>1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=words*")
    many = page.locator(".card").count()
    page.get_by_role("link", name="Harry Potter", exact=True).and_(page.locator("a.value")).click()
    page.get_by_role("link", name="Without Neville Longbottom", exact=True).click()
    assert 0 < page.locator(".card").count() < many
    shot(page, "facets")
    page.get_by_role("link", name="No longer without Character Neville Longbottom", exact=True).click()
    page.get_by_role("link", name="The Understairs Society").click()
    page.get_by_role("link", name="Read", exact=True).click()
    page.wait_for_url("**/read")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/read/2")
    assert page.get_by_role("heading", name="Chapter 2: Minutes").is_visible()
    page.get_by_role("switch", name="Evidence").click()
    assert page.locator(".story mark").count()
    shot(page, "evidence")


def test_words_a_value_came_from_show_on_hover_focus_and_tap(visit: Open, catalog: Catalog) -> None:
    address = f"/work/{catalog.find('Moth Season')}"
    page = visit(address)
    credit = page.locator(".credits .said")
    reason = credit.locator(".reasons")
    assert not reason.is_visible()
    credit.hover()
    assert reason.is_visible()
    assert "Odile" in reason.inner_text()
    shot(page, "work")
    page.mouse.move(0, 0)
    credit.locator(".why").focus()
    assert reason.is_visible()
    phone = visit(address, viewport=PHONE, has_touch=True, is_mobile=True)
    phone.locator(".credits .why").tap()
    assert phone.locator(".credits .reasons").is_visible()
    assert fits(phone)
    shot(phone, "work-phone")


def test_a_value_is_corrected_in_place(visit: Open, catalog: Catalog) -> None:
    id_ = catalog.find("Moth Season")
    page = visit(f"/work/{id_}")
    page.get_by_label("Correct Title").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Moth Seasons")
    shot(page, "correct")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/work/{id_}#title")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Moth Seasons")
    assert catalog.record(id_)["title"] == "Moth Seasons"
    page.get_by_role("button", name="Undo the last").click()
    assert catalog.record(id_)["title"] == "Moth Season"


def test_one_key_judges_and_another_takes_it_back(visit: Open, catalog: Catalog) -> None:
    page = visit("/review")
    shot(page, "review")
    first = page.locator(".doubt h2").inner_text()
    page.keyboard.press("y")
    page.wait_for_function("first => document.querySelector('.doubt h2').innerText !== first", arg=first)
    assert catalog.stats()["corrections"] == 1
    page.keyboard.press("u")
    page.wait_for_function("first => document.querySelector('.doubt h2').innerText === first", arg=first)
    assert catalog.stats()["corrections"] == 0
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "value"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("search", "/?q=the"),
        ("work", "/work/1"),
        ("read", "/work/4/read/2"),
        ("person", "/person?name=hollow_crown"),
        ("people", "/people"),
        ("fandom", "/fandom?title=Harry+Potter"),
        ("overview", "/overview"),
        ("review", "/review"),
        ("imports", "/imports"),
    ],
)
def test_every_page_fits_a_phone_in_light_and_dark(visit: Open, scheme: str, name: str, address: str) -> None:
    page = visit(address, viewport=PHONE, color_scheme=scheme)
    assert fits(page)
    assert page.locator("h1, .story").first.count()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (sum(paper) < 200) is (scheme == "dark")
    shot(page, f"{name}-phone-{scheme}")


def test_everything_works_without_javascript(visit: Open, catalog: Catalog) -> None:
    id_ = catalog.find("Moth Season")
    page = visit("/", java_script_enabled=False)
    page.get_by_label("What to look for").fill("moth")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Moth Season").click()
    page.get_by_label("Correct Title").click()
    page.get_by_label("Title", exact=True).fill("Moths")
    page.locator("#edit-title").get_by_role("button", name="Correct", exact=True).click()
    assert catalog.record(id_)["title"] == "Moths"
    page.get_by_role("link", name="Read", exact=True).click()
    assert page.locator(".story p").count() > 3
    page.get_by_role("link", name="Review").click()
    page.get_by_role("button", name="later").click()
    assert page.get_by_text("2 of").is_visible()


def test_the_place_in_a_story_is_remembered(visit: Open, catalog: Catalog) -> None:
    id_ = catalog.find("The Understairs Society")
    page = visit(f"/work/{id_}/read/2", viewport={"width": 500, "height": 300})
    page.mouse.wheel(0, 500)
    page.wait_for_function("id => JSON.parse(localStorage.getItem(`ficdex-place-${id}`)).paragraph > 1", arg=str(id_))
    page.get_by_role("link", name="About this work").click()
    page.get_by_role("link", name="Go on reading").click()
    page.wait_for_url("**/read/2")
    page.wait_for_function("scrollY > 100")


def test_the_keyboard_reaches_the_content_first(visit: Open) -> None:
    page = visit("/?q=moth")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
