"""What a machine does to a service: full disks, vanished folders, clocks that jump, no descriptors, crowds that idle."""

import contextlib
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import time

from bed import raw
from bed.marks import Skipped, check, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

IDLE = 10_000
OPEN = 64
SPARE = 2_000  # descriptors of a process beside those connections
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
/* The wall clock, moved by what stands in the file that CLOCK_OFFSET names. */
static long offset(void) {
    long seconds = 0;
    FILE* file = fopen(getenv("CLOCK_OFFSET"), "r");
    if (file) {
        if (fscanf(file, "%ld", &seconds) != 1) seconds = 0;
        fclose(file);
    }
    return seconds;
}
int clock_gettime(clockid_t clock, struct timespec* out) {
    static int (*real)(clockid_t, struct timespec*);
    if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, out);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) out->tv_sec += offset();
    return result;
}
time_t time(time_t* out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
"""


def descriptors(service):
    return len(list(pathlib.Path(f"/proc/{service.process.pid}/fd").iterdir()))


def answers(service, count=5, **more):
    for _ in range(count):
        equal(service.ask(**more).text, "pong", "the answer")


@test()
def a_full_disk_costs_lines_and_no_answer():
    """No file may grow any more: to a writer the same as a full disk, but for the error's name."""
    with Upstream() as upstream, Service(providers_of(upstream, LOG_LEVEL="debug")) as service:
        answers(service)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (1, 1))
        for stream in (True, False):
            answers(service, 40, stream=stream)
        check(service.alive(), "the service ended")


@test()
def a_full_file_system_costs_lines_and_no_answer():
    """The real thing, where a small file system may be mounted."""
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        service.stop()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(service.state)], check=False,
                                 capture_output=True)
        if mounted.returncode != 0:
            service.start()
            raise Skipped("no file system may be mounted here")
        try:
            service.write_config(providers_of(upstream))
            service.start()
            answers(service)
            filler = service.state / "filler"
            with open(filler, "wb", buffering=0) as out:
                try:
                    while out.write(b"f" * 512):
                        pass
                except OSError:
                    pass
            for stream in (True, False):
                answers(service, 40, stream=stream)
            filler.unlink()
            before = len(service.log_text())
            answers(service)
            until(lambda: len(service.log_text()) > before, "lines, once there is room again")
            service.stop()
        finally:
            subprocess.run(["umount", "-l", str(service.state)], check=True)
        service.write_config(providers_of(upstream))
        service.start()


@test()
def a_log_directory_that_vanishes_costs_no_answer():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        answers(service)
        shutil.rmtree(service.state / "logs")
        answers(service, 20)
        check(service.alive(), "the service ended")


@test()
def a_clock_that_jumps_stops_nothing():
    """A day back and ten years on, while a stream runs: deadlines are not of the wall clock."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise Skipped("no C compiler")
    limited = Turn(status=429, message="slow down", headers={"retry-after": "60"})
    first = [True]

    def script(seen):
        if "limited" in seen.headers["authorization"] and first:
            return limited
        return Turn(text="a steady answer of some seconds", chunk=4, pause=0.2) if seen.stream else Turn(text="pong")

    with Upstream(script) as upstream:
        made = providers_of(upstream, timeouts={"idle_ms": 3000, "first_event_ms": 3000, "total_ms": 20000})
        made["Providers"][0]["api_key"] = [{"key": "sk-limited-0123456789", "weight": 1000000}, "sk-free-0123456789"]
        with Service(made) as service:
            service.stop()
            (service.path / "clock.c").write_text(CLOCK, encoding="ascii")
            shim = service.path / "clock.so"
            subprocess.run([compiler, "-shared", "-fPIC", "-o", str(shim), str(service.path / "clock.c"), "-ldl"], check=True)
            offset = service.path / "offset"
            service.env |= {"LD_PRELOAD": str(shim), "CLOCK_OFFSET": str(offset)}
            service.start()
            answers(service, 2)
            the_limited_key_rests_over_jumps(service, upstream, offset)
            a_conversation_stays_over_a_jump(service, upstream, offset)
            first.clear()
            for seconds in (-86400, 315360000, 0):
                with raw.Connection(service.port) as connection:
                    connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
                    connection.read_head()
                    offset.write_text(str(seconds), encoding="ascii")
                    text = b""
                    while data := connection.read_chunk():
                        text += data
                    equal(raw.text_of(raw.parse_events(text)), "a steady answer of some seconds", f"the stream over {seconds} s")
                answers(service, 3)
        limits = [seen for seen in upstream.seen if "limited" in seen.headers["authorization"]]
        check(limits, "the limited key was never asked")


def limited_ones(upstream):
    return sum("limited" in seen.headers["authorization"] for seen in upstream.seen)


def set_clock(offset, seconds):
    offset.write_text(str(seconds), encoding="ascii")


def the_limited_key_rests_over_jumps(service, upstream, offset):
    """A key that has met a limit: set back or forth and back, the clock neither wakes it nor lets it sleep on."""
    asked = limited_ones(upstream)
    check(asked >= 1, "the limited key was never asked")
    set_clock(offset, -86400)
    answers(service, 3)
    equal(limited_ones(upstream), asked, "requests with the limited key, the clock set back")
    # The provider's time has passed by this clock, so that it is asked once more, and rests again.
    set_clock(offset, 315360000)
    answers(service, 3)
    again = limited_ones(upstream)
    check(again <= asked + 1, f"requests with the limited key, the clock set on: {again - asked}")
    set_clock(offset, 0)
    answers(service, 3)
    equal(limited_ones(upstream), again, "requests with the limited key, the clock set right")


def a_conversation_stays_over_a_jump(service, upstream, offset):
    """Each question of a session goes to the key that it went to, whatever the clock says."""
    session = {"x-claude-code-session-id": "session-over-a-jump"}
    keys = set()
    for seconds in (0, -86400, 315360000, 0):
        set_clock(offset, seconds)
        equal(service.ask(headers=session).text, "pong", f"at {seconds} s")
        keys.add(upstream.seen[-1].headers["authorization"])
    equal(len(keys), 1, f"keys of one session: {keys}")


@test(limit=60)
def without_descriptors_it_waits_and_comes_back():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        answers(service)
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (descriptors(service) + 6, 20000))
        crowd = [raw.Connection(service.port) for _ in range(40)]
        before = cpu_seconds(service)
        time.sleep(1.5)
        burnt = cpu_seconds(service) - before
        check(service.alive(), "the service ended")
        check(burnt < 0.75, f"it spun: {burnt:.2f} s of processor time in 1.5 s")
        for each in crowd:
            each.close()
        until(lambda: works(service), "an answer once there are descriptors again", 10)
        answers(service)
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (20000, 20000))
        return f"{burnt:.2f} s of processor time in 1.5 s without descriptors"


def cpu_seconds(service):
    fields = pathlib.Path(f"/proc/{service.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def works(service):
    try:
        return service.ask(timeout=2).status == 200
    except OSError:
        return False


@test(limit=60, alone=True)
def ten_thousand_idle_connections_cost_little():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < IDLE + SPARE:
        raise Skipped(f"only {most} descriptors are allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        answers(service)
        memory, files = service.memory_kb(), descriptors(service)
        crowd = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(IDLE)]
        until(lambda: descriptors(service) >= files + IDLE - 8, "all of them accepted", 20)
        each_kb = (service.memory_kb() - memory) / IDLE
        began = time.monotonic()
        answers(service, 20)
        took_ms = (time.monotonic() - began) * 50
        for connection in crowd:
            connection.close()
        until(lambda: descriptors(service) <= files + 8, "all of them let go", 20)
        check(each_kb < 10, f"{each_kb:.1f} KB for each idle connection")
        check(took_ms < 200, f"an answer took {took_ms:.0f} ms beside them")
        return f"{each_kb:.2f} KB each; an answer beside them took {took_ms:.1f} ms"


@test(alone=True)
def an_open_stream_holds_nothing_of_its_request():
    """Once its answer has begun, on both lanes: of requests of 2 MB the bytes and what was read of them are freed."""
    messages = [{"role": "user", "content": [{"type": "text", "text": f"{at} {'x' * 1000}"}]} for at in range(2000)]
    asked = raw.encode("POST", "/v1/messages", {**raw.question(stream=True), "messages": messages}, raw.JSON)
    slow = Turn(text="word " * 500, pause=0.05, chunk=5)
    most = 0
    for wire in ("chat", "messages"):
        with Upstream(lambda seen: slow if len(str(seen.json)) > 10_000 else Turn(text="pong")) as upstream, \
                Service(providers_of(upstream, wire)) as service:
            answers(service)
            before = service.memory_kb()
            with contextlib.ExitStack() as stack:
                for _ in range(OPEN):
                    connection = stack.enter_context(raw.Connection(service.port))
                    connection.send(asked)
                    while b"word" not in connection.buffer:
                        check(connection.more(), "the stream ended early")
                grown = service.memory_kb() - before
            check(grown < OPEN * 1000, f"{OPEN} streams of a request of 2 MB hold {grown} KB ({wire})")
            most = max(most, grown)
    return f"{most / OPEN:.0f} KB each, the room for one request at a time included"
