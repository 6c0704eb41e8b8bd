"""Wall: a provider and its network that break as the model's name says, on a thread of its own.

A model is called FAULT.anything; FAULT is a row of faults.py, `sound` and `fallback` answer in full.
"""

import asyncio
import contextlib
import socket
import struct
import threading
import time

from healthy import FALLBACK, STREAM_HEAD, Healthy, chunk, head
from bed.seen import Seen


class Peer:
    """The other side of one request, as a fault handles it."""

    def __init__(self, reader, writer, seen):
        self.reader, self.writer, self.seen = reader, writer, seen

    async def send(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def reset(self):
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # What was written must have left before: a reset throws it away.
        await asyncio.sleep(0.02)
        self.writer.transport.abort()

    async def end(self):
        self.writer.close()

    async def half_close(self):
        self.writer.write_eof()
        await self.hang()

    async def hang(self):
        """Silent until the caller leaves."""
        while await self.reader.read(65536):
            pass


class Wall:
    def __init__(self, faults):
        self.faults = faults
        self.seen = []
        self.problems = []
        self.open = 0
        self._writers = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self):
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        self.open += 1
        self._writers.add(writer)
        try:
            writer.transport.set_write_buffer_limits(high=65536)
            while await self._serve_one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        except Exception as problem:  # pylint: disable=broad-except
            self.problems.append(repr(problem))
        finally:
            self.open -= 1
            self._writers.discard(writer)
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    async def _serve_one(self, reader, writer):
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        seen = Seen(method, path, fields, body, time.monotonic())
        self.seen.append(seen)
        return await self.answer(Peer(reader, writer, seen))

    async def answer(self, peer):
        """True when the connection may go on."""
        seen = peer.seen
        name = seen.model.partition(".")[0]
        healthy = Healthy(seen.wire, seen.stream, seen.model)
        if name in ("sound", "fallback"):
            await peer.send(fallback(healthy) if name == "fallback" else healthy.bytes())
            return True
        return bool(await self.faults[name].act(peer, healthy))

    def asked(self, model):
        return sum(seen.model == model for seen in list(self.seen))

    def end_connections(self):
        """Those that are idle, and those that are not."""
        self._loop.call_soon_threadsafe(lambda: [writer.close() for writer in list(self._writers)])

    def close(self):
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(self._loop)])
        self._loop.call_soon_threadsafe(self._loop.call_later, 0.1, self._loop.stop)
        self._thread.join(5)


def fallback(healthy):
    if healthy.stream:
        return STREAM_HEAD + b"".join(map(chunk, healthy.messages(text=FALLBACK))) + b"0\r\n\r\n"
    body = healthy.body(text=FALLBACK)
    return head(content_type="application/json", content_length=len(body)) + body
