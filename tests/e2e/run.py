"""Finds the test_*.py beside it and runs every test of theirs in a process of its own, under a time limit.

A line per test (PASS, FAIL or SKIP, with the figure that it measured), then "N passed, N failed[, N skipped]".
"""

import concurrent.futures
import importlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
FULL = os.environ.get("E2E_FULL") == "1"
JOBS = int(os.environ.get("E2E_JOBS", "3"))
GRACE_SECONDS = 8
SKIPPED = 77
printing = threading.Lock()


def tests_of(path):
    module = importlib.import_module(path.stem)
    for name, function in vars(module).items():
        if hasattr(function, "e2e"):
            yield f"{path.stem[5:]}.{name}", function


def discover(words):
    found = [test for path in sorted(HERE.glob("test_*.py")) for test in tests_of(path)]
    return [(name, function.e2e) for name, function in found if not words or any(word in name for word in words)]


def run_here(name):
    """The body of one test's process: the figure goes to stdout, a failure to stderr."""
    from bed.children import end_children, adopt_orphans
    from bed.marks import Skipped
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("the time limit was reached"))
    # A shell ignores it for what it runs in the background, and every child would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    module, _, function = name.partition(".")
    status = 0
    try:
        print(getattr(importlib.import_module("test_" + module), function)() or "", flush=True)
    except Skipped as reason:
        print(reason, flush=True)
        status = SKIPPED
    except Exception:
        traceback.print_exc()
        status = 1
    finally:
        end_children()
    return status


def run_apart(name, mark):
    """One test in a process of its own: outcome, figure and seconds."""
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "-B", str(HERE / "run.py"), "--one", name], text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             start_new_session=True)
    try:
        out, err = child.communicate(timeout=mark.limit)
        late = False
    except subprocess.TimeoutExpired:
        child.terminate()
        late = True
        try:
            out, err = child.communicate(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            out, err = child.communicate()
    if late:
        err += f"\nnot done after {mark.limit} s"
    outcome = {0: "PASS", SKIPPED: "SKIP"}.get(child.returncode, "FAIL") if not late else "FAIL"
    return outcome, out.strip(), err.strip(), time.monotonic() - began


def report(name, mark):
    if mark.full and not FULL:
        outcome, figure, err, seconds = "SKIP", "takes long; E2E_FULL=1 runs it", "", 0.0
    else:
        outcome, figure, err, seconds = run_apart(name, mark)
    with printing:
        print(f"{outcome} {name:<58} {seconds:6.1f} s  {figure}", flush=True)
        if outcome == "FAIL":
            print(re.sub("^", "     ", err[-4000:], flags=re.M), flush=True)
    return outcome


def main():
    if sys.argv[1:2] == ["--one"]:
        return run_here(sys.argv[2])
    began = time.monotonic()
    tests = discover(sys.argv[1:])
    outcomes = []
    # Figures that a neighbour would spoil are taken one at a time, at the end. Long tests go first.
    shared = sorted((t for t in tests if not t[1].alone), key=lambda t: -t[1].limit)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        outcomes += pool.map(lambda test: report(*test), shared)
    outcomes += [report(*test) for test in tests if test[1].alone]
    passed, failed, skipped = (outcomes.count(o) for o in ("PASS", "FAIL", "SKIP"))
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
