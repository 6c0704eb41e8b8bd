"""The worked examples of docs/extending.md, run as they stand there."""

import json
import pathlib
import re

from bed.claude import by_hand
from bed.marks import check, equal, test, until
from bed.raw import question
from bed.service import ROOT, Service
from bed.turns import Turn
from bed.upstream import Upstream

CONFIG = "~/.claude-code-router/config.json"


def files_of(number):
    """The files of one example, by the path that the first line of each block names."""
    text = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {number}\. .*?(?=^###? |\Z)", text, re.DOTALL | re.MULTILINE)
    check(section, f"docs/extending.md has no example {number}")
    found = dict(re.findall(r"^```(?:json5|js)\n// (\S+)\n(.*?)^```$", section[0], re.DOTALL | re.MULTILINE))
    check(CONFIG in found, f"example {number} has no configuration: {list(found)}")
    return found


class Example(Service):
    def __init__(self, number, upstream):
        files = files_of(number)
        config = files.pop(CONFIG).replace("https://gate.example.com", upstream.base)
        super().__init__({"Providers": []}, env={"GATE_KEY": "sk-gate-e2e-0123456789"})
        for name, content in files.items():
            path = pathlib.Path(name.replace("~", str(self.path)))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        self.write_config(config)
        until(lambda: b"large" in self.request("GET", "/v1/models").body, "the configuration")
        status = json.loads(self.tell("status", "--json"))
        wrong = [finding for finding in status["findings"] if finding["severity"] != "note"]
        equal(wrong, [], f"findings of example {number}")


@test()
def there_are_five():
    text = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    equal(re.findall(r"^### (\d)\. ", text, re.MULTILINE), ["1", "2", "3", "4", "5"], "examples")


@test()
def a_rule_sends_searches_to_the_small_model():
    with Upstream(lambda _: Turn(text="pong")) as upstream, Example(1, upstream) as service:
        service.ask()
        service.ask(system="You are a file search specialist for Claude Code.")
        equal([seen.model for seen in upstream.seen], ["large", "small"], "models")


@test()
def a_patch_sets_one_member_and_bounds_another():
    with Upstream(lambda _: Turn(text="pong")) as upstream, Example(2, upstream) as service:
        service.ask(max_tokens=32000)
        sent = upstream.seen[-1].json
        equal(sent["chat_template_kwargs"], {"enable_thinking": False}, "the member")
        equal(sent.get("max_tokens") or sent["max_completion_tokens"], 4096, "the bound")


@test()
def a_custom_router_counts_the_requests_of_a_day():
    with Upstream(lambda _: Turn(text="pong")) as upstream, Example(3, upstream) as service:
        answers = [service.ask() for _ in range(4)]
        equal([seen.model for seen in upstream.seen], ["large", "large", "large", "small"], [one.headers["x-ccr-reasons"] for one in answers])
        check("3 requests today" in answers[-1].headers["x-ccr-reasons"], answers[-1].headers["x-ccr-reasons"])


@test()
def a_transformer_reads_its_token():
    with Upstream(lambda _: Turn(text="pong")) as upstream, Example(4, upstream) as service:
        (service.path / ".gate").mkdir()
        for token in ("first", "second"):
            (service.path / ".gate" / "token").write_text(f"{token}\n", encoding="utf-8")
            equal(service.ask(max_tokens=32000).status, 200, "status")
            seen = upstream.seen[-1]
            equal((seen.headers["authorization"], seen.headers["x-team"]), (f"Bearer {token}", "blue"), "headers")
            equal(seen.json.get("max_tokens") or seen.json["max_completion_tokens"], 4096, "the built-in of the model")


@test(limit=60)
def names_stay_here_and_are_in_the_answer_with_the_real_client():
    def answers(seen):
        # What is held back at the end comes, too; the client's result is the last block alone.
        end = "" if "pong" in seen.user_text() else ": NAME"
        return Turn(text="Hello NAME-1, and NAME-1 again" + end, chunk=3)

    with Upstream(answers) as upstream, Example(5, upstream) as service:
        for stream in (False, True):
            body = question("I am Otterby.", stream)
            text = service.request("POST", "/v1/messages", body).body.decode()
            if stream:
                events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
                text = "".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta")
            check("Hello Otterby, and Otterby again: NAME" in text and "NAME-1" not in text, text)
            equal(upstream.seen[-1].user_text(), "I am NAME-1.", "upstream")
        with by_hand(service, "I am Otterby. Say pong.") as client:
            client.finish()
            check("Hello Otterby, and Otterby again" in client.result, client.result)
        check(all(b"Otterby" not in seen.body for seen in upstream.seen), "a name that left")
