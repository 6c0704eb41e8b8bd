"""`ccr code` with a program in the client's place that records how it was run."""

import json
import os
import signal
import subprocess
import time

from bed.marks import check, equal, test, until
from bed.service import Home, find_binary, free_port, providers_of
from bed.upstream import Upstream

RECORDER = """#!/usr/bin/env python3
import json, os, signal, sys, time
record = {"argv": [os.fsencode(a).hex() for a in sys.argv[1:]], "env": dict(os.environ), "pid": os.getpid(),
          "tty": sys.stdin.isatty()}
if os.environ.get("RECORDER_WAITS"):
    signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
else:
    record["stdin"] = sys.stdin.buffer.read().hex()
with open(os.environ["RECORD"] + ".draft", "w") as out:
    json.dump(record, out)
os.rename(os.environ["RECORD"] + ".draft", os.environ["RECORD"])
print("from the client")
print("a complaint of the client", file=sys.stderr)
sys.stdout.flush()
if os.environ.get("RECORDER_WAITS"):
    time.sleep(30)
sys.exit(int(os.environ.get("RECORDER_EXIT", "0")))
"""

ODD_ARGUMENTS = [b"-p", b"--port", b"1", b"--config", b"/none", b"--help", b"--version", b"-h", b"--", b"", b" ", b"a b",
                 b"$HOME `id` $(id)", b'"quoted" \'single\'', b"line\nbreak\ttab", b"back\\slash", b"*", b"~", b"--x=y z",
                 "ü 你好 🚀".encode(), b"\xff\xfe not UTF-8", b"-", b"start", b"code", b"--settings-like", b"!!", b"%s%n"]


class Recorded:
    """One `ccr code` run, and what the recorder saw of it."""

    def __init__(self, home, arguments=(), stdin=b"", **env):
        recorder = home.path / "recorder"
        recorder.write_text(RECORDER, encoding="utf-8")
        recorder.chmod(0o755)
        self.record = home.path / "record.json"
        self.record.unlink(missing_ok=True)
        self.env = {**home.env, "CLAUDE_PATH": str(recorder), "RECORD": str(self.record), **env}
        self.command = [os.fsencode(find_binary()), b"code", *arguments]
        self.cwd, self.stdin, self.err = home.path, stdin, b""

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.env, cwd=self.cwd, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return self

    def finish(self):
        self.out, self.err = self.process.communicate(self.stdin, timeout=20)
        self.code = self.process.returncode
        return self

    def seen(self):
        check(self.record.exists(), f"the client was not run: {self.err}")
        return json.loads(self.record.read_text(encoding="utf-8"))


class ServedHome(Home):
    """A home whose service is stopped at the end."""

    def __exit__(self, *arguments):
        self.run("stop")
        super().__exit__(*arguments)


@test()
def c1_c2_arguments_arrive_byte_for_byte():
    with Upstream() as upstream, ServedHome(providers_of(upstream, PORT=free_port())) as home:
        run = Recorded(home, ODD_ARGUMENTS).start().finish()
        equal(run.code, 0, f"exit code ({run.err})")
        equal([bytes.fromhex(a) for a in run.seen()["argv"]], ODD_ARGUMENTS, "arguments")
        equal(run.out, b"from the client\n", "stdout, which is the client's alone")
        check(b"a complaint of the client" in run.err, "the client's stderr")
    return f"{len(ODD_ARGUMENTS)} odd arguments"


@test()
def c21_exit_codes_come_back():
    with Upstream() as upstream, ServedHome(providers_of(upstream, PORT=free_port())) as home:
        for code in (0, 1, 2, 42, 130, 255):
            run = Recorded(home, RECORDER_EXIT=str(code)).start().finish()
            equal(run.code, code, "exit code")
        run = Recorded(home)
        run.env["CLAUDE_PATH"] = "/nonexistent/claude"
        run.start().finish()
        equal(run.code, 127, "exit code without a client")
        check(b"CLAUDE_PATH" in run.err, f"the way out is not named: {run.err}")
    return "0, 1, 2, 42, 130, 255; 127 without a client"


@test()
def c22_signals_reach_the_client():
    figures = []
    with Upstream() as upstream, ServedHome(providers_of(upstream, PORT=free_port())) as home:
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            run = Recorded(home, RECORDER_WAITS="1").start()
            until(run.record.exists, "the client's start")
            equal(run.seen()["pid"], run.process.pid, "the client's process (it takes the place of ccr)")
            began = time.monotonic()
            run.process.send_signal(number)
            run.finish()
            figures.append(f"{(time.monotonic() - began) * 1000:.0f} ms")
            equal(run.code, code, f"exit code after {number.name}")
    return f"SIGINT {figures[0]}, SIGTERM {figures[1]}"


@test()
def c19_piped_stdin_arrives():
    data = bytes(range(256)) * 4096
    with Upstream() as upstream, ServedHome() as home:
        config = providers_of(upstream, PORT=free_port())
        for more in ({}, {"NON_INTERACTIVE_MODE": True}):
            home.write_config(config | more)
            run = Recorded(home, stdin=data).start().finish()
            equal(len(bytes.fromhex(run.seen()["stdin"])), len(data), f"bytes of stdin with {more}")
            check(bytes.fromhex(run.seen()["stdin"]) == data, "other bytes")
        env = run.seen()["env"]
        equal([env.get(name) for name in ("CI", "FORCE_COLOR", "NODE_NO_READLINE", "TERM")], ["true", "0", "1", "dumb"],
              "the environment of NON_INTERACTIVE_MODE")
    return f"{len(data) // 1024} KB, with NON_INTERACTIVE_MODE too"


@test()
def c4_the_environment_leads_to_ccr():
    port = free_port()
    inherited = {"ANTHROPIC_API_KEY": "sk-of-the-user", "CLAUDE_CODE_USE_BEDROCK": "1", "CLAUDE_CODE_USE_VERTEX": "1",
                 "CLAUDE_CODE_USE_FOUNDRY": "1", "NO_PROXY": "intern.example", "KEEP_ME": "kept"}
    with Upstream() as upstream, ServedHome(providers_of(upstream, PORT=port, APIKEY="house-key")) as home:
        env = Recorded(home, **inherited).start().finish().seen()["env"]
        for name in ("ANTHROPIC_API_KEY", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"):
            check(name not in env, f"{name} is set")
        wanted = {"ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}", "ANTHROPIC_AUTH_TOKEN": "house-key", "KEEP_ME": "kept",
                  "API_TIMEOUT_MS": "600000", "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
                  "CLAUDE_CODE_ATTRIBUTION_HEADER": "0"}
        equal({name: env.get(name) for name in wanted}, wanted, "the environment")
        for name in ("DISABLE_TELEMETRY", "DISABLE_COST_WARNINGS"):
            check(env.get(name), f"{name} is not set")
        for name in ("NO_PROXY", "no_proxy"):
            check({"127.0.0.1", "intern.example"} <= set(env.get(name, "").split(",")), f"{name} is {env.get(name)}")
        exported = home.run("activate").stdout
        check(f"ANTHROPIC_BASE_URL=http://127.0.0.1:{port}" in exported.replace("'", "").replace('"', ""), exported)
        sized = providers_of(upstream, PORT=port, APIKEY="house-key")
        sized["Providers"][0]["traits"] = {"context_window": 131072, "max_output": 8192}
        home.write_config(sized)
        env = Recorded(home).start().finish().seen()["env"]
        sizes = ("MAX_CONTEXT_TOKENS", "AUTO_COMPACT_WINDOW", "MAX_OUTPUT_TOKENS")
        equal([env.get("CLAUDE_CODE_" + name) for name in sizes], ["131072", "131072", "8192"], "the model's sizes")
        home.write_config(providers_of(upstream, "messages", PORT=port, APIKEY="house-key"))
        env = Recorded(home).start().finish().seen()["env"]
        check("CLAUDE_CODE_ATTRIBUTION_HEADER" not in env, "the attribution is off for an Anthropic provider")
    return f"{len(wanted)} variables, 4 taken away"


@test()
def c3_settings_only_where_they_are_needed():
    with Upstream() as upstream, ServedHome(providers_of(upstream, PORT=free_port())) as home:
        plain = Recorded(home, [b"-p", b"x"]).start().finish()
        equal(len(plain.seen()["argv"]), 2, "arguments without a conflict")
        (home.path / ".claude").mkdir(exist_ok=True)
        (home.path / ".claude/settings.json").write_text(
            json.dumps({"env": {"ANTHROPIC_BASE_URL": "https://elsewhere.example"}}), encoding="utf-8")
        run = Recorded(home, [b"-p", b"x", b"--settings", b'{"model":"opus"}']).start().finish()
        argv = [bytes.fromhex(a).decode() for a in run.seen()["argv"]]
        equal((argv[0], argv[2:]), ("--settings", ["-p", "x"]), "arguments with a conflict")
        settings = json.loads(open(argv[1], encoding="utf-8").read())
        equal(settings["env"]["ANTHROPIC_BASE_URL"], run.seen()["env"]["ANTHROPIC_BASE_URL"], "the address in the file")
        equal(settings["model"], "opus", "the user's own settings in the file")
        equal(oct(os.stat(argv[1]).st_mode & 0o777), "0o600", "mode of the file")
        check(b"--settings" in run.err, "it is not said")
    return next(line for line in run.err.decode().splitlines() if "--settings" in line)[:110]
