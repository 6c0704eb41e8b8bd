"""Presets of the user's: namespaces of the service."""

import json
import shutil

from bed import raw
from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Service, providers_of
from bed.upstream import Upstream

KEY = "sk-of-the-shop-0123456789"


def manifest(upstream, **more):
    """A preset with a provider of its own, whose model is an answer."""
    return {
        "name": "Another name", "version": "1.2.0", "description": "For the shop",
        "schema": [{"id": "key", "type": "password", "label": "Key"},
                   {"id": "model", "type": "select", "options": ["shop-big", "shop-small"], "defaultValue": "shop-big"}],
        "Providers": [{"name": "shop", "api_base_url": upstream.url("chat"), "api_key": "#{key}",
                       "models": ["shop-big", "shop-small"]}],
        "Router": {"default": "shop,#{model}"}, **more}


def write(home, name, content):
    folder = home.state / "presets" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def ask(service, path, headers=None):
    return service.request("POST", path, raw.question(), headers)


def model_of(service, upstream, path):
    answer = ask(service, path)
    equal(answer.status, 200, f"status of {path}: {answer.body[:300]!r}")
    return upstream.seen[-1].json["model"]


@test()
def x7_x8_namespaces_are_served_under_the_directorys_name_as_soon_as_it_is_there():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        equal(ask(service, "/preset/shop/v1/messages").status, 404, "before it is installed")
        write(service, "shop", manifest(upstream, userValues={"key": KEY}))
        equal(model_of(service, upstream, "/preset/shop/v1/messages"), "shop-big", "the preset's model")
        equal(upstream.seen[-1].headers.get("authorization"), f"Bearer {KEY}", "the preset's key")
        equal(model_of(service, upstream, "/v1/messages"), "big-model", "without the preset")
        equal(ask(service, "/preset/Another%20name/v1/messages").status, 404, "the manifest's name")
        write(service, "shop", manifest(upstream, userValues={"key": KEY, "model": "shop-small"}))
        until(lambda: model_of(service, upstream, "/preset/shop/v1/messages") == "shop-small", "the changed answer")
        shutil.rmtree(service.state / "presets/shop")
        until(lambda: ask(service, "/preset/shop/v1/messages").status == 404, "the deleted preset")
        check(KEY not in service.log_text(), "the preset's key is in a log")


@test()
def s16_tokens_are_counted_and_models_listed_in_a_namespace():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        write(service, "shop", manifest(upstream, userValues={"key": KEY}))
        counted = ask(service, "/preset/shop/v1/messages/count_tokens")
        equal(counted.status, 200, "status of the count")
        check(json.loads(counted.body)["input_tokens"] > 0, "no tokens")
        listed = service.request("GET", "/preset/shop/v1/models")
        check("shop,shop-small" in listed.body.decode() and "e2e,big-model" not in listed.body.decode(), "the preset's models")
        equal(service.request("GET", "/preset/shop/health").status, 200, "health")


@test()
def r13_r16_fallbacks_and_proxies_hold_in_a_namespace():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        dead = {"name": "dead", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "api_key": "k", "models": ["m"]}
        write(service, "shop", {**manifest(upstream, userValues={"key": KEY}), "fallback": {"default": ["shop,shop-small"]},
                                "Providers": [dead, *manifest(upstream)["Providers"]], "Router": {"default": "dead,m"}})
        equal(model_of(service, upstream, "/preset/shop/v1/messages"), "shop-small", "the fallback")


@test()
def a_preset_needs_the_services_key_and_a_name_leads_nowhere_else():
    with Upstream() as upstream, Service(providers_of(upstream, APIKEY="key-of-the-service")) as service:
        write(service, "shop", manifest(upstream, userValues={"key": KEY}))
        equal(ask(service, "/preset/shop/v1/messages").status, 401, "without the key")
        equal(ask(service, "/preset/nothing/v1/messages").status, 401, "of a preset that is not there")
        key = {"x-api-key": "key-of-the-service"}
        equal(ask(service, "/preset/shop/v1/messages", headers=key).status, 200, "with the key")
        (service.state / "outside").mkdir()
        (service.state / "outside/manifest.json").write_text("{}", encoding="utf-8")
        for name in ("..%2Foutside", "..", "%2e%2e%2foutside", "shop%00"):
            check(ask(service, f"/preset/{name}/v1/messages", headers=key).status in (400, 404), f"/preset/{name}")
