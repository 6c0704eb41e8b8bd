"""The end of a service: what runs may end, what comes is refused politely, and no longer than was configured."""

import signal
import time

from bed import raw
from bed.marks import check, equal, test
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

SLOW = Turn(text="a slow answer that is let through to its end", chunk=2, pause=0.06)
CHAT = {"model": "e2e,big-model", "messages": [{"role": "user", "content": "ping"}]}
GEMINI = {"contents": [{"role": "user", "parts": [{"text": "ping"}]}]}
LATE = (("/v1/messages", raw.question(), 529, lambda body: body["error"]["type"], "overloaded_error"),
        ("/v1/chat/completions", CHAT, 503, lambda body: bool(body["error"]["message"]), True),
        ("/v1beta/models/big-model:generateContent", GEMINI, 503, lambda body: body["error"]["status"], "UNAVAILABLE"))


def begin(service):
    connection = raw.Connection(service.port)
    connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
    return connection, connection.read_head()


def opened(service):
    """A connection that has had one answer."""
    connection = raw.Connection(service.port)
    equal(connection.request("GET", "/health").status, 200, "the first answer")
    return connection


def ended(service, seconds):
    code = service.process.wait(timeout=seconds)
    service.alive = lambda: True
    service.stop = lambda: code
    return code


@test()
def what_comes_during_the_end_is_refused_in_the_callers_shape():
    with Upstream(lambda seen: SLOW) as upstream, Service(providers_of(upstream)) as service:
        stream, answer = begin(service)
        late = [opened(service) for _ in LATE]
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        for connection, (path, question, status, read, wanted) in zip(late, LATE):
            refused = connection.request("POST", path, question)
            equal(refused.status, status, path)
            equal(read(refused.json), wanted, f"{path}: the error")
            equal(refused.headers.get("connection"), "close", f"{path}: connection")
            check(int(refused.headers["retry-after"]) > 0, f"{path}: no retry-after")
            check(connection.ended(), f"{path}: the connection stays open")
        try:
            raw.Connection(service.port).close()
            check(False, "a new connection was taken")
        except ConnectionRefusedError:
            pass
        while data := stream.read_chunk():
            answer.body += data
        equal(answer.text, SLOW.text, "the stream")
        equal(ended(service, 5), 0, "exit code")
        equal(len(upstream.seen), 1, "requests that reached the provider")
    return "529 for Messages, 503 for Chat Completions and Gemini"


@test()
def the_end_waits_no_longer_than_drain_ms():
    endless = Turn(text="x" * 4000, chunk=1, pause=0.05)
    with Upstream(lambda seen: endless) as upstream, Service(providers_of(upstream, drain_ms=400)) as service:
        stream, answer = begin(service)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        try:
            while data := stream.read_chunk():
                answer.body += data
        except (EOFError, OSError, ValueError):
            pass
        check(b"message_stop" not in answer.body, "a cut stream was presented as complete")
        equal(ended(service, 5), 0, "exit code")
        seconds = time.monotonic() - began
        check(0.4 <= seconds < 3, f"it took {seconds:.1f} s")
    return f"ended {seconds:.1f} s after SIGTERM"


@test()
def a_second_signal_ends_at_once():
    endless = Turn(text="x" * 4000, chunk=1, pause=0.05)
    with Upstream(lambda seen: endless) as upstream, Service(providers_of(upstream, drain_ms=60_000)) as service:
        stream, _ = begin(service)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        check(service.alive(), "it did not wait")
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        equal(ended(service, 5), 0, "exit code")
        stream.close()
    return f"{time.monotonic() - began:.1f} s"
