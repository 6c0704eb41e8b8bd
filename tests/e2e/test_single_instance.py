"""One service per user and port, from start to stop."""

import concurrent.futures
import json
import os
import signal
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Home, Service, find_binary, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

PARALLEL = 20


def status_of(home, *arguments):
    return json.loads(home.run("status", "--json", *arguments).stdout)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = open(f"/proc/{pid}/stat", encoding="latin-1").read().rpartition(")")[2].split()[0]
    return state != "Z"


def services_of(home):
    """Processes of this home that serve."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            env = open(f"/proc/{pid}/environ", encoding="latin-1").read().split("\0")
            program = os.readlink(f"/proc/{pid}/exe")
        except OSError:
            continue
        if f"HOME={home.path}" in env and program == find_binary():
            found.append(int(pid))
    return found


@test(limit=60)
def c6_twenty_parallel_starts_give_one():
    with Upstream() as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
            runs = list(pool.map(lambda _: home.run("start", "--daemon"), range(PARALLEL)))
        seconds = time.monotonic() - began
        failed = [run for run in runs if run.returncode != 0]
        check(not failed, f"{len(failed)} starts failed: {[(r.stdout, r.stderr) for r in failed[:2]]}")
        until(lambda: len(services_of(home)) == 1, f"one process; there are {services_of(home)}")
        status = status_of(home)
        equal(raw.ask(status["port"]).text, "pong", "the answer")
        pid = int((home.state / ".claude-code-router.pid").read_text(encoding="ascii"))
        equal(pid, services_of(home)[0], "the process in the pid file")
        started = sum("is running at" in run.stdout for run in runs)
        equal(home.run("stop").returncode, 0, "exit code of stop")
        until(lambda: not services_of(home), "the end of the process")
        check(not (home.state / ".claude-code-router.pid").exists(), "the pid file is left over")
        return f"{PARALLEL} in {seconds:.1f} s: 1 process, {started} said to have started it"


@test()
def c5_a_killed_service_leaves_no_claim():
    with Upstream() as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        equal(home.run("start", "--daemon").returncode, 0, "the first start")
        first = services_of(home)[0]
        os.kill(first, signal.SIGKILL)
        until(lambda: not is_running(first), "the end of the killed one")
        check("not running" in home.run("status").stdout, "status believes the pid file")
        equal(home.run("start", "--daemon").returncode, 0, "the second start")
        second = services_of(home)[0]
        check(second != first, "the same process")
        equal(home.run("stop").returncode, 0, "exit code of stop")
    return "killed, started again"


@test()
def c10_a_port_in_use_names_its_owner():
    with Upstream() as upstream, Home(providers_of(upstream, PORT=0)) as home:
        run = home.run("start", "--port", str(upstream.port))
        check(run.returncode != 0, "the start succeeded on a port in use")
        told = run.stdout + run.stderr
        check(str(upstream.port) in told and "python" in told and str(os.getpid()) in told, f"the owner is not named: {told}")
        daemon = home.run("start", "--daemon", "--port", str(upstream.port))
        check(daemon.returncode != 0 and "python" in daemon.stderr, f"--daemon does not tell: {daemon.stderr}")
    return told.strip().splitlines()[0][:100]


@test()
def c17_restart_takes_the_new_port():
    with Upstream() as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        home.run("start", "--daemon")
        new = free_port()
        home.write_config(providers_of(upstream, PORT=new))
        equal(home.run("restart").returncode, 0, "exit code of restart")
        equal(raw.ask(new).text, "pong", "the answer at the new port")
        equal(len(services_of(home)), 1, "processes")
        equal(home.run("stop").returncode, 0, "exit code of stop")
    return f"port {new}"


@test()
def stop_without_a_service():
    with Home({"PORT": free_port()}) as home:
        run = home.run("stop")
        equal(run.returncode, 0, "exit code")
        check("not running" in run.stdout + run.stderr, f"what it says: {run.stdout}{run.stderr}")
        equal(json.loads(home.run("status", "--json").stdout)["running"], False, "running")
    return run.stdout.strip()[:80]


@test()
def unparsable_json_is_the_only_thing_that_stops_a_start():
    with Home('{\n  "Providers": [\n    {"name": "a",,}\n  ]\n}') as home:
        run = home.run("start")
        check(run.returncode != 0, "the start succeeded")
        check("config.json:3:" in run.stderr, f"no line and column: {run.stderr}")
    odd = {"Providers": [{"name": "nameless"}, 7, {"name": "x", "api_base_url": "no url", "models": "m"}],
           "Router": {"default": "nobody,nothing"}, "PORT": "many", "Colour": "red"}
    with Service(odd) as service:
        answer = service.ask()
        check(answer.status >= 400, f"a broken provider answered: {answer.body!r}")
        check(answer.json["error"]["message"], "no message")
    return f"{run.stderr.strip()[:80]}; broken providers: {answer.json['error']['message'][:60]}"


@test()
def terminate_lets_a_request_end():
    slow = Turn(text="a slow answer that is let through", chunk=2, pause=0.05)
    with Upstream(lambda seen: slow) as upstream, Service(providers_of(upstream)) as service:
        with raw.Connection(service.port) as connection:
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            answer = connection.read_head()
            began = time.monotonic()
            service.process.send_signal(signal.SIGTERM)
            time.sleep(0.1)
            while data := connection.read_chunk():
                answer.body += data
            equal(answer.text, slow.text, "the stream")
        equal(service.process.wait(timeout=10), 0, "exit code")
        service.alive = lambda: True
        return f"ended {time.monotonic() - began:.1f} s after SIGTERM, the stream first"
