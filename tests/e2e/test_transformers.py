"""`transformers`: files of the user's between ccr and a provider, in the styles that people have."""

import json
import time

from bed import raw
from bed.claude import by_hand
from bed.marks import check, each, equal, test, until
from bed.raw import question
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream


def scripted(upstream, script, use=("mine",), name="mine.js", options=None, model_use=(), **more):
    transformer = {"use": list(use)}
    if model_use:
        transformer["main"] = {"use": list(model_use)}
    provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789",
                "models": ["main"], "transformer": transformer}
    scripts = [{"path": f"~/{name}", "options": options or {}}]
    service = Service({"Providers": [provider], "Router": {"default": "e2e,main"}, "transformers": scripts, **more})
    (service.path / name).write_text(script, encoding="utf-8")
    return service


def text_of(answer, stream):
    if not stream:
        return "".join(block.get("text", "") for block in json.loads(answer.body)["content"])
    events = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    return "".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta")


# A custom header with auth, and a token that is read from a file and refreshed there.
AUTH = """
const fs = require("fs"), os = require("os"), path = require("path");
class Mine {
  static TransformerName = "mine";
  name = "mine";
  constructor(options) { this.options = options; this.file = path.join(os.homedir(), "token.json"); }
  async transformRequestIn(request, provider, context) {
    let token = JSON.parse(fs.readFileSync(this.file, "utf8"));
    if (token.expiry_date < Date.now()) {
      token = { access_token: "fresh", expiry_date: Date.now() + 1e6 };
      fs.writeFileSync(this.file, JSON.stringify(token));
      this.logger.info({ refreshed: true }, "token refreshed for", provider.name);
    }
    request.metadata = { user: this.options.user };
    return { body: request, config: { headers: { Authorization: `Bearer ${token.access_token}`, "X-Of": context.req.id, accept: undefined } } };
  }
}
module.exports = Mine;
"""

# Another API with an address of its own, and its answers turned back, whole or streamed.
OTHER = """
export default class {
  name = "mine";
  async transformRequestIn(request, provider) {
    const contents = request.messages.map((m) => ({ role: m.role, parts: [{ text: typeof m.content === "string" ? m.content : m.content[0].text }] }));
    return { body: { request: { contents }, stream: request.stream }, config: { url: new URL(provider.baseUrl.replace(/\\/v1.*/, "/own/generate")), headers: { "x-own": "yes" } } };
  }
  async transformResponseOut(response) {
    const chat = (text, done) => ({ id: "x", object: "chat.completion.chunk", created: 1, model: "own", choices: [{ index: 0, delta: { content: text }, finish_reason: done ? "stop" : null }] });
    if (response.headers.get("content-type").includes("json")) {
      const { said } = await response.json();
      return new Response(JSON.stringify({ id: "x", object: "chat.completion", created: 1, model: "own", choices: [{ index: 0, message: { role: "assistant", content: said }, finish_reason: "stop" }] }), { status: 200, headers: { "content-type": "application/json" } });
    }
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    let rest = "";
    const turn = new TransformStream({
      transform(chunk, controller) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\\n");
        rest = lines.pop();
        for (const line of lines) if (line.startsWith("data:")) controller.enqueue(encoder.encode(`data: ${JSON.stringify(chat(JSON.parse(line.slice(5)).said))}\\n\\n`));
      },
      flush(controller) { controller.enqueue(encoder.encode(`data: ${JSON.stringify(chat("", true))}\\n\\ndata: [DONE]\\n\\n`)); },
    });
    return new Response(response.body.pipeThrough(turn), { headers: response.headers });
  }
}
"""

# An extra word at the head of every stream, read with a reader, as the reference's own transformers do it.
READER = """
module.exports = {
  name: "mine",
  transformRequestIn(request) { this.logger.debug(request.model); return request; },
  async transformResponseOut(response) {
    if (!response.headers.get("Content-Type")?.includes("text/event-stream")) {
      const body = await response.json();
      body.choices[0].message.content = "[seen] " + body.choices[0].message.content;
      return new Response(JSON.stringify(body), { status: response.status, statusText: response.statusText, headers: response.headers });
    }
    const stream = new ReadableStream({
      async start(controller) {
        const reader = response.body.getReader();
        controller.enqueue(new TextEncoder().encode('data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"[seen] "}}]}\\n\\n'));
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          controller.enqueue(value);
        }
        reader.releaseLock();
        controller.close();
      },
    });
    return new Response(stream, { status: response.status, statusText: response.statusText, headers: response.headers });
  },
};
"""
REASONING = """
module.exports = class { name = "mine";
  async transformResponseOut(response) {
    if (response.headers.get("content-type").includes("json")) {
      const body = await response.json();
      body.choices[0].message.thinking = { content: "I thought.", signature: "sig" };
      return new Response(JSON.stringify(body), { headers: response.headers });
    }
    return response;
  } };
"""
PROMPTS = """
module.exports = class { constructor(options) { this.name = "mine"; this.options = options; }
  transformRequestIn(request) {
    if (request.model === "main") request.messages.unshift({ role: "system", content: this.options.prompt });
    return request;
  } };
"""


@test()
def auth_with_a_token_that_is_refreshed_in_its_file():
    with Upstream() as upstream, scripted(upstream, AUTH, options={"user": "me"}) as service:
        (service.path / "token.json").write_text('{"access_token": "stale", "expiry_date": 1}', encoding="utf-8")
        for stream in (False, True):
            equal(service.ask(stream=stream).status, 200, "status")
            seen = upstream.seen[-1]
            equal(seen.headers["authorization"], "Bearer fresh", "authorization")
            check(seen.headers["x-of"].startswith("req_") and seen.json["metadata"] == {"user": "me"}, seen.headers)
        check("fresh" in (service.path / "token.json").read_text(encoding="utf-8"), "the file")
        equal(service.output_text().count("token refreshed for e2e"), 1, "refreshes")


@test()
def another_api_at_an_address_of_its_own():
    def own(seen):
        equal((seen.path, seen.headers["x-own"]), ("/own/generate", "yes"), "address")
        check(seen.json["request"]["contents"][-1]["parts"][0]["text"] == "ping", seen.json)
        if seen.json["stream"]:
            body = b'data: {"said": "po"}\n\ndata: {"said": "ng"}\n\n'
            kind = b"text/event-stream"
        else:
            body, kind = b'{"said": "pong"}', b"application/json"
        return Turn(raw=b"HTTP/1.1 200 OK\r\ncontent-type: " + kind + b"\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    with Upstream(own) as upstream, scripted(upstream, OTHER, name="mine.mjs") as service:
        for stream in (False, True):
            answer = service.ask(stream=stream)
            equal(answer.status, 200, f"status of {answer.body[:300]}")
            equal(text_of(answer, stream), "pong", "text")


@test()
def answers_pass_scripts_whole_and_streamed_beside_builtin_names():
    with Upstream(lambda seen: Turn(text="hello there")) as upstream, \
            scripted(upstream, READER, use=["mine", ["maxtoken", {"max_tokens": 77}]]) as service:
        for stream in (False, True):
            answer = service.ask(stream=stream)
            equal(text_of(answer, stream), "[seen] hello there", "text")
            equal(upstream.seen[-1].json.get("max_tokens") or upstream.seen[-1].json["max_completion_tokens"], 77, "a built-in")
        equal(service.log_text().count('"lane":"scripted"') >= 2, True, "the lane in the log")
    with Upstream() as upstream, scripted(upstream, REASONING) as service:
        content = json.loads(service.ask().body)["content"]
        equal((content[0]["type"], content[0].get("thinking")), ("thinking", "I thought."), "reasoning")
    with Upstream() as upstream, scripted(upstream, PROMPTS, use=[], model_use=[["mine", {"prompt": "Of this model."}]]) as service:
        service.ask()
        equal(upstream.seen[-1].json["messages"][0]["content"], "Of this model.", "prompt at model level")


@test()
def requests_pass_in_order_and_answers_in_the_mirror():
    script = """
    const { name: own } = { name: NAME };
    module.exports = class { name = own;
      transformRequestIn(request) { (request.order ??= []).push(own); return request; }
      async transformResponseOut(response) {
        const body = await response.json();
        body.choices[0].message.content += own;
        return new Response(JSON.stringify(body), { headers: response.headers });
      } };"""
    with Upstream(lambda seen: Turn(text="")) as upstream:
        provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789",
                    "models": ["main"], "transformer": {"use": ["a", "b"], "main": {"use": ["c"]}}}
        config = {"Providers": [provider], "Router": {"default": "e2e,main"},
                  "transformers": [{"path": f"~/{n}.js"} for n in "abc"]}
        upstream.script = lambda seen: Turn(text=":")
        with Service(config) as service:
            for n in "abc":
                (service.path / f"{n}.js").write_text(script.replace("NAME", f'"{n}"'), encoding="utf-8")
            answer = service.ask()
            equal(answer.status, 200, answer.body[:300])
            equal(upstream.seen[-1].json["order"], ["a", "b", "c"], "order of the request")
            check(text_of(answer, False).endswith("cba"), text_of(answer, False))


def limit_of(seen):
    return seen.json.get("max_tokens") or seen.json.get("max_completion_tokens")


@test()
def builtin_names_after_a_script_hold_for_what_it_makes():
    script = """module.exports = class { name = "mine"; transformRequestIn(request) {
      delete request.max_completion_tokens; request.max_tokens = 999; return request; } };"""
    bound = ["maxtoken", {"max_tokens": 77}]
    for use, model_use, limit in ((["mine", bound], (), 77), ([bound, "mine"], (), 999), (["mine"], [bound], 77)):
        with Upstream(lambda _: Turn(text="pong")) as upstream, scripted(upstream, script, use=use, model_use=model_use) as service:
            equal(service.ask(max_tokens=500).status, 200, "status")
            equal(limit_of(upstream.seen[-1]), limit, f"limit of {use} {model_use}")


@test()
def the_users_patch_holds_behind_scripts_and_the_builtin_names_after_them():
    script = "module.exports = class { name = 'mine'; transformRequestIn(request) { request.mine = true; return request; } };"
    with Upstream(lambda _: Turn(text="pong")) as upstream, scripted(upstream, script, use=["mine", ["maxtoken", {"max_tokens": 77}]]) as service:
        settings = json.loads((service.state / "config.json").read_text(encoding="utf-8"))
        settings["Providers"][0]["patch"] = [{"clamp": "/max_tokens", "max": 55}, {"clamp": "/max_completion_tokens", "max": 55}]
        service.write_config(settings)
        until(lambda: service.ask(max_tokens=500).status == 200 and limit_of(upstream.seen[-1]) == 55, "the patch")
        check(upstream.seen[-1].json.get("mine"), "the script's edit")


@test()
def a_script_with_the_name_of_a_builtin_is_used_in_its_place():
    script = """module.exports = class { name = "maxtoken"; transformRequestIn(request) { request.mine = true; return request; } };"""
    with Upstream(lambda _: Turn(text="pong")) as upstream, \
            scripted(upstream, "", use=[["maxtoken", {"max_tokens": 77}]]) as service:
        service.ask(max_tokens=500)
        equal((limit_of(upstream.seen[-1]), upstream.seen[-1].json.get("mine")), (77, None), "the built-in")
        (service.path / "mine.js").write_text(script, encoding="utf-8")
        settings = json.loads((service.state / "config.json").read_text(encoding="utf-8"))
        service.write_config({**settings, "LOG_LEVEL": "info"})
        until(lambda: service.ask(max_tokens=500).status == 200 and upstream.seen[-1].json.get("mine"), "the script")
        equal(limit_of(upstream.seen[-1]), 500, "the built-in's limit")
        findings = [one["code"] for one in json.loads(service.tell("status", "--json"))["findings"]]
        check("transformer-replaced" in findings, findings)


@test()
def one_that_does_nothing_changes_no_byte_upstream():
    noop = "module.exports = class { name = 'mine'; transformRequestIn(r) { return r; } };"
    bodies = []
    for use in (["mine"], []):
        with Upstream(lambda seen: Turn(text="pong")) as upstream, scripted(upstream, noop, use=use) as service:
            for body in (question("hi \u00fc \\u0041", system="s", temperature=1.0), question("hi", True, top_p=0.5)):
                equal(service.request("POST", "/v1/messages", body).status, 200, "status")
            bodies.append([seen.body for seen in upstream.seen])
    equal(bodies[0], bodies[1], "bodies upstream")


BROKEN = {
    "throws": ("transformRequestIn() { throw new TypeError('no luck'); }", "plugin mine, transformRequestIn: TypeError: no luck"),
    "never answers": ("transformRequestIn() { return new Promise(() => {}); }", "plugin mine, transformRequestIn: it did not answer within 400 ms"),
    "spins": ("transformRequestIn() { for (;;); }", "plugin mine, transformRequestIn"),
    "dies": ("transformRequestIn() { process.kill(process.pid, 'SIGKILL'); }", "the plugin host was ended by signal 9"),
    "breaks answers": ("transformResponseOut() { throw new Error('not so'); }", "plugin mine, transformResponseOut: Error: not so"),
    "no response": ("transformResponseOut() { return 7; }", "it returned no Response"),
    "garbage": ("transformResponseOut() { return new Response('<html>', { headers: { 'content-type': 'application/json' } }); }", ""),
    "another name": ("x() {} static { }", ""),
}


@test(limit=60)
def a_broken_one_fails_its_request_in_words_and_no_other():
    def trial(what):
        code, said = BROKEN[what]
        name = "other" if what == "another name" else "mine"
        said = "no file of \"transformers\" registers it" if what == "another name" else said
        script = f"module.exports = class {{ name = '{name}'; {code} }};"
        with Upstream(lambda seen: Turn(text="pong")) as upstream, scripted(upstream, script, scripts={"transform_ms": 400}) as service:
            answer = service.ask()
            check(answer.status >= 500, f"status {answer.status}")
            check(said in json.loads(answer.body)["error"]["message"], f"{answer.body} lacks {said!r}")
            (service.path / "mine.js").write_text("module.exports = class { name = 'mine'; };", encoding="utf-8")
            until(lambda: service.ask().status == 200, "the mended file", 12)

    each(BROKEN, trial)


@test()
def one_that_breaks_in_the_middle_ends_the_stream_with_an_error():
    script = """module.exports = class { name = 'mine'; transformResponseOut(response) { let n = 0;
      return new Response(response.body.pipeThrough(new TransformStream({ transform(chunk, c) {
        if (n++ > 2) throw new Error('enough'); c.enqueue(chunk); } })), { headers: response.headers }); } };"""
    with Upstream(lambda seen: Turn(text="word " * 200, pause=0.01)) as upstream, scripted(upstream, script) as service:
        answer = service.ask(stream=True)
        text = answer.body.decode()
        check("event: error" in text and "plugin mine, transformResponseOut: Error: enough" in text, text[-400:])
        check("message_stop" not in text, "a clean end")


PULLING = """module.exports = class { name = 'mine'; transformResponseOut(response) {
  const reader = response.body.getReader();
  return new Response(new ReadableStream({
    async pull(c) { const { done, value } = await reader.read(); if (done) c.close(); else c.enqueue(value); },
    cancel(why) { console.log('CANCELLED: ' + why.message); return reader.cancel(why); } }), { headers: response.headers }); } };"""


@test()
def a_stream_stays_a_stream_and_a_client_that_leaves_is_felt():
    with Upstream(lambda seen: Turn(text="word " * 400, pause=0.02)) as upstream, scripted(upstream, PULLING) as service:
        service.ask()  # the host is up
        began = time.monotonic()
        connection = raw.Connection(service.port)
        connection.send(raw.encode("POST", "/v1/messages", question(stream=True)))
        connection.read_head()
        connection.read_chunk()
        check(time.monotonic() - began < 2, "the first words waited for the last")
        connection.close()
        until(lambda: upstream.seen[-1].closed_at, "the end of the call upstream")
        until(lambda: "CANCELLED: the client left" in service.output_text(), "the plugin's own end")


@test()
def a_slow_reader_slows_the_provider():
    with Upstream(lambda seen: Turn(kilobytes=64 * 1024)) as upstream, scripted(upstream, PULLING) as service:
        with raw.Connection(service.port, receive_buffer=4096) as connection:
            connection.send(raw.encode("POST", "/v1/messages", question(stream=True)))
            connection.read_head()
            sent = -1
            while sent != upstream.seen[-1].sent:
                sent = upstream.seen[-1].sent
                time.sleep(0.5)
            check(sent < 16 << 20, f"{sent} bytes were taken from the provider for nobody")
    return f"{sent >> 10} KB"


# Reasoning under another name, with a signature when it ends, as the reference's own transformers hand it over.
THINKS = """
module.exports = class { name = "mine";
  async transformResponseOut(response) {
    const decoder = new TextDecoder(), encoder = new TextEncoder();
    let rest = "", thought = false;
    const edited = (chunk) => {
      const delta = chunk.choices?.[0]?.delta;
      const chunks = [chunk];
      if (delta?.reasoning_content) {
        delta.thinking = { content: delta.reasoning_content };
        delete delta.reasoning_content;
        thought = true;
      } else if (thought && delta?.content) {
        thought = false;
        chunks.unshift({ ...chunk, choices: [{ ...chunk.choices[0], delta: { thinking: { content: "", signature: "sig" } } }] });
      }
      return chunks.map((one) => `data: ${JSON.stringify(one)}`).join("\\n\\n");
    };
    return new Response(response.body.pipeThrough(new TransformStream({ transform(bytes, controller) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\\n");
      rest = lines.pop();
      for (const line of lines) controller.enqueue(encoder.encode((line.startsWith("data: {") ? edited(JSON.parse(line.slice(6))) : line) + "\\n"));
    } })), { headers: response.headers });
  } };
"""


def own_api(seen):
    if seen.path != "/own/generate":
        return Turn(status=404, kind="not_found", message=seen.path)
    body = b'data: {"said": "po"}\n\ndata: {"said": "ng"}\n\n'
    return Turn(raw=b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


def with_the_real_client(script, answers, name="mine.js"):
    """What the client said and thought, and what upstream saw last."""
    with Upstream(answers) as upstream, scripted(upstream, script, name=name, options={"prompt": "Be kind.", "user": "me"}) as service:
        (service.path / "token.json").write_text('{"access_token": "stale", "expiry_date": 1}', encoding="utf-8")
        with by_hand(service, "Say pong.") as client:
            client.finish()
            thoughts = "".join(block["thinking"] for block in client.blocks("thinking"))
            return client.result, thoughts, upstream.seen[-1]


@test(limit=120)
def the_real_client_with_one_of_each():
    def pong(_):
        return Turn(text="pong", thinking="I wonder.")

    said, _, seen = with_the_real_client(AUTH, pong)
    equal((seen.headers["authorization"], seen.json["metadata"]), ("Bearer fresh", {"user": "me"}), "auth")
    check("pong" in said, said)
    said, _, _ = with_the_real_client(OTHER, own_api, "mine.mjs")
    check("pong" in said, said)
    said, _, _ = with_the_real_client(READER, lambda _: Turn(text="pong"))
    check(said.startswith("[seen] ") and "pong" in said, said)
    said, thoughts, _ = with_the_real_client(THINKS, pong)
    equal(thoughts, "I wonder.", "thoughts")
    said, _, seen = with_the_real_client(PROMPTS, pong)
    check("Be kind." in seen.body.decode(), "the prompt of this model")


# Ways in which a script may leave the provider's answer, each with an answer of its own.
LEAVES = """
const chunk = (text, done) => `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 1, model: "own", choices: [{ index: 0, delta: { content: text }, finish_reason: done ? "stop" : null }] })}\\n\\n`;
module.exports = (options) => ({
  name: "mine",
  async transformResponseOut(response) {
    if (options.way === "cancel") await response.body.cancel();
    if (options.way === "one chunk") { const reader = response.body.getReader(); await reader.read(); await reader.cancel(); }
    return new Response(chunk("of my own", false) + chunk("", true) + "data: [DONE]\\n\\n", { headers: { "content-type": "text/event-stream" } });
  },
});
"""


@test()
def an_answer_that_a_script_does_not_read_is_replaced_by_its_own():
    for way in ("cancel", "one chunk", "leave"):
        with Upstream(lambda seen: Turn(text="x" * 2000)) as upstream, scripted(upstream, LEAVES, options={"way": way}) as service:
            answer = service.ask(stream=True, timeout=10)
            equal(answer.status, 200, way)
            equal(text_of(answer, True), "of my own", way)
