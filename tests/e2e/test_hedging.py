"""Hedging: a second target for small background requests whose first one lets them wait."""

import concurrent.futures
import contextlib
import json
import time

from bed import raw
from bed.claude import by_hand
from bed.marks import bounded_best, check, equal, test, until
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream

SILENT = Turn(text="never seen", before=60)
AFTER_MS = 150
WITHIN_MS = 50
# What a busy machine may add.
AT_MOST_MS = 1500
MODEL = "a-model-whose-name-is-long"
FIRST, SECOND = f"first,{MODEL}", f"second,{MODEL}"
SMALL = {"model": "claude-haiku-4-5"}


def provider(name, upstream, wire="chat", **more):
    return {"name": name, "api_base_url": upstream.url(wire), "api_key": f"sk-{name}-e2e-0123456789", "models": [MODEL], **more}


def config(first, second, hedge=None, wire="chat", **more):
    return {"Providers": [provider("first", first, wire), provider("second", second, wire)],
            "Router": {"default": FIRST, "background": FIRST, "reasons": True},
            "fallback": {"background": [SECOND], "default": [SECOND]},
            "retry": {"max": 1, "base_ms": 20}, "hedge": hedge or {"after_ms": AFTER_MS}, **more}


@contextlib.contextmanager
def bed(first, second, **more):
    with Upstream(lambda _: first) as one, Upstream(lambda _: second) as two, Service(config(one, two, **more)) as service:
        yield service, one, two


def events_of(service, name):
    lines = [json.loads(line) for line in service.log_text().splitlines() if f'"event":"{name}"' in line]
    return [line for line in lines if line.get("event") == name]


def told_of(service):
    until(lambda: events_of(service, "settled"), "the end in the log")
    return events_of(service, "hedged")


def cancelled_after(service, loser, stream):
    """The ms from the client's answer to the loser's end, as its upstream sees it."""
    known = len(loser.seen)
    with raw.Connection(service.port) as connection:
        connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=stream, **SMALL)))
        connection.read_head()
        answered = time.monotonic()
        seen = loser.seen[known]
        until(lambda: seen.closed_at, "the loser's end", 5)
    return (seen.closed_at - answered) * 1000


@test(alone=True)
def a_hedge_that_cancels_its_loser():
    figures = []
    for wire in ("chat", "messages"):
        for stream in (True, False):
            with bed(SILENT, Turn(text="from the second"), wire=wire) as (service, first, second):
                answer = service.ask(stream=stream, **SMALL)
                equal(answer.text, "from the second", f"the answer, {wire}, streamed: {stream}")
                equal(answer.headers["x-ccr-route"], SECOND, "the route")
                check(f"hedge: {SECOND} was asked as well after 1" in answer.headers["x-ccr-reasons"]
                      and f"{FIRST} was cancelled" in answer.headers["x-ccr-reasons"], answer.headers["x-ccr-reasons"])
                equal((len(first.seen), len(second.seen)), (1, 1), "requests upstream")
                [told] = told_of(service)
                equal((told["first"], told["second"], told["won"], told["cancelled"]), (FIRST, SECOND, SECOND, FIRST), "told")
                check(told["afterMs"] >= AFTER_MS and told["tokensInVain"] > 0, f"the cost: {told}")
                equal(events_of(service, "settled")[0]["target"], SECOND, "the target that settled")
                figures.append(bounded_best(lambda: cancelled_after(service, first, stream), WITHIN_MS, AT_MOST_MS))
    return "; ".join(figures)


@test()
def a_first_target_that_answers_in_time_is_asked_alone():
    with bed(Turn(text="from the first"), SILENT, hedge={"after_ms": 5000}) as (service, _, second):
        for stream in (True, False):
            equal(service.ask(stream=stream, **SMALL).text, "from the first", "the answer")
        equal(second.seen, [], "requests to the second")
        equal(told_of(service), [], "hedges that are told of")


@test()
def the_first_target_may_still_win():
    with bed(Turn(text="from the first", before=0.6), SILENT) as (service, _, second):
        for stream in (True, False):
            known = len(second.seen)
            equal(service.ask(stream=stream, **SMALL).text, "from the first", "the answer")
            until(lambda: len(second.seen) > known and second.seen[known].closed_at, "the second's end")
        equal([told["cancelled"] for told in told_of(service)], [SECOND] * 2, "what was cancelled")


@test()
def content_decides_not_a_head():
    """A head, and a message without content, win nothing."""
    with bed(Turn(text="late", silence=(1, 30)), Turn(text="from the second")) as (service, first, _):
        equal(service.ask(stream=True, **SMALL).text, "from the second", "the answer")
        until(lambda: first.seen[0].closed_at, "the first's end")


@test()
def both_at_once_when_nothing_is_waited_for():
    with bed(SILENT, Turn(text="from the second"), hedge={"after_ms": 0}) as (service, first, second):
        equal(service.ask(**SMALL).text, "from the second", "the answer")
        check(abs(first.seen[0].at - second.seen[0].at) < 1, "they were not asked together")


@test()
def other_requests_are_not_hedged():
    slow = Turn(text="from the first", before=0.5)
    with bed(slow, SILENT, hedge={"after_ms": 50, "max_input_tokens": 1000}) as (service, _, second):
        equal(service.ask().text, "from the first", "of a request that is no background one")
        equal(service.ask("word " * 5000, **SMALL).text, "from the first", "of one that is not small")
        equal(second.seen, [], "requests to the second")
        equal(service.ask(**SMALL).text, "from the first", "of a small background one")
        equal(len(second.seen), 1, "requests to the second")


@test()
def a_client_that_leaves_cancels_both():
    with bed(SILENT, SILENT) as (service, first, second):
        for stream in (True, False):
            known = len(second.seen)
            with raw.Connection(service.port) as connection:
                connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=stream, **SMALL)))
                until(lambda: len(second.seen) > known, "the second's request")
            until(lambda: first.seen[-1].closed_at and second.seen[-1].closed_at, "the end of both", 5)
        until(lambda: len(events_of(service, "settled")) == 2, "two that settled")
        equal({told["outcome"] for told in events_of(service, "settled")}, {"client_gone"}, "outcomes")


@test(limit=60)
def failures_of_either_side():
    """With one side failed the other answers; with both, it goes on as without a hedge, and the first one's error is told."""
    fails, late = Turn(status=529, message="busy", before=0.4), Turn(text="late but well", before=0.8)
    for first, second in ((fails, late), (late, fails)):
        with bed(first, second) as (service, one, two):
            for stream in (True, False):
                equal(service.ask(stream=stream, **SMALL).text, "late but well", f"streamed: {stream}")
            equal((len(one.seen), len(two.seen)), (2, 2), "requests")
            [told, _] = told_of(service)
            check("cancelled" not in told and told["tokensInVain"] == 0, f"nothing was cancelled: {told}")
    with bed(Turn(status=503, message="the first is down", before=0.4), Turn(status=529, message="busy", before=0.4)) as (service, one, two):
        answer = service.ask(**SMALL)
        equal(answer.status, 503, f"the first one's error is told, of {answer.body}")
        check(len(one.seen) >= 2 and len(two.seen) >= 2, f"tries: {len(one.seen)}, {len(two.seen)}")
    with bed(Turn(status=400, message="no good", before=0.4), SILENT) as (service, one, two):
        answer = service.ask(**SMALL)
        equal((answer.status, answer.headers["x-ccr-route"]), (400, FIRST), "a refusal for good ends both")
        told_of(service)
        equal(events_of(service, "settled")[0]["target"], FIRST, "whose error it is")
        until(lambda: two.seen[0].closed_at, "the second's end")
        equal(len(one.seen), 1, "requests to the first")
    with bed(Turn(status=503, message="down"), Turn(text="from the second")) as (service, one, _):
        equal(service.ask(**SMALL).text, "from the second", "a failure before the delay goes its usual way")
        equal(told_of(service), [], "hedges")
        equal(len(one.seen), 2, "tries of the first")


@test()
def a_key_that_meets_a_limit_in_a_hedge_rests():
    limited = Turn(status=429, message="slow down", headers={"retry-after": "60"}, before=0.1)
    with bed(Turn(text="from the first", before=0.6), limited) as (service, _, second):
        for _ in range(2):
            equal(service.ask(**SMALL).text, "from the first", "the answer")
        equal(len(second.seen), 1, "requests to the second: none while it rests")


@test()
def places_are_given_back():
    """A loser leaves its provider's place at once; while a provider is full, a hedge waits for a place like any other."""
    for first, second in ((SILENT, Turn(text="well")), (Turn(text="well", before=0.5), SILENT)):
        with bed(first, second, limits={"per_provider": 1, "queue_ms": 4000}) as (service, *_):
            for stream in (True, False, True):
                equal(service.ask(stream=stream, **SMALL).text, "well", f"streamed: {stream}")
    with bed(Turn(text="well", before=0.5), Turn(text="held", before=2), limits={"per_provider": 1}) as (service, _, second), \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        held = pool.submit(service.ask, model=SECOND)
        until(lambda: second.seen, "the second's place taken")
        equal(service.ask(**SMALL).text, "well", "the first's answer, while the hedge waits")
        equal(len(second.seen), 1, "requests to the second")
        [told] = told_of(service)
        check("cancelled" not in told and told["tokensInVain"] == 0, f"what was never sent is in vain: {told}")
        equal(held.result().text, "held", "the one that has the place")


@test()
def a_winner_that_breaks_off_is_gone_on_with():
    cut = Turn(text="the answer begins here and ends there", cut_after=4)
    with bed(SILENT, cut, continue_midstream=True) as (service, _, second):
        answer = service.ask(stream=True, **SMALL)
        check(len(second.seen) >= 2, "nobody was asked to go on")
        equal([name for name, _ in answer.events].count("message_start"), 1, "message_start events")
        check(answer.text.startswith("the answer begins"), f"the text: {answer.text}")


@test(limit=60)
def the_client_is_kept_company_meanwhile():
    with bed(Turn(text="never", before=60), Turn(text="at last", before=12)) as (service, *_):
        with raw.Connection(service.port, timeout=30) as connection:
            connection.send(raw.encode("POST", "/v1/messages", raw.question(stream=True, **SMALL)))
            began = time.monotonic()
            answer = connection.read_head()
            opened = time.monotonic() - began
            data = b""
            while chunk := connection.read_chunk():
                data += chunk
        check(9 <= opened <= 11.9, f"opened after {opened:.1f} s")
        names = [name for name, _ in raw.parse_events(data)]
        equal(answer.status, 200, "status")
        equal((names.count("message_start"), names[-1]), (1, "message_stop"), "events")
        equal(raw.text_of(raw.parse_events(data)), "at last", "the text")


@test(limit=90)
def claude_code_gets_the_faster_answer():
    hedge = {"after_ms": 300, "scenarios": ["default", "background"], "max_input_tokens": 1_000_000}
    with bed(SILENT, Turn(text="hedged well"), hedge=hedge) as (service, first, _):
        with by_hand(service, "say something") as client:
            client.finish(75)
            equal(client.result, "hedged well", "the final text")
        until(lambda: all(seen.closed_at for seen in first.seen), "the end of what was cancelled")
        return f"{len(first.seen)} requests of Claude Code hedged"
