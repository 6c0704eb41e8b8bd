"""`ccr doctor`: planted faults of configuration, environment and service, each found at its place with its remedy."""

import fcntl
import json
import os
import signal
import socket

from bed.doctor import KEY, check_finding, config_of, doctor, found, with_provider, write
from bed.marks import check, each, equal, test
from bed.service import Home, Service, free_port

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
def a_port_that_another_program_has_on_another_address():
    with Home() as home, socket.create_server(("127.0.0.2", 0)) as other:
        write(home, config_of() | {"PORT": other.getsockname()[1]})
        equal(found(doctor(home, "--offline"), "port-taken"), [], "ccr can start")


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
            held.truncate(0)
            told = doctor(home, "--offline")
            check_finding(told, "starting-or-ending", "warning", str(lock), "starting or ending", "wait, then `ccr doctor` again")
            stopped = home.run("stop")
            check("kill" not in str(told) + stopped.stderr and "wait, then `ccr stop` again" in stopped.stderr, stopped.stderr)


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
def variables_that_only_the_service_has():
    config = with_provider(config_of(), api_key="$ONLY_THERE")
    with Service(config, arguments=(), env={"ONLY_THERE": KEY}) as service:
        del service.env["ONLY_THERE"]
        told = doctor(service, "--offline")
        check_finding(told, "unresolved-variable", "warning", "config.json:", "the running service has it", "ONLY_THERE")
        equal(told["failures"], 0, "failures")


@test()
def clients_that_are_led_to_a_service_that_does_not_run():
    config = config_of()
    with Home(env={"ANTHROPIC_BASE_URL": f"http://127.0.0.1:{config['PORT']}"}) as home:
        write(home, config)
        check_finding(doctor(home, "--offline"), "not-running", "failure", "ANTHROPIC_BASE_URL", "it does not run", "ccr start")


@test()
def names_that_are_misspelt_are_told():
    with Home() as home:
        write(home, config_of())
        for words in (("e3e",), ("--offline", "e3e"), ("--offline", "e3e,big-model")):
            done = home.run("doctor", *words)
            equal((done.returncode, "Did you mean e2e?" in done.stderr), (1, True), f"{words}: {done.stderr}")
        check("(asked for as 'e3e,')" not in home.run("doctor", "e3e").stderr, "as it was written")
        done = home.run("doctor", "--forget", "e2e,big-model")
        equal((done.returncode, "Nothing is kept of 'e2e,big-model'" in done.stderr), (1, True), done.stderr)
        equal(home.run("doctor", "--forget", "--cards").returncode, 2, "one or the other")
        write(home, {"PORT": free_port()})
        equal(home.run("doctor", "nobody").returncode, 1, "without providers")
