"""Each of the four time-outs, with small values, streamed and whole."""

import contextlib
import socket
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

LIMIT_MS = 400
SLACK_MS = 3000
NEVER = 60


class Unreachable:
    """An address where connecting hangs: the listener's queue is full and nobody accepts."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port = self.listener.getsockname()[1]
        self.waiting = []
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self.waiting.append(filler)

    def url(self, _wire):
        return f"http://127.0.0.1:{self.port}/v1/chat/completions"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in [*self.waiting, self.listener]:
            each.close()


def config(upstream, wire="chat", **timeouts):
    made = providers_of(upstream, wire)
    made["Providers"][0]["timeouts"] = timeouts
    return made


@contextlib.contextmanager
def limited(took):
    began = time.monotonic()
    yield
    took.append((time.monotonic() - began) * 1000)
    check(LIMIT_MS - 20 <= took[-1] <= LIMIT_MS + SLACK_MS, f"took {took[-1]:.0f} ms, the limit was {LIMIT_MS} ms")


def refused(answer, word):
    equal(answer.status, 504, "status")
    equal(answer.json["error"]["type"], "timeout_error", "type")
    check(word in answer.json["error"]["message"], f"the message does not name {word!r}: {answer.json}")


def call_ended(upstream):
    until(lambda: upstream.seen[-1].closed_at, "the upstream call's end")


def figure(took):
    return f"limit {LIMIT_MS} ms; took {', '.join(f'{ms:.0f}' for ms in took)} ms"


@test()
def connect():
    took = []
    with Unreachable() as upstream, Service(config(upstream, connect_ms=LIMIT_MS)) as service:
        for stream in (False, True):
            with limited(took):
                refused(service.ask(stream=stream), "connect")
    return figure(took)


@test()
def first_event_without_a_head():
    took = []
    with Upstream(lambda seen: Turn(text="late", before=NEVER)) as upstream:
        with Service(config(upstream, first_event_ms=LIMIT_MS)) as service:
            for stream in (False, True):
                with limited(took):
                    refused(service.ask(stream=stream), "first_event_ms")
                call_ended(upstream)
    return figure(took)


@test()
def first_event_behind_a_head_without_content():
    """A role chunk, or a message_start, is no content."""
    took = []
    for wire in ("chat", "messages"):
        with Upstream(lambda seen: Turn(text="late", silence=(1, NEVER))) as upstream:
            with Service(config(upstream, wire, first_event_ms=LIMIT_MS)) as service:
                with limited(took):
                    refused(service.ask(stream=True), "first_event_ms")
                call_ended(upstream)
    return figure(took)


@test()
def idle_in_the_middle():
    took = []
    for wire in ("chat", "messages"):
        with Upstream(lambda seen: Turn(text="half of the answer", chunk=2, silence=(5, NEVER))) as upstream:
            with Service(config(upstream, wire, idle_ms=LIMIT_MS, first_event_ms=10_000)) as service:
                with limited(took):
                    answer = service.ask(stream=True)
                equal(answer.status, 200, "status")
                names = [name for name, _ in answer.events]
                equal(names[-1], "error", "the last event")
                check("message_stop" not in names, "the stream ended cleanly in spite of the cut")
                check("idle_ms" in answer.events[-1][1]["error"]["message"], f"the message: {answer.events[-1]}")
                check(answer.text.startswith("half"), f"the text before the cut: {answer.text!r}")
                call_ended(upstream)
    return figure(took)


@test()
def total():
    took = []
    with Upstream(lambda seen: Turn(text="word " * 400, chunk=5, pause=0.05)) as upstream:
        with Service(config(upstream, total_ms=LIMIT_MS)) as service:
            with limited(took):
                answer = service.ask(stream=True)
            equal(answer.events[-1][0], "error", "the last event")
            check("total_ms" in answer.events[-1][1]["error"]["message"], f"the message: {answer.events[-1]}")
            call_ended(upstream)
    with Upstream(lambda seen: Turn(text="late", before=NEVER)) as upstream:
        with Service(config(upstream, total_ms=LIMIT_MS)) as service, limited(took):
            equal(service.ask().status, 504, "status of a whole answer")
    return figure(took)


@test()
def global_limits_and_api_timeout():
    """`timeouts` beside the providers, and API_TIMEOUT_MS as the default of first-event."""
    took = []
    with Upstream(lambda seen: Turn(text="late", before=NEVER)) as upstream:
        for key, value in (("timeouts", {"first_event_ms": LIMIT_MS}), ("API_TIMEOUT_MS", LIMIT_MS)):
            with Service(providers_of(upstream, **{key: value})) as service, limited(took):
                refused(service.ask(), "first_event_ms")
    return figure(took)


@test()
def a_reader_within_the_limits_is_left_alone():
    """Slow is not silent: every pause is shorter than the limit, all together are longer."""
    with Upstream(lambda seen: Turn(text="a slow but steady answer", pause=0.1)) as upstream:
        with Service(config(upstream, idle_ms=LIMIT_MS * 3, first_event_ms=LIMIT_MS * 6)) as service:
            began = time.monotonic()
            answer = raw.ask(service.port, stream=True)
            equal(answer.text, "a slow but steady answer", "the text")
            return f"{time.monotonic() - began:.1f} s"
