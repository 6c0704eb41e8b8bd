"""Restarts, reloads and kills while clients ask: nobody is refused and no answer is lost."""

import json
import os
import pathlib
import random
import signal
import socket
import threading
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Home, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

FULL = os.environ.get("E2E_FULL") == "1"
ROUNDS = 100 if FULL else 6
CLIENTS = 6


def echo(seen):
    """Answers with what was asked, so that every answer can be told from every other."""
    mark = seen.user_text().split("-")[1]
    return Turn(text=f"echo of {mark} to its end", chunk=6, pause=0.002)


class Load:
    """Clients that ask without pause, over new and over kept connections, and remember what went wrong."""

    def __init__(self, port):
        self.port, self.answers, self.failures, self.over = port, 0, [], False
        self.threads = [threading.Thread(target=self.ask_on, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        for thread in self.threads:
            thread.join()

    def ask_on(self, number):
        connection = None
        for turn in range(1_000_000):
            if self.over:
                break
            mark = f"{number}.{turn}"
            question = raw.question(stream=turn % 2 == 0)
            question["messages"] = [{"role": "user", "content": f"mark-{mark}-"}]
            began = time.monotonic()
            try:
                connection = connection or raw.Connection(self.port)
                answer = connection.request("POST", "/v1/messages", question)
                equal((answer.status, answer.text), (200, f"echo of {mark} to its end"), "the answer")
                self.answers += 1
                if number % 2 == 0 or answer.headers.get("connection") == "close":
                    connection.close()
                    connection = None
            except (AssertionError, OSError, EOFError, ValueError, KeyError) as error:
                self.failures.append((began, time.monotonic(), repr(error)))
                connection = None
                time.sleep(0.02)


def status_of(home):
    return json.loads(home.run("status", "--json").stdout)


def started(home):
    run = home.run("start", "--daemon")
    equal(run.returncode, 0, f"start: {run.stderr}")
    return run


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@test(limit=900 if FULL else 90)
def restarts_under_load_refuse_nobody():
    with Upstream(echo) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        started(home)
        first = status_of(home)
        pids = [first["pid"]]
        with Load(first["port"]) as load:
            for _ in range(ROUNDS):
                time.sleep(random.uniform(0, 0.1))
                run = home.run("restart")
                equal(run.returncode, 0, f"restart: {run.stdout}{run.stderr}")
                pids.append(status_of(home)["pid"])
            time.sleep(0.2)
        equal(load.failures, [], f"failures among {load.answers} answers")
        check(load.answers > ROUNDS * CLIENTS, f"only {load.answers} answers: no load")
        equal(len(set(pids)), ROUNDS + 1, "processes, one after the other")
        until(lambda: all(map(is_gone, pids[:-1])), "the end of the old processes", seconds=20)
        equal(home.run("stop").returncode, 0, "exit code of stop")
        until(lambda: is_gone(pids[-1]), "the end of the last one")
        return f"{ROUNDS} restarts, {load.answers} answers, none refused or lost"


@test(limit=60)
def a_stream_outlives_the_restart():
    slow = Turn(text="a slow answer that outlives its service's restart", chunk=1, pause=0.03)
    with Upstream(lambda seen: slow if seen.stream else Turn(text="pong")) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        started(home)
        old = status_of(home)
        with raw.Connection(old["port"]) as connection:
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            answer = connection.read_head()
            equal(home.run("restart").returncode, 0, "exit code of restart")
            new = status_of(home)
            check(new["pid"] != old["pid"], "the same process")
            check(not is_gone(old["pid"]), "the old one did not wait for its stream")
            equal(raw.ask(new["port"]).status, 200, "an answer of the new one meanwhile")
            while data := connection.read_chunk():
                answer.body += data
        equal(answer.text, slow.text, "the stream")
        until(lambda: is_gone(old["pid"]), "the end of the old process")
        equal(status_of(home)["pid"], new["pid"], "who runs")
        equal(raw.ask(new["port"]).status, 200, "an answer after the old one's end")
        equal(home.run("stop").returncode, 0, "exit code of stop")
        until(lambda: is_gone(new["pid"]), "the end of the new process")
    return "the old process ended after its stream"


@test(limit=600 if FULL else 60)
def reloads_under_load_refuse_nobody():
    with Upstream(echo) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        port = json.loads((home.state / "config.json").read_text(encoding="utf-8"))["PORT"]
        started(home)
        with Load(port) as load:
            for number in range(ROUNDS * 2):
                home.write_config(providers_of(upstream, PORT=port, API_TIMEOUT_MS=60_000 + number))
                time.sleep(random.uniform(0, 0.1))
        equal(load.failures, [], f"failures among {load.answers} answers")
        equal(home.run("stop").returncode, 0, "exit code of stop")
        return f"{ROUNDS * 2} reloads, {load.answers} answers, none refused or lost"


@test(limit=900 if FULL else 90)
def a_kill_costs_only_what_was_under_way_and_is_told():
    rounds = ROUNDS
    with Upstream(echo) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        started(home)
        down = []
        with Load(status_of(home)["port"]) as load:
            for _ in range(rounds):
                time.sleep(random.uniform(0.1, 0.3))
                pid = status_of(home)["pid"]
                killed = time.monotonic()
                os.kill(pid, signal.SIGKILL)
                until(lambda pid=pid: is_gone(pid), "the end of the killed one")
                run = started(home)
                down.append((killed, time.monotonic()))
                check(f"pid {pid}" in run.stderr and "was killed" in run.stderr, f"the start does not tell: {run.stderr}")
        strange = [failure for failure in load.failures
                   if not any(failure[0] < up and failure[1] >= killed for killed, up in down)]
        equal(strange, [], "failures while the service ran")
        equal(home.run("stop").returncode, 0, "exit code of stop")
        equal(started(home).stderr, "", "what a start says after a proper stop")
        equal(home.run("stop").returncode, 0, "exit code of stop")
        return f"{rounds} kills, {load.answers} answers, {len(load.failures)} cut or refused while it was down"


@test()
def the_next_start_tells_of_a_crash():
    with Upstream() as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        started(home)
        pid = status_of(home)["pid"]
        os.kill(pid, signal.SIGSEGV)
        until(lambda: is_gone(pid), "the end of the process")
        told = started(home).stderr
        check(f"pid {pid}" in told and "crashed (signal 11" in told, f"what it says: {told!r}")
        check("crashed (signal 11" in home.log_text(), "the log does not tell")
        equal(home.run("stop").returncode, 0, "exit code of stop")
    return told.strip()[:100]


@test()
def a_service_manager_hears_of_readiness_successor_and_end():
    with Upstream() as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        heard.settimeout(10)
        heard.bind(str(home.path / "notify"))
        home.env["NOTIFY_SOCKET"] = str(home.path / "notify")
        started(home)
        equal(heard.recv(999).decode(), f"READY=1\nMAINPID={status_of(home)['pid']}", "at the start")
        equal(home.run("restart").returncode, 0, "exit code of restart")
        pid = status_of(home)["pid"]
        equal(heard.recv(999).decode(), f"READY=1\nMAINPID={pid}", "at the restart")
        equal(home.run("stop").returncode, 0, "exit code of stop")
        equal(heard.recv(999).decode(), "STOPPING=1", "at the end")
        heard.close()
    return "READY=1 with MAINPID twice, STOPPING=1"
