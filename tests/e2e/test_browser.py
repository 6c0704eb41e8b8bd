"""A page in a real Chromium: what a web page of somebody else's can do to the service."""

import http.server
import json
import re
import shutil
import socket
import subprocess
import tempfile
import threading

from bed.marks import Skipped, check, equal, test, until
from bed.service import Service, providers_of
from bed.upstream import Upstream

HOST = "page.test"  # the browser is told that it is here
PAGE = """<!doctype html><body><script>
const gateway = GATEWAY;
const question = JSON.stringify({model: "e2e,big-model", max_tokens: 9, messages: [{role: "user", content: "ping"}]});
const tries = {
  own: () => fetch("/own"),
  read: () => fetch(gateway + "/health"),
  models: () => fetch(gateway + "/v1/models"),
  simple_post: () => fetch(gateway + "/v1/messages", {method: "POST", body: question}),
  opaque_post: () => fetch(gateway + "/v1/messages", {method: "POST", mode: "no-cors", body: question}),
  json_post: () => fetch(gateway + "/v1/messages", {method: "POST", headers: {"content-type": "application/json"}, body: question}),
  with_key: () => fetch(gateway + "/v1/messages", {method: "POST", headers: {"x-api-key": "any"}, body: question}),
  chat: () => fetch(gateway + "/v1/chat/completions", {method: "POST", body: question}),
  beacon: async () => ({status: navigator.sendBeacon(gateway + "/v1/messages", question) ? "sent" : "not sent", text: async () => ""}),
  form: () => new Promise(done => {
    const frame = Object.assign(document.createElement("iframe"), {name: "sink"});
    const form = Object.assign(document.createElement("form"), {method: "POST", action: gateway + "/v1/messages", target: "sink", enctype: "text/plain"});
    form.append(Object.assign(document.createElement("input"), {name: question.slice(0, -1) + ', "x": "', value: '"}'}));
    document.body.append(frame, form);
    frame.onload = () => { let seen; try { seen = frame.contentDocument.body.innerText; } catch (refused) { seen = "unreadable"; }
                           if (seen) done({status: seen, text: async () => ""}); };
    form.submit();
    setTimeout(() => done({status: "unreadable", text: async () => ""}), 1500);
  }),
  script: () => new Promise(done => {
    const script = Object.assign(document.createElement("script"), {src: gateway + "/v1/models"});
    script.onload = () => done({status: "loaded", text: async () => ""});
    script.onerror = () => done({status: "refused", text: async () => ""});
    document.body.append(script);
  }),
  events: () => new Promise(done => {
    const source = new EventSource(gateway + "/v1/messages");
    source.onmessage = () => done({status: "read", text: async () => ""});
    source.onerror = () => { source.close(); done({status: "refused", text: async () => ""}); };
  }),
  socket: () => new Promise(done => {
    const socket = new WebSocket(gateway.replace("http", "ws") + "/v1/messages");
    socket.onopen = () => done({status: "open", text: async () => ""});
    socket.onerror = () => done({status: "refused", text: async () => ""});
  }),
};
(async () => {
  const results = {};
  for (const [name, attempt] of Object.entries(tries)) {
    try { const answer = await attempt(); results[name] = [answer.type || "", answer.status, (await answer.text()).slice(0, 80)]; }
    catch (refused) { results[name] = ["error", refused.name, ""]; }
  }
  await fetch("/report", {method: "POST", body: JSON.stringify(results)});
})();
</script></body>"""


def browser():
    found = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), None)
    if not found:
        raise Skipped("there is no Chromium; `tools/setup full` installs it")
    return found


class Page:
    """The page's own server: it serves it, and hears from it what it could do."""

    def __init__(self, gateway):
        self.results = None
        page = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.say((PAGE.replace("GATEWAY", json.dumps(gateway)) if self.path == "/" else "own").encode())

            def do_POST(self):
                page.results = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self.say(b"heard")

            def say(self, body):
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def open(self, port=None):
        """What each try of the page came to: (kind, status, beginning of the body)."""
        with tempfile.TemporaryDirectory(prefix="ccr-browser-") as profile:
            running = subprocess.Popen([browser(), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                                        f"--host-resolver-rules=MAP {HOST} 127.0.0.1", "--remote-debugging-port=0",
                                        f"http://{HOST}:{port or self.port}/"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                until(lambda: self.results, "the page's report", 40)
            finally:
                running.kill()
                running.wait()
        return self.results

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def nothing_was_read(results):
    equal(results.pop("own"), ["basic", 200, "own"], "the page reaches its own server")
    for name, (kind, status, body) in results.items():
        harmless = kind in ("error", "opaque") or status in ("refused", "unreadable", "sent", "not sent")
        check(harmless and not body, f"{name}: {kind} {status} {body!r}")


@test(limit=90, full=True)
def a_page_of_another_origin_reads_and_drives_nothing():
    with Upstream() as upstream, Service(providers_of(upstream)) as service, Page(service.url) as page:
        results = page.open()
        nothing_was_read(results)
        equal(upstream.seen, [], "requests that came through")
        return f"{len(results)} ways tried"


@test(limit=90, full=True)
def an_origin_that_is_allowed_drives_but_does_not_read():
    """The same page, let in: what shows that the other tests could fail."""
    with Upstream() as upstream, Service(providers_of(upstream)) as service, Page(service.url) as page:
        origin = f"http://{HOST}:{page.port}"
        service.write_config(providers_of(upstream, ALLOWED_ORIGINS=[origin]))
        until(lambda: service.request("GET", "/v1/models", headers={"origin": origin}).status == 200, "the reload")
        results = page.open()
        check(upstream.seen, f"the allowed page drives nothing: {results}")
        nothing_was_read(results)


class Rebinding:
    """A name that leads to the page's server at first, and to the service afterwards, as its owner makes it."""

    def __init__(self, page, service):
        self.page, self.service = page, service
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        head = client.recv(65536)
        own = re.match(rb"(GET / |GET /own|POST /report)", head)
        with socket.create_connection(("127.0.0.1", self.page if own else self.service)) as there:
            there.sendall(head.replace(b"keep-alive", b"close"))
            back = threading.Thread(target=self.copy, args=(there, client))
            back.start()
            self.copy(client, there)
            back.join()

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


@test(limit=90, full=True)
def a_name_that_is_bound_anew_reads_and_drives_nothing():
    """To the browser it is one origin, so that it lets the page read: the service must refuse by the name."""
    with Upstream() as upstream, Service(providers_of(upstream)) as service, Page("") as page:
        rebinding = Rebinding(page.port, service.port)
        results = page.open(rebinding.port)
        rebinding.close()
        equal(results.pop("own")[1:], [200, "own"], "the page reaches its own server")
        for name in ("read", "models", "simple_post", "json_post", "with_key", "chat"):
            equal(results[name][1], 403, f"status of {name}: {results[name]}")
        equal(upstream.seen, [], "requests that came through")
