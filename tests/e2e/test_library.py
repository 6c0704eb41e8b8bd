"""libcurl: loaded where a provider is asked with it, and told of where it cannot be."""

import contextlib
import pathlib

from bed.doctor import check_finding, config_of, doctor, write
from bed.marks import check, equal, test, until
from bed.service import Home, Service, free_port, providers_of
from bed.upstream import Upstream


def provider(name, url):
    return {"name": name, "api_base_url": url, "api_key": "sk-library-e2e-0123456789", "models": ["m"]}


def over_https():
    return f"https://127.0.0.1:{free_port()}/v1/chat/completions"


def has_loaded_it(service):
    return "/libcurl" in pathlib.Path(f"/proc/{service.process.pid}/maps").read_text(encoding="utf-8")


def told(service):
    return service.log_text() + service.output_text()


def without_it(home):
    """Variables with which the loader finds a file of that name that is no library."""
    folder = home / "no-library"
    folder.mkdir()
    (folder / "libcurl.so.4").write_text("no library\n" * 1000, encoding="ascii")
    return {"LD_LIBRARY_PATH": str(folder)}


@contextlib.contextmanager
def service_without_it(config):
    with Home() as other, Service(config, env=without_it(other.path)) as service:
        yield service


@test()
def a_service_of_plain_addresses_does_without():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        equal(service.ask().text, "pong", "the answer")
        check(not has_loaded_it(service), "it is loaded")
        service.write_config({"Providers": [provider("far", over_https())], "Router": {"default": "far,m"}})
        until(lambda: has_loaded_it(service), "loaded for a changed configuration")


@test()
def a_service_with_a_provider_over_https_has_it_before_the_first_request():
    with Service({"Providers": [provider("far", over_https())], "Router": {"default": "far,m"}}) as service:
        until(lambda: has_loaded_it(service), "loaded")


@test()
def without_it_only_plain_addresses_answer():
    with Upstream() as upstream:
        near = provider("near", upstream.chat_url)
        config = {"Providers": [provider("far", over_https()), near], "Router": {"default": "far,m"}}
        with service_without_it(config) as service:
            until(lambda: "libcurl.so.4 cannot be used" in told(service), "a line in the log")
            answer = service.ask()
            equal(answer.status, 502, "status")
            for part in ("libcurl.so.4", "invalid ELF header", "apt install libcurl4"):
                check(part in answer.json["error"]["message"], f"{part!r} is not in {answer.body!r}")
            equal(service.ask(model="near,m").text, "pong", "a plain address")
            service.write_config(config | {"fallback": {"default": ["near,m"]}})
            until(lambda: "is in force" in told(service), "the change in the log")
            equal(service.ask().text, "pong", "the fallback")


@test()
def the_doctor_tells_that_it_is_missing():
    with Home() as home:
        home.env |= without_it(home.path)
        write(home, config_of() | {"Providers": [provider("far", over_https())], "Router": {"default": "far,m"}})
        check_finding(doctor(home, "--offline"), "library-missing", "failure", "config.json", "libcurl.so.4 cannot be used",
                      "apt install libcurl4")
        near = provider("near", "http://127.0.0.1:9/v1/chat/completions")
        write(home, config_of() | {"Providers": [near], "Router": {"default": "near,m"}})
        names = [finding["check"] for finding in doctor(home, "--offline")["findings"]]
        check("library-missing" not in names, "it is missed where nothing needs it")
