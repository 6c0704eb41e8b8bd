"""A Turn as OpenAI's Responses API has it: an object, or events with rising numbers."""

import json

from bed.turns import USAGE, call_id, event, pieces


def items(turn):
    out = []
    if turn.thinking:
        out.append({"type": "reasoning", "id": "rs_e2e", "encrypted_content": "c2VhbGVk",
                    "summary": [{"type": "summary_text", "text": turn.thinking}]})
    if turn.text:
        out.append({"type": "message", "id": "msg_e2e", "role": "assistant", "status": "completed",
                    "content": [{"type": "output_text", "text": turn.text, "annotations": []}]})
    for at, (name, arguments) in enumerate(turn.calls):
        out.append({"type": "function_call", "id": f"fc_e2e{at}", "call_id": call_id("call", at, arguments),
                    "name": name, "arguments": json.dumps(arguments), "status": "completed"})
    return out


def frame(turn, model, status, output):
    is_cut = status == "incomplete"
    return {"id": "resp_e2e", "object": "response", "created_at": 1, "status": status, "model": model, "output": output,
            "error": None, "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None}


def body(turn, model):
    usage = {"input_tokens": USAGE["input"], "input_tokens_details": {"cached_tokens": USAGE["cached"]},
             "output_tokens": USAGE["output"], "output_tokens_details": {"reasoning_tokens": 0},
             "total_tokens": USAGE["input"] + USAGE["output"]}
    return {**frame(turn, model, "incomplete" if turn.stop == "length" else "completed", items(turn)), "usage": usage}


def text_part(place, name, part, field, size):
    """The life of one part that holds text: added, its pieces, done."""
    text = part["text"]
    yield {"type": f"response.{name}_part.added", **place, "part": {**part, "text": ""}}
    for piece in pieces(text, size):
        yield {"type": f"response.{field}.delta", **place, "delta": piece}
    yield {"type": f"response.{field}.done", **place, "text": text}
    yield {"type": f"response.{name}_part.done", **place, "part": part}


def inside(item, index, size):
    place = {"item_id": item["id"], "output_index": index}
    if item["type"] == "reasoning":
        yield from text_part({**place, "summary_index": 0}, "reasoning_summary", item["summary"][0],
                             "reasoning_summary_text", size)
    elif item["type"] == "message":
        yield from text_part({**place, "content_index": 0}, "content", item["content"][0], "output_text", size)
    else:
        for piece in pieces(item["arguments"], size):
            yield {"type": "response.function_call_arguments.delta", **place, "delta": piece}
        yield {"type": "response.function_call_arguments.done", **place, "arguments": item["arguments"]}


EMPTY = {"reasoning": {"summary": [], "encrypted_content": None}, "message": {"content": [], "status": "in_progress"},
         "function_call": {"arguments": "", "status": "in_progress"}}


def unnumbered(turn, model):
    for kind in ("created", "in_progress"):
        yield {"type": f"response.{kind}", "response": frame(turn, model, "in_progress", [])}
    for index, item in enumerate(items(turn)):
        yield {"type": "response.output_item.added", "output_index": index, "item": {**item, **EMPTY[item["type"]]}}
        yield from inside(item, index, turn.chunk)
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    response = body(turn, model)
    yield {"type": f"response.{response['status']}", "response": response}


def events(turn, model):
    for number, data in enumerate(unnumbered(turn, model)):
        yield event({**data, "sequence_number": number})


def error_message(turn):
    return event({"type": "error", "sequence_number": 99, "code": turn.kind, "message": turn.message, "param": None})
