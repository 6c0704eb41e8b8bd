"""A client that leaves ends the upstream call; a slow one slows it."""

import socket
import time

from bed import raw
from bed.marks import bounded_best, check, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

WITHIN_MS = 50
# What a busy machine may add.
AT_MOST_MS = 1500


def leave_and_time(service, upstream, stream, begun, reset=False):
    """Asks, leaves once the upstream has `begun`, and returns the ms until the upstream saw it."""
    connection = raw.Connection(service.port)
    known = len(upstream.seen)
    connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=stream)))
    until(lambda: len(upstream.seen) > known and begun(upstream.seen[known]), "the call upstream")
    if stream and begun is streaming:
        connection.read_head()
    seen = upstream.seen[known]
    if reset:
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    left = time.monotonic()
    connection.close()
    until(lambda: seen.closed_at, "the upstream call's end", 5)
    return (seen.closed_at - left) * 1000


def asked(_seen):
    return True


def streaming(seen):
    return seen.sent > 500


SILENT = Turn(text="never", before=60)
STREAM = Turn(text="word " * 4000, chunk=5, pause=0.02)


def measured(turn, stream, begun, **more):
    figures = []
    for wire in ("chat", "messages"):
        with Upstream(lambda seen: turn) as upstream, Service(providers_of(upstream, wire)) as service:
            figures.append(bounded_best(lambda: leave_and_time(service, upstream, stream, begun, **more), WITHIN_MS,
                                        AT_MOST_MS))
    return "; ".join(figures)


@test(alone=True)
def in_the_middle_of_a_stream():
    return measured(STREAM, True, streaming)


@test(alone=True)
def while_the_upstream_is_silent():
    return measured(SILENT, True, asked)


@test(alone=True)
def of_a_whole_answer():
    return measured(SILENT, False, asked)


@test(alone=True)
def by_a_reset():
    return measured(STREAM, True, streaming, reset=True)


@test(alone=True)
def beside_another_stream():
    """Only the call of the client that left ends."""
    with Upstream(lambda seen: STREAM) as upstream, Service(providers_of(upstream)) as service:
        with raw.Connection(service.port) as other:
            other.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            other.read_head()
            figure = bounded_best(lambda: leave_and_time(service, upstream, True, streaming), WITHIN_MS, AT_MOST_MS)
            check(upstream.seen[0].closed_at is None, "the other stream was ended too")
            check(other.read_chunk(), "the other stream gave no more")
    return figure


@test()
def pipelined_bytes_are_no_farewell():
    with Upstream(lambda seen: Turn(text="an answer in peace", pause=0.02)) as upstream:
        with Service(providers_of(upstream)) as service, raw.Connection(service.port) as connection:
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            until(lambda: upstream.seen, "the call upstream")
            connection.send(raw.encode("GET", "/health"))
            equal(connection.read_answer().text, "an answer in peace", "the answer")
            equal(connection.read_answer("GET").status, 200, "the answer to what was sent meanwhile")
    return "the stream was completed, then the second request answered"


MEGABYTES = 100
READ_SECONDS = 5
MEMORY_GROWTH_KB = 4096
# What sockets, and no program, may hold of an answer that nobody reads.
BUFFERED_KB = 16 * 1024


def read_slowly(connection, seconds, bytes_per_second=1024):
    """Reads so much each second; returns how much that was."""
    read, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        read += len(connection.socket.recv(bytes_per_second // 10))
        time.sleep(0.1)
    return read


def slow_reader(wire):
    with Upstream(lambda seen: Turn(kilobytes=MEGABYTES * 1024)) as upstream:
        with Service(providers_of(upstream, wire)) as service:
            service.ask(stream=False)
            before = service.memory_kb()
            with raw.Connection(service.port, receive_buffer=4096) as connection:
                connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
                connection.read_head()
                read = read_slowly(connection, READ_SECONDS)
                grown = service.memory_kb() - before
                sent_kb = upstream.seen[-1].sent // 1024
                equal(raw.request(service.port, "GET", "/health").status, 200, "health beside the slow reader")
            check(grown <= MEMORY_GROWTH_KB, f"the service grew by {grown} KB")
            check(sent_kb <= BUFFERED_KB, f"the upstream could send {sent_kb} KB to a reader of {read} bytes")
            until(lambda: upstream.seen[-1].closed_at, "the upstream call's end")
            return f"{read / READ_SECONDS / 1024:.1f} KB/s of {MEGABYTES} MB: grew by {grown} KB, upstream sent {sent_kb} KB"


@test(alone=True)
def a_slow_reader_slows_the_upstream_on_chat():
    return slow_reader("chat")


@test(alone=True)
def a_slow_reader_slows_the_upstream_on_messages():
    return slow_reader("messages")


@test(limit=120)
def a_hundred_megabytes_arrive_whole():
    """At full speed; the memory afterwards shows that nothing was gathered on the way."""
    with Upstream(lambda seen: Turn(kilobytes=MEGABYTES * 1024)) as upstream:
        with Service(providers_of(upstream)) as service, raw.Connection(service.port, timeout=60) as connection:
            began, text = time.monotonic(), 0
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            connection.read_head()
            while chunk := connection.read_chunk():
                text += chunk.count(b"x" * 1024)
            equal(text, MEGABYTES * 1024, "kilobytes of text")
            peak = service.memory_kb("VmHWM")
            check(peak < 64 * 1024, f"the memory's peak was {peak} KB")
            return f"{time.monotonic() - began:.1f} s, memory at most {peak} KB"
