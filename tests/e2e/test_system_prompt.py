"""REWRITE_SYSTEM_PROMPT: the user's instructions in the place of the client's, as the upstream sees them."""

from bed.claude import by_hand
from bed.marks import check, equal, test
from bed.raw import question
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

TEXT = 'My "instructions".\n你好 C:\\new\n'


def service_of(upstream, wire):
    """The file is named from the home, as shells do it."""
    return Service(providers_of(upstream, wire, REWRITE_SYSTEM_PROMPT="~/prompt.md"))


def system_of(service, upstream, blocks):
    answer = service.request("POST", "/v1/messages", question(system=[{"type": "text", "text": text} for text in blocks]))
    equal(answer.status, 200, f"status of {answer.body[:300]}")
    return upstream.seen[-1].system_text().strip("\n")


@test()
def r10_a_file_that_is_not_there_costs_no_request_and_an_edited_one_holds_at_once():
    old = ["Who I am.", "Instructions.\n<env>\nPlatform: linux\n</env>\nMore."]
    for wire in ("messages", "chat"):
        with Upstream() as upstream, service_of(upstream, wire) as service:
            check("Instructions." in system_of(service, upstream, old), "without its file")
            system_of(service, upstream, old)
            equal(service.output_text().count("prompt.md, which is not there"), 1, "times it was told")
            (service.path / "prompt.md").write_text(TEXT, encoding="utf-8")
            prompt = system_of(service, upstream, old)
            check(prompt.startswith("Who I am.") and prompt.endswith(f"\n{TEXT}<env>\nPlatform: linux\n</env>\nMore."), prompt)
            check("Instructions." not in prompt, prompt)
            (service.path / "prompt.md").write_text("Others.", encoding="utf-8")
            check("Others.<env>" in system_of(service, upstream, old), "an edited file")
            check("Others." not in system_of(service, upstream, ["Who I am.", "No place."]), "another prompt")


@test(limit=60)
def the_real_clients_main_agent_gets_the_text_and_its_subagents_keep_theirs():
    def delegate(seen):
        tools = [tool.get("name") for tool in seen.json.get("tools", [])]
        if "Agent" in tools and "DELEGATE" in seen.user_text() and not seen.results():
            return Turn(calls=[("Agent", {"description": "an errand", "prompt": "Answer it.", "run_in_background": False,
                                          "subagent_type": "general-purpose"})])
        return Turn(text="pong")

    with Upstream(delegate) as upstream, service_of(upstream, "messages") as service:
        (service.path / "prompt.md").write_text(TEXT, encoding="utf-8")
        with by_hand(service, "DELEGATE the errand.") as client:
            client.finish()
            check("pong" in client.result, client.result)
        asked = [s for s in upstream.seen if s.json.get("messages")]
        mains = [s for s in asked if "x-claude-code-agent-id" not in s.headers]
        agents = [s for s in asked if "x-claude-code-agent-id" in s.headers]
        check(mains and agents, f"{len(mains)} requests of the main agent and {len(agents)} of subagents")
        for seen in mains:
            blocks = [block["text"] for block in seen.json["system"]]
            check(blocks[-1].startswith(TEXT + "# Environment\n"), blocks[-1][:300])
            check("You are" in "".join(blocks[:-1]), "the client's first block")
        for seen in agents:
            check("My \"instructions\"" not in seen.system_text(), "a subagent's prompt was rewritten")
