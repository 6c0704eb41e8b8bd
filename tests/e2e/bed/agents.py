"""Codex, Gemini CLI and opencode, as tools/setup pins them, run without a terminal against a service.

Each run has a home and a work directory of its own, and the settings that the README names.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from bed.claude import TOOLS
from bed.marks import Skipped, check

MODEL = "big-model"
KEY = "any-word"

CODEX = """model = "{model}"
model_provider = "ccr"
approval_policy = "never"
sandbox_mode = "danger-full-access"
[model_providers.ccr]
name = "ccr"
base_url = "{url}/v1"
env_key = "CCR_KEY"
wire_api = "responses"
"""


def codex(url, home, prompt):
    (home / ".codex").mkdir()
    (home / ".codex/config.toml").write_text(CODEX.format(model=MODEL, url=url), encoding="utf-8")
    return ["exec", "--skip-git-repo-check", "--json", prompt], {"CODEX_HOME": str(home / ".codex"), "CCR_KEY": KEY}


def gemini(url, home, prompt):
    (home / ".gemini").mkdir()
    settings = {"security": {"auth": {"selectedType": "gemini-api-key"}}, "privacy": {"usageStatisticsEnabled": False},
                "general": {"disableAutoUpdate": True, "enableAutoUpdate": False}, "telemetry": {"enabled": False}}
    (home / ".gemini/settings.json").write_text(json.dumps(settings), encoding="utf-8")
    env = {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url, "GEMINI_CLI_TRUST_WORKSPACE": "true",
           "GEMINI_TELEMETRY_ENABLED": "false"}
    return ["-m", MODEL, "--yolo", "--output-format", "json", "-p", prompt], env


# The package that speaks each protocol, and the path that it wants in its base URL.
OPENCODE = {"chat": ("@ai-sdk/openai-compatible", "/v1"), "messages": ("@ai-sdk/anthropic", "/v1"),
            "responses": ("@ai-sdk/openai", "/v1"), "gemini": ("@ai-sdk/google", "/v1beta")}


def opencode(url, home, prompt, speaking="chat"):
    package, path = OPENCODE[speaking]
    model = {"name": MODEL, "reasoning": True, "tool_call": True, "limit": {"context": 200000, "output": 8000}}
    config = {"autoupdate": False, "share": "disabled", "permission": "allow",
              "provider": {"ccr": {"npm": package, "name": "ccr", "options": {"baseURL": url + path, "apiKey": KEY},
                                   "models": {MODEL: model}}}}
    (home / ".config/opencode").mkdir(parents=True)
    (home / ".config/opencode/opencode.json").write_text(json.dumps(config), encoding="utf-8")
    quiet = {f"OPENCODE_DISABLE_{what}": "1" for what in ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD")}
    return ["run", "-m", f"ccr/{MODEL}", "--format", "json", prompt], quiet


AGENTS = {"codex": codex, "gemini": gemini, "opencode": opencode}
# opencode's own package only chooses between such packages of one platform each.
PROGRAMS = {"codex": ".bin/codex", "gemini": ".bin/gemini", "opencode": "opencode-linux-x64-baseline/bin/opencode"}


class Run:
    """What a client printed and left in its work directory."""

    def __init__(self, agent, url, prompt, timeout=100, **more):
        program = TOOLS / "node_modules" / PROGRAMS[agent]
        if not program.exists():
            raise Skipped(f"{agent} is not installed; tools/setup test does it")
        self.home, self.work = (pathlib.Path(tempfile.mkdtemp(prefix=f"ccr-e2e-{agent}-")) for _ in range(2))
        arguments, env = AGENTS[agent](url, self.home, prompt.replace("WORK", str(self.work)), **more)
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "TERM": "dumb",
               "NO_PROXY": "127.0.0.1", **env}
        try:
            done = subprocess.run([program, *arguments], env=env, cwd=self.work, stdin=subprocess.DEVNULL, text=True,
                                  capture_output=True, timeout=timeout, check=False)
        except BaseException:
            self.remove()
            raise
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def says(self, word):
        check(self.code == 0 and word in self.out,
              f"the client ended with {self.code} and did not say {word!r}:\n{self.out[-1500:]}\n{self.err[-1500:]}")

    def remove(self):
        for folder in (self.home, self.work):
            shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()
