"""A Turn as Gemini's API has it: an object, or a stream of such objects with a part of the answer each."""

from bed.turns import USAGE, call_id, chunk, pieces

STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
            429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}


def parts(turn, size):
    for text in pieces(turn.thinking, size):
        yield {"text": text, "thought": True}
    for text in pieces(turn.text, size):
        yield {"text": text}
    for at, (name, arguments) in enumerate(turn.calls):
        seal = {"thoughtSignature": "c2VhbGVk"} if at == 0 else {}
        yield {"functionCall": {"id": call_id("call", at, arguments), "name": name, "args": arguments}, **seal}


def answer(model, some, last=None):
    candidate = {"content": {"role": "model", "parts": some}, "index": 0}
    out = {"candidates": [candidate], "modelVersion": model, "responseId": "e2e"}
    if last:
        candidate["finishReason"] = last
        out["usageMetadata"] = {"promptTokenCount": USAGE["input"], "cachedContentTokenCount": USAGE["cached"],
                                "candidatesTokenCount": USAGE["output"],
                                "totalTokenCount": USAGE["input"] + USAGE["output"]}
    return out


def finish(turn):
    return "MAX_TOKENS" if turn.stop == "length" else "STOP"


def body(turn, model):
    return answer(model, list(parts(turn, 1 << 30)), finish(turn))


def events(turn, model):
    for part in parts(turn, turn.chunk):
        yield chunk(answer(model, [part]))
    yield chunk(answer(model, [{"text": ""}], finish(turn)))


def error_body(turn):
    status = turn.status or (400 if turn.kind == "invalid_request_error" else 503)
    return {"error": {"code": status, "message": turn.message, "status": STATUSES.get(status, "UNKNOWN")}}
