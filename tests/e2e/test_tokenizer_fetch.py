"""`ccr tokens --fetch`: a tokenizer.json from the hub or a URL, kept once, checked, and used by a configuration."""

import hashlib
import json

from bed.files import Files
from bed.marks import check, equal, test
from bed.service import Home

SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
PLACE = "/Maker/Tiny/resolve/main/tokenizer.json"


def letters():
    """The letter that stands for each byte in a byte-level vocabulary."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xa1, 0xad), *range(0xae, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + n) for n, byte in enumerate(others)}


def tokenizer():
    vocabulary = {letter: 1000 + byte for byte, letter in letters().items()} | {"ab": 1, "abc": 2}
    split = {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Isolated", "invert": False}
    level = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    return json.dumps({"normalizer": None, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]},
                       "model": {"type": "BPE", "merges": ["a b", "ab c"], "vocab": vocabulary}}).encode()


def config_of(model):
    provider = {"name": "p", "api_base_url": "http://127.0.0.1:9/v1/chat/completions", "api_key": "k", "models": ["m"],
                "tokenizer": {"default": {"type": "huggingface", "model": model}}}
    return {"Providers": [provider], "Router": {"default": "p,m"}}


def fetch_and_count(files, what):
    with Home(config_of(what), {"HF_ENDPOINT": f"http://{files.host}/"}) as home:
        (home.path / "text").write_text("abcabc", encoding="utf-8")
        ran = home.run("tokens", "--fetch", what)
        equal(ran.returncode, 0, f"exit code ({ran.stderr})")
        check(hashlib.sha256(tokenizer()).hexdigest() in ran.stdout, ran.stdout)
        equal(home.run("tokens", str(home.path / "text")).stdout, "2\n", "tokens of abcabc")
        asked = len(files.asked)
        again = home.run("tokens", "--fetch", what)
        check("kept" in again.stdout and hashlib.sha256(tokenizer()).hexdigest() in again.stdout, again.stdout)
        equal(len(files.asked), asked, "requests for what is there")


@test()
def a_tokenizer_comes_from_the_hub_or_a_url_once_and_counts():
    with Files() as files:
        files.files[PLACE] = ("application/json", tokenizer())
        files.leads_to = PLACE
        fetch_and_count(files, "Maker/Tiny")
        fetch_and_count(files, files.url("to/tokenizer.json"))


@test()
def what_is_no_tokenizer_is_not_kept():
    with Files() as files, Home(config_of("Maker/Tiny"), {"HF_ENDPOINT": f"http://{files.host}"}) as home:
        for part in ("answered 404", "tokenizer.json"):
            ran = home.run("tokens", "--fetch", "Maker/Tiny")
            equal(ran.returncode, 1, "exit code")
            check(part in ran.stderr, ran.stderr)
            files.files[PLACE] = ("application/json", b'{"model": {}}')
        check(not list(home.path.rglob("tokenizer.json")), "something was kept")
