"""A silent upstream: the stream is opened all the same, and says that somebody works on it."""

import json
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

OPEN_AFTER = 10.0


def timed_events(connection, began):
    """[(seconds, event)] of a stream; a chunk may hold several events."""
    out = []
    while data := connection.read_chunk():
        at = time.monotonic() - began
        out += [(at, event) for event in raw.parse_events(data)]
    return out


def silent_then(turn, wire="chat"):
    with Upstream(lambda seen: turn) as upstream, Service(providers_of(upstream, wire)) as service:
        with raw.Connection(service.port, timeout=60) as connection:
            began = time.monotonic()
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            head = connection.read_head()
            opened = time.monotonic() - began
            return head, opened, timed_events(connection, began), len(upstream.seen)


def opens_in_time(head, opened, events):
    equal(head.status, 200, "status")
    check(OPEN_AFTER - 1 <= opened <= OPEN_AFTER + 2, f"the stream was opened after {opened:.1f} s")
    equal(events[0][1][0], "message_start", "the first event")
    check(events[0][0] <= OPEN_AFTER + 2, f"message_start came after {events[0][0]:.1f} s")


@test(limit=40)
def headers_withheld_for_twelve_seconds():
    head, opened, events, asked = silent_then(Turn(text="at last", before=12))
    opens_in_time(head, opened, events)
    names = [name for _, (name, _) in events]
    equal(names.count("message_start"), 1, "message_start events")
    equal(names[-1], "message_stop", "the last event")
    equal(raw.text_of([event for _, event in events]), "at last", "the text")
    equal(asked, 1, "requests upstream")
    return f"opened after {opened:.1f} s, ended after {events[-1][0]:.1f} s"


@test(limit=60)
def a_refused_key_is_fetched_again():
    """The command that prints a key takes its time; the client hears of it meanwhile, and a client that leaves ends the wait."""
    good = "sk-second-e2e-0123456789"

    def answer(seen):
        return Turn(text="at last") if good in seen.headers["authorization"] else Turn(status=401, before=5)

    with Upstream(answer) as upstream, Service({"PORT": 0}) as service:
        runs = service.path / "runs"
        command = f"if [ -e {runs} ]; then sleep 8; echo {good}; else touch {runs}; echo sk-first-e2e-0123456789; fi"
        config = providers_of(upstream)
        del config["Providers"][0]["api_key"]
        config["Providers"][0]["api_key_command"] = command
        service.write_config(config)
        until(runs.exists, "the reload")
        until(lambda: b"e2e" in service.request("GET", "/v1/models").body, "the provider")
        with raw.Connection(service.port, timeout=60) as connection:
            began = time.monotonic()
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            head = connection.read_head()
            opened = time.monotonic() - began
            events = timed_events(connection, began)
    opens_in_time(head, opened, events)
    equal(raw.text_of([event for _, event in events]), "at last", "the text")
    equal(len(upstream.seen), 2, "requests upstream")
    return f"opened after {opened:.1f} s, content after {events[-1][0]:.1f} s"


@test(limit=40)
def no_content_for_twelve_seconds_on_messages():
    """The upstream's own message_start is held back until there is content; only one may arrive."""
    head, opened, events, _ = silent_then(Turn(text="at last", silence=(1, 12)), "messages")
    opens_in_time(head, opened, events)
    names = [name for _, (name, _) in events]
    equal(names.count("message_start"), 1, "message_start events")
    equal(raw.text_of([event for _, event in events]), "at last", "the text")
    return f"opened after {opened:.1f} s"


@test(limit=40)
def an_error_after_the_opening_is_told_inside():
    turn = Turn(status=529, kind="overloaded_error", message="too many guests", before=11.5)
    head, opened, events, _ = silent_then(turn)
    opens_in_time(head, opened, events)
    name, data = events[-1][1]
    equal((name, data["error"]["type"]), ("error", "overloaded_error"), "the last event")
    check("too many guests" in data["error"]["message"], f"the provider's words: {data}")
    return f"opened after {opened:.1f} s, then: {data['error']['message'][:50]}"


@test(limit=80, full=True)
def pings_only_while_the_upstream_is_alive():
    """Comments from upstream are proof of life, silence is none."""
    pings = {}
    for lively in (True, False):
        head, opened, events, _ = silent_then(Turn(text="at last", silence=(1, 28), comments=lively))
        opens_in_time(head, opened, events)
        pings[lively] = [round(at) for at, (name, _) in events if name == "ping" and at > opened + 1]
        equal(events[-1][1][0], "message_stop", "the last event")
    check(len(pings[True]) == 1 and 24 <= pings[True][0] <= 27, f"pings of a living upstream at {pings[True]} s")
    equal(pings[False], [], "pings of a silent upstream")
    return f"pings at {pings[True]} s of 28 with comments, none without"


@test(limit=40)
def chat_clients_get_comments_and_lose_no_word():
    """A provider's first chunk may hold the first words; the start that we sent before must not cost them."""
    chat = {"model": "big-model", "stream": True, "messages": [{"role": "user", "content": "ping"}]}
    opening = b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"at "}}]}\n\n'
    rest = b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"last"},"finish_reason":"stop"}]}\n\n'
    body = opening + rest + b"data: [DONE]\n\n"
    whole = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    with Upstream(lambda seen: Turn(before=12, raw=whole)) as upstream, Service(providers_of(upstream)) as service:
        answer = service.request("POST", "/v1/chat/completions", chat, timeout=30)
    equal(answer.status, 200, "status")
    check(b"\n: " in answer.body, f"no comment while waiting: {answer.body[:200]}")
    check(b"event:" not in answer.body, "Chat has no event lines")
    chunks = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: {")]
    text = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    equal(text, "at last", "the text")
    check(answer.body.endswith(b"data: [DONE]\n\n"), "the end")
