"""Minutes of mixed traffic: nothing fails, and what the service holds does not grow."""

import os
import pathlib
import random
import threading
import time

from bed.marks import check, equal, test
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

SECONDS = int(os.environ.get("SOAK_SECONDS", "300"))
CLIENTS = 6
GROWTH_KB = 24 * 1024


def answer(seen):
    """By the question: long or short, with a tool call, a refusal, or a stream that breaks."""
    kind = seen.user_text().split()[-1] if seen.user_text() else ""
    return {"long": Turn(kilobytes=200), "call": Turn(text="I call.", calls=[("look", {"at": "this" * 20})]),
            "busy": Turn(status=429, kind="rate_limit_error", message="slow down"),
            "cut": Turn(text="cut short " * 20, cut_after=6)}.get(kind, Turn(text="fine"))


EXPECTED = {"long": 200, "call": 200, "short": 200, "busy": 429, "cut": None}


def one_request(service, chance):
    kind = chance.choice(list(EXPECTED))
    tool = {"name": "look", "description": "looks", "input_schema": {"type": "object", "properties": {}}}
    got = service.ask(f"soak {kind}", stream=chance.random() < 0.7, timeout=30, tools=[tool])
    if EXPECTED[kind] is not None:
        equal(got.status, EXPECTED[kind], f"status of {kind!r}")
    return kind


def descriptors(service):
    return len(list(pathlib.Path(f"/proc/{service.process.pid}/fd").iterdir()))


class Traffic:
    """Clients that ask until `end`."""

    def __init__(self, service, end):
        self.counts = dict.fromkeys(EXPECTED, 0)
        self.failures = []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.ask_on, args=(service, end, seed)) for seed in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def ask_on(self, service, end, seed):
        chance = random.Random(seed)
        while time.monotonic() < end and len(self.failures) < 10:
            try:
                kind = one_request(service, chance)
                with self.lock:
                    self.counts[kind] += 1
            except Exception as error:  # pylint: disable=broad-except
                with self.lock:
                    self.failures.append(repr(error)[:300])

    def join(self):
        for thread in self.threads:
            thread.join()


@test(limit=SECONDS + 120, alone=True, full=True)
def minutes_of_mixed_traffic_leave_nothing_behind():
    with Upstream(answer) as upstream, Service(providers_of(upstream)) as service:
        Traffic(service, time.monotonic() + SECONDS / 5).join()
        time.sleep(1)
        upstream.seen.clear()
        memory, files = service.memory_kb(), descriptors(service)
        traffic = Traffic(service, time.monotonic() + SECONDS * 4 / 5)
        traffic.join()
        time.sleep(1)
        equal(traffic.failures, [], "failures")
        check(min(traffic.counts.values()) > 10, f"too little was asked: {traffic.counts}")
        grown = service.memory_kb() - memory
        check(grown < GROWTH_KB, f"the service grew by {grown} KB over {sum(traffic.counts.values())} requests")
        check(descriptors(service) <= files + 8, f"{descriptors(service)} descriptors, {files} after the warm-up")
        return f"{sum(traffic.counts.values())} requests in {SECONDS * 4 // 5} s, {grown} KB more, {files} descriptors"
