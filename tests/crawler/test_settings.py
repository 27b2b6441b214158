"""Settings come from options, environment, file and defaults, in this order; what is wrong is named with its remedy."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ficdex import __version__
from ficdex.crawler import settings as module
from ficdex.crawler.settings import KEYS, SITE_KEYS, CrawlSettings, SiteSettings, load, masked
from ficdex.crawler.sites import Site
from ficdex.errors import SettingsError


@pytest.fixture
def config(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Loads a config file of this text, under [crawl] if it names no table."""

    def loaded(text: str = "", environ: dict[str, str] | None = None, **options: object) -> CrawlSettings:
        path = tmp_path / "config.toml"
        path.write_text(text if text.startswith("[") else f"[crawl]\n{text}", encoding="utf-8")
        return load(path, environ or {}, options)

    return loaded


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> str:
    """A host that is known to want 8 seconds between requests."""
    site = Site("slow", lambda tree: False, lambda tree, blob, builder: iter(()), ("slow.example",), 8.0)
    monkeypatch.setattr(module, "sites", lambda: (site,))
    return "slow.example"


def test_every_setting_has_its_key_and_its_line_in_the_documents() -> None:
    assert {*KEYS, "sites", "origins"} == {f.name for f in fields(CrawlSettings)}
    assert {*SITE_KEYS} == {f.name for f in fields(SiteSettings)}
    page = (Path(__file__).parent.parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in (*KEYS, *SITE_KEYS))


def test_without_a_file_everything_is_as_it_is_by_default(tmp_path: Path) -> None:
    for path in (None, tmp_path / "config.toml", tmp_path / "no folder" / "config.toml"):
        found = load(path, {}, {})
        assert found == CrawlSettings(origins=dict.fromkeys(KEYS, "default"))


def test_an_option_goes_before_the_environment_and_that_before_the_file(config) -> None:  # type: ignore[no-untyped-def]
    environ = {"FICDEX_CONTACT": "env@fic.example"}
    text = 'contact = "file@fic.example"'
    assert config(text, environ, contact="option@fic.example").contact == "option@fic.example"
    assert config(text, environ, contact=None).contact == "env@fic.example"
    assert config(text, {"FICDEX_CONTACT": " "}).contact == "file@fic.example"


def test_each_value_says_where_it_comes_from(config, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HOME", str(tmp_path))
    found = config(
        '[crawl]\ndelay = 7\n[crawl.sites."a.example"]\ndelay = 9', {"FICDEX_CONTACT": "me@fic.example"}, max_pages=3
    )
    assert {name: origin for name, origin in found.origins.items() if origin != "default"} == {
        "contact": "FICDEX_CONTACT",
        "delay": "~/config.toml",
        "max_pages": "--max-pages",
        'sites."a.example".delay': "~/config.toml",
    }


def test_every_setting_can_be_set(config, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found = config(f"""[crawl]
contact = "https://fic.example/me"
agent = "(a reading list)"
delay = 6
max_pages = 10
max_pages_per_host = 5
depth = 0
hosts = 2
wait_parked = true
max_bytes = 100_000
certificates = "{tmp_path}"
proxy = "http://127.0.0.1:3128"
proxy_trusted = true
[crawl.sites."A.Example"]
delay = 9.5
max_pages = 3
enabled = false
""")
    assert (found.delay, found.depth, found.hosts, found.wait_parked) == (6.0, 0, 2, True)
    assert found.certificates == str(tmp_path)
    assert found.sites == {"a.example": SiteSettings(9.5, 3, False)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("delya = 8", r"crawl\.delya is no setting; did you mean delay\?"),
        ("zzz = 8", r"crawl\.zzz is no setting; these are: contact, "),
        ("[crawls]", r"crawls is no setting; did you mean crawl\?"),
        ('[crawl.site."a.example"]', r"crawl\.site is no setting; did you mean sites\?"),
        ("[x]\n", "x is no setting; these are: crawl"),
        ('[crawl.sites."a.example"]\ndealy = 9', r'sites\."a\.example"\.dealy is no setting; did you mean delay\?'),
        ("delay = 0.5", r"crawl\.delay = 0\.5 will not do; it should be a number of seconds from 1 "),
        ("delay = nan", "number of seconds"),
        ("delay = inf", "number of seconds"),
        ("delay = true", "number of seconds"),
        ('delay = "8"', r'crawl\.delay = "8" will not do; it should be a number'),
        ("hosts = 5", "from 1 to 4"),
        ("hosts = 2.0", "whole number"),
        ("depth = -1", "from 0"),
        ("max_pages = 0", "from 1"),
        ("max_pages = 1" + "0" * 30, "from 1"),
        ("max_bytes = 1", "bytes from 65536"),
        ('wait_parked = "yes"', "true or false"),
        ('contact = "me"', "mail address"),
        ('contact = "me@fic"', "mail address"),
        ('contact = "me@fic.example) Mozilla/5.0"', "mail address"),
        ('contact = "mé@fic.example"', "mail address"),
        ('contact = "https://localhost"', "mail address"),
        ('agent = "a\\r\\nCookie: b"', "plain ASCII on one line"),
        ('certificates = "no/such/file.pem"', "that is there"),
        ('certificates = "/no/such/file.pem"', "that is there"),
        ('proxy = "127.0.0.1:3128"\nproxy_trusted = true', "address of a proxy"),
        ('proxy = "http://127.0.0.1:3128"', "proxy_trusted = true"),
        ("[crawl]\nsites = 3", r"it should be a table, \[crawl\.sites\]"),
        ('[crawl]\nsites = {"a.example" = 3}', "it should be a table"),
        ('[crawl.sites."https://a.example/"]', "more than a host"),
        ('[crawl.sites."a.example/tales"]', "more than a host"),
        ('[crawl.sites."a b"]', "no host name"),
        ('[crawl.sites."a.example"]\ndelay = 0.2', "from 1 "),
    ],
)
def test_what_is_wrong_is_named_with_file_key_and_remedy(config, tmp_path: Path, text: str, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsError, match=said) as problem:
        config(text)
    assert str(problem.value).startswith(str(tmp_path / "config.toml"))


def test_a_key_outside_of_its_table_is_told_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('contact = "me@fic.example"')
    with pytest.raises(SettingsError, match=r"contact belongs under a line \[crawl\]"):
        load(tmp_path / "config.toml", {}, {})


@pytest.mark.parametrize(
    ("options", "environ", "said"),
    [
        ({"delay": 0.5}, {}, r"^--delay 0\.5 will not do; it should be a number of seconds from 1 "),
        ({"contact": "me"}, {}, "^--contact me will not do"),
        ({}, {"FICDEX_CONTACT": "me"}, "^FICDEX_CONTACT=me will not do"),
    ],
)
def test_a_wrong_option_or_variable_is_named(config, options, environ, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsError, match=said):
        config("", environ, **options)


@pytest.mark.parametrize("data", [b"[crawl\n", b"\xff\xfe[crawl]", b"\0"])
def test_a_file_that_is_no_toml_is_an_error_that_names_it(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match=r"config\.toml: this is no TOML"):
        load(path, {}, {})


def test_a_byte_order_mark_before_the_file_is_borne(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[crawl]\ndelay = 9", encoding="utf-8-sig")
    assert load(path, {}, {}).delay == 9


def test_a_folder_in_the_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="directory"):
        load(tmp_path, {}, {})


def test_the_agent_names_ficdex_its_version_and_the_contact_whatever_is_added(config) -> None:  # type: ignore[no-untyped-def]
    found = config('contact = "me@fic.example"\nagent = "Mozilla/5.0"')
    assert found.agent_string() == f"ficdex/{__version__} (me@fic.example) Mozilla/5.0"
    assert config('contact = "me@fic.example"').agent_string() == f"ficdex/{__version__} (me@fic.example)"


def test_without_a_contact_there_is_no_agent(config) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsError, match="--contact"):
        config().agent_string()


def test_hosts_that_nobody_knows_are_asked_every_five_seconds_or_as_set(config) -> None:  # type: ignore[no-untyped-def]
    assert config().delay_for("fic.example") == 5.0
    assert config("delay = 2").delay_for("fic.example:8080") == 2.0


def test_no_setting_goes_below_a_sites_own_pace(config, archive: str) -> None:  # type: ignore[no-untyped-def]
    assert config().delay_for(archive) == 8.0
    assert config("delay = 2").delay_for(f"www.{archive}") == 8.0
    assert config("delay = 20").delay_for(archive) == 20.0
    assert config("delay = 2", delay=30.0).delay_for(archive) == 30.0
    with pytest.raises(SettingsError, match="faster than the site's own pace: write 8 or more"):
        config(f'[crawl.sites."www.{archive}"]\ndelay = 7')


def test_a_site_is_set_with_its_subdomains_and_the_nearest_wins(config) -> None:  # type: ignore[no-untyped-def]
    found = config("""[crawl]
max_pages = 100
[crawl.sites."fic.example"]
delay = 20
max_pages = 7
[crawl.sites."old.fic.example"]
enabled = false
""")
    assert found.delay_for("www.fic.example:81") == 20.0
    assert [found.max_pages_for(a) for a in ("fic.example", "old.fic.example", "other.example")] == [7, 100, 100]
    assert [found.of(a).enabled for a in ("fic.example", "a.old.fic.example")] == [True, False]


def test_the_slower_of_what_is_set_for_all_and_for_one_wins(config) -> None:  # type: ignore[no-untyped-def]
    text = '[crawl.sites."fic.example"]\ndelay = 3'
    assert config(text).delay_for("fic.example") == 3.0
    assert config(text, delay=10.0).delay_for("fic.example") == 10.0


def test_a_password_is_shown_to_nobody() -> None:
    assert masked("http://me:secret@proxy.example:3128/") == "http://me:***@proxy.example:3128/"
    assert masked(3) == 3


@given(
    st.sampled_from(["", "[crawl]\n", '[crawl.sites."a.b"]\n']),
    st.sampled_from([*KEYS, *SITE_KEYS, "x"]),
    st.text(max_size=20),
)
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_settings_or_an_error_that_names_it(tmp_path: Path, head: str, key: str, value: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"{head}{key} = {value}", encoding="utf-8")
    try:
        load(path, {}, {})
    except SettingsError as problem:
        assert "config.toml" in str(problem)  # noqa: PT017
