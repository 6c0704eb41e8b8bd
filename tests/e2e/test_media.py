"""Images and documents by URL for providers that take none: loaded behind a guard, or a note in their place."""

import base64
import json

from bed.clouds import AWS, Clouds, bedrock
from bed.files import PDF, PNG, Files
from bed.marks import check, each, equal, test
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream
from bed.wires import WIRES

PICTURE = base64.b64encode(PNG).decode()


def image(url):
    return {"type": "image", "source": {"type": "url", "url": url}}


def document(url):
    return {"type": "document", "source": {"type": "url", "url": url}}


def ask(service, *blocks, **more):
    content = [{"type": "text", "text": "What is it?"}, *blocks]
    answer = service.request("POST", "/v1/messages", {"model": "claude-sonnet-4-5", "max_tokens": 99, "stream": True, **more,
                                                      "messages": [{"role": "user", "content": content}]})
    equal((answer.status, answer.text), (200, "pong"), f"the answer {answer.body[:300]}")


def config_of(upstream, wire="chat", **media_fetch):
    config = providers_of(upstream, wire, media_fetch=media_fetch)
    config["Providers"][0]["traits"] = {"media_urls": False}
    return config


def what_came(blocks, **media_fetch):
    """The body that the provider got, the paths that were asked for, and the service's log."""
    with Files() as files, Upstream() as upstream, Service(config_of(upstream, **media_fetch)) as service:
        ask(service, *blocks(files))
        return upstream.seen[-1].body.decode(), files.asked, service.log_text()


@test()
def a_private_address_is_refused_unless_the_configuration_allows_it():
    body, asked, log = what_came(lambda files: [image(files.url("a.png?key=s3cr3t"))])
    equal(asked, [], "what was asked of a loopback server")
    check("which could not be loaded" in body and PICTURE not in body, body)
    check("media not loaded" in log and "not loaded for this provider" in log, log[-2000:])
    check("s3cr3t" not in log, "the query was logged")


@test()
def no_name_or_spelling_of_this_machine_gets_by():
    with Files() as files, Upstream() as upstream, Service(config_of(upstream)) as service:
        port = files.server_port

        def trial(host):
            ask(service, image(f"http://{host}:{port}/a.png"))
            check("could not be loaded" in upstream.seen[-1].body.decode(), upstream.seen[-1].body)
        each(["localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
              "[::ffff:7f00:1]", "169.254.169.254", "127.0.0.1.", "u:p@127.0.0.1"], trial)
        equal(files.asked, [], "what was asked of the loopback server")


@test(limit=60)
def every_wire_gets_the_data_once_loaded():
    with Files() as files:
        def trial(wire):
            with Upstream() as upstream, Service(config_of(upstream, wire, allowed_hosts=[files.host])) as service:
                before = len(files.asked)
                for _ in range(2):
                    ask(service, image(files.url("a.png")))
                    check(PICTURE in upstream.seen[-1].body.decode(), upstream.seen[-1].body[-400:])
                equal(len(files.asked) - before, 1, "how often it was loaded for two turns")
        each(WIRES, trial)


@test()
def chat_gets_documents_as_data():
    with Files() as files, Upstream() as upstream:
        config = providers_of(upstream, "chat", media_fetch={"allowed_hosts": ["127.0.0.1"]})
        with Service(config) as service:
            ask(service, document(files.url("b.pdf")), image("https://example.com/left-to-the-provider.png"))
            parts = upstream.seen[-1].json["messages"][-1]["content"]
    data = next(part["file"]["file_data"] for part in parts if part["type"] == "file")
    equal(data, "data:application/pdf;base64," + base64.b64encode(PDF).decode(), "the document")
    check(any(part.get("image_url", {}).get("url", "").startswith("https://example") for part in parts), parts)


@test()
def redirects_are_checked_too():
    with Files() as far, Files() as files:
        def trial(leads_to, wanted):
            files.leads_to = leads_to
            with Upstream() as upstream, Service(config_of(upstream, allowed_hosts=[files.host])) as service:
                ask(service, image(files.url("to/elsewhere")))
                check(wanted in upstream.seen[-1].body.decode(), upstream.seen[-1].body[-400:])
        trial("/a.png", PICTURE)
        trial(far.url("a.png"), "could not be loaded")
        trial("file:///etc/hostname", "no http or https URL")
        trial("/to/again", "redirected too often")
        equal(far.asked, [], "what was asked of the host that is not allowed")


@test(limit=60)
def what_is_no_image_is_not_passed_on():
    allowed = {"allowed_hosts": ["127.0.0.1"], "max_mb": 0.1, "timeout_ms": 400}

    def trial(name):
        body, asked, _ = what_came(lambda files: [image(files.url(name))], **allowed)
        equal(len(asked), 1, "requests")
        check("could not be loaded" in body and "fake" not in body, body[-400:])
    each(["page.png", "secret.png", "large.png", "missing.png", "slow.png"], trial)


@test()
def switched_off_the_url_goes_to_the_provider():
    with Files() as files, Upstream() as upstream:
        config = {**config_of(upstream), "media_fetch": False}
        with Service(config) as service:
            ask(service, image(files.url("a.png")))
            check(files.url("a.png") in upstream.seen[-1].body.decode(), upstream.seen[-1].body[-400:])
            equal(files.asked, [], "what was asked")


@test()
def a_client_that_leaves_ends_the_loading():
    with Files() as files, Upstream() as upstream:
        with Service(config_of(upstream, allowed_hosts=["127.0.0.1"])) as service:
            ask(service, image(files.url("slow.png")))
            check(PICTURE in upstream.seen[-1].body.decode(), "a slow file is waited for")


@test()
def claude_on_bedrock_gets_base64_and_keeps_its_betas():
    with Files() as files, Upstream(lambda seen: Turn(text="pong")) as upstream, Clouds(upstream) as clouds:
        config = {**bedrock(clouds, **AWS), "media_fetch": {"allowed_hosts": ["127.0.0.1"]}}
        with Service(config) as service:
            answer = service.request("POST", "/v1/messages", {
                "model": "claude-sonnet-4-5", "max_tokens": 99,
                "messages": [{"role": "user", "content": [image(files.url("a.png"))]}]},
                {"anthropic-beta": "effort-2025-11-24"})
            equal(answer.status, 200, answer.body[:300])
            sent = json.loads(clouds.seen("/model/")[-1]["body"])
    equal(sent["messages"][0]["content"][0]["source"],
          {"type": "base64", "media_type": "image/png", "data": PICTURE}, "the image")
    equal(sent.get("anthropic_beta"), ["effort-2025-11-24"], "betas")
