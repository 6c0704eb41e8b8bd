"""Tiny HTTP and SOCKS5 proxies. Every name leads to one address, so names may be made up."""

import socket
import socketserver
import threading


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def join(client, upstream):
    other = threading.Thread(target=pump, args=(upstream, client), daemon=True)
    other.start()
    pump(client, upstream)
    other.join()


class HttpHandler(socketserver.StreamRequestHandler):
    """Absolute-form requests and CONNECT."""

    def handle(self):
        first = self.rfile.readline()
        if not first:
            return
        method, target, _ = first.split(b" ", 2)
        self.server.asked.append((method.decode(), target.decode()))
        with socket.create_connection(self.server.leads_to) as upstream:
            if method == b"CONNECT":
                while self.rfile.readline().strip():
                    pass
                self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                path = b"/" + target.split(b"/", 3)[3]
                upstream.sendall(b" ".join([method, path, b"HTTP/1.1\r\n"]))
                upstream.sendall(self.rfile.peek())
                self.rfile.read(len(self.rfile.peek()))
            join(self.connection, upstream)


class SocksHandler(socketserver.BaseRequestHandler):
    """RFC 1928 without authentication, CONNECT only."""

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.request.recv(count - len(data))
            if not more:
                raise ConnectionError("the greeting was cut")
            data += more
        return data

    def handle(self):
        _, methods = self.exactly(2)
        self.exactly(methods)
        self.request.sendall(b"\x05\x00")
        _, _, _, kind = self.exactly(4)
        host = self.exactly({1: 4, 4: 16}[kind]) if kind != 3 else self.exactly(self.exactly(1)[0])
        port = int.from_bytes(self.exactly(2), "big")
        name = host.decode() if kind == 3 else socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, host)
        self.server.asked.append(("name" if kind == 3 else "address", f"{name}:{port}"))
        with socket.create_connection(self.server.leads_to) as upstream:
            self.request.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            join(self.request, upstream)


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler, upstream):
        super().__init__(("127.0.0.1", 0), handler)
        self.leads_to = ("127.0.0.1", upstream.port)
        self.asked = []
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def __exit__(self, *arguments):
        self.shutdown()
        super().__exit__(*arguments)


def http_proxy(upstream):
    return Proxy(HttpHandler, upstream)


def socks_proxy(upstream):
    return Proxy(SocksHandler, upstream)
