"""Answers that were translated have ids of ccr's own: providers repeat theirs, and Claude Code groups answers by id."""

import re

from bed import turns
from bed.marks import check, equal, test
from bed.raw import question
from bed.service import Service, providers_of
from bed.upstream import Upstream

ASKED = {"role": "user", "content": "ping"}
PARTS = {"contents": [{"role": "user", "parts": [{"text": "ping"}]}]}


def path_and_body(client, stream):
    if client == "gemini":
        return f"/v1beta/models/big-model:{'streamGenerateContent?alt=sse' if stream else 'generateContent'}", PARTS
    paths = {"messages": "/v1/messages", "chat": "/v1/chat/completions", "responses": "/v1/responses"}
    more = {"input": "ping"} if client == "responses" else {"messages": [ASKED]}
    return paths[client], {**question(stream=stream), "model": "big-model", "messages": None, **more}


def ids(service, client, stream):
    """Those of one answer, each once."""
    path, body = path_and_body(client, stream)
    answer = service.request("POST", path, {name: value for name, value in body.items() if value is not None})
    equal(answer.status, 200, f"status of {answer.body[:300]}")
    name = b"responseId" if client == "gemini" else b"id"
    own = {"messages": b"msg_", "chat": b"chatcmpl-", "responses": b"resp_", "gemini": b"req_"}[client]
    return set(re.findall(b'"' + name + b'": ?"(' + own + b'[^"]*)"', answer.body))


@test()
def each_answer_has_an_id_of_its_own_whatever_the_provider_calls_it():
    turns.ANSWERS = iter(lambda: 7, None)  # every answer is the same to this provider
    for client in ("messages", "chat", "responses", "gemini"):
        wire = "messages" if client == "chat" else "chat"
        with Upstream() as upstream, Service(providers_of(upstream, wire)) as service:
            found = [ids(service, client, stream) for stream in (True, False) for _ in range(2)]
            equal([len(some) for some in found], [1] * 4, f"ids in each answer to {client}: {found}")
            equal(len(set.union(*found)), 4, f"different ids among {found}")
            check(not any(re.fullmatch(rb"[a-z]+[_-]e2e7", one) for some in found for one in some), f"the provider's id among {found}")
