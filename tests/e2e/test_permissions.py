"""`permissions` of scripts: what is not granted is refused, and seen by the script as a refusal."""

import http.server
import json
import pathlib
import shutil
import subprocess
import threading

from bed.claude import by_hand
from bed.marks import Skipped, check, equal, test, until
from bed.service import Service, find_binary
from bed.turns import Turn
from bed.upstream import Upstream

# Tries each thing and tells in the request how it went.
TRIES = r"""
const fs = require("fs"), os = require("os"), path = require("path"), net = require("net");
const said = async (work) => { try { return `${await work()}`.trim(); } catch (error) { return `${error.code ?? error.cause?.code}`; } };
module.exports = class {
  constructor(options) { this.name = options.name ?? "mine"; this.options = options; }
  async transformRequestIn(request) {
    const { url, outside, inside, socket } = this.options;
    const connect = (where) => new Promise((done, fail) => { const s = net.connect(where, () => { s.end(); done("connected"); }); s.on("error", fail); });
    (request.tried ??= {})[this.name] = {
      shown: process.env.SHOWN ?? "undefined", hidden: process.env.HIDDEN ?? "undefined", home: String(os.homedir() === process.env.HOME),
      read: await said(() => fs.readFileSync(outside, "utf8")), write: await said(() => fs.writeFileSync(outside + ".new", "x")),
      readInside: await said(() => fs.readFileSync(path.join(inside, "data"), "utf8")), writeInside: await said(() => fs.promises.writeFile(path.join(inside, "new"), "x")),
      helper: await said(() => require("./helper.js").word),
      fetch: await said(async () => (await fetch(url)).text()), socket: await said(() => connect(socket)),
      program: await said(() => require("child_process").execFileSync("echo", ["ran"])),
      worker: await said(() => { new (require("worker_threads").Worker)("0", { eval: true }).terminate(); return "ran"; }),
    };
    return request;
  }
};
"""


class Outside:
    """A server that a script may or may not reach."""

    def __enter__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-length", "7")
                self.end_headers()
                self.wfile.write(b"reached")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def narrowed(upstream, outside, permissions, **more):
    """A service whose scripts `mine`, ... have these permissions, each in a folder of its own."""
    service = Service({"Providers": []}, env={"SHOWN": "shown", "HIDDEN": "hidden"})
    home = service.path
    (home / "data").mkdir()
    (home / "data" / "data").write_text("inside", encoding="utf-8")
    (home / "secret").write_text("secret", encoding="utf-8")
    scripts = []
    for name, may in permissions.items():
        folder = home / "scripts" / name
        folder.mkdir(parents=True)
        (folder / "script.js").write_text(TRIES, encoding="utf-8")
        (folder / "helper.js").write_text("exports.word = 'helped';", encoding="utf-8")
        options = {"name": name, "url": outside.url, "outside": str(home / "secret"), "inside": str(home / "data"),
                   "socket": str(service.state / "run" / "ccr.sock")}
        scripts.append({"path": f"~/scripts/{name}/script.js", "options": options, **({"permissions": may} if may is not None else {})})
    provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789", "models": ["main"],
                "transformer": {"use": list(permissions)}}
    service.write_config({"Providers": [provider], "Router": {"default": "e2e,main"}, "transformers": scripts, **more})
    until(lambda: b"main" in service.request("GET", "/v1/models").body, "the configuration")
    return service


def hosted(service, count):
    """The scripts as they are listed, once so many are loaded."""
    listed = json.loads(service.tell("plugins", "--json"))["plugins"]
    return sum("host" in one for one in listed) == count and listed


ALL = {"shown": "shown", "hidden": "hidden", "home": "true", "read": "secret", "write": "undefined", "readInside": "inside",
       "writeInside": "undefined", "helper": "helped", "fetch": "reached", "socket": "connected", "program": "ran", "worker": "ran"}
NONE = {"shown": "undefined", "hidden": "undefined", "home": "true", "read": "ERR_ACCESS_DENIED", "write": "ERR_ACCESS_DENIED",
        "readInside": "ERR_ACCESS_DENIED", "writeInside": "ERR_ACCESS_DENIED", "helper": "helped", "fetch": "EACCES", "socket": "EACCES",
        "program": "ERR_ACCESS_DENIED", "worker": "ERR_ACCESS_DENIED"}
SOME = {**NONE, "shown": "shown", "readInside": "inside", "writeInside": "undefined"}


@test(limit=60)
def what_is_not_granted_is_refused_with_the_real_client():
    may = {"open": None, "none": {}, "some": {"env": ["SHOWN"], "files": ["~/data"]}, "online": {"network": True, "processes": True}}
    with Upstream(lambda _: Turn(text="pong")) as upstream, Outside() as outside, narrowed(upstream, outside, may) as service:
        with by_hand(service, "Say pong.") as client:
            client.finish()
            check("pong" in client.result, client.result)
        tried = upstream.seen[-1].json["tried"]
        equal(tried["open"], ALL, "without permissions")
        equal(tried["none"], NONE, "with none")
        equal(tried["some"], SOME, "with some")
        equal(tried["online"], {**NONE, "fetch": "reached", "socket": "connected", "program": "ran", "worker": "ran"}, "with the network and programs")
        listed = until(lambda: hosted(service, 4), "what is loaded")
        listed = {one["name"]: one for one in listed}
        equal(listed["open"]["permissions"], "everything", "permissions that are listed")
        equal(listed["some"]["permissions"], {"env": ["SHOWN"], "files": [str(service.path / "data")], "network": False, "processes": False}, "some")
        equal(len({one["host"] for one in listed.values()}), 4, "processes")
        text = service.tell("plugins")
        check("no network" in text and "everything that the service may" in text, text)
        check("may use all that the service may" in service.log_text(), "said at the start")


@test(limit=60)
def a_refusal_that_a_script_lets_through_is_told_with_what_it_lacks():
    cases = {"fs.readFileSync(os.homedir() + '/secret')": ("FileSystemRead of ", '"permissions" does not grant it'),
             "await fetch('URL')": ("fetch failed (connect EACCES", '"permissions" grants no network')}
    for code, words in cases.items():
        source = """const fs = require("fs"), os = require("os");
          module.exports = class { name = "mine"; async transformRequestIn(request) { CODE; return request; } };"""
        with Upstream(lambda _: Turn(text="pong")) as upstream, Outside() as outside, narrowed(upstream, outside, {"mine": {}}) as service:
            script = source.replace("CODE", code).replace("URL", outside.url)
            (service.path / "scripts" / "mine" / "script.js").write_text(script, encoding="utf-8")
            message = json.loads(service.ask().body)["error"]["message"]
            for word in ("plugin mine, transformRequestIn", *words):
                check(word in message, f"{word!r} is not in {message!r}")


@test(limit=60)
def chains_of_several_hosts_keep_their_order_both_ways():
    script = """module.exports = class { constructor({ name }) { this.name = name; }
      transformRequestIn(request) { (request.order ??= []).push(this.name); return request; }
      async transformResponseOut(response) { const body = await response.json(); body.choices[0].message.content += this.name;
        return new Response(JSON.stringify(body), { headers: response.headers }); } };"""
    with Upstream(lambda _: Turn(text=":")) as upstream, Outside() as outside, \
            narrowed(upstream, outside, {"a": {}, "b": None, "c": {}, "d": {"network": True}}) as service:
        for name in "abcd":
            (service.path / "scripts" / name / "script.js").write_text(script, encoding="utf-8")
        answer = service.ask()
        equal(answer.status, 200, answer.body)
        equal(upstream.seen[-1].json["order"], ["a", "b", "c", "d"], "order of the request")
        check(json.loads(answer.body)["content"][0]["text"].endswith("dcba"), answer.body)


@test(limit=60)
def a_router_is_held_to_its_own_and_hosts_that_are_needed_no_more_end():
    router = """const fs = require("fs"); module.exports = async (req) => {
      let why = ""; try { fs.readFileSync(process.env.HOME + "/secret"); } catch (error) { why = error.code; }
      return { model: "e2e,main", reasons: [`file ${why || "read"}`, `hidden ${process.env.HIDDEN}`] }; };"""
    with Upstream(lambda _: Turn(text="pong")) as upstream, Outside() as outside:
        config = {"CUSTOM_ROUTER_PATH": "~/scripts/mine/router.js", "scripts": {"router_permissions": {}}}
        with narrowed(upstream, outside, {"mine": None}, **config) as service:
            (service.path / "scripts" / "mine" / "router.js").write_text(router, encoding="utf-8")
            settings = json.loads((service.state / "config.json").read_text(encoding="utf-8"))
            settings["Router"]["reasons"] = True
            service.write_config(settings)
            why = until(lambda: service.ask().headers.get("x-ccr-reasons"), "reasons")
            check("file ERR_ACCESS_DENIED: hidden undefined" in why, why)
            host = {one["kind"]: one["host"] for one in until(lambda: hosted(service, 2), "what is loaded")}
            check(host["router"] != host["transformer"], host)
            del settings["scripts"]
            service.write_config(settings)
            until(lambda: "file read: hidden hidden" in service.ask().headers["x-ccr-reasons"], "the wider grants")
            # Each of the service's threads lets go of it, with a request a while later.
            until(lambda: service.ask() and not pathlib.Path(f"/proc/{host['router']}").exists(), "the end of the narrow host", 30)


@test(limit=60)
def where_they_cannot_be_held_nothing_is_started():
    # A program that is no Node has no permission model.
    with Upstream(lambda _: Turn(text="pong")) as upstream, Outside() as outside, \
            narrowed(upstream, outside, {"mine": {"network": True}}, NODE_PATH_BINARY="~/node") as service:
        fake = service.path / "node"
        fake.write_text('#!/bin/sh\n[ "$1" = -e ] || touch "$HOME/started"\n', encoding="utf-8")
        fake.chmod(0o755)
        message = json.loads(service.ask().body)["error"]["message"]
        check("plugin mine" in message and "no permission model" in message and "Node 20" in message, message)
        check(not (service.path / "started").exists(), "it was started all the same")


class Confined(Service):
    """A service in a namespace that lets it make no network namespace."""

    def start(self):
        confine = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"'
        self.process = subprocess.Popen(["unshare", "-Ur", "sh", "-c", confine, "sh", find_binary(), "start", *self.arguments], env=self.env,
                                        cwd=self.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.output)
        self.port = self._read_port()


def can_confine():
    return shutil.which("unshare") and subprocess.run(
        ["unshare", "-Ur", "sh", "-c", "echo 0 > /proc/sys/user/max_net_namespaces"], capture_output=True, check=False).returncode == 0


@test()
def where_a_system_gives_no_network_namespace_a_script_without_network_is_not_started():
    if not can_confine():
        raise Skipped("unshare cannot confine a process here")
    touches = """require("fs").writeFileSync(process.env.HOME + "/ran", ""); module.exports = class { name = "mine"; };"""
    with Upstream(lambda _: Turn(text="pong")) as upstream:
        provider = {"name": "e2e", "api_base_url": upstream.url("chat"), "api_key": "sk-provider-e2e-0123456789", "models": ["main"],
                    "transformer": {"use": ["mine"]}}
        settings = {"Providers": [provider], "Router": {"default": "e2e,main"},
                    "transformers": [{"path": "~/scripts/mine.js", "permissions": {"files": True}}]}
        with Confined(settings) as service:
            (service.path / "scripts").mkdir()
            (service.path / "scripts" / "mine.js").write_text(touches, encoding="utf-8")
            message = json.loads(service.ask().body)["error"]["message"]
            for words in ("plugin mine", "network namespace", "network: true"):
                check(words in message, f"{words!r} is not in {message!r}")
            check(not (service.path / "ran").exists(), "it ran all the same")
            equal(upstream.seen, [], "requests upstream")
            settings["transformers"][0]["permissions"]["network"] = True
            service.write_config(settings)
            until(lambda: service.ask().status == 200 and (service.path / "ran").exists(), "the wider grant")
