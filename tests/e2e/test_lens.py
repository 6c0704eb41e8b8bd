"""`transformers` at providers that do not speak Chat: they see Chat's form, and what they leave alone stays as it was."""

import json
import re

from bed import raw
from bed.claude import by_hand
from bed.marks import check, each, equal, test, until
from bed.raw import question
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

WIRES = ("messages", "responses", "gemini")


def scripted(upstream, wire, script, use=("mine",), traits=None, **more):
    provider = {"name": "e2e", "api_base_url": upstream.url(wire), "api_key": "sk-provider-e2e-0123456789",
                "models": ["main", "other"], "transformer": {"use": list(use)}, **({"traits": traits} if traits else {})}
    service = Service({"Providers": [provider], "Router": {"default": "e2e,main"},
                       "transformers": [{"path": "~/mine.js"}], **more})
    (service.path / "mine.js").write_text(script, encoding="utf-8")
    return service


def events(answer):
    return [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]


def said(answer, stream):
    """(text, thinking, signature) of a Messages answer."""
    if not stream:
        blocks = json.loads(answer.body)["content"]
        return tuple("".join(block.get(name, "") for block in blocks) for name in ("text", "thinking", "signature"))
    deltas = [event["delta"] for event in events(answer) if event["type"] == "content_block_delta"]
    return tuple("".join(delta.get(name, "") for delta in deltas) for name in ("text", "thinking", "signature"))


NOTHING = """module.exports = class { name = "mine"; transformRequestIn(request) { return request; }
  transformResponseOut(response) { return response; } };"""
# Parses every chunk and writes it anew, as most scripts do.
REWRITES = """module.exports = class { name = "mine";
  async transformResponseOut(response) {
    if (!response.headers.get("content-type").includes("stream"))
      return new Response(JSON.stringify(await response.json()), { headers: response.headers });
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    let rest = "";
    return new Response(response.body.pipeThrough(new TransformStream({ transform(bytes, controller) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\\n");
      rest = lines.pop();
      for (const line of lines) controller.enqueue(encoder.encode(!line.startsWith("data: {") ? line + "\\n"
        : `data: ${JSON.stringify(JSON.parse(line.slice(6)))}\\n`));
    } })), { headers: response.headers });
  } };"""
# A conversation with what Chat has no place for.
RICH = [
    {"role": "user", "content": [
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Otters swim."}, "title": "t",
         "citations": {"enabled": True}},
        {"type": "text", "text": "Read it.", "cache_control": {"type": "ephemeral"}}]},
    {"role": "assistant", "content": [
        {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "cmVk"},
        {"type": "text", "text": "one"},
        {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"path": "a", "n": 1.0}},
        {"type": "text", "text": "two"},
        {"type": "tool_use", "id": "toolu_2", "name": "Read", "input": {}}]},
    {"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "no"}], "is_error": True},
        {"type": "tool_result", "tool_use_id": "toolu_2", "content": [{"type": "text", "text": "yes"}]},
        {"type": "text", "text": "Go on."}]},
]
TOOLS = [{"name": "Read", "description": "d", "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}},
         {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}]


def rich(stream):
    return {**question("x", stream), "messages": RICH, "tools": TOOLS, "system": [{"type": "text", "text": "S", "cache_control": {"type": "ephemeral"}}],
            "thinking": {"type": "enabled", "budget_tokens": 2048}, "max_tokens": 4096, "metadata": {"user_id": "me"}}


def content_of(answer, stream):
    """All that a Messages answer says, without its id and times."""
    if not stream:
        return {name: value for name, value in json.loads(answer.body).items() if name != "id"}
    shown = [(event["type"], event.get("delta"), event.get("content_block"), event.get("usage")) for event in events(answer)]
    return [event for event in shown if event[0] != "ping"]


@test(limit=60)
def one_that_does_nothing_changes_neither_request_nor_answer():
    def trial(wire):
        seen, got = [], []
        for script, use in ((NOTHING, ["mine"]), (REWRITES, ["mine"]), ("", [])):
            with Upstream(lambda _: Turn(text="hello there", thinking="I wonder.", calls=[("Read", {"path": "b"})])) as upstream, \
                    scripted(upstream, wire, script, use) as service:
                for stream in (False, True):
                    answer = service.request("POST", "/v1/messages", rich(stream))
                    equal(answer.status, 200, f"status of {answer.body[:300]}")
                    got.append(content_of(answer, stream))
                seen.append([one.body for one in upstream.seen])
        equal(seen[0], seen[2], "requests of one that does nothing")
        equal(seen[1], seen[2], "requests of one that sees answers alone")
        # Without a script a stream of Messages passes as bytes: what it says is the same.
        equal(got[0:2], got[4:6], "answers after one that does nothing")
        equal(got[2:4], got[4:6], "answers after one that writes them anew")

    each(WIRES, trial)


EDITS = """module.exports = class { name = "mine";
  transformRequestIn(request, provider, context) {
    request.messages.unshift({ role: "system", content: "Be brief." });
    const last = request.messages.at(-1);
    if (typeof last.content === "string") last.content += " (edited)"; else last.content.at(-1).text += " (edited)";
    request.tools = request.tools?.filter((tool) => tool.function.name !== "web_search");
    request.max_tokens = 77;
    this.logger.info("saw", JSON.stringify(request.messages.map((m) => [m.role, Object.keys(m).join()])));
    return { body: request, config: { headers: { "x-mine": provider.name } } };
  }
  async transformResponseOut(response) {
    const edit = (holder) => { if (holder?.content) holder.content = holder.content.toUpperCase(); };
    if (!response.headers.get("content-type").includes("stream")) {
      const body = await response.json();
      edit(body.choices[0].message);
      return new Response(JSON.stringify(body), { headers: response.headers });
    }
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    let rest = "";
    return new Response(response.body.pipeThrough(new TransformStream({ transform(bytes, controller) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\\n");
      rest = lines.pop();
      for (const line of lines) {
        if (!line.startsWith("data: {")) { controller.enqueue(encoder.encode(line + "\\n")); continue; }
        const chunk = JSON.parse(line.slice(6));
        edit(chunk.choices?.[0]?.delta);
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk)}\\n`));
      }
    } })), { headers: response.headers });
  } };"""


@test(limit=60)
def what_one_edits_is_there_and_the_rest_as_it_was():
    def trial(wire):
        with Upstream(lambda _: Turn(text="hello there", thinking="I wonder.")) as upstream, scripted(upstream, wire, EDITS) as service:
            for stream in (False, True):
                answer = service.request("POST", "/v1/messages", rich(stream))
                equal(answer.status, 200, f"status of {answer.body[:300]}")
                text, thinking, signature = said(answer, stream)
                equal((text, thinking), ("HELLO THERE", "I wonder."), "the answer")
                if wire == "messages":
                    equal(signature, "c2lnbmF0dXJl", "the signature of thinking that was left alone")
                seen = upstream.seen[-1]
                equal(seen.headers["x-mine"], "e2e", "its header")
                check("Be brief." in seen.body.decode() and "Go on. (edited)" in seen.body.decode(), seen.body[:2000])
                check(b"web_search" not in seen.body, "the tool that it took out")
                check(re.search(rb'"(max_tokens|max_output_tokens|maxOutputTokens)":77', seen.body), "its limit")
                if wire == "messages":
                    sent = seen.json["messages"]
                    equal(sent[:2], RICH[:2], "turns that it left alone")
                    equal(sent[2]["content"][:2], [RICH[2]["content"][0], RICH[2]["content"][1]], "results")
                    equal((seen.json["thinking"], seen.json["metadata"]), (rich(False)["thinking"], {"user_id": "me"}), "settings")
                    equal(seen.json["system"][-1].get("cache_control") or seen.json["system"][0].get("cache_control"),
                          {"type": "ephemeral"}, "the cache mark")
                    check("Be brief." in json.dumps(seen.json["system"]), "the prompt")
            check('["system","role,content"]' in service.output_text().replace('\\"', '"'), "what it saw")
            check('"lane":"scripted"' in service.log_text(), "the lane in the log")

    each(WIRES, trial)


@test(limit=60)
def errors_breaks_and_leavers_are_what_they_are_without_it():
    for wire in WIRES:
        with Upstream(lambda _: Turn(status=429, kind="rate_limit_error", message="slow down")) as upstream, \
                scripted(upstream, wire, NOTHING, retry={"max": 0}) as service:
            answer = service.ask()
            equal((answer.status, "slow down" in answer.body.decode()), (429, True), f"a refusal by {wire}: {answer.body[:300]}")
        with Upstream(lambda _: Turn(text="word " * 50, cut_after=8)) as upstream, scripted(upstream, wire, NOTHING) as service:
            text = service.ask(stream=True).body.decode()
            check("event: error" in text and "message_stop" not in text and "plugin" not in text, text[-400:])
    throws = NOTHING.replace("return response;", "throw new Error('not so');")
    with Upstream(lambda _: Turn(text="x")) as upstream, scripted(upstream, "messages", throws) as service:
        check(b"plugin mine, transformResponseOut: Error: not so" in service.ask().body, "its words")
    with Upstream(lambda _: Turn(text="x")) as upstream, \
            scripted(upstream, "messages", NOTHING.replace("return request;", "return { messages: [{ role: 'owl' }] };")) as service:
        body = service.ask().body
        check(b"a request that Chat Completions does not know: messages[0].role" in body, body)
    with Upstream(lambda _: Turn(text="word " * 400, pause=0.02)) as upstream, scripted(upstream, "messages", REWRITES) as service:
        connection = raw.Connection(service.port)
        connection.send(raw.encode("POST", "/v1/messages", question(stream=True)))
        connection.read_head()
        connection.read_chunk()
        connection.close()
        until(lambda: upstream.seen[-1].closed_at, "the end of the call upstream")


@test()
def one_may_send_the_providers_own_request_and_choose_another_model():
    own = """module.exports = class { name = "mine"; transformRequestIn(request) {
      return { body: { contents: [{ role: "user", parts: [{ text: "my own" }] }] }, config: { headers: { "x-own": "1" } } }; } };"""
    with Upstream(lambda _: Turn(text="pong")) as upstream, scripted(upstream, "gemini", own) as service:
        for stream in (False, True):
            equal(said(service.ask(stream=stream), stream)[0], "pong", "text")
            equal(upstream.seen[-1].json, {"contents": [{"role": "user", "parts": [{"text": "my own"}]}]}, "body")
    other = """module.exports = class { name = "mine"; transformRequestIn(request) {
      request.model = "other"; request.stream = false; request.service_tier = "flex"; return request; } };"""
    for wire in ("gemini", "messages"):
        with Upstream(lambda _: Turn(text="pong")) as upstream, scripted(upstream, wire, other) as service:
            equal(said(service.ask(stream=True), True)[0], "pong", "text")
            seen = upstream.seen[-1]
            equal((seen.model, seen.stream, seen.json["service_tier"]), ("other", False, "flex"), "what was sent")


HOARDS = """module.exports = class { name = "mine"; transformResponseOut(response) { const kept = [];
  return new Response(response.body.pipeThrough(new TransformStream({ transform(bytes) { kept.push(bytes.length); } })),
    { headers: response.headers }); } };"""


@test(limit=60)
def one_that_keeps_all_chunks_back_fails_its_answer_before_it_fills_the_memory():
    with Upstream(lambda _: Turn(kilobytes=150 * 1024)) as upstream, \
            scripted(upstream, "messages", HOARDS, retry={"max": 0}) as service:
        service.ask(stream=False)
        before = service.memory_kb()
        text = service.ask(stream=True, timeout=50).body.decode()
        check("plugin mine, transformResponseOut: it keeps back more than 64 MB" in text, text[-400:])
        check("message_stop" not in text, "a clean end")
        grown = service.memory_kb("VmHWM") - before
        check(grown < 128 * 1024, f"grew by {grown >> 10} MB")
    return f"grew by {grown >> 10} MB"


TIERED = """module.exports = class { name = "mine"; transformRequestIn(request) { request.service_tier = "flex"; return request; } };"""


@test()
def a_request_that_is_sent_again_without_lessons_has_all_that_a_script_put_in():
    def answers(seen):
        is_wanted = ("temperature" in seen.json) == wants
        message = "Unsupported parameter: 'temperature' is not supported with this model." if not wants else "Something is wrong."
        return Turn(text="pong") if is_wanted else Turn(status=400, kind="invalid_request_error", message=message)

    with Upstream(answers) as upstream, scripted(upstream, "messages", TIERED) as service:
        for wants in (False, True):
            equal(service.ask(temperature=0.5).status, 200, "status")
            equal(upstream.seen[-1].json.get("service_tier"), "flex", "the script's")
        equal(len(upstream.seen), 4, "requests")


@test()
def what_fits_is_measured_of_what_a_script_made():
    for code, most in (("request.messages = [{ role: 'user', content: 'word '.repeat(7000) }]", 3000),
                       ("request.messages = [{ role: 'user', content: 'word' }]", 8000)):
        script = f"module.exports = class {{ name = 'mine'; transformRequestIn(request) {{ {code}; return request; }} }};"
        text = "word" if most == 3000 else "word " * 7000
        with Upstream(lambda _: Turn(text="pong")) as upstream, \
                scripted(upstream, "messages", script, traits={"context_window": 10000}) as service:
            equal(service.ask(text, max_tokens=8000).status, 200, "status")
            sent = upstream.seen[-1].json["max_tokens"]
            check(sent < most if most == 3000 else sent == most, f"max_tokens {sent}")

@test(limit=60)
def the_real_client_at_a_provider_of_its_own_protocol():
    with Upstream(lambda _: Turn(text="pong", thinking="I wonder.")) as upstream, scripted(upstream, "messages", EDITS) as service:
        with by_hand(service, "Say pong.") as client:
            client.finish()
            check("PONG" in client.result, client.result)
        check(any(b"Be brief." in seen.body for seen in upstream.seen), "its edit")
