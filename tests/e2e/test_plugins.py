"""`ccr plugins`: which scripts are loaded, from where, how often they are called and how they fare."""

import hashlib
import json
import pathlib

from bed.claude import by_hand
from bed.marks import check, equal, test, until
from bed.service import Home, Service
from bed.turns import Turn
from bed.upstream import Upstream

GOOD = "module.exports = class { name = 'good'; transformRequestIn(r) { return r; } transformResponseOut(r) { return r; } };"
BAD = "module.exports = class { name = 'bad'; transformRequestIn(r) { throw new RangeError('too far'); } };"
ROUTER = "module.exports = (req) => (req.body.messages.length ? null : 'e2e,main');"


def configured(url):
    provider = {"name": "e2e", "api_base_url": url, "api_key": "sk-provider-e2e-0123456789", "models": ["main", "other"],
                "transformer": {"use": ["good"], "other": {"use": ["bad"]}}}
    return {"Providers": [provider], "Router": {"default": "e2e,main"}, "CUSTOM_ROUTER_PATH": "~/router.js", "retry": {"max": 0},
            "transformers": [{"path": "~/good.js"}, {"path": "~/bad.js"}]}


def write(home):
    for name, script in (("good", GOOD), ("bad", BAD), ("router", ROUTER)):
        (home.path / f"{name}.js").write_text(script, encoding="utf-8")


def listed(service):
    told = service.tell("plugins", "--json") if isinstance(service, Service) else service.run("plugins", "--json").stdout
    return {pathlib.Path(script["file"]).stem: script for script in json.loads(told)["plugins"]}


@test(limit=60)
def what_is_loaded_and_how_it_fares_with_the_real_client():
    with Upstream(lambda _: Turn(text="pong")) as upstream, Service(configured(upstream.url("chat"))) as service:
        write(service)
        before = listed(service)
        equal({name: script["loaded"] for name, script in before.items()}, {"router": False, "good": False, "bad": False}, "before")
        with by_hand(service, "Say pong.") as client:
            client.finish()
            check("pong" in client.result, client.result)
        asked = len(upstream.seen)
        good = until(lambda: (one := listed(service)["good"]).get("calls", 0) >= 2 * asked and one, "its calls")
        equal(good["sha256"], hashlib.sha256(GOOD.encode()).hexdigest(), "hash")
        equal((good["loaded_sha256"], good["file"]), (good["sha256"], str(service.path / "good.js")), "what is loaded")
        equal((good["kind"], good["failures"], good["permissions"]), ("transformer", 0, "everything"), "what it is")
        for hook in ("transformRequestIn", "transformResponseOut"):
            figures = good["hooks"][hook]
            equal(figures["calls"], asked, f"calls of {hook}")
            check(0 < figures["p50_ms"] and figures["total_ms"] >= figures["mean_ms"] > 0, figures)
        equal(service.ask(model="e2e,other").status >= 500, True, "status")
        bad = until(lambda: (one := listed(service)["bad"]).get("failures") and one, "its failure")
        equal((bad["last_failure"]["hook"], bad["last_failure"]["message"]), ("transformRequestIn", "RangeError: too far"), "failure")
        equal(listed(service)["router"]["failures"], 0, "the router")
        text = service.tell("plugins")
        for words in ("good (transformer): loaded", "bad (transformer)", "router.js (router)", "RangeError: too far", good["sha256"],
                      "everything that the service may", "ms p50"):
            check(words in text, f"{words!r} is missing in\n{text}")
        # An edit is told before it is loaded, and a crash of what ran it too.
        (service.path / "good.js").write_text(GOOD.replace("return r; }", "process.kill(process.pid, 'SIGKILL'); }", 1), encoding="utf-8")
        check("edited since" in service.tell("plugins"), "the edit")
        until(lambda: service.ask().status >= 500, "the crash")
        until(lambda: not listed(service)["good"]["loaded"], "the end of its host")
        check(listed(service)["good"]["failures"] >= 1, "the crash is counted")


@test()
def without_a_service_it_is_what_the_configuration_names():
    with Home(configured("http://127.0.0.1:9/v1/chat/completions")) as home:
        write(home)
        listing = listed(home)
        equal({name: script["loaded"] for name, script in listing.items()}, {"router": False, "good": False, "bad": False}, "loaded")
        equal(listing["bad"]["sha256"], hashlib.sha256(BAD.encode()).hexdigest(), "hash")
        check(home.run("plugins").stdout.startswith("ccr is not running"), "said so")
    with Home({"Providers": []}) as home:
        equal(home.run("plugins").stdout, "The configuration names no JavaScript of yours.\n", "none")
