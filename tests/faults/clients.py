"""Clients that are slow, vanish or attack: what each does. Whatever it is, the service ends it and answers the next."""

import socket
import struct
import time

from bed import raw
from bed.marks import check, until

CLIENTS = {}


def client(name):
    def keep(act):
        CLIENTS[name] = act
        return act
    return keep


def ask_for(model, stream=True):
    return raw.encode("POST", "/v1/messages", {**raw.question("ping", stream), "model": model})


def reset(connection):
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def leaves(service, sent, close):
    with raw.Connection(service.port) as connection:
        connection.send(sent)
        time.sleep(0.05)
        close(connection)


QUESTION = ask_for("messages-direct,sound.x")
BODY_AT = QUESTION.index(b"\r\n\r\n") + 4
for _name, _at in (("nothing", 0), ("half a request line", 9), ("half a header", 60), ("the head", BODY_AT),
                   ("half the body", (BODY_AT + len(QUESTION)) // 2), ("the whole request", len(QUESTION))):
    CLIENTS[f"ends after {_name}"] = lambda service, _, at=_at: leaves(service, QUESTION[:at], raw.Connection.close)
    CLIENTS[f"resets after {_name}"] = lambda service, _, at=_at: leaves(service, QUESTION[:at], reset)


@client("vanishes in the middle of a stream")
def _vanish(service, wall):
    for close in (raw.Connection.close, reset):
        before = wall.open
        with raw.Connection(service.port) as connection:
            connection.send(ask_for("endless,comments_without_end.client"))
            until(lambda: wall.open > before or wall.asked("comments_without_end.client"), "the upstream call")
            time.sleep(0.1)
            close(connection)
        until(lambda: wall.open <= before, "the upstream call's end", 5)


@client("half-closes and still gets its answer")
def _half(service, _):
    with raw.Connection(service.port) as connection:
        connection.send(QUESTION)
        connection.socket.shutdown(socket.SHUT_WR)
        try:
            answer = connection.read_answer()
        except (EOFError, ConnectionError):
            return  # taken for one that left, which is right too
        check(answer.status == 200, f"status {answer.status}")


@client("reads nothing while content floods")
def _deaf(service, _):
    before = service.memory_kb()
    with raw.Connection(service.port, receive_buffer=4096) as connection:
        connection.send(ask_for("endless,a_flood_of_content.client"))
        time.sleep(2.0)
        check(raw.ask(service.port, model="messages-direct,sound.x").status == 200, "another client meanwhile")
        grown = service.memory_kb() - before
        check(grown < 32 * 1024, f"{grown} KB are held for a client that does not read")


@client("sends its body byte by byte")
def _drip(service, _):
    with raw.Connection(service.port) as connection:
        connection.send(QUESTION[:BODY_AT])
        for at in range(BODY_AT, len(QUESTION)):
            connection.send(QUESTION[at:at + 1])
            time.sleep(0.002)
        check(connection.read_answer().status == 200, "the answer")


def refused(service, data, statuses=(400, 404, 405, 408, 411, 413, 414, 417, 431, 501, 505)):
    with raw.Connection(service.port) as connection:
        try:
            connection.send(data)
            status = connection.read_head().status
        except (ConnectionError, EOFError):
            return
        check(status in statuses, f"status {status}")


POST = b"POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
for _name, _data in {
        "sends TLS to the plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x55" * 512 + b"\r\n\r\n",
        "sends random bytes": bytes(range(256)) * 16,
        "sends HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "sends a head of 8 MB": POST + b"x-a: " + b"a" * (8 << 20),
        "sends a million headers": POST + b"x: y\r\n" * 1000000,
        "sends a path of 1 MB": b"GET /" + b"p" * (1 << 20) + b" HTTP/1.1\r\n\r\n",
        "claims a body of a terabyte": POST + b"content-length: 1099511627776\r\n\r\n{",
        "sends two lengths": POST + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}x",
        "sends a length and chunks": POST + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "sends a chunk of no size": POST + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "sends a chunk's size beyond 64 bits": POST + b"transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
        "sends a chunk extension of 8 MB": POST + b"transfer-encoding: chunked\r\n\r\n2;" + b"e" * (8 << 20),
        "sends trailers without end": POST + b"transfer-encoding: chunked\r\n\r\n0\r\n" + b"t: t\r\n" * 1000000,
        "sends chunks of one byte with extensions": POST + b"transfer-encoding: chunked\r\n\r\n" + (b"1;" + b"e" * 4000 + b"\r\n \r\n") * 3000,
        "nests JSON ten thousand deep": POST + b"content-length: 10012\r\n\r\n" + b'{"messages":' + b"[" * 10000,
}.items():
    CLIENTS[_name] = lambda service, _, data=_data: refused(service, data)
