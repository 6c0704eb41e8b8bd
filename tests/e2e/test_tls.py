"""TLS: a listener with a certificate, and clients that must show theirs."""

import json
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from bed import raw
from bed.certificates import Authority
from bed.claude import Client
from bed.marks import check, equal, test, until
from bed.service import Home, Service, free_port, providers_of
from bed.turns import Turn
from bed.upstream import Upstream


class OverTls(raw.Connection):
    def __init__(self, port, trust, certificate=None, server_name="localhost", timeout=10):
        context = ssl.create_default_context(cafile=str(trust))
        context.set_alpn_protocols(["http/1.1"])
        if certificate:
            context.load_cert_chain(*map(str, certificate))
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket = context.wrap_socket(plain, server_hostname=server_name)
        self.buffer = b""


class Place:
    """Certificates, and the settings that use them."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="ccr-tls-")
        self.path = pathlib.Path(self.directory.name)
        self.house = Authority(self.path)
        self.certificate, self.key = self.house.sign("server")
        self.port = free_port()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.directory.cleanup()

    def settings(self, **more):
        return {"host": "127.0.0.1", "port": self.port, "cert": str(self.certificate), "key": str(self.key), **more}

    def connect(self, **more):
        return OverTls(self.port, self.house.certificate, **more)


def ask(connection, **more):
    return connection.request("POST", "/v1/messages", raw.question(**more))


def long_answer(seen):
    return Turn(kilobytes=300) if "long" in seen.user_text() else Turn(text="pong")


@test()
def a_listener_speaks_tls_beside_the_plain_one():
    with Place() as place, Upstream(long_answer) as upstream:
        with Service(providers_of(upstream, TLS=place.settings())) as service:
            with place.connect() as connection:
                equal(connection.socket.selected_alpn_protocol(), "http/1.1", "the protocol by ALPN")
                equal(connection.request("GET", "/health").status, 200, "health")
                equal(ask(connection).text, "pong", "a whole answer")
                equal(ask(connection, stream=True).text, "pong", "a streamed answer")
                large = ask(connection, text="a " * 300_000 + "long", stream=True)
                check(len(large.text) > 250_000, f"a long answer has {len(large.text)} characters")
                named = connection.request("POST", "/v1/messages", raw.question(), {"host": f"house.test:{place.port}"})
                equal(named.status, 200, "by a name of the certificate's")
            equal(service.ask().text, "pong", "the plain listener")
            plain = raw.request(place.port, "GET", "/health")
            equal(plain.status, 400, "plain HTTP at the TLS port")
            check("https://" in plain.json["error"]["message"], f"the refusal says {plain.body!r}")
            old = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{place.port}", "-tls1_1", "-cipher",
                                  "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
            check(b"protocol version" in old.stderr, f"TLS 1.1 was not refused: {old.stderr[-300:]}")
            status = json.loads(service.run("status", "--json", "--port", str(service.port)).stdout)
            equal(status["tls"], f"127.0.0.1:{place.port}", "the status")


def is_refused(place, certificate):
    """TLS 1.3 tells a client so when it reads (RFC 8446 section 4.4.2.4)."""
    try:
        with place.connect(certificate=certificate) as connection:
            connection.request("GET", "/health")
    except (ssl.SSLError, ConnectionError, EOFError) as error:
        return "certificate" in str(error).lower() or "unknown ca" in str(error).lower()
    return False


@test()
def a_client_without_a_certificate_of_the_house_is_refused():
    with Place() as place, Upstream() as upstream:
        settings = place.settings(client_ca=str(place.house.certificate))
        with Service(providers_of(upstream, TLS=settings)) as service:
            check(is_refused(place, None), "no certificate is enough")
            check(is_refused(place, Authority(place.path, "stranger").sign("stranger")), "a stranger's is enough")
            with place.connect(certificate=place.house.sign("client")) as connection:
                equal(ask(connection, stream=True).text, "pong", "with a certificate")
            equal(len(upstream.seen), 1, "requests that came through")
            lines = [line for line in service.log_text().splitlines() if "handshake" in line]
            check(any("did not return a certificate" in line for line in lines), f"the log says {lines}")


def finding(place, **more):
    config = {"Providers": [], "PORT": free_port(), "TLS": place.settings(**more)}
    with Service(config) as service:
        status = json.loads(service.run("status", "--json", "--port", str(service.port)).stdout)
        found = [f for f in status["findings"] if f["code"] in ("tls", "host-needs-key")]
        return status["tls"], " ".join(f"{f['line']}: {f['message']}" for f in found)


@test(limit=60)
def certificates_that_cannot_be_used_are_told_with_place_and_next_step():
    with Place() as place:
        other = place.house.sign("other")
        text = place.path / "text"
        text.write_text("no certificate\n")
        locked = place.path / "locked.key"
        subprocess.run(["openssl", "pkey", "-in", place.key, "-aes128", "-passout", "pass:x", "-out", locked], check=True)
        old, old_key = place.house.sign("old", days=-1)
        soon, soon_key = place.house.sign("soon", days=3)
        wrong = {
            "cannot be read: No such file": {"cert": "/nowhere/cert.pem"},
            "holds no certificate": {"cert": str(text)},
            "holds no private key": {"key": str(text)},
            "is not that of the certificate": {"key": str(other[1])},
            "openssl pkey -in": {"key": str(locked)},
            "TLS.client_ca: ": {"client_ca": str(text)},
            "has expired; renew it": {"cert": str(old), "key": str(old_key)},
            "should be an absolute path": {"cert": "cert.pem"},
            "TLS has no key": {"key": ""},
        }
        for words, settings in wrong.items():
            listens, told = finding(place, **settings)
            check(words in told and not listens, f"of {settings}: {told!r}, listening at {listens!r}")
            check(told[0].isdigit() and not told.startswith("0:"), f"no place: {told}")
        listens, told = finding(place, cert=str(soon), key=str(soon_key))
        check(listens and re.search("expires in [23] days", told), f"of one that ends soon: {told!r}")  # 3 in its first second
        listens, told = finding(place, host="0.0.0.0")
        check(listens.startswith("127.0.0.1:") and "TLS.client_ca" in told, f"unguarded: {told!r} at {listens}")


def reload_tells_the_truth(place, service, upstream):
    """A configuration that is read while the files are damaged changes nothing about the listener, and says so."""
    service.write_config(providers_of(upstream, TLS=place.settings(), LOG_LEVEL="debug"))

    def findings():
        return json.loads(service.run("status", "--json", "--port", str(service.port)).stdout)

    def is_told():
        return any("TLS is listened on with what was read before" in found["message"] for found in findings()["findings"])

    until(is_told, "the finding of the damaged file")
    status = findings()
    check("TLS" not in json.dumps(status.get("needs_restart", [])), f"TLS does not wait for a restart: {status}")
    check(status["tls"], "TLS is listened on")
    with place.connect() as fresh:
        equal(ask(fresh).text, "pong", "after the reload")


@test(limit=60)
def a_renewed_certificate_is_taken_up():
    with Place() as place, Upstream() as upstream, Service(providers_of(upstream, TLS=place.settings())) as service:
        with place.connect() as kept:
            before = kept.socket.getpeercert()["serialNumber"]
            renewed, key = place.house.sign("renewed")
            key.rename(place.key)
            renewed.rename(place.certificate)
            time.sleep(1.1)
            with place.connect() as fresh:
                check(fresh.socket.getpeercert()["serialNumber"] != before, "the old certificate is still shown")
            place.certificate.write_text("damaged")
            time.sleep(1.1)
            with place.connect() as fresh:
                equal(ask(fresh).text, "pong", "with damaged files")
            equal(ask(kept).text, "pong", "the connection from before")
            reload_tells_the_truth(place, service, upstream)
        check("the old ones stay in force" in service.log_text(), "nothing is said of the damaged file")


@test(limit=60)
def restart_and_stop_cut_no_answer_over_tls():
    with Place() as place, Home() as home:
        def slow(seen):
            return Turn(text="slowly " * 40, pause=0.05) if "slow" in seen.user_text() else Turn(text="pong")

        with Upstream(slow) as upstream:
            home.write_config(providers_of(upstream, PORT=free_port(), TLS=place.settings()))
            equal(home.run("start", "--daemon").returncode, 0, "exit code of start")
            answers = []

            def stream():
                with place.connect() as connection:
                    answers.append(ask(connection, text="slow", stream=True).text)

            for command in ("restart", "stop"):
                running = threading.Thread(target=stream)
                running.start()
                time.sleep(0.5)
                equal(home.run(command).returncode, 0, f"exit code of {command}")
                running.join()
                if command == "restart":
                    with place.connect() as connection:
                        equal(ask(connection).text, "pong", "the new process")
            equal(answers, ["slowly " * 40] * 2, "the answers under way")


@test(limit=90)
def the_client_comes_over_tls_with_its_certificate():
    with Place() as place, Upstream() as upstream:
        settings = place.settings(client_ca=str(place.house.certificate))
        certificate, key = place.house.sign("client")
        with Service(providers_of(upstream, TLS=settings)) as service:
            env = {"HOME": str(service.path), "ANTHROPIC_BASE_URL": f"https://127.0.0.1:{place.port}", "ANTHROPIC_API_KEY": "any",
                   "NODE_EXTRA_CA_CERTS": str(place.house.certificate), "CLAUDE_CODE_CLIENT_CERT": str(certificate),
                   "CLAUDE_CODE_CLIENT_KEY": str(key)}
            equal(Client("ping", env).start().finish().result, "pong", "what the client says")


@test()
def slow_handshakes_hold_nobody_up():
    with Place() as place, Upstream() as upstream, Service(providers_of(upstream, TLS=place.settings())):
        silent = [socket.create_connection(("127.0.0.1", place.port)) for _ in range(50)]
        silent[0].sendall(b"\x16\x03\x01")
        began = time.monotonic()
        with place.connect() as connection:
            equal(ask(connection).text, "pong", "the answer")
        check(time.monotonic() - began < 3, "others had to wait")
        for one in silent:
            one.close()
