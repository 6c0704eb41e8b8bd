"""`ccr config schema`: what a validator that is not ours says of configurations by it."""

import json
import os
import pathlib
import re
import subprocess

from bed.claude import TOOLS
from bed.marks import Skipped, check, equal, test
from bed.service import ROOT, Home

PROVIDER = {"name": "p", "api_base_url": "https://h.example/v1/messages", "api_key": "$KEY", "models": ["m"]}
SPEED = {"name": "token-speed", "enabled": True}
LENIENT = {
    "numbers as texts": {"PORT": "3456", "API_TIMEOUT_MS": " 60000 ", "timeouts": {"idle_ms": "1e4"}},
    "variables everywhere": {"PORT": "$PORT", "LOG_LEVEL": "${LEVEL}", "NON_INTERACTIVE_MODE": "$FLAG", "hedge": "$HEDGE",
                             "scripts": {"on_failure": "$MODE"}, "plugins": [{**SPEED, "enabled": "$ON"}]},
    "flags as texts": {"NON_INTERACTIVE_MODE": "yes", "forceUseImageAgent": 1, "media_fetch": "FALSE"},
    "nothing": {"PORT": None, "Providers": None, "Router": None, "StatusLine": None},
    "another spelling": {"providers": [{"NAME": "p", "HOST": "https://h", "apiKey": "k", "MODELS": "a,b"}],
                         "router": {"DEFAULT": "p,a", "long_context": "p,b", "long-context-threshold": 5}, "api_key": "house"},
    "providers by name": {"Providers": {"p": {"api_base_url": "https://h", "api_key": "k"}, "//": "a comment"}},
    "models as objects": {"Providers": [{**PROVIDER, "models": ["a", {"id": "b"}, {"name": "c", "more": 1}]}]},
    "several keys": {"Providers": [{**PROVIDER, "api_keys": ["$A", {"key": "$B", "weight": 2}, {"command": "pass show b"}]}]},
    "transformers": {"Providers": [{**PROVIDER, "transformer": {"use": ["a", ["b", {"x": 1}], {"name": "c"}], "m": {"use": "d"}}}]},
    "what is not ours": {"MY_KEY": "x", "somethingElse": {"a": [1]}, "//": "a comment", "_note": 5, "$schema": "./s.json"},
    "levels in any case": {"LOG_LEVEL": "INFO"},
    "a style of one's own": {"StatusLine": {"enabled": True, "currentStyle": "mine", "mine": {"modules": [{"text": "x", "color": "#fff"}]}}},
    "a webhook": {"plugins": [{**SPEED, "options": {"reporter": "webhook, console", "outputHandlers": [
        {"type": "webhook", "config": {"url": "$URL", "method": "put", "auth": {"type": "bearer", "token": "$T"}}}, {"type": "console"}]}}]},
}
MISTAKES = {
    "a port that is none": ({"PORT": "abc"}, "/PORT"),
    "a port beyond all": ({"PORT": 70000}, "/PORT"),
    "a flag in a port's place": ({"PORT": True}, "/PORT"),
    "a level that is none": ({"LOG_LEVEL": "loud"}, "/LOG_LEVEL"),
    "LOG in quotes": ({"LOG": "false"}, "/LOG"),
    "a list in the file's place": ([], ""),
    "a provider that is a text": ({"Providers": ["openrouter"]}, "/Providers"),
    "a key that is a number": ({"Providers": [{**PROVIDER, "api_key": 5}]}, "/Providers/0/api_key"),
    "models that are numbers": ({"Providers": [{**PROVIDER, "models": [1]}]}, "/Providers/0/models/0"),
    "an auth that is none": ({"Providers": [{**PROVIDER, "auth": "cookie"}]}, "/Providers/0/auth"),
    "a misplaced transformer": ({"Providers": [{**PROVIDER, "transformer": {"use": [5]}}]}, "/Providers/0/transformer"),
    "one of another spelling": ({"providers": [{**PROVIDER, "API-KEY": {}}]}, "/providers/0/API-KEY"),
    "a route that is a list": ({"Router": {"default": ["p,m"]}}, "/Router/default"),
    "a threshold in words": ({"Router": {"longContextThreshold": "many"}}, "/Router/longContextThreshold"),
    "a rule that is a text": ({"Router": {"rules": ["p,m"]}}, "/Router/rules"),
    "a condition that is a number": ({"Router": {"rules": [{"when": {"model": 5}, "use": "p,m"}]}}, "/Router/rules/0/when/model"),
    "a scenario that is none": ({"hedge": {"scenarios": ["backgroun"]}}, "/hedge"),
    "a time below nothing": ({"timeouts": {"idle_ms": -1}}, "/timeouts/idle_ms"),
    "plugins that are no list": ({"plugins": {"name": "token-speed"}}, "/plugins"),
    "a plugin that is none": ({"plugins": [{"name": "tokenspeed"}]}, "/plugins/0/name"),
    "a websocket": ({"plugins": [{**SPEED, "options": {"outputHandlers": [{"type": "websocket"}]}}]}, "/plugins/0/options/outputHandlers/0/type"),
    "a method that is none": ({"plugins": [{**SPEED, "options": {"outputHandlers": [{"type": "webhook", "config": {"url": "http://h", "method": "GET"}}]}}]},
                              "/plugins/0/options/outputHandlers/0/config/method"),
    "modules that are an object": ({"StatusLine": {"default": {"modules": {}}}}, "/StatusLine/default/modules"),
}


def verdicts(documents):
    """What Ajv says of each, by the schema that the binary prints."""
    if not (TOOLS / "node_modules/ajv").exists():
        raise Skipped("ajv is not installed; tools/setup test does it")
    with Home() as home:
        schema = json.loads(home.run("config", "schema").stdout)
    checks = pathlib.Path(__file__).with_name("schema_check.mjs")
    run = subprocess.run(["node", str(checks)], input=json.dumps({"schema": schema, "documents": documents}), text=True,
                         capture_output=True, timeout=25, check=False, env={**os.environ, "CCR_E2E_PACKAGES": str(TOOLS)})
    equal(run.returncode, 0, f"exit code of the validator ({run.stderr[-1500:]})")
    return json.loads(run.stdout)


def as_json(text):
    """A configuration without its comments, variables kept."""
    with Home(text) as home:
        ran = home.run("config", "get", "--json", "--reveal")
        equal(ran.returncode, 0, f"exit code of config get ({ran.stderr})")
        return json.loads(ran.stdout)


@test()
def configurations_of_version_2_and_those_of_the_documents_are_valid():
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/fixtures/configs").glob("*.json5"))}
    equal(len(texts) >= 3, True, "configurations are there")
    blocks = re.findall(r"^```json5\n// ~/\.claude-code-router/config\.json\n(.*?)^```$",
                        (ROOT / "docs/extending.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    texts |= {f"extending.md {number}": block for number, block in enumerate(blocks, 1)}
    for name, start in (("token-speed.md", "plugins"), ("statusline.md", "StatusLine")):
        block = re.search(rf"^```json5\n({start}.*?)^```$", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        texts[name] = "{" + block[1] + "}"
    found = dict(zip(texts, verdicts([as_json(text) for text in texts.values()])))
    wrong = {name: errors for name, errors in found.items() if errors}
    check(not wrong, json.dumps(wrong, indent=1))
    return f"{len(texts)} configurations"


@test()
def what_ccr_reads_is_valid():
    found = dict(zip(LENIENT, verdicts(list(LENIENT.values()))))
    wrong = {name: errors for name, errors in found.items() if errors}
    check(not wrong, json.dumps(wrong, indent=1))


@test()
def mistakes_are_found_at_their_place():
    found = verdicts([document for document, _ in MISTAKES.values()])
    missed = [name for (name, (_, place)), errors in zip(MISTAKES.items(), found)
              if not any(error.startswith(place + ":") or error.startswith(place + "/") for error in errors)]
    check(not missed, f"not found: {missed}")
    return f"{len(MISTAKES)} mistakes"
