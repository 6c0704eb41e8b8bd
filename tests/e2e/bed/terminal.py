"""The real client in a terminal, for what only its screens show."""

import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import tempfile
import termios
import time

from bed.claude import QUIET, client_path
from bed.marks import check

SEQUENCES = re.compile(rb"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[=>]")


class Terminal:
    """The client's screens, and keys for it. It has a home of its own, in which it has been started before."""

    def __init__(self, service, **env):
        self.home, self.work = (pathlib.Path(tempfile.mkdtemp(prefix=f"ccr-e2e-{what}-")) for what in ("home", "work"))
        project = {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}
        known = {"hasCompletedOnboarding": True, "theme": "dark", "bypassPermissionsModeAccepted": True,
                 "projects": {str(self.work): project}}
        (self.home / ".claude.json").write_text(json.dumps(known), encoding="utf-8")
        self.env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **QUIET, "HOME": str(self.home), "NO_PROXY": "127.0.0.1",
                    "TERM": "xterm-256color", "ANTHROPIC_BASE_URL": service.url, "ANTHROPIC_AUTH_TOKEN": "any-word", **env}
        self.shown = b""

    def __enter__(self):
        command = [client_path(), "--dangerously-skip-permissions"]
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(self.work)
            os.execve(command[0], command, self.env)
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 160, 0, 0))
        return self

    def text(self):
        return re.sub(r"\s+", " ", SEQUENCES.sub(b" ", self.shown).decode("utf-8", "replace"))

    def until(self, condition, what, seconds=20):
        """Reads the screen until `condition()`."""
        end = time.monotonic() + seconds
        while not condition():
            check(time.monotonic() < end, f"{what}: not within {seconds} s; the screen: {self.text()[-1500:]}")
            if select.select([self.screen], [], [], 0.1)[0]:
                self.shown += os.read(self.screen, 65536)

    def sees(self, words, seconds=20):
        self.until(lambda: words in self.text(), f"{words!r} on the screen", seconds)

    def type(self, text):
        os.write(self.screen, text.encode())

    def command(self, line):
        """A line, and Enter when it has been taken in."""
        self.shown = b""
        self.type(line)
        self.until(lambda: line.split()[-1] in self.text(), "what was typed")
        self.type("\r")

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.screen)
        for folder in (self.home, self.work):
            shutil.rmtree(folder, ignore_errors=True)
