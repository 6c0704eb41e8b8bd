"""How the benchmark measures: ways that take turns, each loaded by rig/load, with the processor's time that it cost."""

import dataclasses
import functools
import json
import pathlib
import resource
import statistics
import subprocess
import sys

import services
import traffic

WARMUP = 0.15


@dataclasses.dataclass
class Way:
    """One way to the upstream, and what is asked there."""
    service: services.Service
    body: pathlib.Path
    path: str = "/v1/messages"
    end: str = traffic.ENDS["messages"]


def median(results, field):
    return statistics.median(one[field] for one in results)


class Bench:
    def __init__(self, rig, rounds, seconds):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.services = services.Services(rig)
        self.rounds, self.seconds = rounds, seconds
        self.direct = self.services.upstream

    @functools.cached_property
    def nginx(self):
        """Started when something is compared with it; who trains a build (train.py) has none."""
        return self.services.start_nginx()

    def body(self, model, size, wire="messages", **more):
        """A file with a request of that many KB."""
        name = "-".join(map(str, (wire, model.replace("/", "_"), size, *more.values())))
        path = self.services.dir / f"{name}.json"
        if not path.exists():
            path.write_bytes(traffic.request(model, size, wire, **more))
        return path

    def ways(self, ccr, size, shape=""):
        """direct, nginx and the two lanes of ccr, for Messages; the upstream's answers have the shape."""
        dot, slash = (f".{shape}", f"/{shape}") if shape else ("", "")
        end = "Yes, it does" if shape == "whole" else traffic.ENDS["messages"]
        streamed = shape != "whole"
        chat, messages = (self.body(f"{wire}{dot},bench", size, streamed=streamed) for wire in ("chat", "messages"))
        return {"direct": Way(self.direct, messages, f"{slash}/v1/messages", end),
                "nginx": Way(self.nginx, messages, f"{slash}/v1/messages", end),
                "translated": Way(ccr, chat, end=end), "verbatim": Way(ccr, messages, end=end)}

    def command(self, way, clients, seconds, **more):
        options = {"port": way.service.port, "path": way.path, "body": way.body, "clients": clients, "seconds": seconds,
                   "warmup": WARMUP, "end": way.end} | more
        return [self.services.rig / "load", *(f"{key}={value}" for key, value in options.items())]

    def load(self, way, clients=1, seconds=None, **more):
        """What the load generator tells, with the processor time of the way's process: µs a request, and cores in use."""
        seconds = seconds or self.seconds
        pid = way.service.pid if way.service is not self.direct else None
        before = services.cpu_seconds(pid) if pid else 0
        took = seconds + more.get("ramp", 0) + more.get("warmup", WARMUP)
        run = subprocess.run(self.command(way, clients, seconds, **more), capture_output=True, text=True, timeout=took + 60,
                             check=False)
        if run.returncode != 0:
            sys.exit(f"the load on port {way.service.port} failed: {run.stderr}")
        result = json.loads(run.stdout)
        is_stream = "marks" in more
        if not is_stream and not result["requests"] and seconds < 5:
            return self.load(way, clients, seconds * 4, **more)  # none fits into the time
        if is_stream and not result["events"]:  # nothing came: as late as the whole time, at the least
            result |= {f"{figure}{at}": seconds * 1000 for figure in ("delay", "gap") for at in ("50", "99", "999")}
        elif result["errors"] or not (is_stream or result["requests"]):
            sys.exit(f"{result['errors']} of {result['requests']} answers on port {way.service.port} were wrong ({way.body.name})")
        cpu = services.cpu_seconds(pid) - before if pid else 0
        # The warm-up's requests are not counted, but cost as much.
        served = result["rate"] * (seconds + WARMUP)
        return result | {"cores": cpu / took, "cpu": cpu / served * 1e6 if served else 0}

    def turns(self, ways, clients=1, rounds=None, **more):
        """Every way in turns, so that a busy moment of the machine meets all of them."""
        results = {name: [] for name in ways}
        for _ in range(rounds or self.rounds):
            for name, way in ways.items():
                results[name].append(self.load(way, clients, **more))
        return results
