"""What the benchmark sends: requests in the shape of coding clients', recorded and grown to a size."""

import json
import pathlib

from answers import compact

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "tests/fixtures"
SOURCE = ("    for (std::size_t at = 0; at < lines.size(); ++at) {\n        if (lines[at].starts_with(\"// \")) continue;\n"
          "        out += fmt::format(\"{:>6}\\t{}\\n\", at + 1, lines[at]);  // ü 你好\n    }\n")
EVENTS = 115  # deltas of text of an answer; with the frame about 120 events
SESSION = "00000000-0000-4000-8000-000000000000"  # its last digits are varied by rig/load
RECORDED = {"messages": "claude-code/first-turn", "chat": "opencode/chat-tool-loop-3", "responses": "codex/tool-loop-4",
            "gemini": "gemini/tool-loop-5"}
# What the last bytes of a whole stream hold.
ENDS = {"messages": "message_stop", "chat": "[DONE]", "responses": "response.completed", "gemini": "STOP"}


def path(wire, model="bench", streamed=True):
    verb = "streamGenerateContent?alt=sse" if streamed else "generateContent"
    return {"messages": "/v1/messages", "chat": "/v1/chat/completions", "responses": "/v1/responses",
            "gemini": f"/v1beta/models/{model}:{verb}"}[wire]


def messages_turn(number, text):
    call = {"type": "tool_use", "id": f"toolu_{number:024d}", "name": "Read",
            "input": {"file_path": f"/home/dev/project/src/part_{number}.cpp"}}
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": [{"type": "text", "text": text}]}
    return [{"role": "assistant", "content": [{"type": "text", "text": f"I read part {number}."}, call]},
            {"role": "user", "content": [result]}]


def chat_turn(number, text):
    call = {"id": f"call_{number:018d}", "type": "function",
            "function": {"name": "read", "arguments": json.dumps({"filePath": f"/home/dev/project/src/part_{number}.cpp"})}}
    return [{"role": "assistant", "content": f"I read part {number}.", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": call["id"], "content": text}]


def responses_turn(number, text):
    call = f"call_{number:018d}"
    return [{"type": "function_call", "call_id": call, "name": "shell",
             "arguments": json.dumps({"command": ["cat", f"src/part_{number}.cpp"]})},
            {"type": "function_call_output", "call_id": call, "output": text}]


def gemini_turn(number, text):
    call = {"name": "read_file", "args": {"file_path": f"/home/dev/project/src/part_{number}.cpp"}}
    return [{"role": "model", "parts": [{"text": f"I read part {number}."}, {"functionCall": call}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "read_file", "response": {"output": text}}}]}]


TURNS = {"messages": (messages_turn, "messages"), "chat": (chat_turn, "messages"), "responses": (responses_turn, "input"),
         "gemini": (gemini_turn, "contents")}


def small(body, size):
    """A recorded turn without its tools, its texts cut to the size."""
    body.pop("tools")
    body["system"] = body["system"][:2]
    body["messages"] = [{"role": "user", "content": [{"type": "text", "text": ""}]}]
    missing = max(1, size - len(compact(body)))
    body["messages"][0]["content"][0]["text"] = ("Does it keep the order of what comes in? " * (missing // 40 + 1))[:missing]
    return body


def request(model, kilobytes, wire="messages", streamed=True, session=None):
    """A recorded turn, continued with calls and results until it has about that size."""
    body = json.loads((FIXTURES / f"{RECORDED[wire]}.json").read_text(encoding="utf-8"))["body"]
    if wire != "gemini":
        body |= {"model": model, "stream": streamed}
    if session:
        body["metadata"]["user_id"] = json.dumps(json.loads(body["metadata"]["user_id"]) | {"session_id": session})
    if wire == "messages" and kilobytes < 10:
        return compact(small(body, kilobytes * 1000))
    add, member = TURNS[wire]
    number, size = 0, len(compact(body))
    while (missing := kilobytes * 1000 - size) > 2000:
        # The escapes and the frame of a turn take their share.
        length = min(6000, int(missing * 0.8))
        turn = add(number, (SOURCE * (length // len(SOURCE) + 1))[:length])
        body[member] += turn
        size += len(compact(turn)) - 1
        number += 1
    return compact(body)
