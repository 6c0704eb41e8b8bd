"""`ccr doctor`: what it finds of models by asking them, and what it keeps of that."""

import dataclasses
import json
import socket
import ssl
import tempfile
import threading
import time
from pathlib import Path

from bed.certificates import Authority
from bed.doctor import (CALLS, IMAGE, KEY, able, blind, capped, check_finding, config_of, doctor, found, no_figures, once,
                        refuses_length_without_a_bound, unable, with_provider, write)
from bed.marks import check, each, equal, test, until
from bed.screen import Screen
from bed.service import Home, Service
from bed.turns import Turn
from bed.upstream import Upstream

MODEL_FAULTS = {  # name of the check: (script, more of the configuration), how bad, what, remedy
    "key-refused": (lambda seen: Turn(status=401, message=f"Incorrect API key provided: {KEY}"), {}, "failure", "Incorrect API key",
                    "ccr config set Providers.e2e.api_key -"),
    "unknown-model": (lambda seen: Turn(status=404, message="The model does not exist"), {}, "failure", "does not exist",
                      "no model of this name"),
    "no-credit": (lambda seen: Turn(status=402, message="Insufficient balance"), {}, "failure", "Insufficient balance", "no credit"),
    "streaming": (lambda seen: Turn(text="ready and on", chunk=2, end_after=4) if seen.stream else able(seen), {}, "failure",
                  "do not come to their end", "fallback"),
    "no-tools": (unable(lambda seen: seen.tools(), Turn(status=404, message="No endpoints found that support tool use")), {},
                 "failure", "No endpoints found", "tooluse"),
    "no-usage": (no_figures, {}, "warning", "how many tokens", "traits.context_window"),
    "no-images": (blind, {}, "warning", "sees no images", "ccr model set image"),
    "image-route-blind": (blind, {"Router": {"default": "e2e,big-model", "image": "e2e,big-model"}}, "failure",
                          "Router.image leads to it", "ccr model set image"),
    "output-partly-refused": (refuses_length_without_a_bound, {}, "warning", "refused max_tokens 32000 and took 16384",
                              "traits.max_output"),
    "image-route-unclear": (unable(lambda seen: seen.images(), Turn(status=400, message="Your credit balance is too low")),
                            {"Router": {"default": "e2e,big-model", "image": "e2e,big-model"}}, "warning",
                            "credit balance is too low", "ccr doctor e2e,big-model"),
    "overloaded": (lambda seen: Turn(status=529, message="Overloaded"), {}, "warning", "Overloaded", "later it may answer"),
    "no-answer": (lambda seen: Turn(status=500, message="oops"), {}, "failure", "oops", "later it may answer"),
    "unclear": (unable(lambda seen: seen.tools(), Turn(status=529, message="Overloaded, try later")), {}, "warning",
                "Overloaded, try later", "ccr doctor e2e,big-model"),
    "no-thinking": (unable(lambda seen: "prime" in seen.user_text(), Turn(status=400, message="no thoughts here")),
                    {"Router": {"default": "e2e,big-model", "think": "e2e,big-model"}}, "warning", "refuses to think",
                    "ccr model set think"),
    "output-cap": (capped, {}, "warning", "more than 8192 tokens", "traits.max_output: 8192"),
}


@test(limit=90)
def faults_of_models():
    def plant(name):
        script, more, *wanted = MODEL_FAULTS[name]
        with Upstream(script) as upstream, Home() as home:
            write(home, config_of(upstream, **more))
            told = doctor(home)
            check_finding(told, name, wanted[0], "e2e,big-model", *wanted[1:])
            others = [one["check"] for one in told["findings"] if one["severity"] == "failure" and one["check"] != name]
            equal(others, [], "other failures")
            equal(told["requests"] <= 7, True, f"{told['requests']} requests")

    each(MODEL_FAULTS, plant)


@test()
def providers_that_cannot_be_reached_are_asked_once():
    with Home() as home:
        write(home, with_provider(config_of(), models=["one", "two", "three"]) | {"Router": {"default": "e2e,one"}})
        told = doctor(home, "--all")
        check_finding(told, "unreachable", "failure", "e2e,one", "Cannot connect to 127.0.0.1:9", "does it run")
        equal([one["asked"] for one in told["models"]], [True, False, False], "who was asked")
        equal(told["requests"], 1, "requests")


@test()
def a_certificate_that_nobody_here_has_signed():
    with tempfile.TemporaryDirectory() as directory, Home() as home, socket.create_server(("127.0.0.1", 0)) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, Authority(Path(directory)).sign("server")))

        def shake_hands():
            for _ in range(3):
                try:
                    context.wrap_socket(server.accept()[0], server_side=True).close()
                except (OSError, ssl.SSLError):
                    pass

        threading.Thread(target=shake_hands, daemon=True).start()
        port = server.getsockname()[1]
        write(home, with_provider(config_of(), api_base_url=f"https://localhost:{port}/v1/chat/completions"))
        check_finding(doctor(home), "tls", "failure", "e2e,big-model", "is not trusted", "ca-certificates")


@test(limit=60)
def a_model_that_can_do_everything_on_every_wire():
    def ask(wire):
        with Upstream(able) as upstream, Home() as home:
            write(home, config_of(upstream, wire))
            told = doctor(home)
            equal((told["ok"], told["failures"], told["requests"]), (True, 0, 5), "the verdict")
            model = told["models"][0]
            lacking = [name for name in ("streaming", "usage", "tools", "parallel_tools", "images", "thinking", "output")
                       if model[name]["works"] is not True]
            equal(lacking, [], f"what is lacking in {model}")
            equal(model["output"]["takes"], 32000, "the length of an answer")
            equal([one["severity"] for one in told["findings"] if one["area"] == "models"], ["ok"], "findings of models")

    each(("chat", "messages", "responses", "gemini"), ask)


@test()
def a_long_answer_is_left_at_its_first_word():
    def script(seen):
        is_long = seen.json.get("max_tokens", 0) > 16384
        return Turn(text="ready " * 50, pause=0.2) if is_long else able(seen)

    with Upstream(script) as upstream, Home() as home:
        write(home, config_of(upstream))
        equal(doctor(home)["models"][0]["output"]["takes"], 32000, "the length of an answer")
        last = upstream.seen[-1]
        until(lambda: last.closed_at, "the answer is left")
        check(not last.answered, "it is left before its end")


@test()
def what_happens_once_is_no_fault():
    def ask(turn):
        with Upstream(once(turn)) as upstream, Home() as home:
            write(home, config_of(upstream))
            told = doctor(home)
            equal((told["failures"], told["models"][0]["streaming"]["works"], told["requests"]), (0, True, 6), str(told))

    each((Turn(status=502, message="bad gateway"), Turn(text="ready and on", chunk=2, end_after=4)), ask)


@test()
def what_was_cut_before_a_tool_call_is_not_known():
    with Upstream(unable(lambda seen: seen.tools(), Turn(text="well, let me see", stop="length"))) as upstream, Home() as home:
        write(home, config_of(upstream))
        told = doctor(home)
        equal((found(told, "no-tools"), told["models"][0]["tools"]["works"]), ([], None), "tools")
        equal(next(seen for seen in upstream.seen if seen.tools()).json["max_tokens"], 4096, "room")


@test(limit=60)
def a_provider_that_never_answers_is_asked_once():
    with Upstream(lambda seen: Turn(text="late", before=50)) as upstream, Home() as home:
        write(home, with_provider(config_of(upstream), models=["one", "two", "three"]))
        began = time.monotonic()
        told = doctor(home, "e2e")
        check(15 < time.monotonic() - began < 35, f"{time.monotonic() - began} s")
        check_finding(told, "no-answer", "failure", "e2e,one", "", "ccr doctor e2e")
        equal((told["requests"], [one["asked"] for one in told["models"]]), (1, [True, False, False]), "who was asked")


@test()
def what_a_provider_refuses_for_another_reason_is_not_kept():
    def script(seen):
        if seen.images():
            return Turn(status=400, message="Your credit balance is too low")
        return refuses_length_without_a_bound(seen)

    with Upstream(script) as upstream, Home() as home:
        def cards():
            return json.loads(home.run("doctor", "--cards", "--json").stdout)["cards"]

        write(home, config_of(upstream))
        doctor(home)
        one, = cards()
        equal((one.get("images"), one.get("max_output"), one["takes_output"]), (None, None, 16384), "the card")
        home.run("doctor", "--forget")
        write(home, with_provider(config_of(upstream), traits={"vision": False}))
        doctor(home)
        equal([one.get("images") for one in cards()], [None], "what the configuration says is not found out")
        equal([one["in_force"] for one in cards()], [True], "in force")
        write(home, with_provider(config_of(upstream), transformer={"use": ["tooluse"]}))
        equal([(one["in_force"], one["why"]) for one in cards()], [(False, "another address")], "elsewhere")
        check("no: another address" in home.run("doctor", "--cards").stdout, "for a person")


@test()
def who_breaks_off_keeps_what_was_found():
    with Upstream(lambda seen: able(seen) if seen.model == "one" else Turn(text="late", before=50)) as upstream, Home() as home:
        write(home, with_provider(config_of(upstream), models=["one", "two"]))
        with Screen(home, "doctor", "e2e", columns=120) as screen:
            screen.sees("e2e,two: text")
            screen.type("\x03")
            check(screen.ends() != 0, "it ends")
        cards = json.loads(home.run("doctor", "--cards", "--json").stdout)["cards"]
        equal([one["model"] for one in cards], ["e2e,one"], "the cards")


@test()
def many_models_are_asked_when_that_is_agreed_to():
    with Upstream(able) as upstream, Home() as home:
        write(home, with_provider(config_of(upstream), models=[f"model-{number}" for number in range(21)]))
        with Screen(home, "doctor", "--all", columns=120) as screen:
            screen.sees("Ask all 21 models?")
            screen.type("n\r")
            screen.ends()
        equal(len(upstream.seen), 0, "nothing is asked")
        equal(doctor(home, "--all")["requests"], 105, "where there is nobody to be asked")


@test()
def what_a_model_of_no_such_use_cannot_do_is_no_fault():
    def modest(seen):
        if "reasoning_effort" in seen.json:
            return Turn(status=400, kind="invalid_request_error", message="Unsupported parameter: 'reasoning_effort'")
        return Turn(text="red") if seen.images() else Turn(calls=CALLS[:1]) if seen.tools() else Turn(text="ready")

    with Upstream(modest) as upstream, Home() as home:
        write(home, config_of(upstream))
        told = doctor(home)
        equal([one["check"] for one in told["findings"] if one["area"] == "models"], ["answers"], "findings")
        works = {name: told["models"][0][name]["works"] for name in ("tools", "parallel_tools", "images", "thinking")}
        equal(works, {"tools": True, "parallel_tools": False, "images": None, "thinking": False}, "what it can do")
        check('"red"' in told["models"][0]["images"]["why"], "what it saw")


@test()
def progress_is_shown_in_a_terminal_and_its_words_are_completed():
    with Upstream(lambda seen: dataclasses.replace(able(seen), before=0.3)) as upstream, Home() as home:
        write(home, config_of(upstream))
        with Screen(home, "doctor", columns=120) as screen:
            screen.sees("[3/5] e2e,big-model: images")
            screen.sees("32000+")
            equal(screen.ends(), 0, "exit code")
        words = home.run("__complete", "bash", "ccr doctor e2e").stdout.split()
        equal(words, ["e2e,big-model", "e2e"], "completions")


@test()
def what_was_found_is_kept_used_and_forgotten():
    def half_blind(seen):
        return blind(seen) if seen.images() else capped(seen)

    with Upstream(half_blind) as upstream, Service(config_of(upstream), arguments=()) as service:
        def asked(status):
            before = len(upstream.seen)
            equal(service.ask([IMAGE, {"type": "text", "text": "and?"}], max_tokens=20000).status, status, "status")
            return upstream.seen[before:]

        doctor(service)
        cards = json.loads(service.run("doctor", "--cards", "--json").stdout)["cards"]
        equal([(one["model"], one["images"], one["tools"], one["max_output"]) for one in cards],
              [("e2e,big-model", False, True, 8192)], "the cards")
        first, = asked(200)
        equal((first.images(), first.json["max_tokens"]), (0, 8192), "images and length that the provider is sent")
        check("image" in first.user_text(), f"a note stands there: {first.user_text()}")
        check(json.loads(service.run("model", "list", "--json").stdout)[0]["vision"] is False, "ccr model list")
        equal(service.run("doctor", "--forget", "e2e,big-model").returncode, 0, "forget")
        equal(json.loads(service.run("doctor", "--cards", "--json").stdout)["cards"], [], "no card is left")
        equal(asked(200)[0].images(), 1, "the image is sent, as nothing is known")


@test()
def a_conversation_leaves_a_model_that_was_found_blind():
    def script(seen):
        return blind(seen) if seen.model == "big-model" else able(seen)

    router = {"default": "e2e,big-model", "image": "e2e,small-model", "stickiness": "strict"}
    with Upstream(script) as upstream:
        config = config_of(upstream, Router=router)
        config["Providers"][0]["models"].append("small-model")
        with Service(config, arguments=()) as service:
            def asked(content):
                service.ask(content, headers={"x-claude-code-session-id": "a-session"})
                return upstream.seen[-1].model

            equal((asked("hello"), asked([IMAGE])), ("big-model", "big-model"), "strictly where its cache is")
            equal(doctor(service)["failures"], 0, "failures")
            equal((asked("hello"), asked([IMAGE])), ("big-model", "small-model"), "where its image is seen")


@test()
def a_card_yields_to_the_configuration_and_to_another_address():
    with Upstream(blind) as upstream, Home() as home:
        config = config_of(upstream)
        write(home, config)
        doctor(home)
        seen = lambda: json.loads(home.run("model", "list", "--json").stdout)[0].get("vision")
        equal(seen(), False, "by the card")
        write(home, with_provider(config, traits={"vision": True}))
        equal(seen(), True, "by the configuration")
        write(home, with_provider(config, api_base_url="http://127.0.0.1:9/v1/chat/completions"))
        equal(seen(), None, "another address")


@test()
def a_person_sees_a_table_and_what_to_do():
    with Upstream(blind) as upstream, Home() as home:
        config = config_of(upstream)
        config["Providers"].append(config["Providers"][0] | {"name": "other", "models": ["m"]})
        write(home, config)
        done = home.run("doctor")
        equal(done.returncode, 0, done.stdout)
        for words in ("configuration", "~/.claude-code-router/config.json", "e2e,big-model  yes      yes", "32000+",
                      "> `ccr model set image", "0 failures, "):
            check(words in done.stdout, f"{words!r} in {done.stdout}")
        check("Asking 1 model: 5 small requests." in done.stderr, done.stderr)
        equal(home.run("doctor", "other,m").stdout.count("other,m"), 1, "a model that is named")
        equal(home.run("doctor", "--all").stderr, "Asking 2 models: 10 small requests.\n", "all; cards are no reason not to ask")
        equal(home.run("doctor", "nobody").returncode, 1, "an unknown provider")


@test()
def a_key_of_several_that_is_refused():
    def script(seen):
        return Turn(status=401, message="bad key") if "wrong" in seen.headers["authorization"] else able(seen)

    with Upstream(script) as upstream, Home() as home:
        write(home, with_provider(config_of(upstream), api_key=[KEY, "sk-wrong-0123456789"]))
        check_finding(doctor(home), "key-refused", "failure", "e2e, key 2", "bad key", "Providers.e2e.api_key[1]")


@test()
def a_refused_key_is_mended_where_it_comes_from():
    with Upstream(lambda seen: Turn(status=401, message="bad key")) as upstream, Home(env={"A_KEY": KEY}) as home:
        write(home, with_provider(config_of(upstream), api_key="${A_KEY}"))
        check_finding(doctor(home), "key-refused", "failure", "e2e,big-model", "bad key", "set another one as A_KEY")
        key = home.state / "key"
        key.write_text(KEY, encoding="utf-8")
        key.chmod(0o600)
        provider = config_of(upstream)["Providers"][0] | {"api_key_file": str(key)}
        del provider["api_key"]
        write(home, config_of(upstream) | {"Providers": [provider]})
        check_finding(doctor(home), "key-refused", "failure", "e2e,big-model", "bad key", f"into {key}")


@test()
def only_what_is_kept_can_be_forgotten():
    with Upstream(able) as upstream, Home() as home:
        write(home, config_of(upstream))
        doctor(home)
        done = home.run("doctor", "--forget", "e2e,bigmodel")
        equal((done.returncode, "did you mean e2e,big-model?" in done.stderr), (1, True), done.stderr)
        equal(home.run("doctor", "--forget", "e2e").returncode, 0, "a provider")
