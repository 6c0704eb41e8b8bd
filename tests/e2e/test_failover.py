"""Failing over: retries, keys and fallback targets, streamed and whole, as the upstreams see it."""

import concurrent.futures
import contextlib
import socket
import time

from bed.marks import check, equal, test
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

ANSWER = Turn(text="from here")
RETRY = {"max": 2, "base_ms": 20, "cap_ms": 1500}
WIRES = ("chat", "messages", "responses", "gemini")


class Scripted(Upstream):
    """Answers with the turns in their order, the last one again and again."""

    def __init__(self, *answers):
        self.answers = list(answers)
        super().__init__(lambda _: self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


def provider(name, upstream, wire="chat", **more):
    return {"name": name, "api_base_url": upstream.url(wire), "api_key": f"sk-{name}-e2e-0123456789",
            "models": ["m"], **more}


def config(*providers, fallback=True, **more):
    made = {"Providers": list(providers), "retry": RETRY, "Router": {"default": f"{providers[0]['name']},m"}, **more}
    if fallback and len(providers) > 1:
        made["fallback"] = {"default": [f"{each['name']},m" for each in providers[1:]]}
    return made


def keys_of(upstream):
    return [seen.headers.get("authorization", "").removeprefix("Bearer ") for seen in upstream.seen]


def text_of(service, stream, **more):
    answer = service.ask(stream=stream, **more)
    equal(answer.status, 200, f"status, of {answer.body[:300]}")
    return answer.text


@contextlib.contextmanager
def refusing_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    yield port


@test()
def every_early_failure_goes_to_the_fallback():
    """Whatever the first target does before content, the second one's answer comes."""
    failures = {
        "500": Turn(status=500, message="broken"), "502": Turn(status=502, message="bad gateway"),
        "503": Turn(status=503, message="restarting"), "529": Turn(status=529, message="busy"),
        "408": Turn(status=408, message="too slow"), "409": Turn(status=409, message="conflict"),
        "429": Turn(status=429, message="slow down"), "401": Turn(status=401, message="bad key"),
        "402": Turn(status=402, message="no credit"), "403": Turn(status=403, message="not yours"),
        "404": Turn(status=404, message="no such model"),
        "reset before the head": Turn(raw=b"H"),
        "garbage": Turn(raw=b"SSH-2.0-server\r\n"),
        "error in the first event": Turn(text="never seen", error_after=0, message="overloaded"),
        "cut before content": Turn(text="never seen", cut_after=0),
        "ended before content": Turn(text="never seen", end_after=0),
    }
    told = []
    for name, failure in failures.items():
        with Scripted(failure) as first, Scripted(ANSWER) as second, \
                Service(config(provider("first", first), provider("second", second))) as service:
            for stream in (True, False):
                only_streamed = failure.error_after is not None or failure.end_after is not None or failure.cut_after is not None
                if only_streamed and not stream:
                    continue
                equal(text_of(service, stream), "from here", f"{name}, stream {stream}")
            check(first.seen, f"{name}: the first target was never asked")
            told.append(f"{name} ×{len(first.seen)}")
    return f"tries of the failing target: {', '.join(told)}"


@test()
def each_wire_fails_over_to_each():
    count = 0
    for here in WIRES:
        for there in WIRES:
            with Scripted(Turn(status=529, message="busy")) as first, Scripted(ANSWER) as second, \
                    Service(config(provider("first", first, here), provider("second", second, there))) as service:
                equal(text_of(service, True), "from here", f"{here} to {there}")
                count += 1
    return f"{count} pairs"


@test()
def a_refused_connection_goes_to_the_fallback():
    with refusing_port() as port, Scripted(ANSWER) as second:
        first = {"name": "first", "api_base_url": f"http://127.0.0.1:{port}/v1/chat/completions", "api_key": "k", "models": ["m"]}
        with Service(config(first, provider("second", second))) as service:
            began = time.monotonic()
            for stream in (True, False):
                equal(text_of(service, stream), "from here", "text")
            return f"both within {(time.monotonic() - began) * 1000:.0f} ms"


@test()
def a_single_target_is_tried_again():
    for failure, tries in ((Turn(status=500), 2), (Turn(status=529), 3), (Turn(status=429, headers={"retry-after": "1"}), 3)):
        with Scripted(failure, ANSWER) as upstream, Service(config(provider("only", upstream))) as service:
            equal(text_of(service, True), "from here", f"after {failure.status}")
            equal(len(upstream.seen), 2, f"requests after {failure.status}")
        with Scripted(failure) as upstream, Service(config(provider("only", upstream))) as service:
            answer = service.ask(stream=True)
            equal(answer.status, failure.status, "the last status goes out")
            equal(answer.headers.get("retry-after"), failure.headers.get("retry-after"), "retry-after")
            equal(len(upstream.seen), tries, f"tries of {failure.status}")


@test()
def a_named_time_is_waited_for_or_passed_on():
    with Scripted(Turn(status=429, headers={"retry-after": "1"}), ANSWER) as upstream, \
            Service(config(provider("only", upstream))) as service:
        began = time.monotonic()
        equal(text_of(service, False), "from here", "text")
        waited = time.monotonic() - began
        check(waited >= 0.95, f"came back after {waited:.2f} s, not after the named second")
    with Scripted(Turn(status=429, headers={"retry-after": "60"}), ANSWER) as upstream, \
            Service(config(provider("only", upstream))) as service:
        began = time.monotonic()
        answer = service.ask(stream=True)
        equal(answer.status, 429, "status")
        equal(answer.headers.get("retry-after"), "60", "retry-after")
        check(time.monotonic() - began < 1, "a minute is the client's to wait")
        equal(len(upstream.seen), 1, "requests")


@test()
def retries_can_be_switched_off():
    with Scripted(Turn(status=500), ANSWER) as upstream, \
            Service(config(provider("only", upstream, retry={"max": 0}))) as service:
        equal(service.ask(stream=True).status, 500, "status")
        equal(len(upstream.seen), 1, "requests")


@test()
def an_empty_reply_is_asked_for_once_more():
    nothing = Turn(text="")
    for wire in ("chat", "gemini", "responses"):
        for stream in (True, False):
            with Scripted(nothing, ANSWER) as upstream, Service(config(provider("only", upstream, wire))) as service:
                equal(text_of(service, stream), "from here", f"{wire}, stream {stream}")
            with Scripted(nothing) as upstream, Service(config(provider("only", upstream, wire))) as service:
                equal(text_of(service, stream), "", f"{wire}, stream {stream}: twice nothing is the answer")
                equal(len(upstream.seen), 2, "requests")


@test()
def broken_requests_and_delivered_content_are_not_tried_again():
    with Scripted(Turn(status=400, message="messages: at least one")) as first, Scripted(ANSWER) as second, \
            Service(config(provider("first", first), provider("second", second))) as service:
        equal(service.ask(stream=True).status, 400, "status")
        equal((len(first.seen), len(second.seen)), (1, 0), "requests")
    with Scripted(Turn(text="some words that come before the cut", cut_after=3)) as first, Scripted(ANSWER) as second, \
            Service(config(provider("first", first), provider("second", second))) as service:
        answer = service.ask(stream=True)
        equal(answer.status, 200, "status")
        equal(answer.events[-1][0], "error", "last event")
        equal((len(first.seen), len(second.seen)), (1, 0), "requests")


@test()
def a_time_out_goes_on_and_not_back():
    with Scripted(Turn(before=30)) as first, Scripted(ANSWER) as second, \
            Service(config(provider("first", first, timeouts={"first_event_ms": 300}), provider("second", second))) as service:
        equal(text_of(service, True), "from here", "text")
        equal(len(first.seen), 1, "requests to the slow one")


@test()
def what_does_not_fit_goes_to_a_larger_window():
    overflow = Turn(status=400, message="This model's maximum context length is 8192 tokens. However, your messages "
                                        "resulted in 9000 tokens.")
    small, large = {"context_window": 8192}, {"context_window": 200000}
    with Scripted(overflow) as first, Scripted(ANSWER) as second, Scripted(ANSWER) as third:
        made = config(provider("first", first, traits=small), provider("second", second, traits=small),
                      provider("third", third, traits=large))
        with Service(made) as service:
            equal(text_of(service, True), "from here", "text")
            equal((len(first.seen), len(second.seen), len(third.seen)), (1, 0, 1), "requests")


@test()
def keys_take_over_from_each_other_and_rest_over_a_restart():
    """Two keys with a reset time: the limited one rests, also after a restart."""
    limited = Turn(status=429, message="slow down", headers={"retry-after": "3600"})
    with Upstream(lambda seen: limited if "limited" in seen.headers["authorization"] else ANSWER) as upstream:
        made = config(provider("pool", upstream, api_key=[{"key": "sk-limited-0123456789", "weight": 1000000}, "sk-free-0123456789"]))
        with Service(made) as service:
            for _ in range(3):
                equal(text_of(service, True), "from here", "text")
            used = keys_of(upstream)
            check(used[:2] == ["sk-limited-0123456789", "sk-free-0123456789"], f"keys: {used}")
            equal(used[2:], ["sk-free-0123456789"] * 2, "keys while the other rests")
            service.stop()
            before = len(upstream.seen)
            service.start()
            equal(text_of(service, True), "from here", "text after the restart")
            equal(keys_of(upstream)[before:], ["sk-free-0123456789"], "keys after the restart")
            check("sk-limited" not in service.log_text(), "a key is in the log")


@test()
def a_session_keeps_its_key_and_weights_count():
    with Upstream(lambda seen: ANSWER) as upstream:
        names = [f"sk-key{at}-0123456789" for at in range(3)]
        weighted = [{"key": names[0], "weight": 6}, {"key": names[1], "weight": 2}, {"key": names[2], "weight": 2}]
        with Service(config(provider("pool", upstream, api_keys=weighted))) as service:
            for session in range(60):
                for _ in range(2):
                    text_of(service, False, headers={"x-claude-code-session-id": f"session-{session}"})
        used = keys_of(upstream)
        check(used[::2] == used[1::2], "a session has changed its key")
        share = used.count(names[0]) / len(used)
        check(0.35 < share < 0.85, f"weight 6 of 10 got {share:.0%}")
        equal(len(set(used)), 3, "keys in use")
        return f"weight 6 of 10 got {share:.0%} of 60 sessions"


@test()
def refused_keys_are_passed_over():
    for status in (401, 402, 403):
        with Upstream(lambda seen: Turn(status=status) if "bad" in seen.headers["authorization"] else ANSWER) as upstream:
            made = config(provider("pool", upstream, api_key=[{"key": "sk-bad-0123456789", "weight": 1000000}, "sk-good-0123456789"]))
            with Service(made) as service:
                for _ in range(2):
                    equal(text_of(service, True), "from here", f"text, {status}")
                equal([("bad" in key) for key in keys_of(upstream)], [True, False, False], f"bad keys used, {status}")


@test()
def a_failing_target_rests_and_is_probed():
    """After three failures in a row the fallback is asked first; ten seconds later one request probes."""
    failing = [True]
    with Upstream(lambda seen: Turn(status=500) if failing[0] else Turn(text="first", before=0.5)) as first, Scripted(ANSWER) as second, \
            Service(config(provider("first", first, retry={"max": 0}), provider("second", second))) as service:
        for _ in range(3):
            equal(text_of(service, True), "from here", "text")
        equal(len(first.seen), 3, "requests to the failing target")
        for _ in range(3):
            equal(text_of(service, True), "from here", "text")
        equal(len(first.seen), 3, "requests to it while it rests")
        failing[0] = False
        time.sleep(10.2)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            texts = list(pool.map(lambda _: text_of(service, True), range(16)))
        equal((texts.count("first"), texts.count("from here")), (1, 15), "of those who ask together after its rest, one probes")
        equal(text_of(service, True), "first", "and from then on")
