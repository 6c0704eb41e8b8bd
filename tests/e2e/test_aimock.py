"""A third party's provider: real clients run a loop of tools over it, and what it records through ccr it replays."""

from bed.agents import Run
from bed.aimock import Aimock
from bed.claude import by_hand
from bed.marks import check, equal, test
from bed.raw import question
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

LIMIT = 120
DONE = "The file is written, DONE-9."
PROMPT = "Write the file now."


def loop_of(tool, arguments):
    """Fixtures: one tool call, and the end when its result is there."""
    return [{"match": {"userMessage": PROMPT, "hasToolResult": False},
             "response": {"content": "I write it.", "toolCalls": [{"name": tool, "arguments": arguments}]}},
            {"match": {"hasToolResult": True}, "response": {"content": DONE}},
            {"match": {}, "response": {"content": "A title"}}]


def loop(wire, tool, argument, run):
    """`run` asks the client; the client's command must have written its file."""
    arguments = {argument: "echo said-by-aimock > made.txt", "description": "writes the file"}
    if tool == "exec_command":
        del arguments["description"]
    with Aimock(loop_of(tool, arguments)) as provider, Service(providers_of(provider, wire)) as service:
        made = run(service)
        equal(made, "said-by-aimock\n", "the file that the client wrote")
    return f"one tool call over aimock's {wire}"


def by_agent(agent):
    def run(service):
        with Run(agent, service.url, PROMPT) as client:
            client.says(DONE)
            return (client.work / "made.txt").read_text(encoding="utf-8")
    return run


def by_claude(service):
    with by_hand(service, PROMPT) as client:
        client.finish(LIMIT - 20)
        equal(client.result, DONE, "the final text")
        return (client.work / "made.txt").read_text(encoding="utf-8")


@test(limit=LIMIT)
def claude_code_over_chat():
    return loop("chat", "Bash", "command", by_claude)


@test(limit=LIMIT)
def codex_over_messages():
    return loop("messages", "exec_command", "cmd", by_agent("codex"))


@test(limit=LIMIT)
def opencode_over_gemini():
    return loop("gemini", "bash", "command", by_agent("opencode"))


def answers_of(service):
    """A text and a tool call, each streamed and whole: what the caller gets to see of them."""
    tool = {"name": "look", "description": "looks", "input_schema": {"type": "object", "properties": {}}}
    shown = []
    for text, more in (("say it", {}), ("call it", {"tools": [tool]})):
        for stream in (True, False):
            answer = service.request("POST", "/v1/messages", question(text, stream, **more))
            equal(answer.status, 200, f"the answer to {text!r}: {answer.body[:400]}")
            blocks = answer.json["content"] if not stream else [
                data["content_block"] for name, data in answer.events if name == "content_block_start"]
            shown.append((answer.text, [(block["type"], block.get("name")) for block in blocks]))
    return shown


def recorded(seen):
    if "call it" in seen.user_text():
        return Turn(calls=[("look", {"at": "naïve 你好"})])
    return Turn(text="Said once, naïve 你好.")


@test(limit=60)
def what_it_records_through_ccr_it_replays():
    with Upstream(recorded) as upstream:
        with Aimock(arguments=("--record", "--provider-openai", upstream.base)) as provider:
            with Service(providers_of(provider)) as service:
                first = answers_of(service)
            asked = len(upstream.seen)
            equal(first[0], ("Said once, naïve 你好.", [("text", None)]), "the first answer")
            equal(first[2][1], [("tool_use", "look")], "the third answer's blocks")
            check(asked > 0, "nothing was passed on while it recorded")
            with Aimock(folder=provider.folder, arguments=("--strict",)) as replaying:
                with Service(providers_of(replaying)) as service:
                    equal(answers_of(service), first, "the answers replayed")
        equal(len(upstream.seen), asked, "requests that reached the provider behind it")
    return f"{len(first)} answers, {asked} recorded"
