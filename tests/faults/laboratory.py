"""What the table and the soak share: their wires and deadlines, and what the service holds."""

import pathlib
import time

from bed import raw

WIRES = ("messages", "chat", "responses", "gemini")
TIMEOUTS = {"connect_ms": 700, "first_event_ms": 1800, "idle_ms": 1500, "total_ms": 4000}


def descriptors(service):
    return len(list(pathlib.Path(f"/proc/{service.process.pid}/fd").iterdir()))


def calm(service, files):
    """What is held once everything has ended: the descriptors come back within seconds, or do not."""
    end = time.monotonic() + 8
    while descriptors(service) > files and time.monotonic() < end:
        time.sleep(0.05)
    return descriptors(service), service.memory_kb()


def at_rest(service, wall, targets, files=0):
    """Descriptors once nothing is asked, and the providers have ended what was idle; waits for `files` or fewer."""
    wall.end_connections()
    time.sleep(1.2)  # libcurl looks after its idle connections once a second, while it is used
    for target in targets:
        for _ in range(4):  # so that every thread has one
            raw.ask(service.port, model=target, timeout=30)
    wall.end_connections()
    return calm(service, files)[0]
