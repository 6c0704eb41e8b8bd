"""Proxies: by PROXY_URL, by environment, http and socks5, and what goes around them."""

from bed.marks import check, equal, test
from bed.proxies import http_proxy, socks_proxy
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

# No resolver knows it: only a proxy can lead there.
FAR = "provider.invalid"


def far_config(upstream, **more):
    config = providers_of(upstream, **more)
    config["Providers"][0]["api_base_url"] = f"http://{FAR}:8080/v1/chat/completions"
    return config


def answers_through(proxy, config, env=None):
    with Service(config, env) as service:
        equal(service.ask().text, "pong", "the answer through the proxy")
        equal(service.ask(stream=True).text, "pong", "the streamed answer through the proxy")
        check(proxy.asked, "the proxy was not asked")
        check(all(FAR in target for _, target in proxy.asked), f"the proxy was asked for {proxy.asked}")
        return f"asked for {proxy.asked[0]}"


@test()
def http_by_configuration():
    with Upstream() as upstream, http_proxy(upstream) as proxy:
        return answers_through(proxy, far_config(upstream, PROXY_URL=f"http://127.0.0.1:{proxy.port}"))


@test()
def http_by_environment():
    with Upstream() as upstream, http_proxy(upstream) as proxy:
        return answers_through(proxy, far_config(upstream), {"http_proxy": f"http://127.0.0.1:{proxy.port}"})


@test()
def socks_by_configuration():
    """The name is resolved by the proxy: here nobody could."""
    with Upstream() as upstream, socks_proxy(upstream) as proxy:
        config = far_config(upstream, PROXY_URL=f"socks5h://127.0.0.1:{proxy.port}")
        return answers_through(proxy, config)


@test()
def socks5_leaves_the_name_to_the_proxy_where_it_must():
    """`socks5://` with an address goes to that address."""
    with Upstream() as upstream, socks_proxy(upstream) as proxy:
        config = providers_of(upstream, PROXY_URL=f"socks5://127.0.0.1:{proxy.port}")
        config["Providers"][0]["api_base_url"] = "http://192.0.2.7:8080/v1/chat/completions"
        with Service(config) as service:
            equal(service.ask().text, "pong", "the answer through the proxy")
            equal(proxy.asked, [("address", "192.0.2.7:8080")], "what the proxy was asked for")
    return "192.0.2.7 through socks5"


@test()
def one_providers_own():
    with Upstream() as upstream, http_proxy(upstream) as proxy:
        config = far_config(upstream)
        config["Providers"][0]["proxy"] = f"http://127.0.0.1:{proxy.port}"
        return answers_through(proxy, config)


@test()
def no_proxy_is_honoured():
    with Upstream() as upstream, http_proxy(upstream) as proxy:
        env = {"http_proxy": f"http://127.0.0.1:{proxy.port}", "no_proxy": f"example.com,{FAR}"}
        with Service(far_config(upstream), env) as service:
            answer = service.ask()
            equal(answer.status, 502, "status where neither a proxy nor a resolver leads there")
            check(FAR in answer.json["error"]["message"], f"the message does not name the host: {answer.json}")
        equal(proxy.asked, [], "what the proxy was asked for")
    return answer.json["error"]["message"][:90]


@test()
def loopback_goes_around_every_proxy():
    with Upstream() as upstream, http_proxy(upstream) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        env = {name: url for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY")}
        with Service(providers_of(upstream), env) as service:
            equal(service.ask().text, "pong", "the answer")
        equal(proxy.asked, [], "what the proxy was asked for")
    return "five variables set, none used"


@test()
def a_dead_proxy_is_named():
    with Upstream(lambda seen: Turn(text="pong")) as upstream:
        with Service(far_config(upstream, PROXY_URL="http://user:hidden-word@127.0.0.1:9")) as service:
            answer = service.ask()
            equal(answer.status, 502, "status")
            message = answer.json["error"]["message"]
            check("127.0.0.1:9" in message, f"the message does not name the proxy: {message}")
            check("hidden-word" not in answer.body.decode(), "the proxy's password is told")
            check("hidden-word" not in "".join(service.written().values()), "the proxy's password is in a log")
    return message[:90]
