"""The real client, as tools/setup pins it, run without a terminal against a service."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from bed.marks import Skipped
from bed.service import find_binary

TOOLS = pathlib.Path(os.environ.get("CCR_TOOLS") or pathlib.Path.home() / ".cache/ccr-tools") / "e2e"
CLIENT = TOOLS / "node_modules/.bin/claude"
QUIET = {"DISABLE_AUTOUPDATER": "1", "DISABLE_ERROR_REPORTING": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
         "IS_SANDBOX": "1", "TERM": "dumb"}


def client_path():
    if not CLIENT.exists():
        raise Skipped("the client is not installed; tools/setup test does it")
    return str(CLIENT)


class Client:
    """One run of the client, in a work directory of its own. Ends itself when the test ends."""

    def __init__(self, prompt, env, through=None, arguments=(), permissions="--dangerously-skip-permissions", word="code"):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="ccr-e2e-work-"))
        start = [*through, word] if through else [client_path()]
        self.command = [*start, "-p", "--output-format", "stream-json", "--verbose", "--include-partial-messages",
                        permissions, *arguments, prompt.replace("WORK", str(self.work))]
        self.env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **QUIET, **env}
        self.lines = []

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.env, cwd=self.work, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self

    def finish(self, timeout=60):
        try:
            out, self.err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, self.err = self.process.communicate()
            raise AssertionError(f"the client did not end within {timeout} s:\n{out[-2000:]}\n{self.err[-2000:]}") from None
        self.lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        return self

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    @property
    def outcome(self):
        return next((line for line in reversed(self.lines) if line.get("type") == "result"), {})

    @property
    def result(self):
        """The final text; an error of the client's fails the test."""
        outcome = self.outcome
        if not outcome or outcome.get("is_error"):
            raise AssertionError(f"the client failed: {outcome or self.err[-2000:]}")
        return str(outcome.get("result"))

    def blocks(self, kind):
        messages = [line["message"] for line in self.lines if line.get("type") == "assistant"]
        return [b for m in messages for b in m.get("content", []) if b.get("type") == kind]

    def deltas(self):
        stream = [line["event"] for line in self.lines if line.get("type") == "stream_event"]
        return sum(event.get("type") == "content_block_delta" for event in stream)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.work, ignore_errors=True)


def by_hand(service, prompt, **more):
    """The client itself, with the environment that the README names."""
    env = {"HOME": str(service.path), "ANTHROPIC_BASE_URL": service.url, "ANTHROPIC_AUTH_TOKEN": "any-word",
           "NO_PROXY": "127.0.0.1"}
    return Client(prompt, env, **more)


def through_ccr(home, prompt, **more):
    """`ccr code`, which finds or starts the service of this home."""
    env = {**home.env, "CLAUDE_PATH": client_path()}
    return Client(prompt, env, through=[find_binary()], **more)
