"""`endPoint`: addresses that the user's transformers serve themselves, in a language of theirs."""

import json
import time

from bed import raw
from bed.claude import Client
from bed.marks import check, equal, test, until
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

# A language of its own: a line of JSON for each piece, as Ollama's clients read.
LINES = """
const line = (value) => JSON.stringify(value) + "\\n";
module.exports = class Mine {
  name = "lines";
  endPoint = "/own/:room/chat";
  transformRequestOut({ model, say, stream }) {
    return { model: model ?? "e2e,main", stream: stream === true, messages: [{ role: "user", content: say }] };
  }
  async transformResponseIn(response, context) {
    const room = context.req.url.split("/")[2];
    const type = { "content-type": "application/x-ndjson", "x-room": room };
    if (!(response.headers.get("content-type") ?? "").includes("event-stream")) {
      const { choices, usage } = await response.json();
      return new Response(line({ said: choices[0].message.content, used: usage.completion_tokens }), { headers: type });
    }
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    let rest = "";
    return new Response(response.body.pipeThrough(new TransformStream({ transform(bytes, out) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\\n");
      rest = lines.pop();
      for (const one of lines) {
        if (one === "data: [DONE]") out.enqueue(encoder.encode(line({ done: true })));
        else if (one.startsWith("data: ")) {
          const chunk = JSON.parse(one.slice(6));
          const text = chunk.error ? `broken: ${chunk.error.message}` : chunk.choices?.[0]?.delta?.content;
          if (text) out.enqueue(encoder.encode(line({ piece: text })));
        }
      }
    } })), { headers: type });
  }
};
"""


def serving(upstream, script, config=None, name="mine.js"):
    provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789", "models": ["main", "other"]}
    service = Service({"Providers": [provider], "Router": {"default": "e2e,main"}, "retry": {"max": 0},
                       "transformers": [{"path": f"~/{name}"}], **(config or {})})
    (service.path / name).write_text(script, encoding="utf-8")
    return service


def lines_of(answer):
    return [json.loads(line) for line in answer.body.decode().splitlines()]


@test()
def a_language_of_its_own_whole_and_streamed():
    with Upstream(lambda _: Turn(text="pong " * 20)) as upstream, serving(upstream, LINES) as service:
        answer = service.request("POST", "/own/kitchen/chat", {"say": "ping"})
        equal((answer.status, answer.headers["content-type"], answer.headers["x-room"]), (200, "application/x-ndjson", "kitchen"), answer.body)
        said = lines_of(answer)[0]
        equal(said["said"], "pong " * 20, "what it says")
        check(said["used"] > 0, "usage")
        equal(upstream.seen[-1].json["messages"][-1]["content"], "ping", "what upstream was asked")
        answer = service.request("POST", "/own/kitchen/chat", {"say": "ping", "stream": True, "model": "e2e,other"})
        lines = lines_of(answer)
        equal("".join(line.get("piece", "") for line in lines), "pong " * 20, "pieces")
        equal(lines[-1], {"done": True}, "its end")
        equal(upstream.seen[-1].json["model"], "other", "the model that it names")
        # Everything else is as it was.
        equal(service.ask().status, 200, "a client of ours")
        equal(service.request("POST", "/own/kitchen", {"say": "ping"}).status, 404, "another address")
        equal(service.request("GET", "/own/kitchen/chat").status, 404, "another method")


@test()
def pieces_come_as_they_are_made_and_a_client_that_leaves_is_felt():
    with Upstream(lambda _: Turn(text="word " * 400, pause=0.02)) as upstream, serving(upstream, LINES) as service:
        service.request("POST", "/own/x/chat", {"say": "ping"}, timeout=30)
        began = time.monotonic()
        connection = raw.Connection(service.port)
        connection.send(raw.encode("POST", "/own/x/chat", {"say": "ping", "stream": True}))
        connection.read_head()
        connection.read_chunk()
        check(time.monotonic() - began < 2, "the first piece waited for the last")
        connection.close()
        until(lambda: upstream.seen[-1].closed_at, "the end of the call upstream")
        equal(service.request("POST", "/own/x/chat", {"say": "ping"}, timeout=30).status, 200, "the next")


@test()
def a_slow_reader_slows_the_provider():
    with Upstream(lambda _: Turn(kilobytes=64 * 1024)) as upstream, serving(upstream, LINES) as service:
        with raw.Connection(service.port, receive_buffer=4096) as connection:
            connection.send(raw.encode("POST", "/own/x/chat", {"say": "ping", "stream": True}))
            connection.read_head()
            sent = -1
            while sent != upstream.seen[-1].sent:
                sent = upstream.seen[-1].sent
                time.sleep(0.5)
            check(sent < 16 << 20, f"{sent} bytes were taken from the provider for nobody")
    return f"{sent >> 10} KB"


@test()
def failures_are_told_and_harm_nobody_else():
    def answers(seen):
        return Turn(status=500, kind="api_error", message="the provider's own words") if b"fail" in seen.body else Turn(text="pong")

    script = """module.exports = class { name = 'mine'; endPoint = '/mine';
      transformRequestOut(r) { if (r.throws) throw new RangeError('no such question'); return { model: 'e2e,main', stream: r.stream, messages: [{ role: 'user', content: r.say }] }; }
      transformResponseIn(response, context) { const { how } = context.req.body;
        if (how === 'throws') throw new RangeError('no such answer');
        if (how === 'nothing') return response.text().then(() => 42);
        if (how === 'breaks') return new Response(new ReadableStream({ start(c) { c.enqueue('part'); }, pull() { throw new RangeError('in the middle'); } }));
        if (how === 'hangs') return new Promise(() => {});
        if (how === 'early') return response.body.cancel().then(() => new Response('enough'));
        return response; } };"""
    with Upstream(answers) as upstream, serving(upstream, script, {"scripts": {"transform_ms": 1500}}) as service:
        for stream in (False, True):
            def told(say="ping", stream=stream, **more):
                answer = service.request("POST", "/mine", {"say": say, "stream": stream, **more}, timeout=20)
                return answer.status, answer.body.decode()

            status, body = told(throws=True)
            check(status >= 500 and "plugin mine, transformRequestOut: RangeError: no such question" in body, (status, body))
            check("type" not in json.loads(body), f"an error in OpenAI's form: {body}")
            status, body = told(how="throws")
            check(status >= 500 and "plugin mine, transformResponseIn: RangeError: no such answer" in body, (status, body))
            status, body = told(how="nothing")
            check(status >= 500 and "returned no Response" in body, (status, body))
            status, body = told(how="hangs")
            check(status >= 500 and "plugin mine, transformResponseIn: it gave nothing within 1500 ms" in body, (status, body))
            equal(told(how="early"), (200, "enough"), "a script with an answer of its own")
            status, body = told(say="fail")
            check(status >= 500 and "the provider's own words" in body, (status, body))
            with raw.Connection(service.port) as connection:
                connection.send(raw.encode("POST", "/mine", {"say": "ping", "stream": stream, "how": "breaks"}))
                if stream:
                    connection.read_head()
                    until(lambda: connection.ended(), "the end of its connection")
                    check(not connection.buffer.endswith(b"0\r\n\r\n"), "a stream that broke off has a clean end")
                else:
                    answer = connection.read_answer()
                    check(answer.status >= 500 and "in the middle" in answer.body.decode(), answer.body)
            equal(told()[0], 200, "the next")
            equal(service.ask(stream=stream).status, 200, "a client of ours")
        answer = service.request("POST", "/mine", b"{not json")
        equal(answer.status, 400, f"what is no JSON: {answer.body}")


ENDS = """module.exports = class { name = 'mine'; endPoint = '/mine';
  transformRequestOut(r) { if (r.throws) throw new Error('no'); return { model: 'e2e,main', stream: true, messages: [{ role: 'user', content: 'ping' }] }; }
  async transformResponseIn(response, { req: { body: { how } } }) {
    if (how === 'throws') throw new Error('not at all');
    if (how === 'first') { const reader = response.body.getReader(); const { value } = await reader.read(); return new Response(value); }
    return response; } };"""


@test(limit=60)
def a_script_that_takes_no_more_ends_the_call_and_no_other_target_is_asked():
    answers = lambda _: Turn(text="word " * 2000, pause=0.02)
    with Upstream(answers) as upstream, serving(upstream, ENDS, {"continue_midstream": True,
                                                                 "fallback": {"default": ["e2e,other"]}}) as service:
        answer = service.request("POST", "/mine", {"how": "first"}, timeout=20)
        equal(answer.status, 200, answer.body)
        until(lambda: upstream.seen[-1].closed_at, "the end of the call upstream", 5)
        status = service.request("POST", "/mine", {"how": "throws"}, timeout=20).status
        check(status >= 500, status)
        until(lambda: upstream.seen[-1].closed_at, "the end of that call", 5)
        equal(len(upstream.seen), 2, "requests upstream")


@test(limit=90)
def requests_that_fail_leave_nothing_in_the_scripts_process():
    with Upstream() as upstream, serving(upstream, ENDS) as service:
        def held():
            host = json.loads(service.tell("plugins", "--json"))["plugins"][0]["host"]
            return int(next(line.split()[1] for line in open(f"/proc/{host}/status", encoding="ascii") if line.startswith("VmRSS")))

        large = {"throws": True, "filler": "x" * (2 << 20)}
        for _ in range(20):
            service.request("POST", "/mine", large)
        before = held()
        for _ in range(60):
            service.request("POST", "/mine", large)
        grown = (held() - before) >> 10
        check(grown < 60, f"{grown} MB more after 60 requests of 2 MB")
    return f"{grown} MB more"


@test()
def it_asks_for_the_services_key_and_stands_below_presets():
    with Upstream(lambda _: Turn(text="pong")) as upstream, serving(upstream, LINES, {"APIKEY": "sk-own-e2e-0123456789"}) as service:
        equal(service.request("POST", "/own/x/chat", {"say": "ping"}).status, 401, "without it")
        equal(upstream.seen, [], "nobody was asked")
        key = {"x-api-key": "sk-own-e2e-0123456789"}
        equal(service.request("POST", "/own/x/chat", {"say": "ping"}, headers=key).status, 200, "with it")
        equal(service.request("POST", "/preset/none/own/x/chat", {"say": "ping"}, headers=key).status, 404, "below no preset")


# What the reference's users can have: an address that ends as Claude Code's does.
MESSAGES = """
const textOf = (content) => (typeof content === "string" ? content : content.map((block) => block.text ?? "").join("\\n"));
const event = (type, more) => `event: ${type}\\ndata: ${JSON.stringify({ type, ...more })}\\n\\n`;
module.exports = class {
  name = "own-messages";
  endPoint = "/own/v1/messages";
  async transformRequestOut(request) {
    const turns = request.messages.filter(({ role }) => role !== "system").map(({ role, content }) => ({ role, content: textOf(content) }));
    return { model: "e2e,main", stream: request.stream, max_tokens: 100, messages: [{ role: "system", content: "own" }, ...turns] };
  }
  async transformResponseIn(response) {
    const message = { id: "msg_own", type: "message", role: "assistant", model: "own", content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } };
    if (!response.headers.get("content-type").includes("event-stream")) {
      const { choices } = await response.json();
      return Response.json({ ...message, content: [{ type: "text", text: "[own] " + choices[0].message.content }], stop_reason: "end_turn" });
    }
    const encoder = new TextEncoder(), decoder = new TextDecoder();
    let rest = "";
    return new Response(response.body.pipeThrough(new TransformStream({
      start(out) {
        out.enqueue(encoder.encode(event("message_start", { message }) + event("content_block_start", { index: 0, content_block: { type: "text", text: "" } })
          + event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "[own] " } })));
      },
      transform(bytes, out) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split("\\n");
        rest = lines.pop();
        for (const line of lines) {
          if (!line.startsWith("data: {")) continue;
          const text = JSON.parse(line.slice(6)).choices?.[0]?.delta?.content;
          if (text) out.enqueue(encoder.encode(event("content_block_delta", { index: 0, delta: { type: "text_delta", text } })));
        }
      },
      flush(out) {
        out.enqueue(encoder.encode(event("content_block_stop", { index: 0 }) + event("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 2 } })
          + event("message_stop", {})));
      },
    })), { headers: { "content-type": "text/event-stream" } });
  }
};
"""


@test(limit=60)
def the_real_client_at_one():
    with Upstream(lambda _: Turn(text="pong")) as upstream, serving(upstream, MESSAGES) as service:
        env = {"HOME": str(service.path), "ANTHROPIC_BASE_URL": service.url + "/own", "ANTHROPIC_AUTH_TOKEN": "any-word", "NO_PROXY": "127.0.0.1"}
        with Client("Say pong.", env) as client:
            client.finish()
            equal(client.result, "[own] pong", "what it says")
        check(any(seen.json["messages"][0] == {"role": "system", "content": "own"} for seen in upstream.seen), "the script's own request")
        answer = service.request("POST", "/own/v1/messages", {"messages": [{"role": "user", "content": "x"}]})
        equal(answer.json["content"][0]["text"], "[own] pong", "a whole answer")
