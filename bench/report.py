"""The benchmark's results as Markdown."""

import os
import statistics

import traffic


def median(results, field):
    return statistics.median(r[field] for r in results)


def ms(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def plural(clients):
    return f"{clients} client" + ("s" if clients > 1 else "")


def times(ratio):
    return f"{ratio:.2f}×"


def print_table(cells, clients):
    ways = ("direct", "nginx", "translated", "verbatim")
    pairs = (("translated", "nginx"), ("verbatim", "nginx"), ("translated", "direct"))
    print(f"\n### {plural(clients)}\n")
    print("| request | | direct | nginx | ccr translated | ccr verbatim | "
          "translated : nginx | verbatim : nginx | translated : direct |")
    print("|---|---|" + "---:|" * 7)
    for (size, count), cell in cells.items():
        if count != clients:
            continue

        def row(name, field, show, compared=pairs, first=""):
            values = {way: median(cell[way], field) for way in ways}
            shown = [show(values[way]) if values[way] else "" for way in ways]
            ratios = [times(values[a] / values[b]) if (a, b) in compared else "" for a, b in pairs]
            print(f"| {first} | {name} | " + " | ".join(shown + ratios) + " |")

        row("p50 ms", "p50", ms, first=f"{size} KB")
        row("p99 ms", "p99", ms)
        row("first byte, p50 ms", "first50", ms, ())
        row("requests/s", "rate", lambda rate: f"{rate:.0f}")
        row("processor µs a request", "cpu", lambda us: f"{us:.0f}", pairs[:2])


def noise(cells):
    """How much the same direct measurement differed from round to round: min and max of p50, the worst cell first."""
    spreads = []
    for (size, clients), cell in cells.items():
        values = [r["p50"] for r in cell["direct"]]
        spreads.append((max(values) / min(values), f"{min(values):.2f}-{max(values):.2f} ms ({size} KB, {plural(clients)})"))
    spreads.sort(reverse=True)
    return f"{spreads[0][1]} at worst, ×{spreads[0][0]:.2f}; ×{statistics.median(s for s, _ in spreads):.2f} in the median"


def bars(cells, starts, idle):
    """The bars of the first version, and whether they are met."""
    def worst(way):
        return max(median(cell[way], "p50") / median(cell["nginx"], "p50") for cell in cells.values())

    rows = [("translated p50 to nginx's, worst row", worst("translated"), 3, "×"),
            ("verbatim p50 to nginx's, worst row", worst("verbatim"), 2, "×"),
            ("idle memory", idle, 25, " MB"), ("start to ready, median", statistics.median(starts), 100, " ms")]
    print("\n| bar | measured | at most | |\n|---|---:|---:|---|")
    for name, value, limit, unit in rows:
        print(f"| {name} | {value:.2f}{unit} | {limit}{unit} | {'met' if value <= limit else '**missed**'} |")


def print_report(bench, cells, starts, idle, seconds, busy):
    release = "release" in bench.binary or "bench" in bench.binary
    print(f"## direct, nginx and ccr side by side\n\n{os.cpu_count()} cores shared by load generator, proxy and upstream; "
          f"{bench.rounds} rounds of {bench.seconds} s each in turns, medians of the rounds; {seconds:.0f} s in all.")
    print(f"Every answer is a stream of about {traffic.EVENTS + 5} events, written at once. "
          f"Load average at the start: {busy:.1f}." + ("" if busy < 1 else " **The machine was not idle.**"))
    if not release:
        print(f"**This is no release build: {bench.binary}**")
    for clients in sorted({count for _, count in cells}):
        print_table(cells, clients)
    bars(cells, starts, idle)
    print(f"\n- start to ready: {', '.join(f'{ms:.0f}' for ms in sorted(starts))} ms")
    print(f"- memory: {idle:.1f} MB idle, {bench.memory_mb(bench.ccr):.1f} MB after the load, "
          f"{bench.memory_mb(bench.ccr, 'VmHWM'):.1f} MB at most")
    print(f"- noise (the same direct measurement, p50 of its rounds): {noise(cells)}")
