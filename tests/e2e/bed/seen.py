"""Seen: one request as the upstream saw it, and what the tests ask about it, alike on both wires."""

import dataclasses
import json


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
        return "messages" if "/v1/messages" in self.path else "chat"

    @property
    def json(self):
        return json.loads(self.body)

    def _parts(self, kind):
        for message in self.json["messages"]:
            content = message.get("content")
            for part in content if isinstance(content, list) else []:
                if part.get("type") == kind:
                    yield part

    def system_text(self):
        parts = [self.json.get("system", "")]
        parts += [m["content"] for m in self.json["messages"] if m["role"] in ("system", "developer")]
        return "\n".join(text_of(part) for part in parts)

    def user_text(self):
        return "\n".join(text_of(m["content"]) for m in self.json["messages"] if m["role"] == "user")

    def results(self):
        """[(call id, text)] of all tool results."""
        if self.wire == "messages":
            return [(p["tool_use_id"], text_of(p.get("content", ""))) for p in self._parts("tool_result")]
        return [(m["tool_call_id"], text_of(m["content"])) for m in self.json["messages"] if m["role"] == "tool"]

    def images(self):
        if self.wire == "chat":
            return len(list(self._parts("image_url")))
        inside = [p for r in self._parts("tool_result") if isinstance(r.get("content"), list) for p in r["content"]]
        return len(list(self._parts("image"))) + sum(p.get("type") == "image" for p in inside)

    def thinking(self):
        """Texts of the thoughts that came back."""
        if self.wire == "messages":
            return [p["thinking"] for p in self._parts("thinking")]
        return [m["reasoning_content"] for m in self.json["messages"] if m.get("reasoning_content")]

    def tools(self):
        listed = self.json.get("tools", [])
        return [t["function"]["name"] if "function" in t else t["name"] for t in listed]


def text_of(content):
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content or [])
