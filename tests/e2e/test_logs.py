"""What is written to disk: lines about every request, and neither keys nor prompts."""

import json
import os
import re

from bed import raw
from bed.marks import check, each, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

PROVIDER_KEY = "sk-provider-e2e-0123456789"
SECRETS = {
    "the provider's key": PROVIDER_KEY,
    "our key": "house-key-Zq81-words",
    "a key from the environment": "env-secret-77-xyzzy-value",
    "a key that was presented": "wrong-key-presented-4711-abcdef",
    "a bearer that was presented": "wrong-bearer-presented-0815-abcdef",
    "the prompt": "the otter paints a secret fence",
    "the system prompt": "you are the keeper of purple numbers",
    "a tool's result": "result-of-a-tool-nobody-may-read",
    "the answer": "the answer speaks of forty-two herons",
    "the thought": "a thought about silent marmalade",
    "the arguments of a call": "argument-value-with-jam",
    "a query": "token-in-a-query-123456",
}


def conversation():
    return raw.question(SECRETS["the prompt"], system=SECRETS["the system prompt"], tools=[
        {"name": "Bash", "input_schema": {"type": "object"}}]) | {"messages": [
            {"role": "user", "content": SECRETS["the prompt"]},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"a": 1}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": SECRETS["a tool's result"]}]}]}


def answer(seen):
    if b"please fail" in seen.body:
        return Turn(status=401, kind="authentication_error", message=f"Incorrect API key provided: {PROVIDER_KEY}.")
    return Turn(text=SECRETS["the answer"], thinking=SECRETS["the thought"],
                calls=[("Bash", {"command": SECRETS["the arguments of a call"]})])


def converse(service):
    good = {"x-api-key": SECRETS["our key"]}
    post = lambda body, headers, path="/v1/messages": service.request("POST", path, body, headers)
    for stream in (False, True):
        equal(post(conversation() | {"stream": stream}, good).status, 200, "status")
    post(conversation(), {"authorization": f"Bearer {SECRETS['our key']}"})
    equal(post(conversation(), {"x-api-key": SECRETS["a key that was presented"]}).status, 401, "status")
    post(conversation(), {"authorization": "Bearer " + SECRETS["a bearer that was presented"]})
    post(conversation(), good, "/v1/messages?api_key=" + SECRETS["a query"])
    post(conversation(), good, "/v1/messages/count_tokens")
    post(conversation(), good, f"/v1/nowhere/{SECRETS['our key']}?key={SECRETS['a query']}")
    post(json.dumps(conversation()).encode()[:-30], good)
    post(conversation() | {"messages": SECRETS["the prompt"]}, good)
    equal(post(raw.question("please fail"), good).status, 401, "status of the provider's refusal")
    post(conversation() | {"model": "e2e,keyed"}, good | {"host": "evil.example"})


# What a provider wants back with its own calls is kept for it, in a file of the user's alone; nothing else is.
KEPT = {"the thought": "state.sqlite"}


def nothing_told(where, texts):
    def look(name):
        kept = KEPT.get(name, "nowhere")
        found = [place for place, text in texts.items() if SECRETS[name] in text and kept not in place]
        check(not found, f"{name} is in {found}")

    each(SECRETS, look)
    check(texts, f"nothing was written {where}")


@test()
def no_key_and_no_prompt_at_any_level():
    sizes = {}
    for level in ("info", "debug", "trace"):
        for wire in ("chat", "messages"):
            env = {"E2E_KEY": SECRETS["a key from the environment"]}
            with Upstream(answer) as upstream:
                config = providers_of(upstream, wire, APIKEY=SECRETS["our key"], LOG=True, LOG_LEVEL=level)
                config["Providers"].append({**config["Providers"][0], "name": "other", "api_key": "$E2E_KEY"})
                with Service(config, env) as service:
                    converse(service)
                    until(lambda: '"settled"' in service.log_text(), "the line about the outcome")
                    service.stop()
                    written = service.written()
                    nothing_told("below the home", written)
                    sizes[level] = sum(len(text) for text in written.values())
                    service.alive = lambda: True  # it was ended here, on purpose
    return ", ".join(f"{level}: {size // 1024} KB" for level, size in sizes.items()) + f", {len(SECRETS)} words sought"


@test()
def a_providers_refusal_does_not_hand_out_its_key():
    """Some providers repeat the key they refuse; whoever may use ccr need not know it."""
    for wire in ("chat", "messages"):
        for stream in (False, True):
            with Upstream(answer) as upstream, Service(providers_of(upstream, wire)) as service:
                refused = service.ask("please fail", stream)
                check("Incorrect API key provided" in refused.body.decode(), f"the provider's words: {refused.body}")
                check(PROVIDER_KEY not in refused.body.decode(), f"{wire}: the client was told the key: {refused.body}")
    return "chat and messages, whole and streamed"


@test()
def one_line_per_decision_and_outcome():
    with Upstream() as upstream, Service(providers_of(upstream, LOG=True)) as service:
        for _ in range(3):
            service.ask()
        service.ask(stream=True)

        def lines():
            return [json.loads(line) for name, text in service.written().items()
                    if name.endswith("claude-code-router.log") for line in text.splitlines()]

        until(lambda: sum(line["event"] == "settled" for line in lines()) == 4, "four outcomes in the application log")
        routed = [line for line in lines() if line["event"] == "routed"]
        equal(len(routed), 4, "routing decisions")
        check(all(line["because"] for line in routed), f"a decision without a reason: {routed}")
        settled = [line for line in lines() if line["event"] == "settled"]
        check(all(line["status"] == 200 and line["inputTokens"] and line["outputTokens"] for line in settled),
              f"an outcome without status or usage: {settled}")
        equal(len({line["request"] for line in routed}), 4, "request ids")
        return f"because: {routed[0]['because'][-1]}"


@test()
def a_stop_behind_an_answer_loses_no_line_about_it():
    for _ in range(5):
        with Upstream() as upstream, Service(providers_of(upstream, LOG=True)) as service:
            for stream in (False, True):
                service.ask(stream=stream)
            service.stop()
            service.alive = lambda: True  # it was ended here, on purpose
            text = service.log_text()
            for event in ("routed", "settled"):
                equal(text.count(f'"event":"{event}"'), 2, f"lines of {event} events in {text}")
    return "5 services stopped"


@test()
def the_server_log_is_pinos():
    with Upstream() as upstream, Service(providers_of(upstream, LOG=True)) as service:
        service.request("POST", "/v1/messages", b"{")
        service.stop()
        logs = {name: text for name, text in service.written().items() if re.search(r"/logs/ccr-\d{14}(_\d+)?\.log$", name)}
        equal(len(logs), 1, "server logs")
        lines = [json.loads(line) for line in next(iter(logs.values())).splitlines()]
        for line in lines:
            check({"level", "time", "pid", "hostname", "msg"} <= set(line), f"fields are missing: {line}")
        check(any(line["msg"] == "request refused" for line in lines), "no line about the refusal")
        modes = {oct(p.stat().st_mode & 0o777) for p in service.state.rglob("*.log")}
        equal(modes, {"0o600"}, "modes of the log files")
        service.alive = lambda: True
        return f"{len(lines)} lines"


@test()
def log_false_writes_no_server_log():
    with Upstream() as upstream, Service(providers_of(upstream, LOG=False)) as service:
        service.ask()
        service.stop()
        logs = [name for name in service.written() if "/logs/ccr-" in name]
        equal(logs, [], "server logs")
        service.alive = lambda: True
    return "none written"


@test()
def o5_log_files_of_former_runs_go_when_they_are_too_much():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        service.stop()
        logs = service.state / "logs"
        for number in range(12):
            old = logs / f"ccr-202501010000{number:02}.log"
            old.touch()
            os.truncate(old, 20 << 20)
            os.utime(old, (1_700_000_000 + number, 1_700_000_000 + number))
        service.start()
        service.ask()

        def size():
            return sum(path.stat().st_size for path in logs.glob("*.log"))

        until(lambda: size() <= 100 << 20, "100 MB of logs at most")
        check(not (logs / "ccr-20250101000000.log").exists(), "the oldest is still there")
