"""`ccr config` in a terminal: the editor, colours, what a running service takes over."""

import os
import stat

from bed.marks import check, equal, test, until
from bed.screen import ENTER, Screen
from bed.service import Home, Service, providers_of
from bed.upstream import Upstream

SOUND = '{\n  // mine\n  "PORT": 4567, // why\n  "LOG_LEVEL": "info"\n}\n'


def script(home, name, lines):
    path = home.path / name
    path.write_text("#!/bin/sh\n" + lines, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@test()
def edit_asks_again_until_the_file_is_sound():
    with Home(SOUND) as home:
        broken = script(home, "broken", "if [ -e seen ]; then echo '{\"PORT\": 4999}' > \"$1\"; "
                                        "else touch seen; echo '{\"PORT\": ' > \"$1\"; fi\n")
        with Screen(home, "config", "edit", VISUAL=broken) as screen:
            screen.sees("(e)dit again, (q)uit?")
            check(":2:1:" in screen.text(), f"where it is broken: {screen.text()}")
            screen.type("e" + ENTER)
            screen.sees("~ PORT: 4567 -> 4999")
            equal(screen.ends(), 0, "exit code")
        equal((home.state / "config.json").read_text(), '{"PORT": 4999}\n', "the file")


@test()
def edit_that_is_given_up_leaves_the_file_and_keeps_the_copy():
    with Home(SOUND) as home:
        with Screen(home, "config", "edit", EDITOR=script(home, "bad", "echo '{\"PORT\": \"x\"}' > \"$1\"\n")) as screen:
            screen.sees("(e)dit again, (s)ave all the same, (q)uit?")
            screen.type("q" + ENTER)
            screen.sees("is kept in")
            equal(screen.ends(), 1, "exit code")
        equal((home.state / "config.json").read_text(), SOUND, "the file")
        equal([p.read_text() for p in (home.state / "run").glob("config-*.json")], ['{"PORT": "x"}\n'], "the copy")


@test()
def check_is_coloured_on_a_terminal_unless_no_color_says_not():
    with Home('{"Unknown": 1}') as home:
        with Screen(home, "config", "check") as screen:
            equal(screen.ends(), 0, "exit code")
            check(b"\x1b[33mwarning\x1b[0m" in screen.shown, f"a yellow word: {screen.shown}")
        with Screen(home, "config", "check", NO_COLOR="1") as screen:
            screen.ends()
            check(b"\x1b" not in screen.shown, f"no escapes: {screen.shown}")


@test()
def f4_set_is_atomic_backed_up_and_private():
    with Home(SOUND) as home:
        os.chmod(home.state / "config.json", 0o644)
        for level in ("debug", "warn", "error", "info", "debug"):
            equal(home.run("config", "set", "LOG_LEVEL", level).returncode, 0, "exit code")
        file = home.state / "config.json"
        equal(file.read_text(), SOUND.replace('"info"', '"debug"'), "the file, comments and all")
        equal(stat.S_IMODE(file.stat().st_mode), 0o600, "its mode")
        backups = sorted(home.state.glob("config.json.*.bak"))
        equal(len(backups), 3, "backups")
        check(all(stat.S_IMODE(b.stat().st_mode) == 0o600 for b in backups), "private backups")
        equal([p.name for p in home.state.glob("config.json*new*")], [], "drafts left behind")


@test()
def a_running_service_takes_a_change_over_and_says_what_waits():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        equal(service.run("config", "set", "Router.default", "e2e,small-model").returncode, 0, "exit code")
        service.ask()
        equal(upstream.seen[-1].json["model"], "small-model", "the model upstream")
        told = service.run("config", "set", "LOG", "false")
        check("`ccr restart`" in told.stderr, f"what waits: {told.stderr}")


@test()
def import_of_version_3_makes_requests_work():
    with Upstream() as upstream, Home() as home:
        base = upstream.url("chat").removesuffix("/chat/completions")
        (home.path / "v3.json").write_text(f"""{{"gateway": {{"host": "127.0.0.1", "port": 0}}, "Providers": [
            {{"name": "Old", "baseUrl": "{base}", "type": "openai_chat_completions", "apiKey": "sk-of-version-3-0123",
              "models": ["big-model"]}}],
            "Router": {{"builtInRules": {{}}, "fallback": {{"mode": "off"}}, "rules": []}},
            "profile": {{"claudeCode": {{"model": "Old/big-model"}}}}}}""", encoding="utf-8")
        taken = home.run("config", "import", "v3.json")
        equal(taken.returncode, 0, taken.stderr)
        check("sk-of-version-3" not in taken.stdout + taken.stderr, "no key is shown")
        config = (home.state / "config.json").read_text()
        with Service(config, arguments=()) as service:
            equal(service.ask().status, 200, "status")
            until(lambda: upstream.seen, "the request upstream")
            equal(upstream.seen[-1].json["model"], "big-model", "the model")
            equal(upstream.seen[-1].headers["authorization"], "Bearer sk-of-version-3-0123", "the key")
