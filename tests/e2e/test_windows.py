"""`ccr model refresh`: how much models hold, by their providers' own lists."""

import json

from bed.marks import check, equal, test, until
from bed.raw import question
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

HTTP = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{}"
LISTS = {  # wire: where the list is asked for, and what it says
    "chat": ("/v1/models", {"data": [{"id": "big-model", "context_length": 10_000, "top_provider": {"max_completion_tokens": 4_000}},
                                     {"id": "another", "context_length": 5}, {"id": "silent"}]}),
    "messages": ("/v1/models?limit=1000", {"data": [{"id": "big-model", "type": "model", "max_input_tokens": 10_000, "max_tokens": 4_000}]}),
    "gemini": ("/v1beta/models?pageSize=1000", {"models": [{"name": "models/big-model", "inputTokenLimit": 10_000, "outputTokenLimit": 4_000}]}),
}


def listing(wire):
    body = json.dumps(LISTS[wire][1])
    return lambda seen: Turn(raw=HTTP.format(len(body), body).encode()) if seen.method == "GET" else Turn(text="pong")


def explained(service):
    body = service.path / "body.json"
    body.write_text(json.dumps({**question("word " * 7000), "max_tokens": 8000}), encoding="utf-8")
    return json.loads(service.run("explain", "--json", str(body)).stdout)["targets"][0]


def check_wire(wire):
    with Upstream(listing(wire)) as upstream, Service(providers_of(upstream, wire)) as service:
        equal(explained(service)["maxTokens"], 8000, "before anybody asked")
        ran = service.run("model", "refresh")
        equal(ran.returncode, 0, f"exit code ({ran.stderr})")
        check("e2e,big-model: 10000 tokens of context, at most 4000 out" in ran.stdout, ran.stdout)
        equal(upstream.seen[-1].path, LISTS[wire][0], "what was asked")
        check("sk-provider-e2e-0123456789" in str(upstream.seen[-1].headers), "no credential")
        check(explained(service)["maxTokens"] < 3000, "max_tokens of the answer beside 7000 words")
        check("e2e,big-model (10000 tokens of context)" in service.run("model").stdout, "the list of models")
        equal(service.ask("word", max_tokens=8000).status, 200, "status")
        sent = upstream.seen[-1].json
        limit = sent.get("max_tokens") or sent["generationConfig"]["maxOutputTokens"]
        equal(limit, 4000, "the running service's limit")
        return upstream, service


@test()
def a_list_tells_what_models_hold_and_the_running_service_follows():
    for wire in LISTS:
        check_wire(wire)


@test()
def it_outlives_a_restart_and_a_changed_configuration_and_can_be_forgotten():
    with Upstream(listing("chat")) as upstream, Service(providers_of(upstream)) as service:
        def limit():
            equal(service.ask("word", max_tokens=8000).status, 200, "status")
            return upstream.seen[-1].json["max_tokens"]

        equal(service.run("model", "refresh", "e2e").returncode, 0, "exit code")
        service.stop()
        service.start()
        equal(limit(), 4000, "after a restart")
        config = providers_of(upstream)
        config["Providers"][0]["traits"] = {"context_window": 9000}
        service.write_config(config)
        until(lambda: "9000 tokens" in service.run("model").stdout, "the configuration's own word")
        until(lambda: limit() == 4000, "the list's limit beside it")
        equal(service.run("model", "forget").returncode, 0, "exit code")
        equal(limit(), 8000, "when it is forgotten")


@test()
def what_cannot_be_asked_is_told():
    with Upstream(lambda seen: Turn(status=500, message="no list")) as upstream:
        config = providers_of(upstream)
        config["Providers"].append({"name": "odd", "api_base_url": upstream.base + "/v1/answers", "api_key": "k", "models": ["m"]})
        with Service(config) as service:
            ran = service.run("model", "refresh")
            equal(ran.returncode, 1, "exit code")
            for part in ("Provider e2e answered 500", "Provider odd has no list of models"):
                check(part in ran.stderr, ran.stderr)
            check("no provider named" in service.run("model", "refresh", "nobody").stderr, "an unknown provider")
