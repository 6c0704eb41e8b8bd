"""What the benchmark's upstream answers, in four protocols, as rig/answers.h reads it: head, one event, tail, and whole."""

import json

# Where the upstream writes when it sent the event, and the event's number in a burst (rig/http_exchange.h).
MARK = "@0000000000000000 word0000 "
WIRES = ("messages", "chat", "responses", "gemini")
IN, CACHED, OUT = 25_500, 24_000, 345  # tokens


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def named(*events):
    return b"".join(b"event: %s\ndata: %s\n\n" % (event["type"].encode(), compact(event)) for event in events)


def plain(*chunks):
    return b"".join(b"data: %s\n\n" % compact(chunk) for chunk in chunks)


def messages():
    usage = {"input_tokens": IN - CACHED, "cache_read_input_tokens": CACHED, "cache_creation_input_tokens": 300,
             "output_tokens": 1}
    message = {"id": "msg_bench", "type": "message", "role": "assistant", "model": "bench", "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": usage}
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    head = named({"type": "message_start", "message": message},
                 {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    event = named({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": MARK}})
    tail = named({"type": "content_block_stop", "index": 0},
                 {"type": "message_delta", "delta": end, "usage": {"output_tokens": OUT}}, {"type": "message_stop"})
    return head, event, tail, message | end | {"content": [{"type": "text", "text": "Yes, it does."}]}


def chat():
    base = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1, "model": "bench"}
    usage = {"prompt_tokens": IN, "completion_tokens": OUT, "total_tokens": IN + OUT,
             "prompt_tokens_details": {"cached_tokens": CACHED}}

    def chunk(delta, finish=None):
        return base | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}

    whole = base | {"object": "chat.completion", "usage": usage, "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Yes, it does."}, "logprobs": None, "finish_reason": "stop"}]}
    return (plain(chunk({"role": "assistant", "content": ""})), plain(chunk({"content": MARK})),
            plain(chunk({}, "stop"), base | {"choices": [], "usage": usage}) + b"data: [DONE]\n\n", whole)


def responses():
    usage = {"input_tokens": IN, "input_tokens_details": {"cached_tokens": CACHED}, "output_tokens": OUT,
             "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": IN + OUT}
    answer = {"id": "resp_bench", "object": "response", "created_at": 1, "status": "in_progress", "model": "bench", "output": [],
              "usage": None}
    part = {"type": "output_text", "text": "", "annotations": []}
    full = part | {"text": "Yes, it does."}
    item = {"id": "msg_bench", "type": "message", "status": "in_progress", "role": "assistant", "content": []}
    done = item | {"status": "completed", "content": [full]}
    place = {"item_id": "msg_bench", "output_index": 0, "content_index": 0, "sequence_number": 4}
    ended = answer | {"status": "completed", "output": [done], "usage": usage}
    head = named({"type": "response.created", "response": answer, "sequence_number": 0},
                 {"type": "response.output_item.added", "output_index": 0, "item": item, "sequence_number": 1},
                 {"type": "response.content_part.added", **place, "part": part})
    event = named({"type": "response.output_text.delta", **place, "delta": MARK})
    tail = named({"type": "response.output_text.done", **place, "text": full["text"]},
                 {"type": "response.content_part.done", **place, "part": full},
                 {"type": "response.output_item.done", "output_index": 0, "item": done, "sequence_number": 8},
                 {"type": "response.completed", "response": ended, "sequence_number": 9})
    return head, event, tail, ended


def gemini():
    usage = {"promptTokenCount": IN, "cachedContentTokenCount": CACHED, "candidatesTokenCount": OUT, "totalTokenCount": IN + OUT}
    base = {"modelVersion": "bench", "responseId": "bench"}

    def chunk(text, **more):
        return {"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}]} | base

    end = chunk(".", finishReason="STOP") | {"usageMetadata": usage}
    return plain(chunk("Yes: ")), plain(chunk(MARK)), plain(end), chunk("Yes, it does.", finishReason="STOP") | {"usageMetadata": usage}


def write(directory):
    for wire in WIRES:
        head, event, tail, whole = globals()[wire]()
        for name, content in (("head", head), ("event", event), ("tail", tail), ("json", compact(whole))):
            (directory / f"{wire}.{name}").write_bytes(content)
