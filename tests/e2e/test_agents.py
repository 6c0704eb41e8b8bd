"""Codex, Gemini CLI and opencode through ccr, each over a protocol that is not its own; with E2E_FULL over all."""

import functools

from bed.agent_work import DONE, TEXT, plain, tool_loop
from bed.agents import OPENCODE, Run
from bed.marks import check, equal, test
from bed.service import Service, providers_of
from bed.upstream import Upstream
from bed.wires import WIRES

LIMIT = 120


def smoke(agent, wire, **more):
    """A plain answer, then a loop of two tool calls."""
    with Upstream(plain) as upstream, Service(providers_of(upstream, wire)) as service:
        with Run(agent, service.url, "Say it.", **more) as run:
            run.says(DONE)
        upstream.script = tool_loop
        with Run(agent, service.url, "Carry on. DIR=WORK ", **more) as run:
            run.says(DONE)
            equal((run.work / "made.txt").read_text(encoding="utf-8"), TEXT, "the file that the client wrote")
        results = max((seen.results() for seen in upstream.seen), key=len)
        equal(len(results), 2, "tool results upstream")
        # Google's protocol goes without ids, and opencode sends it none.
        ids = [call for call, _ in results if call]
        check(len(set(ids)) == len(ids) and (ids or wire == "gemini"), f"ids of tool results upstream: {ids}")
        check("你好" in results[-1][1], f"what the command printed did not reach the provider: {results[-1]}")
        return f"{len(upstream.seen)} requests over {wire}"


@test(limit=LIMIT)
def codex_over_chat():
    return smoke("codex", "chat")


@test(limit=LIMIT)
def gemini_cli_over_messages():
    return smoke("gemini", "messages")


@test(limit=LIMIT)
def opencode_over_responses():
    return smoke("opencode", "responses")


def smokes(agent, **more):
    """One after the other: each of these clients is a large program."""
    return "; ".join(smoke(agent, wire, **more) for wire in WIRES)


for _agent in ("codex", "gemini"):
    globals()[f"{_agent}_over_every_wire"] = test(limit=600, full=True)(functools.partial(smokes, _agent))
for _wire in OPENCODE:
    globals()[f"opencode_speaking_{_wire}_over_every_wire"] = test(limit=600, full=True)(
        functools.partial(smokes, "opencode", speaking=_wire))
