"""What the user may set of a crawl (the rest of politeness is fixed), and where each value comes from.

[crawl]
contact = "me@example.org"
delay = 8

[crawl.sites."archive.example"]
delay = 20
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import AddressError, SettingsError
from .addresses import authority, canonical, domains
from .sites import sites

SHORTEST_DELAY, LONGEST_DELAY = 1.0, 86_400.0
"""Seconds between requests to a host: never less than one, and a day is as good as never."""
MOST_HOSTS = 4
FEWEST_BYTES, MOST_BYTES = 1 << 16, 64 << 20
DEFAULT = "default"
CONTACT = "FICDEX_CONTACT"

_MAIL = re.compile(r"[^\s@<>()\",;:\\]+@[^\s@<>()\",;:\\]+\.[^\s@<>()\",;:\\.]+")
_PAGE = re.compile(r"https?://[^\s<>()\"\\/]+\.[^\s<>()\"\\]+")
_PROXY = re.compile(r"https?://[^\s/]+/?")
_PASSWORD = re.compile(r"(?<=//)([^\s/:@]*):[^\s/@]*@")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What holds for one host and its subdomains; None: as for all."""

    delay: float | None = None
    max_pages: int | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """The settings of a run; delays in seconds.

    `max_pages` bounds the run, `max_pages_per_host` one host of it; `hosts` are asked side by side; `wait_parked`
    waits for hosts that are left alone for now; `certificates` are "system", "bundled" or a path. `origins` says
    of each setting where it comes from: the config file, FICDEX_CONTACT, an option, or "default"; those of sites
    are called as in 'sites."archive.example".delay', and only there if they are set.
    """

    contact: str = ""
    agent: str = ""
    delay: float = 5.0
    max_pages: int = 500
    max_pages_per_host: int | None = None
    depth: int = 1
    hosts: int = MOST_HOSTS
    wait_parked: bool = False
    max_bytes: int = 8 << 20
    certificates: str = "system"
    proxy: str = ""
    proxy_trusted: bool = False
    sites: Mapping[str, SiteSettings] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    def agent_string(self) -> str:
        """The User-Agent: ficdex, its version, who runs it, and what else they want to say.

        Raises:
            SettingsError: if no contact is set; whoever runs a site must be able to write to somebody.
        """
        if not self.contact:
            raise SettingsError(
                "no contact is set, and a site must be able to reach whoever asks it: give --contact you@example.org,"
                f" {CONTACT}, or contact under [crawl] in the config file (`ficdex config` says where it lies)"
            )
        return f"ficdex/{version('ficdex')} ({self.contact}) {self.agent}".rstrip()

    def of(self, authority: str) -> SiteSettings:
        """What is set for a host, or for the nearest domain that it is part of."""
        return next((self.sites[name] for name in domains(authority) if name in self.sites), SiteSettings())

    def delay_for(self, authority: str) -> float:
        """Seconds between requests to a host: the slowest of its site's own, what is set for it and what for all."""
        own = own_delay(authority)
        set_for_all = self.delay if self.origins.get("delay", DEFAULT) != DEFAULT else None
        wanted = [delay for delay in (self.of(authority).delay, set_for_all) if delay is not None]
        return max(own or SHORTEST_DELAY, *wanted) if wanted else own or self.delay

    def max_pages_for(self, authority: str) -> int:
        """Pages of one host in a run."""
        return self.of(authority).max_pages or self.max_pages_per_host or self.max_pages


def own_delay(authority: str) -> float | None:
    """The seconds between requests that the site of a host is known to want; None for a host that nobody knows."""
    names = set(domains(authority))
    return next((site.delay for site in sites() if names.intersection(site.hosts)), None)


def load(path: Path | None, environ: Mapping[str, str], options: Mapping[str, object]) -> CrawlSettings:
    """The settings of `options` (None: not given), then of FICDEX_CONTACT, then of the file, then the defaults.

    A file that is not there sets nothing.

    Raises:
        SettingsError: naming file, key and what would be right, for unknown keys and values that they cannot hold.
    """
    file = _shown_path(path) if path else ""
    table = _crawl_table(path, file) if path else {}
    stated: dict[str, tuple[object, str, str]] = {
        name: (value, file, f"{file}: crawl.{name} = {_shown(value)}")
        for name, value in table.items()
        if name != "sites"
    }
    if contact := environ.get(CONTACT, "").strip():
        stated["contact"] = (contact, CONTACT, f"{CONTACT}={contact}")
    for name, value in options.items():
        if value is not None:
            option = f"--{name.replace('_', '-')}"
            stated[name] = (value, option, f"{option} {value}")
    for name in stated:
        _known(name, (*KEYS, "sites"), f"{file}: crawl.")
    origins = {name: stated[name][1] if name in stated else DEFAULT for name in KEYS}
    settings = CrawlSettings(
        **{name: KEYS[name].read(value, place) for name, (value, _, place) in stated.items()},
        sites=_sites(table.get("sites", {}), file, origins),
        origins=origins,
    )
    if settings.proxy and not settings.proxy_trusted:
        raise SettingsError(
            f"{origins['proxy']}: crawl.proxy needs proxy_trusted = true beside it: behind a proxy ficdex cannot see"
            " which address is connected to, so nothing keeps a page from leading it into your own network"
        )
    return settings


def masked(value: object) -> object:
    """A value without the password of a URL: for screens and logs."""
    return _PASSWORD.sub(r"\1:***@", value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class _Key:
    """A setting: what would be `right`, in words, and how a value is checked; `check` returns None for a wrong one."""

    right: str
    check: Callable[[object], object]

    def read(self, value: object, place: str) -> Any:
        if (checked := self.check(value)) is None:
            raise SettingsError(f"{place} will not do; it should be {self.right}")
        return checked


def _whole(least: int, most: int = 2**31) -> Callable[[object], int | None]:
    return lambda value: value if type(value) is int and least <= value <= most else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _delay(value: object) -> float | None:
    if type(value) not in (int, float) or not SHORTEST_DELAY <= value <= LONGEST_DELAY:  # type: ignore[operator]
        return None
    return float(value)  # type: ignore[arg-type]


def _text(pattern: re.Pattern[str]) -> Callable[[object], str | None]:
    """Printable ASCII alone: these go into the header of a request."""
    return lambda value: value if isinstance(value, str) and value.isascii() and pattern.fullmatch(value) else None


def _certificates(value: object) -> str | None:
    if not isinstance(value, str) or value in ("system", "bundled"):
        return value if isinstance(value, str) else None
    path = Path(value).expanduser()
    return str(path) if path.is_absolute() and path.exists() else None


_SECONDS = f"a number of seconds from 1 to {LONGEST_DELAY:.0f}; no host is asked more often than once a second"
_PAGES = "a whole number from 1"
_TRUTH = "true or false"
KEYS: Mapping[str, _Key] = {
    "contact": _Key(
        "a mail address or the address of a page, such as you@example.org",
        _text(re.compile(f"{_MAIL.pattern}|{_PAGE.pattern}")),
    ),
    "agent": _Key("up to 200 characters of plain ASCII on one line", _text(re.compile("[ -~]{0,200}"))),
    "delay": _Key(_SECONDS, _delay),
    "max_pages": _Key(_PAGES, _whole(1)),
    "max_pages_per_host": _Key(_PAGES, _whole(1)),
    "depth": _Key("a whole number from 0", _whole(0)),
    "hosts": _Key(f"a whole number from 1 to {MOST_HOSTS}", _whole(1, MOST_HOSTS)),
    "wait_parked": _Key(_TRUTH, _flag),
    "max_bytes": _Key(f"a whole number of bytes from {FEWEST_BYTES} to {MOST_BYTES}", _whole(FEWEST_BYTES, MOST_BYTES)),
    "certificates": _Key(
        '"system", "bundled", or the whole path of a file or folder of certificates that is there', _certificates
    ),
    "proxy": _Key('the address of a proxy, such as "http://127.0.0.1:3128"', _text(_PROXY)),
    "proxy_trusted": _Key(_TRUTH, _flag),
}
"""Every setting, in the order in which they are shown."""
SITE_KEYS: Mapping[str, _Key] = {
    "delay": KEYS["delay"],
    "max_pages": KEYS["max_pages"],
    "enabled": _Key(_TRUTH, _flag),
}


def _crawl_table(path: Path, file: str) -> dict[str, Any]:
    """What stands under [crawl]; nothing if there is no file."""
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as problem:
        raise SettingsError(f"{file}: {problem.strerror}; see that you may read it") from problem
    except ValueError as problem:
        raise SettingsError(f"{file}: this is no TOML: {problem}") from problem
    for name in whole:
        if name in KEYS:
            raise SettingsError(f"{file}: {name} belongs under a line [crawl]")
        _known(name, ("crawl",), f"{file}: ")
    return _table(whole.get("crawl", {}), f"{file}: crawl")


def _sites(stated: object, file: str, origins: dict[str, str]) -> dict[str, SiteSettings]:
    """[crawl.sites."host"] by its host's canonical name; what is set goes into `origins`."""
    found = {}
    for name, row in _table(stated, f"{file}: crawl.sites").items():
        place = f"{file}: crawl.sites.{_shown(name)}"
        host = _host(name, place)
        values = {}
        for key, value in _table(row, place).items():
            _known(key, SITE_KEYS, f"{place}.")
            origins[f'sites."{host}".{key}'] = file
            values[key] = SITE_KEYS[key].read(value, f"{place}.{key} = {_shown(value)}")
        own = own_delay(host) or SHORTEST_DELAY
        if values.get("delay", own) < own:
            delay = values["delay"]
            raise SettingsError(f"{place}.delay = {delay:g} is faster than the site's own pace: write {own:g} or more")
        found[host] = SiteSettings(**values)
    return found


def _host(name: str, place: str) -> str:
    try:
        url = canonical(f"https://{name}/")
    except AddressError as problem:
        raise SettingsError(f"{place}: {problem.reason}; write a host alone, such as archive.example") from problem
    if urlsplit(url)[2:4] != ("/", ""):
        raise SettingsError(f"{place} is more than a host; write it alone, such as archive.example")
    return authority(url)


def _table(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(
            f"{place} = {_shown(value)} will not do; it should be a table, [{place.rpartition(': ')[2]}]"
        )
    return value


def _known(name: str, known: Iterable[str], place: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        remedy = f"did you mean {near[0]}?" if near else f"these are: {', '.join(known)}"
        raise SettingsError(f"{place}{name} is no setting; {remedy}")


def _shown(value: object) -> str:
    """A value as TOML has it, cut to fit a line."""
    text = json.dumps(masked(value), ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:80]}..."


def _shown_path(path: Path) -> str:
    """A path as a person writes it, ~ for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
