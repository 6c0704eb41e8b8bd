"""Streams for a long time with faults upstream: no answer is lost, none is another's or cut, nothing grows; see soak.sh."""

import asyncio
import collections
import hashlib
import itertools
import os
import random
import resource
import sys
import threading
import time

from healthy import Healthy
from bed import raw, wires
from bed.service import Service
from faults import FAULTS, FAULTS_BY_SLUG
from laboratory import WIRES, at_rest, descriptors
from outcome import outcome, question
from wall import Wall

FAULTS_IN_1000 = int(os.environ.get("SOAK_FAULTS", "10"))
DEADLINE_S = 30
AGAIN = 8  # so often a client asks, later each time, as agents do, when it is told that an answer has failed
# Longer than the table's: where the machine is busy, two hundred streams are slow without any fault.
TIMEOUTS = {"connect_ms": 3000, "first_event_ms": 5000, "idle_ms": 5000, "total_ms": 20000}
SMALL_KB = 12 * 1024  # what a short run may grow by, beside the five percent
# These cost the laboratory more than the service, and the table has them.
TOO_LARGE = ("a gzip bomb", "a line without end", "a body without end", "a giant header", "a head without end",
             "an endless run of trailers")
USABLE = [slug for slug, fault in FAULTS_BY_SLUG.items()
          if not fault.address and fault not in [FAULTS[name] for name in TOO_LARGE]]
WORDS = ["so", "it", "goes", "on", "ümläut", "\"quoted\"", "back\\slash", "new\nline", "tab\t", "日本語", "😀", "data: x", "{\"a\":[1]}"]


def text_of(number, who):
    """The answer to question `number` by this provider, its checksum at the end."""
    chance = random.Random(f"{who} {number}")
    words = [f"{who} {number}:"] + chance.choices(WORDS, k=chance.choice((5, 40, 40, 200, 200, 900)))
    text = " ".join(words)
    return f"{text} {hashlib.sha256(text.encode()).hexdigest()}"


def judge_of(number):
    """Whose complete answer a text is, or what is wrong with it."""
    def judge(text):
        body, _, digest = text.rpartition(" ")
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            return f"an answer of {len(text)} characters with a wrong checksum"
        return {text_of(number, "first"): "A", text_of(number, "second"): "F"}.get(text, "somebody else's answer")
    return judge


class SoakWall(Wall):
    """Answers by the number in the question, at a pace; breaks the share of requests that it should."""

    def __init__(self):
        super().__init__(FAULTS_BY_SLUG)
        self.broken = collections.Counter()
        self.chance = random.Random(7)

    async def answer(self, peer):
        seen = peer.seen
        self.seen.clear()
        who = seen.model.partition(".")[0]
        number = seen.user_text().split()[-1]  # "ping" of who asks for no answer in particular
        healthy = Healthy(seen.wire, seen.stream, seen.model, text_of(number, who), piece=60)
        if who == "first" and self.chance.randrange(1000) < FAULTS_IN_1000:
            slug = self.chance.choice(USABLE)
            self.broken[slug] += 1
            return bool(await self.faults[slug].act(peer, healthy))
        pieces = [data for _, data in healthy.pieces()]
        for at, data in enumerate(pieces):
            await peer.send(data)
            if at + 1 < len(pieces):
                await asyncio.sleep(self.chance.random() * 0.4)
        return True


def configuration(wall):
    providers = []
    for who, wire in itertools.product(("first", "second"), WIRES):
        # Half of the providers over libcurl, half over the direct sender.
        user = "u@" if wire in ("chat", "gemini") else ""
        providers.append({"name": f"{who}-{wire}", "api_base_url": f"http://{user}127.0.0.1:{wall.port}{wires.path(wire)}",
                          "api_key": f"sk-{who}-{wire}-0123456789", "models": [f"{who}.{wire}"]})
    return {"Providers": providers, "Router": {"default": "first-messages,first.messages"},
            "fallback": {"default": [f"second-{wire},second.{wire}" for wire in ("chat", "messages")]},
            "timeouts": TIMEOUTS, "retry": {"max": 1, "base_ms": 10, "cap_ms": 50}}


class Traffic:
    """So many clients, each with one question after the other."""

    def __init__(self, service, streams):
        self.service, self.streams = service, streams
        self.ends = collections.Counter()
        self.wrong = []
        self.told = b""  # the failure that a client was told of last
        self.numbers = itertools.count(1)
        self.stopping = False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.ask_on, args=(random.Random(seed),), daemon=True) for seed in range(streams)]

    def run(self, seconds, tick):
        threading.stack_size(512 * 1024)
        for thread in self.threads:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(self.wrong) < 20:
            time.sleep(min(1, max(0, end - time.monotonic())))
            tick()
        self.stopping = True
        for thread in self.threads:
            thread.join(DEADLINE_S * AGAIN)
        if any(thread.is_alive() for thread in self.threads):
            self.went_wrong("a client hangs")

    def ask_on(self, chance):
        while not self.stopping and len(self.wrong) < 20:
            number = next(self.numbers)
            client, target, stream = chance.choice(WIRES), chance.choice(WIRES), chance.random() < 0.85
            ends = [self.ask(number, client, target, stream)]
            while ends[-1] == "E" and len(ends) < AGAIN:
                time.sleep(min(5, 0.2 * 2 ** len(ends)))
                ends.append(self.ask(number, client, target, stream))
            with self.lock:
                self.ends.update(ends)
                if ends[-1] not in ("A", "F"):
                    self.went_wrong(f"{client} to {target}, {'streamed' if stream else 'whole'}: question {number}: "
                                    f"{ends[-1][:200]} after {len(ends)} tries; told last: {self.told!r}")

    def went_wrong(self, how):
        """Told at once: who waits for half an hour wants to look while it is fresh."""
        self.wrong.append(how)
        print(f"       wrong: {how}", flush=True)

    def ask(self, number, client, target, stream):
        path, body = question(client, f"first-{target},first.{target}", stream, f"question {number}")
        try:
            answer = raw.request(self.service.port, "POST", path, body, timeout=DEADLINE_S)
            end = outcome(client, stream, answer, judge_of(str(number)))
            if end == "E":
                self.told = answer.body[-200:]
            return end
        except Exception as problem:  # pylint: disable=broad-except
            return f"{type(problem).__name__}: {problem}"


class Samples:
    """What the service holds, each second."""

    def __init__(self, service, traffic, wall):
        self.service, self.traffic, self.wall = service, traffic, wall
        self.memory, self.files = [], []
        self.began = self.told = time.monotonic()

    def take(self):
        self.memory.append(self.service.memory_kb())
        self.files.append(descriptors(self.service))
        now = time.monotonic()
        if now - self.told < 30:
            return
        self.told = now
        ends = self.traffic.ends
        print(f"{now - self.began:6.0f} s  {sum(ends.values())} requests, {sum(self.wall.broken.values())} broken upstream, "
              f"{ends['F']} by the fallback, {ends['E']} told and asked again, {len(self.traffic.wrong)} wrong; "
              f"{self.memory[-1]} KB, {self.files[-1]} descriptors", flush=True)

    def seconds(self):
        return time.monotonic() - self.began

    def growth(self):
        """(KB at first, KB at last) under load, the start aside: the middle of a fifth each."""
        memory = self.memory[len(self.memory) // 5:]
        fifth = max(1, len(memory) // 5)
        return sorted(memory[:fifth])[fifth // 2], sorted(memory[-fifth:])[fifth // 2]


def rows(traffic, samples, wall, files, files_now, seconds):
    first, last = samples.growth()
    allowed = max(first // 20, SMALL_KB if seconds < 600 else 0)
    total = sum(traffic.ends.values())
    yield not traffic.wrong, (f"{total} answers, each with its checksum: {traffic.ends['A']} as asked, {traffic.ends['F']} by the "
                              f"fallback, {traffic.ends['E']} told as failed and asked again, {len(traffic.wrong)} lost or wrong")
    broken = sum(wall.broken.values())
    yield broken > 0 and not wall.problems, f"{broken} requests broken upstream, in {len(wall.broken)} ways; {wall.problems[:5]}"
    yield last - first <= allowed, f"memory {first} KB at first, {last} KB at last ({(last - first) * 100 / first:+.1f} %), at most {max(samples.memory)} KB"
    yield files_now <= files + 8, f"descriptors {files} before, at most {max(samples.files)}, {files_now} after"


def main(seconds=1800, streams=200):
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    wall = SoakWall()
    with Service(configuration(wall)) as service:
        warm = Traffic(service, min(streams, 20))
        warm.run(1, lambda: None)
        targets = [f"first-{wire},first.{wire}" for wire in WIRES]
        files = at_rest(service, wall, targets)
        traffic = Traffic(service, streams)
        samples = Samples(service, traffic, wall)
        traffic.run(seconds, samples.take)
        files_now = at_rest(service, wall, targets, files)
        results = [(good, print(f"{'ok  ' if good else 'FAIL'} {text}", flush=True))[0]
                   for good, text in rows(traffic, samples, wall, files, files_now, seconds)]
    wall.close()
    print(f"{samples.seconds():.0f} s, {streams} streams at once")
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
