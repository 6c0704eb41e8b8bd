"""Transformers in the style of those that people share, as they are, and ones that misuse the memory."""

import http.server
import json
import threading
import time
import urllib.parse

from bed.claude import by_hand
from bed.marks import check, equal, test, until
from bed.raw import question
from bed.service import Service
from bed.turns import Turn, chunk
from bed.upstream import Upstream

# In the style of gemini-cli: credentials of a file that are refreshed there, another API's form and address, and its
# answers turned into Chat's, whole and streamed.
GEMINI_CLI = r"""
const os = require("os"), path = require("path"), fs = require("fs/promises");
const OAUTH_FILE = path.join(os.homedir(), ".gemini", "oauth_creds.json");
class GeminiCLITransformer {
  name = "gemini-cli";
  constructor(options) {
    this.options = options;
    try { this.oauth_creds = require(OAUTH_FILE); } catch {}
  }
  async transformRequestIn(request, provider) {
    if (this.oauth_creds && this.oauth_creds.expiry_date < +new Date()) await this.refreshToken(this.oauth_creds.refresh_token);
    const contents = request.messages.map((message) => ({
      role: message.role === "assistant" ? "model" : "user",
      parts: (typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content || [])
        .map((content) => ({ text: content.text || "" })),
    }));
    return {
      body: { request: { contents, tools: request.tools?.length ? [{ functionDeclarations: request.tools.map((tool) => tool.function) }] : undefined },
        model: request.model, project: this.options?.project },
      config: {
        url: new URL(`${this.options.base}/v1internal:${request.stream ? "streamGenerateContent?alt=sse" : "generateContent"}`),
        headers: { Authorization: `Bearer ${this.oauth_creds.access_token}`, "user-agent": `GeminiCLI/v22.12.0 (darwin; arm64)` },
      },
    };
  }
  async transformResponseOut(response) {
    if (response.headers.get("Content-Type")?.includes("application/json")) {
      let json = await response.json();
      json = json.response;
      const parts = json.candidates[0].content.parts;
      const tool_calls = parts.filter((part) => part.functionCall).map((part) => ({
        id: part.functionCall?.id || "tool_1", type: "function",
        function: { name: part.functionCall.name, arguments: JSON.stringify(part.functionCall.args || {}) } }));
      return new Response(JSON.stringify({
        id: json.responseId, object: "chat.completion", created: parseInt(new Date().getTime() / 1000 + "", 10), model: json.modelVersion,
        choices: [{ finish_reason: json.candidates[0].finishReason?.toLowerCase() || null, index: 0,
          message: { content: parts.filter((part) => part.text).map((part) => part.text).join("\n"), role: "assistant",
            tool_calls: tool_calls.length > 0 ? tool_calls : undefined } }],
        usage: { completion_tokens: json.usageMetadata.candidatesTokenCount, prompt_tokens: json.usageMetadata.promptTokenCount,
          total_tokens: json.usageMetadata.totalTokenCount } }),
      { status: response.status, statusText: response.statusText, headers: response.headers });
    }
    if (!response.headers.get("Content-Type")?.includes("stream") || !response.body) return response;
    const decoder = new TextDecoder(), encoder = new TextEncoder(), logger = this.logger;
    const processLine = (line, controller) => {
      if (!line.startsWith("data: ")) return;
      try {
        const chunk = JSON.parse(line.slice(6)).response;
        const candidate = chunk.candidates[0];
        const text = candidate.content.parts?.filter((part) => part.text)?.map((part) => part.text)?.join("\n");
        const res = { choices: [{ delta: { role: "assistant", content: text }, finish_reason: candidate.finishReason?.toLowerCase() || null,
          index: candidate.index || 0, logprobs: null }], created: 1, id: chunk.responseId || "", model: chunk.modelVersion || "",
          object: "chat.completion.chunk", system_fingerprint: "fp_a49d71b8a1" };
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(res)}\n\n`));
      } catch (error) { logger.error("Error parsing Gemini stream chunk", line, error.message); }
    };
    const stream = new ReadableStream({
      async start(controller) {
        const reader = response.body.getReader();
        let buffer = "";
        try {
          while (true) {
            const { done, value } = await reader.read();
            if (done) { if (buffer) processLine(buffer, controller); break; }
            buffer += decoder.decode(value, { stream: true });
            const lines = buffer.split("\n");
            buffer = lines.pop() || "";
            for (const line of lines) processLine(line.trim(), controller);
          }
        } catch (error) { controller.error(error); } finally { controller.close(); }
      },
    });
    return new Response(stream, { status: response.status, statusText: response.statusText, headers: response.headers });
  }
  async refreshToken(refresh_token) {
    const urlencoded = new URLSearchParams();
    urlencoded.append("client_id", "an-id");
    urlencoded.append("refresh_token", refresh_token);
    urlencoded.append("grant_type", "refresh_token");
    const data = await fetch(`${this.options.base}/token`, { method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: urlencoded }).then((response) => response.json());
    data.expiry_date = new Date().getTime() + data.expires_in * 1000 - 1000 * 60;
    data.refresh_token = refresh_token;
    delete data.expires_in;
    this.oauth_creds = data;
    await fs.writeFile(OAUTH_FILE, JSON.stringify(data, null, 2));
  }
}
module.exports = GeminiCLITransformer;
"""

# In the style of qwen-cli: Chat's form, another host of the token's, a user agent, figures asked for.
QWEN_CLI = r"""
const os = require("node:os"), path = require("node:path"), fs = require("node:fs/promises");
const OAUTH_FILE = path.join(os.homedir(), ".qwen", "oauth_creds.json");
class QwenCLITransformer {
  name = "qwen-cli";
  async transformRequestIn(request, provider) {
    const creds = JSON.parse(await fs.readFile(OAUTH_FILE, "utf-8"));
    if (request.stream) request.stream_options = { include_usage: true };
    return { body: { ...request, model: "qwen3-coder-plus" },
      config: { url: `http://${creds.resource_url}/v1/chat/completions`,
        headers: { Authorization: `Bearer ${creds.access_token}`, "User-Agent": "QwenCode/v22.12.0 (darwin; arm64)" } } };
  }
}
module.exports = QwenCLITransformer;
"""

# A logger: both ways, without a touch.
LOGGER = r"""
const fs = require("fs"), path = require("path");
module.exports = class {
  name = "logger";
  constructor(options) { this.file = options.file.replace("~", require("os").homedir()); }
  async transformRequestIn(request, provider, context) {
    fs.appendFileSync(this.file, JSON.stringify({ at: "request", model: request.model, messages: request.messages.length, session: context.req.sessionId }) + "\n");
    return request;
  }
  async transformResponseOut(response) {
    const [ours, theirs] = response.body.tee();
    new Response(ours).text().then((text) => fs.appendFileSync(this.file, JSON.stringify({ at: "response", status: response.status, length: text.length }) + "\n"));
    return new Response(theirs, { status: response.status, headers: response.headers });
  }
};
"""


class TokenServer:
    """Google's token endpoint and code assist, as far as the script asks them."""

    def __enter__(self):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                asked.append((self.path, dict(self.headers.items()), body))
                if self.path == "/token":
                    return self.say("application/json", b'{"access_token": "fresh", "expires_in": 3600}')
                answer = {"responseId": "r1", "modelVersion": "gemini-x",
                          "candidates": [{"content": {"parts": [{"text": "po"}]}, "index": 0}],
                          "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 7}}
                last = {**answer, "candidates": [{"content": {"parts": [{"text": "ng"}]}, "finishReason": "STOP", "index": 0}]}
                if "stream" in self.path:
                    return self.say("text/event-stream", chunk({"response": answer}) + chunk({"response": last}))
                answer["candidates"][0].update(finishReason="STOP", content={"parts": [{"text": "pong"}]})
                return self.say("application/json", json.dumps({"response": answer}).encode())

            def say(self, kind, body):
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def scripted(url, name, script, options=None, **more):
    provider = {"name": "e2e", "api_base_url": url, "api_key": "sk-unused-e2e-0123456789", "models": ["main"],
                "transformer": {"use": [name]}}
    service = Service({"Providers": [provider], "Router": {"default": "e2e,main"},
                       "transformers": [{"path": f"~/{name}.js", "options": options or {}}], **more})
    (service.path / f"{name}.js").write_text(script, encoding="utf-8")
    return service


def text_of(answer, stream):
    if not stream:
        return "".join(block.get("text", "") for block in json.loads(answer.body)["content"])
    events = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    return "".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta")


@test(limit=60)
def one_like_gemini_cli():
    with TokenServer() as google, \
            scripted(f"{google.base}/v1internal", "gemini-cli", GEMINI_CLI, {"project": "mine", "base": google.base}) as service:
        (service.path / ".gemini").mkdir()
        creds = service.path / ".gemini" / "oauth_creds.json"
        creds.write_text(json.dumps({"access_token": "stale", "refresh_token": "again", "expiry_date": 1}), encoding="utf-8")
        for stream in (False, True):
            answer = service.ask(stream=stream)
            equal((answer.status, text_of(answer, stream)), (200, "pong"), f"answer {answer.body[:300]}")
        paths = [path for path, _, _ in google.asked]
        equal(paths, ["/token", "/v1internal:generateContent", "/v1internal:streamGenerateContent?alt=sse"], "addresses")
        equal(urllib.parse.parse_qs(google.asked[0][2])["refresh_token"], ["again"], "the form")
        path, headers, body = google.asked[1]
        headers = {name.lower(): value for name, value in headers.items()}
        equal((headers["authorization"], json.loads(body)["project"]), ("Bearer fresh", "mine"), "what it sent")
        check(headers["user-agent"].startswith("GeminiCLI/"), headers)
        equal(json.loads(creds.read_text(encoding="utf-8"))["access_token"], "fresh", "the file")
        with by_hand(service, "Say pong.") as client:
            client.finish()
            check("pong" in client.result, client.result)


@test(limit=120)
def one_like_qwen_cli_and_a_logger():
    with Upstream(lambda _: Turn(text="pong")) as upstream:
        host = urllib.parse.urlsplit(upstream.url("chat")).netloc
        with scripted("http://127.0.0.1:9/v1/chat/completions", "qwen-cli", QWEN_CLI) as service:
            (service.path / ".qwen").mkdir()
            (service.path / ".qwen" / "oauth_creds.json").write_text(
                json.dumps({"access_token": "tok", "resource_url": host}), encoding="utf-8")
            for stream in (False, True):
                equal(text_of(service.ask(stream=stream), stream), "pong", "text")
                seen = upstream.seen[-1]
                equal((seen.headers["authorization"], seen.model), ("Bearer tok", "qwen3-coder-plus"), "what it sent")
                check(seen.headers["user-agent"].startswith("QwenCode/"), seen.headers)
            with by_hand(service, "Say pong.") as client:
                client.finish()
                check("pong" in client.result, client.result)
            equal(upstream.seen[-1].model, "qwen3-coder-plus", "the model of the client's request")
    for wire in ("chat", "messages"):
        with Upstream(lambda _: Turn(text="pong")) as upstream, \
                scripted(upstream.url(wire), "logger", LOGGER, {"file": "~/seen.jsonl"}) as service:
            with by_hand(service, "Say pong.") as client:
                client.finish()
                check("pong" in client.result, client.result)
            lines = [json.loads(line) for line in (service.path / "seen.jsonl").read_text(encoding="utf-8").splitlines()]
            check({line["at"] for line in lines} == {"request", "response"}, lines)


@test(limit=60)
def one_that_leaks_costs_the_host_and_nobody_else():
    leak = """module.exports = class { name = "leak"; async transformRequestIn(request) {
      const all = []; for (;;) { all.push(new Array(100000).fill(all.length + 0.5)); await new Promise(setImmediate); } } };"""
    with Upstream(lambda _: Turn(text="pong")) as upstream, \
            scripted(upstream.url("chat"), "leak", leak, scripts={"memory_mb": 64, "transform_ms": 20000}) as service:
        took, failures, over = [], [], threading.Event()

        def others():
            while not over.wait(0.02):
                began = time.monotonic()
                try:
                    status = service.request("GET", "/v1/models").status
                    if status != 200:
                        failures.append(status)
                except OSError as error:
                    failures.append(error)
                took.append(time.monotonic() - began)

        watch = threading.Thread(target=others)
        watch.start()
        answer = service.ask()
        over.set()
        watch.join()
        equal(failures, [], "what failed of the others")
        check(len(took) >= 5 and max(took) < 1, f"{len(took)} others, the slowest {max(took, default=0):.2f} s")
        check(answer.status >= 500 and b"plugin leak" in answer.body, answer.body)
        # Its connection may be seen to close before its end is.
        check(any(words in answer.body for words in (b"the plugin host was ended", b"the plugin host closed its connection")), answer.body)
        (service.path / "leak.js").write_text("module.exports = class { name = 'leak'; };", encoding="utf-8")
        until(lambda: service.ask().status == 200, "the mended file", 12)
    return f"the slowest of the others took {max(took) * 1000:.0f} ms"


@test(limit=30)
def a_file_that_never_loads_delays_the_others_once():
    never = "await new Promise(() => {}); export default class {}"
    with Upstream(lambda _: Turn(text="pong")) as upstream:
        provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "k", "models": ["main"],
                    "transformer": {"use": ["good"]}}
        with Service({"Providers": [provider], "Router": {"default": "e2e,main"},
                      "transformers": [{"path": "~/never.mjs"}, {"path": "~/good.js"}]}) as service:
            (service.path / "never.mjs").write_text(never, encoding="utf-8")
            (service.path / "good.js").write_text("module.exports = class { name = 'good'; };", encoding="utf-8")
            equal(service.ask(timeout=10).status, 200, "the first")
            began = time.monotonic()
            equal(service.ask().status, 200, "the second")
            check(time.monotonic() - began < 1.5, "it waited again")


@test(limit=30)
def a_file_that_is_wanted_may_take_longer_than_others_wait():
    slow = "await new Promise((done) => setTimeout(done, 2700)); export default class { name = 'slow'; }"
    with Upstream(lambda _: Turn(text="pong")) as upstream, scripted(upstream.url("chat"), "slow", "") as service:
        (service.path / "slow.js").write_text(slow, encoding="utf-8")
        answer = service.ask(timeout=10)
        equal(answer.status, 200, answer.body)


@test(limit=60)
def a_request_of_any_size_reaches_an_idle_host():
    nothing = "module.exports = class { name = 'nothing'; transformRequestIn(request) { return request; } };"
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * (66 << 20)}}
    body = {**question("x", False), "messages": [{"role": "user", "content": [image, {"type": "text", "text": "What is it?"}]}]}
    with Upstream(lambda _: Turn(text="pong")) as upstream, \
            scripted(upstream.url("chat"), "nothing", nothing, MAX_BODY_MB=100) as service:
        answer = service.request("POST", "/v1/messages", body, timeout=40)
        equal(answer.status, 200, answer.body)
