"""Tokens counted by a server that the configuration names, and by ccr itself where that fails."""

import json
import time

from bed.marks import check, equal, test
from bed.raw import question
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

COUNTED = 77_777
HTTP = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{}"


class Counting:
    """An upstream that counts where it is asked to, unless it is `broken` or `slow`."""

    def __init__(self):
        self.broken, self.slow = False, 0.0

    def __call__(self, seen):
        if "count" not in seen.path and "input_tokens" not in seen.path:
            return Turn(text="pong")
        if self.broken:
            return Turn(status=500, message="no counting today")
        answer = json.dumps({"input_tokens": COUNTED, "totalTokens": COUNTED, "token_count": COUNTED})
        return Turn(before=self.slow, raw=HTTP.format(len(answer), answer).encode())


def service_of(upstream, wire, tokenizer, **router):
    provider = {"name": "e2e", "api_base_url": upstream.url(wire), "api_key": "sk-provider-e2e-0123456789",
                "models": ["big-model"], "tokenizer": {"default": tokenizer}}
    return Service({"Providers": [provider], "Router": {"default": "e2e,big-model", **router}})


def counted(service):
    answer = service.request("POST", "/v1/messages/count_tokens", question("word " * 500))
    equal(answer.status, 200, f"status of {answer.body[:300]}")
    return answer.json["input_tokens"]


@test()
def count_tokens_asks_the_targets_own_endpoint():
    paths = {"messages": "/v1/messages/count_tokens", "responses": "/v1/responses/input_tokens",
             "gemini": "/v1beta/models/big-model:countTokens"}
    for wire, path in paths.items():
        script = Counting()
        with Upstream(script) as upstream, service_of(upstream, wire, {"type": "api"}) as service:
            equal(counted(service), COUNTED, f"tokens by {wire}")
            seen = upstream.seen[-1]
            equal((seen.path, seen.method), (path, "POST"), "what was asked")
            check("word word" in seen.body.decode(), seen.body[:300])
            check("sk-provider-e2e-0123456789" in str(seen.headers), f"no credential among {seen.headers}")
            script.broken = True
            check(500 < counted(service) < 700, "tokens counted by ccr itself")


@test()
def k4_a_server_that_does_not_answer_costs_a_second_at_most_and_is_left_in_peace():
    script = Counting()
    tokenizer = {"type": "api", "apiKey": "sk-count-e2e-0123456789"}
    with Upstream(script) as upstream:
        tokenizer["url"] = upstream.base + "/count"
        router = {"longContext": "e2e,long", "longContextThreshold": 600}
        with service_of(upstream, "chat", tokenizer, **router) as service:
            service.ask(text="word " * 500)
            equal([s.path for s in upstream.seen], ["/count", "/v1/chat/completions"], "requests upstream")
            equal(upstream.seen[-1].model, "long", "model by the server's count")
            check("sk-count-e2e-0123456789" in upstream.seen[0].headers["authorization"], "the server's own key")
            service.ask(text="short")
            equal(len(upstream.seen), 3, "requests upstream when nothing hangs on the count")
            script.slow = 20.0
            began = time.monotonic()
            service.ask(text="word " * 500)
            check(time.monotonic() - began < 4, f"{time.monotonic() - began:.1f} s with a silent server")
            equal(upstream.seen[-1].model, "big-model", "model by the local count")
            before = len(upstream.seen)
            service.ask(text="word " * 500)
            equal(len(upstream.seen), before + 1, "requests upstream while the server is left in peace")
            check("the server that counts them failed" in service.output_text(), "no word of it in the log")
            check("sk-count-e2e" not in service.log_text() + service.output_text(), "the key is in a log")
