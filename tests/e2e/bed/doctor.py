"""What the tests of `ccr doctor` have in common: models that can do everything but one thing, and what is told of them."""

import json

from bed.marks import check, equal
from bed.service import free_port
from bed.turns import Turn

KEY = "sk-provider-e2e-0123456789"
CALLS = [("look_up_weather", {"city": "Paris"}), ("look_up_weather", {"city": "Rome"})]
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="}}


def able(seen):
    """A model that can do everything."""
    if seen.tools():
        return Turn(calls=CALLS)
    if seen.images():
        return Turn(text="Orange.")
    if "prime" in seen.user_text():
        return Turn(thinking="17 times 23", text="no")
    return Turn(text="ready")


def unable(what, turn):
    """A model that can do everything but one thing."""
    return lambda seen: turn if what(seen) else able(seen)


def config_of(upstream=None, wire="chat", **more):
    url = upstream.url(wire) if upstream else "http://127.0.0.1:9/v1/chat/completions"
    provider = {"name": "e2e", "api_base_url": url, "api_key": KEY, "models": ["big-model"]}
    return {"PORT": free_port(), "Providers": [provider], "Router": {"default": "e2e,big-model"}, **more}


def write(home, config):
    home.write_config(config)
    (home.state / "config.json").chmod(0o600)


def doctor(home, *arguments):
    done = home.run("doctor", "--json", *arguments, timeout=90)
    check(KEY not in done.stdout + done.stderr, "a key is shown")
    told = json.loads(done.stdout)
    equal(done.returncode, 1 if told["failures"] else 0, f"exit code of {told}")
    return told


def found(told, name):
    return [one for one in told["findings"] if one["check"] == name]


def check_finding(told, name, severity, place, what, remedy):
    ones = found(told, name)
    check(len(ones) == 1, f"{name} is told {len(ones)} times: {told['findings']}")
    one = ones[0]
    equal(one["severity"], severity, f"how bad {name} is")
    for member, words in (("place", place), ("what", what), ("remedy", remedy)):
        check(words in one[member], f"{words!r} in {member} of {one}")


def with_provider(config, **more):
    return config | {"Providers": [config["Providers"][0] | more]}


def no_figures(seen):
    text = b'data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"ready"},"finish_reason":null}]}\n\n' \
           b'data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    return Turn(raw=head + text) if seen.user_text().startswith("Answer with") else able(seen)


def capped(seen):
    if seen.json.get("max_tokens", 0) > 8192:
        return Turn(status=400, kind="invalid_request_error", message="Invalid max_tokens value, the valid range of max_tokens is [1, 8192]")
    return able(seen)


def blind(seen):
    if seen.images():
        return Turn(status=400, kind="invalid_request_error", message="This model does not support image input")
    return able(seen)


def refuses_length_without_a_bound(seen):
    if seen.json.get("max_tokens", 0) > 20000:
        return Turn(status=400, kind="invalid_request_error", message="max_tokens and your balance do not go together")
    return able(seen)


def once(turn, is_meant=lambda seen: True):
    """A model that fails one time only."""
    failed = []

    def script(seen):
        if not failed and is_meant(seen):
            failed.append(seen)
            return turn
        return able(seen)

    return script
