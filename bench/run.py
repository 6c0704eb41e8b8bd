"""Measures requests and streams directly to an upstream, through nginx, through ccr and through the reference, in turns.

    run.py --rig DIRECTORY [PART...]

Without a part all of them run, in about seventeen minutes; parts that ran before are kept in build/bench/results.json, so that
they can be run one by one. Prints the report as Markdown, and writes build/bench/report.md and build/bench/performance.svg.
Everything runs on this machine and shares its cores; so compare columns, not machines.
"""

import argparse
import json
import os
import pathlib
import platform
import signal
import sys
import time

import chart
import growth_parts
import measure
import report
import requests_parts
import streams_parts

ROOT = pathlib.Path(__file__).resolve().parents[1]
MARKS = ("<!-- measured: bench/run.sh --docs writes what follows -->\n", "<!-- measured until here -->\n")
# name: what measures it, and about how many seconds it takes
PARTS = {"start": (growth_parts.start, 5), "table": (requests_parts.table, 330), "wires": (requests_parts.wires, 95),
         "reference": (requests_parts.reference, 50), "frontier": (requests_parts.frontier, 85),
         "first": (streams_parts.first, 40), "events": (streams_parts.events, 190), "streams": (streams_parts.streams, 85),
         "memory": (streams_parts.memory, 75), "growth": (growth_parts.growth, 70)}


def machine():
    model = next((line.partition(":")[2].strip() for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                  if line.startswith("model name")), platform.machine())
    return {"cores": os.cpu_count(), "processor": model, "system": platform.release()}


def run_parts(names, arguments, results):
    for name in names:
        began, busy = time.monotonic(), os.getloadavg()[0]
        print(f"bench: {name}, about {PARTS[name][1]} s", file=sys.stderr, flush=True)
        bench = measure.Bench(arguments.rig, arguments.rounds, arguments.seconds)
        try:
            data = PARTS[name][0](bench)
        finally:
            bench.services.close()
        results["parts"][name] = {"date": time.strftime("%Y-%m-%d %H:%M"), "load": busy, "took": time.monotonic() - began,
                                  "rounds": arguments.rounds, "seconds": arguments.seconds, "machine": machine(), "data": data}
        (arguments.out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def write_document(text, drawn):
    """The report in its place in docs/performance.md, below the chart."""
    page = ROOT / "docs/performance.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    head, _, tables = text.partition("\n\n")
    shown = f"{head}\n\n![What requests and events take, direct and through nginx, ccr and the reference](performance.svg)\n\n{tables}"
    page.write_text(before + MARKS[0] + shown + "\n" + MARKS[1] + after, encoding="utf-8")
    page.with_name("performance.svg").write_text(drawn, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (all)")
    parser.add_argument("--rig", required=True, help="directory of the compiled load generator and upstream")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.6, help="of a round of the tables; other parts take multiples")
    parser.add_argument("--report", action="store_true", help="measures nothing: reports what was measured before")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/bench", help="where results and report go (build/bench)")
    parser.add_argument("--docs", action="store_true", help="writes the report and the chart into docs/performance.md, too")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    # An interruption ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    arguments.out.mkdir(parents=True, exist_ok=True)
    kept = arguments.out / "results.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() and (arguments.parts or arguments.report) else {"parts": {}}
    if not arguments.report:
        run_parts(arguments.parts or PARTS, arguments, results)
    text = report.report(results["parts"])
    drawn = chart.draw(results["parts"])
    (arguments.out / "report.md").write_text(text, encoding="utf-8")
    (arguments.out / "performance.svg").write_text(drawn, encoding="utf-8")
    if arguments.docs:
        write_document(text, drawn)
    print(text)


if __name__ == "__main__":
    main()
