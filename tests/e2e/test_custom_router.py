"""CUSTOM_ROUTER_PATH: the user's script chooses, and whatever it does costs no more than its opinion."""

import json
import pathlib
import re
import time

from bed import raw
from bed.claude import by_hand
from bed.marks import check, each, equal, test, until
from bed.raw import question
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

# In the style of the reference's example: the first user message decides, else the built-in rules do.
EXAMPLE = """
module.exports = async function router(req, config) {
  const first = req.body.messages.find((message) => message.role === "user")?.content;
  const text = typeof first === "string" ? first : JSON.stringify(first ?? "");
  if (text.includes("explain this code")) return "e2e,explainer";
  if (req.tokenCount > 60000 && config.Router.longContext) return config.Router.longContext;
  return null;
};
"""


def routed(upstream, script, name="router.js", **more):
    """A service whose custom router is `script`, a file of its home."""
    provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789",
                "models": ["main", "explainer"]}
    router = {"default": "e2e,main", "longContext": "e2e,long", "reasons": True, **more.pop("router", {})}
    service = Service({"Providers": [provider], "Router": router, "CUSTOM_ROUTER_PATH": f"~/{name}", **more})
    write(service, script, name)
    return service


def write(service, script, name="router.js"):
    draft = service.path / f"{name}.draft"
    draft.write_text(script, encoding="utf-8")
    draft.rename(service.path / name)


def hosts_of(service):
    """Process ids of what the service runs."""
    children = pathlib.Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    tasks = pathlib.Path(f"/proc/{service.process.pid}/task").glob("*/children") if children.exists() else []
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def asked(service, text="ping", headers=None, **more):
    """(model upstream, what the reasons say of the custom router)."""
    answer = service.ask(text, headers=headers, **more)
    equal(answer.status, 200, f"status of {answer.body[:300]}")
    said = re.search(r"; [+-] custom router: ([^;]*)", answer.headers["x-ccr-reasons"])
    return answer.headers["x-ccr-route"].partition(",")[2], said[1] if said else ""


@test()
def the_example_chooses_and_its_silence_leaves_it_to_the_rules():
    with Upstream() as upstream, routed(upstream, EXAMPLE) as service:
        equal(hosts_of(service), [], "processes before the first need")
        model, why = asked(service, "please explain this code")
        equal(model, "explainer", why)
        check(re.match(r"the custom router chose it \([0-9.]+ ms\)", why), why)
        equal(len(hosts_of(service)), 1, "processes")
        model, why = asked(service, "anything else")
        equal(model, "main", why)
        check("it chose nothing" in why, why)
        equal(asked(service, "explain this code", {"x-ccr-model": "e2e,header"})[0], "header", "before it")
        equal(asked(service, "word " * 70000)[0], "long", "by tokenCount and config.Router")
        host = hosts_of(service)[0]
    until(lambda: not pathlib.Path(f"/proc/{host}").exists(), "the end of the host with its service")


@test()
def the_script_sees_the_request_as_the_reference_shows_it():
    script = """
    const seen = {};
    module.exports = async (req, config, context) => {
      Object.assign(seen, { url: req.url, pathname: req.pathname, session: req.sessionId, tokens: req.tokenCount,
        headers: req.headers["x-team"], kind: req.headers["content-type"], id: req.id, event: context.event,
        system: req.body.system, model: req.body.model, first: req.body.messages[0], agents: req.agents,
        provider: config.providers[0].name, same: config.Providers[0].models, port: typeof config.Router.default });
      req.log.info("asked by", req.id);
      console.log("SAID " + JSON.stringify(seen));
      return null;
    };"""
    with Upstream() as upstream, routed(upstream, script) as service:
        body = question("hello", system="Be brief.", metadata={"user_id": "user_x_account__session_abc-1"})
        equal(service.request("POST", "/v1/messages?beta=true", body, {"x-team": "blue"}).status, 200, "status")
        line = until(lambda: next((ln for ln in service.output_text().splitlines() if "SAID " in ln), None), "its words")
        text = line[line.index("SAID ") + 5:].replace('\\"', '"')
        seen, _ = json.JSONDecoder().raw_decode(text)
        equal(seen["url"], "/v1/messages?beta=true", "url")
        equal((seen["pathname"], seen["session"], seen["headers"]), ("/v1/messages", "abc-1", "blue"), "what it saw")
        check(seen["tokens"] > 0 and seen["id"].startswith("req_") and "event" not in seen, seen)
        equal((seen["system"], seen["first"]["content"]), ("Be brief.", "hello"), "body")
        equal((seen["provider"], seen["same"], seen["port"]), ("e2e", ["main", "explainer"], "string"), "config")
        check("router.js" in line, f"a line without the plugin's name: {line}")
        # Other clients' requests have the same shape for it.
        chat = {"model": "claude-x", "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "hi"}]}
        equal(service.request("POST", "/v1/chat/completions", chat).status, 200, "status")
        check(until(lambda: "Be kind." in service.output_text(), "the second"), "")
        # It looks; what it does to the body changes nothing.
        write(service, "module.exports = (req) => { req.body.messages.length = 0; req.body = null; };")
        until(lambda: "it chose nothing" in asked(service)[1] or None, "an answer")
        equal(upstream.seen[-1].user_text(), "ping", "text upstream")


FORMS = {
    "a class": ("router.js", "module.exports = class { choice = 'e2e,form'; route() { return this.choice; } };"),
    "an object": ("router.js", "module.exports = { router: async () => 'e2e,form' };"),
    "exports.default": ("router.js", "exports.__esModule = true; exports.default = () => 'e2e,form';"),
    "an ES module": ("router.mjs", "import path from 'node:path'; export default async () => path.join('e2e,form');"),
    "an ES module by its text": ("router.js", "import os from 'node:os'; export default () => os.EOL && 'e2e,form';"),
    "reasons": ("router.js", "module.exports = () => ({ model: 'e2e,form', reasons: ['it is late', 'it is dark'] });"),
    "a file beside it": ("router.js", "const { pick } = require('./pick.js'); module.exports = () => pick();"),
}


@test()
def every_form_of_export_and_answer():
    def trial(what):
        name, script = FORMS[what]
        with Upstream() as upstream, routed(upstream, script, name) as service:
            (service.path / "pick.js").write_text("exports.pick = () => 'e2e,form';", encoding="utf-8")
            model, why = asked(service)
            equal(model, "form", why)
            if what == "reasons":
                check("it is late: it is dark" in why, why)
            if what == "a file beside it":
                (service.path / "pick.js").write_text("exports.pick = () => 'e2e,edited';", encoding="utf-8")
                until(lambda: asked(service)[0] == "edited", "the edited file beside it")

    each(FORMS, trial)


MISBEHAVING = {
    "throws": ("module.exports = () => { throw new TypeError('no luck'); };", "TypeError: no luck"),
    "rejects": ("module.exports = async () => { await null; return undefined.x; };", "Cannot read properties"),
    "never answers": ("module.exports = () => new Promise(() => {});", "it did not answer within 300 ms"),
    "spins": ("module.exports = () => { for (;;); };", "it did not answer within 300 ms"),
    "leaves": ("module.exports = () => process.exit(3);", "process.exit(3) was called"),
    "dies": ("module.exports = () => process.kill(process.pid, 'SIGKILL');", "the plugin host was ended by signal 9"),
    "a number": ("module.exports = () => 7;", "it returned number"),
    "nobody's model": ("module.exports = () => 'nobody,x';", "which is no configured model"),
    "no function": ("module.exports = 'text';", "it exports no function"),
    "does not parse": ("module.exports = () => {", "SyntaxError"),
    "is not there": (None, "Cannot find module"),
    "floods": ("module.exports = () => { for (let i = 0; i < 20000; i++) console.log('x'.repeat(200)); return null; };",
               "it chose nothing"),
    "an orphan": ("module.exports = () => { setTimeout(() => { throw new Error('late'); }, 1); return null; };",
                  "it chose nothing"),
}


@test(limit=60)
def whatever_it_does_the_request_goes_on_by_the_rules():
    def trial(what):
        script, said = MISBEHAVING[what]
        time_left = 5000 if what == "floods" else 300  # writing so much takes its time
        with Upstream() as upstream, routed(upstream, script or "", scripts={"router_ms": time_left}) as service:
            if script is None:
                (service.path / "router.js").unlink()
            model, why = asked(service)
            equal(model, "main", why)
            check(said in why, f"{why!r}: {said!r} was expected")
            # It is mended, and holds again, whatever became of the host.
            write(service, EXAMPLE)
            until(lambda: asked(service, "explain this code")[0] == "explainer", "the mended script", 12)
            if what == "floods":
                check(service.output_text().count("x" * 200) <= 2000, "the flood reached the log")  # 200 a second

    each(MISBEHAVING, trial)


@test()
def others_do_not_wait_for_a_router_that_spins():
    script = """module.exports = (req) => { if (req.body.system === "spin") for (;;); return null; };"""
    with Upstream() as upstream, routed(upstream, script, scripts={"router_ms": 400}) as service:
        asked(service)
        began = time.monotonic()
        asked(service, system="spin")
        check(time.monotonic() - began < 1.5, "longer than its time")
        # The header's choice needs no script, so nothing of it is felt.
        began = time.monotonic()
        asked(service, headers={"x-ccr-model": "e2e,quick"})
        check(time.monotonic() - began < 0.2, "another request waited")
        until(lambda: "it chose nothing" in asked(service)[1], "a new host", 10)
        check("the plugin host was ended" in service.output_text(), "a host that was ended without a word")


@test(limit=60)
def r9_an_edit_holds_without_a_restart_and_no_script_costs_no_process():
    with Upstream() as upstream, routed(upstream, "module.exports = () => 'e2e,first';") as service:
        equal(asked(service)[0], "first", "model")
        write(service, "module.exports = () => 'e2e,second';")
        until(lambda: asked(service)[0] == "second", "the edited script")
    plain = {"Providers": [{"name": "e2e", "api_base_url": "", "api_key": "k", "models": ["main"]}]}
    with Upstream() as upstream:
        plain["Providers"][0]["api_base_url"] = upstream.url("chat")
        with Service({**plain, "Router": {"default": "e2e,main"}}) as service:
            service.ask()
            equal(hosts_of(service), [], "processes without a script")
        broken = {**plain, "Router": {"default": "e2e,main", "reasons": True}, "CUSTOM_ROUTER_PATH": "router.js",
                  "NODE_PATH_BINARY": "/nowhere/node"}
        with Service(broken) as service:
            why = asked(service)[1]
            check("/nowhere/node, which cannot be run" in why, why)


@test(limit=60)
def the_real_client_is_routed_by_the_example():
    with Upstream(lambda seen: Turn(text="pong")) as upstream, routed(upstream, EXAMPLE) as service:
        with by_hand(service, "explain this code: int x;") as client:
            client.finish()
            check("pong" in client.result, client.result)
        check("explainer" in {seen.model for seen in upstream.seen}, f"models {[seen.model for seen in upstream.seen]}")


@test()
def a_client_that_leaves_is_noticed_while_it_is_asked():
    never = "module.exports = () => new Promise(() => {});"
    with Upstream() as upstream, routed(upstream, never, scripts={"router_ms": 60000}) as service:
        connection = raw.Connection(service.port)
        connection.send(raw.encode("POST", "/v1/messages", question("ping")))
        time.sleep(0.7)
        connection.close()
        until(lambda: "client_gone" in service.output_text() + service.log_text(), "the end of the request", 5)
        equal(upstream.seen, [], "requests upstream")
