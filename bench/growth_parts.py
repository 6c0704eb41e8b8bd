"""The parts of the benchmark about size: start, idle memory, the binary; and what grows with what, at 10 and 100 times."""

import pathlib
import shutil
import subprocess
import time

import answers
import services
import traffic
from measure import Way

STARTS = 21
STEPS = (1, 10, 100)
ROUNDS = 3


def start(bench):
    """Starts in an empty home's place, memory a second later, and the binary's size without symbols."""
    starts = []
    for _ in range(STARTS):
        ccr = bench.services.start_ccr()
        starts.append(ccr.ready_ms)
        if len(starts) < STARTS:
            bench.services.processes.end(ccr.process)
    time.sleep(1)
    idle = services.memory_mb(ccr.pid)
    bench.services.processes.end(ccr.process)
    stripped = bench.services.dir / "stripped"
    if shutil.which("strip"):
        subprocess.run(["strip", "-o", stripped, bench.services.binary], check=True)
    size = (stripped if stripped.exists() else pathlib.Path(bench.services.binary)).stat().st_size
    return {"starts": starts, "idle": idle, "binary": size / 1e6}


def config_of(bench, providers, rules):
    """A configuration with so many providers besides the upstream's, and rules of which none applies."""
    listed = [bench.services.provider(wire) for wire in answers.WIRES]
    listed += [bench.services.provider("chat") | {"name": f"other-{number}", "models": [f"model-{number}"]} for number in range(providers)]
    router = {"default": "chat,bench"}
    if rules:
        router["rules"] = [{"name": f"rule {number}", "when": {"model": "*opus*", "headers": {"x-team": f"blue-{number}*"}},
                            "use": "messages,bench"} for number in range(rules)]
    return {"Providers": listed, "Router": router}


def ways_of(bench, what):
    """The same way at 1, 10 and 100 times, and what the load is told besides."""
    ccr = [bench.services.start_ccr(config=config_of(bench, 4 * step if what == "providers" else 0,
                                                     2 * step if what == "rules" else 0)) for step in STEPS]
    if what == "body size":
        return [(Way(one, bench.body("chat,bench", 50 * step)), {}) for one, step in zip(ccr, STEPS)], ccr
    if what == "sessions":
        body = bench.body("chat,bench", 50, session=traffic.SESSION)
        return [(Way(one, body), {"sessions": 10 * step}) for one, step in zip(ccr, STEPS)], ccr
    return [(Way(one, bench.body("chat,bench", 50)), {}) for one in ccr], ccr


def measured(bench, pairs, ccr):
    rounds = [[] for _ in pairs]
    for _ in range(ROUNDS):
        for place, (way, more) in enumerate(pairs):
            rounds[place].append(bench.load(way, **more))
    out = [{"step": step, "rounds": one, "memory": services.memory_mb(service.pid)}
           for step, one, service in zip(STEPS, rounds, ccr)]
    for service in set(map(id, ccr)):
        bench.services.processes.end(next(one for one in ccr if id(one) == service).process)
    return out


def events(bench):
    """One service whose answers have 115, 1 150 and 11 500 events."""
    shapes = [f"burst-{traffic.EVENTS * step}" for step in STEPS]
    ccr = [bench.services.start_ccr((shape,)) for shape in shapes]
    pairs = [(Way(one, bench.body(f"chat.{shape},bench", 50)), {}) for one, shape in zip(ccr, shapes)]
    return measured(bench, pairs, ccr)


def past(bench):
    """One service, after so many requests: 1 000, 10 000 and 100 000 in the full length."""
    ccr = bench.services.start_ccr()
    measure, fill = Way(ccr, bench.body("chat,bench", 50)), Way(ccr, bench.body("chat,bench", 1))
    out, done, unit = [], 0, 1700 * bench.seconds
    for step in STEPS:
        while done < unit * step:
            done += bench.load(fill, 16, min(3, max(0.1, (unit * step - done) / 8000)))["requests"]
        rounds = [bench.load(measure) for _ in range(ROUNDS)]
        done += sum(one["requests"] for one in rounds)
        out.append({"step": step, "rounds": rounds, "memory": services.memory_mb(ccr.pid), "requests": done})
    bench.services.processes.end(ccr.process)
    return out


def growth(bench):
    """What a request costs at 1, 10 and 100 times the size, events, providers, rules, sessions and past requests."""
    out = {what: measured(bench, *ways_of(bench, what)) for what in ("body size", "providers", "rules", "sessions")}
    return out | {"events": events(bench), "past requests": past(bench)}
