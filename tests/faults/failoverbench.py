"""The sixteen scenarios of the public failoverbench catalogue, methodology v0.1, over Chat and over Messages.

Facts: github.com/failoverbench/failoverbench, scenarios/catalogue.yaml and METHODOLOGY.md. A caller asks for a model that
breaks and has one fallback. pass: the whole answer (for S13 a clean error) and every check. partial: an advisory check
failed. safe: a clean error. fail: a hang, a cut answer as success, or a required check failed.
"""

import collections
import concurrent.futures
import dataclasses
import os
import sys
import time

from bench_provider import CANONICAL, TIMES, Fault, Sound
from bed import raw, wires
from bed.service import Service
from outcome import events_of, question, read_event
from wall import Wall

FULL = os.environ.get("FULL_TIMES") == "1"
WIRES = ("chat", "messages")
# What stretches with the clocks: seconds that a call may take in all, and those that a check allows.
SECONDS = {"S06": 100, "S07": 15, "S09": 45} if FULL else {"S06": 8, "S07": 5, "S09": 10}
MOST = {"S06": 130, "S07": 60, "S09": 70} if FULL else {}
OTHER = {"S14": "ok-noprefill"}  # the fallback, where it is not `ok`
RECOVERY_S = 30


@dataclasses.dataclass
class Met:
    """What the caller saw of one call, and what the provider did."""

    ends: str  # success, error or hang
    text: str = ""
    model: str = ""
    usage: bool = False
    said: str = ""  # the error
    seconds: float = 0.0
    primary: list = dataclasses.field(default_factory=list)  # when each attempt came
    alive: bool = True
    prefills_refused: int = 0
    sequence: dict = dataclasses.field(default_factory=dict)

    @property
    def complete(self):
        return self.ends == "success" and " ".join(self.text.split()) == CANONICAL


def read_stream(wire, answer):
    met = Met("error")
    failed = ended = False
    for data in events_of(answer.body):
        text, end, error = read_event(wire, data)
        met.text += text
        ended, failed = ended or end, failed or error
        met.said = str(data.get("error", "")) if error else met.said
        met.usage = met.usage or bool(data.get("usage"))
        met.model = data.get("model") or data.get("message", {}).get("model") or met.model
    met.ends = "success" if ended and not failed else "error"
    return met


def call(service, wire, model, most):
    path, body = question(wire, model, True)
    if wire == "chat":
        body["stream_options"] = {"include_usage": True}
    began = time.monotonic()
    try:
        answer = raw.request(service.port, "POST", path, body, timeout=most)
        met = read_stream(wire, answer) if answer.status == 200 else Met("error", said=answer.body.decode()[:200])
    except TimeoutError:
        met = Met("hang")
    except Exception as problem:  # pylint: disable=broad-except
        met = Met("error", said=repr(problem))
    met.seconds = time.monotonic() - began
    return met


def sequence(service, wire, fault):
    """S15: one request after the other over an outage, and on until the primary was to be back."""
    began, items = time.monotonic(), []
    fault.began = began
    for at in range(TIMES["count"]):
        time.sleep(max(0.0, began + at * TIMES["every"] - time.monotonic()))
        items.append((time.monotonic() - began, call(service, wire, "S15", 30)))
    during = [met for at, met in items if at < TIMES["outage"]]
    last = items[-1][1]
    back = [at for at, met in items if at >= TIMES["outage"] and "S15" in met.model]
    last.ends = next((met.ends for _, met in items if not met.complete), "success")
    last.text = next((met.text for _, met in items if not met.complete), last.text)
    last.sequence = {"served": all(met.complete for met in during) and bool(during),
                     "recovered": back[0] - TIMES["outage"] if back else None}
    return last


# scenario: (check, advisory, holds)
def within(seconds):
    return lambda met: met.seconds <= seconds


def at_most(count, window=None):
    return lambda met: sum(window is None or at - met.primary[0] < window for at in met.primary) <= count


def recovered(met):
    return met.sequence["recovered"] is not None and met.sequence["recovered"] <= RECOVERY_S


NO_HANG = ("no_hang", False, lambda met: met.ends != "hang")
NO_CUT = ("no_truncated_success", False, lambda met: met.ends != "success" or met.complete)
ALIVE = ("alive_after", False, lambda met: met.alive)
BOUNDED = ("bounded_attempts", False, at_most(6))
ONCE = ("no_same_model_retry", False, lambda met: len(met.primary) == 1)
SCENARIOS = {
    "S01": ("429 with Retry-After", [
        ("retried", True, lambda met: len(met.primary) >= 2),
        ("retry_after_honoured", True, lambda met: len(met.primary) > 1 and met.primary[1] - met.primary[0] >= 1.8),
        ("no_hammer", False, at_most(2, 1.5))]),
    "S02": ("429 without Retry-After, persistent", [("no_hammer", False, at_most(4, 3.0)), BOUNDED, NO_HANG]),
    "S03": ("500 once, then healthy", [NO_HANG, ("same_provider_retry", True, lambda met: len(met.primary) >= 2)]),
    "S04": ("503 persistent", [BOUNDED, NO_HANG]),
    "S05": ("TCP reset before headers", [NO_HANG]),
    "S06": ("no response at all", [("within_budget", False, within(SECONDS["S06"])), NO_HANG,
                                   ("silent_route_not_retried", True, at_most(1))]),
    "S07": ("slow first token", [NO_HANG, ("ttft_limit", True, within(SECONDS["S07"]))]),
    "S08": ("stream cut mid-answer", [NO_CUT, NO_HANG]),
    "S09": ("stream stalls", [("bounded", False, within(SECONDS["S09"])), NO_CUT, ALIVE, NO_HANG]),
    "S10": ("malformed chunk in the stream", [ALIVE, NO_CUT, NO_HANG, ("recovered_in_place", True, lambda met: met.complete)]),
    "S11": ("stream ends without its last mark", [("prompt_finalise", False, within(8)),
                                                  ("usage_reported", True, lambda met: met.usage)]),
    "S12": ("context length exceeded", [ONCE, NO_HANG]),
    "S13": ("content-filter rejection", [ONCE, NO_HANG]),
    "S14": ("fallback target rejects prefill", [
        ("no_prefill_masking", False, lambda met: met.ends != "error" or not met.prefills_refused), NO_CUT]),
    "S15": ("primary flaps: down, then healthy", [
        NO_HANG, ("served_during_outage", False, lambda met: met.sequence["served"]), ("recovered", False, recovered)]),
    "S16": ("fail-over accounting", [("reports_fallback_model", False, lambda met: "ok" in met.model),
                                     ("usage_present", True, lambda met: met.usage), BOUNDED]),
}


def verdict(name, met):
    failed = [(check, advisory) for check, advisory, holds in SCENARIOS[name][1] if not holds(met)]
    required = [check for check, advisory in failed if not advisory]
    if met.ends == "hang" or (met.ends == "success" and not met.complete and name != "S13") or required:
        return "fail", met.ends + ": " + ", ".join(required) + f" {met.said} {met.text[:400]}"
    if name == "S13":
        return ("pass", "") if met.ends == "error" else ("partial", "answered by going around the rejection")
    if not met.complete:
        return "safe", met.said
    return ("partial", ", ".join(check for check, _ in failed)) if failed else ("pass", "")


def config(name, wire, wall):
    base = {"api_base_url": f"http://127.0.0.1:{wall.port}{wires.path(wire)}", "api_key": "sk-bench-0123456789"}
    return {
        "Providers": [{"name": "primary", "models": [name], **base},
                      {"name": "backup", "models": ["ok", "ok-noprefill"], **base}],
        "Router": {"default": f"primary,{name}"}, "fallback": {"default": [f"backup,{OTHER.get(name, 'ok')}"]},
        "timeouts": {"first_event_ms": int(TIMES["first"] * 1000), "idle_ms": int(TIMES["idle"] * 1000)},
        "continue_midstream": True,
    }


def run_one(name, wire):
    """A scenario has a service and a provider of its own, so that all can run at once."""
    faults = {name: Fault(name), "ok": Sound(True), "ok-noprefill": Sound(False)}
    wall = Wall(faults)
    with Service(config(name, wire, wall)) as service:
        met = sequence(service, wire, faults[name]) if name == "S15" else call(service, wire, name, MOST.get(name, 40))
        met.primary = [seen.at for seen in wall.seen if seen.model == name]
        met.alive = call(service, wire, "backup,ok", 10).complete
    met.prefills_refused = sum(each.prefills_refused for each in faults.values() if isinstance(each, Sound))
    others = sum(seen.model.startswith("ok") for seen in wall.seen) - 1
    if wall.problems:
        met.ends, met.said = "hang", f"the laboratory: {wall.problems}"
    wall.close()
    return (*verdict(name, met), met, others)


def main():
    cells = [(name, wire) for wire in WIRES for name in SCENARIOS]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        # The long ones begin first.
        order = sorted(cells, key=lambda cell: cell[0] not in ("S15", "S06", "S09", "S07"))
        got = dict(zip(order, pool.map(lambda cell: run_one(*cell), order)))
    total = collections.Counter()
    for wire in WIRES:
        print(f"over {wire}:")
        for name, (title, checks) in SCENARIOS.items():
            word, why, met, others = got[name, wire]
            total[word] += 1
            print(f"  {word:<7} {name} {title:<37} {met.seconds:5.1f} s  {len(met.primary)} of the primary, "
                  f"{others} of the fallback; {len(checks)} checks {why[:300]}")
    print(", ".join(f"{total[word]} {word}" for word in ("pass", "partial", "safe", "fail")))
    print(f"{total['pass']} passed, {sum(total.values()) - total['pass']} failed")
    return 0 if total["pass"] == len(cells) else 1


if __name__ == "__main__":
    sys.exit(main())
