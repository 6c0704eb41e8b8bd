"""The clouds' front doors (clouds.mjs) before a scripted upstream, and configurations that lead to them."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.request

from bed.claude import TOOLS
from bed.marks import Skipped, check

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "clouds.mjs"
AWS = {"access_key_id": "AKIDE2E", "secret_access_key": "fake/secret+of-the-e2e", "session_token": "fake//session=="}
MODELS = ["big-model", "small-model"]


class Clouds:
    def __init__(self, upstream):
        if not (TOOLS / "node_modules/@smithy/signature-v4").exists():
            raise Skipped("the npm signer is not installed; tools/setup test does it")
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="ccr-e2e-clouds-"))
        self.process = subprocess.Popen(["node", str(SCRIPT), upstream.base, str(TOOLS)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, env={**os.environ, "NO_PROXY": "127.0.0.1"})
        line = self.process.stdout.readline().strip()
        check(line, "clouds.mjs did not start")
        self.base = f"http://127.0.0.1:{int(line)}"

    def seen(self, start=""):
        with urllib.request.urlopen(self.base + "/seen", timeout=10) as answer:
            return [s for s in json.load(answer) if s["path"].startswith(start)]

    def play(self, **knobs):
        request = urllib.request.Request(self.base + "/play", json.dumps(knobs).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def write(self, name, text):
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def service_account(self):
        """A key file of an account whose public key the token endpoint knows."""
        private = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                                 check=True, capture_output=True, text=True).stdout
        public = subprocess.run(["openssl", "pkey", "-pubout"], input=private, check=True, capture_output=True,
                                text=True).stdout
        self.play(publicKey=public)
        return self.write("key.json", json.dumps({
            "type": "service_account", "project_id": "e2e-project", "private_key_id": "kid", "private_key": private,
            "client_email": "robot@e2e.iam.gserviceaccount.com", "token_uri": self.base + "/token"}))

    def user(self):
        """The directory that gcloud keeps a user's credentials in."""
        self.write("application_default_credentials.json", json.dumps({
            "type": "authorized_user", "client_id": "fake-client", "client_secret": "fake-client-secret",
            "refresh_token": "1//fake-refresh", "token_uri": self.base + "/token"}))
        return str(self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.path, ignore_errors=True)


def config_of(provider, **more):
    name = provider.setdefault("name", "e2e")
    provider.setdefault("models", MODELS)
    return {"Providers": [provider], "Router": {"default": f"{name},{provider['models'][0]}"}, **more}


def vertex(clouds, **settings):
    return config_of({"api_base_url": clouds.base, "transformer": {"use": ["vertex-claude"]},
                      "vertex": {"location": "us-east5", **settings}})


def vertex_gemini(clouds, **settings):
    return config_of({"api_base_url": clouds.base, "transformer": {"use": ["vertex-gemini"]},
                      "vertex": {"location": "us-east5", **settings}})


def bedrock(clouds, **aws):
    return config_of({"api_base_url": clouds.base, "aws": {"region": "us-west-2", **(aws or AWS)}})


def azure(clouds, path="", **more):
    return config_of({"api_base_url": clouds.base + path, "api_key": "fake-azure-key", "azure": {}, **more})
