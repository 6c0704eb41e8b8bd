"""Broken and hostile requests over plain sockets: a clear answer in the client's shape, and the service goes on."""

import json
import re
import socket

from bed import raw
from bed.marks import check, each, equal, test, until
from bed.service import Service, providers_of
from bed.upstream import Upstream

GOOD = raw.question("ping")
INNER = re.compile(r"/src/|\.cpp|\.h:|terminate|std::|0x[0-9a-f]{6}|what\(\)|\bat line \d+ in\b")
BODY_LIMIT_MB = 2


def body_with(**members):
    return {**GOOD, **members}


def message_with(content):
    return body_with(messages=[{"role": "user", "content": content}])


def deep(kind, depth):
    opening, closing = ("[", "]") if kind == "array" else ('{"a":', "}")
    return b'{"model":"m","max_tokens":9,"messages":' + opening.encode() * depth + b"1" + closing.encode() * depth + b"}"


# name: body, status
BODIES = {
    "empty": (b"", 400),
    "no JSON": (b"hello", 400),
    "truncated": (json.dumps(GOOD).encode()[:-20], 400),
    "truncated in a string": (b'{"model":"cla', 400),
    "truncated in an escape": (b'{"model":"\\u12', 400),
    "a second value behind": (json.dumps(GOOD).encode() + b"{}", 400),
    "a comma too many": (json.dumps(GOOD).encode()[:-1] + b",}", 400),
    "a number with a zero before": (b'{"model":"m","max_tokens":012,"messages":[]}', 400),
    "a broken literal": (b'{"model":"m","stream":tru,"messages":[]}', 400),
    "NaN": (b'{"model":"m","temperature":NaN,"messages":[]}', 400),
    "single quotes": (b"{'model':'m'}", 400),
    "an array": (b"[]", 400),
    "a string": (b'"hello"', 400),
    "null": (b"null", 400),
    "two models": (b'{"model":"a","model":"b","max_tokens":9,"messages":[{"role":"user","content":"x"}]}', 400),
    "a control byte in a string": (b'{"model":"m\x01","messages":[]}', 400),
    "invalid UTF-8": (b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"\xff\xfe"}]}', 400),
    "overlong UTF-8": (b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"\xc0\xaf"}]}', 400),
    "cut UTF-8": (b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"\xe4\xbd"}]}', 400),
    "a byte order mark alone": (b"\xef\xbb\xbf", 400),
    "10 000 arrays": (deep("array", 10_000), 400),
    "10 000 objects": (deep("object", 10_000), 400),
    "10 000 arrays, never closed": (b'{"messages":' + b"[" * 10_000, 400),
    "no model": ({k: v for k, v in GOOD.items() if k != "model"}, 400),
    "an empty model": (body_with(model=""), 400),
    "a number as model": (body_with(model=7), 400),
    "no messages": ({k: v for k, v in GOOD.items() if k != "messages"}, 400),
    "messages as an object": (body_with(messages={}), 400),
    "messages as a string": (body_with(messages="hello"), 400),
    "a message that is a string": (body_with(messages=["hello"]), 400),
    "a role that is unknown": (body_with(messages=[{"role": "king", "content": "x"}]), 400),
    "a role that is a number": (body_with(messages=[{"role": 1, "content": "x"}]), 400),
    "content as a number": (message_with(7), 400),
    "a part that is a string": (message_with(["x"]), 400),
    "a part without a type": (message_with([{"text": "x"}]), 400),
    "text as an object": (message_with([{"type": "text", "text": {}}]), 400),
    "an image without a source": (message_with([{"type": "image"}]), 400),
    "a tool result with a number": (message_with([{"type": "tool_result", "tool_use_id": "t", "content": 7}]), 400),
    "a tool call without an id": (body_with(messages=[{"role": "assistant", "content": [
        {"type": "tool_use", "name": "x", "input": {}}]}]), 400),
    "a thought that is a list": (body_with(messages=[{"role": "assistant", "content": [
        {"type": "thinking", "thinking": []}]}]), 400),
    "system as a number": (body_with(system=7), 400),
    "tool_choice as a number": (body_with(tool_choice=7), 400),
    "temperature as a string": (body_with(temperature="warm"), 400),
    "stop_sequences as a number": (body_with(stop_sequences=7), 400),
    "thinking as a string": (body_with(thinking="much"), 400),
    "max_tokens as a fraction": (body_with(max_tokens=1.5), 400),
    "tools as a string": (body_with(tools="x"), 400),
    "a tool without a name": (body_with(tools=[{"input_schema": {}}]), 400),
    "stream as a string": (body_with(stream="yes"), 400),
    "max_tokens as a string": (body_with(max_tokens="many"), 400),
    "a body over the limit": (message_with("x" * (BODY_LIMIT_MB * 1024 * 1024)), 413),
}

# name: method, path, status
PLACES = {
    "an unknown path": ("POST", "/v1/nothing", 404),
    "the root's sibling": ("GET", "/favicon.ico", 404),
    "a path that climbs": ("GET", "/../../etc/passwd", 404),
    "an encoded path that climbs": ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
    "GET where POST is due": ("GET", "/v1/messages", 405),
    "DELETE": ("DELETE", "/v1/messages", 405),
    "an unknown method": ("BREW", "/v1/messages", 405),
    "POST where GET is due": ("POST", "/v1/models", 405),
}


def head(*lines):
    return "\r\n".join(["POST /v1/messages HTTP/1.1", "host: 127.0.0.1", *lines]).encode("latin-1") + b"\r\n\r\n"


CHUNKED_GOOD = b"%x\r\n%s\r\n0\r\n\r\n" % (len(json.dumps(GOOD)), json.dumps(GOOD).encode())
# name: bytes, statuses that are clear enough
FRAMES = {
    "two different lengths": (head("content-length: 5", "content-length: 6") + b"hello!", (400,)),
    "two equal lengths": (head("content-length: 5", "content-length: 5") + b"hello", (400,)),
    "a list of lengths": (head("content-length: 5, 5") + b"hello", (400,)),
    "a length with a sign": (head("content-length: +5") + b"hello", (400,)),
    "a negative length": (head("content-length: -5") + b"hello", (400,)),
    "a length in hex": (head("content-length: 0x5") + b"hello", (400,)),
    "a length beyond 64 bits": (head("content-length: 99999999999999999999") + b"x", (400, 413)),
    "length and chunked": (head("content-length: 5", "transfer-encoding: chunked") + CHUNKED_GOOD, (400,)),
    "chunked and length": (head("transfer-encoding: chunked", "content-length: 5") + CHUNKED_GOOD, (400,)),
    "gzip, chunked": (head("transfer-encoding: gzip, chunked") + CHUNKED_GOOD, (400, 501)),
    "chunked, chunked": (head("transfer-encoding: chunked, chunked") + CHUNKED_GOOD, (400, 501)),
    "chunked twice": (head("transfer-encoding: chunked", "transfer-encoding: chunked") + CHUNKED_GOOD, (400, 501)),
    "xchunked": (head("transfer-encoding: xchunked") + CHUNKED_GOOD, (400, 501)),
    "identity": (head("transfer-encoding: identity", "content-length: 5") + b"hello", (400, 501)),
    "a space before the colon": (head("content-length : 5") + b"hello", (400,)),
    "a folded header": (head("x-a: b", " content-length: 5") + b"hello", (400,)),
    "a second host": (head("host: other.example", "content-length: 2") + b"{}", (400,)),
    "no host": (b"POST /v1/messages HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}", (400,)),
    "a bare line feed in a value": (head("x-a: b\nx-c: d", "content-length: 2") + b"{}", (400,)),
    "a zero byte in a value": (head("x-a: b\0c", "content-length: 2") + b"{}", (400,)),
    "no HTTP": (b"hello\r\n\r\n", (400,)),
    "a version of the future": (b"GET / HTTP/7.3\r\nhost: 127.0.0.1\r\n\r\n", (400, 505)),
    "a broken chunk size": (head("transfer-encoding: chunked") + b"zz\r\nhello\r\n0\r\n\r\n", (400,)),
    "a chunk longer than it says": (head("transfer-encoding: chunked") + b"2\r\nhello\r\n0\r\n\r\n", (400,)),
    "a negative chunk": (head("transfer-encoding: chunked") + b"-2\r\nhello\r\n0\r\n\r\n", (400,)),
    "a huge chunk": (head("transfer-encoding: chunked") + b"ffffffffffffffff\r\nhello", (400, 413)),
    "headers of 70 KB": (head("x-long: " + "a" * 70_000, "content-length: 2") + b"{}", (400, 431)),
    "2 000 headers": (head(*[f"x-{n}: {'b' * 40}" for n in range(2000)], "content-length: 2") + b"{}", (400, 431)),
    "a request line of 70 KB": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", (400, 414, 431)),
}


def clear_error(name, answer, statuses):
    check(answer.status in statuses, f"{name}: status {answer.status} {answer.body[:200]!r}, wanted {statuses}")
    body = answer.json
    equal(body.get("type"), "error", f"{name}: type of the body")
    check(body["error"].get("type") and body["error"].get("message"), f"{name}: no type or message in {body}")
    check(body.get("request_id"), f"{name}: no request_id in {body}")
    check(not INNER.search(answer.body.decode()), f"{name}: the inside shows: {answer.body!r}")
    check(str(socket.gethostname()) not in body["error"]["message"], f"{name}: names the machine")


def serves(service):
    equal(service.ask().text, "pong", "the answer to a good request afterwards")


def service_with(upstream, wire="chat"):
    return Service(providers_of(upstream, wire, MAX_BODY_MB=BODY_LIMIT_MB))


def broken_bodies(wire):
    with Upstream() as upstream, service_with(upstream, wire) as service:
        kept = []

        def refuse(name):
            body, status = BODIES[name]
            with raw.Connection(service.port) as connection:
                answer = connection.request("POST", "/v1/messages?beta=true", body)
                clear_error(name, answer, (status,))
                if answer.headers.get("connection", "").lower() != "close":
                    equal(connection.request("POST", "/v1/messages", GOOD).text, "pong",
                          f"a good request behind {name!r} on one connection")
                    kept.append(name)

        each(BODIES, refuse)
        equal(len(upstream.seen), len(kept), "requests that reached the provider")
        serves(service)
        return f"{len(BODIES)} bodies, {len(kept)} connections kept"


@test()
def broken_bodies_to_chat():
    return broken_bodies("chat")


@test()
def broken_bodies_to_messages():
    return broken_bodies("messages")


@test()
def broken_bodies_to_count_tokens():
    # The members that only an answer needs are nobody's business here.
    names = [n for n in BODIES if not re.match("stream as|max_tokens as|temperature as|stop_sequences as", n)]
    with Upstream() as upstream, service_with(upstream) as service:
        def refuse(name):
            body, status = BODIES[name]
            clear_error(name, service.request("POST", "/v1/messages/count_tokens", body), (status,))

        each(names, refuse)
        serves(service)
        equal(len(upstream.seen), 1, "requests that reached the provider")
        return f"{len(names)} bodies"


@test()
def unknown_paths_and_methods():
    with Upstream() as upstream, service_with(upstream) as service, raw.Connection(service.port) as connection:
        for name, (method, path, status) in PLACES.items():
            body = None if method == "GET" else b"{}"
            clear_error(name, connection.request(method, path, body, {"anthropic-version": "2023-06-01"}), (status,))
        serves(service)
        return f"{len(PLACES)} on one connection"


@test()
def unsafe_frames():
    with Upstream() as upstream, service_with(upstream) as service:
        def refuse(name):
            data, statuses = FRAMES[name]
            with raw.Connection(service.port) as connection:
                # Behind each stands what a smuggler wants served.
                connection.send(data + raw.encode("GET", "/v1/models"))
                clear_error(name, connection.read_answer(), statuses)
                check(connection.ended(), f"{name}: the connection stayed open")
                equal(connection.buffer, b"", f"{name}: more than one answer")

        each(FRAMES, refuse)
        equal(len(upstream.seen), 0, "requests that reached the provider")
        serves(service)
        return f"{len(FRAMES)} frames, every connection closed after one answer"


@test()
def chunked_uploads_and_continue():
    body = json.dumps(raw.question("ä" * 3000), ensure_ascii=False).encode()
    with Upstream() as upstream, service_with(upstream) as service, raw.Connection(service.port) as connection:
        connection.send(head("Transfer-Encoding: Chunked", "content-type: application/json"))
        for part in [body[at:at + 701] for at in range(0, len(body), 701)]:
            connection.send(b"%X;name=value\r\n%s\r\n" % (len(part), part))
        connection.send(b"0\r\ntrailer: x\r\n\r\n")
        equal(connection.read_answer().text, "pong", "the answer to a chunked upload")
        equal(upstream.seen[0].user_text(), "ä" * 3000, "the text upstream")
        connection.send(head(f"content-length: {len(body)}", "expect: 100-continue"))
        equal(connection.read_head().status, 100, "the answer to Expect")
        connection.send(body)
        equal(connection.read_answer().text, "pong", "the answer after 100 Continue")
        connection.send(raw.encode("POST", "/v1/messages", GOOD) * 3)
        answers = [connection.read_answer().text for _ in range(3)]
        equal(answers, ["pong"] * 3, "answers to three pipelined requests")
        return f"{len(body)} bytes in chunks of 701; 100 Continue; three pipelined"


@test()
def a_body_that_never_ends_holds_nobody_up():
    with Upstream() as upstream, service_with(upstream) as service:
        waiting = [raw.Connection(service.port) for _ in range(20)]
        for connection in waiting:
            connection.send(head("content-length: 100000") + b'{"model":')
        serves(service)
        for connection in waiting:
            connection.close()
        serves(service)
        until(service.alive, "the service")
        return f"{len(waiting)} unfinished bodies beside a good request"
