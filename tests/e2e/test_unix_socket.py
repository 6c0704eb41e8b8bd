"""UNIX_SOCKET: the clients' routes over a socket file of the user's alone."""

import os
import socket
import stat

from bed import raw
from bed.marks import check, equal, test
from bed.service import Home, Service, free_port, providers_of
from bed.upstream import Upstream


class OverUnix(raw.Connection):
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(10)
        self.socket.connect(str(path))
        self.buffer = b""


def ask(path, headers=None):
    with OverUnix(path) as connection:
        return connection.request("POST", "/v1/messages", raw.question(), headers)


@test()
def answers_over_a_unix_socket():
    key = "a-key-of-the-house-0123"
    with Upstream() as upstream, Home() as place:
        path = place.path / "clients.sock"
        with Service(providers_of(upstream, UNIX_SOCKET=str(path), APIKEY=key)) as service:
            equal(ask(path, {"x-api-key": key}).text, "pong", "the answer")
            equal(ask(path).status, 401, "status without the key")
            equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode of the file")
            equal(service.ask(headers={"x-api-key": key}).text, "pong", "the answer over TCP")
        check(not path.exists(), "the file is left over")


@test(limit=60)
def a_unix_socket_survives_a_restart():
    with Upstream() as upstream, Home() as home:
        path = home.path / "clients.sock"
        home.write_config(providers_of(upstream, PORT=free_port(), UNIX_SOCKET=str(path)))
        equal(home.run("start", "--daemon").returncode, 0, "exit code of start")
        inode = os.stat(path).st_ino
        with OverUnix(path) as kept:
            equal(kept.request("POST", "/v1/messages", raw.question()).text, "pong", "the answer")
            equal(home.run("restart").returncode, 0, "exit code of restart")
            equal(kept.request("POST", "/v1/messages", raw.question()).text, "pong", "the kept connection's last answer")
        equal(ask(path).text, "pong", "the answer of the new process")
        equal(os.stat(path).st_ino, inode, "the socket's file")
        equal(home.run("stop").returncode, 0, "exit code of stop")
        check(not path.exists(), "the file is left over")
