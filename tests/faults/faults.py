"""The faults of the upstream and its network: what each does, and how a request that meets it may end.

    A   the whole answer of the target that was asked      F   the whole answer of the fallback
    E   an error in the caller's shape, with its status or, after content, as the stream's last event

`streamed` and `whole` are the ends that are right; any other is a failure, truncation above all.
"""

import asyncio
import dataclasses
import functools
import gzip
import os
import zlib

from healthy import STREAM_HEAD, chunk, head


@dataclasses.dataclass
class Fault:
    act: object  # async (peer, healthy); true when the connection may go on
    streamed: str
    whole: str
    address: str = ""  # a URL's beginning instead of the wall's


FAULTS = {}
PLACES = {  # name: (piece, share of it), and how a request may end that is streamed, or whole
    "no byte": (("head", 0), "F", "F"),
    "the status line": (("head", 0.1), "F", "F"),
    "a header": (("head", 0.7), "F", "F"),
    "the end of the head": (("before", 0), "F", "F"),
    "the first bytes": (("before", 0.02), "F", "F"),
    "before content": (("content", 0), "F", "F"),
    "a chunk's size": (("content", 0.501), "E", "F"),
    "content": (("content", 0.51), "E", "F"),
    "late content": (("content", 0.9), "E", "F"),
    "before the last message": (("last", 0), "AE", "F"),
    "the last message": (("last", 0.6), "AE", "F"),
    "before the end": (("end", 0), "A", "F"),
}


def fault(name, streamed, whole, **more):
    def keep(act):
        FAULTS[name] = Fault(act, streamed, whole, **more)
        return act
    return keep


def sends(name, streamed, whole, make, close=True):
    """A fault that is some bytes, and then the end of the connection or silence."""
    async def act(peer, healthy):
        await peer.send(make(healthy))
        await (peer.end() if close else peer.hang())
    FAULTS[name] = Fault(act, streamed, whole)


def breaks_at(how, place):
    (piece, share), streamed, whole = PLACES[place]

    async def act(peer, healthy):
        await peer.send(healthy.bytes()[:healthy.offset(piece, share)])
        await getattr(peer, how)()
    return Fault(act, streamed, whole)


for _place in PLACES:
    FAULTS[f"reset at {_place}"] = breaks_at("reset", _place)
    FAULTS[f"end at {_place}"] = breaks_at("end", _place)
for _place in ("no byte", "a header", "the end of the head", "before content", "content", "before the last message",
               "before the end"):
    FAULTS[f"hang at {_place}"] = breaks_at("hang", _place)
for _place in ("no byte", "the end of the head", "content"):
    FAULTS[f"half-close at {_place}"] = breaks_at("half_close", _place)


# The network

async def nobody(_peer, _healthy):
    raise AssertionError("nobody should get here")

for _name, _address in (("connection refused", "http://127.0.0.1:{closed}"), ("connect hangs", "http://127.0.0.1:{deaf}"),
                        ("no such host", "http://nosuchhost.invalid:80"), ("no TLS there", "https://127.0.0.1:{wall}")):
    FAULTS[_name] = Fault(nobody, "F", "F", _address)


# Pace

@fault("slow drip of a good answer", "A", "A")
async def _drip(peer, healthy):
    data = healthy.bytes()
    step = max(1, len(data) // 60)
    for at in range(0, len(data), step):
        await peer.send(data[at:at + step])
        await asyncio.sleep(0.01)
    return True


@fault("a head byte by byte without end", "F", "F")
async def _drip_head(peer, _healthy):
    await peer.send(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while True:
        await peer.send(b"z")
        await asyncio.sleep(0.1)


async def flood(peer, healthy, before, data, pause, together):
    """Without end: the head, some messages, and then the same again and again."""
    await peer.send(STREAM_HEAD if healthy.stream else head(content_type="application/json", transfer_encoding="chunked"))
    for message in before:
        await peer.send(chunk(message))
    while True:
        await peer.send(chunk(data) * together)
        await asyncio.sleep(pause)


def floods(name, streamed, whole, make, pause=0.004, together=16):
    """As fast as one wall can for all its cells, unless it has a pause."""
    async def act(peer, healthy):
        before, data = make(healthy)
        await flood(peer, healthy, before if healthy.stream else [], data, pause, together)
    FAULTS[name] = Fault(act, streamed, whole)


PING = b'event: ping\ndata: {"type":"ping"}\n\n'
floods("comments without end", "F", "F", lambda h: ([], b": still here\n\n"), 0.05, 1)
floods("a flood of comments", "F", "F", lambda h: ([], b": still here\n\n"))
floods("pings without end", "F", "F", lambda h: (h.first(), PING), 0.05, 1)
floods("a flood of unknown events", "FE", "F", lambda h: (h.first(), b'event: what\ndata: {"type":"what.is_this"}\n\n'))
floods("content without end", "E", "F", lambda h: (h.first(), h.delta()), 0.02, 1)
floods("a flood of content", "E", "F", lambda h: (h.first(), h.delta()))
floods("reasoning without end", "EF", "F", lambda h: (h.messages(thinking="qzjx")[:1], h.delta(thinking="qzjx")), 0.02, 1)
floods("a flood of blank lines", "F", "F", lambda h: ([], b"\n\n\n\n"))
floods("a line without end", "EF", "F", lambda h: (h.first(), b"data: " + b"y" * 65536), together=2)
floods("a body without end", "EF", "F", lambda h: ([], b" " * 65536), together=2)


# HTTP

def with_messages(healthy, *extra, at=None):
    """The streamed answer with messages put in, before the one at `at`; a whole one as it is."""
    if not healthy.stream:
        return healthy.bytes()
    every = healthy.messages()
    at = len(every) // 2 if at is None else at
    return STREAM_HEAD + b"".join(map(chunk, [*every[:at], *extra, *every[at:]])) + b"0\r\n\r\n"


def framed(healthy, **fields):
    return healthy.whole_head(**fields) + healthy.payload()


def chunked(healthy, garble):
    """The payload in chunks, with one piece of framing garbled in the middle."""
    data = healthy.payload()
    half = len(data) // 2
    return (head(content_type=healthy.content_type(), transfer_encoding="chunked")
            + chunk(data[:half]) + garble + chunk(data[half:]) + b"0\r\n\r\n")


def extended(healthy, extension):
    """The payload in three chunks, the one in the middle with an extension; nothing is put into the payload itself."""
    data = healthy.payload()
    half = len(data) // 2
    return (head(content_type=healthy.content_type(), transfer_encoding="chunked") + chunk(data[:half])
            + b"1;" + extension + b"\r\n" + data[half:half + 1] + b"\r\n" + chunk(data[half + 1:]) + b"0\r\n\r\n")


def zipped(healthy, data, **fields):
    return head(content_type=healthy.content_type(), content_encoding="gzip", **{"content_length": len(data), **fields}) + data


@functools.cache
def packed_bomb(start):
    """A quarter of a gigabyte of blanks behind a good beginning, in a megabyte."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    blank = b": " + b" " * (1 << 20)
    return packer.compress(start) + b"".join(packer.compress(blank) for _ in range(256)) + packer.flush()


def bomb(healthy):
    return zipped(healthy, packed_bomb(b": x\n\n" if healthy.stream else b"{"))


EARLY = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
sends("ten 1xx heads first", "A", "A", lambda h: b"HTTP/1.1 100 Continue\r\n\r\n" * 5 + EARLY * 5 + h.bytes())
sends("101 instead of an answer", "F", "F", lambda h: b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n" + h.bytes())
sends("another protocol", "F", "F", lambda h: b"SSH-2.0-OpenSSH_9.2\r\n" * 50)
sends("random bytes", "F", "F", lambda h: os.urandom(4096))
sends("a head without end", "F", "F", lambda h: b"HTTP/1.1 200 OK\r\n" + b"x-more: and more\r\n" * 65536)
sends("a giant header", "F", "F", lambda h: b"HTTP/1.1 200 OK\r\nx-giant: " + b"g" * (4 << 20) + b"\r\n\r\n")
sends("204 and nothing", "F", "F", lambda h: b"HTTP/1.1 204 No Content\r\n\r\n")
sends("200 and nothing", "F", "F", lambda h: head(content_type=h.content_type(), content_length=0))
sends("a page of HTML", "F", "F", lambda h: head(content_type="text/html", content_length=15) + b"<html>no</html>")
sends("a redirect", "EF", "EF", lambda h: head("302 Found", location="http://127.0.0.1:9/elsewhere", content_length=0))
sends("a status of no class", "EF", "EF", lambda h: head("999 Odd", content_length=0))
sends("two lengths", "F", "F", lambda h: framed(h).replace(b"\r\n\r\n", b"\r\ncontent-length: 7\r\n\r\n", 1))
sends("a negative length", "F", "F", lambda h: framed(h, content_length="-5"))
sends("a length of no digits", "F", "F", lambda h: framed(h, content_length="many"))
sends("a length too large", "AE", "F", lambda h: framed(h, content_length=len(h.payload()) + 50))
sends("a length too small", "AE", "F", lambda h: framed(h, content_length=len(h.payload()) - 50))
sends("no length, ended by closing", "A", "A", lambda h: head(content_type=h.content_type()) + h.payload())
sends("letters for a chunk's size", "E", "F", lambda h: chunked(h, b"zz\r\n"))
sends("a negative chunk's size", "E", "F", lambda h: chunked(h, b"-4\r\n"))
sends("a chunk's size beyond 64 bits", "E", "F", lambda h: chunked(h, b"fffffffffffffffff\r\n"))
sends("a chunk longer than its size", "E", "F", lambda h: chunked(h, b"1\r\nxyz\r\n"))
sends("a giant chunk extension", "AE", "AF", lambda h: extended(h, b"e" * (1 << 20)))
sends("an endless run of trailers", "AE", "AF", lambda h: chunked(h, b"")[:-2] + b"x-more: and more\r\n" * 65536)

async def _storm(peer, _healthy):
    while True:
        await peer.send(EARLY * 16)
        await asyncio.sleep(0.01)
FAULTS["1xx heads without end"] = Fault(_storm, "F", "F")


# Content

sends("gzip unasked", "AF", "AF", lambda h: zipped(h, gzip.compress(h.payload())))
sends("gzip that is none", "F", "F", lambda h: zipped(h, b"not gzip at all" * 9))
sends("gzip cut short", "AEF", "F", lambda h: zipped(h, gzip.compress(h.payload())[:-40]))
sends("a gzip bomb", "EF", "F", bomb)
sends("an unknown encoding", "F", "F", lambda h: framed(h, content_encoding="secret"))
sends("an invalid event", "AE", "A", lambda h: with_messages(h, b'data: {"choices": [{"delta": {"content": \n\n'))
sends("an event of bad UTF-8", "AE", "A", lambda h: with_messages(h, b'data: {"type":"\xff\xfe\xc0"}\n\n'))
sends("an event of NULs", "AE", "A", lambda h: with_messages(h, b"data: " + b"\0" * 999 + b"\n\n"))
sends("an event too deep", "AE", "A", lambda h: with_messages(h, b'data: ' + b'{"a":' * 9999 + b"1" + b"}" * 9999 + b"\n\n"))
sends("a giant sound event", "A", "A", lambda h: with_messages(h, b": " + b"c" * (2 << 20) + b"\n\n"))
sends("more after the end", "A", "A", lambda h: with_messages(h, h.messages()[-1], at=len(h.messages())))
sends("an event that names no known type", "A", "A", lambda h: with_messages(h, b'event: later\ndata: {"type":"later.thing"}\n\n'))
sends("JSON cut, framed as whole", "F", "F",
      lambda h: head(content_type="application/json", content_length=len(h.body()) // 2) + h.body()[:len(h.body()) // 2])
sends("a list for an answer", "F", "F", lambda h: head(content_type="application/json", content_length=2) + b"[]")
sends("null for an answer", "F", "F", lambda h: head(content_type="application/json", content_length=4) + b"null")


def slug_of(name):
    return name.replace(" ", "_").replace(",", "").replace("'", "")


FAULTS_BY_SLUG = {slug_of(name): fault for name, fault in FAULTS.items()}
