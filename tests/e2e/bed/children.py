"""Ends what a test left running: its own descendants, never by name."""

import ctypes
import os
import pathlib
import signal
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Daemons that a test starts become children of this process when their starter ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def parent_of(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])


def children():
    own = os.getpid()
    return [int(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit() and parent_of(p.name) == own]


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def end_children():
    for number, seconds in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
        end = time.monotonic() + seconds
        for pid in children():
            os.kill(pid, number)
        while children() and time.monotonic() < end:
            reap()
            time.sleep(0.01)
