"""Measures what JavaScript of the user's adds to a request and to a streamed event, in turns, and prints Markdown."""

import argparse
import os
import signal
import statistics
import sys
import urllib.request

import measure
import traffic

SIZE = 115  # KB
EVENTS = traffic.EVENTS + 5
NOTHING = "module.exports = class { name = 'nothing'; transformRequestIn(request) { return request; } };"
# Reads every chunk and writes it anew, as scripts do that look into a stream.
REWRITES = r"""module.exports = class { name = "rewrites"; transformResponseOut(response) {
  const decoder = new TextDecoder(), encoder = new TextEncoder();
  let rest = "";
  return new Response(response.body.pipeThrough(new TransformStream({ transform(bytes, controller) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) controller.enqueue(encoder.encode(!line.startsWith("data: {") ? line + "\n"
      : `data: ${JSON.stringify(JSON.parse(line.slice(6)))}\n`));
  } })), { headers: response.headers }); } };"""
ROUTER = "module.exports = (req) => (req.body.messages.some((message) => message.content === 'nowhere') ? 'chat,other' : null);"

# name: (provider, script in its list, custom router, what it is compared with, divided by, unit)
WAYS = {
    "no script": ("chat", None, False, None, 1, ""),
    "a transformer that does nothing": ("chat", "nothing", False, "no script", 1, "a request"),
    "a custom router that reads the messages": ("chat", None, True, "no script", 1, "a request"),
    "a transformer that writes each chunk anew": ("chat", "rewrites", False, "no script", EVENTS, "an event"),
    "no script, Messages": ("messages", None, False, None, 1, ""),
    "a transformer that does nothing, through the lens": ("messages", "nothing", False, "no script, Messages", 1, "a request"),
    "a transformer that writes each chunk anew, through the lens":
        ("messages", "rewrites", False, "no script, Messages", EVENTS, "an event"),
}


def ask(port, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/messages", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        if b"message_stop" not in answer.read():
            sys.exit(f"an answer on port {port} has no end")


def start(bench, provider, script, routed):
    """A service whose provider has the script, or whose router is one."""
    entry = bench.services.provider(provider)
    config = {"Providers": [entry], "Router": {"default": f"{provider},bench"}}
    if script:
        entry["transformer"] = {"use": [script]}
        config["transformers"] = [{"path": f"~/{script}.js"}]
    if routed:
        config["CUSTOM_ROUTER_PATH"] = "~/router.js"
    home = bench.services.home(config)
    for name, text in (("nothing", NOTHING), ("rewrites", REWRITES), ("router", ROUTER)):
        (home / f"{name}.js").write_text(text, encoding="utf-8")
    return bench.services.start_ccr(home=home)


def measured(bench):
    """Each way's rounds."""
    try:
        body = bench.body("claude-bench", SIZE)
        ways = {name: measure.Way(start(bench, *way[:3]), body) for name, way in WAYS.items()}
        for way in ways.values():  # so that hosts are up and scripts compiled
            for _ in range(20):
                ask(way.service.port, body.read_bytes())
        return bench.turns(ways)
    finally:
        bench.services.close()


def added(rounds, name, figure):
    """What a way adds to the one that it is compared with: round by round, as what slows the machine slows both."""
    base, parts = WAYS[name][3:5]
    return statistics.median(a[figure] - b[figure] for a, b in zip(rounds[name], rounds[base])) / parts


def print_table(rounds, busy):
    print(f"{os.cpu_count()} cores shared by load generator, upstream, ccr and Node; requests of {SIZE} KB by one client, answers "
          f"of {EVENTS} events written at once; medians of {len(rounds['no script'])} rounds in turns. Load average at the start: "
          f"{busy:.1f}.\n")
    print("| way | p50 ms of a whole request | fastest to slowest round | added | added in the fastest round | processor time added |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, (_, _, _, base, parts, unit) in WAYS.items():
        p50 = [one["p50"] for one in rounds[name]]
        shown = ["", "", ""]
        if base:
            least = (min(p50) - min(one["p50"] for one in rounds[base])) / parts
            times = (added(rounds, name, "p50"), least)
            shown = [f"{ms * 1000:.0f} µs {unit}" if parts > 1 else f"{ms:.2f} ms {unit}" for ms in times]
            shown.append(f"{added(rounds, name, 'cpu'):.0f} µs {unit}")
        print(f"| {name} | {statistics.median(p50):.2f} | {min(p50):.2f} to {max(p50):.2f} | {' | '.join(shown)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rig", required=True, help="directory of the compiled load generator and upstream")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.6)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    busy = os.getloadavg()[0]
    print_table(measured(measure.Bench(arguments.rig, arguments.rounds, arguments.seconds)), busy)


if __name__ == "__main__":
    main()
