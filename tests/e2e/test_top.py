"""`ccr top` in a terminal: what it shows, a session pinned, a request cancelled."""

import json
import re
import shutil
import threading

from bed import raw
from bed.marks import check, equal, test, until
from bed.screen import DOWN, ENTER, ESCAPE, INTERRUPT, Screen
from bed.service import Home, Service, providers_of
from bed.terminal import Terminal
from bed.turns import Turn
from bed.upstream import Upstream

SESSION = "0d5e0000-0000-4000-8000-0000000000ab"


def begun(service, session=SESSION):
    folder = service.path / ".claude/projects/-work-shop"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{session}.jsonl").touch()


@test(limit=90)
def a_live_session_of_the_real_client_is_pinned():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:

        def asked(terminal, prompt):
            terminal.command(prompt)
            until(lambda: any(prompt in s.user_text() for s in upstream.seen), f"a request for {prompt}", 20)
            return next(s.model for s in upstream.seen if prompt in s.user_text() and s.tools())

        terminal = Terminal(service, HOME=str(service.path))
        shutil.copy(terminal.home / ".claude.json", service.path / ".claude.json")
        with terminal:
            terminal.sees("bypass permissions on")
            equal(asked(terminal, "first-question"), "big-model", "the model before")
            with Screen(service, "top") as screen:
                screen.sees("main")
                screen.sees("e2e,big-model")
                screen.type("p")
                screen.sees("Search:")
                screen.type("small")
                screen.sees("e2e,small-model")
                screen.type(ENTER)
                screen.sees("goes to e2e,small-model")
                screen.type("q")
                equal(screen.ends(), 0, "exit code")
            equal(asked(terminal, "second-question"), "small-model", "the model after")


@test()
def a_request_under_way_is_cancelled_and_its_client_told():
    slow = Turn(text="word " * 4000, chunk=5, pause=0.05)
    with Upstream(lambda seen: slow) as upstream, Service(providers_of(upstream)) as service:
        connection = raw.Connection(service.port)
        connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True),
                                   {"x-claude-code-session-id": SESSION}))
        connection.read_head()
        until(lambda: upstream.seen and upstream.seen[0].sent > 500, "the stream")
        with Screen(service, "top") as screen:
            screen.sees("streaming")
            screen.type("c")
            screen.sees("(y/n)")
            screen.type("y")
            screen.sees("1 request of session")
            until(lambda: upstream.seen[0].closed_at, "the upstream call's end", 5)
            screen.type(ESCAPE)
            equal(screen.ends(), 0, "exit code")
        until(lambda: connection.more() and b"event: error" in connection.buffer, "the error in the stream")
        text = connection.buffer.decode()
        check("event: error" in text and "was cancelled in ccr" in text, f"the stream's end: {text[-400:]}")
        until(lambda: "cancelled in ccr" in service.run("logs").stdout, "the log")


@test()
def a_whole_answer_is_cancelled_with_a_status_that_is_not_tried_again():
    with Upstream(lambda seen: Turn(text="never", before=60)) as upstream, Service(providers_of(upstream)) as service:
        answers = []
        asking = threading.Thread(target=lambda: answers.append(
            service.ask(headers={"x-claude-code-session-id": SESSION})))
        asking.start()
        until(lambda: upstream.seen, "the call upstream")
        with Screen(service, "top") as screen:
            screen.sees("waiting")
            screen.type("c")
            screen.sees("(y/n)")
            screen.type("y")
            screen.sees("1 request of session")
            screen.type("q")
            screen.ends()
        asking.join(10)
        equal(answers[0].status, 400, "status")
        check(b"was cancelled in ccr" in answers[0].body, answers[0].body)
        equal(len(upstream.seen), 1, "requests upstream")


@test()
def it_is_seen_at_any_size_and_opens_the_log():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        with Screen(service, "top", NO_COLOR="1") as screen:
            screen.sees("No session has sent a request yet.")
            service.ask("hello", headers={"x-claude-code-session-id": SESSION})
            screen.sees(SESSION[:8])
            check(not re.search(rb"\x1b\[[0-9;]*3[0-7]m", screen.shown), f"no colours: {screen.shown[-300:]}")
            screen.resize(10, 40)
            screen.sees(SESSION[:8])
            screen.resize(50, 160)
            screen.sees("e2e,big-model")
            screen.type("l")
            screen.sees("200 ok from e2e,big-model")
            screen.type(INTERRUPT)
            screen.sees("p pin a model")
            screen.type("p")
            screen.sees("Search:")
            screen.type(DOWN + ESCAPE)
            screen.sees("p pin a model")
            screen.type("q")
            equal(screen.ends(), 0, "exit code")


@test()
def without_a_terminal_it_names_the_way_out():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        refused = service.run("top")
        equal(refused.returncode, 2, "exit code")
        check("ccr top --once" in refused.stderr, refused.stderr)
        service.ask("hello", headers={"x-claude-code-session-id": SESSION})
        once = until(lambda: (out := service.run("top", "--once").stdout) and SESSION[:8] in out and out, "the row")
        check("1 session, 0 at work" in once, once)
        check(all(len(line) <= 80 for line in once.splitlines()), once)
        found = json.loads(service.run("top", "--json").stdout)
        equal([s["session"] for s in found], [SESSION], "sessions")
    with Home() as home:
        idle = home.run("top", "--once")
        equal(idle.returncode, 1, "exit code")
        check("`ccr start`" in idle.stderr, idle.stderr)
