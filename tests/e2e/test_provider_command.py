"""`ccr provider`: adding in a terminal, and what a test of it says about reachability, key and model."""

import json

from bed.marks import check, equal, test
from bed.screen import ENTER, INTERRUPT, Screen
from bed.service import Home, Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

KEY = "sk-typed-in-a-terminal-0123"


@test()
def a_key_is_typed_unseen():
    with Upstream() as upstream, Home() as home:
        with Screen(home, "provider", "add", "typed", "--url", "https://llm.example.org/v1/chat/completions") as screen:
            screen.sees("API key")
            screen.type(KEY + "xx\x7f\x7f" + ENTER)
            screen.sees("Models, with commas:")
            check(KEY not in screen.text() and "*****" in screen.text(), f"the key is hidden: {screen.text()}")
            screen.type("one, two" + ENTER)
            screen.sees("typed is added with 2 models.")
            equal(screen.ends(), 0, "exit code")
        entry = json.loads((home.state / "config.json").read_text())["Providers"][0]
        equal((entry["api_key"], entry["models"]), (KEY, ["one", "two"]), "the entry")


@test()
def ctrl_c_at_the_key_writes_nothing():
    with Home() as home:
        with Screen(home, "provider", "add", "mistral", "--models", "m") as screen:
            screen.sees("API key")
            screen.type("half" + INTERRUPT)
            screen.sees("nothing is done")
            equal(screen.ends(), 1, "exit code")
        check(not (home.state / "config.json").exists(), "no file")


@test()
def remove_asks_and_takes_no_for_an_answer():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        for word, code in (("n", 1), ("y", 0)):
            with Screen(home, "provider", "remove", "e2e") as screen:
                screen.sees("Remove the provider e2e? [y/N]")
                check("config.json:" in screen.text(), f"what it breaks: {screen.text()}")
                screen.type(word + ENTER)
                equal(screen.ends(), code, f"exit code after {word}")
        equal(json.loads((home.state / "config.json").read_text())["Providers"], [], "what is left")


def refusing(seen):
    if seen.json["model"] == "small-model":
        return Turn(status=404, message="The model does not exist")
    if "wrong" in seen.headers["authorization"]:
        return Turn(status=401, message="Incorrect API key provided")
    return Turn(text="ready")


@test()
def a_test_tells_reachability_key_and_model_apart():
    with Upstream(refusing) as upstream:
        config = providers_of(upstream)
        good = config["Providers"][0]
        config["Providers"] += [good | {"name": "keyed", "api_key": "sk-wrong-0123456789", "models": ["big-model"]},
                                good | {"name": "gone", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
                                        "models": ["big-model"]}]
        with Home(config) as home:
            told = home.run("provider", "test", "--json")
            equal(told.returncode, 1, told.stderr)
            found = {one["model"]: (one["reached"], one["key"], one["answered"]) for one in json.loads(told.stdout)}
            equal(found, {"e2e,big-model": (True, True, True), "e2e,small-model": (True, True, False),
                          "keyed,big-model": (True, False, False), "gone,big-model": (False, False, False)}, "the marks")
            equal(len(upstream.seen), 3, "requests: one for each model, none twice")
            equal(home.run("provider", "test", "e2e", "--models", "big-model").returncode, 0, "the good one alone")
            text = home.run("provider", "test").stdout
            for remedy in ("ccr config set Providers.keyed.api_key -", "Is http://127.0.0.1:9/v1/chat/completions right"):
                check(remedy in text, f"{remedy!r} in {text}")
            check("sk-wrong" not in text + told.stdout, "no key is shown")


@test()
def what_was_added_serves_requests_at_once():
    with Upstream() as upstream, Service({"Providers": [], "Router": {}}) as service:
        added = service.run("provider", "add", "fresh", "--url", upstream.url("chat"), "--models", "m1")
        equal(added.returncode, 0, added.stderr)
        service.ask()
        equal(upstream.seen[-1].json["model"], "m1", "the model upstream")
        equal(service.run("model", "add", "fresh,m2").returncode, 0, "model add")
        equal(service.run("model", "set", "fresh,m2").returncode, 0, "model set")
        service.ask()
        equal(upstream.seen[-1].json["model"], "m2", "the model upstream")
