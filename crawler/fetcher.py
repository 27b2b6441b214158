"""One GET: a Response, or an error that says what went wrong. The only file that knows the HTTP library.

    URL -> checked -> one connection to its host -> address checked -> asked -> head -> body, unpacked within bounds

What is decided elsewhere, and so not done here: redirects are returned, nothing is asked twice (the second time
would be a hit closer than the host's delay), no environment variable is read.

httpx's requests and answers go over a transport of our own: its own takes no network backend, and so can neither
be told which address to connect to nor end a head that drips. Its client is left out: that parses the Location of a
redirect that it does not follow and fails where that is garbage, and its jar keeps every host's cookies (measured,
httpx 0.28).
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx
import truststore

from ..errors import AddressError, AddressRefused, BadAnswer, FetchError, ReadError, Unreachable
from .clock import Clock
from .cookies import Jar
from .inflate import unpack
from .reach import Address, Resolver, as_literal, refused, system, within

HEAD = 64 << 10  # bytes of status line and headers, 1xx answers before them too; browsers take 256 KB, servers send 1
COOKIES = 20  # Set-Cookie headers looked at in one answer
HOSTS = 32  # whose connection and cookies are kept; a host forgotten is met as a new one
IDLE = 30.0  # seconds a connection waits for its next request; load balancers cut at 60


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Crawler seconds: to connect (for each address, and for TLS), for each wait on the server, for all of it."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0


@dataclass(frozen=True, slots=True)
class Request:
    """A URL to get, headers besides the fetcher's own, and how many bytes its body may hold when unpacked."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    limit: int = 8 << 20


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that is whole. `url` is the request's; header names in lower case, repeated ones joined by ", ".

    `body` is unpacked, `wire` the bytes received (head and framing too), `latency` the crawler seconds until the
    head had come. A body that could not be had is empty when the status is no 2xx: what a 429, a 404 or a
    redirect means stands in its head.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    wire: int
    latency: float


class Line(httpcore.NetworkBackend):
    """The way to one host. Every wait on it ends by the deadline of the request under way.

    The library's own timeouts are for each read, so that a byte a second goes on for ever (measured).
    """

    def __init__(
        self, clock: Clock, timeouts: Timeouts, resolve: Resolver, allowed: Collection[Address], guarded: bool
    ) -> None:
        self._clock = clock
        self._timeouts = timeouts
        self._resolve = resolve
        self._allowed = allowed
        self._guarded = guarded
        self._sockets = httpcore.SyncBackend()
        self._current: Wire | None = None
        self._hung_up = False
        self.begin("", 0)

    def begin(self, url: str, ceiling: int) -> None:
        """A request for `url` starts now, and may bring `ceiling` bytes."""
        self.url = url
        self.ceiling = ceiling
        self.deadline = self._clock.ticks() + self._timeouts.total
        self.received = 0
        self.ended = False
        self.in_head = True

    def hang_up(self) -> None:
        """End the request under way, from another thread; there will be no further one."""
        self._hung_up = True
        if self._current is not None:
            with contextlib.suppress(OSError):
                self._current.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that takes it, every one of them checked before."""
        failure = Unreachable(self.url, "dns", f"{host} has no address")
        for ip, at in self._addresses(host, port):
            try:
                with self.wait(self._timeouts.connect, f"connecting to {ip}") as seconds:
                    self._current = Wire(
                        self, self._sockets.connect_tcp(ip, at, seconds, socket_options=socket_options)
                    )
                    return self._current
            except httpcore.ConnectError as error:
                failure = Unreachable(self.url, "connect", f"{host} takes no connection ({error})")
            except Unreachable as late:  # an address that leads nowhere hides no other one
                if late.kind != "timeout":
                    raise
                failure = late
        raise failure

    def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            with self.wait(self._timeouts.connect, "resolving its name") as seconds:
                found = within(seconds, self._resolve, host, port)
        except (OSError, ValueError) as error:
            raise Unreachable(self.url, "dns", f"the name {host} cannot be resolved ({error})") from None
        bad = refused(found, self._allowed) if self._guarded else None
        if bad:
            raise not_public(self.url, bad)
        return found

    @contextlib.contextmanager
    def wait(self, most: float, doing: str) -> Iterator[float]:
        """Real seconds for one wait of `most` crawler seconds; a timeout becomes an Unreachable that says of what."""
        left = self.deadline - self._clock.ticks()
        overdue = Unreachable(self.url, "deadline", f"it was not complete after {self._timeouts.total:g} s")
        if self._hung_up:
            raise Unreachable(self.url, "reset", "the crawl was ended")
        if left <= 0:
            raise overdue
        try:
            yield self._clock.real(min(most, left))
        except (httpcore.TimeoutException, TimeoutError):
            if left <= most:
                raise overdue from None
            raise Unreachable(self.url, "timeout", f"{doing} took more than {most:g} s") from None

    def receive(self, stream: httpcore.NetworkStream, most: int) -> bytes:
        """The next bytes, counted."""
        room = (HEAD if self.in_head else self.ceiling) - self.received
        if room <= 0:
            part = "its headers take" if self.in_head else "what is sent for it takes"
            raise BadAnswer(self.url, "too_big", f"{part} more than {self.received:,} bytes")
        with self.wait(self._timeouts.read, "waiting for the server") as seconds:
            data = stream.read(min(most, room), seconds)
        self.received += len(data)
        self.ended = not data
        return data

    def send(self, stream: httpcore.NetworkStream, data: bytes) -> None:
        with self.wait(self._timeouts.read, "sending the request") as seconds:
            stream.write(data, seconds)

    def secure(self, stream: httpcore.NetworkStream, context: ssl.SSLContext, name: str | None) -> Wire:
        """`stream` inside TLS, with the certificate checked against `name`."""
        try:
            with self.wait(self._timeouts.connect, "TLS") as seconds:
                self._current = Wire(self, stream.start_tls(context, name, seconds))
                return self._current
        except (httpcore.ConnectError, ValueError) as error:  # ValueError: a name that TLS cannot carry
            stream.close()
            remedy = "if you know its certificate, name a PEM file with the issuer's"
            raise Unreachable(self.url, "tls", f"no trusted connection to {name} ({error}); {remedy}") from None


class Wire(httpcore.NetworkStream):
    """A connection whose reads and writes are its Line's."""

    def __init__(self, line: Line, stream: httpcore.NetworkStream) -> None:
        self._line = line
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._line.receive(self._stream, max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._line.send(self._stream, buffer)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._line.secure(self._stream, ssl_context, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Stream(httpx.SyncByteStream):
    """A body on its way, as httpx hands it on."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class Transport(httpx.BaseTransport):
    """One connection to one host, over its Line."""

    def __init__(self, line: Line, context: ssl.SSLContext, proxy: httpcore.Proxy | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, proxy=proxy, max_connections=1, http2=False, network_backend=line
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        where = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = self._pool.handle_request(httpcore.Request(request.method, where, headers=request.headers.raw))
        return httpx.Response(answer.status, headers=answer.headers, stream=Stream(answer), request=request)

    def close(self) -> None:
        self._pool.close()


@dataclass(slots=True)
class Host:
    """What is kept of a host between its requests: one connection at most, and its cookies."""

    line: Line
    transport: Transport
    jar: Jar
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    good_until: float = 0.0


class Fetcher:
    """Gets pages, for several threads at once and for each host one after the other.

    `agent` is the User-Agent; `resolve` and `allowed` (addresses that may be connected to though they are not
    public) are for tests. `trust` says whose certificates count: the system's, the bundled ones (certifi), or a
    PEM file's. A `proxy` ("http://host:port") resolves names out of our sight, so that only URLs that hold an
    address can be checked: whoever sets it trusts it. `ratio` is how much a body may grow when it is unpacked.

    Raises:
        ReadError: if the PEM file cannot be read.
        AddressError: if `proxy` is no http URL.
    """

    def __init__(
        self,
        agent: str,
        *,
        clock: Clock,
        resolve: Resolver = system,
        allowed: Collection[Address] = (),
        trust: str = "system",
        proxy: str | None = None,
        timeouts: Timeouts = Timeouts(),
        ratio: int = 200,
    ) -> None:
        self._agent = agent
        self._clock = clock
        self._resolve = resolve
        self._allowed = allowed
        self._trust = _trust(trust)
        self._proxy = _proxy(proxy)
        self._timeouts = timeouts
        self._ratio = ratio
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; a request under way in another thread ends with Unreachable."""
        with self._lock:
            self._closed = True
            for host in self._hosts.values():
                host.line.hang_up()
                if not host.users:
                    host.transport.close()

    def get(self, request: Request) -> Response:
        """Ask once.

        Raises:
            AddressRefused: "address": no http(s) URL, or an address that is not public.
            Unreachable: "dns", "connect", "tls", "timeout", "deadline", "reset" (before anything came).
            BadAnswer: "protocol", "encoding", "truncated", "too_big", "ratio", "reset" (in the middle).
        """
        url = self._checked(request.url)
        with self._at(url.host) as host:
            if self._clock.ticks() > host.good_until:
                host.transport.close()
            host.line.begin(request.url, 2 * request.limit + HEAD)  # twice, for chunks as small as their framing
            try:
                return self._ask(host, url, request)
            except BaseException:
                host.transport.close()
                raise

    def _checked(self, text: str) -> httpx.URL:
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused(text, "address", f"this is no URL ({error})") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise AddressRefused(text, "address", "only http and https URLs can be fetched")
        if url.port is not None and not 0 < url.port < 1 << 16:
            raise AddressRefused(text, "address", f"there is no port {url.port}")
        if url.userinfo:
            raise AddressRefused(text, "address", "it carries a user name; take that out, nothing is logged in to")
        bad = refused(as_literal(url.host, url.port or 80), self._allowed) if self._proxy else None
        if bad:
            raise not_public(text, bad)
        return url

    @contextlib.contextmanager
    def _at(self, name: str) -> Iterator[Host]:
        """The host, for one thread at a time; those asked longest ago are forgotten."""
        with self._lock:
            host = self._hosts.pop(name, None) or self._new(name)
            self._hosts[name] = host
            host.users += 1
        try:
            with host.lock:
                yield host
        finally:
            with self._lock:
                host.users -= 1
                idle = [name for name, known in self._hosts.items() if not known.users]
                for name in idle[: max(0, len(self._hosts) - (0 if self._closed else HOSTS))]:
                    self._hosts.pop(name).transport.close()

    def _new(self, name: str) -> Host:
        line = Line(self._clock, self._timeouts, self._resolve, self._allowed, guarded=self._proxy is None)
        return Host(line, Transport(line, self._trust(), self._proxy), Jar(name))

    def _ask(self, host: Host, url: httpx.URL, request: Request) -> Response:
        line, start = host.line, self._clock.ticks()
        with _named(line):
            answer = host.transport.handle_request(self._question(host.jar, url, request))
        with contextlib.closing(answer):
            latency = self._clock.ticks() - start
            line.in_head = False
            if not line.received or answer.status_code < 200:
                raise BadAnswer(request.url, "protocol", "the server sent an answer to no question of ours")
            headers = _headers(answer.headers.raw)
            self._learn(host.jar, url, answer.headers.raw)
            body = self._body(line, answer, request, headers.get("content-encoding", ""))
            host.good_until = self._clock.ticks() + _idle(headers.get("keep-alive", ""))
        return Response(request.url, answer.status_code, headers, body, line.received, latency)

    def _question(self, jar: Jar, url: httpx.URL, request: Request) -> httpx.Request:
        wanted = {"accept": "*/*", **{name.lower(): value for name, value in request.headers.items()}}
        wanted |= {"user-agent": self._agent, "accept-encoding": "gzip"}
        cookies = jar.header(url.path, url.scheme == "https", self._clock.wall())
        wanted |= {"cookie": cookies} if cookies else {}
        return httpx.Request(
            "GET", url, headers=[(name.title().encode("ascii"), value.encode()) for name, value in wanted.items()]
        )

    def _learn(self, jar: Jar, url: httpx.URL, headers: list[tuple[bytes, bytes]]) -> None:
        lines = [value for name, value in headers if name.lower() == b"set-cookie"]
        for line in lines[:COOKIES]:
            jar.learn(_text(line), url.path, self._clock.wall())

    def _body(self, line: Line, answer: httpx.Response, request: Request, encoding: str) -> bytes:
        try:
            with _named(line):
                return unpack(request.url, encoding.strip().lower(), answer.iter_raw(), request.limit, self._ratio)
        except FetchError:
            if 200 <= answer.status_code < 300:
                raise
            return b""


@contextlib.contextmanager
def _named(line: Line) -> Iterator[None]:
    """The library's errors as ours, by what had come until then."""
    try:
        yield
    except httpcore.ProxyError as error:
        raise Unreachable(line.url, "connect", f"the proxy refuses ({error})") from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if not line.received and (line.ended or isinstance(error, httpcore.NetworkError)):
            failure: FetchError = Unreachable(line.url, "reset", "the server closed the connection without an answer")
        elif isinstance(error, httpcore.NetworkError):
            failure = BadAnswer(line.url, "reset", "the connection broke in the middle of the answer")
        elif line.ended:
            failure = BadAnswer(line.url, "truncated", "the answer breaks off before its end")
        else:
            failure = BadAnswer(line.url, "protocol", f"this is no HTTP/1.1 ({str(error)[:100]})")
        raise failure from None


def not_public(url: str, address: Address) -> AddressRefused:
    """The error for a URL that leads to `address`."""
    reason = f"it leads to {address[0]}, which is no public address; save the page and import the file"
    return AddressRefused(url, "address", reason)


def _trust(trust: str) -> Callable[[], ssl.SSLContext]:
    """Makes the context of a host.

    The system's is one for each: truststore holds a lock while it shakes hands, so that with one for all a slow
    host would keep the others waiting.
    """
    if trust == "system":
        return lambda: truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        shared = httpx.create_ssl_context(trust_env=False) if trust == "bundled" else _from_file(trust)
    except OSError as error:  # ssl.SSLError is one
        raise ReadError(trust, f"no certificates can be read from it ({error}); name a file in PEM form") from None
    return lambda: shared


def _from_file(path: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=path)


def _proxy(address: str | None) -> httpcore.Proxy | None:
    """Only http: inside TLS to the proxy, the library's TLS to the host reads without a bound."""
    if address is None:
        return None
    try:
        proxy = httpx.Proxy(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressError(address, f"this is no proxy ({error}); write http://host:port") from None
    if proxy.url.scheme != "http" or not proxy.url.host:
        raise AddressError(address, "a proxy is named as http://host:port")
    where = httpcore.URL(scheme=b"http", host=proxy.url.raw_host, port=proxy.url.port, target=b"/")
    return httpcore.Proxy(where, auth=proxy.raw_auth)


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in raw:
        found.setdefault(_text(name).lower(), []).append(_text(value))
    return {name: ", ".join(values) for name, values in found.items()}


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")  # any byte is a character of it, as RFC 9110, section 5.5 has it


def _idle(keep_alive: str) -> float:
    """How long the connection may wait: a second less than the server announces, lest both act at once."""
    stated = re.search(r"timeout\s*=\s*(\d{1,6})", keep_alive)
    return min(IDLE, int(stated[1]) - 1.0) if stated else IDLE
