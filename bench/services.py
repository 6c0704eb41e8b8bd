"""What a benchmark runs: the upstream, nginx, ccr and the reference, all on 127.0.0.1 and ended by their process ids."""

import dataclasses
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

import answers
import traffic

ROOT = pathlib.Path(__file__).resolve().parents[1]
REFERENCE = "@musistudio/claude-code-router"
VERSION = "2.0.0"
NGINX = """
worker_processes {workers};
worker_rlimit_nofile {files};
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/error.log crit;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  client_max_body_size 64m;
  client_body_buffer_size 4m;
  client_body_temp_path {dir}/body;
  proxy_temp_path {dir}/proxy;
  fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi;
  scgi_temp_path {dir}/scgi;
  keepalive_requests 1000000;
  upstream provider {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
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
    """What is named, else what is packaged (tools/build-profiled, which marks what is whole), else the release build."""
    packaged = ROOT / "build/package/ccr" if (ROOT / "build/package/profiled").exists() else None
    for path in (os.environ.get("CCR"), os.environ.get("CCR_BINARY"), packaged, ROOT / "build/release/ccr"):
        if path and os.access(path, os.X_OK):
            return str(pathlib.Path(path).resolve())
    sys.exit("no ccr binary: `make build` makes one, tools/build-profiled the one that is packaged; or name it as CCR")


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


def is_answering(url):
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_for(url, what, seconds, log=None):
    end = time.monotonic() + seconds
    while not is_answering(url):
        if time.monotonic() > end:
            sys.exit(f"{what} did not start" + (f": {log.read_text(errors='replace')[-1000:]}" if log else ""))
        time.sleep(0.02)


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
            try:
                total += int(path.read_text(encoding="ascii").split()[0])
            except OSError:
                pass
    return total / 1e9


def memory_mb(pid, field="VmRSS"):
    """Resident memory of a process and its children."""
    status = [pathlib.Path(f"/proc/{each}/status").read_text(encoding="ascii") for each in family(pid)]
    return sum(int(re.search(rf"{field}:\s+(\d+)", text)[1]) for text in status) / 1024


@dataclasses.dataclass
class Service:
    """Something that takes requests: where, and the process that does."""
    port: int
    process: subprocess.Popen | None = None
    ready_ms: float = 0

    @property
    def pid(self):
        return self.process.pid if self.process else None


class Services:
    def __init__(self, rig):
        self.rig = pathlib.Path(rig)
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="ccr-bench-"))
        self.processes = Processes()
        self.binary = find_binary()
        self.upstream = self.start_upstream()

    def close(self):
        self.processes.end_all()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start_upstream(self):
        answers.write(self.dir)
        process = self.processes.start([self.rig / "upstream", self.dir], stdout=subprocess.PIPE)
        return Service(line_with(process, rb"port (\d+)"), process)

    def start_nginx(self):
        service = Service(free_port())
        config = self.dir / "nginx.conf"
        # As many workers as cores, as its documentation recommends.
        config.write_text(NGINX.format(dir=self.dir, port=service.port, upstream=self.upstream.port, workers=os.cpu_count(),
                                       files=40000 if os.geteuid() == 0 else 1024), encoding="ascii")
        path = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or sys.exit("nginx is missing: tools/setup test")
        log = self.dir / "error.log"
        service.process = self.processes.start([path, "-e", log, "-p", self.dir, "-c", config], stderr=subprocess.DEVNULL)
        # Any answer will do; the bench's upstream gives one to a GET, too.
        wait_for(f"http://127.0.0.1:{service.port}/whole/v1/messages", "nginx", 5, log)
        return service

    def provider(self, wire, shape="", port=None):
        """A provider of the upstream's, or at the port; the upstream's answers have the shape (rig/answers.h)."""
        base = traffic.path(wire).partition("bench:")[0]
        prefix = f"/{shape}" if shape else ""
        return {"name": f"{wire}.{shape}" if shape else wire, "api_base_url": f"http://127.0.0.1:{port or self.upstream.port}{prefix}{base}",
                "api_key": "sk-bench", "models": ["bench"]}

    def home(self, config):
        home = pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=self.dir))
        (home / ".claude-code-router").mkdir()
        (home / ".claude-code-router/config.json").write_text(json.dumps(config), encoding="utf-8")
        return home

    def start_ccr(self, shapes=("",), config=None, home=None):
        """ccr as it is installed, its logs written; ready when it says so."""
        config = config or {"Providers": [self.provider(wire, shape) for shape in shapes for wire in answers.WIRES],
                            "Router": {"default": f"chat{'.' if shapes[0] else ''}{shapes[0]},bench"}}
        env = {"PATH": os.environ["PATH"], "HOME": str(home or self.home(config))}
        began = time.monotonic()
        process = self.processes.start([self.binary, "start", "--port", "0"], env=env, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
        port = line_with(process, rb"endpoint\s+http://\S+?:(\d+)")
        return Service(port, process, (time.monotonic() - began) * 1000)

    def start_reference(self):
        """The reference, from npm; nothing where npm cannot bring it. It has the defaults, its log off."""
        tools = pathlib.Path(os.environ.get("CCR_TOOLS") or pathlib.Path.home() / ".cache/ccr-tools") / "reference"
        program = tools / "node_modules" / REFERENCE / "dist/cli.js"
        if not program.exists():
            tools.mkdir(parents=True, exist_ok=True)
            command = ["npm", "install", "--prefix", tools, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts",
                       "--loglevel=error", f"{REFERENCE}@{VERSION}"]
            if not shutil.which("npm") or subprocess.run(command, stdout=subprocess.DEVNULL, timeout=300, check=False).returncode:
                return None
        service = Service(free_port())
        config = {"HOST": "127.0.0.1", "PORT": service.port, "LOG": False, "Providers": [self.provider("chat")],
                  "Router": {"default": "chat,bench"}}
        home = self.home(config)
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "NODE_ENV": "production"}
        service.process = self.processes.start(["node", program, "start"], env=env, cwd=home, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL)
        wait_for(f"http://127.0.0.1:{service.port}/health", "the reference", 30)
        return service
