"""The reference's defects of the command line and of its files, each by its number, against this router."""

import json
import os
import shutil
import signal
import stat
import subprocess

from bed import raw
from bed.marks import check, each, equal, test, until
from bed.service import Home, Service, find_binary, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream
from test_code_command import ODD_ARGUMENTS, Recorded, ServedHome


def with_port(upstream):
    return providers_of(upstream, PORT=free_port())


def stopped(home):
    equal(home.run("stop").returncode, 0, "stop")


@test(limit=60)
def c1_c2_hostile_arguments_reach_the_client_byte_for_byte():
    hostile = [b"$(x)", b"a b", b"--", b"-p", b"", b"\n", b"--allowedTools", b"A", b"B", b"--allowedTools", b"C", b"007",
               b"--no-color", b"-pc", b"--x.y", b"1", *ODD_ARGUMENTS]
    with Upstream() as upstream, ServedHome(with_port(upstream)) as home:
        run = Recorded(home, hostile).start().finish()
        equal(run.code, 0, f"exit code ({run.err})")
        equal([bytes.fromhex(a) for a in run.seen()["argv"]], hostile, "what the client was given")


@test()
def c5_c20_a_pid_file_of_somebody_else_is_no_service():
    with Upstream() as upstream, Home(with_port(upstream)) as home:
        other = subprocess.Popen(["sleep", "60"])
        try:
            (home.state / ".claude-code-router.pid").write_text(str(other.pid))
            check("not running" in home.run("status").stdout, "it does not run")
            stopped(home)
            equal(other.poll(), None, "the other process lives")
        finally:
            other.kill()
            other.wait()


@test()
def c6_a_failed_start_leaves_no_pid_file():
    with Upstream() as upstream, Service(providers_of(upstream)) as first, Home(providers_of(upstream)) as home:
        failed = home.run("start", "--port", str(first.port))
        equal(failed.returncode, 1, "exit code")
        check(str(first.port) in failed.stderr, failed.stderr)
        check(not (home.state / ".claude-code-router.pid").exists(), "no pid file")


@test(limit=60)
def c7_c8_sessions_are_not_counted_and_a_service_stays_until_it_is_stopped():
    with Upstream() as upstream, Home(with_port(upstream)) as home:
        client = home.path / "client"
        client.write_text("#!/bin/sh\n[ -z \"$1\" ] || kill -KILL $$\n")
        client.chmod(0o755)
        home.env["CLAUDE_PATH"] = str(client)
        try:
            for end in ([], ["killed"], []):
                equal(home.run("code", *end).returncode, -9 if end else 0, "a session")
                check(json.loads(home.run("status", "--json").stdout)["running"], "it serves other sessions and the status line")
            counts = [path.name for path in home.path.rglob("*count*")]
            equal(counts, [], "files that count sessions")
        finally:
            stopped(home)
        check("not running" in home.run("status").stdout, "once it is stopped")


@test(limit=60)
def c9_a_failed_start_leaves_the_configuration_as_it_is():
    text = "{ Providers: [,], }"
    with Home(text) as home:
        for command in (("start",), ("start", "-d"), ("ui",), ("restart",), ("model",)):
            home.run(*command)
            equal((home.state / "config.json").read_text(), text, f"the file after {command}")


@test()
def c10_what_stops_a_background_start_is_told():
    with Home("{ PORT: }") as home:
        failed = home.run("start", "-d")
        equal(failed.returncode, 1, "exit code")
        check("config.json:1:9" in failed.stderr, failed.stderr)


@test()
def c16_what_activate_prints_is_read_by_the_shell_that_it_is_for():
    key = "sk-'quo\"ted'$HOME`id`\\' \\ $(id) \u2019x"
    config = lambda upstream: with_port(upstream) | {"APIKEY": key.replace("$HOME", "$$HOME")}
    with Upstream() as upstream, Home(config(upstream)) as home:
        home.env["ANTHROPIC_API_KEY"] = "left-over"
        shown = "env -0"
        for shell, read in (("sh", 'eval "$(ccr activate)"'), ("bash", 'eval "$(ccr activate --shell bash)"'),
                            ("fish", "ccr activate --shell fish | source")):
            if not shutil.which(shell):
                continue
            folder = os.path.dirname(find_binary())
            env = {**home.env, "PATH": f"{folder}:{home.env['PATH']}"}
            ran = subprocess.run([shell, "-c", f"{read}; {shown}"], env=env, capture_output=True, timeout=20, check=True)
            seen = dict(line.split("=", 1) for line in ran.stdout.decode().split("\0") if "=" in line)
            equal(seen["ANTHROPIC_AUTH_TOKEN"], key, f"the key in {shell}")
            check("ANTHROPIC_API_KEY" not in seen, f"what {shell} should have forgotten")
        lines = home.run("activate", "--shell", "powershell").stdout.splitlines()
        quoted = key.replace("'", "''").replace("\u2019", "\u2019\u2019")
        check(f"$env:ANTHROPIC_AUTH_TOKEN = '{quoted}'" in lines, lines)
        check("Remove-Item -ErrorAction Ignore Env:ANTHROPIC_API_KEY" in lines, lines)
        equal(home.run("activate", "--shell", "tcsh").returncode, 2, "a shell that it does not speak")


@test(limit=60)
def c17_restart_ends_when_the_new_one_serves():
    with Upstream() as upstream, Home(with_port(upstream)) as home:
        port = json.loads((home.state / "config.json").read_text())["PORT"]
        equal(home.run("start", "-d").returncode, 0, "start")
        try:
            equal(home.run("restart").returncode, 0, "restart")
            equal(raw.ask(port).status, 200, "the very next request")
        finally:
            stopped(home)


@test()
def c18_what_failed_ends_with_more_than_0():
    with Home("{ broken") as home:
        each([("start",), ("start", "-d"), ("model", "set", "a,b"), ("config", "check"), ("config", "set", "PORT", "1")],
             lambda command: equal(home.run(*command).returncode, 1, f"exit code of {command}"))


@test()
def f1_variables_hold_in_every_part_of_the_file():
    config = lambda upstream: providers_of(upstream, Router={"default": "$ROUTE_TO"})
    with Upstream() as upstream, Service(config(upstream), env={"ROUTE_TO": "e2e,small-model"}) as service:
        service.ask()
        equal(upstream.seen[-1].json["model"], "small-model", "the model upstream")


@test()
def f3_a_dollar_can_be_meant_and_unknown_names_are_told():
    with Home('{"APIKEY": "pa$$WORD", "PROXY_URL": "$NOT_SET_ANYWHERE"}') as home:
        told = home.run("config", "check")
        check("NOT_SET_ANYWHERE" in told.stdout and ":1:" in told.stdout, told.stdout)
        check("WORD" not in told.stdout, f"$$ is no reference: {told.stdout}")


@test()
def f5_every_change_is_preceded_by_a_backup():
    with Upstream() as upstream, Home(providers_of(upstream)) as home:
        for command in (("model", "set", "e2e,small-model"), ("model", "add", "e2e,x"), ("config", "set", "LOG", "false")):
            before = (home.state / "config.json").read_text()
            equal(home.run(*command).returncode, 0, command)
            newest = max(home.state.glob("config.json.*.bak"))
            equal(newest.read_text(), before, f"the backup after {command}")
            equal(stat.S_IMODE(newest.stat().st_mode), 0o600, "its mode")


@test()
def f6_references_to_nobody_are_told_before_any_request():
    with Upstream() as upstream, Home(providers_of(upstream, Router={"default": "nobody,m"})) as home:
        told = home.run("config", "check")
        check("nobody" in told.stdout and "config.json:" in told.stdout, told.stdout)


@test()
def f8_a_providers_name_that_stands_twice_is_told():
    with Upstream() as upstream:
        config = providers_of(upstream)
        with Home(config | {"Providers": config["Providers"] * 2}) as home:
            check("stands at" in home.run("config", "check").stdout, "the duplicate is told")


@test()
def f9_a_tilde_is_the_home():
    with Upstream() as upstream, Home(providers_of(upstream, CUSTOM_ROUTER_PATH="~/router.js")) as home:
        (home.path / "router.js").write_text("module.exports = async () => null;")
        told = home.run("config", "check")
        check(": good" in told.stdout, f"the file is found: {told.stdout}")


@test()
def o5_o6_both_logs_are_written_and_read():
    with Upstream(lambda seen: Turn(text="x")) as upstream, Service(providers_of(upstream)) as service:
        service.ask()
        until(lambda: "200 ok" in service.run("logs").stdout, "the application's line")
        check("started" in service.run("logs").stdout, "the server's line")
        check(os.path.exists(service.state / "claude-code-router.log"), "the application log")


@test()
def u3_u4_changes_keep_unknown_keys_and_references():
    text = '{\n  "Mine": {"a": [1]},\n  "APIKEY": "$DOOR_KEY",\n  "PORT": 3456\n}\n'
    with Home(text, env={"DOOR_KEY": "sk-door-0123456789"}) as home:
        equal(home.run("config", "set", "PORT", "4000").returncode, 0, "exit code")
        equal((home.state / "config.json").read_text(), text.replace("3456", "4000"), "the file")


@test()
def u5_two_changes_at_once_both_hold():
    with Home("{}") as home:
        children = [subprocess.Popen([find_binary(), "config", "set", f"timeouts.{name}", "5000"], env=home.env,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    for name in ("connect_ms", "first_event_ms", "idle_ms", "total_ms")]
        equal([child.wait(30) for child in children], [0] * 4, "exit codes")
        equal(len(json.loads((home.state / "config.json").read_text())["timeouts"]), 4, "settings in the file")
    routes = ("default", "think", "background", "longContext", "webSearch", "image")
    provider = {"name": "p", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "models": ["m"]}
    for _ in range(3):
        with Home(json.dumps({"Providers": [provider], "Router": {}})) as home:
            commands = [("model", "set", route, "p,m") for route in routes] + \
                       [("config", "set", f"timeouts.{name}", "5000") for name in ("connect_ms", "idle_ms")]
            children = [subprocess.Popen([find_binary(), *command], env=home.env, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL) for command in commands]
            equal([child.wait(30) for child in children], [0] * len(commands), "exit codes")
            found = json.loads((home.state / "config.json").read_text())
            equal(sorted(found["Router"]), sorted(routes), "routes in the file")
            equal(len(found["timeouts"]), 2, "settings beside the routes")


@test()
def c22_death_of_the_client_by_a_signal_is_no_success():
    with Upstream() as upstream, ServedHome(with_port(upstream)) as home:
        run = Recorded(home, RECORDER_EXIT="0")
        client = home.path / "recorder"
        client.write_text("#!/bin/sh\nkill -TERM $$\n")
        equal(run.start().finish().code, -signal.SIGTERM, "the end")


@test()
def c3_c4_what_the_client_is_given_is_private_and_complete():
    config = lambda upstream: with_port(upstream) | {"APIKEY": "sk-door-0123456789", "StatusLine": {"enabled": True}}
    with Upstream() as upstream, ServedHome(config(upstream)) as home:
        run = Recorded(home, CLAUDE_CODE_USE_BEDROCK="1").start().finish()
        seen = run.seen()
        check("CLAUDE_CODE_USE_BEDROCK" not in seen["env"], "Bedrock is switched off")
        arguments = [bytes.fromhex(a).decode() for a in seen["argv"]]
        file = arguments[arguments.index("--settings") + 1]
        equal(stat.S_IMODE(os.stat(file).st_mode), 0o600, "the settings file's mode")
        equal(stat.S_IMODE(os.stat(os.path.dirname(file)).st_mode), 0o700, "its directory's mode")
