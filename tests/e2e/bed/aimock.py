"""aimock, a provider that is not ours: it answers from fixtures, and records what it passes on to another provider."""

import json
import pathlib
import shutil
import subprocess
import tempfile

from bed import raw
from bed.claude import TOOLS
from bed.marks import Skipped, until
from bed.service import free_port
from bed.wires import path

PROGRAM = TOOLS / "node_modules/@copilotkit/aimock/dist/cli.js"


class Aimock:
    """One run of it on a free port. `fixtures` are written to its folder, or `folder` has them already."""

    def __init__(self, fixtures=(), folder=None, arguments=()):
        if not PROGRAM.exists():
            raise Skipped("aimock is not installed; tools/setup test does it")
        self.folder = folder or pathlib.Path(tempfile.mkdtemp(prefix="ccr-e2e-aimock-"))
        self.owned = folder is None
        if fixtures:
            (self.folder / "fixtures.json").write_text(json.dumps({"fixtures": list(fixtures)}), encoding="utf-8")
        self.port = free_port()
        self.log = open(self.folder / "aimock.log", "ab")
        self.process = subprocess.Popen(["node", PROGRAM, "-p", str(self.port), "-f", self.folder, *arguments],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            until(self._serves, "aimock's port", 20)
        except BaseException:
            self.close()
            raise

    def _serves(self):
        try:
            return raw.request(self.port, "GET", "/health").status
        except OSError:
            return None

    def url(self, wire):
        return f"http://127.0.0.1:{self.port}{path(wire)}"

    def log_text(self):
        return (self.folder / "aimock.log").read_text(encoding="utf-8", errors="replace")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        if self.owned:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
