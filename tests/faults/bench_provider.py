"""The provider of the failoverbench scenarios: a model per fault, and two sound ones, as the catalogue describes them."""

import asyncio
import json
import os
import time

from healthy import STREAM_HEAD, chunk, head

CANONICAL = " ".join(f"word{at:02}" for at in range(60))
# Seconds: named wait, late first token, stall, silence, outage, between tokens; the router's limits of silence and of
# the first token; S15's requests. The first line is the catalogue's.
TIMES = {"retry": 2, "late": 20.0, "stall": 30.0, "silence": 120.0, "outage": 60.0, "pace": 0.015,
         "idle": 25.0, "first": 12.0, "every": 4.0, "count": 20} if os.environ.get("FULL_TIMES") == "1" else \
        {"retry": 2, "late": 6.0, "stall": 8.0, "silence": 20.0, "outage": 8.0, "pace": 0.005,
         "idle": 3.0, "first": 2.5, "every": 1.5, "count": 26}
KINDS = {429: "rate_limit_error", 400: "invalid_request_error", 503: "overloaded_error"}
TOO_LONG = ("This model's maximum context length is 8192 tokens. However, your messages resulted in 9631 tokens. Please "
            "reduce the length of the messages.")


def refusal(healthy, status, message, code=None, **fields):
    error = {"type": KINDS.get(status, "api_error"), "message": message}
    body = {"type": "error", "error": error} if healthy.wire == "messages" else {"error": {**error, "code": code}}
    data = json.dumps(body).encode()
    return head(f"{status} Refused", content_type="application/json", content_length=len(data), **fields) + data


async def stream(peer, healthy, text=CANONICAL, cut=None, stall=None, bad=None, late=0.0, done=True):
    """The canonical answer word by word, with one fault; true when the connection may go on."""
    word = -1
    await peer.send(STREAM_HEAD)
    await asyncio.sleep(late)
    for message in healthy.messages(text=text, chunk=len("word00 ")):
        word += b"word" in message
        if word in (cut, stall) and word >= 0:
            await asyncio.sleep(TIMES["stall"] if word == stall else 0)
            await peer.end()
            return False
        if word == bad and word >= 0:
            await peer.send(chunk(b'data: {"id": "x", "choices": [{"delta": {"content": \n\n'))
            bad = None
        if done or not (b"[DONE]" in message or b"message_stop" in message):
            await peer.send(chunk(message))
        await asyncio.sleep(TIMES["pace"])
    await peer.send(b"0\r\n\r\n")
    return True


class Fault:
    """One scenario's model; counts its own attempts."""

    def __init__(self, name):
        self.name, self.attempts, self.began = name, 0, time.monotonic()

    def refused(self, healthy):
        """The refusal that this attempt meets, if any."""
        first, name = self.attempts == 1, self.name
        if name == "S01" and first:
            return refusal(healthy, 429, "Rate limit reached.", "rate_limit_exceeded", retry_after=TIMES["retry"])
        if name == "S02":
            return refusal(healthy, 429, "Rate limit reached.", "rate_limit_exceeded")
        if name == "S03" and first:
            return refusal(healthy, 500, "The server had an error while processing your request.")
        if name in ("S04", "S16") or name == "S15" and time.monotonic() - self.began < TIMES["outage"]:
            return refusal(healthy, 503, "The engine is currently overloaded.", "overloaded")
        if name == "S12":
            return refusal(healthy, 400, TOO_LONG, "context_length_exceeded")
        if name == "S13":
            return refusal(healthy, 400, "Your request was rejected as a result of our safety system.", "content_policy_violation")
        return b""

    async def act(self, peer, healthy):
        self.attempts += 1
        if self.name == "S05" and self.attempts == 1:
            return await peer.reset()
        if self.name == "S06":
            silence = asyncio.ensure_future(peer.hang())
            await asyncio.wait({silence}, timeout=TIMES["silence"])
            silence.cancel()
            return await peer.end()
        if data := self.refused(healthy):
            await peer.send(data)
            return True
        how = {"S07": {"late": TIMES["late"]}, "S08": {"cut": 40}, "S14": {"cut": 40}, "S09": {"stall": 20},
               "S10": {"bad": 10}, "S11": {"done": False}}
        return await stream(peer, healthy, **how.get(self.name, {}))


class Sound:
    """Gives the whole answer. What ends with a part of it as the assistant's turn gets the rest, or a refusal."""

    def __init__(self, prefill):
        self.prefill, self.prefills_refused = prefill, 0

    async def act(self, peer, healthy):
        last = peer.seen.json["messages"][-1]
        if last["role"] != "assistant":
            return await stream(peer, healthy)
        if not self.prefill:
            self.prefills_refused += 1
            await peer.send(refusal(healthy, 400, "This model does not support assistant message prefill.", "invalid_prefill"))
            return True
        said = last["content"] if isinstance(last["content"], str) else "".join(part.get("text", "") for part in last["content"])
        return await stream(peer, healthy, CANONICAL.removeprefix(said.strip()))
