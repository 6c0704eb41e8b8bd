"""Trains the counting ccr of tools/build-profiled: what is asked here is what the final program is made fast for.

    train.py --rig DIRECTORY

The program is CCR's. Code that nothing here reaches is made small instead, so breadth counts for more than length: every
kind of client and provider, both clients of HTTP, texts, tool calls and thinking, answers as streams and whole. Prints how
many requests each shape had; a wrong answer, or a service that does not end well, is a failure, since then nothing is known.
"""

import argparse
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys

import answers
import measure
import services
import traffic
from measure import Way

# name: where a provider's URL begins. The mark `@` in a URL is left to libcurl, through which real providers' https goes too.
SHAPES = {"": "", "paced": "pace-50-3", "whole": "whole", "curl": "@", "curl-paced": "@/pace-50-3", "curl-whole": "@/whole"}
ARGUMENTS = {"file_path": "/home/dev/project/src/part.cpp", "content": traffic.SOURCE * 8}
COMMANDS = (["--help"], ["status"], ["model", "list"], ["config", "validate"], ["statusline"])


def named(provider, shape):
    return f"{provider}.{shape}" if shape else provider


def config(bench, demo, certificate):
    """Every wire in every shape and from the demo; two providers count with a tokenizer each, and a listener speaks TLS."""
    providers = [bench.services.provider(wire, begin) | {"name": named(wire, shape)}
                 for shape, begin in SHAPES.items() for wire in answers.WIRES]
    providers += [bench.services.provider(wire, port=demo.port) | {"name": named(wire, "demo")} for wire in answers.WIRES]
    for provider, encoding in zip(providers, ("cl100k_base", "o200k_base")):
        provider["tokenizer"] = {"default": {"type": "tiktoken", "encoding": encoding}}
    tls = {"host": "127.0.0.1", "port": services.free_port(), "cert": str(certificate), "key": str(certificate)}
    return {"Providers": providers, "Router": {"default": "chat,bench"}, "TLS": tls}


def certificate_in(directory):
    """One file with a key and the certificate of 127.0.0.1."""
    path = directory / "listener.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", directory / "part.pem"],
                   check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (directory / "part.pem").read_bytes())
    return path


class Training:
    def __init__(self, bench, ccr):
        self.bench, self.ccr = bench, ccr

    def way(self, client, provider, size, shape=""):
        model = f"{named(provider, shape)},bench"
        streamed = not shape.endswith("whole")
        body = self.bench.body(model, size, client, streamed=streamed)
        return Way(self.ccr, body, traffic.path(client, model, streamed), traffic.ENDS[client] if streamed else "}")

    def pairs(self, title, size, shape="", clients=1, seconds=0.3, providers=answers.WIRES):
        """Each kind of client with each of the providers."""
        ways = [self.way(client, provider, size, shape) for client in answers.WIRES for provider in providers]
        told(title, sum(self.bench.load(way, clients, seconds, warmup=0)["requests"] for way in ways))

    def calls(self):
        """What is thought, said and called: the other ccr makes it out of the request's last words."""
        number = 0
        for client in answers.WIRES:
            for provider in answers.WIRES:
                model = f"{named(provider, 'demo')},bench"
                path = self.bench.services.dir / f"calls-{client}-{provider}.json"
                path.write_bytes(with_call(client, traffic.request(model, 60, client)))
                way = Way(self.ccr, path, traffic.path(client, model), "STOP" if client == "gemini" else "}\n\n")
                way.end = traffic.ENDS["chat"] if client == "chat" else way.end
                number += self.bench.load(way, 2, 0.4, warmup=0)["requests"]
        told("thought and calls", number)

    def counts(self):
        """Texts that differ each time: what was counted is remembered."""
        number = 0
        connection = http.client.HTTPConnection("127.0.0.1", self.ccr.port, timeout=60)
        for provider in answers.WIRES[:2]:
            body = traffic.request(f"{provider},bench", 115)
            for turn in range(60):
                counted = json.loads(posted(connection, "/v1/messages/count_tokens", body.replace(b"lines", b"lines_%d" % turn)))
                number += counted["input_tokens"] > 0
        told("counts of tokens", number)

    def over_tls(self, port, certificate):
        context = ssl.create_default_context(cafile=str(certificate))
        number = 0
        for size in (1, 115):
            body = traffic.request("messages,bench", size)
            for _ in range(5):
                connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=60)
                for _ in range(40):
                    number += b"message_stop" in posted(connection, "/v1/messages", body)
                connection.close()
        told("over TLS", number)


def with_call(client, body):
    """The request, with words of the user's that ask for a call (docs/demo.md), and thinking on."""
    body = json.loads(body)
    words = f"demo: tool act {json.dumps(ARGUMENTS)}"
    if client == "messages":
        body["thinking"] = {"type": "adaptive"}
        body["messages"].append({"role": "user", "content": [{"type": "text", "text": words}]})
    elif client == "chat":
        body["reasoning_effort"] = "high"
        body["messages"].append({"role": "user", "content": words})
    elif client == "responses":
        body["reasoning"] = {"effort": "high", "summary": "auto"}
        body["input"].append({"type": "message", "role": "user", "content": [{"type": "input_text", "text": words}]})
    else:
        body["contents"].append({"role": "user", "parts": [{"text": words}]})
    return answers.compact(body)


def posted(connection, path, body):
    connection.request("POST", path, body, {"content-type": "application/json", "authorization": "Bearer any-word"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        sys.exit(f"{path} was answered with {answer.status}: {content[:500]!r}")
    return content


def told(title, number):
    if not number:
        sys.exit(f"{title}: no request was answered")
    print(f"{title:44} {number:6} requests", flush=True)


def end_well(bench, service):
    """What was counted is written when the program ends by itself."""
    bench.services.processes.end(service.process)
    if service.process.returncode:
        sys.exit(f"ccr ended with {service.process.returncode}, so what it counted is lost")


def commands(bench, home):
    """The start of a process, and the commands that people and their terminals call all the time."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home)}
    for words in COMMANDS:
        ended = subprocess.run([bench.services.binary, *words], env=env, input=b'{"session_id":"s","model":{"display_name":"m"}}',
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False)
        if ended.returncode < 0:
            sys.exit(f"ccr {' '.join(words)} was ended by signal {-ended.returncode}")


def train(bench):
    demo = bench.services.start_ccr(home=bench.services.home({}))
    certificate = certificate_in(bench.services.dir)
    settings = config(bench, demo, certificate)
    home = bench.services.home(settings)
    ccr = bench.services.start_ccr(home=home)
    training = Training(bench, ccr)
    training.pairs("115 KB", 115, seconds=0.5)
    training.pairs("115 KB, through libcurl", 115, "curl")
    training.pairs("115 KB, eight clients", 115, clients=8, providers=("messages", "chat"))
    training.pairs("600 KB", 600, providers=("messages", "chat"))
    training.pairs("small, two clients", 1, clients=2)
    training.pairs("small, answered whole", 1, "whole")
    training.pairs("small, answered whole, through libcurl", 1, "curl-whole", 2, 0.2)
    training.pairs("paced streams", 115, "paced", 20)
    training.pairs("paced streams, through libcurl", 115, "curl-paced", 20)
    training.calls()
    training.counts()
    training.over_tls(settings["TLS"]["port"], certificate)
    commands(bench, home)
    end_well(bench, ccr)
    end_well(bench, demo)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rig", required=True, help="directory of the compiled load generator and upstream")
    arguments = parser.parse_args()
    # An interruption ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    bench = measure.Bench(arguments.rig, rounds=1, seconds=0.3)
    try:
        train(bench)
    finally:
        bench.services.close()


if __name__ == "__main__":
    main()
