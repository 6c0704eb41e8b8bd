"""`plugins`: token-speed and its output handlers; tests named O are of the reference's defects of these numbers."""

import base64
import contextlib
import http.server
import json
import os
import pathlib
import pty
import re
import stat
import subprocess
import threading
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Service, find_binary, providers_of
from bed.turns import USAGE, Turn
from bed.upstream import Upstream

SESSION = "0d5e0000-0000-4000-8000-0000000000bb"
OF_SESSION = {"x-claude-code-session-id": SESSION}
IN_WRITING = re.compile(r"\.[0-9a-f]{12}\.new")
MEMBERS = {"requestId", "sessionId", "stream", "tokenCount", "tokensPerSecond", "timeToFirstToken", "duration", "timestamp"}
SECRET = "hook-credential-0123456789"
# About two and a half seconds of words.
SLOW = {"text": "one two three four " * 25, "pause": 0.02, "chunk": 4}


class Hook:
    """A webhook's server: answers with `statuses` in turn, then 200; `hangs`: never; `after` seconds."""

    def __init__(self, *statuses, hangs=False, after=0):
        self.seen, self.statuses, self.hangs = [], list(statuses), hangs
        self.released = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()},
                                   json.loads(body), time.monotonic()))
                if outer.hangs:
                    outer.released.wait(60)
                outer.released.wait(after)
                self.send_response(outer.statuses.pop(0) if outer.statuses else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_POST = do_PUT = do_PATCH = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret-path-of-the-hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def final(self):
        return [body for _, _, _, body, _ in self.seen if body["prefix"] == "[Token Speed Final]"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


def speed(**options):
    return {"plugins": [{"name": "token-speed", "enabled": True, "options": options}]}


def hooked(hook, **config):
    return speed(reporter=["webhook"], outputHandlers=[{"type": "webhook", "config": {"url": hook.url, **config}}])


class Watched(Service):
    """A service whose directory for temporary files is in its home."""

    def __init__(self, config, **more):
        super().__init__(config, {"TMPDIR": "/nowhere"}, **more)

    def start(self):
        self.tmp = self.path / "tmp"
        self.tmp.mkdir(exist_ok=True)
        self.env["TMPDIR"] = str(self.tmp)
        super().start()

    def times_logged(self, message):
        return sum(path.read_text(encoding="utf-8").count(message) for path in self.state.glob("logs/ccr-*.log"))

    def files(self):
        """Without what is being written at this moment, to be renamed when it is whole."""
        return [name for name in self.all_files() if not IN_WRITING.fullmatch(pathlib.PurePath(name).name)]

    def all_files(self):
        return sorted(str(path.relative_to(self.tmp)) for path in self.tmp.rglob("*") if not path.is_dir())

    def record(self, session=SESSION):
        """As a status line of a third party reads it."""
        path = self.tmp / "claude-code-router" / f"session-{session}.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def final(self, **ask):
        answer = self.ask(headers=OF_SESSION, **ask)
        equal(answer.status, 200, "status")
        return until(self.record, "the record")


def checked(record):
    check(MEMBERS <= record.keys(), f"members are missing: {record}")
    check(record.keys() <= MEMBERS | {"timeToFirstTokenMs"}, f"members too many: {record}")
    equal(len(record["requestId"]), 8, "characters of requestId")
    equal(record["sessionId"], SESSION, "sessionId")
    check(isinstance(record["tokensPerSecond"], int), "tokensPerSecond is whole")
    check(abs(record["timestamp"] / 1000 - time.time()) < 20, f"timestamp {record['timestamp']}")
    return record


@test()
def a_streamed_answer_is_told_of_while_it_comes_and_at_its_end():
    with Upstream(lambda seen: Turn(**SLOW)) as upstream, Watched(providers_of(upstream, **speed())) as service:
        records = []
        asking = threading.Thread(target=lambda: service.ask(stream=True, headers=OF_SESSION))
        asking.start()
        while asking.is_alive():
            record = service.record()
            if record and record not in records:
                records.append(checked(record))
            time.sleep(0.01)
        last = until(lambda: (now := service.record()) and now["tokenCount"] == USAGE["output"] and now, "the final record")
        check(1 <= len(records) <= 5, f"{len(records)} records in {last['duration']}")
        check(records[0]["stream"] and records[0]["tokensPerSecond"] > 0, f"the first: {records[0]}")
        seconds = float(last["duration"].rstrip("s"))
        check(1.5 < seconds < 15, f"duration {last['duration']}")
        equal(last["tokensPerSecond"], round(USAGE["output"] / seconds), "the final speed")
        check(last["timeToFirstToken"] == f"{last['timeToFirstTokenMs']}ms", f"{last}")
        equal(service.files(), [f"claude-code-router/session-{SESSION}.json"], "files")
        return f"{len(records)} records while it came"


@test()
def a_whole_answer_is_told_of_at_its_end():
    with Upstream(lambda seen: Turn(text="pong", before=0.2)) as upstream, Watched(providers_of(upstream, **speed())) as service:
        record = checked(service.final())
        equal((record["stream"], record["timeToFirstToken"], record["tokenCount"]), (False, "N/A", USAGE["output"]), "the record")
        check(0.2 <= float(record["duration"][:-1]) < 5, record["duration"])


@test()
def o1_what_a_provider_does_not_count_its_tokenizer_does():
    """Ten words of one token each, in either encoding; an estimate by characters would say 15."""
    def uncounted(seen):
        body = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [
            {"index": 0, "message": {"role": "assistant", "content": " hello" * 10}, "finish_reason": "stop"}]}
        data = json.dumps(body).encode()
        return Turn(raw=b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(data), data))

    with Upstream(uncounted) as upstream, Watched(providers_of(upstream, **speed())) as service:
        equal(service.final()["tokenCount"], 10, "tokenCount")


@test()
def o2_a_cut_stream_ends_with_its_final_record():
    turn = Turn(**SLOW, cut_after=40)
    with Upstream(lambda seen: turn) as upstream, Hook() as hook, Watched(providers_of(upstream, **hooked(hook))) as service:
        service.ask(stream=True, headers=OF_SESSION)
        body = until(hook.final, "the final record")[0]
        check(body["data"]["tokenCount"] > 10, f"tokens of what came: {body}")
        time.sleep(1.5)
        equal(len(hook.final()), 1, "final records")
        equal(hook.seen[-1][3]["prefix"], "[Token Speed Final]", "the last that is heard of it")


@test()
def o2_a_client_that_leaves_ends_the_record():
    with Upstream(lambda seen: Turn(**SLOW)) as upstream, Hook() as hook, Watched(providers_of(upstream, **hooked(hook))) as service:
        with raw.Connection(service.port) as client:
            client.send(raw.encode("POST", "/v1/messages", raw.question(stream=True), OF_SESSION))
            client.read_head()
            for _ in range(10):
                client.read_chunk()
        until(hook.final, "the final record")
        time.sleep(1.5)
        equal(hook.seen[-1][3]["prefix"], "[Token Speed Final]", "the last that is heard of it")


@test()
def o3_handlers_of_one_type_are_told_alike():
    with Upstream() as upstream, Hook() as one, Hook() as two:
        handlers = [{"type": "webhook", "config": {"url": hook.url}} for hook in (one, two)]
        with Watched(providers_of(upstream, **speed(reporter="webhook", outputHandlers=handlers))) as service:
            service.ask(headers=OF_SESSION)
            until(lambda: one.final() and two.final(), "both records")
            equal(one.final(), two.final(), "what they were told")


@test()
def o4_one_private_file_a_session_under_its_fixed_name():
    with Upstream() as upstream, Watched(providers_of(upstream, **speed(outputHandlers=[]))) as service:
        for _ in range(5):
            service.final()
        equal(service.files(), [f"claude-code-router/session-{SESSION}.json"], "files")
        until(lambda: service.all_files() == service.files(), "no left-over of writing")
        path = service.tmp / service.files()[0]
        equal(stat.S_IMODE(path.stat().st_mode), 0o600, "mode of the file")
        equal(stat.S_IMODE(path.parent.stat().st_mode), 0o700, "mode of the directory")


@test()
def a_temp_file_goes_where_its_options_say():
    options = {"subdirectory": "a/b", "prefix": "p", "extension": "txt", "includeTimestamp": True}
    handlers = [{"type": "temp-file", "config": options}]
    with Upstream() as upstream, Watched(providers_of(upstream, **speed(outputHandlers=handlers))) as service:
        service.ask(headers=OF_SESSION)
        name = until(service.files, "the file")[0]
        check(name.startswith(f"a/b/p-{SESSION}-1") and name.endswith(".txt"), name)


@test()
def a_session_names_no_file_elsewhere():
    hostile = ["../../../escaped", "/etc/passwd", "..", "a/b/c", "a\\b", "%2e%2e%2fx", "x" * 5000, "-rf *", "a;b$(c)"]
    with Upstream() as upstream, Watched(providers_of(upstream, **speed())) as service:
        for session in hostile:
            equal(service.ask(headers={"x-claude-code-session-id": session}).status, 200, f"status with {session[:20]!r}")
        in_body = json.dumps({"session_id": "../\u0000/\n\u001b[2J\ud800"})
        equal(service.ask(metadata={"user_id": in_body}).status, 200, "status with one in the body")
        service.final()
        # One is too long for an id; another is in the body.
        until(lambda: len(service.files()) == len(hostile) + 1, f"a file for each: {service.files()}")
        for name in service.files():
            directory, _, rest = name.partition("/")
            equal(directory, "claude-code-router", f"directory of {name}")
            check(rest.startswith("session-") and "/" not in rest, name)
        check(not list(service.path.glob("escaped*")) and not list(service.tmp.glob("*.json")), "a file elsewhere")


@test()
def without_a_session_or_the_plugin_there_is_no_file():
    with Upstream() as upstream, Watched(providers_of(upstream, **speed())) as service:
        equal(service.ask().status, 200, "status")
        time.sleep(0.3)
        equal(list(service.tmp.iterdir()), [], "written without a session")
    off = {"plugins": [{"name": "token-speed", "enabled": False}]}
    with Upstream() as upstream, Watched(providers_of(upstream, **off)) as service:
        equal(service.ask(headers=OF_SESSION).status, 200, "status")
        time.sleep(0.3)
        equal(list(service.tmp.iterdir()), [], "written while it is off")
        service.write_config(providers_of(upstream, **speed()))
        until(lambda: service.ask(headers=OF_SESSION).status == 200 and service.record(), "a record once it is on")


@test()
def a_webhook_that_fails_twice_gets_the_record_the_third_time():
    config = {"method": "PUT", "headers": {"X-Team": "a"}, "auth": {"type": "basic", "username": "u", "password": SECRET},
              "retry": {"maxAttempts": 3, "backoffMs": 100}}
    with Upstream() as upstream, Hook(500, 503) as hook, Watched(providers_of(upstream, **hooked(hook, **config))) as service:
        service.ask(headers=OF_SESSION)
        until(lambda: len(hook.seen) == 3, "three attempts")
        methods, _, headers, bodies, times = zip(*hook.seen)
        equal(set(methods), {"PUT"}, "methods")
        equal(headers[0]["authorization"], "Basic " + base64.b64encode(f"u:{SECRET}".encode()).decode(), "authorization")
        equal((headers[0]["x-team"], headers[0]["content-type"]), ("a", "application/json"), "headers")
        check(bodies[0] == bodies[1] == bodies[2], "the same record each time")
        checked(bodies[0]["data"])
        equal(bodies[0]["metadata"]["sessionId"], SESSION, "metadata")
        check(bodies[0]["metadata"]["requestId"].removeprefix("req_").startswith(bodies[0]["data"]["requestId"]), "the whole id")
        check(times[1] - times[0] >= 0.1 and times[2] - times[1] >= 0.2, "pauses grow")
        time.sleep(0.5)
        equal(len(hook.seen), 3, "attempts")


@test()
def o7_a_webhook_that_hangs_delays_no_answer_and_piles_nothing_up():
    options = {"reporter": ["webhook", "temp-file"], "outputOptions": {"timeout": 60000}}
    with Upstream() as upstream, Hook(hangs=True) as hook:
        options["outputHandlers"] = [{"type": "webhook", "config": {"url": hook.url}}, {"type": "temp-file"}]
        with Watched(providers_of(upstream, **speed(**options))) as service:
            began = time.monotonic()
            for _ in range(150):
                equal(service.ask(headers=OF_SESSION).status, 200, "status")
            took = time.monotonic() - began
            check(took < 10, f"150 answers took {took:.1f} s")
            until(service.record, "the other handler's record")
            equal(len(hook.seen), 1, "requests to the webhook")
            equal(until(lambda: service.times_logged("a webhook does not keep up"), "that it is said"), 1, "times that it is said")
            began = time.monotonic()
        check(time.monotonic() - began < 5, "the end waits for the webhook")


@test()
def a_webhooks_secrets_stay_out_of_every_log():
    config = {"auth": {"type": "custom", "header": "X-Own", "value": SECRET}, "retry": {"maxAttempts": 1}}
    with Upstream() as upstream, Hook(418) as hook:
        options = {**hooked(hook, **config), "LOG_LEVEL": "trace"}
        with Watched(providers_of(upstream, **options)) as service:
            service.ask(headers=OF_SESSION)
            until(lambda: "a webhook did not take a record" in service.log_text(), "the failure is told")
            equal(hook.seen[0][2]["x-own"], SECRET, "the credential that is sent")
            told = service.log_text() + service.output_text() + service.run("config", "show").stdout
            check("418" in told and "127.0.0.1" in told, "the host and the status")
            check(SECRET not in told, "the credential shows")
            check("secret-path-of-the-hook" not in service.log_text(), "the path shows")


@test()
def a_webhook_that_is_down_is_told_of_once_and_so_is_its_return():
    with Upstream() as upstream, Hook(403, 403, 403) as hook, Watched(providers_of(upstream, **hooked(hook))) as service:
        for count in range(1, 5):
            service.ask(headers=OF_SESSION)
            until(lambda: len(hook.seen) == count, f"request {count} to the webhook")
        until(lambda: "a webhook takes records again" in service.log_text(), "its return is told")
        equal(service.times_logged("a webhook did not take a record"), 1, "times that its failure is told")
        check('"missed":3' in service.log_text(), "how many records are missing")


@test()
def what_a_handler_comes_to_at_the_end_is_in_the_log():
    config = {"retry": {"maxAttempts": 1}}
    with Upstream() as upstream, Hook(403, after=0.5) as hook, Watched(providers_of(upstream, **hooked(hook, **config))) as service:
        service.ask(headers=OF_SESSION)
        until(lambda: hook.seen, "the request to the webhook")
        service.stop()
        text = service.log_text()
        check(0 <= text.find("a webhook did not take a record") < text.find('"stopped"'), f"what came of it, before the end: {text}")
        service.start()  # one that has ended is a failure


@test()
def the_console_has_each_form():
    for form, wanted in (("json", '"tokenCount": 17'), ("text", "tokenCount: 17"), ("markdown", "- **tokenCount**: 17")):
        options = {"outputHandlers": [{"type": "console"}], "outputOptions": {"format": form}}
        with Upstream() as upstream, Watched(providers_of(upstream, **speed(**options))) as service:
            service.ask(headers=OF_SESSION)
            until(lambda: wanted in service.output_text(), f"{form} on the console")
            check("[Token Speed Final]" in service.output_text() and "\x1b" not in service.output_text(), "the prefix, uncoloured")
            equal(service.files(), [], "files")


class Unread(Watched):
    """Its standard output is what `make` makes, (reader, writer), and nobody reads it."""

    def __init__(self, make, config):
        self.make = make
        super().__init__(config)

    def _read_port(self):
        port = super()._read_port()
        self.stop()
        reader, writer = self.make()
        self.process = subprocess.Popen([find_binary(), "start", "--port", str(port)], env=self.env, cwd=self.path,
                                        stdin=subprocess.DEVNULL, stdout=writer, stderr=self.output)
        os.close(writer)
        self.reader = reader
        until(lambda: self.answers(port), "the service", 20)
        return port

    def answers(self, port):
        with contextlib.suppress(OSError):
            return raw.request(port, "GET", "/health").status == 200


@test()
def a_console_that_nobody_reads_holds_up_nothing():
    for make in (pty.openpty, os.pipe):
        options = {"outputHandlers": [{"type": "console"}, {"type": "temp-file"}], "outputOptions": {"metadata": {"note": "x" * 70000}}}
        with Upstream() as upstream, Unread(make, providers_of(upstream, **speed(**options))) as service:
            for count in range(3):
                service.ask(headers={"x-claude-code-session-id": f"s-{count}"})
            until(lambda: service.record("s-2"), "the other handler's record")
            began = time.monotonic()
        check(time.monotonic() - began < 5, "the end waits for the console")
        os.close(service.reader)


@test()
def o8_what_is_wrong_about_plugins_is_told_and_the_start_goes_on():
    wrong = {"{}": "plugins should be a list", "7": "plugins should be a list",
             '[{"name": "tokenspeed"}]': "did you mean token-speed?",
             '[{"name": "token-speed", "enabled": true, "options": {"outputHandlers": [{"type": "websocket"}]}}]': "does not exist"}
    for text, told in wrong.items():
        if text == "{}":
            text = '{"name": "token-speed"}'
        with Upstream() as upstream, Watched(providers_of(upstream, plugins=json.loads(text))) as service:
            equal(service.ask(headers=OF_SESSION).status, 200, "status")
            check(told in service.output_text() + service.log_text(), f"{told!r} is not told")


@test()
def a_preset_is_told_of_by_the_services_plugins_alone():
    with Upstream() as upstream, Hook() as hook, Watched(providers_of(upstream, **speed())) as service:
        preset = service.state / "presets" / "own"
        preset.mkdir(parents=True)
        manifest = {"name": "own", "version": "1.0.0", "Router": {"default": "e2e,small-model"}, **hooked(hook)}
        (preset / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        answer = until(lambda: (got := service.request("POST", "/preset/own/v1/messages", raw.question(), OF_SESSION)).status == 200
                       and got, "the preset's answer")
        equal(answer.status, 200, "status")
        checked(until(service.record, "the record"))
        equal(hook.seen, [], "what the preset's own webhook was told")


@test()
def another_users_directory_is_not_written_to():
    with Upstream() as upstream, Watched(providers_of(upstream, **speed())) as service:
        elsewhere = service.path / "elsewhere"
        elsewhere.mkdir()
        os.symlink(elsewhere, service.tmp / "claude-code-router")
        for _ in range(3):
            equal(service.ask(headers=OF_SESSION).status, 200, "status")
        until(lambda: "could not be written" in service.log_text(), "that it is said")
        time.sleep(0.3)
        equal(service.times_logged("could not be written"), 1, "times that it is said")
        equal(list(elsewhere.iterdir()), [], "files behind the link")
