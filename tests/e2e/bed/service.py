"""The ccr binary, and a service of it in a home of its own."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from bed import raw
from bed.marks import check

ROOT = pathlib.Path(__file__).resolve().parents[3]


def find_binary():
    for path in (os.environ.get("CCR"), os.environ.get("CCR_BINARY"), ROOT / "build/dev/ccr", ROOT / "build/release/ccr"):
        if path and os.access(path, os.X_OK):
            return str(pathlib.Path(path).resolve())
    raise SystemExit("no ccr binary: build it with `make build`, or name it as CCR")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def providers_of(upstream, wire="chat", **more):
    """A configuration whose only provider is the scripted upstream."""
    provider = {"name": "e2e", "api_base_url": upstream.url(wire), "api_key": "sk-provider-e2e-0123456789",
                "models": ["big-model", "small-model"]}
    return {"Providers": [provider], "Router": {"default": "e2e,big-model"}, **more}


class Home:
    """A user's home directory, with ccr commands run in it."""

    def __init__(self, config=None, env=None):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="ccr-e2e-"))
        self.state = self.path / ".claude-code-router"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.path), "LANG": "C.UTF-8",
                    "CCR_ALLOW_DUMPS": "1",  # tests look into /proc
                    **(env or {})}
        if config is not None:
            self.write_config(config)

    def write_config(self, config):
        self.state.mkdir(exist_ok=True)
        text = config if isinstance(config, str) else json.dumps(config, indent=2)
        # As editors do it: a new file takes the old one's place.
        draft = self.state / "config.json.draft"
        draft.write_text(text, encoding="utf-8")
        draft.rename(self.state / "config.json")

    def run(self, *arguments, timeout=30, **more):
        return subprocess.run([find_binary(), *arguments], env=self.env, cwd=self.path, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False, **more)

    def written(self):
        """Everything that was written below the home but the configuration, by path."""
        time.sleep(0.1)  # lines of the application log are gathered for some milliseconds
        found = {}
        for path in self.path.rglob("*"):
            if path.name == "config.json" or not path.is_file():
                continue
            with contextlib.suppress(FileNotFoundError):  # a journal of the database's lives for moments
                found[str(path.relative_to(self.path))] = path.read_bytes().decode("utf-8", "replace")
        return found

    def log_text(self):
        return "".join(text for name, text in self.written().items() if name.endswith(".log"))

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Service(Home):
    """`ccr start` in the foreground, on a free port."""

    def __init__(self, config=None, env=None, arguments=("--port", "0")):
        super().__init__(config, env)
        self.arguments = arguments
        self.output = open(self.path / "output.log", "ab")  # two write to it: the service's stderr, and we
        self.start()

    def start(self):
        """Also once more, after stop()."""
        began = time.monotonic()
        self.process = subprocess.Popen([find_binary(), "start", *self.arguments], env=self.env, cwd=self.path,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.output)
        try:
            self.port = self._read_port()
            self.ready_ms = (time.monotonic() - began) * 1000
        except BaseException:
            self.process.kill()
            raise

    def _read_port(self):
        for line in self.process.stdout:
            self.output.write(line)
            found = re.search(rb"endpoint\s+http://\S+?:(\d+)", line)
            if found:
                threading.Thread(target=self._copy_output, daemon=True).start()
                return int(found[1])
        self.process.wait()
        raise AssertionError(f"the service did not start:\n{self.output_text()}")

    def _copy_output(self):
        for line in self.process.stdout:
            self.output.write(line)
            self.output.flush()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def output_text(self):
        return (self.path / "output.log").read_text(encoding="utf-8", errors="replace")

    def ask(self, *arguments, **more):
        return raw.ask(self.port, *arguments, **more)

    def request(self, *arguments, **more):
        return raw.request(self.port, *arguments, **more)

    def tell(self, *arguments):
        """What a command says of this service, which may not be the one on the configured port."""
        done = self.run(*arguments, "--port", str(self.port))
        check(done.returncode == 0, done.stderr)
        return done.stdout

    def memory_kb(self, field="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(rf"{field}:\s+(\d+)", status)[1])

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("the service did not end within 15 s of SIGTERM") from None

    def __exit__(self, kind, *_):
        died = None if self.alive() else self.process.returncode
        text = self.output_text() if died is not None or kind else ""
        code = self.stop()
        if kind:
            print(f"--- the service's last lines:\n{text[-1200:]}", file=sys.stderr)
        self.remove()
        if kind is None:
            check(died is None, f"the service ended by itself with {died}:\n{text[-3000:]}")
            check(code == 0, f"the service ended with {code} when asked to stop")
