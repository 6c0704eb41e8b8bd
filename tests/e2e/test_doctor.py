"""`ccr doctor`: planted faults, one by one, each found at its place with its remedy; nothing else is called broken."""

import dataclasses
import fcntl
import json
import os
import signal
import socket
import ssl
import tempfile
import threading
from pathlib import Path

from bed.certificates import Authority
from bed.marks import check, each, equal, test
from bed.screen import Screen
from bed.service import Home, Service, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

KEY = "sk-provider-e2e-0123456789"
CALLS = [("look_up_weather", {"city": "Paris"}), ("look_up_weather", {"city": "Rome"})]
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}


def able(seen):
    """A model that can do everything."""
    if seen.tools():
        return Turn(calls=CALLS)
    if seen.images():
        return Turn(text="Orange.")
    if "prime" in seen.user_text():
        return Turn(thinking="17 times 23", text="no")
    return Turn(text="ready")


def unable(what, turn):
    """A model that can do everything but one thing."""
    return lambda seen: turn if what(seen) else able(seen)


def config_of(upstream=None, wire="chat", **more):
    url = upstream.url(wire) if upstream else "http://127.0.0.1:9/v1/chat/completions"
    provider = {"name": "e2e", "api_base_url": url, "api_key": KEY, "models": ["big-model"]}
    return {"PORT": free_port(), "Providers": [provider], "Router": {"default": "e2e,big-model"}, **more}


def write(home, config):
    home.write_config(config)
    (home.state / "config.json").chmod(0o600)


def doctor(home, *arguments):
    done = home.run("doctor", "--json", *arguments, timeout=90)
    check(KEY not in done.stdout + done.stderr, "a key is shown")
    told = json.loads(done.stdout)
    equal(done.returncode, 1 if told["failures"] else 0, f"exit code of {told}")
    return told


def found(told, name):
    return [one for one in told["findings"] if one["check"] == name]


def check_finding(told, name, severity, place, what, remedy):
    ones = found(told, name)
    check(len(ones) == 1, f"{name} is told {len(ones)} times: {told['findings']}")
    one = ones[0]
    equal(one["severity"], severity, f"how bad {name} is")
    for member, words in (("place", place), ("what", what), ("remedy", remedy)):
        check(words in one[member], f"{words!r} in {member} of {one}")


# name of the check: (change of the configuration or its text, variables), how bad it is, place, what, remedy
CONFIG_FAULTS = {
    "unreadable": (lambda c: '{\n  "Providers": [\n    oops oops\n', {}, "failure", "config.json:3:5",
                   "found text without quotes", "put it in quotes"),
    "unknown-key": (lambda c: c | {"Routr": {}}, {}, "warning", "config.json:", '"Routr" is no key', "did you mean Router?"),
    "unresolved-variable": (lambda c: with_provider(c, api_key="$NOT_SET_ANYWHERE"), {}, "failure", "config.json:7:18",
                            "NOT_SET_ANYWHERE", "export NOT_SET_ANYWHERE="),
    "no-such-provider": (lambda c: c | {"Router": {"default": "e3e,big-model"}}, {}, "failure", "config.json:", '"e3e"',
                         "did you mean e2e?"),
    "self-reference": (lambda c: with_provider(c, api_base_url=f"http://localhost:{c['PORT']}/v1/messages"), {}, "failure",
                       "config.json:", "the address of ccr itself", "set the provider's own URL"),
    "url-without-endpoint": (lambda c: with_provider(c, api_base_url="https://llm.example.org/v1"), {}, "warning",
                             "config.json:", "has no endpoint path", "https://llm.example.org/v1/chat/completions"),
    "self-proxy": (lambda c: c | {"PROXY_URL": f"http://127.0.0.1:{c['PORT']}"}, {}, "failure", "config.json:",
                   "in a circle", "set the proxy of your network"),
    "both-credentials": (lambda c: c, {"ANTHROPIC_API_KEY": "sk-ant-one-0123456", "ANTHROPIC_AUTH_TOKEN": "two"}, "warning",
                         "ANTHROPIC_API_KEY", "both set", "unset ANTHROPIC_API_KEY"),
    "proxy-without-no-proxy": (lambda c: c, {"HTTPS_PROXY": "http://user:pass@proxy.corp:8080", "NO_PROXY": "corp"}, "warning",
                               "HTTPS_PROXY", "http://proxy.corp:8080", "export NO_PROXY=127.0.0.1,localhost"),
    "leads-elsewhere": (lambda c: c, {"ANTHROPIC_BASE_URL": "https://api.anthropic.com"}, "warning", "ANTHROPIC_BASE_URL",
                        "https://api.anthropic.com", "ccr code"),
    "cloud-instead": (lambda c: c, {"CLAUDE_CODE_USE_BEDROCK": "1"}, "warning", "CLAUDE_CODE_USE_BEDROCK", "a cloud",
                      "unset CLAUDE_CODE_USE_BEDROCK"),
}


def with_provider(config, **more):
    return config | {"Providers": [config["Providers"][0] | more]}


@test(limit=60)
def faults_of_the_configuration_and_the_environment():
    def plant(name):
        change, variables, *wanted = CONFIG_FAULTS[name]
        with Home(env=variables) as home:
            write(home, change(config_of()))
            told = doctor(home, "--offline")
            check_finding(told, name, *wanted)
            equal([one["check"] for one in told["findings"] if one["severity"] == "failure"],
                  [name] if wanted[0] == "failure" else [], "failures")
            check("user:pass" not in str(told) and "sk-ant-one" not in str(told), "a secret is shown")

    each(CONFIG_FAULTS, plant)


@test()
def settings_of_the_client_that_overrule_the_environment():
    with Home() as home:
        write(home, config_of())
        (home.path / ".claude").mkdir()
        settings = home.path / ".claude" / "settings.json"
        settings.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": "https://relay.example/x?key=abc",
                                                "ANTHROPIC_API_KEY": "sk-ant-in-settings"}}), encoding="utf-8")
        told = doctor(home, "--offline")
        whats = " ".join(one["what"] for one in found(told, "settings-override"))
        check("https://relay.example/x," in whats and "ANTHROPIC_API_KEY" in whats, whats)
        for one in found(told, "settings-override"):
            check(one["place"] == str(settings) and "ccr code" in one["remedy"], one)
        check("sk-ant-in-settings" not in str(told) and "key=abc" not in str(told), "no secret")


@test()
def a_file_with_keys_that_others_may_read():
    with Home() as home:
        write(home, config_of())
        (home.state / "config.json").chmod(0o640)
        check_finding(doctor(home, "--offline"), "readable-by-others", "warning", "config.json", "0640", "chmod 600 ")
        home.run("config", "set", "Providers.e2e.api_key", "$A_KEY")
        (home.state / "config.json").chmod(0o644)
        equal(found(doctor(home, "--offline"), "readable-by-others"), [], "a name of a variable is no key")


@test()
def a_port_that_another_program_has():
    with Home() as home, socket.create_server(("127.0.0.1", 0)) as other:
        write(home, config_of() | {"PORT": other.getsockname()[1]})
        told = doctor(home, "--offline")
        check_finding(told, "port-taken", "failure", f"port {other.getsockname()[1]}", f"(pid {os.getpid()})",
                      "ccr config set PORT ")


@test()
def what_a_service_that_died_left_behind():
    config = config_of()
    with Home() as home:
        write(home, config)
        (home.state / ".claude-code-router.pid").write_text("999999999")
        check_finding(doctor(home, "--offline"), "stale-pid-file", "warning", ".claude-code-router.pid", "999999999",
                      "ccr start")
    service = Service(config, arguments=())
    try:
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        check_finding(doctor(service, "--offline"), "crashed", "warning", ".lock", f"(pid {service.process.pid}) was killed",
                      "ccr logs")
    finally:
        service.remove()


@test()
def a_lock_whose_holder_does_not_answer():
    with Home() as home:
        config = config_of()
        write(home, config)
        home.run("start", "--daemon")
        home.run("stop")
        lock = next(home.path.rglob(f"ccr-{config['PORT']}.lock"))
        with open(lock, "r+", encoding="ascii") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            held.write(f"{os.getpid()}\n")
            held.flush()
            check_finding(doctor(home, "--offline"), "no-answer", "failure", str(lock), f"pid {os.getpid()}",
                          f"kill {os.getpid()}")


@test()
def a_service_that_goes_on_with_an_older_configuration():
    with Service(config_of(), arguments=()) as service:
        (service.state / "config.json").chmod(0o600)
        told = doctor(service, "--offline")
        check_finding(told, "running", "ok", str(service.port), f"pid {service.process.pid}", "")
        write(service, '{\n  Providers: [,\n}')
        check_finding(doctor(service, "--offline"), "reload-failed", "failure", "config.json", "the old one stays in force", "")


@test()
def variables_that_the_service_has_not():
    config = with_provider(config_of(), api_key="$ONLY_HERE")
    with Service(config, arguments=()) as service:
        service.env["ONLY_HERE"] = KEY
        check_finding(doctor(service, "--offline"), "service-environment", "failure", str(service.port), "e2e", "ccr restart")


@test()
def clients_that_are_led_to_a_service_that_does_not_run():
    config = config_of()
    with Home(env={"ANTHROPIC_BASE_URL": f"http://127.0.0.1:{config['PORT']}"}) as home:
        write(home, config)
        check_finding(doctor(home, "--offline"), "not-running", "failure", "ANTHROPIC_BASE_URL", "it does not run", "ccr start")


def no_figures(seen):
    text = b'data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"ready"},"finish_reason":null}]}\n\n' \
           b'data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    return Turn(raw=head + text) if seen.user_text().startswith("Answer with") else able(seen)


def capped(seen):
    if seen.json.get("max_tokens", 0) > 8192:
        return Turn(status=400, kind="invalid_request_error", message="Invalid max_tokens value, the valid range is [1, 8192]")
    return able(seen)


def blind(seen):
    if seen.images():
        return Turn(status=400, kind="invalid_request_error", message="This model does not support image input")
    return able(seen)


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
            check(upstream.seen[-1].closed_at or upstream.seen[-1].answered, "the long answer is left")

    each(("chat", "messages", "responses", "gemini"), ask)


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
        equal(asked(400)[0].images(), 1, "the image is sent, as nothing is known")


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
