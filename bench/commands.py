"""How long short commands take on this machine: bench/commands.py [CCR]; the wall and the processor's time, as Markdown.

Nothing is asserted. The processor's time is the better figure where the machine is not idle.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
TIMES = 50
# In ms, on a machine that is idle.
WANTED = {"--help": 10, "status": 20, "model list": 20, "statusline": 10}
SESSION = json.dumps({"session_id": "s", "model": {"display_name": "m"}, "workspace": {"current_dir": "/"}}).encode()


def binary():
    for path in (sys.argv[1] if len(sys.argv) > 1 else None, os.environ.get("CCR_BINARY"), ROOT / "build/release/ccr"):
        if path and os.access(path, os.X_OK):
            return str(path)
    raise SystemExit("no ccr binary: name it, or build the preset `release`")


def used():
    times = os.times()
    return times.children_user + times.children_system


def measured(command, env):
    walls, before = [], used()
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run(command, env=env, input=SESSION, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        walls.append((time.perf_counter() - began) * 1000)
    return min(walls), statistics.median(walls), (used() - before) * 1000 / TIMES


def main():
    ccr = binary()
    with tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(home) / ".claude-code-router"
        folder.mkdir()
        models = [f"model-{number}" for number in range(8)]
        providers = [{"name": f"p{number}", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "models": models}
                     for number in range(5)]
        (folder / "config.json").write_text(json.dumps({"Providers": providers, "Router": {"default": "p0,model-0"}}))
        env = {"HOME": home, "PATH": os.environ["PATH"]}
        print(f"Load average {os.getloadavg()[0]:.1f}; {TIMES} runs of each.\n")
        print("| command | best | median | processor | wanted |\n|---|---|---|---|---|")
        for command, wanted in WANTED.items():
            best, median, processor = measured([ccr, *command.split()], env)
            print(f"| `ccr {command}` | {best:.1f} ms | {median:.1f} ms | {processor:.1f} ms | < {wanted} ms |")
        _, _, nothing = measured(["/bin/true"], env)
        print(f"| `true`, to compare | | | {nothing:.1f} ms | |")


if __name__ == "__main__":
    main()
