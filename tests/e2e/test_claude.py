"""The real client through ccr, with the scripted upstream as either kind of provider."""

import base64
import json
import time

from bed.claude import by_hand, client_path, through_ccr
from bed.marks import check, equal, test, until
from bed.service import Home, Service, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

# 2 x 2 pixels
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR4nGP4z8DAAMIM/4EAAB/uBfsL2WiLAAAAAElFTkSuQmCC"
                       "")
# One empty page; readers rebuild the table of objects that is left out.
PDF = (b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
       b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n")
LIMIT = 120
FOREIGN = ("cache_control", "x-anthropic-billing-header", "DeferredToolPlaceholder", "defer_loading", "tool_reference",
           "context_management", "output_config", "budget_tokens", "input_schema", "tool_use_id")


def main_requests(upstream):
    """Those that carry the conversation; the client may also ask for a title."""
    return [s for s in upstream.seen if s.json.get("tools")]


def no_foreign_fields(upstream):
    for seen in upstream.seen:
        if seen.wire == "chat":
            found = [word for word in FOREIGN if word in seen.body.decode()]
            check(not found, f"the chat provider was sent {found}")


def system_turn_arrives(seen):
    """What the client says in its system turn in mid-conversation: where and when it runs."""
    everything = seen.system_text() + seen.user_text()
    for word in ("Working directory", "Platform"):
        check(word.lower() in everything.lower(), f"the client's environment did not reach the provider: no {word!r}")


def work(seen):
    """A conversation with a thought, a file written, three calls at once, a picture and a paper."""
    if not seen.json.get("tools"):
        return Turn(text='{"title": "A session"}')
    work_dir = seen.user_text().partition("DIR=")[2].split()[0]
    done = len(seen.results())
    if done == 0:
        written = {"file_path": f"{work_dir}/made.txt", "content": 'one\n"two" \\ ü 你好 🚀\n'}
        return Turn(thinking="First I think about it.", text="I write the file.", calls=[("Write", written)])
    if done == 1:
        calls = [("Bash", {"command": f"echo called-{n}; cat made.txt", "description": "a check"}) for n in "ABC"]
        return Turn(text="Three at once.", calls=calls)
    if done == 4:
        calls = [("Read", {"file_path": f"{work_dir}/{name}"}) for name in ("pixel.png", "page.pdf")]
        return Turn(text="Now the picture and the paper.", calls=calls)
    return Turn(text=f"I saw {seen.images()} image, {seen.documents()} paper. naïve 你好 🚀 </tag> DONE")


def work_through(upstream, service, wire):
    """The conversation of `work`, by the real client."""
    client = by_hand(service, "Carry on. DIR=WORK ")
    (client.work / "pixel.png").write_bytes(PNG)
    (client.work / "page.pdf").write_bytes(PDF)
    with client:
        client.finish(LIMIT - 20)
        equal(client.result, "I saw 1 image, 1 paper. naïve 你好 🚀 </tag> DONE", "the final text")
        equal((client.work / "made.txt").read_text(encoding="utf-8"), 'one\n"two" \\ ü 你好 🚀\n', "the file")
        equal(len(client.blocks("tool_use")), 6, "calls that reached the client")
        # Gemini's signature of a call travels in a thought without words.
        thoughts = [b["thinking"] for b in client.blocks("thinking") if b["thinking"]]
        equal(thoughts, ["First I think about it."], "thoughts")
        check(client.deltas() > 20, f"{client.deltas()} deltas: the answer was not streamed")
    requests = main_requests(upstream)
    equal(len(requests), 4, "requests upstream")
    results = requests[-1].results()
    equal(len({call for call, _ in results}), 6, "distinct ids of tool results upstream")
    for letter in "ABC":
        check(any(f"called-{letter}\none\n" in text for _, text in results), f"no result of call {letter}")
    if wire == "messages":
        check("First I think about it." in requests[-1].thinking(), "the thought did not come back")
    system_turn_arrives(requests[0])
    no_foreign_fields(upstream)
    return f"{len(requests)} turns, {max(len(s.body) for s in requests) // 1024} KB at most"


def conversation(wire):
    with Upstream(work) as upstream, Service(providers_of(upstream, wire)) as service:
        return work_through(upstream, service, wire)


@test(limit=LIMIT)
def tools_thinking_and_image_to_chat():
    return conversation("chat")


@test(limit=LIMIT)
def tools_thinking_and_image_to_messages():
    return conversation("messages")


@test(limit=LIMIT)
def tools_thinking_and_image_to_responses():
    return conversation("responses")


@test(limit=LIMIT)
def tools_thinking_and_image_to_gemini():
    return conversation("gemini")


FAULTS = {
    "cut": Turn(text="This sentence is cut in its middle, sadly.", cut_after=4),
    "error": Turn(text="This sentence meets an error in its middle.", error_after=4, kind="overloaded_error",
                  message="Overloaded"),
    "no end": Turn(text="This sentence has no end, only an empty line.", end_after=4),
}


def failing_first(fault):
    """A script: 429, then a stream with the fault, then the answer."""
    attempts = []

    def script(seen):
        if not seen.json.get("tools"):
            return Turn(text="A title")
        attempts.append(seen)
        first = Turn(status=429, kind="rate_limit_error", message="slow down", headers={"retry-after": "1"})
        return {1: first, 2: FAULTS[fault]}.get(len(attempts), Turn(text=f"Recovered on attempt {len(attempts)}."))
    return script


def recovery(wire):
    for fault in FAULTS:
        with Upstream(failing_first(fault)) as upstream, \
                Service(providers_of(upstream, wire, retry={"max": 0})) as service:  # the client's own retry is meant
            with by_hand(service, "Carry on.") as client:
                client.finish(LIMIT / 4)
                equal(client.result, "Recovered on attempt 3.", f"the final text after a stream with {fault!r}")
                retries = [line.get("error_status") for line in client.lines if line.get("subtype") == "api_retry"]
                check(429 in retries, f"the client did not see the 429; its retries: {retries}")
    return f"429, then {', '.join(FAULTS)}: recovered on attempt 3"


@test(limit=LIMIT)
def recovers_from_429_and_broken_streams_on_chat():
    return recovery("chat")


@test(limit=LIMIT)
def recovers_from_429_and_broken_streams_on_messages():
    return recovery("messages")


def cancelled(wire):
    endless = Turn(text="word " * 2000, chunk=5, pause=0.2)
    with Upstream(lambda seen: endless if seen.json.get("tools") else Turn(text="A title")) as upstream:
        with Service(providers_of(upstream, wire)) as service, by_hand(service, "Carry on.") as client:
            until(lambda: any(s.sent > 1000 for s in upstream.seen), "the stream's beginning", 40)
            client.interrupt()
            began = time.monotonic()
            seen = until(lambda: next((s for s in upstream.seen if s.closed_at), None), "the upstream's end", 20)
            client.process.kill()
            # The client takes its time before it closes its own connection.
            equal(len(main_requests(upstream)), 1, "requests upstream")
            return f"the upstream saw the end {(seen.closed_at - began) * 1000:.0f} ms after the signal"


@test(limit=LIMIT)
def interrupt_ends_the_call_to_chat():
    return cancelled("chat")


@test(limit=LIMIT)
def interrupt_ends_the_call_to_messages():
    return cancelled("messages")


@test(limit=LIMIT)
def ccr_code_runs_the_client():
    client_path()
    with Upstream(lambda seen: Turn(text="Plain answer.")) as upstream:
        with Home(providers_of(upstream, PORT=free_port())) as home:
            with through_ccr(home, "Say something plain.") as client:
                client.finish(LIMIT - 20)
                equal(client.result, "Plain answer.", "the final text")
                usage = client.outcome["usage"]
                equal(usage["cache_read_input_tokens"] + usage["input_tokens"], 210, "input tokens in the client's sum")
                equal(usage["output_tokens"], 17, "output tokens")
            equal(home.run("stop").returncode, 0, "exit code of `ccr stop`")
            no_foreign_fields(upstream)
            state = json.loads((home.path / ".claude.json").read_text(encoding="utf-8"))
            check(state.get("hasCompletedOnboarding") is True, "the client's state file was not seeded")
        return f"{len(upstream.seen)} request, usage 20+190 in, 17 out"


@test(limit=LIMIT)
def the_demo_answers_the_client():
    with Service() as service, by_hand(service, "hello") as client:
        client.finish(LIMIT - 20)
        check("demo" in client.result.lower(), f"the answer does not say that it is the demo: {client.result!r}")
        return f"{client.result[:60]!r}"
