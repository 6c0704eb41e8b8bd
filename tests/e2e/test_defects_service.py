"""Defects of the reference's service (S of its list), each a test of its number."""

import json
import pathlib
import re
import socket

from bed import raw
from bed.marks import check, each, equal, test, until
from bed.service import Home, Service, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

KEY = "a-key-of-the-house-0123"
PROVIDER_KEY = "sk-provider-e2e-0123456789"
EVIL = {"origin": "https://evil.example"}
MANAGEMENT = (("GET", "/api/config"), ("POST", "/api/config"), ("GET", "/api/logs?file=config.json"), ("DELETE", "/api/logs"),
              ("POST", "/api/restart"), ("POST", "/api/update/perform"), ("GET", "/providers"), ("POST", "/providers"),
              ("PUT", "/providers/e2e"), ("DELETE", "/providers/e2e"), ("GET", "/ui/"), ("GET", "/ui/index.html"))


def error_of(answer):
    body = answer.json
    equal(body.get("type"), "error", "the envelope")
    return body["error"]


def nothing_served(service, trials, headers=None):
    """None of these exists: each is a 404 in the caller's shape that tells nothing."""
    def trial(place):
        method, path = place
        body = {"Providers": []} if method in ("POST", "PUT") else None
        answer = service.request(method, path, body, headers)
        check(answer.status in (404, 405), f"status {answer.status}")
        check(PROVIDER_KEY not in answer.body.decode() and "api_key" not in answer.body.decode(), f"{answer.body}")

    each(trials, trial)


@test()
def s1_without_providers_it_is_loopback_and_no_page_may_call():
    with Service({"HOST": "0.0.0.0"}) as service:
        listening = [line.split()[1] for line in open("/proc/net/tcp", encoding="ascii").readlines()[1:]
                     if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == service.port]
        equal([entry.split(":")[0] for entry in listening], ["0100007F"], "addresses listened on")
        for method, path in (("POST", "/v1/messages"), ("OPTIONS", "/v1/messages"), ("POST", "/api/config")):
            answer = service.request(method, path, raw.question() if method == "POST" else None, EVIL)
            equal(answer.status, 403, f"{method} {path} by a foreign page")
            check("access-control-allow-origin" not in answer.headers, "the page may read the answer")


@test()
def s2_no_parameter_names_a_file():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        victim = service.path / "victim.log"
        victim.write_text("still here", encoding="ascii")
        names = [str(victim), "../../victim.log", "%2e%2e%2fvictim.log", "/etc/passwd"]
        trials = [(method, f"/{path}?file={name}") for name in names for method in ("GET", "DELETE")
                  for path in ("api/logs", "logs", "api/logs/files")]
        nothing_served(service, trials)
        nothing_served(service, [("GET", path) for path in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd",
                                                            "/%2e%2e/config.json", "/v1/models/../../config.json")])
        equal(victim.read_text(encoding="ascii"), "still here", "the file")
        return f"{len(trials)} requests, the file is whole"


@test()
def s3_errors_hold_no_stack_and_no_path():
    with Upstream(lambda seen: Turn(raw=b"garbage\r\n\r\n")) as upstream, Service(providers_of(upstream)) as service:
        for body in (raw.question(), b"{", {"model": "x"}, {"model": 7}, raw.question(tools="none")):
            told = service.request("POST", "/v1/messages", body).body.decode()
            check(not re.search(r"\.(cpp|js|ts)\b|\bat \w+ \(|" + re.escape(str(service.path)), told), f"the inside shows: {told}")


@test()
def s4_nobody_reads_the_configuration_and_a_broken_file_ends_nothing():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        service.write_config('{ "Providers": [')
        nothing_served(service, [("GET", "/api/config"), ("GET", "/config"), ("GET", "/config.json")])
        check("api_base_url" not in service.request("GET", "/health").body.decode(), "/health tells")
        equal(service.ask().text, "pong", "the answer with a broken file")


@test()
def s5_nobody_writes_the_configuration():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        before = (service.state / "config.json").read_bytes()
        for body in (b'"text"', b"undefined", b"[]", b'{"CUSTOM_ROUTER_PATH":"/tmp/x.js"}'):
            for method in ("POST", "PUT", "PATCH"):
                check(service.request(method, "/api/config", body).status in (404, 405), f"{method} with {body}")
        equal((service.state / "config.json").read_bytes(), before, "the file")


@test()
def s6_the_key_is_asked_before_the_body_is_read():
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=KEY)) as service:
        for path in ("/v1/messages", "/v1/messages/count_tokens", "/v1/chat/completions", "/nowhere"):
            with raw.Connection(service.port, timeout=3) as connection:
                connection.send(raw.encode("POST", path, None, {"content-length": "50000000", "content-type": "application/json"}))
                equal(connection.read_answer().status, 401, f"{path}, not a byte of whose body was sent")


@test()
def s7_any_key_matches_in_either_header():
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=123456789)) as service:
        for headers in ({"x-api-key": "123456789"}, {"authorization": "Bearer 123456789"},
                        {"authorization": "Bearer other", "x-api-key": "123456789"}):
            equal(service.ask(headers=headers).status, 200, f"status with {headers}")
        for headers in ({"authorization": "Bearer123456789"}, {"x-api-key": "12345678"}, {"x-api-key": "0123456789"}):
            equal(service.ask(headers=headers).status, 401, f"status with {headers}")


@test()
def s8_refusals_are_errors_that_sdks_read():
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=KEY)) as service:
        equal(error_of(service.ask())["type"], "authentication_error", "type of a 401")
        equal(error_of(service.ask(headers={"x-api-key": KEY, **EVIL}))["type"], "permission_error", "type of a 403")


@test()
def s9_other_origins_get_no_permission_at_all():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = service.request(method, "/v1/messages", None, {**EVIL, "access-control-request-method": "POST"})
            equal(answer.status, 403, method)
            check(not [name for name in answer.headers if name.startswith("access-control-")], f"{answer.headers}")


@test()
def s10_providers_are_nobodys_to_list_or_change():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        nothing_served(service, [place for place in MANAGEMENT if "providers" in place[1]])
        equal(service.ask().text, "pong", "the answer afterwards")


@test()
def s11_a_client_that_leaves_ends_the_upstream_call():
    with Upstream(lambda seen: Turn(text="never", before=60)) as upstream, Service(providers_of(upstream)) as service:
        with raw.Connection(service.port) as connection:
            connection.send(raw.encode("POST", "/v1/messages", raw.question()))
            until(lambda: upstream.seen, "the call upstream")
        until(lambda: upstream.seen[0].closed_at, "its end", 5)


@test()
def s12_every_path_that_is_served_is_routed():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        chat = {"model": "claude-x", "messages": [{"role": "user", "content": "ping"}]}
        for path, body in (("/v1/chat/completions", chat), ("/v1/responses", {"model": "gpt-5", "input": "ping"}),
                           ("/v1beta/models/gemini-x:generateContent", {"contents": [{"role": "user", "parts": [{"text": "ping"}]}]})):
            answer = service.request("POST", path, body)
            equal(answer.status, 200, f"{path}: {answer.body[:200]}")
            check(b"pong" in answer.body, f"{path}: {answer.body[:200]}")


@test()
def s13_no_level_of_the_log_has_keys_or_prompts():
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=KEY, LOG_LEVEL="trace")) as service:
        equal(service.ask("a prompt nobody logs", headers={"authorization": f"Bearer {KEY}"}).text, "pong", "the answer")
        until(lambda: '"settled"' in service.log_text(), "the line about the outcome")
        for word in (KEY, PROVIDER_KEY, "a prompt nobody logs", "pong"):
            check(word not in service.log_text() + service.output_text(), f"{word} is in the log")


@test()
def s14_nothing_is_updated_or_restarted_from_outside():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        nothing_served(service, [("POST", path) for path in ("/api/update/perform", "/api/restart", "/stop", "/handover", "/reload")])
        check(service.alive(), "it ended")


@test()
def f2_s15_the_configuration_does_not_reach_the_environment():
    with Upstream() as upstream, Service(providers_of(upstream, HOST="127.0.0.1", MY_SECRET="in-the-file-only")) as service:
        environment = pathlib.Path(f"/proc/{service.process.pid}/environ").read_bytes()
        for word in (b"in-the-file-only", b"[object Object]", PROVIDER_KEY.encode()):
            check(word not in environment, f"{word} is in the environment")


@test()
def s16_tokens_are_counted_wherever_messages_are_answered():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        for path in ("/v1/messages", "/messages"):
            equal(service.request("POST", path, raw.question()).status, 200, path)
            check(service.request("POST", f"{path}/count_tokens", raw.question()).json["input_tokens"] > 0, f"{path}/count_tokens")


@test()
def s17_a_refused_request_leaves_nothing_behind():
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=KEY)) as service:
        descriptors = pathlib.Path(f"/proc/{service.process.pid}/fd")

        def refuse(times):
            for _ in range(times):
                equal(service.ask().status, 401, "the status")

        refuse(50)
        open_before, memory_before = len(list(descriptors.iterdir())), service.memory_kb()
        refuse(300)
        until(lambda: len(list(descriptors.iterdir())) <= open_before, "the end of the connections")
        grown = service.memory_kb() - memory_before
        check(grown < 3000, f"{grown} KB more after 300 refusals")
        return f"{grown} KB more after 300"


@test()
def s18_the_type_of_an_error_is_that_of_its_status():
    kinds = {400: "invalid_request_error", 429: "rate_limit_error", 529: "overloaded_error", 500: "api_error"}
    told = {"now": 400}
    with Upstream(lambda seen: Turn(status=told["now"], message="no")) as upstream, \
            Service(providers_of(upstream, retry={"max": 0})) as service:
        for status, kind in kinds.items():
            told["now"] = status
            equal(error_of(service.ask())["type"], kind, f"type of a {status}")
        equal(error_of(service.request("POST", "/v1/messages", {**raw.question(), "model": "nobody"}))["type"],
              "not_found_error", "type of an unknown model")


@test()
def s19_when_to_come_back_and_the_request_id_are_passed_on():
    limited = Turn(status=429, message="slowly", headers={"retry-after": "77"})
    with Upstream(lambda seen: limited) as upstream, Service(providers_of(upstream, "messages", retry={"max": 0})) as service:
        answer = service.ask()
        equal((answer.status, answer.headers.get("retry-after")), (429, "77"), "status and retry-after")
        check(answer.headers.get("request-id"), "no request-id")


@test()
def s20_only_what_is_meant_for_the_provider_reaches_it():
    private = {"cookie": "session=private-cookie", "traceparent": "00-private", "x-forwarded-for": "203.0.113.9",
               "accept-encoding": "zstd", "referer": "http://private.example/"}
    body = json.dumps(raw.question()).encode()
    for wire in ("chat", "messages"):
        with Upstream() as upstream, Service(providers_of(upstream, wire, APIKEY=KEY)) as service:
            with raw.Connection(service.port) as connection:
                connection.send(raw.encode("POST", "/v1/messages", None, {
                    **private, "x-api-key": KEY, "content-type": "application/json", "transfer-encoding": "chunked",
                    "expect": "100-continue"}))
                equal(connection.read_head().status, 100, "the answer to Expect")
                connection.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
                equal(connection.read_answer().text, "pong", f"{wire}: the answer")
            headers = upstream.seen[0].headers
            for name in private:
                check(private[name] != headers.get(name), f"{wire}: {name} went upstream")
            equal("transfer-encoding" in headers or "expect" in headers, False, f"{wire}: hop-by-hop headers went upstream")
            credentials = [name for name in ("authorization", "x-api-key", "api-key") if name in headers]
            equal(len(credentials), 1, f"{wire}: credentials {credentials}")
            check(KEY not in str(headers), f"{wire}: our key went upstream")


@test()
def s21_no_file_is_served():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        nothing_served(service, [("GET", path) for path in ("/ui/", "/ui/index.html", "/index.html", "/package.json", "/favicon.ico",
                                                            "/dist/cli.js", "/ui/../config.json")])


@test()
def s22_no_router_is_no_500():
    with Upstream() as upstream:
        config = providers_of(upstream)
        del config["Router"]
        with Service(config) as service:
            picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}
            for content in ("ping", [picture, {"type": "text", "text": "ping"}]):
                body = {**raw.question(), "messages": [{"role": "user", "content": content}]}
                status = service.request("POST", "/v1/messages", {**body, "model": "e2e,big-model"}).status
                equal(status, 200, "the status with a model named")
                check(service.request("POST", "/v1/messages", body).status < 500, "a 500 without a Router")


@test()
def s23_what_the_file_system_refuses_is_in_the_log():
    with Upstream() as upstream, Service(providers_of(upstream, REWRITE_SYSTEM_PROMPT="/nowhere/prompt.md")) as service:
        equal(service.ask(system=[{"type": "text", "text": "one"}, {"type": "text", "text": "# Environment\nx"}]).text, "pong",
              "the answer")
        until(lambda: "/nowhere/prompt.md" in service.log_text(), "the file's name in the log")


@test()
def s25_one_port_everywhere():
    with Upstream() as upstream:
        port = free_port()
        with Service(providers_of(upstream, PORT=free_port()), {"SERVICE_PORT": str(port)}, ()) as service:
            equal(service.port, port, "the port listened on")
            equal(json.loads(service.run("status", "--json").stdout)["port"], port, "the port of status")
            check(f":{port}" in service.run("activate").stdout, "the port of activate")
            equal(service.ask(headers={"origin": f"http://127.0.0.1:{port}"}).text, "pong", "a page of its own origin")


@test()
def s26_a_failed_bind_leaves_no_trace():
    with Upstream() as upstream, Home(providers_of(upstream)) as home, socket.create_server(("127.0.0.1", 0)) as holder:
        run = home.run("start", "--port", str(holder.getsockname()[1]))
        equal(run.returncode, 1, "exit code")
        check(not (home.state / ".claude-code-router.pid").exists(), "the pid file is left over")
        check(not [p for p in home.state.rglob("*.sock")], "a socket is left over")
        free = free_port()
        equal(home.run("start", "--daemon", "--port", str(free)).stderr, "", "what the next start says")
        equal(home.run("stop", "--port", str(free)).returncode, 0, "exit code of stop")
