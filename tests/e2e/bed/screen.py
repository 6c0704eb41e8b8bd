"""A command of ccr's in a pseudo-terminal, 80 columns by 24 lines: what it shows, and keys for it."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from bed.marks import check
from bed.service import find_binary

SEQUENCES = re.compile(rb"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[=>]|\x1b[()][A-Z0-9]|\x0f")
UP, DOWN, ESCAPE, ENTER, INTERRUPT = "\x1bOA", "\x1bOB", "\x1b", "\r", "\x03"


class Screen:
    """`with Screen(home, "top") as screen`; the command is killed if it still runs at the end."""

    def __init__(self, home, *arguments, rows=24, columns=80, **env):
        self.command = [find_binary(), *arguments]
        self.env = {**home.env, "TERM": "xterm-256color", **env}
        self.directory, self.size = home.path, struct.pack("HHHH", rows, columns, 0, 0)
        self.shown, self.status = b"", None

    def __enter__(self):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, self.size)
            os.chdir(self.directory)
            os.execve(self.command[0], self.command, self.env)
        return self

    def resize(self, rows, columns):
        self.shown = b""
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def text(self):
        return re.sub(r"[ \t]+", " ", SEQUENCES.sub(b" ", self.shown).decode("utf-8", "replace"))

    def read(self, seconds=0.1):
        """False at the end of the command's output."""
        if not select.select([self.file], [], [], seconds)[0]:
            return True
        try:
            got = os.read(self.file, 65536)
        except OSError:  # Linux ends a pty's output so
            return False
        self.shown += got
        return bool(got)

    def sees(self, words, seconds=20):
        end = time.monotonic() + seconds
        while words not in self.text():
            check(time.monotonic() < end, f"{words!r} not within {seconds} s; the screen: {self.text()[-1500:]}")
            check(self.read() or words in self.text(), f"it ended without {words!r}: {self.text()[-1500:]}")

    def type(self, text):
        """What is seen from now on counts."""
        self.shown = b""
        os.write(self.file, text.encode())

    def ends(self, seconds=20):
        """The exit code; -N of a signal."""
        end = time.monotonic() + seconds
        while self.read():
            check(time.monotonic() < end, f"it still runs after {seconds} s; the screen: {self.text()[-1500:]}")
        _, status = os.waitpid(self.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.file)
