"""Compares the instructions that callgrind counted with bench/instructions.json: fails where a case needs over 5 % more."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BASELINE = pathlib.Path(__file__).with_suffix(".json")
MOST = 1.05


def counted(program):
    """Instructions of one run of each case."""
    with tempfile.TemporaryDirectory(prefix="ccr-instructions-") as folder:
        command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/out", program]
        run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if run.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} failed: {run.stderr[-2000:]}")
        found = {}
        for path in pathlib.Path(folder).iterdir():
            text = path.read_text(encoding="utf-8", errors="replace")
            case = re.search(r"^desc: Trigger: Client Request: (.*)=(\d+)$", text, re.MULTILINE)
            total = re.search(r"^(?:summary|totals): (\d+)", text, re.MULTILINE)
            if case and total:
                found[case[1]] = round(int(total[1]) / int(case[2]))
        return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the compiled bench/instructions.cpp")
    parser.add_argument("--accept", action="store_true", help="writes what is counted as the new baseline")
    arguments = parser.parse_args()
    now = counted(arguments.program)
    if arguments.accept:
        BASELINE.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{len(now)} cases written to {BASELINE.name}")
        return 0
    before = json.loads(BASELINE.read_text(encoding="utf-8"))
    failed = 0
    for case in sorted(before.keys() | now.keys()):
        if case not in now or case not in before:
            verdict, failed = ("is not counted any more" if case in before else "is new: bench/instructions.sh --accept"), failed + 1
        else:
            share = now[case] / before[case]
            verdict = f"{now[case]:>12,} {(share - 1) * 100:+6.1f} %"
            failed += share > MOST
            verdict += "  WORSE than 5 %" if share > MOST else "  better: --accept keeps it" if share < 1 / MOST else ""
        print(f"{case:<32} {verdict}")
    print(f"{len(before.keys() | now.keys()) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
