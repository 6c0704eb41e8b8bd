"""Defects of the reference on a request's way (P of its list), in its transformers (T13) and streams (B16), each a
test of its number."""

import json
import os
import time

from bed import raw
from bed.marks import check, equal, test
from bed.proxies import http_proxy
from bed.service import Service, providers_of
from bed.turns import Turn, chat_body, chat_events
from bed.upstream import Upstream

TOOL = {"name": "Read", "description": "reads", "input_schema": {
    "type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}}


def as_sse(turn):
    """An event stream, whatever was asked for."""
    body = b"".join(chat_events(turn, "m"))
    return b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n" + body


def as_json(turn):
    """A whole answer, whatever was asked for."""
    body = json.dumps(chat_body(turn, "m")).encode()
    return (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body))


def transformed(upstream, wire, transformer, **more):
    """A configuration whose provider has transformers, those of the model `big-model` under its name."""
    config = providers_of(upstream, wire, **more)
    config["Providers"][0]["transformer"] = transformer
    return config


@test()
def p2_a_models_transformers_see_the_answer_though_the_body_names_no_model():
    turn = Turn(text="<reasoning_content>first I think</reasoning_content>then I answer")
    with Upstream(lambda seen: turn) as upstream:
        config = transformed(upstream, "gemini", {"use": ["gemini"], "big-model": {"use": ["forcereasoning"]}})
        with Service(config) as service:
            for stream in (True, False):
                answer = service.ask(stream=stream)
                equal(answer.text.strip(), "then I answer", "text")
                check(b'"thinking"' in answer.body, "the thought is lost")
        check("model" not in upstream.seen[-1].json, "a body of Gemini's names no model")


@test()
def p4_the_credential_is_the_one_that_the_transformer_asks_for():
    for options, wanted in (({"UseBearer": True}, "authorization"), ({"UseBearer": False}, "x-api-key")):
        with Upstream() as upstream:
            with Service(transformed(upstream, "messages", {"use": [["Anthropic", options]]})) as service:
                equal(service.ask().text, "pong", "the answer")
            headers = upstream.seen[-1].headers
            sent = [name for name in ("authorization", "x-api-key") if name in headers]
            equal(sent, [wanted], "credentials")


@test()
def p5_options_are_taken_by_every_transformer():
    forms = {"chat": [["deepseek", {"max_tokens": 7}], ["tooluse", {}]], "gemini": [["gemini", {"x": 1}]],
             "messages": [["Anthropic", {"x": 1}]], "responses": [["openai-responses", {}]]}
    with Upstream() as upstream:
        config = {"Providers": [], "Router": {"default": "chat,big-model"}}
        for wire, use in forms.items():
            provider = transformed(upstream, wire, {"use": use})["Providers"][0]
            config["Providers"].append({**provider, "name": wire})
        with Service(config) as service:
            for wire in forms:
                equal(service.ask(model=f"{wire},big-model").text, "pong", f"the answer over {wire}")
                equal(upstream.seen[-1].wire, wire, "the wire")
            equal(upstream.seen[0].json["max_tokens"], 7, "the option's effect")


@test()
def p6_a_name_in_another_case_is_known_and_a_misspelt_one_is_told():
    with Upstream() as upstream:
        config = transformed(upstream, "chat", {"use": ["OPENAI-responses"]})
        with Service(config) as service:
            service.ask()
            check("input" in upstream.seen[-1].json, "the name in capitals did not choose the protocol")
        asked = len(upstream.seen)
        config["Providers"][0]["transformer"] = {"use": ["gemmini"]}
        with Service(config) as service:
            answer = service.ask()
            check(answer.status >= 400, f"status {answer.status}")
            for words in ('"gemmini"', "did you mean gemini?"):
                check(words in answer.json["error"]["message"], f"no {words} in {answer.json}")
        equal(len(upstream.seen), asked, "requests that reached the upstream in the wrong form")


@test()
def p7_a_later_transformer_leaves_the_headers_of_the_one_before():
    for transformer in ({"use": ["gemini", "cerebras"]}, {"use": ["gemini"], "big-model": {"use": ["cerebras"]}}):
        with Upstream() as upstream:
            with Service(transformed(upstream, "gemini", transformer)) as service:
                equal(service.ask().text, "pong", "the answer")
            headers = upstream.seen[-1].headers
            check(headers.get("x-goog-api-key"), "Gemini's key is lost")
            check("authorization" not in headers, "a key that Gemini does not know")


@test()
def p11_a_provider_whose_plugin_cannot_be_loaded_says_so():
    with Upstream() as upstream:
        config = transformed(upstream, "chat", {"use": ["my-plugin"]},
                             transformers=[{"path": "/nowhere/my-plugin.js", "options": {}}])
        with Service(config) as service:
            answer = service.ask()
            check(answer.status >= 400, f"status {answer.status}")
            check("my-plugin" in answer.json["error"]["message"], f"no word of the plugin: {answer.json}")
        equal(len(upstream.seen), 0, "requests that went out unconverted")


@test()
def t13_nothing_of_a_request_or_an_answer_is_printed():
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"
    content = [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": picture}}]
    with Upstream(lambda seen: Turn(thinking="a secret thought", text="a secret answer")) as upstream:
        for wire, use in (("responses", ["openai-responses"]), ("chat", ["reasoning"])):
            with Service(transformed(upstream, wire, {"use": use})) as service:
                for stream in (True, False):
                    answer = service.ask(stream=stream, messages=[{"role": "user", "content": content}])
                    check(b"secret answer" in answer.body or answer.text, "no answer")
                check(picture in upstream.seen[-1].body.decode(), "the picture did not arrive")
                for word in (picture, "secret"):
                    check(word not in service.output_text(), f"{word!r} was printed")


@test()
def p8_proxies_are_pooled_and_no_proxy_counts():
    with Upstream() as upstream, http_proxy(upstream) as proxy:
        far = providers_of(upstream, PROXY_URL=f"http://127.0.0.1:{proxy.port}")
        far["Providers"][0]["api_base_url"] = "http://provider.invalid:8080/v1/chat/completions"
        with Service(far) as service:
            requests = 4 * os.cpu_count()
            for _ in range(requests):
                equal(service.ask().text, "pong", "the answer")
        ports = {seen.peer_port for seen in upstream.seen}
        check(len(ports) <= os.cpu_count(), f"{len(ports)} connections for {requests} requests")  # one per thread
        with Service(far, {"NO_PROXY": "provider.invalid"}) as service:
            asked = len(proxy.asked)
            check(service.ask().status >= 500, "a name that nobody resolves cannot answer without the proxy")
            equal(len(proxy.asked), asked, "requests that the proxy saw")
    return f"{requests} requests, {len(ports)} connections through the proxy"


@test()
def p9_a_stream_is_made_of_a_whole_answer_and_the_other_way_round():
    turn = Turn(text="said whole", thinking="thought", calls=[("Read", {"path": "a"})])
    for form, stream in ((as_json, True), (as_sse, False)):
        script = lambda seen, form=form: Turn(raw=form(turn))  # noqa: E731
        with Upstream(script) as upstream, Service(providers_of(upstream)) as service:
            answer = service.ask(stream=stream, tools=[TOOL])
            equal(answer.status, 200, f"status ({form.__name__})")
            equal(answer.text, "said whole", "text")
            wanted = "text/event-stream" if stream else "application/json"
            check(answer.headers["content-type"].startswith(wanted), answer.headers["content-type"])
            if stream:
                names = [name for name, _ in answer.events]
                equal((names[0], names[-1]), ("message_start", "message_stop"), "first and last event")
                kinds = [d["content_block"]["type"] for n, d in answer.events if n == "content_block_start"]
            else:
                kinds = [block["type"] for block in answer.json["content"]]
                equal(answer.json["stop_reason"], "tool_use", "stop reason")
            equal(kinds, ["thinking", "text", "tool_use"], "blocks")
    return "both ways"


@test()
def p10_a_provider_without_a_key_is_used_and_gets_no_credential():
    with Upstream() as upstream:
        for key in ({}, {"api_key": ""}):
            config = providers_of(upstream)
            del config["Providers"][0]["api_key"]
            config["Providers"][0] |= key
            with Service(config) as service:
                equal(service.ask(headers={"x-api-key": "sk-client"}).text, "pong", "the answer")
            for name in ("authorization", "x-api-key"):
                check(name not in upstream.seen[-1].headers, f"{name}: {upstream.seen[-1].headers.get(name)}")


@test(limit=60)
def p12_a_slow_client_slows_the_upstream():
    with Upstream(lambda seen: Turn(kilobytes=20_000)) as upstream, Service(providers_of(upstream)) as service:
        before = service.memory_kb()
        with raw.Connection(service.port, receive_buffer=4096) as slow:
            slow.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
            slow.take(4096)
            sent = -1
            while upstream.seen[-1].sent != sent:  # until nothing moves any more
                sent = upstream.seen[-1].sent
                time.sleep(1)
            grown = service.memory_kb() - before
            check(not upstream.seen[-1].answered, "the upstream could send everything to a client that reads nothing")
            check(grown < 16_000, f"memory grew by {grown} KB")
    return f"{sent // 1024} KB taken from the upstream, memory +{grown} KB"


@test()
def p13_a_fallback_gets_the_request_that_the_client_sent():
    def script(seen):
        return Turn(status=503, message="down") if seen.json["model"] == "big-model" else Turn(text="from the second")

    with Upstream(script) as upstream:
        config = providers_of(upstream, fallback={"default": ["e2e,small-model"]})
        with Service(config) as service:
            answer = service.ask(tools=[TOOL], system="be brief")
            equal(answer.text, "from the second", "the answer")
        first, second = [seen.json for seen in upstream.seen if seen.json["model"] == "big-model"][0], upstream.seen[-1].json
        equal({**first, "model": ""}, {**second, "model": ""}, "what both attempts sent, but for the model")


@test()
def p14_bad_arguments_in_the_history_are_no_500():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        for bad in ("not an object", 7, None, ["x"]):
            call = {"type": "tool_use", "id": "t", "name": "Read", "input": bad}
            answer = service.request("POST", "/v1/messages", {**raw.question(), "messages": [
                {"role": "user", "content": "q"}, {"role": "assistant", "content": [call]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "r"}]}]})
            check(answer.status in (200, 400), f"{bad!r}: {answer.status} {answer.body[:200]}")
            if answer.status == 400:
                equal(answer.json["error"]["type"], "invalid_request_error", "type")


@test()
def p15_what_is_no_json_object_is_refused_in_the_clients_shape():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        for body in (b'"text"', b"plain text", b"[]", b"7"):
            answer = service.request("POST", "/v1/messages", body, {"content-type": "text/plain"})
            equal(answer.status, 400, f"status of {body!r}")
            equal(answer.json["type"], "error", "envelope")
            equal(answer.json["error"]["type"], "invalid_request_error", "type")
        equal(len(upstream.seen), 0, "requests that reached the upstream")


@test(limit=60)
def b16_a_long_thought_without_a_word_is_bridged_by_pings():
    turn = Turn(text="at last", silence=(1, 17), comments=True)
    with Upstream(lambda seen: turn) as upstream, Service(providers_of(upstream)) as service:
        answer = service.ask(stream=True, timeout=40)
        names = [name for name, _ in answer.events]
        check("ping" in names, f"no ping in {names}")
        equal(answer.text, "at last", "the answer")
    return f"{names.count('ping')} pings"
