"""The benchmark's parts with very short rounds: that they measure, and that report and chart come of it."""

import json
import os
import pathlib
import subprocess
import tempfile
import xml.dom.minidom

from bed.marks import check, equal, test
from bed.service import ROOT, find_binary


def run(out, *words):
    command = [ROOT / "bench/run.sh", *words, "--rounds", "1", "--seconds", "0.1", "--out", out]
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"CCR": find_binary()}
    done = subprocess.run(command, env=env, text=True, capture_output=True, timeout=110, check=False)
    equal(done.returncode, 0, f"exit code; {done.stderr}")
    return done.stdout


@test(limit=120)
def parts_are_measured_one_by_one_and_reported_together():
    with tempfile.TemporaryDirectory(prefix="ccr-e2e-bench-") as name:
        out = pathlib.Path(name)
        run(out, "start")
        text = run(out, "first")
        for words in ("### Bars", "idle memory", "### Start", "### Time to first token", "### Beside onthebench"):
            check(words in text, f"the report does not tell {words}")
        equal((out / "report.md").read_text(encoding="utf-8"), text.removesuffix("\n"), "the report that is kept")
        parts = json.loads((out / "results.json").read_text(encoding="utf-8"))["parts"]
        equal(sorted(parts), ["first", "start"], "the parts that are kept")
        ways = parts["first"]["data"]["ways"]
        equal(sorted(ways), ["direct", "nginx", "translated", "verbatim"], "the ways")
        for way, rounds in ways.items():
            check(rounds[0]["requests"] > 0 and rounds[0]["token50"] > 0, f"{way} measured nothing: {rounds}")
        xml.dom.minidom.parse(str(out / "performance.svg"))


@test(limit=120)
def a_part_that_is_not_there_is_named():
    with tempfile.TemporaryDirectory(prefix="ccr-e2e-bench-") as name:
        command = [ROOT / "bench/run.sh", "nothing", "--out", name]
        done = subprocess.run(command, text=True, capture_output=True, timeout=110, check=False)
        check(done.returncode != 0 and "no such part: nothing; there are start, table" in done.stderr, done.stderr)
