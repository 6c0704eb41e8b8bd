"""The benchmark's results as Markdown."""

import statistics

import traffic
from bars import bars, costs
from measure import median
from streams_parts import added_delay

WAYS = ("direct", "nginx", "translated", "verbatim")
NAMES = {"direct": "direct", "nginx": "nginx", "translated": "ccr translated", "verbatim": "ccr verbatim",
         "reference": "the reference"}
LABELS = {"messages": "Messages", "chat": "Chat", "responses": "Responses", "gemini": "Gemini"}
# The best of its table, on four Graviton cores with small bodies, beside which figures of this run stand.
ONTHEBENCH = {"added p99, 1 client": "107 µs", "requests/s, most": "46 497", "time to first token added": "219 µs",
              "streams sustained": "512"}


def ms(value):
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def plural(clients):
    return f"{clients} client" + ("s" if clients > 1 else "")


def kilobytes(size):
    return f"{size} KB" if size < 1000 else f"{size / 1000:.0f} MB"


def times(value):
    return f"{value:.2f}×"


def rows(head, *lines):
    """A table: the first column is text, the others are figures."""
    return ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1), *("| " + " | ".join(line) + " |" for line in lines), ""]


FIGURES = (("p50 ms", "p50", ms), ("p99 ms", "p99", ms), ("p99.9 ms", "p999", ms), ("requests/s", "rate", "{:.0f}".format),
           ("CPU s per 1 000 requests", "cpu", lambda us: f"{us / 1000:.3f}"))


def side_by_side(ways, shown, compared):
    """One line a figure: the ways' medians, and some to others."""
    for name, figure, show in FIGURES:
        values = {way: median(ways[way], figure) for way in shown}
        ratios = [times(values[a] / values[b]) if values[b] else "" for a, b in compared]
        yield [name, *(show(values[way]) if values[way] else "" for way in shown), *ratios]


def table(data):
    compared = (("translated", "nginx"), ("verbatim", "nginx"), ("translated", "direct"))
    head = ["request", "", *(NAMES[way] for way in WAYS), *(f"{a} : {b}" for a, b in compared)]
    out = ["### Sizes", "", f"Answers are streams of about {traffic.EVENTS + 5} events, written at once.", ""]
    for clients in sorted({one["clients"] for one in data["cells"]}):
        lines, rounds = [], 0
        for one in data["cells"]:
            if one["clients"] == clients:
                rounds = len(one["ways"]["direct"])
                label = kilobytes(one["size"])
                for line in side_by_side(one["ways"], WAYS, compared):
                    lines.append([label, *line])
                    label = ""
        out += [f"**{plural(clients)}**, medians of {rounds} rounds", "", *rows(head, *lines)]
    out += [f"Memory after all of it: {data['memory']['after']:.1f} MB, {data['memory']['most']:.1f} MB at most.", "",
            f"Noise, the same direct measurement in its rounds: {noise(data['cells'])}.", ""]
    return out


def noise(cells):
    """How much the p50 of the same direct measurement differed from round to round."""
    spreads = []
    for one in cells:
        values = [result["p50"] for result in one["ways"]["direct"]]
        spreads.append((max(values) / min(values), f"{ms(min(values))} to {ms(max(values))} ms "
                                                   f"({kilobytes(one['size'])}, {plural(one['clients'])})"))
    spreads.sort(reverse=True)
    return f"{spreads[0][1]} at worst, {times(spreads[0][0])}; {times(statistics.median(s for s, _ in spreads))} in the median"


def wires(data):
    out = ["### Wires", "", "Requests of 115 KB by every kind of client (rows) to every kind of provider (columns); p50 in ms, and to "
           "nginx's with the same bytes. One kind on both sides is the verbatim lane.", ""]
    for clients in sorted({one["clients"] for one in data["cells"]}):
        lines = []
        for one in data["cells"]:
            if one["clients"] == clients:
                nginx = median(one["ways"]["nginx"], "p50")
                values = [median(one["ways"][wire], "p50") for wire in LABELS]
                lines.append([LABELS[one["client"]], ms(nginx), *(f"{ms(value)} ({times(value / nginx)})" for value in values)])
        out += rows([plural(clients), "nginx", *LABELS.values()], *lines)
    return out


def reference(data):
    out = ["### The reference", "", f"{data['version']} of npm, its log off; Messages translated to Chat, requests of 115 KB.", ""]
    for one in data["cells"]:
        shown = ("translated", "reference")
        lines = list(side_by_side(one["ways"], shown, ()))
        for line, (_, figure, _) in zip(lines, FIGURES):
            mine, other = (median(one["ways"][way], figure) for way in shown)
            line.append(f"{mine / other if figure == 'rate' else other / mine:.0f}×")
        out += rows([plural(one["clients"]), *(NAMES[way] for way in shown), "better by"], *lines)
    return [*out, f"The reference's memory: {data['memory']['idle']:.0f} MB idle, {data['memory']['after']:.0f} MB after.", ""]


def frontier(data):
    shown = list(data["most"])
    tails = list(data["most"][shown[0]])
    lines = [[f"requests/s while 99 % end within {tail} ms", *(f"{data['most'][way][tail]:.0f}" for way in shown)] for tail in tails]
    for figure in ("p50", "p99"):
        lines.append([f"added {figure} at one client, µs",
                      *("" if way == "direct" else f"{data['added'][way][figure]:.0f}" for way in shown)])
    clients = [str(rung["clients"]) for rung in data["rungs"]]
    return ["### Requests a second at a tail", "", f"Requests of 1 KB, answers of one document; {', '.join(clients)} clients.", "",
            *rows(["", *(NAMES[way] for way in shown)], *lines)]


def first(data):
    lines = [[f"{name}, µs", *("" if way == "direct" else f"{data['added'][way][figure]:.0f}" for way in WAYS)]
             for name, figure in (("added, p50", "token50"), ("added, p99", "token99"))]
    lines.insert(0, ["to the first token, p50 ms", *(ms(median(data["ways"][way], "token50")) for way in WAYS)])
    return ["### Time to first token", "", "One client, requests of 115 KB, streams at 50 events a second.", "",
            *rows(["", *(NAMES[way] for way in WAYS)], *lines)]


def events(data):
    lines, used = [], []
    for one in data["cells"]:
        label = f"{one['streams']} at {one['rate']} a second"
        counted = len(one["ways"]["direct"])
        if not counted:
            lines.append([label, "the direct run did not keep its pace in any round", "", "", ""])
            continue
        for figure, name in (("delay50", "p50"), ("delay99", "p99"), ("delay999", "p99.9")):
            if figure == "delay999" and one["ways"]["direct"][0]["events"] < 1000:
                continue  # too few to say
            added = [added_delay(one, way, figure) for way in WAYS[1:]]
            lines.append([f"{label}, {name}", ms(median(one["ways"]["direct"], figure)), *(f"{value:+.3f}" for value in added)])
        lines.append([f"{label}, added to the gap between two, p99",
                      "", *(f"{median(one['ways'][way], 'gap99') - median(one['ways']['direct'], 'gap99'):+.3f}" for way in WAYS[1:])])
        used.append(f"{label}: {counted} of {counted + one['refused']} rounds, "
                    + ", ".join(f"{NAMES[way]} {median(one['ways'][way], 'cores'):.2f} cores and "
                                f"{sum(round_['stalled'] for round_ in one['ways'][way])} stalled" for way in WAYS[1:]))
    return ["### Delay of an event", "", "From the upstream's write to the client's read, in ms; for nginx and ccr what they add to the "
            "direct run's.", "", *rows(["streams", "direct", *(f"{NAMES[way]} adds" for way in WAYS[1:])], *lines),
            *(f"- {line}" for line in used), ""]


def streams(data):
    lines = []
    for way in WAYS:
        most, last = data[way]["most"], data[way]["rungs"][-1]
        why = "the most that was tried" if last["kept"] else (f"{last['streams']}: {last['share'] * 100:.0f} % of the events came, "
                                                              f"{last['stalled']} stalled")
        lines.append([NAMES[way], str(most), why])
    return ["### Streams sustained", "", "50 events a second each, requests of 115 KB; every event arrives and no stream is silent for "
            "ten intervals. What the direct run does not sustain is the rig's limit.", "", *rows(["", "streams", "the next"], *lines)]


def memory(data):
    lines = []
    for kind, name in (("open", f"{data['streams']} open streams"), ("busy", "16 clients, asking at once again")):
        for way, one in data[kind].items():
            each = f"{(one['steady'] - one['idle']) * 1024 / data['streams']:.0f}" if kind == "open" else ""
            lines.append([f"{name}: {NAMES[way]}", *(f"{one[figure]:.1f}" for figure in ("idle", "steady", "recovered", "most")), each])
    return ["### Memory", "", "Resident, in MB, of a process started for it (nginx keeps running); requests of 115 KB. Recovered is five "
            "seconds after the load.", "", *rows(["", "idle", "steady", "recovered", "at most", "KB a stream"], *lines)]


def start(data):
    starts = sorted(data["starts"])
    return ["### Start", "", f"- start to ready: {statistics.median(starts):.1f} ms in the median of {len(starts)}, {starts[0]:.1f} to "
            f"{starts[-1]:.1f} ms", f"- idle memory: {data['idle']:.1f} MB", f"- binary without symbols: {data['binary']:.2f} MB", ""]


UNITS = {"body size": "50 KB", "events": f"{traffic.EVENTS} events", "providers": "4 more providers", "rules": "2 rules",
         "sessions": "10 sessions", "past requests": "see below"}


def growth(data):
    lines = [[f"{what} (1×: {UNITS[what]})", *(f"{us:.0f}" for us in costs(steps)), *(f"{one['memory']:.0f}" for one in steps)]
             for what, steps in data.items()]
    past = ", ".join(str(one["requests"]) for one in data["past requests"])
    return ["### Growth", "", "CPU µs of a translated request by one client, and MB of memory after it, at 1, 10 and 100 times.", "",
            *rows(["with", "1×", "10×", "100×", "MB 1×", "10×", "100×"], *lines), f"Past requests: {past}.", ""]


def bars_table(parts):
    lines = [[name, "" if value is None else f"{value:.2f}{unit}", f"{kind} {limit}{unit}",
              "met" if is_met else "not measured" if value is None else "**missed**"]
             for name, value, limit, kind, unit, is_met in bars(parts)]
    met = sum(line[-1] == "met" for line in lines)
    return ["### Bars", "", f"{met} of {len(lines)} met.", "", *rows(["bar", "measured", "limit", ""], *lines)] if lines else []


def beside(parts):
    """What onthebench publishes as its best, and the same definitions here."""
    have = {name: part["data"] for name, part in parts.items()}
    lines = []

    def line(name, figure):
        lines.append([name, ONTHEBENCH[name], *(figure(way) for way in ("verbatim", "translated"))])

    if "frontier" in have:
        line("added p99, 1 client", lambda way: f"{have['frontier']['added'][way]['p99']:.0f} µs")
        line("requests/s, most", lambda way: f"{max(have['frontier']['most'][way].values()):.0f}")
    if "first" in have:
        line("time to first token added", lambda way: f"{have['first']['added'][way]['token50']:.0f} µs")
    if "streams" in have:
        line("streams sustained", lambda way: str(have["streams"][way]["most"]))
    return ["### Beside onthebench", "", "The definitions of the public [onthebench](https://github.com/GetBusbar/benchmarking) suite, "
            "whose best figures were taken on four Graviton cores of the gateway's own, with small bodies; here the cores are shared by "
            "all, and the request of streams has 115 KB.", "",
            *rows(["", "best there", "ccr verbatim", "ccr translated"], *lines)] if lines else []


SECTIONS = (start, table, wires, reference, frontier, first, events, streams, memory, growth)


def conditions(parts):
    one = next(iter(parts.values()))["machine"]
    out = [f"{one['cores']} cores shared by load generator, proxy and upstream ({one['processor']}, Linux {one['system']}).", ""]
    lines = [[name, part["date"], f"{part['took']:.0f} s", f"{part['rounds']} × {part['seconds']} s",
              f"{part['load']:.1f}" + (" **not idle**" if part["load"] > 1 else "")] for name, part in parts.items()]
    return out + rows(["part", "measured", "took", "rounds", "load average before"], *lines)


def report(parts):
    if not parts:
        return "Nothing was measured.\n"
    out = ["## Measured", "", *conditions(parts), *bars_table(parts), *beside(parts)]
    for section in SECTIONS:
        part = parts.get(section.__name__)
        if part and part["data"]:
            out += section(part["data"])
    return "\n".join(out)
