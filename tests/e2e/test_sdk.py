"""The official SDK through ccr, with the scripted upstream as either kind of provider."""

import os
import pathlib
import subprocess

from bed.claude import TOOLS
from bed.marks import Skipped, check, test
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

KINDS = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
         429: "rate_limit_error", 500: "api_error", 503: "api_error", 529: "overloaded_error"}
CALLS = [("weather", {"place": 'Rome "east"'}), ("weather", {"place": "Oslo ü"})]
TURNS = {
    "plain": Turn(text='naïve 你好 🚀 "quoted" </tag>', chunk=3),
    "tools": Turn(text="I ask.", calls=CALLS, chunk=5),
    "think": Turn(thinking="Let me think of it.", text="Done."),
    "length": Turn(text="It ends in the mid", stop="length"),
    "cut": Turn(text="This will be cut in its middle.", cut_after=4),
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


def check_sdk(service):
    """All checks of sdk.mjs against a service whose upstream plays `script`."""
    if not (TOOLS / "node_modules/@anthropic-ai/sdk").exists():
        raise Skipped("the SDK is not installed; tools/setup test does it")
    run = subprocess.run(["node", str(pathlib.Path(__file__).with_name("sdk.mjs")), service.url], text=True,
                         capture_output=True, timeout=80, check=False,
                         env={**os.environ, "CCR_E2E_PACKAGES": str(TOOLS), "NO_PROXY": "127.0.0.1"})
    lines = run.stdout.splitlines()
    failed = [line for line in lines if not line.startswith("ok ")]
    check(run.returncode == 0 and len(lines) > 20 and not failed, "\n".join(failed) or run.stdout + run.stderr)
    return f"{len(lines)} checks"


def run_sdk(wire):
    with Upstream(script) as upstream, Service(providers_of(upstream, wire)) as service:
        return check_sdk(service)


@test(limit=90)
def over_chat():
    return run_sdk("chat")


@test(limit=90)
def over_messages():
    return run_sdk("messages")
