"""The parts of the benchmark whose answers come at a pace: first token, delay of an event, streams at once, memory."""

import statistics
import subprocess
import time

import services
from measure import median

SIZE = 115  # KB
FIRST = "pace-50-3"
ENDLESS = 1_000_000
PACES = ((1, 50), (100, 50), (1000, 50), (4000, 5))  # streams, events a second
LADDER = (64, 128, 256, 512, 1024, 2048)
STALL = 10  # intervals without an event
LATE = 20  # ms by which a direct event may be late, at the 99th percentile
STREAMS = 1000  # whose memory is measured


def first(bench):
    """From the request to the first token, by one client; the upstream sends the first at once and two more at 50 a second."""
    ccr = bench.services.start_ccr((FIRST,))
    ways = bench.ways(ccr, SIZE, FIRST)
    results = bench.turns(ways, seconds=bench.seconds * 3)
    bench.services.processes.end(ccr.process)
    added = {way: {figure: statistics.median(a[figure] - b[figure] for a, b in zip(results[way], results["direct"])) * 1000
                   for figure in ("token50", "token99")} for way in results if way != "direct"}
    return {"ways": results, "added": added}


def expected(streams, rate, seconds):
    return streams * rate * seconds


def keeps_pace(result, streams, rate, seconds):
    """Nearly every event came, and no stream stalled."""
    return result["stalled"] == 0 and result["events"] >= 0.98 * expected(streams, rate, seconds)


def paced(bench, way, streams, rate, seconds):
    """Streams that do not end, their beginnings spread evenly."""
    return bench.load(way, streams, seconds, ramp=max(0.2, streams / 1500), warmup=1, marks=1, stall=STALL * 1000 / rate)


def events(bench):
    """What a way adds to each event. A round counts only where the direct run keeps its pace."""
    cells = []
    for streams, rate in PACES:
        shape = f"pace-{rate}-{ENDLESS}"
        ccr = bench.services.start_ccr((shape,))
        ways = bench.ways(ccr, SIZE, shape)
        results, refused, seconds = {name: [] for name in ways}, 0, bench.seconds * 4
        for _ in range(min(3, bench.rounds)):
            direct = paced(bench, ways["direct"], streams, rate, seconds)
            if not keeps_pace(direct, streams, rate, seconds) or direct["delay99"] > LATE:
                refused += 1
                continue
            results["direct"].append(direct)
            for name in list(ways)[1:]:
                results[name].append(paced(bench, ways[name], streams, rate, seconds))
        bench.services.processes.end(ccr.process)
        cells.append({"streams": streams, "rate": rate, "seconds": seconds, "refused": refused, "ways": results})
    return {"cells": cells}


def streams(bench):
    """The most streams of 50 events a second of which all bring every event and none stalls; doubled until one does."""
    rate, seconds = 50, bench.seconds * 3
    shape = f"pace-{rate}-{ENDLESS}"
    ccr = bench.services.start_ccr((shape,))
    found = {}
    for name, way in bench.ways(ccr, SIZE, shape).items():
        rungs = []
        for count in LADDER:
            result = paced(bench, way, count, rate, seconds)
            if not keeps_pace(result, count, rate, seconds):  # once more: it may have been a busy moment of the machine
                result = paced(bench, way, count, rate, seconds)
            rungs.append({"streams": count, "kept": keeps_pace(result, count, rate, seconds),
                          "share": result["events"] / expected(count, rate, seconds), **result})
            if not rungs[-1]["kept"]:
                break
        found[name] = {"most": max((rung["streams"] for rung in rungs if rung["kept"]), default=0), "rungs": rungs}
    bench.services.processes.end(ccr.process)
    return found


def watched(bench, service, command):
    """Resident memory before, while the load ran (the median of its second half), and five seconds after, in MB."""
    idle = services.memory_mb(service.pid)
    load = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    samples = []
    while load.poll() is None:
        samples.append(services.memory_mb(service.pid))
        time.sleep(0.1)
    steady = statistics.median(samples[len(samples) // 2:])
    time.sleep(5)
    return {"idle": idle, "steady": steady, "recovered": services.memory_mb(service.pid),
            "most": services.memory_mb(service.pid, "VmHWM")}


def memory(bench):
    """A fresh process each: 1 000 open streams of five events a second, and sixteen clients that ask at once again."""
    shape = f"pace-5-{ENDLESS}"
    out = {"streams": STREAMS, "open": {}, "busy": {}}
    for name in ("nginx", "translated", "verbatim"):
        for kind, used in (("open", shape), ("busy", "")):
            ccr = bench.services.start_ccr((used,))
            time.sleep(0.5)
            way = bench.ways(ccr, SIZE, used)[name]
            command = (bench.command(way, STREAMS, bench.seconds * 5, ramp=1, marks=1) if kind == "open"
                       else bench.command(way, 16, bench.seconds * 8))
            out[kind][name] = watched(bench, way.service, command)
            bench.services.processes.end(ccr.process)
    return out


def added_delay(cell, way, figure):
    """By which a way's delay of an event is more than the direct one's, in ms; None where no round counted."""
    rounds = cell["ways"]
    if not rounds["direct"]:
        return None
    return median(rounds[way], figure) - median(rounds["direct"], figure)
