"""The healthy answer on each wire, in named pieces, so that a fault can say where it strikes."""

import dataclasses
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from bed import turns, wires  # noqa: E402

MARK = "qzjx"
TEXT = " ".join(f"w{at}" for at in range(60)) + " – to its end, with ümläuts."
FALLBACK = "This is the fallback's whole answer, and nobody else's."


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def head(status="200 OK", **fields):
    lines = [f"HTTP/1.1 {status}"] + [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


STREAM_HEAD = head(content_type="text/event-stream", transfer_encoding="chunked")


@dataclasses.dataclass
class Healthy:
    """What a sound provider would send for one request."""

    wire: str
    stream: bool
    model: str
    text: str = TEXT
    piece: int = 12  # characters in a delta

    def messages(self, **turn):
        return list(wires.stream(turns.Turn(**{"text": self.text, "chunk": self.piece, **turn}), self.wire, self.model))

    def body(self, **turn):
        return wires.whole(turns.Turn(**{"text": self.text, **turn}), self.wire, self.model)

    def delta(self, **turn):
        """One message that brings MARK: of the text, or of what the turn says."""
        turn = turn or {"text": MARK}
        return next(m for m in self.messages(**{"text": "", **turn}) if MARK.encode() in m and b".added" not in m)

    def first(self):
        """The messages before any content."""
        every = self.messages(text=MARK)
        return every[:next(at for at, m in enumerate(every) if MARK.encode() in m)]

    def payload(self):
        """The body without its framing."""
        return b"".join(self.messages()) if self.stream else self.body()

    def content_type(self):
        return "text/event-stream" if self.stream else "application/json"

    def whole_head(self, **fields):
        return head(content_type=self.content_type(), **{"content_length": len(self.payload()), **fields})

    def pieces(self):
        """(name, bytes) in order: head, before content, content, last, end. Joined they are the answer."""
        if not self.stream:
            half = len(self.body()) // 2
            return [("head", self.whole_head()), ("before", self.body()[:8]), ("content", self.body()[8:half]),
                    ("last", self.body()[half:-1]), ("end", self.body()[-1:])]
        every, before = self.messages(), len(self.first())
        return [("head", STREAM_HEAD), ("before", b"".join(map(chunk, every[:before]))),
                ("content", b"".join(map(chunk, every[before:-1]))), ("last", chunk(every[-1])), ("end", b"0\r\n\r\n")]

    def bytes(self):
        return b"".join(data for _, data in self.pieces())

    def offset(self, name, share=0.0):
        """Where a piece begins, or the byte that lies so far inside it."""
        at = 0
        for known, data in self.pieces():
            if known == name:
                return at + int(len(data) * share)
            at += len(data)
        raise KeyError(name)
