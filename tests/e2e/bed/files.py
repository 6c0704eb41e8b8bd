"""A web server with a few files, and with bad manners where a test wants them."""

import http.server
import threading
import time

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
PDF = b"%PDF-1.4\n%%EOF\n"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        name = self.path.split("?")[0]
        if name == "/slow.png":
            time.sleep(1.5)
        if name.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", self.server.leads_to)
            self.send_header("content-length", "0")
            return self.end_headers()
        kind, body = self.server.files.get(name, ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("content-type", kind or "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Files(http.server.ThreadingHTTPServer):
    """`asked` holds the paths of the requests that came; /to/ leads to `leads_to`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.leads_to = "/a.png"
        self.files = {"/a.png": ("image/png", PNG), "/slow.png": ("image/png", PNG), "/b.pdf": ("application/pdf", PDF),
                      "/page.png": ("text/html", PNG), "/secret.png": ("image/png", b'{"token": "fake"}'),
                      "/large.png": ("image/png", PNG + bytes(200_000))}
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    def url(self, name):
        return f"http://{self.host}/{name}"

    def handle_error(self, *_):  # a client that leaves early is what some tests are about
        pass

    def __exit__(self, *arguments):
        self.shutdown()
        super().__exit__(*arguments)
