"""`ccr explain` says what the router then does; `ccr model` and `ccr project` change what that is."""

import json
import pathlib
import subprocess

from bed.marks import check, each, equal, test, until
from bed.raw import question, request
from bed.service import Home, Service, find_binary, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
ROUTES = {"background": "back", "think": "think", "longContext": "long", "webSearch": "search", "image": "image"}
KEPT = ("content-length", "accept-encoding", "authorization", "x-goog-api-key", "host", "connection")


def config_of(upstream, wire):
    config = providers_of(upstream, wire)
    config["Providers"][0]["models"] += ["mock-large"]
    config["Providers"][0]["traits"] = {"max_output": 8192, "context_window": 100000, "prices": {"input": 1, "output": 4}}
    config["Providers"].append({**config["Providers"][0], "name": "deepseek", "models": ["deepseek-chat"]})
    config["Router"] |= {scenario: f"e2e,{model}" for scenario, model in ROUTES.items()}
    config["Router"] |= {"longContextThreshold": 11_000,
                         "rules": [{"name": "cool", "when": {"subagent": True}, "patch": {"set": "/temperature", "value": 0.5}}]}
    return config


def explain(home, *arguments, **more):
    ran = home.run("explain", "--json", *arguments, **more)
    equal(ran.returncode, 0, f"exit code ({ran.stderr})")
    return json.loads(ran.stdout)


@test()
def it_knows_where_the_running_service_has_a_conversation():
    state = {"down": True}

    def script(seen):
        return Turn(status=529, message="busy") if seen.model == "big-model" and state["down"] else Turn(text="pong")

    header = {"x-claude-code-session-id": "0d5e0000-0000-4000-8000-0000000000dd"}
    with Upstream(script) as upstream:
        config = providers_of(upstream, fallback={"default": ["e2e,small-model"]}, retry={"max": 0})
        with Service(config) as service:
            equal(service.ask(headers=header).status, 200, "status")
            equal([s.model for s in upstream.seen], ["big-model", "small-model"], "attempts")
            state["down"] = False
            body = service.path / "body.json"
            body.write_text(json.dumps(question()), encoding="utf-8")
            named = [f"-H{name}: {value}" for name, value in header.items()]
            said = until(lambda: (found := explain(service, *named, str(body)))["targets"][0]["target"] == "e2e,small-model" and found,
                         "the conversation's home")
            check(any("small-model" in why for why in said["because"]), said["because"])
            equal(explain(service, str(body))["targets"][0]["target"], "e2e,big-model", "another conversation")
            service.stop()
            equal(explain(service, *named, str(body))["targets"][0]["target"], "e2e,big-model", "without a service")
            service.start()


def limit_of(body):
    return body.get("max_tokens") or body.get("max_completion_tokens") or body.get("max_output_tokens") \
        or body.get("generationConfig", {}).get("maxOutputTokens")


def agree(service, upstream, path):
    recorded = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(recorded["body"], dict) or "count" in recorded["url"].lower():
        return
    # The same bytes both ways: how a text is escaped is part of its estimate.
    again = service.path / "recorded.json"
    again.write_text(json.dumps(recorded), encoding="utf-8")
    said = explain(service, "--body", str(again))
    seen_before = len(upstream.seen)
    headers = {k: v for k, v in recorded["headers"].items() if k.lower() not in KEPT}
    answer = request(service.port, recorded["method"], recorded["url"], recorded["body"], headers)
    equal(answer.status, 200, f"status of {answer.body[:300]}")
    equal(len(upstream.seen), seen_before + 1, "requests upstream")
    seen = upstream.seen[-1]
    equal(said["targets"][0]["target"].partition(",")[2], seen.model, "the model")
    equal(said["targets"][0].get("maxTokens"), limit_of(seen.json), "max_tokens after clamping")
    equal(said["targets"][0]["body"], seen.json, "the body")
    lines = [json.loads(line) for line in service.log_text().splitlines() if '"event"' in line]
    routed = [line for line in lines if line["event"] == "routed"][-1]
    attempted = [line for line in lines if line["event"] == "attempted"][-1]
    for name in ("scenario", "rule", "because", "considered"):
        equal(said[name], routed[name], name)
    equal(said["tokens"], routed["estimatedTokens"], "tokens")
    equal((said["targets"][0]["lane"], said["targets"][0]["losses"]), (attempted["lane"], attempted.get("losses", [])), "lane and losses")
    if "first-turn" not in path.name:
        return
    past = explain(service, routed["request"])
    equal((past["considered"], past["scenario"], past["targets"][0]["target"]),
          (said["considered"], said["scenario"], said["targets"][0]["target"]), "the past request")
    check(past["outcome"].startswith("ok 200"), past["outcome"])


def agree_on(wire, step=1):
    paths = {str(p.relative_to(FIXTURES)): p for p in sorted(FIXTURES.rglob("*.json"))[::step]}
    with Upstream() as upstream, Service(config_of(upstream, wire)) as service:
        each(paths, lambda name: agree(service, upstream, paths[name]))
        return f"{len(upstream.seen)} requests"


@test(limit=90)
def every_recorded_request_goes_where_explain_says_over_messages():
    return agree_on("messages")


@test(limit=90)
def recorded_requests_go_where_explain_says_over_chat():
    return agree_on("chat", 2)


@test(limit=90)
def recorded_requests_go_where_explain_says_over_gemini_and_responses():
    return ", ".join([agree_on("gemini", 6), agree_on("responses", 6)])


@test()
def it_reads_bodies_from_standard_input_with_headers():
    with Upstream() as upstream, Home(config_of(upstream, "chat")) as home:
        body = {"model": "claude-opus-5-5", "max_tokens": 99999, "top_k": 5, "messages": [{"role": "user", "content": "x"}]}

        def run(*arguments):
            return subprocess.run([find_binary(), "explain", *arguments], input=json.dumps(body), env=home.env, cwd=home.path,
                                  text=True, capture_output=True, timeout=30, check=False)

        said = json.loads(run("--json", "-H", "x-ccr-model: e2e,mine").stdout)
        equal((said["rule"], said["targets"][0]["target"]), ("x-ccr-model", "e2e,mine"), "the header's choice")
        equal((said["askedMaxTokens"], said["targets"][0]["maxTokens"]), (99999, 8192), "max_tokens")
        check(said["targets"][0]["inputCost"] > 0, "no cost")
        text = run().stdout
        for part in ("+ default", "- think", "max_tokens 8192", "top_k", "$0.0328 at most", "e2e,big-model", "(estimated)"):
            check(part in text, f"no {part!r} in:\n{text}")
        equal(upstream.seen, [], "requests upstream")
        equal(run("--json", "-H", "nonsense").returncode, 1, "exit code of a bad header")
        refused = json.loads(run("--json", "-H", "x-ccr-model: nobody,x").stdout)
        check("nobody" in refused["refused"], refused)
        unknown = home.run("explain", "req_000000000000000000000000")
        equal(unknown.returncode, 1, "exit code for an unknown id")
        check("knows no request" in unknown.stderr, unknown.stderr)


@test()
def the_answer_asked_for_fits_the_window_beside_the_conversation():
    with Upstream() as upstream:
        config = providers_of(upstream)
        config["Providers"][0]["traits"] = {"context_window": 10_000}
        with Service(config) as service:
            body = service.path / "body.json"
            body.write_text(json.dumps({**question("word " * 6000), "max_tokens": 8000}), encoding="utf-8")
            told = explain(service, str(body))["targets"][0]
            check(3000 < told["maxTokens"] < 4000, f"max_tokens {told['maxTokens']}")
            check(any("max_tokens: 8000 becomes 3" in loss and "window of 10000" in loss for loss in told["losses"]), told["losses"])
            equal(service.ask("word " * 6000, max_tokens=8000).status, 200, "status")
            equal(limit_of(upstream.seen[-1].json), told["maxTokens"], "max_tokens upstream")
            equal(service.ask("word", max_tokens=8000).status, 200, "status")
            equal(limit_of(upstream.seen[-1].json), 8000, "max_tokens of a short conversation")


@test()
def cache_marks_reach_a_chat_provider_that_takes_them():
    system = [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}]
    with Upstream() as upstream:
        for marks in (True, False):
            config = providers_of(upstream)
            config["Providers"][0]["traits"] = {"cache_marks": marks, "cache_key": not marks}
            with Service(config) as service:
                user = {"user_id": "user_1_account__session_s1"}
                equal(service.ask(system=system, metadata=user).status, 200, "status")
                seen = upstream.seen[-1].json
                wanted = [{**system[0]}] if marks else "be brief"
                equal((seen["messages"][0]["content"], seen.get("prompt_cache_key")), (wanted, None if marks else "s1"), "sent")


@test()
def model_set_changes_the_running_service_and_keeps_comments():
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        plain = json.dumps(providers_of(upstream), indent=2)
        service.write_config("// mine\n" + plain.replace("big-model\"\n  }", "big-model\" // as ever\n  }"))
        ran = service.run("model", "set", "E2E,SMALL-model")
        equal((ran.returncode, ran.stdout), (0, "default in ~/.claude-code-router/config.json: e2e,small-model\n"), f"{ran.stderr}")
        text = (service.state / "config.json").read_text(encoding="utf-8")
        check(text.startswith("// mine\n") and '"e2e,small-model" // as ever' in text, text)
        until(lambda: service.ask().status == 200 and upstream.seen[-1].model == "small-model", "the new default")
        equal(service.run("model", "set", "think", "e2e,deep").returncode, 0, "exit code")
        shown = json.loads(service.run("model", "--json").stdout)
        equal(shown["routes"], {"default": "e2e,small-model", "think": "e2e,deep"}, "routes")
        equal(service.run("model", "unset", "think").returncode, 0, "exit code")
        equal(json.loads(service.run("model", "--json").stdout)["routes"], {"default": "e2e,small-model"}, "routes")
        check("default        e2e,small-model" in service.run("model").stdout, service.run("model").stdout)
        for wrong, part in ((("set", "nobody,x"), "no provider named"), (("set", "thonk", "e2e,x"), "did you mean think"),
                            (("set", "mystery"), "No provider lists")):
            ran = service.run("model", *wrong)
            check(ran.returncode == 1 and part in ran.stderr, f"{wrong}: {ran.returncode} {ran.stderr}")
        equal(service.run("model", "sit").returncode, 2, "exit code of a wrong word")
        backups = list(service.state.glob("config.json.*.bak"))
        check(1 <= len(backups) <= 3, f"{backups}")


@test()
def project_sets_the_router_of_a_directory():
    session = "0d5e0000-0000-4000-8000-0000000000dd"
    header = {"x-claude-code-session-id": session}
    with Upstream() as upstream, Service(providers_of(upstream)) as service:
        work = service.path / "my.shop"
        work.mkdir()
        name = "".join(c if c.isalnum() else "-" for c in str(work.resolve()))
        transcripts = service.path / ".claude/projects" / name
        transcripts.mkdir(parents=True)
        (transcripts / f"{session}.jsonl").touch()
        ran = service.run("project", "set", "e2e,small-model", "--project", str(work))
        equal(ran.returncode, 0, f"exit code ({ran.stderr})")
        until(lambda: service.ask(headers=header).status == 200 and upstream.seen[-1].model == "small-model", "the project's model")
        service.ask()
        equal(upstream.seen[-1].model, "big-model", "another session's")
        shown = json.loads(service.run("project", "--json", "--project", name).stdout)
        equal((shown["project"], shown["routes"]["default"]), (name, "e2e,small-model"), "what is shown")
        equal(service.run("model", "set", "e2e,of-the-session", "--session", session).returncode, 0, "exit code")
        until(lambda: service.ask(headers=header).status == 200 and upstream.seen[-1].model == "of-the-session", "the session's model")
        equal(service.run("project", "unset", "default", "--project", name).returncode, 0, "exit code")
        wrong = service.run("project", "--project", "/no/such/place")
        check(wrong.returncode == 1 and "is no directory" in wrong.stderr, wrong.stderr)
