"""How much is taken on at once, and how the rest is turned away."""

import contextlib
import concurrent.futures
import time

from bed import raw
from bed.marks import check, equal, test, until
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

SLOW = Turn(text="slowly", before=0.6)
STUCK = Turn(text="very slowly", before=1.8)


def ask_many(service, count, headers=None):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: service.ask(headers=headers), range(count)))


def refused(answer, status, kind):
    equal(answer.status, status, "the status")
    equal(answer.json["error"]["type"], kind, "the type of the error")
    check(int(answer.headers["retry-after"]) > 0, "no retry-after")


def with_limits(upstream, limits, **more):
    return providers_of(upstream, limits=limits, **more)


@test()
def a_provider_gets_no_more_than_its_limit_and_the_rest_waits():
    under_way = []
    with Upstream(lambda seen: SLOW) as upstream:
        config = with_limits(upstream, {"queue_ms": 10_000})
        config["Providers"][0]["max_concurrent"] = 2
        with Service(config) as service, concurrent.futures.ThreadPoolExecutor(1) as pool:
            began = time.monotonic()
            answers = pool.submit(ask_many, service, 6)
            while not answers.done():
                under_way.append(sum(not seen.answered for seen in upstream.seen))
                time.sleep(0.02)
            equal([answer.text for answer in answers.result()], [SLOW.text] * 6, "the answers")
            seconds = time.monotonic() - began
    equal(max(under_way), 2, "requests at the provider at once")
    check(seconds > 1.7, f"six in pairs of 0.6 s took {seconds:.1f} s")
    return f"six requests, two at a time, {seconds:.1f} s"


@test()
def the_queue_has_an_end_and_a_deadline():
    with Upstream(lambda seen: STUCK) as upstream:
        with Service(with_limits(upstream, {"per_provider": 1, "queue": 1, "queue_ms": 500})) as service, \
                concurrent.futures.ThreadPoolExecutor(2) as pool:
            first = pool.submit(service.ask)
            until(lambda: upstream.seen, "the first request at the provider")
            began = time.monotonic()
            second = pool.submit(service.ask)
            time.sleep(0.15)
            third = service.ask()
            check(time.monotonic() - began < 0.45, "the one too many had to wait")
            refused(third, 529, "overloaded_error")
            check("e2e" in third.json["error"]["message"], "the provider is not named")
            refused(second.result(), 529, "overloaded_error")
            seconds = time.monotonic() - began
            check(0.4 < seconds < 3, f"the queue's deadline came after {seconds:.1f} s")
            chat = {"model": "e2e,big-model", "messages": [{"role": "user", "content": "ping"}]}
            answer = service.request("POST", "/v1/chat/completions", chat)
            equal(answer.status, 503, "the status for Chat Completions")
            check(int(answer.headers["retry-after"]) > 0, "no retry-after for Chat Completions")
            equal(first.result().text, STUCK.text, "the one that had the place")
        equal(len(upstream.seen), 1, "requests at the provider")
    return f"full: at once; late: after {seconds:.1f} s"


@test()
def a_full_provider_leaves_to_its_fallback():
    with Upstream(lambda seen: STUCK if seen.model == "big-model" else Turn(text="from the fallback")) as upstream:
        config = with_limits(upstream, {"queue": 0})
        config["Providers"].append({**config["Providers"][0], "name": "other"})
        config["Providers"][0]["max_concurrent"] = 1
        config["fallback"] = {"default": ["other,small-model"]}
        with Service(config) as service, concurrent.futures.ThreadPoolExecutor(1) as pool:
            first = pool.submit(service.ask)
            until(lambda: upstream.seen, "the first request at the provider")
            for _ in range(5):
                equal(service.ask().text, "from the fallback", "the answer")
            equal(first.result().text, STUCK.text, "the one that had the place")
            check("rests" not in service.log_text(), "a limit of ours made the target rest")
    return "five went to the fallback"


@test()
def a_client_key_gets_no_more_than_its_limit():
    with Upstream(lambda seen: STUCK) as upstream:
        with Service(with_limits(upstream, {"per_client": 1, "queue": 0})) as service, \
                concurrent.futures.ThreadPoolExecutor(2) as pool:
            first = pool.submit(service.ask, headers={"x-api-key": "client-one-0123456"})
            until(lambda: upstream.seen, "the first request at the provider")
            refused(service.ask(headers={"x-api-key": "client-one-0123456"}), 429, "rate_limit_error")
            other = pool.submit(service.ask, headers={"x-api-key": "client-two-0123456"})
            equal([first.result().status, other.result().status], [200, 200], "two clients at once")
            equal(service.ask(headers={"x-api-key": "client-one-0123456"}).status, 200, "once it has its place again")
    return "429 for the second of one key, 200 for another key"


@test()
def a_client_that_leaves_the_queue_takes_no_place():
    with Upstream(lambda seen: SLOW) as upstream:
        with Service(with_limits(upstream, {"per_provider": 1})) as service, concurrent.futures.ThreadPoolExecutor(1) as pool:
            first = pool.submit(service.ask)
            until(lambda: upstream.seen, "the first request at the provider")
            for _ in range(3):
                with raw.Connection(service.port) as leaver:
                    leaver.send(raw.encode("POST", "/v1/messages", raw.question()))
                    time.sleep(0.05)
            equal(first.result().text, SLOW.text, "the first")
            equal(service.ask().text, SLOW.text, "the next")
        equal(len(upstream.seen), 2, "requests at the provider")
    return "three left, none of them was sent on"


@test()
def bodies_in_memory_have_a_ceiling():
    half = "x" * 700_000
    with Upstream() as upstream, Service(with_limits(upstream, {"buffered_mb": 1})) as service:
        equal(service.ask(half).text, "pong", "one body that fits")
        with raw.Connection(service.port) as holder:
            whole = raw.encode("POST", "/v1/messages", raw.question(half))
            holder.send(whole[:-10])  # held until the rest comes
            time.sleep(0.2)
            refused(service.ask(half), 529, "overloaded_error")
            equal(service.ask("small").text, "pong", "a small body meanwhile")
            holder.send(whole[-10:])
            equal(holder.read_answer().text, "pong", "the one that was held")
        equal(service.ask(half).text, "pong", "when there is room again")
    return "529 while two bodies of 0.7 MB would be held under 1 MB"


@test()
def a_body_counts_until_its_answer_has_begun():
    half = "x" * 700_000
    slow = Turn(text="word " * 100, pause=0.05, chunk=5)
    with Upstream(lambda seen: slow) as upstream, Service(with_limits(upstream, {"buffered_mb": 1})) as service:
        with contextlib.ExitStack() as stack:
            for _ in range(3):
                connection = stack.enter_context(raw.Connection(service.port))
                connection.send(raw.encode("POST", "/v1/messages", raw.question(half, stream=True)))
                while b"word" not in connection.buffer:
                    check(connection.more(), "the stream ended early")
