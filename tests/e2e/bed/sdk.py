"""The official SDKs as clients of a service, whose upstream answers as their checks expect."""

import os
import pathlib
import subprocess

from bed.claude import TOOLS
from bed.marks import Skipped, check
from bed.turns import Turn

# client: package of its SDK; what it checks is in ../sdk_<client>.mjs
PACKAGES = {"messages": "@anthropic-ai/sdk", "chat": "openai", "responses": "openai", "gemini": "@google/genai"}

KINDS = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
         429: "rate_limit_error", 500: "api_error", 503: "api_error", 529: "overloaded_error"}
CALLS = [("weather", {"place": 'Rome "east"'}), ("weather", {"place": "Oslo ü"})]
TURNS = {
    "plain": Turn(text='naïve 你好 🚀 "quoted" </tag>', chunk=3),
    "tools": Turn(text="I ask.", calls=CALLS, chunk=5),
    "think": Turn(thinking="Let me think of it.", text="Done."),
    "length": Turn(text="It ends in the mid", stop="length"),
    "cut": Turn(text="This will be cut in its middle.", cut_after=4, chunk=3),
    "midstream": Turn(text="This will meet an error.", chunk=3, error_after=4, kind="overloaded_error",
                      message="too many guests"),
    "slow": Turn(text="word " * 1000, pause=0.05),
}


def script(seen):
    asked = seen.user_text().splitlines()[0]
    if seen.results():
        return Turn(text=" | ".join(text for _, text in seen.results()))
    if asked.startswith("status "):
        status = int(asked.split()[1])
        return Turn(status=status, kind=KINDS[status], message=f"words of {status}", headers={"retry-after": "7"})
    return TURNS[asked]


def run_checks(service, client):
    """The lines that the checks of one client's SDK print about a service whose upstream plays `script`."""
    if not (TOOLS / "node_modules" / PACKAGES[client]).exists():
        raise Skipped("the SDK is not installed; tools/setup test does it")
    checks = pathlib.Path(__file__).parents[1] / f"sdk_{client}.mjs"
    run = subprocess.run(["node", str(checks), service.url], text=True, capture_output=True, timeout=80, check=False,
                         env={**os.environ, "CCR_E2E_PACKAGES": str(TOOLS), "NO_PROXY": "127.0.0.1"})
    lines = [line for line in run.stdout.splitlines() if line.startswith(("ok ", "not ok "))]
    check(len(lines) > 20, run.stdout + run.stderr)
    return lines


def check_sdk(service, client="messages"):
    """All of them, or what fails."""
    lines = run_checks(service, client)
    failed = [line for line in lines if not line.startswith("ok ")]
    check(not failed, "\n".join(failed))
    return f"{len(lines)} checks"
