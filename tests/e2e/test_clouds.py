"""Vertex AI, Bedrock and Azure: real clients through ccr to front doors that check what a cloud checks."""

import json
import os
import random
import time
from email.utils import formatdate

from bed.clouds import AWS, Clouds, azure, bedrock, config_of, vertex, vertex_gemini
from bed.marks import check, each, equal, test
from bed.sdk import check_sdk, script
from bed.service import Service
from bed.turns import Turn
from bed.upstream import Upstream
from test_claude import work, work_through

ASKED = {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": "plain"}]}


def ask(service, **more):
    return service.request("POST", "/v1/messages", {**ASKED, **more})


def none_refused(clouds):
    refused = [(s["path"], s["refused"]) for s in clouds.seen() if "refused" in s and "upstream" not in s["refused"]]
    wrong = [r for r in refused if r[1] not in ("terminated", "aborted", "socket hang up", "Premature close")]
    check(not wrong, f"a front door refused: {wrong[:3]}")


def sdk_through(config_for, env_for=lambda clouds: {}, **knobs):
    with Upstream(script) as upstream, Clouds(upstream) as clouds:
        env = env_for(clouds)
        clouds.play(**knobs)
        with Service(config_for(clouds), env) as service:
            figure = check_sdk(service)
            none_refused(clouds)
            return figure, clouds.seen()


@test(limit=90)
def sdk_over_vertex():
    """The reference's own form: a transformer, and Google's variables."""
    figure, seen = sdk_through(vertex, lambda clouds: {"GOOGLE_APPLICATION_CREDENTIALS": clouds.service_account()})
    tokens = sum(s["path"] == "/token" for s in seen)
    refused = sum(s.get("status") == 401 for s in seen)  # each is met with a new token, once
    check(1 <= tokens <= os.cpu_count() + refused, f"{tokens} tokens were fetched for {len(seen) - tokens} requests")
    return f"{figure}, {tokens} token(s)"


@test(limit=90)
def sdk_over_gemini_on_vertex():
    figure, seen = sdk_through(vertex_gemini, lambda clouds: {"GOOGLE_APPLICATION_CREDENTIALS": clouds.service_account()})
    check(any(":streamGenerateContent?alt=sse" in s["path"] for s in seen), f"no stream among {[s['path'] for s in seen][:5]}")
    return figure


@test(limit=90)
def sdk_over_bedrock():
    """Keys of a profile; the binary stream arrives seven bytes at a time."""
    def env_for(clouds):
        text = ("[other]\naws_access_key_id = x\n[work]\n"
                + "".join(f"aws_{name} = {value}\n" for name, value in AWS.items()))
        return {"AWS_SHARED_CREDENTIALS_FILE": clouds.write("credentials", text)}
    return sdk_through(lambda clouds: bedrock(clouds, profile="work"), env_for, splitBytes=7)[0]


@test(limit=90)
def sdk_over_azure():
    return sdk_through(lambda clouds: azure(clouds, "/openai/deployments"))[0]


def client_through(config_for, env_for=lambda clouds: {}, wire="messages"):
    with Upstream(work) as upstream, Clouds(upstream) as clouds:
        env = env_for(clouds)
        with Service(config_for(clouds), env) as service:
            figure = work_through(upstream, service, wire)
            none_refused(clouds)
            return figure


@test(limit=120)
def claude_code_over_vertex():
    return client_through(lambda clouds: vertex(clouds, credentials_file=clouds.service_account()))


@test(limit=120)
def claude_code_over_gemini_on_vertex():
    return client_through(lambda clouds: vertex_gemini(clouds, credentials_file=clouds.service_account()), wire="gemini")


@test(limit=120)
def claude_code_over_bedrock():
    return client_through(bedrock, lambda clouds: {"AWS_REGION": "us-east-1"})


@test(limit=60)
def any_model_id_is_signed_as_the_npm_signer_signs_it():
    generator = random.Random(7)
    alphabet = "abcXYZ019.-_~:/@!$&'()*;=+ %[]\u00e9\u4f60"
    ids = ["us.anthropic.claude-sonnet-4-5-20250929-v1:0",
           "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3",
           "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/x:y/z"]
    ids += ["m" + "".join(generator.choices(alphabet, k=generator.randint(1, 40))) + "m" for _ in range(40)]
    with Upstream() as upstream, Clouds(upstream) as clouds:
        config = bedrock(clouds)
        config["Providers"][0]["models"] = ids
        with Service(config) as service:
            def trial(name):
                answer = ask(service, model=f"e2e,{name}")
                equal(answer.status, 200, answer.body[:300])
                equal(upstream.seen[-1].json["model"], name, "the id that arrived")
            each(ids, trial)
    return f"{len(ids)} ids"


@test()
def a_wrong_secret_is_told_and_not_shown():
    with Upstream() as upstream, Clouds(upstream) as clouds:
        with Service(bedrock(clouds, **{**AWS, "secret_access_key": "fake-but-wrong-secret"})) as service:
            answer = ask(service)
            equal(answer.status, 403, answer.body)
            equal(answer.json["error"]["type"], "permission_error", "type")
            check("does not match the signature" in answer.json["error"]["message"], answer.body)
            for secret in ("fake-but-wrong-secret", AWS["session_token"]):
                check(secret not in service.log_text() + answer.body.decode(), f"{secret} was shown")
        equal(upstream.seen, [], "requests that passed")


@test()
def betas_that_a_bedrock_model_refuses_are_left_out():
    def trial(service, wanted):
        answer = service.request("POST", "/v1/messages", ASKED, {"anthropic-beta": "effort-2025-11-24,claude-code-20250219"})
        equal(answer.status, 200, answer.body[:300])
        equal([json.loads(s["body"]).get("anthropic_beta") for s in clouds.seen("/model/")], wanted, "betas sent")

    with Upstream() as upstream, Clouds(upstream) as clouds, Service(bedrock(clouds)) as service:
        trial(service, [["effort-2025-11-24"]])
        clouds.play(betas=[])
        trial(service, [["effort-2025-11-24"], ["effort-2025-11-24"], None])


@test()
def a_bedrock_key_is_a_bearer():
    with Upstream() as upstream, Clouds(upstream) as clouds:
        config = config_of({"api_base_url": clouds.base, "aws": {"region": "r"}, "api_key": "fake-bedrock-key"})
        with Service(config) as service:
            equal(ask(service).status, 200, "status with a key of the file")
        config["Providers"][0].pop("api_key")
        with Service(config, {"AWS_BEARER_TOKEN_BEDROCK": "fake-bedrock-key"}) as service:
            equal(ask(service, stream=True).text, "pong", "answer with a key of the environment")


@test()
def azure_by_its_v1_api_and_by_an_entra_token():
    with Upstream() as upstream, Clouds(upstream) as clouds:
        with Service(azure(clouds)) as service:
            equal(ask(service).status, 200, "status by the v1 API")
        with Service(azure(clouds, "/openai/v1", api_key="fake-entra-token", auth="bearer")) as service:
            equal(ask(service, stream=True).text, "pong", "answer with a token")
        with Service(azure(clouds, api_key="fake-wrong-key-0123")) as service:
            equal(ask(service).status, 401, "status with a wrong key")


def with_google(trial, **config):
    with Upstream() as upstream, Clouds(upstream) as clouds:
        settings = {"credentials_file": clouds.service_account(), **config}
        with Service(vertex(clouds, **settings)) as service:
            return trial(clouds, service)


@test()
def t24_a_whole_answer_keeps_calls_reason_and_usage():
    calls = [("Read", {"path": "a"}), ("Read", {"path": "b"})]
    with Upstream(lambda seen: Turn(text="I look.", calls=calls)) as upstream, Clouds(upstream) as clouds:
        with Service(vertex(clouds, credentials_file=clouds.service_account())) as service:
            reply = ask(service).json
    equal([b["input"] for b in reply["content"] if b["type"] == "tool_use"], [c[1] for c in calls], "calls")
    equal((reply["stop_reason"], reply["usage"]["input_tokens"], reply["model"]), ("tool_use", 20, "big-model"), "frame")


@test()
def t35_one_token_serves_many_requests():
    def trial(clouds, service):
        requests = 4 * os.cpu_count()
        for _ in range(requests):
            equal(ask(service).status, 200, "status")
        fetched = len(clouds.seen("/token"))
        check(fetched <= os.cpu_count(), f"{fetched} tokens for {requests} requests")  # one for each thread
        return f"{fetched} token(s) for {requests} requests"
    return with_google(trial)


@test()
def a_withdrawn_token_is_renewed_once():
    def trial(clouds, service):
        equal(ask(service).status, 200, "first")
        clouds.play(refuseTokens=1)
        equal(ask(service).status, 200, "with the token refused once")
        equal(len(clouds.seen("/v1/projects")), 3, "tries")
        clouds.play(refuseTokens=2)
        before = len(clouds.seen("/v1/projects"))
        equal(ask(service).status, 401, "with the token refused twice")
        equal(len(clouds.seen("/v1/projects")) - before, 2, "tries")
    with_google(trial)


@test()
def gemini_on_vertex_streams_answers_whole_and_renews_its_token():
    turns = {"plain": Turn(text="pong"), "call": Turn(thinking="hm", calls=[("Read", {"path": "a"})]),
             "busy": Turn(status=429, message="quota", headers={"retry-after": "7"})}

    def trial(clouds, service):
        for stream in (False, True):
            equal(ask(service, stream=stream).text, "pong", f"answer, stream {stream}")
        clouds.play(refuseTokens=1)
        equal(ask(service, stream=True).text, "pong", "answer with the token refused once")
        tools = [{"name": "Read", "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}}]
        reply = service.request("POST", "/v1/messages", {**ASKED, "tools": tools, "messages": [{"role": "user", "content": "call"}]}).json
        equal([b["input"] for b in reply["content"] if b["type"] == "tool_use"], [{"path": "a"}], "the call")
        busy = service.request("POST", "/v1/messages", {**ASKED, "messages": [{"role": "user", "content": "busy"}]})
        equal((busy.status, busy.headers.get("retry-after")), (429, "7"), f"a refusal: {busy.body[:200]}")
        none = [s["path"] for s in clouds.seen("/v1beta1/projects") if "key=" in s["path"] or s["headers"].get("x-goog-api-key")]
        equal(none, [], "requests with another service's key")

    with Upstream(lambda seen: next(turn for word, turn in turns.items() if word in seen.user_text())) as upstream:
        with Clouds(upstream) as clouds, Service({**vertex_gemini(clouds, credentials_file=clouds.service_account()), "retry": {"max": 0}}) as service:
            trial(clouds, service)


@test()
def a_short_lived_token_is_fetched_again():
    def trial(clouds, service):
        clouds.play(tokenLife=60)
        for _ in range(3):
            equal(ask(service).status, 200, "status")
        equal(len(clouds.seen("/token")), 3, "tokens of a minute's life")
    with_google(trial)


@test()
def a_wrong_clock_is_named():
    def trial(clouds, service):
        clouds.play(tokenStatus=400, tokenDate=formatdate(time.time() + 900, usegmt=True))
        answer = ask(service)
        equal(answer.status, 403, answer.body)
        message = answer.json["error"]["message"]
        check("behind Google's" in message and "clock" in message, message)
        check("key.json" not in message and "PRIVATE" not in message, message)
        clouds.play(tokenStatus=503)
        equal(ask(service).status, 502, "status while Google is away")
        clouds.play(tokenStatus=0, tokenDate="")
        equal(ask(service).status, 200, "status afterwards")
    with_google(trial)


@test()
def a_users_credentials_and_their_absence():
    with Upstream(lambda seen: Turn(text="pong")) as upstream, Clouds(upstream) as clouds:
        config = vertex(clouds, project="e2e-project")
        with Service(config, {"CLOUDSDK_CONFIG": clouds.user()}) as service:
            equal(ask(service, stream=True).text, "pong", "answer with gcloud's credentials")
        with Service(config, {"GCE_METADATA_HOST": clouds.base.removeprefix("http://")}) as service:
            equal(ask(service, stream=True).text, "pong", "answer with the machine's credentials")
        with Service(config) as service:
            answer = ask(service)
            equal(answer.status, 403, answer.body)
            check("gcloud auth application-default login" in answer.json["error"]["message"], answer.body)
