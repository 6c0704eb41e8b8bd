"""Whatever a transformer does: its request fails in words, the service's other requests go on, and a mended file holds."""

import json
import statistics
import threading
import time

from bed import raw
from bed.claude import by_hand
from bed.marks import check, each, equal, test, until
from bed.raw import question
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

STREAM = """transformResponseOut(response) { let n = 0; return new Response(response.body.pipeThrough(new TransformStream({
  async transform(chunk, controller) { if (n++ > 2) { %s } controller.enqueue(chunk); } })), { headers: response.headers }); }"""

# What it does, and what its client is told; streamed where it is of the answer.
FAULTS = {
    "throws": ("transformRequestIn() { throw new TypeError('no luck'); }", "plugin mine, transformRequestIn: TypeError: no luck"),
    "hangs": ("transformRequestIn() { return new Promise(() => {}); }", "plugin mine, transformRequestIn: it did not answer within 1500 ms"),
    "spins": ("transformRequestIn() { for (;;); }", "plugin mine, transformRequestIn"),
    "exits": ("transformRequestIn() { process.exit(3); }", "process.exit(3) was called"),
    "exits for good": ("transformRequestIn() { process.reallyExit(3); }", "plugin mine, transformRequestIn: the plugin host"),
    "floods": ("transformRequestIn() { for (let i = 0; i < 20000; i++) console.log('x'.repeat(200)); throw new Error('flooded'); }", "flooded"),
    "floods past us": ("transformRequestIn() { const line = 'y'.repeat(200) + '\\n'; for (let i = 0; i < 20000; i++) try { require('fs').writeSync(2, line); } catch {} throw new Error('flooded'); }",
                       "flooded"),
    "leaks": ("async transformRequestIn() { const all = []; for (;;) { all.push(new Array(100000).fill(all.length + 0.5)); await new Promise(setImmediate); } }",
              "plugin mine, transformRequestIn: the plugin host"),
    "returns garbage": ("transformRequestIn() { return { body: 7n }; }", "plugin mine"),
    "answers garbage": ("transformResponseOut(response) { return new Response('<html>', { headers: response.headers }); }", ""),
    "breaks mid-stream": (STREAM % "throw new Error('enough');", "plugin mine, transformResponseOut: Error: enough"),
    "dies mid-stream": (STREAM % "process.kill(process.pid, 'SIGKILL');", "plugin mine"),
    "spins mid-stream": (STREAM % "for (;;);", ""),
}


class Others:
    """Requests of the same service that need no script, one after the other."""

    def __init__(self, service):
        self.service, self.took, self.failures, self.over = service, [], [], threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        while not self.over.is_set():
            began = time.monotonic()
            try:
                answer = self.service.ask(stream=True, model="plain,main", timeout=30)
                if answer.status != 200 or b"message_stop" not in answer.body:
                    self.failures.append((answer.status, answer.body[:200]))
            except OSError as error:
                self.failures.append(error)
            self.took.append(time.monotonic() - began)
            time.sleep(0.01)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def service_with(upstream, code, **more):
    entry = {"api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789", "models": ["main"]}
    providers = [{"name": "plain", **entry}, {"name": "e2e", **entry, "transformer": {"use": ["mine"]}}]
    service = Service({"Providers": providers, "Router": {"default": "e2e,main"}, "transformers": [{"path": "~/mine.js"}], "retry": {"max": 0},
                       "timeouts": {"idle_ms": 2500}, "scripts": {"transform_ms": 1500, "memory_mb": 64}, **more})
    (service.path / "mine.js").write_text(f"module.exports = class {{ name = 'mine'; {code} }};", encoding="utf-8")
    return service


def answers(seen):
    return Turn(text="word " * 40, pause=0.01) if seen.model == "main" else Turn(text="pong")


def one(what):
    code, said = FAULTS[what]
    with Upstream(answers) as upstream, service_with(upstream, code) as service:
        with Others(service) as quiet:
            until(lambda: len(quiet.took) >= 3, "the others before it", 30)
        with Others(service) as others:
            answer = service.ask(stream=True, timeout=30)
            text = answer.body.decode()
            until(lambda: len(others.took) >= 3, "the others beside it", 30)
        equal(quiet.failures + others.failures, [], "what failed of the others")
        check(answer.status >= 500 or "event: error" in text, f"{answer.status} {text[-300:]}")
        check(said in text, f"{said!r} is not in {text[-400:]!r}")
        check("message_stop" not in text, "a clean end")
        (service.path / "mine.js").write_text("module.exports = class { name = 'mine'; };", encoding="utf-8")
        until(lambda: service.ask(timeout=20).status == 200, "the mended file", 20)
        check(service.output_text().count("x" * 200) + service.output_text().count("y" * 200) <= 2500, "the flood reached the log")
        return f"{what} {statistics.median(quiet.took) * 1000:.0f}/{statistics.median(others.took) * 1000:.0f} ms"


@test(limit=240)
def whatever_it_does_its_request_fails_in_words_and_the_others_go_on():
    figures = []
    each(FAULTS, lambda what: figures.append(one(what)))
    return "medians of the others before and beside it: " + ", ".join(figures)


@test(limit=60)
def the_real_client_is_told_which_script_failed_and_how():
    with Upstream(lambda _: Turn(text="pong")) as upstream, service_with(upstream, FAULTS["throws"][0]) as service:
        with by_hand(service, "Say pong."):  # it asks again for a while
            until(lambda: "plugin mine, transformRequestIn: TypeError: no luck" in service.output_text(), "the log", 30)
        equal(upstream.seen, [], "requests upstream")


@test(limit=60)
def by_policy_a_request_goes_on_without_what_fails():
    for what in ("throws", "hangs", "exits for good"):
        scripts = {"on_failure": "skip", "transform_ms": 500}
        with Upstream(lambda _: Turn(text="pong")) as upstream, service_with(upstream, FAULTS[what][0], scripts=scripts) as service:
            answer = service.ask(timeout=20)
            equal(answer.status, 200, f"{what}: {answer.body[:300]}")
            check("goes on without a script that failed" in service.log_text(), "the log")
            check("plugin mine" in service.log_text(), "its words in the log")
    with Upstream(answers) as upstream:
        with service_with(upstream, FAULTS["breaks mid-stream"][0], scripts={"on_failure": "skip"}) as service:
            check("event: error" in service.ask(stream=True).body.decode(), "an answer cannot go on without it")


def service_of(upstream, files, use, **more):
    """A service whose provider `e2e` uses these of `files`: name -> (code, permissions or None)."""
    provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789", "models": ["main"],
                "transformer": {"use": use}}
    entries = [{"path": f"~/scripts/{name}/{name}.js", **({"permissions": may} if may is not None else {})} for name, (_, may) in files.items()]
    service = Service({"Providers": [provider], "Router": {"default": "e2e,main"}, "transformers": entries, "retry": {"max": 0}, **more})
    for name, (code, _) in files.items():
        (service.path / "scripts" / name).mkdir(parents=True)
        (service.path / "scripts" / name / f"{name}.js").write_text(code, encoding="utf-8")
    return service


def marking(name):
    return f"""module.exports = class {{ name = "{name}"; transformRequestIn(request) {{ (request.marks ??= []).push("{name}"); return request; }}
      transformResponseOut(response) {{ return response; }} }};"""


@test(limit=60)
def what_other_scripts_made_stays_when_one_is_left_out():
    failing = """module.exports = class { name = "fails"; transformRequestIn(request) { request.marks.push("half"); throw new Error("no luck"); } };"""
    unloadable = "throw new Error('not even loaded');"
    scripts = {"one": (marking("one"), None), "fails": (failing, None), "two": (marking("two"), None), "broken": (unloadable, None), "far": (marking("far"), {"network": True})}
    with Upstream(lambda _: Turn(text="pong")) as upstream:
        for some in (["one", "fails", "two"], list(scripts)):
            chosen = {name: scripts[name] for name in some}
            with service_of(upstream, chosen, [*some, "nowhere"], scripts={"on_failure": "skip"}) as service:
                for stream in (False, True):
                    answer = service.ask(stream=stream, timeout=30)
                    check(answer.status == 200 and b"pong" in answer.body, f"{answer.status} {answer.body[-300:]}")
                    equal(upstream.seen[-1].json.get("marks"), [name for name in some if name in ("one", "two", "far")], "what the others made")
                log = service.log_text()
                check("plugin fails, transformRequestIn: Error: no luck" in log and "plugin nowhere, loading" in log, log[-2000:])


@test(limit=60)
def a_host_that_breaks_costs_only_the_requests_that_use_it():
    dies = "process.kill(process.pid, 'SIGKILL');"
    scripts = {"well": (marking("well"), None), "dies": (dies, {"network": True, "processes": True})}
    with Upstream(lambda _: Turn(text="pong")) as upstream, service_of(upstream, scripts, ["well"]) as service:
        for _ in range(3):
            equal(service.ask(timeout=20).status, 200, "status")
            equal(upstream.seen[-1].json.get("marks"), ["well"], "what the other script made")


@test(limit=60)
def an_edit_while_requests_run_holds_for_those_that_begin_later():
    code = """transformResponseOut(response) { return new Response(response.body.pipeThrough(new TransformStream({
      transform(chunk, c) { c.enqueue(new TextEncoder().encode(new TextDecoder().decode(chunk).replaceAll('word', 'WORD'))); } })), { headers: response.headers }); }"""
    with Upstream(lambda _: Turn(text="word " * 200, chunk=5, pause=0.02)) as upstream, service_with(upstream, code.replace("WORD", "first")) as service:
        with raw.Connection(service.port, timeout=30) as connection:
            connection.send(raw.encode("POST", "/v1/messages", question(stream=True)))
            connection.read_head()
            early = connection.read_chunk()
            while b"first" not in early:
                early += connection.read_chunk()
            (service.path / "mine.js").write_text(f"module.exports = class {{ name = 'mine'; {code.replace('WORD', 'second')} }};", encoding="utf-8")
            later = until(lambda: b"second" in (answer := service.ask(stream=True, timeout=30)).body and answer, "the edited file", 30)
            check(b"first" not in later.body, "a mixture")
            while piece := connection.read_chunk():
                early += piece
        text = "".join(json.loads(line[6:]).get("delta", {}).get("text", "") for line in early.decode().splitlines() if line.startswith("data: "))
        equal((text.count("first"), text.count("second")), (200, 0), "words of the one that ran")
