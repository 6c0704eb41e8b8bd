"""`ccr logs` beside a running service: the story of one request, and lines as they come."""

import json
import subprocess
import time

from bed.marks import check, equal, test, until
from bed.screen import INTERRUPT, Screen
from bed.service import Service, find_binary, providers_of
from bed.turns import Turn
from bed.upstream import Upstream


def answer(seen):
    return Turn(status=500, message="out of order") if "fail" in seen.user_text() else Turn(text="fine")


@test()
def the_story_of_one_request():
    with Upstream(answer) as upstream, Service(providers_of(upstream, retry={"max": 0})) as service:
        service.ask("please fail")
        good = service.ask("hello")
        ident = good.headers["request-id"]
        # Lines are written some milliseconds later.
        until(lambda: " ok from " in service.run("logs", "--request", ident).stdout, "the request's last line")
        told = service.run("logs", "--request", ident)
        equal(told.returncode, 0, told.stderr)
        for part in (f"{ident} asked for", "goes to e2e,big-model", "sent to e2e,big-model", "200 ok from e2e,big-model"):
            check(part in told.stdout, f"{part!r} in {told.stdout}")
        check("failed" not in told.stdout, f"another request's lines: {told.stdout}")
        lines = [json.loads(line) for line in service.run("logs", "--json", "-n", "1000").stdout.splitlines()]
        check(any(line.get("msg") == "started" for line in lines), "the server's lines")
        check(any(line.get("outcome") == "error" for line in lines), "the application's lines")
        times = [line["time"] for line in lines]
        equal(times, sorted(times), "the order")
        bad = service.run("logs", "--level", "error").stdout
        check("500" in bad and ident not in bad, f"errors alone: {bad}")


@test()
def follow_on_a_terminal_shows_lines_as_they_come_until_ctrl_c():
    with Upstream(answer) as upstream, Service(providers_of(upstream)) as service:
        with Screen(service, "logs", "-f") as screen:
            screen.sees("started")
            service.ask("hello")
            screen.sees("200 ok from e2e,big-model")
            check(b"\x1b[32mINFO " in screen.shown, f"colours: {screen.shown[-300:]}")
            screen.type(INTERRUPT)
            equal(screen.ends(), -2, "the end")


@test()
def follow_in_a_pipe_is_not_held_back():
    with Upstream(answer) as upstream, Service(providers_of(upstream)) as service:
        child = subprocess.Popen([find_binary(), "logs", "-f", "--json", "-n", "0"], env=service.env, text=True,
                                 stdout=subprocess.PIPE)
        try:
            time.sleep(0.5)
            service.ask("hello")
            equal(json.loads(child.stdout.readline())["event"], "routed", "the first line")
        finally:
            child.kill()
            child.wait()
