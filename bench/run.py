"""Measures requests directly to an upstream, through nginx and through ccr, in turns, and prints Markdown.

Everything runs on this machine and shares its cores; so compare columns, not machines.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import report
import traffic

ROOT = pathlib.Path(__file__).resolve().parents[1]
SIZES = (50, 115, 600)  # KB
CLIENTS = (1, 16)
WARMUP = 0.15
STARTS = 7
NGINX = """
worker_processes 2;
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/error.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_max_body_size 64m;
  client_body_buffer_size 2m;
  client_body_temp_path {dir}/body;
  proxy_temp_path {dir}/proxy;
  fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi;
  scgi_temp_path {dir}/scgi;
  keepalive_requests 1000000;
  upstream provider {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering on;
    }}
  }}
}}
"""


def find_binary():
    for path in (os.environ.get("CCR"), os.environ.get("CCR_BINARY"), ROOT / "build/bench/ccr", ROOT / "build/release/ccr"):
        if path and os.access(path, os.X_OK):
            return str(pathlib.Path(path).resolve())
    sys.exit("no ccr binary: `make build` makes one, or name it as CCR")


class Processes:
    """What was started here, ended by its process id."""

    def __init__(self):
        self.running = []

    def start(self, command, **more):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **more)
        self.running.append(process)
        return process

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
        self.running.remove(process)

    def end_all(self):
        for process in list(self.running):
            self.end(process)


def line_with(process, pattern):
    for line in process.stdout:
        found = re.search(pattern, line)
        if found:
            return int(found[1])
    sys.exit(f"{process.args[0]} ended without saying where it listens")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def family(pid):
    """A process and its children."""
    listed = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            listed += path.read_text(encoding="ascii").split()
        except OSError:
            pass  # a thread that has ended
    return [pid, *map(int, listed)]


def cpu_seconds(pid):
    """Processor time of all threads of a process and of its children."""
    total = 0
    for each in family(pid):
        for path in pathlib.Path(f"/proc/{each}/task").glob("*/schedstat"):
            total += int(path.read_text(encoding="ascii").split()[0])
    return total / 1e9


class Bench:
    def __init__(self, rig, rounds, seconds):
        self.rig, self.rounds, self.seconds = pathlib.Path(rig), rounds, seconds
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="ccr-bench-"))
        self.processes = Processes()
        self.binary = find_binary()

    # -- what runs

    def start_upstream(self):
        for name, content in (("chat.sse", traffic.chat_answer()), ("messages.sse", traffic.messages_answer())):
            (self.dir / name).write_bytes(content)
        upstream = self.processes.start([self.rig / "upstream", self.dir / "chat.sse", self.dir / "messages.sse"],
                                        stdout=subprocess.PIPE)
        self.upstream_port = line_with(upstream, rb"port (\d+)")

    def start_nginx(self):
        self.nginx_port = free_port()
        config = self.dir / "nginx.conf"
        config.write_text(NGINX.format(dir=self.dir, port=self.nginx_port, upstream=self.upstream_port), encoding="ascii")
        path = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit("nginx is missing: tools/setup test")
        self.nginx = self.processes.start([path, "-e", self.dir / "error.log", "-p", self.dir, "-c",
                                           config], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 5
        # Any answer will do; the bench's upstream gives none to a GET without a body's length but an event stream.
        while not answers(f"http://127.0.0.1:{self.nginx_port}/v1/messages"):
            if time.monotonic() > end:
                sys.exit(f"nginx did not start: {(self.dir / 'error.log').read_text()}")
            time.sleep(0.02)

    def ccr_home(self):
        home = pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=self.dir))
        base = f"http://127.0.0.1:{self.upstream_port}"
        config = {"Providers": [
            {"name": "chat", "api_base_url": base + "/v1/chat/completions", "api_key": "sk-bench", "models": ["bench"]},
            {"name": "messages", "api_base_url": base + "/v1/messages", "api_key": "sk-bench", "models": ["bench"]}],
            "Router": {"default": "chat,bench"}}
        (home / ".claude-code-router").mkdir()
        (home / ".claude-code-router/config.json").write_text(json.dumps(config), encoding="utf-8")
        return home

    def start_ccr(self):
        """The process, its port, and the milliseconds until it said that it is ready."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.ccr_home())}
        began = time.monotonic()
        process = self.processes.start([self.binary, "start", "--port", "0"], env=env, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
        port = line_with(process, rb"endpoint\s+http://\S+?:(\d+)")
        return process, port, (time.monotonic() - began) * 1000

    def memory_mb(self, process, field="VmRSS"):
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        return int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1024

    # -- measuring

    def load(self, port, body, clients, pid):
        """What the load generator tells, with the processor time that each request took in the process `pid`."""
        before = cpu_seconds(pid) if pid else 0
        run = subprocess.run([self.rig / "load", str(port), body, str(clients), str(self.seconds), str(WARMUP)],
                             capture_output=True, text=True, timeout=self.seconds + 30, check=False)
        if run.returncode != 0:
            sys.exit(f"the load on port {port} failed: {run.stderr}")
        result = json.loads(run.stdout)
        if result["errors"] or not result["requests"]:
            sys.exit(f"{result['errors']} of {result['requests']} answers on port {port} were wrong")
        # The warm-up's requests are not counted, but cost as much.
        served = result["rate"] * (self.seconds + WARMUP)
        return result | {"cpu": (cpu_seconds(pid) - before) / served * 1e6 if pid else 0}

    def cell(self, size, clients):
        """Every way in turns, so that a busy moment of the machine meets all of them."""
        bodies = {}
        for model in ("chat,bench", "messages,bench"):
            path = self.dir / f"{model.partition(',')[0]}-{size}.json"
            path.write_bytes(traffic.request(model, size))
            bodies[model] = path
        ways = {"direct": (self.upstream_port, "messages,bench", None),
                "nginx": (self.nginx_port, "messages,bench", self.nginx.pid),
                "translated": (self.ccr_port, "chat,bench", self.ccr.pid),
                "verbatim": (self.ccr_port, "messages,bench", self.ccr.pid)}
        results = {way: [] for way in ways}
        for _ in range(self.rounds):
            for way, (port, model, pid) in ways.items():
                results[way].append(self.load(port, bodies[model], clients, pid))
        return results

    def run(self):
        try:
            self.start_upstream()
            self.start_nginx()
            starts = []
            for _ in range(STARTS - 1):
                process, _, ms = self.start_ccr()
                self.processes.end(process)
                starts.append(ms)
            self.ccr, self.ccr_port, ms = self.start_ccr()
            starts.append(ms)
            time.sleep(0.5)
            idle = self.memory_mb(self.ccr)
            began, busy = time.monotonic(), os.getloadavg()[0]
            cells = {(size, clients): self.cell(size, clients) for clients in CLIENTS for size in SIZES}
            report.print_report(self, cells, starts, idle, time.monotonic() - began, busy)
        finally:
            self.processes.end_all()
            shutil.rmtree(self.dir, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rig", required=True, help="directory of the compiled load generator and upstream")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.6)
    arguments = parser.parse_args()
    # An interruption ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    Bench(arguments.rig, arguments.rounds, arguments.seconds).run()


if __name__ == "__main__":
    main()
