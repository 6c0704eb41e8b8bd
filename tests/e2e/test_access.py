"""Who may call: addresses, keys, hosts and origins."""

import socket

from bed import raw
from bed.marks import check, equal, test
from bed.service import Service, providers_of
from bed.upstream import Upstream

KEY = "a-key-of-the-house-0123"


def own_addresses():
    """This machine's addresses that are not loopback; asking the routing table sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return [probe.getsockname()[0]]
        except OSError:
            return []


def reachable(host, port):
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


@test()
def without_a_key_only_loopback():
    with Upstream() as upstream, Service(providers_of(upstream, HOST="0.0.0.0")) as service:
        equal(service.ask().text, "pong", "the answer on loopback")
        for address in own_addresses():
            check(not reachable(address, service.port), f"{address}:{service.port} is open without a key")
        listening = [line.split()[1] for line in open("/proc/net/tcp", encoding="ascii").readlines()[1:]
                     if line.split()[3] == "0A"]
        hosts = [entry.split(":")[0] for entry in listening if int(entry.split(":")[1], 16) == service.port]
        equal(hosts, ["0100007F"], "addresses listened on")
        told = service.log_text() + service.output_text()
        check("APIKEY" in told and "0.0.0.0" in told, "the log does not say why")
    return f"only 127.0.0.1; {len(own_addresses())} other address tried"


@test()
def with_a_key_every_interface():
    with Upstream() as upstream, Service(providers_of(upstream, HOST="0.0.0.0", APIKEY=KEY)) as service:
        equal(service.ask(headers={"x-api-key": KEY}).text, "pong", "the answer on loopback")
        for address in own_addresses():
            with raw.Connection(service.port, host=address) as connection:
                headers = {"host": f"{address}:{service.port}", "x-api-key": KEY}
                answer = connection.request("POST", "/v1/messages", raw.question(), headers)
                equal(answer.text, "pong", f"the answer on {address}")
    return f"{1 + len(own_addresses())} addresses"


@test()
def keys():
    right = ({"x-api-key": KEY}, {"authorization": f"Bearer {KEY}"}, {"authorization": f"bearer {KEY}"},
             {"x-api-key": "other", "authorization": f"Bearer {KEY}"})
    wrong = ({}, {"x-api-key": ""}, {"x-api-key": KEY[:-1]}, {"x-api-key": KEY + "x"}, {"x-api-key": KEY.upper()},
             {"authorization": KEY}, {"authorization": f"Basic {KEY}"}, {"authorization": "Bearer "},
             {"authorization": "Bearer other"})
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=KEY)) as service:
        for headers in right:
            equal(service.ask(headers=headers).text, "pong", f"the answer with {headers}")
        for headers in wrong:
            for method, path in (("POST", "/v1/messages"), ("POST", "/v1/messages/count_tokens"), ("GET", "/v1/models"),
                                 ("GET", "/v1/unknown")):
                body = raw.question() if method == "POST" else None
                answer = service.request(method, path, body, headers)
                equal(answer.status, 401, f"status of {path} with {headers}")
                equal(answer.json["error"]["type"], "authentication_error", "type")
                check(KEY not in answer.body.decode(), "the key is told")
        for path in ("/health", "/", "/api/hello"):
            equal(service.request("GET", path).status, 200, f"status of {path} without a key")
            equal(service.request("HEAD", path).status, 200, f"status of HEAD {path}")
        equal(len(upstream.seen), len(right), "requests upstream")
        check(all(KEY not in str(s.headers) for s in upstream.seen), "our key was sent to the provider")
    return f"{len(right)} right, {len(wrong)} wrong on 4 paths"


@test()
def keys_where_geminis_clients_put_them():
    key = "a/key+of the house"
    encoded = "a%2Fkey%2Bof%20the%20house"
    with Upstream() as upstream, Service(providers_of(upstream, "messages", APIKEY=key)) as service:
        for path, headers in (("/v1/messages", {"x-goog-api-key": key}), (f"/v1/messages?key={encoded}&beta=true", {}),
                              (f"/messages?beta=true&key={encoded}", {})):
            equal(service.request("POST", path, raw.question(), headers).text, "pong", f"the answer at {path}")
        wrong = "guessed-secret-0123456789"
        equal(service.request("POST", f"/v1/messages?key={wrong}", raw.question()).status, 401, "status of a wrong key")
        equal(service.request("GET", f"/nowhere?key={encoded}").status, 404, "status of an unknown path")
        for seen in upstream.seen:
            check("house" not in f"{seen.path} {seen.headers}", f"our key was sent to the provider: {seen.path}")
        check(upstream.seen[1].path.endswith("?beta=true"), f"the rest of the query was lost: {upstream.seen[1].path}")
        told = "".join(service.written().values()) + service.output_text()
        for secret in (key, encoded, wrong):
            check(secret not in told, f"{secret} was written to a log")
    return "a header and two queries"


@test()
def refusals_in_the_callers_shape():
    """Born at the door, before the body is read, and inside the server: each client's SDK reads its own."""
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY=KEY)) as service:
        with_key = {"authorization": f"Bearer {KEY}"}
        for path, is_messages in (("/v1/messages", True), ("/v1/chat/completions", False), ("/chat/completions", False)):
            large = {**with_key, "content-length": "9999999999"}
            for status, headers in ((401, {}), (403, {**with_key, "host": "evil.example"}), (413, large),
                                    (400, {**with_key, "transfer-encoding": "gzip"}), (400, with_key)):
                body = service.request("POST", path, b"no JSON" if headers is with_key else b"", headers).json
                equal(body.get("type"), "error" if is_messages else None, f"type of {status} at {path}")
                error = body["error"]
                check(error["message"], f"no message: {body}")
                equal("code" in error and "param" in error, not is_messages, f"OpenAI's members in {error}")
    return "5 refusals on 3 paths"


@test()
def hosts():
    with Upstream() as upstream, Service(providers_of(upstream, ALLOWED_HOSTS=["ccr.example"])) as service:
        port = service.port
        for host in ("127.0.0.1", f"127.0.0.1:{port}", f"localhost:{port}", "LOCALHOST", f"[::1]:{port}", "localhost.",
                     "ccr.example", f"CCR.example:{port}", socket.gethostname()):
            equal(service.ask(headers={"host": host}).status, 200, f"status with Host {host}")
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil.example",
                     "xlocalhost", "ccr.example.evil", ""):
            for method, path in (("POST", "/v1/messages"), ("GET", "/health"), ("GET", "/"), ("GET", "/nowhere")):
                body = raw.question() if method == "POST" else None
                answer = service.request(method, path, body, {"host": host})
                check(answer.status in (400, 403), f"status {answer.status} of {path} with Host {host!r}")
                if answer.status == 403:
                    check("ALLOWED_HOSTS" in answer.json["error"]["message"], f"the key is not named: {answer.json}")
    return "9 names pass, 7 are refused on 4 paths"


@test()
def origins():
    with Upstream() as upstream, Service(providers_of(upstream, ALLOWED_ORIGINS=["https://app.example"])) as service:
        port = service.port
        for origin in (None, f"http://127.0.0.1:{port}", f"http://localhost:{port}", "https://app.example"):
            equal(service.ask(headers={"origin": origin}).status, 200, f"status with Origin {origin}")
        for origin in ("https://evil.example", "null", "http://localhost:1", f"http://localhost.evil.example:{port}",
                       "https://app.example.evil", "http://app.example", "file://", ""):
            for method, path in (("POST", "/v1/messages"), ("GET", "/v1/models"), ("GET", "/health")):
                answer = service.request(method, path, raw.question() if method == "POST" else None,
                                         {"origin": origin})
                equal(answer.status, 403, f"status of {path} with Origin {origin!r}")
                check("ALLOWED_ORIGINS" in answer.json["error"]["message"], f"the key is not named: {answer.json}")
        answer = service.ask(headers={"sec-fetch-site": "cross-site"})
        equal(answer.status, 403, "status of a foreign page's request without an Origin")
    return "4 origins pass, 8 are refused on 3 paths"


@test()
def models_for_both_kinds_of_readers():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        plain = service.request("GET", "/v1/models").json
        equal([model["id"] for model in plain["data"]], ["e2e,big-model", "e2e,small-model"], "ids for OpenAI's readers")
        body = service.request("GET", "/v1/models", headers={"anthropic-version": "2023-06-01"}).json
        ids = [model["id"] for model in body["data"]]
        equal(ids, ["anthropic:e2e,big-model", "anthropic:e2e,small-model"], "ids")
        equal([m["display_name"] for m in body["data"]], ["e2e,big-model", "e2e,small-model"], "names")
        check(body["object"] == "list" and body["has_more"] is False, f"the frame: {body}")
        for model in ("anthropic:e2e,small-model", "e2e,small-model", "E2E,small-model", "small-model"):
            service.request("POST", "/v1/messages", raw.question() | {"model": model})
            equal(upstream.seen[-1].json["model"], "small-model", f"the model upstream for {model}")
        for model in ("claude-sonnet-4-5", "claude-of-the-future-9"):
            service.request("POST", "/v1/messages", raw.question() | {"model": model})
            equal(upstream.seen[-1].json["model"], "big-model", f"the model upstream for {model}")
    return f"{len(ids)} listed; 6 names routed"
