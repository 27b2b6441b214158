"""A server on loopback that misbehaves as it is told and writes down what it sees: the core of the crawler's tests.

    with FaultServer() as server:
        server.on("a.test", "/", Reply(body="hello"))                       # the same each time
        server.on("a.test", "/busy", [Reply(429), Reply(body="at last")])   # one for each hit, the last repeats
        server.on("a.test", "/echo", lambda hit: Reply(body=hit.headers["user-agent"]))
        server.default("b.test", archive)                                   # whatever else is asked of a host
        fetcher = Fetcher("me", clock=Clock(), resolve=server.resolver, allowed=server.allowed)
        ...
        assert server.paths("a.test") == ["/", "/busy"]
        assert min(server.gaps("a.test")) > 1.0

A host is named by its authority as it stands in a URL ("a.test", "a.test:8081" is another one, and "a.test:443" what
https finds where that is not the same) and listens on a loopback port of its own, so that hosts are truly apart; it
exists from the first mention on. Handlers are looked for by path with query, by path alone, then the host's default,
then 404. They run in the server's thread and must not block. All times are real seconds, however fast the crawler's
clock runs.

The log: `hits` when a request's head has arrived (before it is answered), `connections` when one is made. Leaving
the `with` block closes everything at once, replies under way too, and raises what a handler raised.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import itertools
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Address = tuple[str, int]


@dataclass(slots=True)
class Hit:
    """A request as it arrived. `connection` is the number of the connection that it came on."""

    at: float
    host: str
    method: str
    path: str
    headers: dict[str, str]
    connection: int
    status: int = 0


@dataclass(slots=True)
class Connection:
    at: float
    host: str
    number: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, and what to do wrong.

    `body` is sent with its Content-Length; an iterable or a callable that gives one is sent in chunks, for as
    long as it yields. `headers` is a mapping, or pairs where names repeat. What can go wrong:

        delay       seconds before the first byte
        drip        bytes a second, of the body or, with `drip_head`, of everything
        length      Content-Length as stated, whatever the body
        cut         how many bytes of the body are sent before `ending`; of chunks, all but the last one of length 0
        ending      "keep" the connection, "close" it, or "reset" it (RST)
        raw         sent as it is in the place of head and body; b"" with ending="reset" answers nothing
    """

    status: int = 200
    body: bytes | str | Iterable[bytes] | Callable[[], Iterable[bytes]] = b""
    headers: dict[str, str] | Sequence[tuple[str, str]] = ()
    delay: float = 0.0
    drip: float = 0.0
    drip_head: bool = False
    length: int | None = None
    cut: int | None = None
    ending: Literal["keep", "close", "reset"] = "keep"
    raw: bytes | None = None


BROTLI_BOMB = (
    "cfffff7f002400e2b14072effff9ffff0f8004401c1680eefd3fffffff01900088c302d0bdffe7ffff3f001200715800baf7"
    "fffcffff074002200e0b40f7fe9fffffff004800c46101e8defff3ffff1f000980382c00ddfb7ffeffff032001108705a07b"
    "ffcfffff7f002400e2b00074effff9ffff0f8004401c1680eefd3fffffff01900088c302d0bdffe7ffff3f001200715800ba"
    "f7fffcffff074002200e0b40f7fe9fffffff004800c46101e8defff3ffff1f000980382c00ddfb7ffeffff032001108705a0"
    "7bffcfffff7f002400e2b00074effff9ffff0f8004401c1680eefd7ffeffff02900088c302d0bdff05"
)

Handler = Callable[[Hit], Reply]
NO_ANSWER = Reply(raw=b"", ending="reset")
NOT_FOUND = Reply(404, b"not here", {"Content-Type": "text/plain"})


def page(html: str, **headers: str) -> Reply:
    """An HTML page in UTF-8; `x_robots_tag="noindex"` is a header."""
    said = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Reply(body=html, headers={"Content-Type": "text/html; charset=utf-8", **said})


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status, b"", {"Location": to})


def gzipped(body: bytes) -> Reply:
    return Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})


def gzip_bomb(size: int = 1 << 30) -> Reply:
    """`size` zero bytes, compressed as they are sent: a thousandth of it on the wire."""
    return Reply(
        body=lambda: _deflated(itertools.repeat(bytes(1 << 20), size >> 20)), headers={"Content-Encoding": "gzip"}
    )


def nested_bomb(size: int = 1 << 30) -> Reply:
    """A gzip bomb inside gzip, called so; a few KB on the wire."""
    inner = _deflated(itertools.repeat(bytes(1 << 20), size >> 20))
    return Reply(body=b"".join(_deflated(inner)), headers={"Content-Encoding": "gzip, gzip"})


def brotli_bomb() -> Reply:
    """300 MiB of zero bytes, made with brotli at quality 9: 241 bytes on the wire."""
    return Reply(body=bytes.fromhex(BROTLI_BOMB), headers={"Content-Encoding": "br"})


def endless(chunk: bytes = b"<p>and on</p>" * 5000) -> Reply:
    return Reply(body=lambda: itertools.repeat(chunk))


def _deflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


@dataclass(slots=True)
class Site:
    """One host: where it listens, and what it answers."""

    authority: str
    port: int
    tls: ssl.SSLContext | None = None
    routes: dict[str, Iterator[Handler]] = field(default_factory=dict)
    default: Handler = lambda hit: NOT_FOUND

    def answer(self, hit: Hit) -> Reply:
        route = self.routes.get(hit.path) or self.routes.get(hit.path.partition("?")[0])
        return next(route)(hit) if route else self.default(hit)


class FaultServer:
    """See the module's docstring."""

    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.connections: list[Connection] = []
        self.allowed: set[Address] = set()
        self.failures: list[Exception] = []
        self._sites: dict[str, Site] = {}
        self._listeners: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault server", daemon=True)

    def __enter__(self) -> FaultServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        if self.failures and kind is None:
            raise self.failures[0]

    # What it is told.

    def listen(self, authority: str, *, tls: ssl.SSLContext | None = None, allowed: bool = True) -> Site:
        """The host `authority`, listening from now on; one that is not `allowed` must never be connected to."""
        if authority not in self._sites:
            site = asyncio.run_coroutine_threadsafe(self._listen(authority, tls), self._loop).result(10)
            self._sites[authority] = site
            if allowed:
                self.allowed.add(("127.0.0.1", site.port))
        return self._sites[authority]

    def on(self, authority: str, path: str, reply: Reply | Handler | Sequence[Reply | Handler]) -> None:
        """What `path` answers: always, or one after the other."""
        replies = list(reply) if isinstance(reply, Sequence) else [reply]
        handlers = [(lambda hit, r=r: r) if isinstance(r, Reply) else r for r in replies]
        self.listen(authority).routes[path] = itertools.chain(handlers, itertools.repeat(handlers[-1]))

    def default(self, authority: str, handler: Handler) -> None:
        self.listen(authority).default = handler

    # What the crawler is given.

    def resolver(self, host: str, port: int) -> list[Address]:
        """Names of this server to loopback and the host's port; an address in any notation to itself."""
        stated = f"{host}:{port}"
        authority = stated if port not in (80, 443) or stated in self._sites else host
        if authority in self._sites:
            return [("127.0.0.1", self._sites[authority].port)]
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [(where[0], where[1]) for *_, where in found]

    def port(self, authority: str) -> int:
        return self.listen(authority).port

    # What it saw.

    def seen(self, host: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.host == host]

    def paths(self, host: str) -> list[str]:
        return [hit.path for hit in self.seen(host)]

    def gaps(self, host: str) -> list[float]:
        """Seconds between successive hits on a host."""
        return [later.at - hit.at for hit, later in itertools.pairwise(self.seen(host))]

    def connected(self, host: str) -> int:
        """How many connections were made to a host."""
        return sum(connection.host == host for connection in self.connections)

    # How it works.

    async def _listen(self, authority: str, tls: ssl.SSLContext | None) -> Site:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(site, reader, writer)

        listener = await asyncio.start_server(serve, "127.0.0.1", 0)
        self._listeners.append(listener)
        site = Site(authority, listener.sockets[0].getsockname()[1], tls)
        return site

    async def _end(self) -> None:
        for listener in self._listeners:
            listener.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.connections)
        self.connections.append(Connection(time.monotonic(), site.authority, number))
        try:
            if site.tls:
                await writer.start_tls(site.tls, ssl_handshake_timeout=5)
            while await self._exchange(site, number, reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the crawler hung up, as it does on most of this
        except asyncio.CancelledError:  # the end; asyncio's streams would report it as an error
            writer.transport.abort()
        except Exception as error:
            self.failures.append(error)
        finally:
            writer.close()

    async def _exchange(
        self, site: Site, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """One request and its answer; whether a further one may follow."""
        hit = _hit(site.authority, number, await reader.readuntil(b"\r\n\r\n"))
        self.hits.append(hit)
        reply = site.answer(hit)
        hit.status = reply.status
        await asyncio.sleep(reply.delay)
        await _send(reply, writer)
        if reply.ending == "reset":
            await asyncio.sleep(0.05)  # what was sent before arrives before
            _reset(writer)
        return reply.ending == "keep"


def _hit(host: str, connection: int, head: bytes) -> Hit:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    named = (line.partition(":") for line in lines if line)
    return Hit(time.monotonic(), host, method, path, {n.lower(): v.strip() for n, _, v in named}, connection)


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    if reply.raw is not None:
        await _write(writer, reply.raw, reply.drip)
        return
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    whole = isinstance(body, bytes)
    head = _head(reply, len(body) if whole else None)
    await _write(writer, head, reply.drip if reply.drip_head else 0)
    if whole:
        await _write(writer, body[: reply.cut], reply.drip)
        return
    for piece in body() if callable(body) else body:
        await _write(writer, b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b"", reply.drip)
        await asyncio.sleep(0)
    if reply.cut is None:
        await _write(writer, b"0\r\n\r\n", 0)


def _head(reply: Reply, length: int | None) -> bytes:
    said = list(reply.headers.items() if isinstance(reply.headers, dict) else reply.headers)
    stated = length if reply.length is None else reply.length
    if stated is not None and reply.status not in (204, 304):
        said.append(("Content-Length", str(stated)))
    elif stated is None:
        said.append(("Transfer-Encoding", "chunked"))
    lines = [f"HTTP/1.1 {reply.status} Whatever", *(f"{name}: {value}" for name, value in said)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


async def _write(writer: asyncio.StreamWriter, data: bytes, drip: float) -> None:
    """Send `data`, a tenth of a second's worth at a time where it drips."""
    step = max(1, int(drip / 10)) if drip else max(1, len(data))
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
        await writer.drain()
        if drip:
            await asyncio.sleep(step / drip)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, which the other side sees as an error."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
