"""The bars that ccr is held to, and what was measured for each."""

import statistics

from measure import median
from streams_parts import added_delay

FLAT, LINEAR = 1.25, 1.5  # at 100 times; the cost of one more at 100 times, to that at 10 times


def at_most(value, limit, unit):
    return (value, limit, "at most", unit, value <= limit)


def at_least(value, limit, unit):
    return (value, limit, "at least", unit, value >= limit)


def cell(cells, size, clients):
    return next(one["ways"] for one in cells if one["size"] == size and one["clients"] == clients)


def ratio(ways, way, other, figure):
    return median(ways[way], figure) / median(ways[other], figure)


def table(data):
    def to_nginx(size, clients, way, figure="p50"):
        return ratio(cell(data["cells"], size, clients), way, "nginx", figure)

    yield "1 KB translated, 1 client: p50 to nginx's", at_most(to_nginx(1, 1, "translated"), 1.6, "×")
    yield "1 KB translated, 16 clients: requests/s of nginx's", at_least(to_nginx(1, 16, "translated", "rate") * 100, 55, " %")
    yield "115 KB translated, 1 client: p50 to nginx's", at_most(to_nginx(115, 1, "translated"), 2.0, "×")
    yield "115 KB verbatim, 1 client: p50 to nginx's", at_most(to_nginx(115, 1, "verbatim"), 1.4, "×")
    yield "115 KB translated, 16 clients: requests/s of nginx's", at_least(to_nginx(115, 16, "translated", "rate") * 100, 50, " %")
    yield "600 KB translated, 1 client: p50 to nginx's", at_most(to_nginx(600, 1, "translated"), 2.5, "×")
    yield "2 MB translated, 1 client: p50 to nginx's", at_most(to_nginx(2000, 1, "translated"), 2.5, "×")
    worst = max(to_nginx(115, clients, "translated", "cpu") for clients in (1, 16))
    yield "CPU-seconds of 1 000 translated requests of 115 KB, to nginx's", at_most(worst, 4, "×")


def reference(data):
    one, many = (cell(data["cells"], 115, clients) for clients in (1, 16))
    yield "115 KB, 1 client: the reference's p50 to ccr's", at_least(ratio(one, "reference", "translated", "p50"), 80, "×")
    yield "115 KB, 16 clients: ccr's requests/s to the reference's", at_least(ratio(many, "translated", "reference", "rate"), 80, "×")


def first(data):
    added = {way: figures["token50"] for way, figures in data["added"].items()}
    yield ("time to first token added, 1 client, p50, to what nginx adds",
           at_most(added["translated"] / max(added["nginx"], 0.001), 2, "×"))


def events(data):
    thousand = next(one for one in data["cells"] if one["streams"] == 1000)
    delay = added_delay(thousand, "translated", "delay99")
    name = "delay added to an event, 1 000 streams of 50 a second, p99"
    yield name, at_most(delay, 3, " ms") if delay is not None else (None, 3, "at most", " ms", False)


def memory(data):
    one = data["open"]["translated"]
    yield "memory of an open stream, request of 115 KB", at_most((one["steady"] - one["idle"]) * 1024 / data["streams"], 32, " KB")


def start(data):
    yield "idle memory", at_most(data["idle"], 15, " MB")
    yield "start to ready, median", at_most(statistics.median(data["starts"]), 30, " ms")
    yield "binary without symbols", at_most(data["binary"], 12, " MB")


def costs(steps):
    """The least of the rounds: what disturbs a round only adds."""
    return [min(result["cpu"] for result in one["rounds"]) for one in steps]


def growth(data):
    for what in ("body size", "events"):
        one, ten, hundred = costs(data[what])
        # What each further one costs, at the large end and at the small one.
        yield f"growth with {what}: one more at 100× to one more at 10×", at_most(((hundred - ten) / 90) / ((ten - one) / 9), LINEAR, "×")
    for what in ("providers", "rules", "sessions", "past requests"):
        one, _, hundred = costs(data[what])
        yield f"cost of a request at 100× the {what}", at_most(hundred / one, FLAT, "×")


ALL = (table, reference, first, events, memory, start, growth)


def bars(parts):
    """Name, value (None where no round counted), limit, kind, unit, and whether it is met; for the parts that were measured."""
    for measured in ALL:
        part = parts.get(measured.__name__)
        if part and part["data"]:
            yield from ((name, *judged) for name, judged in measured(part["data"]))
