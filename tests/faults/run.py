"""Runs the fault table against one service, cells in parallel, and prints it; see run.sh."""

import collections
import concurrent.futures
import dataclasses
import os
import socket
import sys
import time

import healthy  # noqa: F401  (finds the bed)
from bed import raw, wires
from bed.service import Service
from clients import CLIENTS
from faults import FAULTS, FAULTS_BY_SLUG, slug_of
from laboratory import TIMEOUTS, WIRES, at_rest
from outcome import outcome, question
from wall import Wall

SOUND = [f"{wire}-{way},sound.x" for way in ("direct", "curl") for wire in WIRES]
COMPACT = os.environ.get("FAULTS_COMPACT") == "1"
JOBS = int(os.environ.get("FAULTS_JOBS", "24"))
DEADLINE_S = 14  # of a cell: the longest way is both targets' whole time, and a pause
GROWTH_KB = 40 * 1024
# What fills a request's buffers to their bounds; the heap keeps that much for the next one.
LARGEST = ("a line without end", "a body without end", "a gzip bomb")


@dataclasses.dataclass(frozen=True)
class Cell:
    fault: str
    wire: str
    stream: bool
    own: bool  # the caller speaks the provider's language

    @property
    def model(self):
        """Each cell has a model of its own, so that none makes another's target rest."""
        return f"{slug_of(self.fault)}.{self.wire[0]}{'s' if self.stream else 'w'}{'o' if self.own else 't'}"

    @property
    def client(self):
        return self.wire if self.own else "chat" if self.wire == "messages" else "messages"

    @property
    def provider(self):
        """By the way there: addresses of the direct sender's, or ones that only libcurl takes."""
        special = FAULTS[self.fault].address
        return f"{self.wire}-{self.model.split('.')[0]}" if special else f"{self.wire}-{'direct' if self.own else 'curl'}"

    @property
    def wanted(self):
        return FAULTS[self.fault].streamed if self.stream else FAULTS[self.fault].whole


def every_cell(names):
    return [Cell(name, wire, stream, own) for name in names for wire in WIRES for stream in (True, False) for own in (True, False)]


def cells_of(words):
    every = every_cell([name for name in FAULTS if not words or any(word in name for word in words)])
    if not COMPACT:
        return every
    return [cell for at, cell in enumerate(every) if at % 16 in ((at // 16) % 16, (at // 16 + 9) % 16)]


class Network:
    """Ports where nothing listens, and where nobody accepts."""

    def __init__(self):
        self.held = socket.socket()
        self.held.bind(("127.0.0.1", 0))  # bound, not listening: refused
        self.deaf = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.fillers = [socket.socket() for _ in range(8)]
        for filler in self.fillers:
            filler.setblocking(False)
            filler.connect_ex(self.deaf.getsockname())

    def fill(self, address, wall):
        return address.format(closed=self.held.getsockname()[1], deaf=self.deaf.getsockname()[1], wall=wall.port)


def configuration(cells, wall, network):
    models = collections.defaultdict(list)
    base = {}
    for cell in cells:
        models[cell.provider].append(cell.model)
        special = network.fill(FAULTS[cell.fault].address, wall)
        base[cell.provider] = (special or f"http://{'' if cell.own else 'u@'}127.0.0.1:{wall.port}", cell.wire)
    for wire in WIRES:
        for way, user in (("direct", ""), ("curl", "u@")):
            models[f"{wire}-{way}"].append("sound.x")
            base[f"{wire}-{way}"] = (f"http://{user}127.0.0.1:{wall.port}", wire)
    models["endless"] += ["comments_without_end.client", "a_flood_of_content.client"]
    base["endless"] = (f"http://127.0.0.1:{wall.port}", "messages")
    providers = [{"name": name, "api_base_url": base[name][0] + wires.path(base[name][1]), "api_key": f"sk-{name}-0123456789",
                  "models": list(dict.fromkeys(models[name]))} for name in models]
    providers.append({"name": "other", "api_base_url": f"http://127.0.0.1:{wall.port}/v1/messages",
                      "api_key": "sk-other-0123456789", "models": ["fallback.x"]})
    return {"Providers": providers, "Router": {"default": "other,fallback.x"}, "fallback": {"default": ["other,fallback.x"]},
            "timeouts": TIMEOUTS, "retry": {"max": 1, "base_ms": 10, "cap_ms": 50}, "MAX_BODY_MB": 8}


def try_cell(service, cell):
    """(how it ended, seconds)"""
    path, body = question(cell.client, f"{cell.provider},{cell.model}", cell.stream)
    began = time.monotonic()
    try:
        how = outcome(cell.client, cell.stream, raw.request(service.port, "POST", path, body, timeout=DEADLINE_S))
    except Exception as problem:  # pylint: disable=broad-except
        how = f"{type(problem).__name__}: {problem}"
    return how, time.monotonic() - began


def warm_up(service, pool):
    asks = [(wire, stream) for wire in WIRES for stream in (True, False)] * 8

    def ask(wire_and_stream):
        wire, stream = wire_and_stream
        path, body = question(wire, f"{wire}-direct,sound.x", stream)
        return outcome(wire, stream, raw.request(service.port, "POST", path, body))
    ends = set(pool.map(ask, asks))
    if ends != {"A"}:
        raise SystemExit(f"sound answers ended with {ends}")
    list(pool.map(lambda cell: try_cell(service, cell), [cell for cell in every_cell(LARGEST) if not cell.own or cell.stream]))


def row(name, cells, ends):
    mine = [(cell, *ends[cell]) for cell in cells if cell.fault == name]
    bad = [(cell, how) for cell, how, _ in mine if how not in tuple(cell.wanted)]
    counts = collections.Counter(how for _, how, _ in mine if len(how) == 1)
    print(f"{'FAIL' if bad else 'ok  '} {name:<36} {counts['A']:>3} {counts['F']:>3} {counts['E']:>3} {len(bad):>4}   "
          f"{max(seconds for *_, seconds in mine):5.1f} s", flush=True)
    for cell, how in bad:
        print(f"       {cell.wire}, {'streamed' if cell.stream else 'whole'}, to {cell.client}: {how[:150]}; wanted {cell.wanted}")
    return len(mine) - len(bad), len(bad)


def table(service, wall, cells, pool):
    began = time.monotonic()
    ends = dict(zip(cells, pool.map(lambda cell: try_cell(service, cell), cells)))
    print(f"     {'fault of the upstream':<36}   A   F   E  bad   longest")
    rows = [row(name, cells, ends) for name in dict.fromkeys(cell.fault for cell in cells)]
    unasked = [cell for cell in cells if not FAULTS[cell.fault].address and not wall.asked(cell.model)]
    print(f"{len(rows)} faults, {len(cells)} cells in {time.monotonic() - began:.0f} s")
    if unasked or wall.problems:
        print(f"FAIL the laboratory: {len(unasked)} faults were not met; {wall.problems[:5]}")
    return [*rows, (0, len(unasked) + len(wall.problems))]


def bad_clients(service, wall, words):
    """Clients that are slow, leave or attack; the service answers others meanwhile and afterwards."""
    print(f"     {'fault of the client':<56}   seconds")
    rows = []
    for name, act in CLIENTS.items():
        if words and not any(word in name for word in words):
            continue
        began = time.monotonic()
        try:
            act(service, wall)
            how = raw.ask(service.port, model="messages-direct,sound.x").status
            problem = "" if how == 200 else f"the next client got {how}"
        except Exception as error:  # pylint: disable=broad-except
            problem = repr(error)
        print(f"{'FAIL' if problem else 'ok  '} {name:<56}   {time.monotonic() - began:5.1f} s  {problem[:200]}", flush=True)
        rows.append((0, 1) if problem else (1, 0))
    return rows


def leftovers(service, wall, files, memory):
    files_now, memory_now = at_rest(service, wall, SOUND, files), service.memory_kb()
    end = time.monotonic() + 3
    while wall.open > files and time.monotonic() < end:
        time.sleep(0.05)
    grown = memory_now - memory
    bad = files_now > files or grown > GROWTH_KB or not service.alive()
    print(f"{'FAIL' if bad else 'ok  '} left behind: descriptors {files} before, {files_now} after; {grown} KB more")
    return [(0, 1) if bad else (1, 0)]


def main(words):
    cells = cells_of(words)
    wall, network = Wall(FAULTS_BY_SLUG), Network()
    with Service(configuration([*cells, *every_cell(LARGEST)], wall, network)) as service, concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        warm_up(service, pool)
        files, memory = at_rest(service, wall, SOUND), service.memory_kb()
        rows = table(service, wall, cells, pool)
        rows += bad_clients(service, wall, words)
        rows += leftovers(service, wall, files, memory)
    wall.close()
    passed, failed = (sum(counts) for counts in zip(*rows))
    print("A: the answer of the target asked; F: the fallback's; E: an error in the caller's shape")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
