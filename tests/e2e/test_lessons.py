"""What a provider's refusal taught: mended at once, known beforehand later, shown and removed."""

import contextlib
import dataclasses
import json

from bed import raw
from bed.marks import check, each, equal, test
from bed.service import Home, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream
from bed.wires import WIRES

REFUSAL = "Unsupported parameter: 'temperature' is not supported with this model."


def picky(seen):
    """Refuses every request that has a temperature."""
    if "temperature" in seen.json or "temperature" in seen.json.get("generationConfig", {}):
        return Turn(status=400, kind="invalid_request_error", message=REFUSAL)
    return Turn(text="pong")


@contextlib.contextmanager
def running(home):
    started = home.run("start", "--daemon")
    equal(started.returncode, 0, f"exit code of start: {started.stderr}")
    try:
        yield json.loads(home.run("status", "--json").stdout)["port"]
    finally:
        equal(home.run("stop").returncode, 0, "exit code of stop")


def lessons_of(home):
    return json.loads(home.run("lessons", "--json").stdout)["lessons"]


def asked(port, upstream, stream):
    """How many requests one question became, all of them answered in the end."""
    before = len(upstream.seen)
    answer = raw.ask(port, stream=stream, temperature=0.5)
    equal((answer.status, answer.text), (200, "pong"), "the answer")
    return len(upstream.seen) - before


@test(limit=60)
def a_refused_field_is_left_out_also_after_a_restart():
    for wire in ("chat", "messages"):
        with Upstream(picky) as upstream, Home(providers_of(upstream, wire, PORT=free_port())) as home:
            with running(home) as port:
                equal(asked(port, upstream, stream=True), 2, "requests of the first question")
                equal(asked(port, upstream, stream=False), 1, "requests of the second question")
                check("temperature" in upstream.seen[0].json, "the first request lacks the field")
                equal([lesson["says"] for lesson in lessons_of(home)], ["temperature is left out"], "the lessons")
                check("temperature is left out" in home.run("lessons").stdout, "the list does not tell the lesson")
            with running(home) as port:
                equal(asked(port, upstream, stream=True), 1, "requests of a question after a restart")
            log = home.log_text()
            check("a lesson was learned from a refusal" in log, "the log does not tell what was learned")
            check("e2e refused it 0 minutes ago, lesson 1" in log, "the log does not tell what was applied")
            equal((home.state / "state.sqlite").stat().st_mode & 0o777, 0o600, "the file's mode")


@test(limit=60)
def an_error_inside_a_stream_teaches_as_well():
    def late(seen):
        picked = picky(seen)
        return dataclasses.replace(picked, status=0, error_after=0) if picked.status else picked

    def trial(wire):
        with Upstream(late) as upstream, Home(providers_of(upstream, wire, PORT=free_port())) as home:
            with running(home) as port:
                equal(asked(port, upstream, stream=True), 2, "requests of the first question")
                check("temperature" in upstream.seen[0].body.decode(), "the first request lacks the field")
                equal(asked(port, upstream, stream=True), 1, "requests of the second question")
                equal(len(lessons_of(home)), 1, "lessons")
    each(WIRES, trial)


@test()
def what_was_not_accepted_is_not_kept():
    """The mended request fails as well, for a reason of its own."""
    def never(seen):
        picked = picky(seen)
        if picked.status:
            return picked
        return Turn(text="x", error_after=0, kind="invalid_request_error", message="The moon is full.")

    with Upstream(never) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        with running(home) as port:
            answer = raw.ask(port, stream=True, temperature=0.5)
            check(b"The moon is full" in answer.body, answer.body)
            equal(lessons_of(home), [], "lessons")


@test(limit=60)
def a_removed_lesson_is_learned_again():
    with Upstream(picky) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        with running(home) as port:
            asked(port, upstream, stream=False)
            number = lessons_of(home)[0]["number"]
            equal(home.run("lessons", "remove", str(number)).returncode, 0, "exit code of remove")
            equal(home.run("lessons", "remove", str(number)).returncode, 1, "exit code of a second remove")
            equal(lessons_of(home), [], "the lessons left")
            equal(asked(port, upstream, stream=False), 2, "requests of a question after the removal")
        # Without a service the file itself is changed.
        equal(len(lessons_of(home)), 1, "lessons in the file")
        equal(home.run("lessons", "clear").returncode, 0, "exit code of clear")
        equal(lessons_of(home), [], "lessons in the file after clear")
        with running(home) as port:
            equal(asked(port, upstream, stream=False), 2, "requests of a question after clear")
        equal(home.run("lessons", "forget").returncode, 2, "exit code of an unknown word")


@test(limit=60)
def reasoning_that_a_client_drops_comes_back_after_a_restart():
    call = ("lookup", {"word": "x"})

    def thoughtful(seen):
        if seen.results():
            return Turn(text="done")
        return Turn(thinking="I should look it up.", calls=[call])

    with Upstream(thoughtful) as upstream, Home(providers_of(upstream, PORT=free_port())) as home:
        user = {"role": "user", "content": "ping"}
        with running(home) as port:
            content = raw.ask(port, stream=False).json["content"]
        used = next(part for part in content if part["type"] == "tool_use")
        result = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": used["id"], "content": "y"}]}
        with running(home) as port:
            answer = raw.ask(port, messages=[user, {"role": "assistant", "content": [used]}, result])
        equal((answer.status, answer.text), (200, "done"), "the answer")
        equal(upstream.seen[-1].thinking(), ["I should look it up."], "the reasoning sent back")


@test()
def the_demo_alone_leaves_no_state():
    with Home({"PORT": free_port()}) as home:
        with running(home) as port:
            raw.ask(port, stream=True)
        check(not (home.state / "state.sqlite").exists(), "the demo has made a state file")
