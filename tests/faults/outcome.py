"""How a client's request ended: A, F or E as in faults.py, or what is wrong with it."""

import json

from healthy import FALLBACK, TEXT
from bed import raw


def question(wire, model, stream, text="ping"):
    """(path, body) of one request in a wire's own words."""
    if wire == "messages":
        return "/v1/messages", {**raw.question(text, stream), "model": model}
    if wire == "chat":
        return "/v1/chat/completions", {"model": model, "stream": stream, "messages": [{"role": "user", "content": text}]}
    if wire == "responses":
        return "/v1/responses", {"model": model, "stream": stream, "input": text}
    verb = "streamGenerateContent?alt=sse" if stream else "generateContent"
    return f"/v1beta/models/{model}:{verb}", {"contents": [{"role": "user", "parts": [{"text": text}]}]}


def whole_text(wire, body):
    if wire == "messages":
        return "".join(block.get("text", "") for block in body["content"])
    if wire == "chat":
        return body["choices"][0]["message"]["content"]
    if wire == "responses":
        return "".join(part.get("text", "") for item in body["output"] for part in item.get("content", []))
    return "".join(part.get("text", "") for part in body["candidates"][0]["content"]["parts"])


def read_event(wire, data):
    """(text, the answer ends here, an error) of one event of a stream."""
    kind = data.get("type", "")
    if wire == "messages":
        return data.get("delta", {}).get("text", ""), kind == "message_stop", kind == "error"
    if wire == "chat":
        choice = (data.get("choices") or [{}])[0]
        return choice.get("delta", {}).get("content") or "", bool(choice.get("finish_reason")), "error" in data
    if wire == "responses":
        text = data.get("delta", "") if kind == "response.output_text.delta" else ""
        return text, kind in ("response.completed", "response.incomplete"), kind in ("error", "response.failed")
    candidate = (data.get("candidates") or [{}])[0]
    parts = candidate.get("content", {}).get("parts", [])
    return "".join(p.get("text", "") for p in parts if not p.get("thought")), "finishReason" in candidate, "error" in data


def events_of(body):
    for block in body.decode().replace("\r\n", "\n").split("\n\n"):
        data = "\n".join(line[5:].lstrip() for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            yield json.loads(data)


def of_text(text):
    return {TEXT: "A", FALLBACK: "F"}.get(text) or f"an answer of {len(text)} characters as if complete: {text[-40:]!r}"


def of_stream(wire, body, judge):
    text, ended, failed = "", False, False
    for data in events_of(body):
        more, end, error = read_event(wire, data)
        text, ended, failed = text + more, ended or end, failed or error
    if failed:
        return "an error and an end" if ended else "E"
    if not ended:
        return f"a stream without an end, after {len(text)} characters"
    return judge(text)


def of_error(answer):
    error = answer.json.get("error", {})
    sound = isinstance(error, dict) and error.get("message") and 400 <= answer.status < 600
    return "E" if sound else f"status {answer.status} with {answer.body[:80]!r}"


def outcome(wire, stream, answer, judge=of_text):
    """`judge` says of a complete answer's text whose it is."""
    if answer.status != 200:
        return of_error(answer)
    if stream:
        return of_stream(wire, answer.body, judge)
    return judge(whole_text(wire, answer.json))
