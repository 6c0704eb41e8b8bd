"""A changed configuration: taken into use between requests, refused when it is broken."""

import json
import os
import signal
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

SLOW = Turn(text="the old provider speaks on and on until it is done", chunk=2, pause=0.05)


def begin_stream(service):
    connection = raw.Connection(service.port)
    connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True)))
    answer = connection.read_head()
    answer.body = connection.read_chunk()
    return connection, answer


def end_stream(connection, answer):
    with connection:
        while data := connection.read_chunk():
            answer.body += data
    return answer


@test()
def f7_a_stream_ends_under_the_old_one():
    with Upstream(lambda seen: SLOW) as old, Upstream(lambda seen: Turn(text="new")) as new:
        with Service(providers_of(old)) as service:
            connection, answer = begin_stream(service)
            service.write_config(providers_of(new, "messages"))
            until(lambda: "is in force" in service.log_text() + service.output_text(), "the change in the log")
            equal(service.ask().text, "new", "the answer under the new configuration")
            old_was_running = not old.seen[0].answered
            end_stream(connection, answer)
            equal(answer.text, SLOW.text, "the stream that began under the old one")
            equal(answer.events[-1][0], "message_stop", "its last event")
            check(old_was_running, "the stream had ended before the change; nothing was shown")
            equal((len(old.seen), len(new.seen)), (1, 1), "requests to the old and the new provider")
    return f"{len(answer.events)} events under the old, then the new answered"


@test()
def broken_files_change_nothing():
    broken = {"cut": '{"Providers": [{"name": "e2e", ', "no JSON": "providers are fun", "empty": "",
              "an array": "[]", "a string without end": '{"PORT": "34'}
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        good = (service.state / "config.json").read_text(encoding="utf-8")
        for name, text in broken.items():
            told = (service.log_text() + service.output_text()).count("stays in force")
            service.write_config(text)
            until(lambda: (service.log_text() + service.output_text()).count("stays in force") > told,
                  f"a line in the log about {name!r}")
            equal(service.ask().text, "pong", f"the answer with {name!r} in the file")
        log = service.log_text() + service.output_text()
        check("config.json:1:" in log, "no line and column in the log")
        service.write_config(good)
        equal(service.ask().text, "pong", "the answer with the good file back")
    return f"{len(broken)} broken files; each told, none in force"


@test()
def a_broken_file_lets_a_stream_go_on():
    with Upstream(lambda seen: SLOW) as upstream, Service(providers_of(upstream)) as service:
        connection, answer = begin_stream(service)
        service.write_config("{")
        until(lambda: "stays in force" in service.log_text() + service.output_text(), "the line in the log")
        equal(end_stream(connection, answer).text, SLOW.text, "the stream")
    return f"{len(answer.events)} events"


@test()
def a_key_of_its_own_and_files_written_in_place():
    """APIKEY changes at once; a file that is rewritten, not replaced, is noticed too."""
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        path = service.state / "config.json"
        path.write_text(json.dumps(providers_of(upstream, APIKEY="a-key-of-the-house")), encoding="utf-8")
        until(lambda: service.ask().status == 401, "the key's being asked for")
        equal(service.ask(headers={"x-api-key": "a-key-of-the-house"}).text, "pong", "the answer with the key")
        path.unlink()
        equal(service.ask(headers={"x-api-key": "a-key-of-the-house"}).text, "pong", "the answer without a file")
    return "401 at once, and with the file gone the last one holds"


@test()
def what_needs_a_restart_says_so():
    with Upstream() as upstream, Service(providers_of(upstream, HOST="127.0.0.1")) as service:
        service.write_config(providers_of(upstream, HOST="127.0.0.1", LOG=False))
        service.write_config(providers_of(upstream, HOST="127.0.0.2", APIKEY="a-key"))
        until(lambda: "HOST" in service.log_text() + service.output_text(), "HOST in the log")
        equal(service.ask(headers={"x-api-key": "a-key"}).text, "pong", "the answer at the old address")
    return "HOST was changed: told, and served at the old one"


@test()
def hang_up_reads_the_file_again():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        os.kill(service.process.pid, signal.SIGHUP)
        equal(service.ask().text, "pong", "the answer after SIGHUP")
        check(service.alive(), "the service ended at SIGHUP")
    return "still there"


@test()
def twenty_changes_between_requests():
    """Requests all the time while the file changes to and fro: each is answered by one of the two."""
    delays = []
    with Upstream(lambda seen: Turn(text="one")) as one, Upstream(lambda seen: Turn(text="two")) as two:
        with Service(providers_of(one)) as service, raw.Connection(service.port) as connection:
            asked = 0
            for turn in range(20):
                wanted, upstream = (("two", two), ("one", one))[turn % 2]
                service.write_config(providers_of(upstream))
                began, answer = time.monotonic(), ""
                while answer != wanted:
                    answer = connection.request("POST", "/v1/messages", raw.question()).text
                    asked += 1
                    check(answer in ("one", "two"), f"another answer: {answer!r}")
                    check(time.monotonic() < began + 5, f"change {turn} was not in force within 5 s")
                delays.append((time.monotonic() - began) * 1000)
    return f"{asked} requests; in force after {sorted(delays)[10]:.0f} ms (median), {max(delays):.0f} ms at most"
