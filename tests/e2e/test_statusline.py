"""`ccr statusline`: what the user's modules and scripts say, and what the running service has measured."""

import json
import re
import shlex
import subprocess
import time

from bed.marks import check, equal, test
from bed.service import Home, Service, find_binary, providers_of
from bed.terminal import Terminal
from bed.turns import Turn
from bed.upstream import Upstream

SESSION = "0d5e0000-0000-4000-8000-0000000000aa"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def line_of(home, asked, *arguments, **env):
    ran = subprocess.run([find_binary(), "statusline", *arguments], env={**home.env, **env}, cwd=home.path, text=True,
                         input=asked if isinstance(asked, str) else json.dumps(asked), capture_output=True, timeout=30, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def said(home, asked, **env):
    code, line, told = line_of(home, asked, **env)
    equal(code, 0, f"exit code ({told})")
    return COLOURS.sub("", line)


def styled(*modules, **more):
    return {"StatusLine": {"enabled": True, "default": {"modules": list(modules)}}, **more}


@test()
def scripts_of_every_form_speak_and_none_spoils_the_line():
    with Home({}) as home:
        forms = {"function.js": "module.exports = (v, o) => { console.log('noise'); return `${o.say} ${v.workDirName}`; }",
                 "async.js": "module.exports = async () => { await new Promise(r => setTimeout(r, 20)); return 'later'; }",
                 "default.js": "module.exports = { default: (v) => v.model };",
                 "text.js": "module.exports = 'plain';",
                 "module.mjs": "export default (v) => v.sessionId;",
                 "helped.js": "module.exports = () => require('./helper.js');", "helper.js": "module.exports = 'help';",
                 "throws.js": "module.exports = () => { throw new Error('broken on purpose'); }",
                 "object.js": "module.exports = () => ({a: 1});"}
        for name, text in forms.items():
            (home.path / name).write_text(text, encoding="utf-8")
        scripts = [{"type": "script", "scriptPath": f"~/{name}", "options": {"say": "in"}}
                   for name in (*list(forms)[:6], "throws.js", "object.js", "absent.js")]
        home.write_config(styled(*scripts, {"type": "x", "text": "end"}))
        asked = {"session_id": SESSION, "cwd": str(home.path), "model": {"display_name": "M"}}
        code, line, told = line_of(home, asked, NO_COLOR="1")
        equal(code, 0, "exit code")
        equal(line, f"in {home.path.name} later M plain 0d5e0000 help end\n", "the line")
        check("broken on purpose" in told and "absent.js" in told, told)


@test()
def l4_scripts_of_the_other_style_have_their_options_too():
    with Home({}) as home:
        (home.path / "say.js").write_text("module.exports = (variables, options) => `${options.say} ${variables.workDirName}`;", encoding="utf-8")
        script = {"type": "script", "scriptPath": "~/say.js", "options": {"say": "in"}}
        home.write_config({"StatusLine": {"enabled": True, "currentStyle": "powerline", "powerline": {"modules": [script]}}})
        check("in b" in said(home, {"cwd": "/a/b"}), "its options")


@test(limit=30)
def l7_a_script_that_hangs_costs_two_seconds_and_itself():
    with Home({}) as home:
        (home.path / "hangs.js").write_text("module.exports = () => new Promise(() => setInterval(() => {}, 1000));", encoding="utf-8")
        (home.path / "throws.js").write_text("module.exports = () => { setTimeout(() => { throw new Error('later') }, 5); return 'said'; };",
                                             encoding="utf-8")
        (home.state / "beside.js").write_text("module.exports = 'beside';", encoding="utf-8")
        (home.path / "beside.js").write_text("module.exports = 'of the folder';", encoding="utf-8")
        scripts = [{"type": "script", "scriptPath": path} for path in ("~/hangs.js", "~/throws.js", "beside.js")]
        home.write_config(styled(*scripts, {"text": "{{workDirName}}"}))
        began = time.monotonic()
        equal(said(home, {"cwd": "/a/b"}), "said beside b\n", "the line")
        check(1.5 < time.monotonic() - began < 8, "the time it took")


@test()
def what_is_no_json_is_told_and_what_is_missing_is_left_out():
    with Home({}) as home:
        code, line, told = line_of(home, "not json")
        equal((code, line), (1, ""), "exit code and line")
        check("standard input" in told or "JSON" in told, told)
        equal(said(home, {}, TERM="dumb"), "↑ 0 ↓ 0\n", "an empty object")
        home.write_config("{ broken")
        equal(said(home, {"cwd": "/a/b"}, TERM="dumb"), "b ↑ 0 ↓ 0\n", "a configuration that cannot be read")


@test()
def l3_speed_first_token_and_cost_are_the_routers():
    with Upstream(lambda seen: Turn(text="pong " * 40, before=0.2, pause=0.01)) as upstream:
        config = providers_of(upstream, **styled({"text": "{{timeToFirstToken}} {{tokenSpeed}} {{cost}}"}))
        config["Providers"][0]["traits"] = {"prices": {"input": 1000, "output": 4000}}
        with Service(config) as service:
            asked = {"session_id": SESSION, "cost": {"total_cost_usd": 99}}
            equal(said(service, asked), " 0 $99.00\n", "a session that the service has not met")
            equal(service.ask(stream=True, headers={"x-claude-code-session-id": SESSION}).status, 200, "status")
            first, speed, cost = said(service, asked).split()
            check(200 <= int(first.removesuffix("ms")) < 5000, f"first token: {first}")
            check(0 < int(speed) < 1000, f"speed: {speed}")
            equal(cost, "$0.28", "20 tokens and 190 cached ones in, 17 out")


@test(limit=60)
def the_real_client_shows_it():
    with Upstream(lambda seen: Turn(text="pong", before=0.3)) as upstream:
        config = providers_of(upstream, **styled({"text": "model={{model}}"}, {"text": "{{timeToFirstToken}}"}))
        with Service(config) as service:
            terminal = Terminal(service)
            command = f"HOME={shlex.quote(service.env['HOME'])} {shlex.quote(str(find_binary()))} statusline"
            (terminal.home / ".claude").mkdir()
            settings = {"statusLine": {"type": "command", "command": command, "padding": 0}}
            (terminal.home / ".claude/settings.json").write_text(json.dumps(settings), encoding="utf-8")
            with terminal:
                terminal.sees("model=big-model")
                terminal.command("say-pong")
                terminal.until(lambda: re.search(r"\d{3}ms", terminal.text()), "the time to the first token")
