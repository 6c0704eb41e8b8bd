"""An answer that breaks off goes on at the next target, where that is allowed, as one answer to the client."""

import json

from bed.claude import by_hand
from bed.marks import check, equal, test
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

WIRES = ("chat", "messages", "responses", "gemini")
FIRST = "The quick brown fox jumps "
REST = "over the lazy dog."


def provider(name, upstream, wire, **more):
    return {"name": name, "api_base_url": upstream.url(wire), "api_key": f"sk-{name}-e2e-0123456789",
            "models": ["m"], **more}


def config(*providers, **more):
    return {"Providers": list(providers), "Router": {"default": f"{providers[0]['name']},m"},
            "retry": {"max": 2, "base_ms": 20}, "continue_midstream": True,
            "fallback": {"default": [f"{each['name']},m" for each in providers[1:]]}, **more}


def events_of(answer):
    return [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]


def said_last(seen):
    """(the assistant's words, the user's last words) of a request that goes on."""
    body = seen.json
    turns = body.get("messages") or body.get("contents") or body.get("input")
    return json.dumps(turns[-2]), json.dumps(turns[-1])


def breaks(how):
    return {"cut": Turn(text=FIRST, chunk=4, cut_after=6),
            "ended": Turn(text=FIRST, chunk=4, end_after=6),
            "error": Turn(text=FIRST, chunk=4, error_after=6, message="Overloaded")}[how]


@test()
def each_wire_goes_on_at_each():
    pairs = 0
    for here in WIRES:
        for there in WIRES:
            with Upstream(lambda _: breaks("cut")) as first, Upstream(lambda _: Turn(text=REST)) as second, \
                    Service(config(provider("first", first, here), provider("second", second, there))) as service:
                answer = service.ask(stream=True)
                equal(answer.status, 200, f"{here} to {there}: status")
                events = events_of(answer)
                check(events[-1]["type"] == "message_stop", f"{here} to {there}: ended with {events[-1]}")
                check(answer.text.endswith(REST) and answer.text.startswith("The "), f"{here} to {there}: {answer.text!r}")
                equal(len([e for e in events if e["type"] == "content_block_start"]), 1, f"{here} to {there}: blocks")
                delivered = answer.text.removesuffix(REST)
                assistant, user = said_last(second.seen[0])
                check(json.dumps(delivered)[1:-1] in assistant, f"{here} to {there}: replayed {assistant}")
                check("Continue it" in user, f"{here} to {there}: asked {user}")
                pairs += 1
    return f"{pairs} pairs"


@test()
def however_it_breaks():
    for how in ("cut", "ended", "error"):
        with Upstream(lambda _, how=how: breaks(how)) as first, Upstream(lambda _: Turn(text=REST)) as second, \
                Service(config(provider("first", first, "messages"), provider("second", second, "chat"))) as service:
            answer = service.ask(stream=True)
            check(answer.text.endswith(REST), f"{how}: {answer.text!r}")
            check(b'"error"' not in answer.body, f"{how}: an error among the events")


@test()
def silence_and_slowness_break_too():
    still = {"text": FIRST, "chunk": 4, "silence": (6, 30.0)}
    slow = {"text": FIRST * 3, "chunk": 1, "pause": 0.5}
    for turn, timeouts, within in ((still, {"idle_ms": 600}, 10), (slow, {"min_chars_per_s": 20}, 20)):
        with Upstream(lambda _, turn=turn: Turn(**turn)) as first, Upstream(lambda _: Turn(text=REST)) as second, \
                Service(config(provider("first", first, "chat"), provider("second", second, "chat"), timeouts=timeouts)) as service:
            answer = service.ask(stream=True, timeout=within)
            check(answer.text.endswith(REST), f"{timeouts}: {answer.text!r}")


@test()
def the_only_target_is_asked_to_go_on():
    answers = [breaks("cut"), breaks("cut"), Turn(text=REST)]
    with Upstream(lambda _: answers.pop(0)) as only, Service(config(provider("only", only, "chat"))) as service:
        answer = service.ask(stream=True)
        check(answer.text.endswith(REST), f"text {answer.text!r}")
        equal(len(only.seen), 3, "requests")
        equal(len(only.seen[2].json["messages"]), len(only.seen[1].json["messages"]), "turns of the third request")


@test()
def a_begun_tool_call_ends_with_an_error():
    turn = Turn(text="I look.", calls=[("look", {"at": "this" * 20})], cut_after=7)
    tool = {"name": "look", "description": "looks", "input_schema": {"type": "object", "properties": {}}}
    with Upstream(lambda _: turn) as first, Upstream(lambda _: Turn(text=REST)) as second, \
            Service(config(provider("first", first, "messages"), provider("second", second, "chat"))) as service:
        answer = service.ask(stream=True, tools=[tool])
        equal(events_of(answer)[-1]["type"], "error", "the last event")
        equal(len(second.seen), 0, "requests to the fallback")


@test()
def only_where_it_is_allowed():
    with Upstream(lambda _: breaks("cut")) as first, Upstream(lambda _: Turn(text=REST)) as second:
        both = (provider("first", first, "chat"), provider("second", second, "chat"))
        with Service(config(*both, continue_midstream=False)) as service:
            equal(events_of(service.ask(stream=True))[-1]["type"], "error", "the last event")
        allowed = ({**both[0], "continue_midstream": True}, both[1])
        with Service(config(*allowed, continue_midstream=False)) as service:
            check(service.ask(stream=True).text.endswith(REST), "the provider's own setting")


@test()
def when_nobody_can_go_on_the_client_is_told():
    with Upstream(lambda _: breaks("cut")) as first, Upstream(lambda _: Turn(status=401, message="bad key")) as second, \
            Service(config(provider("first", first, "chat"), provider("second", second, "chat"))) as service:
        answer = service.ask(stream=True)
        equal(answer.status, 200, "status")
        equal(events_of(answer)[-1]["type"], "error", "the last event")


@test(limit=120)
def claude_sees_one_answer():
    """The real client, over a provider of its own protocol that breaks and one of another."""
    def first_script(seen):
        return breaks("cut") if seen.json.get("tools") else Turn(text='{"title": "A session"}')

    with Upstream(first_script) as first, Upstream(lambda _: Turn(text=REST)) as second, \
            Service(config(provider("first", first, "messages"), provider("second", second, "chat"))) as service:
        with by_hand(service, "Say it.") as client:
            result = client.finish().result
        check(result.startswith("The quick") and result.endswith(REST), f"the client shows {result!r}")
        check("Continue it" in second.seen[-1].user_text(), "the fallback was not asked to go on")
