"""What an attacker may try on the listener beside what test_access.py, test_bad_input.py and
test_defects_service.py have."""

import json
import os
import time

from bed import raw
from bed.marks import check, each, equal, test
from bed.service import Service, providers_of
from bed.upstream import Upstream

FULL = os.environ.get("E2E_FULL") == "1"
HEAD_SECONDS = 30


@test(limit=90 if FULL else 30)
def slowloris_holds_nobody_up():
    count = 2000 if FULL else 300
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        slow = [raw.Connection(service.port, timeout=HEAD_SECONDS + 15) for _ in range(count)]
        for connection in slow:
            connection.send(b"POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: ")
        began = time.monotonic()
        for turn in range(5):
            for connection in slow[turn::5]:
                connection.send(b"a")
            equal(service.ask().text, "pong", "the answer to a good request")
        seconds = time.monotonic() - began
        if FULL:
            equal(slow[0].read_answer().status, 408, "what a head gets that is not done in time")
            check(slow[0].ended(), "its connection stays open")
        for connection in slow:
            connection.close()
        check(seconds < 5, f"five good requests took {seconds:.1f} s")
        return f"{count} slow heads, five answers in {seconds * 1000:.0f} ms"


@test()
def bombs_are_refused_unread():
    with Upstream() as upstream, Service(providers_of(upstream, MAX_BODY_MB=1)) as service:
        before = service.memory_kb("VmHWM")
        announced = raw.encode("POST", "/v1/messages", None, {"content-length": str(2**40), "content-type": "application/json"})
        endless = raw.encode("POST", "/v1/messages", None, {"transfer-encoding": "chunked", "content-type": "application/json"})
        zipped = raw.encode("POST", "/v1/messages", b"\x1f\x8b" + b"\0" * 100, {"content-encoding": "gzip"})
        for name, data, statuses in (("a length of a terabyte", announced, (413,)), ("an encoding", zipped, (400, 415))):
            with raw.Connection(service.port) as connection:
                connection.send(data)
                check(connection.read_answer().status in statuses, name)
        with raw.Connection(service.port) as connection:
            connection.send(endless)
            block = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
            try:
                for _ in range(1000):
                    connection.send(block)
            except OSError:
                pass
            try:
                equal(connection.read_answer().status, 413, "an endless chunked body")
            except ConnectionResetError:
                pass  # it went on sending after the refusal
        deep = b'{"model":"x","messages":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
        equal(service.request("POST", "/v1/messages", deep).status, 400, "a body 200 000 deep")
        wide = json.dumps({**raw.question(), **{f"k{number}": number for number in range(50_000)}}).encode()
        check(service.request("POST", "/v1/messages", wide).status < 500, "a body of 50 000 members")
        grown = service.memory_kb("VmHWM") - before
        check(grown < 60_000, f"the peak rose by {grown} KB")
        equal(service.ask().text, "pong", "the answer to a good request")
        return f"the peak rose by {grown // 1024} MB"


FORGED = '{"level":60,"msg":"forged"}'
INJECTIONS = {
    "a model": lambda: ("/v1/messages", {"model": f"x\n{FORGED}\n\x1b[2J", "messages": []}, {}),
    "a path": lambda: (f"/v1/%0a{FORGED.replace(' ', '')}%0a%1b%5b2J", {}, {}),
    "a session": lambda: ("/v1/messages", raw.question(metadata={"user_id": f"user_a_session_\n{FORGED}\n"}), {}),
    "a header": lambda: ("/v1/messages", raw.question(), {"x-claude-code-session-id": f"\x1b[2J{FORGED}", "user-agent": "\x1b[31m"}),
    "a prompt's tag": lambda: ("/v1/messages", raw.question(
        f"<CCR-SUBAGENT-MODEL>x\n{FORGED}</CCR-SUBAGENT-MODEL>"), {}),
}


@test()
def nothing_is_forged_into_a_log():
    with Upstream() as upstream, Service(providers_of(upstream, LOG_LEVEL="trace")) as service:
        def inject(name):
            path, body, headers = INJECTIONS[name]()
            check(service.request("POST", path, body, headers).status < 500, "a 500")

        each(INJECTIONS, inject)
        equal(service.ask("the last one").text, "pong", "the last one")
        time.sleep(0.2)
        logs = {name: text for name, text in service.written().items() if name.endswith(".log") and name != "output.log"}
        check(logs, "there is no log")
        for name, text in logs.items():
            check("\x1b" not in text, f"{name} has an escape in it")
            check(not any(line.startswith('{"level":60,"msg":"forged"') for line in text.splitlines()), f"{name}: a forged line")
            for line in text.splitlines():
                json.loads(line)
        check("\x1b[2J" not in service.output_text(), "the terminal was told to clear itself")
        return f"{len(INJECTIONS)} ways, {sum(len(text.splitlines()) for text in logs.values())} lines, all JSON"


@test()
def a_session_names_no_file():
    """Sessions have files of their own; their names come from clients."""
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        (service.path / "secret.json").write_text(json.dumps({"Router": {"default": "e2e,small-model"}}), encoding="ascii")
        for session in ("../../secret", "../secret", "/" + str(service.path / "secret"), "..%2fsecret", "a/../../../secret", "a\0b"):
            for headers, body in (({"x-claude-code-session-id": session.replace("\0", "")}, raw.question()),
                                  ({}, raw.question(metadata={"user_id": f"user_x_account__session_{session}"}))):
                answer = service.request("POST", "/v1/messages", body, headers)
                check(answer.status in (200, 400), f"{session}: {answer.status}")
        equal({seen.model for seen in upstream.seen}, {"big-model"}, "models asked: a file outside was followed")


@test()
def wrong_keys_take_as_long_whatever_they_share_with_the_right_one():
    """A compare that stops at the first difference would show in thousands of tries; a coarse one shows here."""
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY="k" * 4000)) as service:
        tries = {"nothing": "x" * 4000, "all but the last": "k" * 3999 + "x"}
        times = {name: [] for name in tries}
        with raw.Connection(service.port) as connection:
            for _ in range(150):
                for name, key in tries.items():
                    began = time.perf_counter()
                    equal(connection.request("GET", "/v1/models", None, {"x-api-key": key}).status, 401, "the status")
                    times[name].append(time.perf_counter() - began)
        best = {name: min(measured) * 1e6 for name, measured in times.items()}
        apart = abs(best["nothing"] - best["all but the last"])
        check(apart < 100, f"the best of 150 differ by {apart:.0f} us")
        return f"the best of 150 differ by {apart:.1f} us"
