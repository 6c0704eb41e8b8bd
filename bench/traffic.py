"""What the benchmark sends and gets: requests in the shape of a coding client's, and a streamed answer."""

import json
import pathlib

FIXTURE = pathlib.Path(__file__).resolve().parents[1] / "tests/fixtures/claude-code/first-turn.json"
SOURCE = ("    for (std::size_t at = 0; at < lines.size(); ++at) {\n        if (lines[at].starts_with(\"// \")) continue;\n"
          "        out += fmt::format(\"{:>6}\\t{}\\n\", at + 1, lines[at]);  // ü 你好\n    }\n")
EVENTS = 115  # deltas of text; with the frame about 120 events


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def turn(number, size):
    """A call and its result: what fills a working day's conversation."""
    call = {"type": "tool_use", "id": f"toolu_{number:024d}", "name": "Read",
            "input": {"file_path": f"/home/dev/project/src/part_{number}.cpp"}}
    text = (SOURCE * (size // len(SOURCE) + 1))[:size]
    result = {"type": "tool_result", "tool_use_id": call["id"], "content": [{"type": "text", "text": text}]}
    return [{"role": "assistant", "content": [{"type": "text", "text": f"I read part {number}."}, call]},
            {"role": "user", "content": [result]}]


def request(model, kilobytes):
    """A recorded first turn, continued with calls and results until it has about that size."""
    body = json.loads(FIXTURE.read_text(encoding="utf-8"))["body"]
    body |= {"model": model, "stream": True}
    number = 0
    while (missing := kilobytes * 1000 - len(compact(body))) > 2000:
        # The escapes and the frame of a turn take their share.
        body["messages"] += turn(number, min(6000, int(missing * 0.8)))
        number += 1
    return compact(body)


def words():
    return [f"word{number} and more, " for number in range(EVENTS)]


def messages_answer():
    usage = {"input_tokens": 1200, "cache_read_input_tokens": 24000, "cache_creation_input_tokens": 300, "output_tokens": 1}
    message = {"id": "msg_bench", "type": "message", "role": "assistant", "model": "bench", "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": usage}
    events = [{"type": "message_start", "message": message},
              {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}]
    events += [{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": w}} for w in words()]
    events += [{"type": "content_block_stop", "index": 0},
               {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 345}},
               {"type": "message_stop"}]
    return b"".join(b"event: %s\ndata: %s\n\n" % (e["type"].encode(), compact(e)) for e in events)


def chat_answer():
    base = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1, "model": "bench"}

    def chunk(delta, finish=None):
        return {**base, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    usage = {"prompt_tokens": 25500, "completion_tokens": 345, "total_tokens": 25845,
             "prompt_tokens_details": {"cached_tokens": 24000}}
    chunks = [chunk({"role": "assistant", "content": ""})] + [chunk({"content": word}) for word in words()]
    chunks += [chunk({}, "stop"), {**base, "choices": [], "usage": usage}]
    return b"".join(b"data: %s\n\n" % compact(c) for c in chunks) + b"data: [DONE]\n\n"
