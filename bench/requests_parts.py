"""The parts of the benchmark whose answers are written at once: sizes, wires, the reference, rates at a tail."""

import statistics

import answers
import services
import traffic
from measure import Way, median

SIZES = (1, 50, 115, 600, 2000)  # KB
CLIENTS = (1, 16)
# Times of the usual rounds, by clients: one client's requests take half as long again in a round in which the scheduler puts two
# of the three processes on one core.
ROUNDS = {1: 3, 16: 1}
RUNGS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
TAILS = (1, 5, 10, 50)  # ms


def table(bench):
    """Bodies of every size, by one client and by sixteen: direct, nginx and the two lanes."""
    ccr = bench.services.start_ccr()
    cells = [{"size": size, "clients": clients, "ways": bench.turns(bench.ways(ccr, size), clients, bench.rounds * ROUNDS[clients])}
             for clients in CLIENTS for size in SIZES]
    memory = {"after": services.memory_mb(ccr.pid), "most": services.memory_mb(ccr.pid, "VmHWM")}
    bench.services.processes.end(ccr.process)
    return {"cells": cells, "memory": memory}


def wires(bench):
    """115 KB from every kind of client to every kind of provider, beside nginx with the same bytes."""
    ccr = bench.services.start_ccr()
    cells = []
    for client in answers.WIRES:
        end = traffic.ENDS[client]
        ways = {"nginx": Way(bench.nginx, bench.body("bench", 115, client), traffic.path(client), end)}
        for provider in answers.WIRES:
            model = f"{provider},bench"
            ways[provider] = Way(ccr, bench.body(model, 115, client), traffic.path(client, model), end)
        cells += [{"client": client, "clients": clients, "ways": bench.turns(ways, clients, min(3, bench.rounds))}
                  for clients in CLIENTS]
    bench.services.processes.end(ccr.process)
    return {"cells": cells}


def reference(bench):
    """The same translation by the reference; skipped where npm does not bring it."""
    other = bench.services.start_reference()
    if not other:
        print(f"skipped: npm brings no {services.REFERENCE}@{services.VERSION} here", flush=True)
        return None
    idle = services.memory_mb(other.pid)
    ccr = bench.services.start_ccr()
    ways = {"translated": Way(ccr, bench.body("chat,bench", 115)), "reference": Way(other, bench.body("chat,bench", 115))}
    for way in ways.values():  # so that scripts are compiled
        bench.load(way, 1, max(1, bench.seconds * 2))
    cells = [{"size": 115, "clients": clients,
              "ways": bench.turns(ways, clients, min(3, bench.rounds), seconds=max(1.5, bench.seconds * 6))}
             for clients in CLIENTS]
    memory = {"idle": idle, "after": services.memory_mb(other.pid)}
    for service in (ccr, other):
        bench.services.processes.end(service.process)
    return {"cells": cells, "memory": memory, "version": services.VERSION}


def frontier(bench):
    """Small whole requests by more and more clients: the most a second while 99 % end within 1, 5, 10 and 50 ms."""
    ccr = bench.services.start_ccr(("whole",))
    ways = bench.ways(ccr, 1, "whole")
    rungs = [{"clients": clients, "ways": bench.turns(ways, clients, min(3, bench.rounds))} for clients in RUNGS]
    bench.services.processes.end(ccr.process)
    most = {way: {str(tail): max((median(rung["ways"][way], "rate") for rung in rungs
                                  if median(rung["ways"][way], "p99") <= tail), default=0) for tail in TAILS} for way in ways}
    single = rungs[0]["ways"]

    def added(way, figure):
        """Round by round, as what slows the machine slows both."""
        return statistics.median(a[figure] - b[figure] for a, b in zip(single[way], single["direct"])) * 1000

    return {"rungs": rungs, "most": most,
            "added": {way: {figure: added(way, figure) for figure in ("p50", "p99")} for way in ways if way != "direct"}}
