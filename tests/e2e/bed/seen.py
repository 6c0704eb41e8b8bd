"""Seen: one request as the upstream saw it, and what the tests ask about it, alike on every wire."""

import dataclasses
import json

from bed import wires


@dataclasses.dataclass
class Seen:
    method: str
    path: str
    headers: dict
    body: bytes
    at: float  # monotonic seconds
    peer_port: int = 0
    sent: int = 0  # bytes of the answer handed to the socket
    answered: bool = False  # completely
    closed_at: float | None = None  # the peer closed before the answer was complete

    @property
    def wire(self):
        return wires.wire_of(self.path)

    @property
    def model(self):
        if self.wire == "gemini":
            return self.path.partition("/models/")[2].partition(":")[0]
        return self.json.get("model", "")

    @property
    def stream(self):
        return ":streamGenerateContent" in self.path or bool(self.json.get("stream"))

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def wants_figures(self):
        """Chat's streams have them only for who asks."""
        return self.wire != "chat" or bool((self.json.get("stream_options") or {}).get("include_usage"))

    def _turns(self):
        """The conversation's items, under whatever name its wire has them."""
        body = self.json
        turns = body.get("messages") or body.get("contents") or body.get("input") or []
        return [{"role": "user", "content": turns}] if isinstance(turns, str) else turns

    def _parts(self, kind):
        for turn in self._turns():
            content = turn.get("content")
            for part in content if isinstance(content, list) else []:
                if part.get("type") == kind:
                    yield part

    def _gemini_parts(self, member):
        return [part[member] for turn in self._turns() for part in turn.get("parts", []) if member in part]

    def system_text(self):
        body = self.json
        parts = [body.get("system", ""), body.get("instructions") or "",
                 body.get("systemInstruction", {}).get("parts", [])]
        parts += [m["content"] for m in self._turns() if m.get("role") in ("system", "developer")]
        return "\n".join(text_of(part) for part in parts)

    def user_text(self):
        user = [turn for turn in self._turns() if turn.get("role") == "user"]
        return "\n".join(text_of(turn.get("content") or turn.get("parts", [])) for turn in user)

    def results(self):
        """[(call id, text)] of all tool results."""
        if self.wire == "messages":
            return [(p["tool_use_id"], text_of(p.get("content", ""))) for p in self._parts("tool_result")]
        if self.wire == "responses":
            return [(item["call_id"], text_of(item["output"])) for item in self._turns()
                    if item.get("type") in ("function_call_output", "custom_tool_call_output")]
        if self.wire == "gemini":
            return [(result.get("id", ""), result_text(result["response"]))
                    for result in self._gemini_parts("functionResponse")]
        return [(m["tool_call_id"], text_of(m["content"])) for m in self._turns() if m["role"] == "tool"]

    def _media(self):
        """The kind of every picture and paper, in messages and in tool results."""
        if self.wire == "gemini":
            inside = [p for r in self._gemini_parts("functionResponse") for p in r.get("parts", [])]
            blobs = self._gemini_parts("inlineData") + [p["inlineData"] for p in inside]
            return ["document" if blob["mimeType"] == "application/pdf" else "image" for blob in blobs]
        inside = [item["output"] for item in self._turns() if isinstance(item.get("output"), list)]
        inside += [r["content"] for r in self._parts("tool_result") if isinstance(r.get("content"), list)]
        inside += [turn["content"] for turn in self._turns() if isinstance(turn.get("content"), list)]
        kinds = {"image": "image", "image_url": "image", "input_image": "image",
                 "document": "document", "file": "document", "input_file": "document"}
        return [kinds[part["type"]] for parts in inside for part in parts if part.get("type") in kinds]

    def images(self):
        return self._media().count("image")

    def documents(self):
        return self._media().count("document")

    def thinking(self):
        """Texts of the thoughts that came back."""
        if self.wire == "messages":
            return [p["thinking"] for p in self._parts("thinking")]
        return [m["reasoning_content"] for m in self._turns() if m.get("reasoning_content")]

    def tools(self):
        listed = self.json.get("tools", [])
        if self.wire == "gemini":
            return [f["name"] for tool in listed for f in tool.get("functionDeclarations", [])]
        return [t["function"]["name"] if "function" in t else t.get("name", t.get("type")) for t in listed]


def result_text(response):
    """What a tool said, out of the object that Gemini wraps it in."""
    values = list(response.values())
    return values[0] if len(values) == 1 and isinstance(values[0], str) else json.dumps(response, ensure_ascii=False)


def text_of(content):
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content or [])
