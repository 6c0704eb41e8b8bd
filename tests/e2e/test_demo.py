"""Without a configuration: the service, the README's request, and every fault that the demo plays."""

import re
import shlex
import subprocess
import time

from bed import raw
from bed.marks import bounded_best, check, equal, test, until
from bed.service import ROOT, Home, Service, find_binary

READY_WITHIN_MS = 100
READY_AT_MOST_MS = 3000


def start_and_time():
    with Service() as service:
        equal(raw.request(service.port, "GET", "/health").status, 200, "health")
        return service.ready_ms


@test(alone=True)
def ready_in_time():
    """From the start of the process to its line that says where it listens, which is behind the bind."""
    return bounded_best(start_and_time, READY_WITHIN_MS, READY_AT_MOST_MS)


@test()
def the_readmes_request_is_answered():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^    (curl http://127\.0\.0\.1:3456(?:.*\\\n)*.*)$", text, re.M)
    check(found, "the README has no curl example")
    with Service() as service:
        command = shlex.split(found[1].replace("\\\n", " ").replace("127.0.0.1:3456", f"127.0.0.1:{service.port}"))
        run = subprocess.run([*command, "-sS"], capture_output=True, text=True, timeout=20, check=True)
        check('"type":"message"' in run.stdout and "demo" in run.stdout.lower(), f"the answer: {run.stdout}")
        until(lambda: "Ctrl-C" in service.output_text(), "the banner's last line")
        banner = service.output_text()
        check("ccr code" in banner and f"127.0.0.1:{service.port}/v1/messages" in banner, f"the banner: {banner}")
        status = service.request("GET", "/").status
        equal(status, 200, "status of /")
    return run.stdout[:60]


@test()
def empty_providers_serve_the_demo_and_keys_are_noticed():
    """The reference's first-run file; and what could be set up here is said."""
    env = {"OPENROUTER_API_KEY": "sk-or-of-the-user-0123456789", "DEEPSEEK_API_KEY": "sk-deep-of-the-user-0123456789"}
    with Service({"PORT": 3456, "Providers": [], "Router": {}}, env) as service:
        text = service.ask().text
        check("demo" in text.lower(), f"the answer: {text}")
        until(lambda: "Ctrl-C" in service.output_text(), "the banner's last line")
        told = service.output_text()
        for name, key in env.items():
            check(name in told, f"{name} is not mentioned")
            check(key not in told + text, f"the value of {name} is told")
        check("openrouter.ai" in told and "deepseek.com" in told, "how to set them up is not said")
    return text[:80]


def tool(name, **schema):
    return {"name": name, "input_schema": {"type": "object", **schema}}


def ask(service, text, stream=True, **more):
    answer = service.ask(text, stream, timeout=40, **more)
    last = answer.events[-1] if answer.status == 200 and stream else None
    return answer, last


def ends_in_error(service, phrase):
    answer, last = ask(service, phrase)
    if answer.status == 200:
        equal(last[0], "error", f"{phrase}: the last event")
        check("message_stop" not in [name for name, _ in answer.events], f"{phrase}: a clean end")
        return last[1]["error"]["message"]
    return answer.json["error"]["message"]


@test()
def plain_answers_and_tools():
    with Service() as service:
        for stream in (True, False):
            answer, _ = ask(service, "Hello there", stream)
            check("demo" in answer.text.lower() and "Hello there" in answer.text, f"the answer: {answer.text}")
        same = {ask(service, "Hello there", False)[0].text for _ in range(3)}
        equal(len(same), 1, "different answers to one question")
        need = tool("get_time", properties={"zone": {"type": "string"}}, required=["zone"])
        answer, _ = ask(service, 'demo: tool get_time {"zone":"UTC"}', False, tools=[need])
        equal([b["input"] for b in answer.json["content"] if b["type"] == "tool_use"], [{"zone": "UTC"}], "arguments")
        answer, _ = ask(service, "demo: tool get_time", False, tools=[need])
        check(isinstance(answer.json["content"][-1]["input"]["zone"], str), "the arguments miss what is required")
        answer, _ = ask(service, "demo: tools", False, tools=[tool("Read"), tool("Write"), tool("Grep")])
        equal(len([b for b in answer.json["content"] if b["type"] == "tool_use"]), 2, "calls at once")
        answer, _ = ask(service, "go", False, tools=[need], tool_choice={"type": "any"})
        equal(answer.json["stop_reason"], "tool_use", "the stop reason when a call is demanded")
        answer, _ = ask(service, "Hello", thinking={"type": "enabled", "budget_tokens": 2000})
        kinds = [d["content_block"]["type"] for name, d in answer.events if name == "content_block_start"]
        equal(kinds, ["thinking", "text"], "blocks when it thinks")
    return "text, named tool, two tools, demanded call, thought"


@test(limit=60)
def every_fault():
    with Service() as service:
        began = time.monotonic()
        answer, last = ask(service, "demo: slow")
        slow = time.monotonic() - began
        equal(last[0], "message_stop", "slow: the last event")
        check(slow > 1, f"slow took {slow:.2f} s")
        began = time.monotonic()
        equal(ask(service, "demo: 429")[1][0], "message_stop", "429: the second try")
        check(time.monotonic() - began >= 0.9, "429: the named second was not waited for")
        for phrase in ("demo: error", "demo: garbage", "demo: drop 4", "demo: drop 0", "demo: truncate 4",
                       "demo: midstream-error 5"):
            check(ends_in_error(service, phrase), f"{phrase}: no message")
            whole = ask(service, phrase, False)[0]
            check(400 <= whole.status < 600 and whole.json["error"]["message"], f"{phrase}: whole: {whole.status}")
        for code in (400, 401, 403, 404, 413, 429, 500, 503, 529):
            answer = ask(service, f"demo: status {code}", False)[0]
            equal(answer.status, code, f"status {code}: status")
            equal(answer.json["type"], "error", "type")
        equal(len(ask(service, "demo: long 300")[0].text) // 1024, 300, "long: KB of text")
        check(len(ask(service, "demo: huge")[0].text) >= 4 << 20, "huge: bytes of text")
        began = time.monotonic()
        equal(ask(service, "demo: silence 1")[1][0], "message_stop", "silence: the last event")
        equal(ask(service, "demo: silence 1 4")[1][0], "message_stop", "silence later: the last event")
        check(time.monotonic() - began >= 2, "silence was shorter than asked for")
        check("silence" in ask(service, "demo: help", False)[0].text, "help does not list the phrases")
        equal(service.ask().status, 200, "status afterwards")
    return f"slow {slow:.1f} s, 6 broken streams and bodies, 9 statuses, 4 MB in one message"


@test()
def ccr_demo_serves_both_protocols():
    with Home() as home:
        process = subprocess.Popen([find_binary(), "demo", "--port", "0"], env=home.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1])
            equal(raw.ask(port).json["type"], "message", "Messages")
            chat = raw.request(port, "POST", "/v1/chat/completions", raw.question("Hello")).json
            check("demo" in chat["choices"][0]["message"]["content"].lower(), f"Chat: {chat}")
        finally:
            process.terminate()
            equal(process.wait(timeout=10), 0, "exit code")
            process.stdout.close()
    return f"port {port}"
