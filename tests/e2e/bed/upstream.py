"""Upstream: a provider that answers by script, on a thread of its own, and records what it saw.

    with Upstream(lambda seen: Turn(text="hello")) as upstream:
        ... upstream.url("chat"), upstream.seen

The script runs on the upstream's thread and must not block.
"""

import asyncio
import json
import threading
import time
import traceback

from bed import turns, wires
from bed.seen import Seen

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests",
           500: "Internal Server Error", 503: "Service Unavailable", 529: "Overloaded"}


class Cut(Exception):
    """The script breaks the connection."""


def head(status, headers):
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


class Connection:
    """One client's connection: reads requests, and notices during an answer that the client left."""

    def __init__(self, upstream, reader, writer):
        self.upstream, self.reader, self.writer = upstream, reader, writer
        self.pushed_back = b""

    async def serve(self):
        try:
            while seen := await self.read_request():
                self.upstream.seen.append(seen)
                await self.answer_while_watching(seen)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    async def read_request(self):
        try:
            raw = self.pushed_back + await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        self.pushed_back = b""
        first, *lines = raw.decode("latin-1").rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        port = self.writer.get_extra_info("peername")[1]
        return Seen(method, path, headers, body, time.monotonic(), port)

    async def answer_while_watching(self, seen):
        answer = asyncio.ensure_future(self.answer(seen))
        watch = asyncio.ensure_future(self.reader.read(1))
        await asyncio.wait({answer, watch}, return_when=asyncio.FIRST_COMPLETED)
        if watch.done() and not answer.done() and watch.exception() is None:
            self.pushed_back = watch.result()
        left = watch.done() and not self.pushed_back
        if left:
            answer.cancel()
        watch.cancel()
        problem, _ = await asyncio.gather(answer, watch, return_exceptions=True)
        if problem is None:
            return
        if not isinstance(problem, Cut):  # the peer's end, or a reset that the answer met first
            seen.closed_at = time.monotonic()
            if not isinstance(problem, (asyncio.CancelledError, OSError)):
                traceback.print_exception(problem)
        raise ConnectionError("the answer was not completed")

    async def write(self, seen, data):
        self.writer.write(data)
        seen.sent += len(data)
        await self.writer.drain()

    async def answer(self, seen):
        turn = self.upstream.script(seen)
        await asyncio.sleep(turn.before)
        if turn.raw:
            await self.write(seen, turn.raw)
            raise Cut
        if turn.status:
            await self.send_whole(seen, turn.status, json.dumps(wires.error_body(turn, seen.wire)).encode(), turn.headers)
        elif seen.stream:
            await self.send_stream(seen, turn)
        else:
            await self.send_whole(seen, 200, wires.whole(turn, seen.wire, seen.model), turn.headers)
        seen.answered = True

    async def send_whole(self, seen, status, body, headers):
        fields = {"content-type": "application/json", "content-length": len(body), **headers}
        await self.write(seen, head(status, fields) + body)

    async def send_stream(self, seen, turn):
        fields = {"content-type": "text/event-stream", "transfer-encoding": "chunked", **turn.headers}
        pending = head(200, fields)
        messages = wires.stream(turn, seen.wire, seen.model)
        if not seen.wants_figures:
            messages = (message for message in messages if turns.FIGURES not in message)
        for number, message in enumerate(messages):
            if number == turn.cut_after:
                raise Cut
            if number == turn.error_after:
                message = wires.error_message(turn, seen.wire)
            if number != turn.end_after:
                await self.pace(seen, turn, number, pending)
                if turn.silence[:1] == (number,) or turn.pause:
                    pending = b""
                pending += b"%x\r\n%s\r\n" % (len(message), message)
            if len(pending) > 16384 or turn.pause or turn.cut_after is not None:
                await self.write(seen, pending)
                pending = b""
            if number in (turn.end_after, turn.error_after):
                break
        await self.write(seen, pending + b"0\r\n\r\n")

    async def pace(self, seen, turn, number, pending):
        """Waits as the turn says; what was gathered leaves first."""
        silent = turn.silence[:1] == (number,)
        if (silent or turn.pause) and pending:
            await self.write(seen, pending)
        if silent:
            await self.be_silent(seen, turn)
        if turn.pause:
            await asyncio.sleep(turn.pause)

    async def be_silent(self, seen, turn):
        """No content for so long; with comments that show life, where the turn has them."""
        if not turn.comments:
            return await asyncio.sleep(turn.silence[1])
        for _ in range(int(turn.silence[1])):
            await asyncio.sleep(1)
            await self.write(seen, b"b\r\n: working\n\n\r\n")


class Upstream:
    def __init__(self, script=lambda seen: turns.Turn(text="pong")):
        self.script = script
        self.seen = []
        self.connections = set()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self):
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=256, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        # A small buffer, so that a reader's slowness is felt here at once.
        writer.transport.set_write_buffer_limits(high=65536)
        await Connection(self, reader, writer).serve()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def chat_url(self):
        return self.base + "/v1/chat/completions"

    @property
    def messages_url(self):
        return self.base + "/v1/messages"

    def url(self, wire):
        return self.base + wires.path(wire)

    def close(self):
        def cancel_all():
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.call_soon(self._loop.stop)

        self._loop.call_soon_threadsafe(cancel_all)
        self._thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
