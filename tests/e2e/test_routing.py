"""Where requests go, seen from the upstream: the user's rules, tags, headers, stickiness, and what is told of it."""

import json
import pathlib
import re

from bed.claude import by_hand
from bed.marks import check, each, equal, test, until
from bed.raw import question, request
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
TAG = "<CCR-SUBAGENT-MODEL>e2e,sub-model</CCR-SUBAGENT-MODEL>"
SCENARIOS = {"background": "back", "think": "think", "longContext": "long", "webSearch": "search", "image": "image"}


def config_of(upstream, wire="chat", router=None, **more):
    """A target of its own for every scenario, all of them the scripted upstream."""
    provider = {"name": "e2e", "api_base_url": upstream.url(wire), "api_key": "sk-provider-e2e-0123456789",
                "models": ["main"]}
    routes = {scenario: f"e2e,{model}" for scenario, model in SCENARIOS.items()}
    return {"Providers": [provider], "Router": {"default": "e2e,main", **routes, **(router or {})}, **more}


def model_of(service, upstream, headers=None, status=200, **more):
    before = len(upstream.seen)
    answer = service.ask(headers=headers, **more)
    equal(answer.status, status, f"status of {answer.body[:300]}")
    equal(len(upstream.seen), before + 1, "requests upstream")
    return upstream.seen[-1].model


@test()
def a_header_chooses_and_reasons_come_back_to_who_asks():
    with Upstream() as upstream, Service(config_of(upstream)) as service:
        plain = service.ask()
        check("x-ccr-route" not in plain.headers, "reasons that nobody asked for")
        for stream in (False, True):
            answer = service.ask(headers={"x-ccr-model": "e2e,chosen", "x-ccr-reasons": "1"}, stream=stream)
            equal(answer.headers.get("x-ccr-route"), "e2e,chosen", "x-ccr-route")
            check("+ x-ccr-model: the header asks for e2e,chosen" in answer.headers["x-ccr-reasons"],
                  answer.headers["x-ccr-reasons"])
            seen = upstream.seen[-1]
            equal(seen.model, "chosen", "model upstream")
            check(not any(name.startswith("x-ccr") for name in seen.headers), f"sent on: {seen.headers}")
        wrong = service.ask(headers={"x-ccr-model": "nobody,x", "x-ccr-reasons": "1"})
        equal(wrong.status, 404, "status")
        check("refused" in wrong.headers["x-ccr-reasons"], "a refusal without its reasons")
    with Upstream() as upstream, Service(config_of(upstream, router={"reasons": True})) as service:
        equal(service.ask().headers.get("x-ccr-route"), "e2e,main", "x-ccr-route by configuration")
        check("x-ccr-route" not in service.ask(headers={"x-ccr-reasons": "0"}).headers, "who does not want them")


@test()
def rules_deny_in_the_clients_words():
    rules = [{"name": "no secrets", "when": {"text": "secret"}, "deny": "Secrets stay here."}]
    with Upstream() as upstream, Service(config_of(upstream, router={"rules": rules})) as service:
        asked = {"/v1/messages": question("my secret"),
                 "/v1/chat/completions": {"model": "gpt-9", "messages": [{"role": "user", "content": "my secret"}]},
                 "/v1/responses": {"model": "gpt-9", "input": "my secret"},
                 "/v1beta/models/gemini-9:generateContent": {"contents": [{"role": "user", "parts": [{"text": "my secret"}]}]}}
        for path, body in asked.items():
            answer = service.request("POST", path, body)
            equal(answer.status, 422, f"status at {path}")
            equal(answer.json["error"]["message"], "Secrets stay here.", f"message at {path}")
        lines = [json.loads(line) for line in service.log_text().splitlines() if '"event":"routed"' in line]
        equal([line["refused"] for line in lines], ["Secrets stay here."] * len(asked), "what the log says")
        equal(upstream.seen, [], "requests upstream")


@test()
def the_real_client_shows_a_denial_as_it_is():
    rules = [{"name": "no secrets", "when": {"text": "secret"}, "deny": "Secrets stay here."}]
    with Upstream() as upstream, Service(config_of(upstream, "messages", {"rules": rules})) as service:
        with by_hand(service, "Tell me the secret.") as client:
            client.finish()
            equal(client.outcome.get("result"), "API Error: 422 Secrets stay here.", "what the client says")
        equal(upstream.seen, [], "requests upstream")


@test()
def rules_edit_what_goes_out_on_both_lanes():
    rules = [{"name": "cool", "when": {"headers": {"x-team": "blue"}},
              "patch": [{"set": "/temperature", "value": 0.25}, {"delete": "/metadata"}, {"clamp": "/max_tokens", "max": 77}]}]
    for wire in ("messages", "chat"):
        with Upstream() as upstream, Service(config_of(upstream, wire, {"rules": rules})) as service:
            service.ask(headers={"x-team": "blue"}, metadata={"user_id": "u"})
            body = upstream.seen[-1].json
            equal(body["temperature"], 0.25, f"temperature on {wire}")
            equal(body["max_tokens"], 77, f"max_tokens on {wire}")
            check("metadata" not in body, f"metadata is still there on {wire}")
            service.ask()
            check("temperature" not in upstream.seen[-1].json, "an edit without its condition")


@test()
def a_subagents_tag_is_followed_and_goes_no_further():
    system = [{"type": "text", "text": "You are an agent."}, {"type": "text", "text": f'Be "brief".\n{TAG}\nGo. 你好'}]
    for wire in ("messages", "chat"):
        with Upstream() as upstream, Service(config_of(upstream, wire)) as service:
            equal(model_of(service, upstream, system=system), "sub-model", f"model on {wire}")
            check(b"CCR-SUBAGENT" not in upstream.seen[-1].body, "the tag went out")
            check('Be "brief".\nGo. 你好' in upstream.seen[-1].system_text(), upstream.seen[-1].system_text())
            if wire == "messages":
                sent = json.dumps(question(system=system)).replace(json.dumps(TAG + "\n")[1:-1], "")
                equal(upstream.seen[-1].body.decode(), sent.replace("claude-sonnet-4-5", "sub-model"), "bytes on the verbatim lane")
            broken = [{"type": "text", "text": "<CCR-SUBAGENT-MODEL>oops\nGo."}]
            answer = service.ask(headers={"x-ccr-reasons": "1"}, system=broken)
            equal(upstream.seen[-1].model, "main", "model of a broken tag")
            check(b"CCR-SUBAGENT" not in upstream.seen[-1].body, "a broken tag went out")
            check("is not closed" in answer.headers["x-ccr-reasons"], answer.headers["x-ccr-reasons"])
            check("subagent tag ignored" in service.output_text(), "no word of it in the log")


@test()
def a_conversation_stays_with_the_fallback_that_answered():
    def script(seen):
        return Turn(status=529, message="busy") if seen.model == "main" and state["down"] else Turn(text="pong")

    state = {"down": True}
    header = {"x-claude-code-session-id": "0d5e0000-0000-4000-8000-0000000000bb"}
    fallback = {"default": ["e2e,second"]}
    for stickiness, wanted in (("prefer", "second"), ("off", "main")):
        state["down"] = True
        with Upstream(script) as upstream, \
                Service(config_of(upstream, router={"stickiness": stickiness}, fallback=fallback)) as service:
            equal(service.ask(headers=header).status, 200, "status")
            equal([s.model for s in upstream.seen], ["main", "second"], "attempts")
            state["down"] = False
            until(lambda: model_of(service, upstream, header) == wanted, f"the next request, stickiness {stickiness}")
            service.stop()
            service.start()
            until(lambda: model_of(service, upstream, header) == wanted, f"after a restart, stickiness {stickiness}")
            equal(model_of(service, upstream), "main", "another conversation")
            config = config_of(upstream, router={"default": "e2e,new", "stickiness": stickiness}, fallback=fallback)
            service.write_config(config)
            until(lambda: model_of(service, upstream, header) == "new", "the Router's new choice")


@test()
def the_application_log_holds_every_rule_that_was_asked():
    with Upstream() as upstream, Service(config_of(upstream)) as service:
        service.ask()
        lines = [json.loads(line) for line in service.log_text().splitlines() if '"event":"routed"' in line]
        names = [rule["rule"] for rule in lines[-1]["considered"]]
        equal(names, ["x-ccr-model", "custom router", "subagent tag", "explicit model", "alias", "listed model", "image",
                      "longContext", "background", "webSearch", "think", "slot", "default"], "rules")
        equal([rule["rule"] for rule in lines[-1]["considered"] if rule["applied"]], ["default"], "rules that applied")


@test()
def r3_k1_special_tokens_in_a_text_cost_nobody_an_answer():
    with Upstream() as upstream, Service(config_of(upstream)) as service:
        text = "<|endoftext|> <|fim_prefix|> <|endofprompt|>"
        equal(model_of(service, upstream, text=text, model="e2e,asked"), "asked", "model")
        counted = service.request("POST", "/v1/messages/count_tokens", question(text))
        equal(counted.status, 200, "status of count_tokens")
        check(counted.json["input_tokens"] > 10, counted.body)


@test()
def r5_a_long_session_stays_long_whatever_way_it_was_answered():
    long_text = "word " * 3000
    header = {"x-claude-code-session-id": "0d5e0000-0000-4000-8000-0000000000cc"}
    router = {"longContextThreshold": 150, "longContextMinimum": 20, "stickiness": "off"}
    for stream in (False, True):
        for wire in ("chat", "messages"):
            with Upstream() as upstream, Service(config_of(upstream, wire, router)) as service:
                equal(model_of(service, upstream, text=long_text, stream=stream), "long", "model")
                equal(model_of(service, upstream, header, stream=stream), "main", "a short one")
                # The scripted figures are 20 tokens and 190 from the cache: over the threshold only together.
                until(lambda: model_of(service, upstream, header, text="word " * 60, stream=stream) == "long",
                      f"after an answer of 210 tokens on {wire}, stream {stream}")


@test()
def r13_r16_fallback_follows_a_dead_provider_too():
    with Upstream() as upstream:
        config = config_of(upstream, fallback={"default": ["e2e,second"]})
        config["Providers"].append({**config["Providers"][0], "name": "dead", "api_base_url": "http://127.0.0.1:9/v1/chat/completions"})
        config["Router"]["default"] = "dead,main"
        with Service(config) as service:
            equal(model_of(service, upstream), "second", "model")


def replay(service, name):
    """A recorded request of the real client, as it was sent."""
    recorded = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    headers = {k: v for k, v in recorded["headers"].items() if k not in ("content-length", "accept-encoding", "authorization")}
    return request(service.port, recorded["method"], recorded["url"], recorded["body"], headers)


@test()
def recorded_requests_go_to_their_scenarios():
    wanted = {"tui-title-request": "back", "model-haiku-5-5": "back", "websearch-inner": "search", "first-turn": "main",
              "tui-first-turn": "main", "thinking-turn-1": "main", "model-sonnet-4-5-budget-thinking": "think",
              "classic-shape-sonnet-4-5": "main", "image-in-tool-result": "image", "subagent-child-1": "main"}
    with Upstream() as upstream, Service(config_of(upstream, "messages")) as service:

        def trial(name):
            equal(replay(service, f"claude-code/{name}.json").status, 200, "status")
            equal(upstream.seen[-1].model, wanted[name], "model")

        each(wanted, trial)


def models_of_run(service, upstream, prompt="Say pong.", **more):
    before = len(upstream.seen)
    with by_hand(service, prompt, **more) as client:
        client.finish()
        check("pong" in client.result, client.result)
    return [s.model for s in upstream.seen[before:] if s.json.get("messages")]


@test(limit=60)
def the_real_client_thinks_only_when_it_is_asked_to():
    with Upstream() as upstream, Service(config_of(upstream, "messages", {"longContextThreshold": 30_000})) as service:
        equal(models_of_run(service, upstream), ["main"], "models")
        equal(models_of_run(service, upstream, arguments=["--effort", "high"]), ["think"], "models with --effort high")
        equal(models_of_run(service, upstream, permissions="--permission-mode=plan"), ["think"], "models in plan mode")
        equal(models_of_run(service, upstream, arguments=["--model", "e2e,mine"]), ["mine"], "models with --model")
        equal(models_of_run(service, upstream, "Say pong to this:" + " lorem" * 21_000), ["long"], "models of 176 KB")


def delegate(seen):
    """The parent hands an errand to an agent; whoever has no such tool answers."""
    tools = [tool.get("name") for tool in seen.json.get("tools", [])]
    if "web_search" in tools:
        return Turn(text="pong from the search")
    if "errand" in seen.user_text() and not seen.results() and "Agent" in tools and "DELEGATE" in seen.user_text():
        errand = {"description": "an errand", "prompt": f"{TAG}\nAnswer the errand.", "subagent_type": "general-purpose",
                  "run_in_background": False}
        return Turn(calls=[("Agent", errand)])
    if "SEARCH" in seen.user_text() and not seen.results():
        return Turn(calls=[("WebSearch", {"query": "otters"})])
    return Turn(text="pong")


@test(limit=60)
def the_real_clients_subagents_and_searches_go_their_own_way():
    with Upstream(delegate) as upstream, Service(config_of(upstream, "messages")) as service:
        models = models_of_run(service, upstream, "DELEGATE the errand.")
        equal(models[0], "main", "the parent's model")
        check("sub-model" in models, f"the subagent went to {models}")
        check(all(b"CCR-SUBAGENT-MODEL" not in s.body for s in upstream.seen if s.model == "sub-model"), "the tag went out")
        check("search" in models_of_run(service, upstream, "SEARCH for otters."), "the search went elsewhere")
    rules = [{"name": "agents", "when": {"subagent": True, "system": "You are an agent for Claude Code*"}, "use": "e2e,agents"}]
    with Upstream(lambda seen: delegate_untagged(seen)) as upstream, \
            Service(config_of(upstream, "messages", {"rules": rules})) as service:
        models = models_of_run(service, upstream, "DELEGATE the errand.")
        equal((models[0], "agents" in models), ("main", True), f"the rule for agents, of {models}")


def delegate_untagged(seen):
    turn = delegate(seen)
    for _, arguments in turn.calls:
        if "prompt" in arguments:
            arguments["prompt"] = arguments["prompt"].replace(TAG, "")
    return turn


@test(limit=60)
def the_real_clients_project_has_a_router_of_its_own():
    with Upstream() as upstream, Service(config_of(upstream, "messages")) as service:
        with by_hand(service, "Say pong.") as client:
            project = re.sub(r"[^A-Za-z0-9]", "-", str(client.work))
            folder = service.state / project
            folder.mkdir()
            (folder / "config.json").write_text(json.dumps({"Router": {"default": "e2e,of-the-project"}}), encoding="utf-8")
            client.finish()
            session = next(line["session_id"] for line in client.lines if line.get("session_id"))
        header = {"x-claude-code-session-id": session}
        until(lambda: model_of(service, upstream, header) == "of-the-project", "the model of the session")


@test()
def of_many_rules_that_do_not_apply_the_log_tells_the_first_and_explain_all():
    rules = [{"name": f"rule {number}", "when": {"model": "*nothing-like-it*"}, "use": "e2e,back"} for number in range(200)]
    with Upstream() as upstream, Service(config_of(upstream, router={"rules": rules})) as service:
        equal(model_of(service, upstream), "main", "where it goes")
        line = [text for text in service.log_text().splitlines() if '"event":"routed"' in text][-1]
        told = [rule for rule in json.loads(line)["considered"] if rule["rule"].startswith("rule")]
        equal([rule["rule"] for rule in told], [f"rule {number}" for number in range(16)] + ["rules"], "rules told")
        equal(told[-1]["why"], "184 more do not apply; ccr explain tells why", "the others")
        check(len(line) < 5000, f"a log line of {len(line)} bytes")
        body = service.path / "body.json"
        body.write_text(json.dumps(question()), encoding="utf-8")
        explained = json.loads(service.run("explain", "--json", str(body)).stdout)
        names = [rule["rule"] for rule in explained["considered"] if rule["rule"].startswith("rule")]
        equal(names, [rule["name"] for rule in rules], "rules that explain tells")
