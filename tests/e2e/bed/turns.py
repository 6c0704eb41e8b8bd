"""Turn: what the scripted upstream answers, in no protocol's words; and its messages on Messages and on Chat."""

import dataclasses
import itertools
import json
import zlib

USAGE = {"input": 210, "cached": 190, "output": 17}
ANSWERS = itertools.count(1)  # clients tell one answer from another by its id
FIGURES = b'"choices": [], "usage":'  # in Chat's message that has them


@dataclasses.dataclass
class Turn:
    text: str = ""
    thinking: str = ""
    calls: list = dataclasses.field(default_factory=list)  # (name, arguments)
    stop: str = ""  # "length"
    chunk: int = 12  # characters in a delta

    status: int = 0  # an error instead of an answer
    kind: str = "api_error"
    message: str = ""
    headers: dict = dataclasses.field(default_factory=dict)

    before: float = 0.0  # seconds before the head
    pause: float = 0.0  # seconds before each message
    silence: tuple = ()  # (n, seconds): so long before the nth message
    comments: bool = False  # a comment in each second of it
    cut_after: int | None = None  # the connection breaks after n messages
    end_after: int | None = None  # a clean end after n messages
    error_after: int | None = None  # an error message after n messages
    kilobytes: int = 0  # so much text instead of `text`, 1 KB in a message
    raw: bytes = b""  # sent as it is instead of an answer; then the connection closes


def pieces(text, size):
    return [text[at:at + size] for at in range(0, len(text), size)]


def call_id(prefix, at, arguments):
    return f"{prefix}_e2e{at}{zlib.crc32(json.dumps(arguments).encode()):08x}"


def event(data):
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def chunk(data):
    return f"data: {json.dumps(data)}\n\n".encode()


def message_body(turn, model):
    content = []
    if turn.thinking:
        content.append({"type": "thinking", "thinking": turn.thinking, "signature": "c2lnbmF0dXJl"})
    if turn.text:
        content.append({"type": "text", "text": turn.text})
    for at, (name, arguments) in enumerate(turn.calls):
        content.append({"type": "tool_use", "id": call_id("toolu", at, arguments),
                        "name": name, "input": arguments})
    stop = "max_tokens" if turn.stop == "length" else "tool_use" if turn.calls else "end_turn"
    usage = {"input_tokens": USAGE["input"] - USAGE["cached"], "cache_read_input_tokens": USAGE["cached"],
             "cache_creation_input_tokens": 0, "output_tokens": USAGE["output"]}
    return {"id": f"msg_e2e{next(ANSWERS)}", "type": "message", "role": "assistant", "model": model, "content": content,
            "stop_reason": stop, "stop_sequence": None, "usage": usage}


def block_deltas(block, size):
    """The start of a block and its deltas, as the Messages wire has them."""
    if block["type"] == "thinking":
        yield {**block, "thinking": "", "signature": ""}, None
        for part in pieces(block["thinking"], size):
            yield None, {"type": "thinking_delta", "thinking": part}
        yield None, {"type": "signature_delta", "signature": block["signature"]}
    elif block["type"] == "text":
        yield {**block, "text": ""}, None
        for part in pieces(block["text"], size):
            yield None, {"type": "text_delta", "text": part}
    else:
        yield {**block, "input": {}}, None
        for part in pieces(json.dumps(block["input"]), size):
            yield None, {"type": "input_json_delta", "partial_json": part}


def message_events(turn, model):
    body = message_body(turn, model)
    yield event({"type": "message_start", "message": {**body, "content": [], "stop_reason": None}})
    if turn.kilobytes:
        yield event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        delta = event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x" * 1024}})
        for _ in range(turn.kilobytes):
            yield delta
        yield event({"type": "content_block_stop", "index": 0})
    for index, block in enumerate(body["content"]):
        for start, delta in block_deltas(block, turn.chunk):
            if start:
                yield event({"type": "content_block_start", "index": index, "content_block": start})
            else:
                yield event({"type": "content_block_delta", "index": index, "delta": delta})
        yield event({"type": "content_block_stop", "index": index})
    yield event({"type": "message_delta", "delta": {"stop_reason": body["stop_reason"], "stop_sequence": None},
                 "usage": body["usage"]})
    yield event({"type": "message_stop"})


def chat_body(turn, model):
    message = {"role": "assistant", "content": turn.text or None}
    if turn.thinking:
        message["reasoning_content"] = turn.thinking
    if turn.calls:
        message["tool_calls"] = [
            {"id": call_id("call", at, arguments), "type": "function",
             "function": {"name": name, "arguments": json.dumps(arguments)}}
            for at, (name, arguments) in enumerate(turn.calls)]
    finish = "length" if turn.stop == "length" else "tool_calls" if turn.calls else "stop"
    usage = {"prompt_tokens": USAGE["input"], "completion_tokens": USAGE["output"],
             "total_tokens": USAGE["input"] + USAGE["output"],
             "prompt_tokens_details": {"cached_tokens": USAGE["cached"]}}
    return {"id": f"chatcmpl-e2e{next(ANSWERS)}", "object": "chat.completion", "created": 1, "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}


def call_deltas(calls, size):
    for index, call in enumerate(calls):
        opening = {**call, "index": index, "function": {**call["function"], "arguments": ""}}
        yield {"tool_calls": [opening]}
        for part in pieces(call["function"]["arguments"], size):
            yield {"tool_calls": [{"index": index, "function": {"arguments": part}}]}


def chat_events(turn, model):
    body = chat_body(turn, model)
    base = {"id": body["id"], "object": "chat.completion.chunk", "created": 1, "model": model}

    def part(delta, finish=None):
        return chunk({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    choice = body["choices"][0]
    yield part({"role": "assistant", "content": ""})
    if turn.kilobytes:
        delta = part({"content": "x" * 1024})
        for _ in range(turn.kilobytes):
            yield delta
    for text in pieces(turn.thinking, turn.chunk):
        yield part({"reasoning_content": text})
    for text in pieces(turn.text, turn.chunk):
        yield part({"content": text})
    for delta in call_deltas(choice["message"].get("tool_calls", []), turn.chunk):
        yield part(delta)
    yield part({}, choice["finish_reason"])
    yield chunk({**base, "choices": [], "usage": body["usage"]})
    yield b"data: [DONE]\n\n"
