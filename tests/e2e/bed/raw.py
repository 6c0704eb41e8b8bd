"""HTTP over a plain socket, so that a test decides about every byte."""

import dataclasses
import json
import socket

JSON = {"content-type": "application/json"}


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes = b""

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def events(self):
        return parse_events(self.body)

    @property
    def text(self):
        """The text of a Messages answer, streamed or whole."""
        if not self.headers.get("content-type", "").startswith("text/event-stream"):
            return "".join(block.get("text", "") for block in self.json["content"])
        return text_of(self.events)


def parse_events(data):
    """[(event, data as JSON)] of complete server-sent events."""
    out = []
    for block in data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" in fields:
            out.append((fields.get("event", ""), json.loads(fields["data"])))
    return out


def text_of(events):
    return "".join(data["delta"].get("text", "") for name, data in events if name == "content_block_delta")


class Connection:
    def __init__(self, port, host="127.0.0.1", timeout=15.0, receive_buffer=0):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:  # before connecting: it decides about the window
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return data

    def take(self, count):
        while len(self.buffer) < count:
            if not self.more():
                raise EOFError(f"the connection ended {count - len(self.buffer)} bytes early")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def take_line(self):
        while b"\r\n" not in self.buffer:
            if not self.more():
                raise EOFError(f"the connection ended inside a line: {self.buffer[:200]!r}")
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def read_head(self):
        first = self.take_line().decode("latin-1")
        headers = {}
        while line := self.take_line().decode("latin-1"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return Answer(int(first.split(" ")[1]), headers)

    def read_chunk(self):
        size = int(self.take_line(), 16)
        data = self.take(size)
        self.take_line()
        return data

    def read_answer(self, method="POST"):
        answer = self.read_head()
        while answer.status == 100:
            answer = self.read_head()
        if method == "HEAD" or answer.status in (204, 304):
            return answer
        if answer.headers.get("transfer-encoding") == "chunked":
            while data := self.read_chunk():
                answer.body += data
        else:
            answer.body = self.take(int(answer.headers["content-length"]))
        return answer

    def ended(self):
        """Whether the other side closed: reads to the end."""
        try:
            while self.more():
                pass
        except (ConnectionResetError, socket.timeout) as error:
            return isinstance(error, ConnectionResetError)
        return True

    def request(self, method, path, body=None, headers=None):
        self.send(encode(method, path, body, headers))
        return self.read_answer(method)


def encode(method, path, body=None, headers=None):
    """A complete request; `body` is bytes, or a value for JSON."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    fields = {"host": "127.0.0.1"}
    if data is not None:
        fields |= {**JSON, "content-length": str(len(data))}
    fields |= headers or {}
    lines = [f"{method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (data or b"")


def request(port, method, path, body=None, headers=None, timeout=15.0):
    with Connection(port, timeout=timeout) as connection:
        return connection.request(method, path, body, headers)


def question(text="ping", stream=False, **more):
    return {"model": "claude-sonnet-4-5", "max_tokens": 500, "stream": stream,
            "messages": [{"role": "user", "content": text}], **more}


def ask(port, text="ping", stream=False, headers=None, timeout=15.0, **more):
    return request(port, "POST", "/v1/messages", question(text, stream, **more), headers, timeout)
